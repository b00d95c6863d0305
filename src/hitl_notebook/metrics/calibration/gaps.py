"""Gaps between verdicts and confidence, by bin: as they are, as they might have been, as chance makes them."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from hitl_notebook.errors import UnknownChoice
from hitl_notebook.metrics.calibration.bins import Bins
from hitl_notebook.metrics.calibration.chance import gaps_by_chance
from hitl_notebook.metrics.calibration.resampling import Resampling
from hitl_notebook.metrics.calibration.reviewed_pairs import ReviewedPairs
from hitl_notebook.metrics.columns import Array

__all__ = ["DRAWS", "Gaps", "Norm", "check_norm"]

Norm = Literal["l1", "l2"]
DRAWS = 1_000


@dataclass(frozen=True)
class Gaps:
    """By bin, the last axis: the total of weighted gaps, and the total weight."""

    total: Array
    weight: Array

    @classmethod
    def observed(cls, pairs: ReviewedPairs, bins: Bins) -> "Gaps":
        return cls(bins.sums(pairs.weight * pairs.residual), bins.sums(pairs.weight))

    @classmethod
    def resampled(cls, pairs: ReviewedPairs, bins: Bins, resampling: Resampling) -> "Gaps":
        """A row a replicate of the bootstrap over items."""
        total = resampling.sums(bins.index, pairs.weight * pairs.residual, len(bins))
        return cls(total, resampling.sums(bins.index, pairs.weight, len(bins)))

    @classmethod
    def by_chance(cls, pairs: ReviewedPairs, bins: Bins, seed: int) -> "Gaps":
        """A row a draw of what a perfectly calibrated model would show with these confidences."""
        return cls(gaps_by_chance(pairs, bins.index, len(bins), DRAWS, seed), bins.sums(pairs.weight))

    @property
    def share(self) -> Array:
        """Each bin's part of the whole."""
        return np.asarray(self.weight / self.weight.sum(axis=-1, keepdims=True), dtype=np.float64)

    @property
    def gap(self) -> Array:
        """Mean gap of each bin."""
        return np.asarray(self.total / self.weight, dtype=np.float64)

    def norm(self, norm: Norm) -> Array:
        """The gaps' size, each bin counting by its share."""
        if norm == "l1":
            return np.asarray(np.sum(self.share * np.abs(self.gap), axis=-1))
        return np.asarray(np.sqrt(np.sum(self.share * self.gap**2, axis=-1)))


def check_norm(norm: str) -> None:
    """Refuse a norm that is none of the two."""
    if norm not in ("l1", "l2"):
        raise UnknownChoice(f"norm={norm!r}: l1 or l2")
