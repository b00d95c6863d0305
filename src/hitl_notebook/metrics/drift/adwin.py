"""The adaptive window, ADWIN."""

from math import log, nan, sqrt
from typing import Any

import numpy as np
import pandas as pd

from hitl_notebook.errors import BadColumn, UnknownChoice
from hitl_notebook.metrics.drift.watched import read_values

__all__ = ["adwin"]

# Bifet and Gavalda's M: how many buckets of each size before the two oldest become one of the next.
BUCKETS_OF_A_SIZE = 5
COLUMNS = ("mean", "width", "gap", "limit")


def adwin(values: Any, *, delta: float = 0.002, every: int = 1, shortest: int = 5) -> pd.DataFrame:
    """Since when the mean of values has been what it is: a window that grows, and drops what is old when it differs.

    Parameters
    ----------
    values : array of shape (n,) in [0, 1]
        In the order in which they came. Missing values leave the window as it was.
    delta : float in (0, 1)
        How likely it is, at most, that one look finds a change where there is none. It bounds every look by itself:
        in a long row of values false alarms are far rarer than that, but not impossible.
    every : int
        After how many values the window is looked at. 1 finds changes soonest; 32 is common, and quicker.
    shortest : int
        No part of the window shorter than this is compared with the rest; the formula counts each part as shorter by
        this less one, as MOA's and river's do. 1 is the formula of the paper.

    Returns
    -------
    DataFrame with one row a value: ``value``, ``mean`` and ``width`` of the window after it, ``gap`` (between the means
    of the two parts that differ most for their size), ``limit`` (what that gap may be) and ``alarm`` (the window was
    cut: the mean has changed some ``width`` values ago). Gap and limit are those before the cut, and missing where the
    window was not looked at. The window is kept in buckets that grow with their age, so its cut is only so exact.

    Raises
    ------
    BadColumn
        Values outside [0, 1]: the bound holds for those only.
    UnknownChoice
        A delta, every or shortest out of its range.

    References
    ----------
    Bifet and Gavalda (2007), Learning from time-changing data with adaptive windowing, SIAM International Conference
    on Data Mining: the bound with the variance, and the buckets of ADWIN2.

    Examples
    --------
    >>> window = adwin([0.0] * 40 + [1.0] * 40)
    >>> first = int(window["alarm"].argmax())
    >>> first, int(window["width"][first])
    (63, 56)
    """
    if not 0 < delta < 1 or every < 1 or shortest < 1:
        raise UnknownChoice(f"delta={delta!r} lies in (0, 1), every={every!r} and shortest={shortest!r} are 1 or more")
    value = read_values(values)
    outside = np.flatnonzero((value < 0) | (value > 1))
    if len(outside):
        raise BadColumn(f"values lie in [0, 1]; row {outside[0]} has {value[outside[0]]:g}: scale them by their range")
    window = _Window()
    rows = np.full((len(value), len(COLUMNS)), np.nan)
    alarm = np.zeros(len(value), dtype=bool)
    seen = 0
    for row, x in enumerate(value.tolist()):
        gap = limit = nan
        if x == x:
            window.add(x)
            seen += 1
            if seen % every == 0:
                gap, limit = window.widest_gap(delta, shortest)
                alarm[row] = still_apart = gap > limit
                while still_apart:
                    window.drop_oldest()
                    left, bound = window.widest_gap(delta, shortest)
                    still_apart = left > bound
        if window.width:
            rows[row] = window.total / window.width, window.width, gap, limit
    table = pd.DataFrame({"value": value, **dict(zip(COLUMNS, rows.T, strict=True)), "alarm": alarm})
    table["width"] = table["width"].fillna(0).astype(np.int64)
    missing = int(np.isnan(value).sum())
    table.attrs = {
        "note": f"{missing:,} of {len(value):,} values missing" if missing else "" if len(value) else "no values",
        "method": f"ADWIN, delta {delta:g}, looked at every {every:,}",
    }
    return table


class _Window:
    """The newest values, in buckets of one, two, four, ... values that keep their sum and the sum of their squares."""

    def __init__(self) -> None:
        self.width = 0
        self.total = self.squares = 0.0
        # Of each size, the oldest bucket first; sizes rise with age.
        self._buckets: list[list[tuple[float, float]]] = [[]]

    def add(self, x: float) -> None:
        self.width += 1
        self.total += x
        self.squares += x * x
        self._buckets[0].append((x, x * x))
        for size, buckets in enumerate(self._buckets):
            if len(buckets) <= BUCKETS_OF_A_SIZE:
                return
            (first, first_squares), (second, second_squares) = buckets[:2]
            del buckets[:2]
            if size + 1 == len(self._buckets):
                self._buckets.append([])
            self._buckets[size + 1].append((first + second, first_squares + second_squares))

    def drop_oldest(self) -> None:
        total, squares = self._buckets[-1].pop(0)
        self.total -= total
        self.squares -= squares
        self.width -= 2 ** (len(self._buckets) - 1)
        while len(self._buckets) > 1 and not self._buckets[-1]:
            self._buckets.pop()

    def widest_gap(self, delta: float, shortest: int) -> tuple[float, float]:
        """Of all cuts between buckets, the gap of the two means that is largest beside what it may be, and that."""
        if self.width < 2 * shortest:
            return nan, nan
        variance = max(self.squares / self.width - (self.total / self.width) ** 2, 0.0)
        confidence = log(2 * log(self.width) / delta)
        of_spread, of_range = 2 * variance * confidence, 2 / 3 * confidence
        older, total, most = 0, 0.0, (nan, nan, 0.0)
        for size in reversed(range(len(self._buckets))):
            for bucket, _ in self._buckets[size]:
                older += 2**size
                total += bucket
                newer = self.width - older
                if older < shortest or newer < shortest:
                    continue
                gap = abs(total / older - (self.total - total) / newer)
                inverse = 1 / (older - shortest + 1) + 1 / (newer - shortest + 1)
                limit = sqrt(of_spread * inverse) + of_range * inverse
                if gap >= most[2] * limit:
                    most = gap, limit, gap / limit
        return most[:2]
