"""JSON lines: one strict JSON object a row, in UTF-8.

- Text, True and False, finite numbers, lists and mappings are what they are in JSON, never altered; integers have all
  their digits. A missing cell is null.
- Dates, UUIDs, infinities and the like are text, with a column of types beside them (see ``kinds``). A column of
  nothing but times, in ISO 8601 as Python spells it, needs none.
- Half a surrogate pair is escaped, as in ``"\\ud800"``, and with it every other character of that line beyond ASCII.
- The frame's index is not written, nor are the columns of a frame without rows.
"""

import json
import re
from collections.abc import Iterator, Sequence
from math import isfinite
from typing import Any, NoReturn

import pandas as pd

from hitl_notebook.errors import BadFrame
from hitl_notebook.exchange.columns import (
    AsWritten,
    Column,
    check_names,
    read_column,
    restored_frame,
    spelled,
    types_beside,
)
from hitl_notebook.exchange.kinds import KINDS, strict_json

__all__ = ["jsonl_chunks", "read_jsonl"]

_ROWS_A_CHUNK = 5_000
_NATIVE = frozenset({"str", "bool", "int", "float", "json"})
_TIME = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6}(?:\d{3})?)?(?:[+-]\d\d:\d\d(?::\d\d(?:\.\d{6})?)?)?", re.ASCII
)
# UTF-8 has no form for half a surrogate pair; readers that split at every line break of Unicode stumble over the rest.
_ESCAPED = re.compile("[\ud800-\udfff\x85\u2028\u2029]")


def jsonl_chunks(frame: pd.DataFrame) -> Iterator[bytes]:
    """The bytes of the file; raises before there is any byte."""
    columns: dict[str, list[Any]] = {}
    for name in check_names(frame):
        column = read_column(name, frame[name])
        for part in (column, types_beside(column)) if _needs_types(column) else (column,):
            columns[part.name] = spelled(part, _json_form)
    return _lines(columns)


def _json_form(kind: str, cell: Any) -> Any:
    if kind == "json":
        return strict_json(cell)
    if kind == "int":
        int.__repr__(cell)  # refuses thousands of digits while there is no file yet
        return cell
    if kind in _NATIVE and (kind != "float" or isfinite(cell)):
        return cell
    return KINDS[kind].spell(cell)


def _needs_types(column: Column) -> bool:
    kinds = set(column.kinds) - {None}
    if kinds == {"str"}:
        # Such text would be read as the times that it spells.
        return _are_times(column.cells)
    if kinds == {"datetime"} and column.name != "item_id":
        return False
    return not kinds <= _NATIVE or any(isinstance(cell, float) and not isfinite(cell) for cell in column.cells)


def _are_times(cells: Sequence[Any]) -> bool:
    present = [cell for cell in cells if cell is not None]
    return bool(present) and all(isinstance(cell, str) and _TIME.fullmatch(cell) for cell in present)


def _lines(columns: dict[str, list[Any]]) -> Iterator[bytes]:
    rows = len(next(iter(columns.values())))
    for start in range(0, rows, _ROWS_A_CHUNK):
        cells = zip(*(column[start : start + _ROWS_A_CHUNK] for column in columns.values()), strict=True)
        yield "".join(_line(dict(zip(columns, row, strict=True))) for row in cells).encode()


def _line(row: dict[str, Any]) -> str:
    line = json.dumps(row, ensure_ascii=False, allow_nan=False)
    return (json.dumps(row, allow_nan=False) if _ESCAPED.search(line) else line) + "\n"


def read_jsonl(data: bytes) -> pd.DataFrame:
    """The frame in a JSONL file, from here or elsewhere; raises BadFrame where it is none."""
    try:
        lines = data.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise BadFrame(f"the file is not UTF-8 (byte {error.start}); save it again as UTF-8") from None
    rows = [_row(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    names = list(dict.fromkeys(name for row in rows for name in row))
    return restored_frame({name: _read([row.get(name) for row in rows]) for name in names})


def _row(number: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise BadFrame(f"line {number} is no strict JSON: {error}; each line is one object") from None
    if not isinstance(row, dict):
        raise BadFrame(f'line {number} is {type(row).__name__}: each line is one object, as in {{"item_id": 1}}')
    return row


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON; a missing cell is null")


def _read(cells: list[Any]) -> AsWritten:
    if not _are_times(cells):
        return AsWritten(cells, cells)
    try:
        return AsWritten(cells, [cell and KINDS["datetime"].restore(cell) for cell in cells])
    except ValueError:
        return AsWritten(cells, cells)  # spelled like a time, and none: the 31st of February
