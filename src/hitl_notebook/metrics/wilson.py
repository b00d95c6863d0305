"""Wilson's score interval of a share."""

from statistics import NormalDist
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from hitl_notebook.metrics.columns import Array

Numbers: TypeAlias = npt.NDArray[np.number[Any]]

__all__ = ["effective_sizes", "wilson", "wilson_intervals"]


def wilson(share: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval for a share of ``n`` (1927, JASA 22(158)); ``n`` may be an effective sample size.

    >>> low, high = wilson(1.0, 10)
    >>> round(low, 4), high
    (0.7225, 1.0)
    """
    low, high = wilson_intervals(np.array([share]), np.array([n]), level)
    return float(low[0]), float(high[0])


def wilson_intervals(share: Array, n: Array, level: float = 0.95) -> tuple[Array, Array]:
    """The same of many shares at once; NaN where ``n`` is 0.

    >>> low, high = wilson_intervals(np.array([0.5, np.nan]), np.array([10, 0]))
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.2366, nan], [0.7634, nan])
    """
    z = NormalDist().inv_cdf((1 + level) / 2)
    rows = np.where(n > 0, n, np.nan)
    centre = (share + z**2 / (2 * rows)) / (1 + z**2 / rows)
    half = z / (1 + z**2 / rows) * np.sqrt(share * (1 - share) / rows + z**2 / (4 * rows**2))
    low = np.where(share == 0, 0.0, np.maximum(0.0, centre - half))
    high = np.where(share == 1, 1.0, np.minimum(1.0, centre + half))
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


def effective_sizes(share: Array, weight: Numbers, squares: Numbers, squares_of_right: Numbers) -> Array:
    """So many verdicts of equal weight would say as much of each share; NaN where there is none.

    Kish's figure (1965), or that of Korn and Graubard (1998, Survey Methodology 24(2)) where it is less: where those
    that weigh most are also those that differ most. ``weight`` is the total of each share, ``squares`` that of the
    squared weights, ``squares_of_right`` the part of it that belongs to verdicts that are right.

    Two verdicts of weight 1 are right and one of weight 2 is wrong:

    >>> effective_sizes(np.array([0.5]), np.array([4.0]), np.array([6.0]), np.array([2.0])).round(2).tolist()
    [2.67]
    """
    known = np.where(weight > 0, weight, np.nan)
    kish = known**2 / np.where(squares > 0, squares, np.nan)
    spread = squares_of_right * (1 - share) ** 2 + (squares - squares_of_right) * share**2
    by_spread = share * (1 - share) * known**2 / np.where(spread > 0, spread, np.nan)
    return np.asarray(np.where(by_spread < kish * (1 - 1e-9), by_spread, kish), dtype=np.float64)
