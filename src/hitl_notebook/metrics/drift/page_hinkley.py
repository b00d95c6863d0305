"""The Page-Hinkley test."""

from math import inf
from typing import Any

import numpy as np
import pandas as pd

from hitl_notebook.errors import UnknownChoice
from hitl_notebook.metrics.drift.watched import read_values

__all__ = ["page_hinkley"]

COLUMNS = ("mean", "rise", "fall")


def page_hinkley(
    values: Any,
    *,
    threshold: float = 50.0,
    tolerance: float = 0.005,
    learning: int = 30,
    forgetting: float = 1.0,
) -> pd.DataFrame:
    """Whether the mean of values has moved away from the mean of those before, in either direction.

    The test knows no target: what it compares with is the mean of all values so far, the newest included. How often
    it alarms by chance depends on the values and is not stated; `cusum_chart` and `ewma_chart` state it.

    Parameters
    ----------
    values : array of shape (n,)
        In the order in which they came. Missing values leave the test as it was and raise no alarm.
    threshold : float
        How far the sum of gaps may move from where it turned, in units of the values.
    tolerance : float
        What is taken off at each value, in the same units: half the smallest change that matters.
    learning : int
        No alarm before so many values, from the start and after each alarm.
    forgetting : float in (0, 1]
        What is kept of the sums at each value. 1 is Page's test, which forgets nothing.

    Returns
    -------
    DataFrame with one row a value: ``value``, ``mean`` (since the last alarm), ``rise`` and ``fall`` (how far the sums
    have moved from where they turned), ``limit`` and ``alarm``. After an alarm the test begins anew.

    Raises
    ------
    BadColumn
        Values that are text or infinite.
    UnknownChoice
        A threshold, tolerance, learning or forgetting out of its range.

    References
    ----------
    Page (1954), Biometrika 41. Hinkley (1971), Biometrika 58(3).

    Examples
    --------
    Gaps to the mean so far are 0, 0, 1, 3/4: their sum moves by more than 1 at the fourth value.

    >>> test = page_hinkley([0, 0, 1.5, 1.5], threshold=1, tolerance=0, learning=1)
    >>> test[["mean", "rise", "alarm"]]
       mean  rise  alarm
    0  0.00  0.00  False
    1  0.00  0.00  False
    2  0.50  1.00  False
    3  0.75  1.75   True
    """
    if not 0 < threshold < inf or not 0 <= tolerance < inf:
        raise UnknownChoice(f"threshold={threshold!r} is above zero, tolerance={tolerance!r} zero or more")
    if learning < 1 or not 0 < forgetting <= 1:
        raise UnknownChoice(f"learning={learning!r} is 1 or more, forgetting={forgetting!r} above 0 and at most 1")
    value = read_values(values)
    rows = np.full((len(value), len(COLUMNS)), np.nan)
    alarm = np.zeros(len(value), dtype=bool)
    sums = _Sums()
    for row, x in enumerate(value.tolist()):
        if x == x:
            sums.add(x, tolerance, forgetting)
            alarm[row] = sums.count >= learning and max(sums.rise, sums.fall) > threshold
        if sums.count:
            rows[row] = sums.mean, sums.rise, sums.fall
        if alarm[row]:
            sums = _Sums()
    table = pd.DataFrame(
        {"value": value, **dict(zip(COLUMNS, rows.T, strict=True)), "limit": threshold, "alarm": alarm}
    )
    missing = int(np.isnan(value).sum())
    table.attrs = {
        "note": f"{missing:,} of {len(value):,} values missing" if missing else "" if len(value) else "no values",
        "method": f"Page-Hinkley, both directions, threshold {threshold:g}, tolerance {tolerance:g}",
    }
    return table


class _Sums:
    """The gaps of values to the mean so far, summed, and where the sums have turned."""

    def __init__(self) -> None:
        self.count = 0
        self.mean = self._up = self._down = 0.0
        self._lowest, self._highest = inf, -inf

    @property
    def rise(self) -> float:
        return self._up - self._lowest

    @property
    def fall(self) -> float:
        return self._highest - self._down

    def add(self, x: float, tolerance: float, forgetting: float) -> None:
        self.count += 1
        self.mean += (x - self.mean) / self.count
        self._up = forgetting * self._up + x - self.mean - tolerance
        self._down = forgetting * self._down + x - self.mean + tolerance
        self._lowest = min(self._lowest, self._up)
        self._highest = max(self._highest, self._down)
