"""Cells with parts that have names: mappings, rows, lists of rows."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import pandas as pd

from hitl_notebook.errors import InvalidField
from hitl_notebook.fields.field import Field, Unreadable
from hitl_notebook.fields.text import text_of
from hitl_notebook.fields.visible import visible
from hitl_notebook.missing import is_missing
from hitl_notebook.quoted import quoted

if TYPE_CHECKING:
    from hitl_notebook.protocol import Block

__all__ = ["Table"]

_MOST_NAMES = 1_000
_MOST_ROWS = 1_000
_MOST_COLUMNS = 500
_MOST_CELLS = 20_000
_MOST_CHARACTERS = 100_000
_LONGEST_CELL = 2_000


@dataclass(frozen=True)
class Table(Field):
    """Names and values: a mapping, a list of mappings or of lists, a frame; or several columns of the item's own row.

    Parameters
    ----------
    column : name, or a list of names
        A list shows these columns' cells of the item, one below the other.
    name : str
        What the page calls the table that is made of several columns.

    >>> Table("account").block({"opened": 2019, "country": "PT"}, [])["rows"]
    [['opened', '2019'], ['country', 'PT']]
    """

    _: KW_ONLY
    name: str = ""

    def __post_init__(self) -> None:
        if isinstance(self.column, list | tuple):
            if not self.column or not all(isinstance(name, Hashable) for name in self.column):
                raise InvalidField(f"Table takes a column or a list of columns, not {quoted(self.column)}")
            object.__setattr__(self, "column", tuple(self.column))
        super().__post_init__()
        several = isinstance(self.column, tuple)
        object.__setattr__(self, "name", visible(self.name or ("row" if several else str(self.column))))

    @property
    def columns(self) -> tuple[Any, ...]:
        return self.column if isinstance(self.column, tuple) else (self.column,)

    def read(self, cell: Any, buffers: list[bytes]) -> "Block":
        columns, rows, total = _shown_of(cell)
        shown: list[list[str]] = []
        cut: list[list[int]] = []
        characters = 0
        for row in rows:
            texts = [_text(part) for part in row]
            cut += [
                [len(shown) * len(row) + place, len(text)]
                for place, text in enumerate(texts)
                if len(text) > _LONGEST_CELL
            ]
            shown.append([visible(text[:_LONGEST_CELL]) for text in texts])
            characters += sum(map(len, shown[-1]))
            if characters > _MOST_CHARACTERS:
                break
        block: Block = {"type": "table", "field": self.name, "columns": None, "rows": shown}
        if columns is not None:
            block["columns"] = [_short(column) for column in columns]
        if cut:
            block["cut"] = cut
        if total > len(shown):
            block["more"] = total - len(shown)
        return block

    def full_text(self, cell: Any, message: int | None = None) -> str:
        """All of the text of one cell, counted from 0 row by row."""
        _, rows, _ = _shown_of(cell)
        cells = [part for row in rows for part in row]
        if message is None or message >= len(cells):
            raise InvalidField(f"{self.name} has cells 0 to {len(cells) - 1}, and no {message}")
        return visible(_text(cells[message]))

    def suits(self, cell: Any) -> bool:
        return isinstance(self.column, tuple) or not isinstance(cell, str | bytes | int | float)


def _shown_of(cell: Any) -> tuple[list[Any] | None, list[list[Any]], int]:
    """The names of the shown columns, None for a mapping; as many rows as may be shown; how many there are in all."""
    columns, rows, total = _rows_of(cell)
    if columns is None:
        return None, rows, total
    left_out = len(columns) - _MOST_COLUMNS
    if left_out > 0:
        columns = [*columns[:_MOST_COLUMNS], f"… {left_out:,} more columns"]
        rows = [[*row[:_MOST_COLUMNS], ""] for row in rows]
    return columns, rows[: _MOST_CELLS // max(1, len(columns))], total


def _rows_of(cell: Any) -> tuple[list[Any] | None, list[list[Any]], int]:
    """The names of the columns, None for a mapping; the first rows; how many there are in all."""
    if isinstance(cell, Mapping | pd.Series):
        return None, [[key, value] for key, value in islice(cell.items(), _MOST_NAMES)], len(cell)
    if nw.dependencies.is_into_dataframe(cell):
        frame = nw.from_native(cell, eager_only=True)
        return list(frame.columns), [list(row) for row in frame.head(_MOST_ROWS).iter_rows()], len(frame)
    if isinstance(cell, np.ndarray):
        cell = cell.tolist()
    if isinstance(cell, Sequence) and not isinstance(cell, str | bytes):
        some = cell[:_MOST_ROWS]
        if all(isinstance(row, Mapping) for row in some):
            columns = list(dict.fromkeys(name for row in some for name in row))
            return columns, [[row.get(name) for name in columns] for row in some], len(cell)
        if all(isinstance(row, Sequence | np.ndarray) and not isinstance(row, str | bytes) for row in some):
            width = max(map(len, some), default=0)
            return list(range(width)), [[*row, *[None] * (width - len(row))] for row in some], len(cell)
    raise Unreadable(f"a table is a mapping or a list of rows, not {type(cell).__name__}")


def _text(part: Any) -> str:
    return "" if is_missing(part) else text_of(part)


def _short(part: Any) -> str:
    text = _text(part)
    if len(text) > _LONGEST_CELL:
        return visible(text[:_LONGEST_CELL]) + f"… ({len(text):,} characters)"
    return visible(text)
