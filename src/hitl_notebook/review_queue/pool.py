"""What can be drawn, and the rule for drawing it."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hitl_notebook.review_queue.draw import ChosenBy

__all__ = ["Pool", "Selection"]


@dataclass(frozen=True, slots=True)
class Selection:
    """What the queue knows of a draw: the item's position and how it was chosen."""

    position: int
    chosen_by: ChosenBy
    probability: float | None
    pool_size: int | None


class Pool:
    """All items that can be drawn, and the rule for drawing them: the same for every reviewer.

    Parameters
    ----------
    size : int
        Number of items; they are known by their positions.
    ranked : array of positions or None
        The order by score, the first to ask first; None for a random order.
    random_share : float in [0, 1]
        Share of draws taken at random from what has not been drawn; no meaning where ``ranked`` is None.
    seed : int
        Makes the draws repeatable.
    strata : array of int, optional
        With ``sample_size``: the stratum of each item, codes from 0.
    sample_size : int, optional
        Draw a sample of this size and nothing else.
    """

    def __init__(
        self,
        size: int,
        *,
        ranked: npt.NDArray[np.intp] | None,
        random_share: float,
        seed: int,
        strata: npt.NDArray[np.intp] | None = None,
        sample_size: int | None = None,
    ) -> None:
        self.size = size
        self.changed: frozenset[int] | None = None
        self.seed = seed
        self.random_share = 1.0 if ranked is None else random_share
        self.shuffled = np.random.default_rng([seed, 0]).permutation(size)
        self.ranked = self.shuffled if ranked is None else ranked
        self.sample = None if sample_size is None else self._sample(strata, sample_size)

    def is_random_draw(self, draw: int) -> bool:
        """Whether draw number ``draw`` is made at random: fixed by the seed, so that a restart changes nothing."""
        return self.random_share == 1 or np.random.default_rng([self.seed, 1, draw]).random() < self.random_share

    @property
    def part(self) -> set[int] | None:
        """The positions that are to be drawn, where these are not all."""
        if self.sample is not None:
            return {selection.position for selection in self.sample}
        return None if self.changed is None else set(self.changed)

    def with_sample(self, sample: list[Selection]) -> "Pool":
        """This pool with a sample that was drawn before."""
        pool = copy(self)
        pool.sample = sample
        return pool

    def only_changed(self, positions: Sequence[int]) -> "Pool":
        """A pool of these alone, those that a next version of the model changed, in random order."""
        pool = copy(self)
        pool.changed, pool.size = frozenset(positions), len(positions)
        is_changed = np.zeros(self.size, dtype=bool)
        is_changed[list(positions)] = True
        pool.shuffled = pool.ranked = self.shuffled[is_changed[self.shuffled]]
        pool.random_share, pool.sample = 1.0, None
        return pool

    def _sample(self, strata: npt.NDArray[np.intp] | None, sample_size: int) -> list[Selection]:
        codes = np.zeros(self.size, dtype=np.intp) if strata is None else strata
        sizes = np.bincount(codes)
        wanted = _proportional(sizes, min(sample_size, self.size))
        chosen: dict[int, Selection] = {}
        for code, (size, want) in enumerate(zip(sizes.tolist(), wanted.tolist(), strict=True)):
            members = self.shuffled[codes[self.shuffled] == code][:want]
            for position in members.tolist():
                chosen[position] = Selection(position, "sample", want / size, size)
        return [chosen[position] for position in self.ranked.tolist() if position in chosen]


def _proportional(sizes: npt.NDArray[np.intp], total: int) -> npt.NDArray[np.intp]:
    """``total`` shared out in proportion to ``sizes`` by largest remainders, at least one each where it goes round."""
    if total == 0:
        return np.zeros_like(sizes)
    exact = sizes * (total / sizes.sum())
    shares: npt.NDArray[np.intp] = np.floor(exact).astype(np.intp)
    if total >= np.count_nonzero(sizes):
        shares = np.maximum(shares, sizes > 0)
    remainders = exact - shares
    while shares.sum() < total:
        most = int(np.argmax(np.where(shares < sizes, remainders, -np.inf)))
        shares[most] += 1
        remainders[most] -= 1
    while shares.sum() > total:
        least = int(np.argmin(np.where(shares > 1, remainders, np.inf)))
        shares[least] -= 1
        remainders[least] += 1
    return shares
