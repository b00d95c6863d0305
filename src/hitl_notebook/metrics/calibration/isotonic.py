"""The rate of agreement as a function of confidence that never falls: isotonic regression."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from hitl_notebook.metrics.calibration.bins import Cells, totals
from hitl_notebook.metrics.calibration.reviewed_pairs import ReviewedPairs
from hitl_notebook.metrics.columns import Array

__all__ = ["RatesByConfidence", "never_falling", "rates_by_confidence"]


@dataclass(frozen=True)
class RatesByConfidence:
    """A row a distinct confidence, rising; ``place`` is each pair's row."""

    confidence: Array
    n: Cells
    weight: Array
    rate: Array
    place: Cells

    @cached_property
    def recalibrated(self) -> Array:
        """The rates made never to fall."""
        return never_falling(self.rate, self.weight)

    def cells(self, most: int) -> Cells:
        """For each row one of at most so many cells, of rows next to each other and about as many items each."""
        if len(self.confidence) <= most:
            return np.arange(len(self.confidence))
        before = np.cumsum(self.n) - self.n
        place = (before * most) // self.n.sum()
        return np.cumsum(np.diff(place, prepend=place[0]) > 0)


def rates_by_confidence(pairs: ReviewedPairs) -> RatesByConfidence:
    """Pairs of one confidence are one point: which of them comes first must not matter to an isotonic fit."""
    confidence, place, n = np.unique(pairs.confidence, return_inverse=True, return_counts=True)
    weight = totals(place, pairs.weight, len(confidence))
    rate = totals(place, pairs.weight * pairs.agreed, len(confidence)) / weight
    return RatesByConfidence(confidence, n, weight, rate, place)


def never_falling(rate: Array, weight: Array) -> Array:
    """The nearest rates in weighted squares that never fall.

    >>> never_falling(np.array([0.0, 1.0, 0.0, 1.0]), np.ones(4)).tolist()
    [0.0, 0.5, 0.5, 1.0]
    """
    from scipy.optimize import isotonic_regression  # type: ignore[attr-defined]  # public, absent from its __all__

    return np.asarray(np.clip(isotonic_regression(rate, weights=weight).x, 0, 1), dtype=np.float64)
