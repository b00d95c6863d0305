"""What a figure over reviewed items speaks of: all items, or the reviewed ones only."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd

from hitl_notebook.metrics.columns import Array, numbers
from hitl_notebook.metrics.selection import chosen_as, obstacle_of_sample, sample_is_whole, selection_weights
from hitl_notebook.review_queue import DrawnUnder, Reach, reach_of

__all__ = ["Basis", "basis_of"]


class Basis(NamedTuple):
    """How many items each reviewed one stands for, and that in words."""

    weight: Array | None
    """0 for items that speak of no others, as those chosen by hand; None where nothing is known of items that were not
    reviewed."""
    words: str


def basis_of(
    items: pd.DataFrame,
    *,
    population: int | None,
    asked: int | None,
    is_in_random_order: bool,
    drawn_under: Mapping[str, DrawnUnder] = MappingProxyType({}),
) -> Basis:
    """By how the items came to be asked, one row each.

    >>> drawn = pd.DataFrame({"item_id": [7, 8], "chosen_by": "random", "selection_probability": [1 / 4, 1 / 3],
    ...                       "pool_size": [4, 3]})
    >>> basis_of(drawn, population=4, asked=4, is_in_random_order=True)
    Basis(weight=array([1., 1.]), words='a random sample of 4 items')
    """
    count = len(items)
    if population is not None and count >= population:
        return Basis(np.ones(count), "every item reviewed")
    of_hand, of_changed, of_sample, of_order = chosen_as(items["chosen_by"], "hand", "changed", "sample", "order")
    by_hand, changed = int(np.count_nonzero(of_hand)), int(np.count_nonzero(of_changed))
    aside = f", {by_hand:,} chosen by hand left out" if by_hand else ""
    aside += f", {changed:,} asked since a model version changed them left out" if changed else ""
    if by_hand + changed == count:
        reasons = ["were chosen by hand"] * bool(by_hand) + ["a model version changed"] * bool(changed)
        return Basis(None, f"the reviewed items only, which {' or '.join(reasons)}" if count else "no item yet")
    is_drawn = ~(of_hand | of_changed)
    reach = reach_of(items.loc[is_drawn, "plan_version"].unique(), drawn_under) if drawn_under else Reach()
    if reach.obstacle:
        return Basis(None, f"the reviewed items only, {reach.obstacle}")
    obstacle = obstacle_of_sample(items, population=population, asked=asked, is_in_random_order=is_in_random_order)
    if obstacle:
        return Basis(None, f"the reviewed items only, since {obstacle}")
    sampled = items.loc[of_sample, "selection_probability"].to_numpy(dtype=np.float64)
    if by_hand + changed and len(sampled) and not (population and sample_is_whole(sampled, population)):
        return Basis(None, "the reviewed items only, since part of the sample may have been asked in another way")
    weight = numbers(selection_weights(items), "weight")
    drawn = weight[weight > 0]
    if not len(drawn):
        is_certain = items.loc[of_order, "selection_probability"].eq(1).all()
        why = "the queue left the others no chance" if is_certain else "none was drawn at random yet"
        return Basis(None, f"the reviewed items only, since {why}")
    waiting = int(np.count_nonzero(of_order & (weight == 0)))
    aside += f", {waiting:,} asked by score since the last draw at random not yet counted" if waiting else ""
    if np.allclose(drawn, drawn[0]):
        return Basis((weight > 0).astype(np.float64), f"{reach.words(population)}{aside}")
    of = reach.items(population) if population is not None and reach.leaves_out(population) else "all"
    return Basis(weight, f"weighted by how likely each was to be asked, so that they speak of {of}{aside}")
