"""A metric's table as the one dataset of a chart: the columns that are drawn, every cell strict JSON."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from hitl_notebook.errors import BadFrame, MissingColumn
from hitl_notebook.missing import is_missing

__all__ = ["EXACT_INTEGERS", "MOST_ROWS", "Dataset", "Row", "dataset", "words"]

Row: TypeAlias = dict[str, Any]

MOST_ROWS = 5_000
"""Altair refuses larger tables, and a page has no pixels for them."""

EXACT_INTEGERS = 2**53
"""JavaScript has no greater ones: they are text."""


class Dataset(NamedTuple):
    """What a chart draws."""

    rows: list[Row]
    """Cells are text, finite numbers, True, False or None; a time is text in ISO 8601."""
    notes: tuple[str, ...]
    """What is not drawn, or why nothing is."""

    @property
    def data(self) -> dict[str, list[Row]]:
        """As Altair takes it from whom it should not guess: no frame of pandas, of which it would make NaN again."""
        return {"values": self.rows}


def dataset(
    table: pd.DataFrame,
    columns: Sequence[str],
    *,
    nothing: str,
    keep: str | None = None,
    panels: Sequence[str] = (),
    whole: bool = False,
) -> Dataset:
    """The named columns of a table as a chart takes them.

    ``nothing`` says what a table without rows is short of. Of a table too long to draw, rows evenly spread are kept,
    and all in which the column ``keep`` is true; ``whole`` leaves that to the chart. A chart of panels would have no
    axes without a row: an empty table has one, blank in the columns ``panels`` and missing in all others.

    Raises
    ------
    BadFrame
        Not a pandas DataFrame, or one with two columns of a name that the chart draws.
    MissingColumn
        A column that the chart draws is not in the table.

    Examples
    --------
    >>> table = pd.DataFrame({"label": ["a", None], "value": [float("inf"), 0.5], "other": [0, 0]})
    >>> dataset(table, ["label", "value"], nothing="nothing yet").rows
    [{'label': 'a', 'value': None}, {'label': None, 'value': 0.5}]
    >>> dataset(table.head(0), ["label"], nothing="nothing yet").notes
    ('nothing yet',)
    """
    if not isinstance(table, pd.DataFrame):
        raise BadFrame(f"a chart is drawn from a pandas DataFrame; this is {type(table).__name__}")
    missing = [name for name in columns if name not in table]
    if missing:
        raise MissingColumn(f"no column {', '.join(missing)}; this table has {', '.join(map(str, table.columns))}")
    twice = [name for name in columns if table.columns.tolist().count(name) > 1]
    if twice:
        raise BadFrame(f"two columns of one name: {', '.join(twice)}; drop or rename one of them")
    note = table.attrs.get("note") if len(table) else nothing
    notes: tuple[str, ...] = (str(note),) if note else ()
    drawn = table[list(columns)]
    drawn.attrs = {}  # pandas would copy them deeply with each column
    if len(drawn) > MOST_ROWS and not whole:
        always = table[keep].fillna(False).to_numpy(dtype=bool) if keep else np.zeros(len(table), dtype=bool)
        drawn = drawn.iloc[_spread(always)]
        notes = (*notes, f"{len(drawn):,} of {len(table):,} points are drawn")
    cells = zip(*(_cells(drawn[name]) for name in columns), strict=True)
    rows = [dict(zip(columns, row, strict=True)) for row in cells]
    if panels and not rows:
        rows = [{name: "" if name in panels else None for name in columns}]
    return Dataset(rows, notes)


def _spread(always: Any) -> Any:
    kept = np.flatnonzero(always)[:MOST_ROWS]
    others = np.flatnonzero(~always)
    room = MOST_ROWS - len(kept)
    evenly = others[np.unique(np.linspace(0, len(others) - 1, room).astype(np.intp))] if room else others[:0]
    return np.sort(np.concatenate([kept, evenly]))


def _cells(column: "pd.Series[Any]") -> list[Any]:
    """The cells of a column one by one, but for plain numbers, which are most of all that charts draw."""
    is_text = isinstance(column.dtype, pd.StringDtype)
    cells: list[Any] = (column.to_numpy(dtype=object) if is_text else column).tolist()  # Arrow gives them one by one
    kind, size = (column.dtype.kind, column.dtype.itemsize) if isinstance(column.dtype, np.dtype) else ("", 0)
    # A longer float of numpy's has no like in Python, and stays numpy's in a list.
    if kind == "f" and size <= 8:
        for place in np.flatnonzero(~np.isfinite(column)).tolist():
            cells[place] = None
        return cells
    if kind == "b" or (kind == "i" and column.between(-EXACT_INTEGERS, EXACT_INTEGERS).all()):
        return cells
    return [_cell(cell) for cell in cells]


def _cell(cell: Any) -> Any:
    if type(cell) is str:
        return words(cell)
    if is_missing(cell):
        return None
    if isinstance(cell, timedelta | np.timedelta64):  # numpy's are integers, too
        return pd.Timedelta(cell).total_seconds()
    if isinstance(cell, bool | np.bool_):
        return bool(cell)
    if isinstance(cell, int | np.integer):
        # JavaScript has no such integers: as text they stay what they are.
        return int(cell) if abs(int(cell)) <= EXACT_INTEGERS else str(cell)
    if isinstance(cell, float | np.floating | Decimal):
        return float(cell) if isfinite(cell) else None
    if isinstance(cell, datetime):
        return (cell if cell.tzinfo else cell.replace(tzinfo=UTC)).isoformat()
    if isinstance(cell, np.datetime64):
        return _cell(pd.Timestamp(cell))
    if isinstance(cell, date):
        return cell.isoformat()
    return words(cell)


def words(value: Any) -> str:
    """A label as text: a set of labels by its members, half a surrogate pair by a question mark.

    >>> words(("a", "b")), words(()), words("\\ud800")
    ('a, b', '∅', '?')
    """
    if isinstance(value, str) and value.isascii():
        return str(value)
    if isinstance(value, set | frozenset):
        return words(sorted(value, key=str))
    if isinstance(value, list | tuple | np.ndarray):
        members = [words(member) for member in value]
        # A comma of its own would make two sets look alike.
        return ", ".join(f'"{member}"' if "," in member else member for member in members) or "∅"
    return str(value).encode("utf-8", "replace").decode()
