"""One reviewer's course in one measure, beside what the items would lead one to expect."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from hitl_notebook.metrics.columns import Array
from hitl_notebook.metrics.drift.baseline import Baseline, baseline
from hitl_notebook.metrics.drift.decided import Codes, Decided
from hitl_notebook.metrics.drift.measured import Measured

__all__ = ["Track", "tracks"]


@dataclass(frozen=True)
class Track:
    """The values of one measure in the order of one reviewer's decisions.

    Attributes
    ----------
    row, decision : arrays of shape (n,)
        Row of each value in the frame, and the how manieth decision of the reviewer it is, from 1.
    stake : float
        This chart's part of all false alarms that a review may have.
    """

    measured: Measured
    reviewer: Any
    row: Codes
    decision: Codes
    stake: float

    @property
    def measure(self) -> str:
        return self.measured.measure

    @property
    def is_rate(self) -> bool:
        return self.measure != "seconds"

    def __len__(self) -> int:
        return len(self.row)

    @cached_property
    def value(self) -> Array:
        """In [0, 1]; of seconds their logarithm, cut where it is far from the median."""
        return self.measured.value[self.row]

    @cached_property
    def lean(self) -> Array:
        """How much more than usual is to be expected of each item, by the model's confidence."""
        return self.measured.lean_of(self.row)

    @cached_property
    def shared(self) -> npt.NDArray[np.bool_]:
        """Whether there are others on the same item to compare with."""
        return ~np.isnan(self.measured.of_others[self.row])

    @cached_property
    def apart(self) -> Array | None:
        """Each value less that of the others on the same item; None where no item is shared."""
        shared = self.shared
        if not shared.any():
            return None
        others = self.measured.of_others[self.row]
        beside, alone = self.value - others, self.value - self.lean
        # Either kind has a level of its own: how many items are shared may change in the course of a review. That of
        # items met alone is the reviewer's on all items: who is ahead of the others may change just where they stop.
        apart: Array = np.where(shared, beside - beside[shared].mean(), alone - alone.mean())
        return apart

    @cached_property
    def usual(self) -> Baseline:
        return self.usual_from(0)

    def usual_since(self, begin: int) -> Baseline:
        """That of the values from ``begin`` on alone, by all before each."""
        return self.usual if begin == 0 else baseline(self.value, self.lean, is_rate=self.is_rate, since=begin)

    def usual_from(self, begin: int) -> Baseline:
        """What is expected of each value by those before it from ``begin`` on."""
        return baseline(self.value[begin:], self.lean[begin:], is_rate=self.is_rate)


def tracks(decided: Decided, measures: Sequence[str], reviewers: Collection[Any] | None = None) -> list[Track]:
    """Every reviewer's track in every measure, in the order of their first decisions; without values there is none.

    ``reviewers``: theirs alone, which are the same as among those of all.
    """
    counted = [(rows, np.arange(1, len(rows) + 1, dtype=np.intp)) for rows in decided.rows_of]
    all_measured = [Measured(decided, measure) for measure in measures]
    found = []
    for place, (reviewer, (rows, count)) in enumerate(zip(decided.reviewers, counted, strict=True), 1):
        if reviewers is not None and reviewer not in reviewers:
            continue
        # A third, a sixth, a tenth, ...: together at most 1, however many come. Even parts would shrink with each who
        # joins, and alarms of the others be taken back.
        stake = 2 / ((place + 1) * (place + 2)) / max(len(measures), 1)
        for measured in all_measured:
            known = ~np.isnan(measured.value[rows])
            if known.all():
                found.append(Track(measured, reviewer, rows, count, stake))
            elif known.any():
                found.append(Track(measured, reviewer, rows[known], count[known], stake))
    return found
