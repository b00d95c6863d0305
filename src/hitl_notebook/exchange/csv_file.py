"""CSV: UTF-8, RFC 4180, and such that what is read back is what was written.

- Text is always quoted, other values never: ``"17"`` is text, ``17`` a number. True and False, numbers, UUIDs, dates
  and times (ISO 8601) say by their spelling what they are. A missing cell is empty; an empty text is ``""``.
- Lists and mappings are quoted JSON. Kinds that no spelling tells apart have a column of types beside them (see
  ``kinds``), and so have ids that are not text.
- Text that a spreadsheet would run is defused by apostrophes (see ``spreadsheet``), headers too.
- NUL and half a surrogate pair, which UTF-8 or most readers cannot hold, are ``␛`` and four hex digits; so is ``␛``.
- In a file from elsewhere an apostrophe that begins a text, or a line or a field in it, is taken for such a one and is
  gone; ids of which some are in quotes are all text.
- The frame's index is not written. Times come back in UTC, categories as the values they stand for.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

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
from hitl_notebook.exchange.kinds import KINDS
from hitl_notebook.exchange.spreadsheet import defused, quoted_apostrophes, restored

__all__ = ["csv_chunks", "read_csv"]

_ROWS_A_CHUNK = 5_000
_SAY_THEMSELVES = frozenset({"str", "bool", "int", "float", "uuid", "datetime", "date", "time"})
_BARE = _SAY_THEMSELVES - {"str"} | {"decimal"}

_UNWRITABLE = re.compile("[\0\ud800-\udfff␛]")
# Begins with a letter or digit of ASCII, and nothing in it begins another cell, ends a quoted one or is unwritable: by
# far most text, found to need nothing in a fraction of the time.
_PLAIN = re.compile('[0-9A-Za-z][^\0\t-\r\x1c-\x1e";\x85\u2028\u2029\ud800-\udfff␛]*')
_WRITTEN = re.compile("␛([0-9a-f]{4})")
_CELL = re.compile(r'(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n][^,\r\n]*)?)(,|\r\n|\n|\r|\Z)')
_LITERAL = re.compile(
    r"(?P<int>0|-?[1-9]\d*)|(?P<bool>True|False)"
    r"|(?P<float>-?(?:\d+\.\d+(?:e[+-]\d+)?|\d+e[+-]\d+|inf))"
    r"|(?P<datetime>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6}(?:\d{3})?)?(?:[+-]\d\d:\d\d(?::\d\d(?:\.\d{6})?)?)?)"
    r"|(?P<uuid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})|(?P<date>\d{4}-\d\d-\d\d)"
    r"|(?P<time>\d\d:\d\d:\d\d(?:\.\d{6})?(?:[+-]\d\d:\d\d(?::\d\d(?:\.\d{6})?)?)?)",
    re.ASCII,
)


class _Pen:
    """Spells cells, and knows which texts an apostrophe changed."""

    def __init__(self, *, defuse: bool) -> None:
        self._escape = defused if defuse else quoted_apostrophes
        self._changed: set[str] = set()

    def changed(self, texts: Iterable[str]) -> int:
        """How many of these, as they stand in the file, an apostrophe changed."""
        return sum(text in self._changed for text in texts) if self._changed else 0

    def cell(self, kind: str, cell: Any) -> str:
        text = KINDS[kind].spell(cell)
        return text if kind in _BARE else self.text(text)

    def text(self, text: str) -> str:
        if _PLAIN.fullmatch(text):
            return f'"{text}"'
        harmless = self._escape(text)
        writable = _UNWRITABLE.sub(lambda found: f"␛{ord(found[0]):04x}", harmless)
        written = '"' + writable.replace('"', '""') + '"'
        if harmless != text:
            self._changed.add(written)
        return written


def csv_chunks(frame: pd.DataFrame, *, defuse: bool) -> tuple[Iterator[bytes], int]:
    """The bytes of the file, and how many cells an apostrophe changed; raises before there is any byte."""
    pen = _Pen(defuse=defuse)
    header: list[str] = []
    columns: list[list[str]] = []
    for name in check_names(frame):
        column = read_column(name, frame[name])
        for part in (column, types_beside(column)) if _needs_types(column) else (column,):
            header.append(pen.text(part.name))
            columns.append([cell or "" for cell in spelled(part, pen.cell)])
    return _lines(header, columns), sum(map(pen.changed, (header, *columns)))


def _lines(header: Sequence[str], columns: Sequence[Sequence[str]]) -> Iterator[bytes]:
    yield (",".join(header) + "\r\n").encode()
    for start in range(0, len(columns[0]), _ROWS_A_CHUNK):
        rows = zip(*(column[start : start + _ROWS_A_CHUNK] for column in columns), strict=True)
        yield "".join(",".join(row) + "\r\n" for row in rows).encode()


def _needs_types(column: Column) -> bool:
    kinds = set(column.kinds) - {None}
    if kinds == {"json"}:
        return False
    if kinds == {"str"}:
        # Such text would be read as the lists and mappings that it spells.
        return _is_json([cell for cell in column.cells if cell is not None])
    return bool(kinds) and (column.name == "item_id" or not kinds <= _SAY_THEMSELVES)


def _is_json(texts: Sequence[str]) -> bool:
    """Whether every text is a list or a mapping, spelled as it is spelled here."""
    try:
        return all(text[:1] in ("[", "{") and KINDS["json"].spell(json.loads(text)) == text for text in texts)
    except (ValueError, RecursionError):
        return False


def read_csv(data: bytes) -> pd.DataFrame:
    """The frame in a CSV file, from here or elsewhere; raises BadFrame where it is none."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFrame(f"the file is not UTF-8 (byte {error.start}); save it again as CSV UTF-8") from None
    rows = _rows(text)
    header = next(rows, None)
    if header is None:
        raise BadFrame("the file is empty: a CSV file begins with the columns' names")
    names = [_text(cell) for cell in header]
    if len(set(names)) < len(names):
        raise BadFrame(f"the file's columns are {names}: each needs a name of its own")
    body: list[list[str]] = []
    for row in rows:
        if len(row) != len(names):
            if row == [""]:
                continue
            raise BadFrame(
                f"row {len(body)} has {len(row)} cells, the header {len(names)}; is the file separated by commas?"
            )
        body.append(row)
    columns = zip(*body, strict=True) if body else [()] * len(names)
    return restored_frame(
        {name: _read(raw, are_ids=name == "item_id") for name, raw in zip(names, columns, strict=True)}
    )


def _rows(text: str) -> Iterator[list[str]]:
    """Each row's cells as they stand there, a quoted one with its opening quotation mark and nothing else of it."""
    row: list[str] = []
    at = 0
    while at < len(text):
        found = _CELL.match(text, at)
        if found is None:
            line = text.count("\n", 0, at) + 1
            raise BadFrame(f"line {line}: a quotation mark inside a cell that does not begin with one, or never closed")
        in_quotes, bare, end = found.groups()
        row.append((bare or "") if in_quotes is None else '"' + in_quotes.replace('""', '"'))
        at = found.end()
        if end == "," and at < len(text):
            continue
        if end == ",":
            row.append("")
        yield row
        row = []


def _text(raw: str) -> str:
    text = raw.removeprefix('"')
    if "␛" in text:
        text = _WRITTEN.sub(lambda found: chr(int(found[1], 16)), text)
    return restored(text) if "'" in text else text


def _read(raw: Sequence[str], *, are_ids: bool) -> AsWritten:
    texts = [_text(cell) if cell else None for cell in raw]
    if all(cell[:1] in ("", '"') for cell in raw):
        present = [text for text in texts if text is not None]
        if present and _is_json(present):
            return AsWritten(texts, [text and json.loads(text) for text in texts])
        return AsWritten(texts, texts)
    literals = [_LITERAL.fullmatch(cell) for cell in raw]
    if any(cell[:1] not in ("", '"') and found is None for cell, found in zip(raw, literals, strict=True)):
        return AsWritten(texts, texts)  # a file from elsewhere, which quotes text only where it must
    if are_ids and any(cell[:1] == '"' for cell in raw):
        return AsWritten(texts, texts)  # another such: of ids that are not all text the types stand beside
    try:
        return AsWritten(
            texts,
            [
                text if text is None or found is None else KINDS[found.lastgroup or "str"].restore(found[0])
                for text, found in zip(texts, literals, strict=True)
            ],
        )
    except ValueError:
        return AsWritten(texts, texts)  # the 31st of February, a number of 5,000 digits: nothing written here
