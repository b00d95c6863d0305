"""What can be drawn, and the rule for drawing it."""

import hashlib
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from hitl_notebook.review_queue.draw import ChosenBy

__all__ = ["Pool", "Selection"]

Hashes = npt.NDArray[np.uint64]

# What is drawn for one purpose says nothing of what is drawn for another: each has random numbers of its own.
_PURPOSES = {"queue": 0, "changed": 2, "sample": 3}
_LOT = 1


@dataclass(frozen=True, slots=True)
class Selection:
    """What the queue knows of a draw: the item's position and how it was chosen."""

    position: int
    chosen_by: ChosenBy
    probability: float | None
    pool_size: int | None


class Pool:
    """All items that can be drawn, and the rule for drawing them: the same for every reviewer.

    The random order is the same whenever the same items are drawn from, whatever their order in the frame, and another
    one, of which it says nothing, as soon as one item comes or goes: so what is left of a pool that has changed since
    the last draw is in random order too, and each draw has the probability that is recorded with it.

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
    ids : array of uint64, optional
        What tells each item from all others, in any frame; left out, its position.
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
        ids: Hashes | None = None,
        strata: npt.NDArray[np.intp] | None = None,
        sample_size: int | None = None,
    ) -> None:
        self.size = size
        self.changed: frozenset[int] | None = None
        self.seed = seed
        self.random_share = 1.0 if ranked is None else random_share
        self._ids = np.arange(size, dtype=np.uint64) if ids is None else ids
        self.shuffled = _in_random_order(self._ids, seed, "queue")
        self.ranked = self.shuffled if ranked is None else ranked
        self.sample = None if sample_size is None else self._sample(strata, sample_size)

    def is_random_draw(self, draw: int) -> bool:
        """Whether draw number ``draw`` is made at random: fixed by the seed, so that a restart changes nothing."""
        return self.random_share == 1 or np.random.default_rng([self.seed, _LOT, draw]).random() < self.random_share

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
        members = np.array(positions, dtype=np.intp)
        pool.shuffled = pool.ranked = members[_in_random_order(self._ids[members], self.seed, "changed")]
        pool.random_share, pool.sample = 1.0, None
        return pool

    def _sample(self, strata: npt.NDArray[np.intp] | None, sample_size: int) -> list[Selection]:
        codes = np.zeros(self.size, dtype=np.intp) if strata is None else strata
        sizes = np.bincount(codes)
        wanted = _proportional(sizes, min(sample_size, self.size))
        shuffled = _in_random_order(self._ids, self.seed, "sample")
        chosen: dict[int, Selection] = {}
        for code, (size, want) in enumerate(zip(sizes.tolist(), wanted.tolist(), strict=True)):
            members = shuffled[codes[shuffled] == code][:want]
            for position in members.tolist():
                chosen[position] = Selection(position, "sample", want / size, size)
        return [chosen[position] for position in self.ranked.tolist() if position in chosen]


def _in_random_order(ids: Hashes, seed: int, purpose: Literal["queue", "changed", "sample"]) -> npt.NDArray[np.intp]:
    """The positions of these items in an order that the seed, the purpose and the set of ids decide."""
    by_id = np.argsort(ids)
    # Seeded with the ids too: of n and of n + 1 items the same random numbers make nearly the same permutation.
    digest = hashlib.blake2b(ids[by_id].astype("<u8").tobytes(), digest_size=16).digest()
    numbers = np.random.default_rng([seed, _PURPOSES[purpose], int.from_bytes(digest)])
    order: npt.NDArray[np.intp] = by_id[numbers.permutation(len(ids))]
    return order


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
