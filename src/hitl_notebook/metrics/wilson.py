"""Wilson's score interval of a share."""

from statistics import NormalDist

import numpy as np

from hitl_notebook.metrics.columns import Array

__all__ = ["wilson", "wilson_intervals"]


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
