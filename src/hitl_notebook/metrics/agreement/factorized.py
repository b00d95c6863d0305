"""Columns as numbers of the values that occur in them, each read in whichever way takes least time."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["FEW", "FIRST", "LONG", "Narrow", "each_factorized"]

# Codes as they are read: a byte each where that is enough, so that a column of them stays in the processor's cache.
Narrow = npt.NDArray[np.signedinteger[Any]]
# So many categories, from 0, have one more code that fits in a byte.
FEW = int(np.iinfo(np.int8).max)
# So many cells of a column of text are asked for its categories.
FIRST = 1_000
# So many cells of text take longer to read than it takes to hand them to a thread.
LONG = 20_000


def each_factorized(columns: Sequence[Any]) -> list[tuple[Narrow, Any]]:
    """Long columns of text beside one another: Arrow does not hold the interpreter while it reads one."""
    if len(columns) < 2 or not all(_is_text(column) and len(column) >= LONG for column in columns):
        return [_factorized(column) for column in columns]
    first, *others = columns
    try:
        beside = _threads(os.getpid()).map(_factorized, others)
    except RuntimeError:  # Python is about to end, or the system has no thread left
        return [_factorized(column) for column in columns]
    return [_factorized(first), *beside]


@cache
def _threads(process: int) -> ThreadPoolExecutor:
    """Of this process: one that was forked has its parent's executor without the threads, and would wait for ever."""
    return ThreadPoolExecutor(os.cpu_count(), thread_name_prefix=f"ratings-{process}")


def _factorized(column: Any) -> tuple[Narrow, Any]:
    """As pandas does it, but for what is read in less time: integers close together, and text of few categories."""
    if _is_integer(column):
        return _counted_off(np.ascontiguousarray(column))  # a column of a table by rows is read once, not at every step
    if _is_text(column):
        return _looked_up(column)
    if isinstance(column, np.ndarray) and column.dtype == object:
        return _told_apart_by_address(column)
    return pd.factorize(column)


def _is_integer(column: Any) -> bool:
    return isinstance(column, np.ndarray) and column.dtype.kind == "i" and len(column) > 0


def _is_text(column: Any) -> bool:
    return isinstance(column, pd.arrays.ArrowStringArray)


def _counted_off(column: Any) -> tuple[Narrow, Any]:
    lowest = int(column.min())
    width = int(column.max()) - lowest + 1
    if width > FEW:
        return pd.factorize(column)
    number = np.empty(len(column), dtype=np.int8)
    np.subtract(column, lowest, out=number, casting="unsafe")
    data = number.tobytes()
    there = np.array([code in data for code in range(width)])
    found = np.flatnonzero(there) + lowest
    return number if there.all() else np.take((np.cumsum(there) - 1).astype(np.int8), number), found


def _looked_up(column: Any) -> tuple[Narrow, Any]:
    """The first cells of a column mostly have all the categories there are."""
    arrow = nw.dependencies.get_pyarrow()
    cells = arrow.array(column)
    found = sorted(arrow.compute.unique(cells[:FIRST]).drop_null().to_pylist())  # as `read_codes` has them
    place = arrow.compute.index_in(cells, arrow.array([None, *found], cells.type))
    if place.null_count:
        return pd.factorize(column)
    number = np.subtract(place.to_numpy(), 1, dtype=np.min_scalar_type(~len(found)), casting="unsafe")
    return number, np.array(found, dtype=object)


def _told_apart_by_address(column: Any) -> tuple[Narrow, Any]:
    """Labels in an array of objects are mostly a few objects many times: only those are compared by what they say."""
    address = np.asarray(_Addresses(column))
    if len(np.unique(address[:FIRST])) > FIRST // 10:
        return pd.factorize(column)
    which, objects = pd.factorize(address)
    first = np.empty(len(objects), dtype=np.intp)
    first[which[::-1]] = np.arange(len(column))[::-1]
    number, found = pd.factorize(column[first])
    return np.take(number.astype(np.min_scalar_type(~len(found))), which), found


class _Addresses:
    """Where in memory the objects of an array are, as numpy reads it without a copy."""

    def __init__(self, objects: npt.NDArray[np.object_]) -> None:
        self.objects = objects
        self.__array_interface__ = {**objects.__array_interface__, "typestr": np.dtype(np.intp).str, "descr": []}
