"""Cells from the log as pandas' columns: each cell by itself, whatever stands in the others."""

from collections.abc import Iterable, Sequence
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.extensions import ExtensionArray

__all__ = [
    "Cells",
    "Column",
    "are_unchangeable",
    "inferred",
    "is_unchangeable",
    "objects",
    "own_copy",
    "texts",
    "times",
]

Column: TypeAlias = "pd.Series[Any]"
Cells: TypeAlias = "pd.Series[Any] | ExtensionArray | npt.NDArray[Any]"
"""A column of a frame to be; arrays, as a Series each is most of what a frame of one row costs."""

_TEXT: Any = pd.Series([], dtype="str").dtype if int(pd.__version__.split(".")[0]) >= 3 else object
_UNCHANGEABLE = frozenset({str, int, float, bool, type(None)})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# To the second, milli- or microsecond, in UTC by either name: of these pandas reads what Python does, and faster.
_USUAL = [f"2026-11-21T09:30:00{part}{zone}" for part in ("", ".120", ".120000") for zone in ("Z", "+00:00")]
_USUAL_LENGTHS = set(map(len, _USUAL))
_FEW = 500
_NO_TIME = np.iinfo(np.int64).min


def objects(cells: Sequence[Any]) -> Column:
    """The cells as they are."""
    return pd.Series(_objects(cells), dtype=object)


def texts(cells: Sequence[str | None]) -> Cells:
    """Text, missing where None."""
    try:
        return pd.array(_objects(cells), dtype=_TEXT) if _TEXT is not object else objects(cells)
    except UnicodeEncodeError:
        return objects(cells)  # half a surrogate pair fits into no column of text


def times(cells: Sequence[str | None]) -> Cells:
    """Times of ISO 8601 in UTC; a page's clock is the page's claim, and what is no time at all is missing."""
    try:
        # Pandas takes a while to find out how to read them, which is worth it of many only.
        if len(cells) > _FEW and {len(cell) for cell in cells if cell is not None} <= _USUAL_LENGTHS:
            return pd.to_datetime(objects(cells), format="ISO8601", utc=True, cache=False).dt.as_unit("us").array
    except (TypeError, ValueError):
        pass  # one by one, those that can be read
    stamps = np.fromiter(map(_microseconds, cells), dtype=np.int64, count=len(cells))
    return pd.DatetimeIndex(stamps.view("datetime64[us]")).tz_localize("UTC").array


def inferred(cells: Sequence[Any]) -> Column:
    """The cells in the type that holds them all."""
    column = objects(cells)
    try:
        return column.infer_objects() if len(column) else column
    except UnicodeEncodeError:
        return column


def are_unchangeable(cells: Iterable[Any]) -> bool:
    """Whether that is so of all cells."""
    return set(map(type, cells)) <= _UNCHANGEABLE or all(map(is_unchangeable, cells))


def is_unchangeable(cell: Any) -> bool:
    """Whether nobody who holds the cell can change it."""
    return type(cell) in _UNCHANGEABLE or (type(cell) is tuple and all(map(is_unchangeable, cell)))


def own_copy(column: Column) -> Column:
    """A column of copies of the cells, for someone who may change them."""
    return objects([cell if is_unchangeable(cell) else deepcopy(cell) for cell in column])


def _objects(cells: Sequence[Any]) -> npt.NDArray[np.object_]:
    return np.fromiter(cells, dtype=object, count=len(cells))


def _microseconds(text: str | None) -> int:
    if text is None:
        return _NO_TIME
    try:
        time = datetime.fromisoformat(text)
        return ((time if time.tzinfo else time.replace(tzinfo=UTC)) - _EPOCH) // _MICROSECOND
    except (TypeError, ValueError, OverflowError):
        return _NO_TIME
