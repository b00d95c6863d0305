"""One measure of every decision, and what there is to compare it with."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from hitl_notebook.metrics.alike import alike, pairs_within
from hitl_notebook.metrics.columns import Array
from hitl_notebook.metrics.drift.decided import Codes, Decided

__all__ = ["Measured"]

# A tenth of the decisions says little by itself: so many decisions as usual are added to each.
PRIOR_DECISIONS = 5.0
# A reviewer is compared with the others. Their own decisions count this much, for where the others have none: more
# would let a reviewer who changes vouch for themselves.
OWN_SHARE = 0.1
# Times lie this many (robust) standard deviations of their logarithm from the median at most: idle time says nothing.
LONGEST_PAUSE = 4.0
SIGMA_OF_MAD = 1.4826
# Counters that are so many more than what they count are slower than to number what there is.
_FEW_A_VOTE = 8


@dataclass(frozen=True)
class Measured:
    """One measure of all decisions, in their order."""

    decided: Decided
    measure: str

    @cached_property
    def value(self) -> Array:
        """In [0, 1], of seconds their logarithm; NaN where a decision says nothing of it."""
        decided = self.decided
        if self.measure == "seconds":
            value = np.full(len(decided.seconds), np.nan)
            np.log(decided.seconds, out=value, where=decided.seconds > 0)
        elif self.measure == "agree":
            votes = self._votes
            value = np.where(votes.of_item > 1, (votes.same - 1) / votes.others, np.nan)
        else:
            actions = decided.actions
            code = actions.index(self.measure) if self.measure in actions else len(actions)
            value = np.where(decided.action < 0, np.nan, (decided.action == code).astype(float))
        value[decided.planted] = np.nan
        if self.measure == "seconds":
            for rows in decided.rows_of:
                value[rows] = _cut(value[rows])
        return value

    def lean_of(self, rows: Codes) -> Array:
        """How much more than usual the others give to predictions as confident as those of these rows."""
        return self._lean[self.decided.cell[rows]]

    @cached_property
    def _lean(self) -> Array:
        """The same by reviewer and bin of confidence."""
        shape, cell, value = self.decided.cells, self.decided.cell, self.value
        known = ~np.isnan(value)
        number = self.decided.number
        if not known.all():
            cell, value = cell[known], value[known]
            number = np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape)
        total = np.bincount(cell, weights=value, minlength=shape[0] * shape[1]).reshape(shape)
        usual = total.sum(axis=1) / np.maximum(number.sum(axis=1), 1)
        off = total - number * usual[:, None]
        not_own = 1 - OWN_SHARE if np.count_nonzero(number.any(axis=1)) > 1 else 0.0
        lean: Array = (off.sum(axis=0) - not_own * off) / (number.sum(axis=0) - not_own * number + PRIOR_DECISIONS)
        return lean.ravel()

    @cached_property
    def of_others(self) -> Array:
        """The mean measure of the other reviewers of the same item; NaN where there are none to compare with.

        Of agreeing with the others: how far those others agree among themselves, which says how hard the item is.
        """
        if self.measure == "agree":
            votes = self._votes
            among = votes.same_pairs - 2 * (votes.same - 1)
            return np.where(votes.of_item > 2, among / np.maximum(votes.others * (votes.of_item - 2), 1), np.nan)
        item, value = self.decided.item, self.value
        known = ~np.isnan(value) & (item >= 0)
        items = int(item.max(initial=0)) + 1
        number = np.bincount(item[known], minlength=items)
        total = np.bincount(item[known], weights=value[known], minlength=items)
        others = number[item] - 1
        return np.where(known & (others > 0), (total[item] - value) / np.maximum(others, 1), np.nan)

    @cached_property
    def _votes(self) -> "_Votes":
        return _Votes.of(self.decided)


@dataclass(frozen=True)
class _Votes:
    """For each decision, how the values on its item are spread; zeros where it has no value itself."""

    of_item: Array
    same: Array
    same_pairs: Array

    @property
    def others(self) -> Array:
        return np.maximum(self.of_item - 1, 1)

    @classmethod
    def of(cls, decided: Decided) -> "_Votes":
        known = (decided.item >= 0) & (decided.value >= 0) & ~decided.planted
        of_item, same, same_pairs = np.zeros((3, len(known)))
        item, value = decided.item[known], decided.value[known]
        of_item[known] = np.bincount(item)[item]
        if decided.equal is None:
            place = item * (int(value.max(initial=0)) + 1) + value
            if place.max(initial=0) > _FEW_A_VOTE * len(place):
                place, _ = pd.factorize(place)
            same[known] = np.bincount(place)[place]
        else:
            one, other = pairs_within(item)
            agree = alike(value[one], value[other], decided.values, decided.equal)
            same[known] = 1 + np.bincount(np.concatenate([one[agree], other[agree]]), minlength=len(item))
        # Each vote meets the others of its kind: summed over the votes, every pair twice.
        same_pairs[known] = np.bincount(item, weights=same[known] - 1)[item]
        return cls(of_item, same, same_pairs)


def _cut(value: Array) -> Array:
    known = value[~np.isnan(value)]
    if not len(known):
        return value
    middle = np.median(known)
    reach = LONGEST_PAUSE * SIGMA_OF_MAD * np.median(np.abs(known - middle))
    return np.clip(value, middle - reach, middle + reach) if reach > 0 else value
