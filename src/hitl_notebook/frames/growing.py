"""A frame to which rows are added at the end, while those who were given it before keep what they have."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.extensions import ExtensionArray

from hitl_notebook.frames.columns import Cells

__all__ = ["GrowingRows"]

_Array: TypeAlias = "npt.NDArray[Any] | ExtensionArray"

# Text is kept in a piece for each time that rows were added; of many, every reading of it becomes slower.
_MOST_PIECES = 100
_LEAST_ROOM = 1_000


class GrowingRows:
    """Rows, and room behind them: what numpy holds is not copied when others come, which is most of what it would cost.

    ``added`` gives another one and leaves this one's rows as they are; for another addition to the same rows it copies.

    >>> one = GrowingRows({"seq": np.array([1, 2])})
    >>> two, other = one.added(GrowingRows({"seq": np.array([3])})), one.added(GrowingRows({"seq": np.array([4])}))
    >>> [rows.frame["seq"].tolist() for rows in (one, two, other)]
    [[1, 2], [1, 2, 3], [1, 2, 4]]
    """

    def __init__(self, columns: Mapping[str, Cells]) -> None:
        self._columns: dict[str, Any] = {name: _cells_of(column) for name, column in columns.items()}
        self._room: _Room | None = None
        self._pieces = 1

    def __len__(self) -> int:
        return len(next(iter(self._columns.values())))

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The rows for someone who only reads."""
        # Of objects alone pandas would look for another type that holds them.
        columns = {
            name: pd.Series(cells, dtype=object, copy=False) if cells.dtype == object else cells
            for name, cells in self._columns.items()
        }
        return pd.DataFrame(columns, copy=False)

    @property
    def names(self) -> list[str]:
        """Of its columns."""
        return list(self._columns)

    def __getitem__(self, name: str) -> Any:
        return self._columns[name]

    def can_take(self, new: "GrowingRows") -> bool:
        """Whether other rows have the same columns, in the same types."""
        return self._columns.keys() == new._columns.keys() and all(
            cells.dtype == new._columns[name].dtype for name, cells in self._columns.items()
        )

    def added(self, new: "GrowingRows") -> "GrowingRows":
        """These rows and the new ones, which they can take."""
        room = self._room
        if room is None or not room.fits(len(self), len(new)):
            room = _Room(self._columns, len(new))
        of_numpy = room.add(new._columns)
        grown = GrowingRows(
            {
                name: of_numpy[name] if name in of_numpy else type(cells)._concat_same_type([cells, new._columns[name]])
                for name, cells in self._columns.items()
            }
        )
        grown._room, grown._pieces = room, self._pieces + 1
        if grown._pieces > _MOST_PIECES:
            return GrowingRows({name: cells.take(range(len(grown))) for name, cells in grown._columns.items()})
        return grown


class _Room:
    """The columns that numpy holds, with cells behind them that are nobody's yet."""

    def __init__(self, columns: Mapping[str, _Array], more: int) -> None:
        self._taken = 0
        self._cells: dict[str, npt.NDArray[Any]] = {}
        for name, cells in columns.items():
            if isinstance(cells, np.ndarray):
                room = len(cells) + len(cells) // 8 + more + _LEAST_ROOM
                self._cells[name] = np.empty(room, dtype=cells.dtype)
        self.add(columns)

    def fits(self, begin: int, count: int) -> bool:
        """Whether these are the rows up to where cells are free, and so many are."""
        return begin == self._taken and all(len(cells) >= begin + count for cells in self._cells.values())

    def add(self, columns: Mapping[str, _Array]) -> dict[str, _Array]:
        """The columns up to the end of these."""
        end = self._taken
        for name, cells in self._cells.items():
            end = self._taken + len(columns[name])
            cells[self._taken : end] = columns[name]
        self._taken = end
        return {name: cells[:end] for name, cells in self._cells.items()}


def _cells_of(column: Cells) -> _Array:
    if isinstance(column, np.ndarray):
        return column
    if isinstance(column.dtype, np.dtype):
        return column.to_numpy()
    return column.array if isinstance(column, pd.Series) else column
