"""A frame's columns as plain cells with their kinds, on the way into a file and out of it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from hitl_notebook.errors import BadColumn, BadFrame
from hitl_notebook.exchange.kinds import KINDS, kind_of, plain, series_of, type_column
from hitl_notebook.quoted import quoted

__all__ = ["AsWritten", "Column", "check_names", "read_column", "restored_frame", "spelled", "types_beside"]


class Column(NamedTuple):
    """Cells and their kinds, both None where missing."""

    name: str
    cells: list[Any]
    kinds: list[str | None]


class AsWritten(NamedTuple):
    """A column as its cells stand in a file, and as they read when nothing beside them says of what kind they are."""

    literals: Sequence[Any]
    cells: Sequence[Any]


def check_names(frame: pd.DataFrame) -> list[str]:
    """The columns' names; raises BadFrame or BadColumn for those that no file could keep apart."""
    names = list(frame.columns)
    if not names:
        raise BadFrame("the frame has no columns: there is nothing to write")
    for name in names:
        if not isinstance(name, str):
            raise BadColumn(
                f"column {name!r}: a column's name in a file is text; rename it, as with frame.rename(columns=str)"
            )
    for name in names:
        if names.count(name) > 1:
            raise BadColumn(f"column {quoted(name)}: {names.count(name)} columns have this name; rename them")
        if type_column(name) in names:
            raise BadColumn(
                f"column {quoted(type_column(name))} would be read as the types of column {quoted(name)}; rename it"
            )
    return names


def read_column(name: str, series: "pd.Series[Any]") -> Column:
    """The column's cells, checked to be of kinds that text can hold; raises BadColumn."""
    cells = series.tolist()
    missing = series.isna().to_numpy(dtype=bool)
    types = {type(cell) for cell in cells}
    if not types <= _PLAIN_TYPES:
        cells = [plain(cell) for cell in cells]
    if missing.any():
        cells = [None if gone else cell for cell, gone in zip(cells, missing.tolist(), strict=True)]
    by_type = {type_: kind_of(type_) for type_ in {type(cell) for cell in cells if cell is not None}}
    for type_, kind in by_type.items():
        if kind is None:
            row = next(row for row, cell in enumerate(cells) if type(cell) is type_)
            raise BadColumn(
                f"column {quoted(name)}, row {row}: {type_.__name__} has no form in this file; make it text first, as "
                f"with frame[{quoted(name)}].astype(str)"
            )
    return Column(name, cells, [by_type.get(type(cell)) for cell in cells])


_PLAIN_TYPES = {str, bool, int, float, list, dict, type(None), pd.Timestamp, type(pd.NaT), type(pd.NA)}


def spelled(column: Column, form: Callable[[str, Any], Any]) -> list[Any]:
    """``form`` of each cell's kind and cell, None where missing; raises BadColumn for a cell without a form."""
    forms: list[Any] = []
    of_texts: dict[str, Any] = {}  # a few labels and names make up most of a hundred thousand rows
    for row, (cell, kind) in enumerate(zip(column.cells, column.kinds, strict=True)):
        try:
            if kind is None:
                forms.append(None)
            elif type(cell) is not str:
                forms.append(form(kind, cell))
            elif (known := of_texts.get(cell)) is not None:
                forms.append(known)
            else:
                forms.append(of_texts.setdefault(cell, form(kind, cell)))
        except ValueError as error:
            raise BadColumn(
                f"column {quoted(column.name)}, row {row}: {error}; change the cell, or leave the column out"
            ) from error
    return forms


def types_beside(column: Column) -> Column:
    """The column that says of what kinds the cells are."""
    return Column(type_column(column.name), list(column.kinds), [kind and "str" for kind in column.kinds])


def restored_frame(columns: Mapping[str, AsWritten]) -> pd.DataFrame:
    """The frame behind the columns of a file; types beside a column are applied to it and left out."""
    kinds = {
        name: columns[type_column(name)].cells
        for name, column in columns.items()
        if type_column(name) in columns and _are_kinds(column.literals, columns[type_column(name)].cells)
    }
    beside = {type_column(name) for name in kinds}
    series = {
        name: series_of(_typed(name, column.literals, kinds[name]) if name in kinds else column.cells)
        for name, column in columns.items()
        if name not in beside
    }
    frame = pd.DataFrame(dict(enumerate(series.values())))
    # Where a name holds half a surrogate pair, pandas' own type for names could not.
    frame.columns = pd.Index(series_of(list(series)))
    return frame


def _are_kinds(cells: Sequence[Any], words: Sequence[Any]) -> bool:
    pairs = zip(cells, words, strict=True)
    return all(word is None if cell is None else isinstance(word, str) and word in KINDS for cell, word in pairs)


def _typed(name: str, cells: Sequence[Any], kinds: Sequence[str]) -> list[Any]:
    typed = []
    for row, (cell, kind) in enumerate(zip(cells, kinds, strict=True)):
        if not isinstance(cell, str):
            typed.append(cell)  # missing, or of a type that the format has
            continue
        try:
            typed.append(KINDS[kind].restore(cell))
        except (ValueError, ArithmeticError, KeyError):
            raise BadColumn(
                f"column {quoted(name)}, row {row}: {quoted(cell)} is no {kind}, which column "
                f"{quoted(type_column(name))} says it is; mend one of them"
            ) from None
    return typed
