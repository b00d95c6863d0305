"""The difference of two shares that were counted on the same items."""

from dataclasses import dataclass
from math import nan, sqrt
from statistics import NormalDist

import numpy as np

from hitl_notebook.estimate import Estimate
from hitl_notebook.metrics.columns import Array
from hitl_notebook.metrics.selection import effective_n
from hitl_notebook.metrics.versions.mcnemar import mcnemar_p, pairs_needed

__all__ = ["PairedDifference"]

METHOD = "paired difference, adjusted Wald interval (Bonett and Price 2012)"


@dataclass(frozen=True)
class PairedDifference:
    """By how much more often the later of two versions is right.

    Attributes
    ----------
    gain : array of shape (n,) in [-1, 1]
        Right after minus right before, of each reviewed item that may differ: 1 a win, -1 a loss, 0 a tie; between
        them where reviewers differ.
    weight : array of shape (n,)
        What each stands for; those of weight 0 have no say.
    changed : int
        How many items may differ; 0 where only the reviewed ones are known.
    items : int
        How many there are in all: on all others both versions say the same, and the difference is 0.
    """

    gain: Array
    weight: Array
    changed: int = 0
    items: int = 0

    @property
    def n(self) -> float:
        """How many evenly drawn items would say as much: Kish's number, or that by the spread of the gains if less."""
        if not self.weight.sum() > 0:
            return 0.0
        apart = (self.gain - self._mean) ** 2
        by_spread = float(self.weight @ apart) * float(self.weight.sum())
        squares = float(self.weight**2 @ apart)
        kish = effective_n(self.weight)
        return min(kish, by_spread / squares) if squares > 0 else kish

    @property
    def p_value(self) -> float:
        """McNemar's exact test; of weighted items at their effective number."""
        lead = self.weight * self.gain
        split = effective_n(np.abs(lead))
        total = float(np.abs(lead).sum())
        if not total > 0:
            return 1.0
        return mcnemar_p(split * float(lead[lead > 0].sum()) / total, split * -float(lead[lead < 0].sum()) / total)

    def estimate(self, level: float, note: str = "") -> Estimate:
        """Over all items and others like them: no correction for having reviewed a large part of these."""
        if not self.n > 0:
            if self.items and not self.changed:
                note = "; ".join(filter(None, ["both versions say the same of every item", note]))
                return Estimate(value=0.0, low=0.0, high=0.0, level=level, n=0, method=METHOD, note=note)
            note = "; ".join(filter(None, ["no item that both predicted and that was drawn is reviewed", note]))
            return Estimate.missing(note, method=METHOD)
        wins, losses = self._adjusted
        share = self.share
        centre = wins - losses
        variance = share**2 * (wins + losses - centre**2) / (self.n + 2)
        if self.items:
            variance += centre**2 * share * (1 - share) / self.items
        half = NormalDist().inv_cdf((1 + level) / 2) * sqrt(variance)
        value = share * self._mean
        return Estimate(
            value=value,
            low=max(min(share * centre - half, value), -1.0),
            high=min(max(share * centre + half, value), 1.0),
            level=level,
            n=int(np.count_nonzero(self.weight)),
            method=METHOD + (", weighted (Hajek)" if self.is_weighted else ""),
            standard_error=sqrt(variance),
            note=note,
        )

    def needed(self, difference: float, *, power: float, level: float) -> int:
        """How many further reviews, drawn as these were, show such a difference over all items with that power."""
        of_changed = min(abs(difference) / self.share, 1.0)
        discordant = min(max(sum(self._adjusted), of_changed), 1.0)
        pairs = pairs_needed(discordant, of_changed, power=power, level=level)
        drawn = np.count_nonzero(self.weight)
        return max(0, round((pairs - self.n) * (drawn / self.n if self.n > 0 else 1.0)))

    @property
    def is_weighted(self) -> bool:
        drawn = self.weight[self.weight > 0]
        return bool(len(drawn) and np.ptp(drawn) > 1e-9 * drawn.max())

    @property
    def share(self) -> float:
        """Of all items, those that may differ."""
        return self.changed / self.items if self.items else 1.0

    @property
    def _mean(self) -> float:
        total = float(self.weight.sum())
        return float(self.weight @ self.gain) / total if total > 0 else nan

    @property
    def _adjusted(self) -> tuple[float, float]:
        """Shares of wins and losses, with one of each added to the effective number."""
        if not self.n > 0:
            return 0.5, 0.5
        lead = self.weight * self.gain / self.weight.sum() * self.n
        return (float(lead[lead > 0].sum()) + 1) / (self.n + 2), (1 - float(lead[lead < 0].sum())) / (self.n + 2)
