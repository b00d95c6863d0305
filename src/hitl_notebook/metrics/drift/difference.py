"""How much larger one mean is than another, with its interval."""

from math import exp, nan, sqrt
from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit

from hitl_notebook.metrics.columns import Array
from hitl_notebook.metrics.wilson import wilson

__all__ = ["Difference", "difference_of_rates", "ratio_of_means"]


class Difference(NamedTuple):
    before: float
    after: float
    change: float
    low: float
    high: float


def difference_of_rates(before: float, n_before: int, after: float, n_after: int, level: float) -> Difference:
    """The second share less the first, with Newcombe's hybrid score interval (1998, Statistics in Medicine 17, no. 10).

    >>> difference = difference_of_rates(48 / 80, 80, 56 / 70, 70, 0.95)
    >>> round(difference.change, 2), round(difference.low, 4), round(difference.high, 4)
    (0.2, 0.0524, 0.3339)
    """
    change = after - before
    (low_before, high_before), (low_after, high_after) = (
        wilson(before, n_before, level),
        wilson(after, n_after, level),
    )
    low = change - sqrt((after - low_after) ** 2 + (high_before - before) ** 2)
    high = change + sqrt((high_after - after) ** 2 + (before - low_before) ** 2)
    return Difference(before, after, change, low, high)


def ratio_of_means(before: Array, after: Array, shift: float, level: float) -> Difference:
    """The geometric mean of what follows beside that of what came before, and how much larger it is, as a share.

    Takes logarithms. ``shift`` is added to those before, which makes their items like those after. The interval is
    Welch's (1947, Biometrika 34) on the logarithms; NaN where one of the two is a single value.
    """
    gap = float(after.mean() - before.mean() - shift)
    means = exp(float(before.mean()) + shift), exp(float(after.mean()))
    low = high = nan
    if min(len(before), len(after)) > 1:
        errors = np.array([before.var(ddof=1) / len(before), after.var(ddof=1) / len(after)])
        total = float(errors.sum())
        low = high = exp(gap) - 1
        if total > 0:
            freedom = total**2 / float((errors**2 / [len(before) - 1, len(after) - 1]).sum())
            half = float(stdtrit(freedom, (1 + level) / 2)) * sqrt(total)
            low, high = exp(gap - half) - 1, exp(gap + half) - 1
    return Difference(*means, exp(gap) - 1, low, high)
