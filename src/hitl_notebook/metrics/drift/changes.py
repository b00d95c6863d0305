"""Where a reviewer's track has changed."""

from dataclasses import dataclass, replace

import numpy as np

from hitl_notebook.metrics.columns import Array
from hitl_notebook.metrics.drift.baseline import LEARNING, baseline
from hitl_notebook.metrics.drift.difference import Difference, difference_of_rates, ratio_of_means
from hitl_notebook.metrics.drift.evidence import holdings
from hitl_notebook.metrics.drift.onset import onset
from hitl_notebook.metrics.drift.track import Track

__all__ = ["Change", "changes", "is_watched"]


@dataclass(frozen=True)
class Change:
    """One change, by places in the track.

    Attributes
    ----------
    after, since, until : int
        What came before begins at ``after``, what is since then ends before ``until``.
    noticed : int
        The first place at which the bets held what they have to.
    rising : bool
    held : array
        What the bets held from ``noticed`` on, at each place before ``until`` and at ``noticed`` in any case: their
        stakes, multiplied.
    """

    after: int
    since: int
    until: int
    noticed: int
    rising: bool
    held: Array

    def until_the_next(self, since: int) -> "Change":
        """This change where another begins: what is decided from there on speaks of that one."""
        # The next one may have begun before this one was noticed.
        return replace(self, until=since, held=self.held[: max(since - self.noticed, 1)])

    def may_be_the_items(self, track: Track) -> bool:
        """Whether neither the confidences nor others on the same items would show that those have changed."""
        before, after = slice(self.after, self.since), slice(self.since, self.until)
        has_others = track.shared[before].any() and track.shared[after].any()
        return not has_others and bool(np.ptp(track.lean[self.after : self.until]) == 0)

    def difference(self, track: Track, level: float) -> Difference:
        """Before and since, the items before made like those since by the model's confidence."""
        before, after = slice(self.after, self.since), slice(self.since, self.until)
        shift = float(track.lean[after].mean() - track.lean[before].mean())
        if not track.is_rate:
            return ratio_of_means(track.value[before], track.value[after], shift, level)
        usual = min(max(float(track.value[before].mean()) + shift, 0.0), 1.0)
        now = float(track.value[after].mean())
        return difference_of_rates(usual, self.since - self.after, now, self.until - self.since, level)


def is_watched(track: Track) -> bool:
    """Whether there are values enough to tell a change from."""
    return len(track) > LEARNING


def changes(track: Track, wanted: float) -> list[Change]:
    """Every change on which the bets hold ``wanted`` times their stakes; after each the search begins anew there."""
    found: list[Change] = []
    change = _first_change(track, 0, wanted)
    while change is not None:
        found.append(change)
        change = _first_change(track, change.since, wanted)
        if change is not None:
            found[-1] = found[-1].until_the_next(change.since)
    return found


def _first_change(track: Track, begin: int, wanted: float) -> Change | None:
    if len(track) - begin <= LEARNING:
        return None
    usual = track.usual_from(begin) if begin else track.usual
    value, lean = track.value[begin:], track.lean[begin:]
    holding = holdings(value, usual, is_rate=track.is_rate)
    if holding.max() < wanted:
        return None
    if track.apart is not None:
        # It has to be a change both of what the reviewer does with such confidences and beside the others: the first
        # alone may be a change of the items that the confidence does not show, the second alone a change of the others.
        apart = track.apart[begin:]
        beside = baseline(apart, np.zeros(len(apart)), is_rate=False)
        holding = np.minimum(holding, holdings(apart, beside, is_rate=False))
    noticed = int(np.argmax(holding.max(axis=0) >= wanted))
    rising = bool(holding[1, noticed] >= holding[0, noticed])
    of_change = holding[int(rising), noticed:]
    if of_change[0] < wanted:
        return None
    seen = slice(noticed + 1)
    return Change(
        after=begin,
        since=begin + onset(value[seen], lean[seen], is_rate=track.is_rate, rising=rising),
        until=len(track),
        noticed=begin + noticed,
        rising=rising,
        held=of_change,
    )
