"""A frame to which rows are added at the end, while those who were given it before keep what they have."""

from collections.abc import Hashable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["GrowingRows"]

# Text is kept in a piece for each time that rows were added; of many, every reading of it becomes slower.
_MOST_PIECES = 100
_LEAST_ROOM = 1_000


class GrowingRows:
    """Rows, and room behind them: what numpy holds is not copied when others come, which is most of what it would cost.

    ``added`` gives another one and leaves this one's rows as they are; for another addition to the same rows it copies.

    >>> one = GrowingRows(pd.DataFrame({"seq": [1, 2]}))
    >>> two, other = one.added(pd.DataFrame({"seq": [3]})), one.added(pd.DataFrame({"seq": [4]}))
    >>> [rows.frame["seq"].tolist() for rows in (one, two, other)]
    [[1, 2], [1, 2, 3], [1, 2, 4]]
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame
        self._room: _Room | None = None
        self._pieces = 1

    def can_take(self, new: pd.DataFrame) -> bool:
        """Whether other rows have the same columns, in the same types."""
        return self.frame.dtypes.to_dict() == new.dtypes.to_dict()

    def added(self, new: pd.DataFrame) -> "GrowingRows":
        """These rows and the new ones, which they can take."""
        if self._pieces == _MOST_PIECES:
            return GrowingRows(pd.concat([self.frame, new], ignore_index=True).take(range(len(self.frame) + len(new))))
        room = self._room
        if room is None or not room.fits(len(self.frame), len(new)):
            room = _Room(self.frame, len(new))
        cells = room.add(new)
        others = [name for name in self.frame if name not in cells]
        rest = pd.concat([self.frame[others], new[others]], ignore_index=True)
        columns = {name: cells.get(name, rest.get(name)) for name in self.frame}
        grown = GrowingRows(pd.DataFrame(columns, copy=False))
        grown._room, grown._pieces = room, self._pieces + 1
        return grown


class _Room:
    """The columns that numpy holds, with cells behind them that are nobody's yet."""

    def __init__(self, frame: pd.DataFrame, more: int) -> None:
        self._taken = len(frame)
        self._cells: dict[Hashable, npt.NDArray[Any]] = {}
        for name, dtype in frame.dtypes.items():
            if isinstance(dtype, np.dtype):
                cells = np.empty(len(frame) + len(frame) // 8 + more + _LEAST_ROOM, dtype=dtype)
                cells[: len(frame)] = frame[name].to_numpy()
                self._cells[name] = cells

    def fits(self, begin: int, count: int) -> bool:
        """Whether these are the rows up to where cells are free, and so many are."""
        return begin == self._taken and all(len(cells) >= begin + count for cells in self._cells.values())

    def add(self, new: pd.DataFrame) -> "dict[Hashable, pd.Series[Any]]":
        """The columns up to the end of the new ones."""
        end = self._taken + len(new)
        for name, cells in self._cells.items():
            cells[self._taken : end] = new[name].to_numpy()
        self._taken = end
        # Of objects alone pandas would look for another type that holds them.
        return {name: pd.Series(cells[:end], dtype=cells.dtype, copy=False) for name, cells in self._cells.items()}
