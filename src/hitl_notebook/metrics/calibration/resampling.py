"""What a figure might have been with other items: the bootstrap over items, quick for a million of them."""

import numpy as np

from hitl_notebook.metrics.calibration.bins import Cells, totals
from hitl_notebook.metrics.columns import Array

__all__ = ["Resampling", "mirrored_interval"]

MOST_GROUPS = 1_000


class Resampling:
    """Bayesian bootstrap (Rubin 1981): every item gets a random weight of mean 1, in each replicate another.

    More than 1,000 items are dealt into 1,000 groups at random and each group gets one weight, so that a replicate
    costs the same for any number of items. Figures of one resampling share its weights, so that they can be combined.
    """

    def __init__(self, n: int, seed: int, replicates: int = 1_000) -> None:
        rng = np.random.default_rng(seed)
        self._groups = min(n, MOST_GROUPS)
        self._group = np.arange(n) if n <= MOST_GROUPS else rng.integers(MOST_GROUPS, size=n)
        self._weights = rng.standard_exponential((replicates, self._groups))

    def sums(self, cell: Cells, values: Array, cells: int) -> Array:
        """The total of a column in each cell, a row a replicate."""
        place = self._group * cells + cell
        by_group = totals(place, values, self._groups * cells).reshape(self._groups, cells)
        return np.asarray(self._weights @ by_group, dtype=np.float64)


def mirrored_interval(value: float, replicates: Array, centre: float, level: float) -> tuple[float, float]:
    """The basic bootstrap interval: as far below ``value`` as replicates lie above ``centre``, and the reverse.

    Gaps without sign are larger in a replicate than in the items it was made from, as they are larger in these than
    in truth: mirroring takes that bias out.

    >>> low, high = mirrored_interval(0.5, np.array([0.4, 0.6, 0.9]), 0.5, 0.999999)
    >>> round(low, 4), round(high, 4)
    (0.1, 0.6)
    """
    below, above = np.quantile(replicates, [(1 - level) / 2, (1 + level) / 2])
    return float(value - (above - centre)), float(value - (below - centre))
