"""One reviewer's queue: which item comes next, and with which probability it came to be asked."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

from hitl_notebook.review_queue.draw import ChosenBy
from hitl_notebook.review_queue.pool import Pool, Selection

__all__ = ["ReviewQueue", "Standing"]

Standing: TypeAlias = Literal["open", "decided", "skipped", "withheld"]


class ReviewQueue:
    """One reviewer's way through a pool: drawn items in order, what is open, what was skipped.

    Items chosen by hand come first, the newest batch before older ones; then what was drawn, in the order of drawing;
    then, when nothing else is left, what was skipped. It holds no decision: ``place`` is told what stands.

    Examples
    --------
    >>> import numpy as np
    >>> queue = ReviewQueue(Pool(3, ranked=np.array([2, 0, 1]), random_share=0.0, seed=1))
    >>> [selection.position for selection in queue.draw(2)]
    [2, 0]
    >>> queue.place(2, "decided")
    >>> queue.upcoming(5)
    [0]
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._drawn: dict[int, int] = {}  # position -> rank among the drawn; by hand below zero
        self._open: list[tuple[int, int]] = []  # (rank, position), sorted
        self._skipped: dict[int, int] = {}  # position -> since when
        self._withheld: set[int] = set()
        self._left = pool.part  # positions still to be drawn, where not all are to be
        self._next_ranked = 0
        self._next_shuffled = 0
        self._hand = 0
        self.draws = 0

    def __contains__(self, position: int) -> bool:
        return position in self._drawn

    @property
    def drawn(self) -> int:
        """How many items have been drawn."""
        return len(self._drawn)

    @property
    def undrawn(self) -> int:
        """How many items can still be drawn."""
        return self._pool.size - len(self._drawn) if self._left is None else len(self._left)

    @property
    def total(self) -> int:
        """How many items this reviewer will have met at the end."""
        return len(self._drawn) + self.undrawn

    @property
    def skipped(self) -> int:
        """How many items were put off to the end."""
        return len(self._skipped)

    @property
    def withheld(self) -> int:
        """How many drawn items wait that cannot be shown now."""
        return len(self._withheld)

    @property
    def open(self) -> int:
        """How many drawn items wait, those skipped or withheld left out."""
        return len(self._open)

    def draw(self, count: int) -> list[Selection]:
        """The next ``count`` draws, fewer where the pool runs out; a sample is drawn whole, whatever ``count``."""
        sample = self._pool.sample
        if sample is None or self._left is None:
            return list(self._draws(count))
        selections = [selection for selection in sample if selection.position in self._left]
        for selection in selections:
            self.restore(selection.position, "sample")
        return selections

    def choose(self, positions: Iterable[int]) -> list[Selection]:
        """Put these next, in this order, as chosen by hand: as draws, the one to ask first drawn last."""
        chosen = list(dict.fromkeys(positions))[::-1]
        for position in chosen:
            self.restore(position, "hand")
        return [Selection(position, "hand", None, None) for position in chosen]

    def pass_over(self) -> None:
        """Count a draw of an item that is no longer there."""
        self.draws += 1

    def restore(self, position: int, chosen_by: ChosenBy, standing: Standing = "open", since: int = 0) -> None:
        """Take in one draw as it was made: a restarted kernel's queue is that of the draws in the store."""
        self._take_out(position)
        if chosen_by == "hand":
            self._hand -= 1
            self._drawn[position] = self._hand
        else:
            self._drawn.setdefault(position, self.draws)
        if self._left is not None:
            self._left.discard(position)
        self.draws += 1
        self._put(position, standing, since)

    def place(self, position: int, standing: Standing, since: int = 0) -> None:
        """Say what stands on a drawn item; of skipped ones the lowest ``since`` comes back first."""
        if position in self._drawn:
            self._take_out(position)
            self._put(position, standing, since)

    def upcoming(self, limit: int) -> list[int]:
        """The next positions in order, at most ``limit``; skipped items once nothing is left to draw."""
        positions = [position for _, position in self._open[:limit]]
        if len(positions) < limit and self.undrawn == 0:
            positions += sorted(self._skipped, key=self._skipped.__getitem__)[: limit - len(positions)]
        return positions

    def _put(self, position: int, standing: Standing, since: int) -> None:
        if standing == "open":
            insort(self._open, (self._drawn[position], position))
        elif standing == "skipped":
            self._skipped[position] = since
        elif standing == "withheld":
            self._withheld.add(position)

    def _take_out(self, position: int) -> None:
        self._skipped.pop(position, None)
        self._withheld.discard(position)
        place = (self._drawn.get(position, 0), position)
        at = bisect_left(self._open, place)
        if at < len(self._open) and self._open[at] == place:
            del self._open[at]

    def _draws(self, count: int) -> Iterator[Selection]:
        pool = self._pool
        for _ in range(min(count, self.undrawn)):
            left = self.undrawn
            share = pool.random_share
            at_random = pool.is_random_draw(self.draws)
            first = self._first_ranked() if share < 1 else None
            position = self._first_shuffled() if at_random else first
            assert position is not None  # noqa: S101  # something is undrawn
            probability = share / left + (1 - share) * (position == first)
            chosen_by: ChosenBy = "order" if not at_random else "random" if pool.changed is None else "changed"
            self.restore(position, chosen_by)
            yield Selection(position, chosen_by, probability, left)

    def _first_ranked(self) -> int:
        ranked = self._pool.ranked
        while int(ranked[self._next_ranked]) in self._drawn:
            self._next_ranked += 1
        return int(ranked[self._next_ranked])

    def _first_shuffled(self) -> int:
        # What is left of a random permutation is in random order, whatever was taken out of it by other rules.
        shuffled = self._pool.shuffled
        while int(shuffled[self._next_shuffled]) in self._drawn:
            self._next_shuffled += 1
        return int(shuffled[self._next_shuffled])
