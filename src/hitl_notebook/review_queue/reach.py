"""Of which items a set of draws speaks: told from the draws and from the plans that they were made under."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hitl_notebook.review_queue.draw import Draw
from hitl_notebook.review_queue.plan import ReviewPlan

__all__ = ["DrawnUnder", "Reach", "Sources", "reach_of"]


@dataclass(frozen=True, slots=True)
class DrawnUnder:
    """What is known of all draws that were made under one version of a plan."""

    size: int
    """How many items could be drawn or had been; where some left meanwhile, the fewest."""
    has_grown: bool
    """Whether items came in between one draw and another."""
    is_whole: bool
    """Whether the sample has all its items, none of them having been asked in another way before."""
    way: tuple[Any, ...] = ()
    """``ReviewPlan.way_of_drawing``."""
    by: str | None = None
    """What the strata of the sample were made by."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What items that were drawn speak of."""

    size: int | None = None
    """How many items had a chance to be drawn; None where that is not known."""
    by: str | None = None
    """What the strata were made by, where they are a sample by strata."""
    obstacle: str = ""
    """Why they speak of no other items than themselves, in words that follow "the reviewed items only"."""

    def words(self, population: int | None) -> str:
        """What they are a sample of, in words, ``population`` being how many items there are.

        >>> Reach(100).words(400)
        'a random sample of 100 items; 300 that came later had no chance to be asked'
        >>> Reach(100).words(100), Reach(100).words(None)
        ('a random sample of 100 items', 'a random sample')
        """
        return f"a random sample{'' if population is None else f' of {self.items(population)}'}"

    def items(self, population: int) -> str:
        """The items that had a chance, in words, and those that had none."""
        if not self.leaves_out(population):
            return f"{population:,} items"
        others = population - (self.size or 0)
        which = "that came later" if self.by is None else "other" if others == 1 else "others"
        return f"{self.size:,} items; {others:,} {which} had no chance to be asked"

    def leaves_out(self, population: int | None) -> bool:
        """Whether some of the items had no chance."""
        return population is not None and self.size is not None and self.size < population


def reach_of(plan_versions: Iterable[str], drawn: Mapping[str, DrawnUnder]) -> Reach:
    """The reach of items that were drawn under these versions of the plan.

    >>> whole = {"has_grown": False, "is_whole": True}
    >>> drawn = {"p1": DrawnUnder(100, way=("random",), **whole), "p2": DrawnUnder(100, way=("given", 0.1), **whole)}
    >>> reach_of(["p1"], drawn).size
    100
    >>> reach_of(["p1", "p2"], drawn).obstacle
    'since they were drawn under plans that sample in different ways'
    """
    versions = set(plan_versions)
    known = [under for version, under in drawn.items() if version in versions]
    if len({under.way for under in known}) > 1:
        return Reach(obstacle="since they were drawn under plans that sample in different ways")
    sizes = [under.size for under in known]
    if any(under.has_grown for under in known) or sizes != sorted(sizes, reverse=True):
        return Reach(obstacle="since items came in while they were drawn, which had less of a chance")
    if not all(under.is_whole for under in known):
        return Reach(obstacle="since part of the sample was asked in another way, and the rest is no random sample")
    return Reach(min(sizes), known[0].by) if known else Reach()


@dataclass(slots=True)
class _Source:
    """The draws of one version of a plan, as they come."""

    size: int = 0
    has_grown: bool = False
    samples: dict[str, Counter[tuple[float, int]]] = field(default_factory=dict)
    """Of each reviewer how many items came from strata of a probability and a size."""

    def add_in_turn(self, size: int) -> None:
        self.has_grown |= 0 < self.size < size
        self.size = min(self.size or size, size)

    def add_of_sample(self, reviewer: str, draw: Draw) -> None:
        stratum = draw.selection_probability or 1.0, draw.pool_size or 1
        self.samples.setdefault(reviewer, Counter())[stratum] += 1

    def summed_up(self, way: tuple[Any, ...], by: str | None) -> DrawnUnder:
        if not self.samples:
            return DrawnUnder(self.size, self.has_grown, True, way, by)
        size = max(
            max(round(sum(count / probability for (probability, _), count in strata.items())), *_sizes(strata))
            for strata in self.samples.values()
        )
        return DrawnUnder(size, self.has_grown, any(map(_is_whole, self.samples.values())), way, by)


def _sizes(strata: Mapping[tuple[float, int], int]) -> list[int]:
    return [size for _, size in strata]


def _is_whole(strata: Mapping[tuple[float, int], int]) -> bool:
    """Whether each stratum, or all of those that are alike, has as many items as were to be drawn from it."""
    filled = [count / (probability * size) for (probability, size), count in strata.items()]
    return all(abs(part - round(part)) < 1e-6 and part > 0.5 for part in filled)


class Sources:
    """Out of how many items the draws of each plan were made, told from all draws of a session in their order."""

    def __init__(self) -> None:
        self._met: dict[str, set[str]] = {}
        self._sources: dict[str, _Source] = {}

    def add(self, reviewer: str, draw: Draw) -> None:
        """Take in the reviewer's next draw."""
        met = self._met.setdefault(reviewer, set())
        if draw.chosen_by not in ("hand", "changed"):
            source = self._sources.setdefault(draw.plan_version, _Source())
            if draw.chosen_by == "sample":
                source.add_of_sample(reviewer, draw)
            else:
                source.add_in_turn((draw.pool_size or 0) + len(met))
        met.add(draw.item_id)

    def drawn_under(self, plans: Mapping[str, ReviewPlan]) -> dict[str, DrawnUnder]:
        """By version of the plan, of those that are known, in the order of their first draws."""
        return {
            version: source.summed_up(plans[version].way_of_drawing, plans[version].by)
            for version, source in self._sources.items()
            if version in plans
        }
