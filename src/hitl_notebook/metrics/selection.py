"""What each reviewed item stands for, where some were likelier to be asked than others."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from hitl_notebook.errors import BadColumn
from hitl_notebook.metrics.columns import Array, numbers

__all__ = ["effective_n", "leave_others_no_chance", "sample_is_whole", "selection_weights"]

Column: TypeAlias = "pd.Series[float]"


def selection_weights(decisions: pd.DataFrame) -> Column:
    """Weights under which the reviewed items speak for all items, by how each came to be asked.

    An item of a sample stands for 1 / probability items. Draws made one after another (a queue by score with a share at
    random) have another rule: the probability is that of one draw, given what was still to be drawn. There the weights
    are those of the total that is unbiased whatever the order was, and even where draws at random are.

    Parameters
    ----------
    decisions : DataFrame
        Columns ``item_id``, ``selection_probability``, ``pool_size`` and ``chosen_by``, as in ``session.decisions``.
        Of an item that several reviewers met, its earliest draw counts.

    Returns
    -------
    Series with the index of ``decisions``: 0 for items chosen by hand, which stand for themselves alone, and for those
    that were drawn since a next version of the model changed them (``chosen_by`` "changed"), which speak of such items
    only; else positive with a mean of about 1 over items. Several samples, or a sample and a queue, are joined by their
    effective sizes. A queue without a share at random leaves the items that it has not come to no chance: no weights
    make the others speak for them, and these do not.

    Raises
    ------
    BadColumn
        A probability outside (0, 1], or a pool without any item.

    References
    ----------
    Horvitz and Thompson (1952), JASA 47(260). Raj (1956), JASA 51(274). Farquhar, Gal and Rainforth (2021), ICLR, whose
    weights these are where each pool is smaller than the one before by one.

    Examples
    --------
    Of four items the first draw took one with certainty but for a share of 0.4 at random, the second one at random.

    >>> drawn = pd.DataFrame({"item_id": [7, 8], "selection_probability": [0.7, 0.4 / 3], "pool_size": [4, 3],
    ...                       "chosen_by": ["order", "random"]})
    >>> selection_weights(drawn).round(3).tolist()
    [0.372, 1.628]
    """
    probability = numbers(decisions["selection_probability"], "selection_probability")
    pool = numbers(decisions["pool_size"], "pool_size")
    if ((probability <= 0) | (probability > 1)).any():
        row = int(np.flatnonzero((probability <= 0) | (probability > 1))[0])
        raise BadColumn(f"selection_probability lies in (0, 1]; row {row} has {probability[row]:g}")
    if (pool < 1).any():
        row = int(np.flatnonzero(pool < 1)[0])
        raise BadColumn(f"pool_size is 1 or more; row {row} has {pool[row]:g}")
    of_changed = decisions["chosen_by"].eq("changed").fillna(False).to_numpy(dtype=bool)
    sampled = decisions["chosen_by"].eq("sample").fillna(False).to_numpy(dtype=bool)
    earliest = np.argsort(-np.nan_to_num(pool), kind="stable")
    known = earliest[~(np.isnan(probability) | of_changed)[earliest]]
    code, items = pd.factorize(decisions["item_id"])
    first = np.unique(code[known], return_index=True)[1]
    kept = known[np.sort(first)]
    weight = np.zeros(len(items))
    in_turn = kept[~(sampled | np.isnan(pool))[kept]]
    at_once = kept[(sampled | np.isnan(pool))[kept]]
    _put(weight, code[in_turn], _in_turn(probability[in_turn], pool[in_turn]))
    _put(weight, code[at_once], 1 / probability[at_once])
    total = weight.sum()
    if total > 0:
        weight *= len(kept) / total
    return pd.Series(weight[code], index=decisions.index)


def leave_others_no_chance(decisions: pd.DataFrame) -> bool:
    """Whether some draw was certain while others were in the pool, so that nothing is known of those.

    >>> drawn = {"chosen_by": ["order", "order"], "selection_probability": [1.0, 1.0], "pool_size": [2, 1]}
    >>> leave_others_no_chance(pd.DataFrame(drawn)), leave_others_no_chance(pd.DataFrame(drawn)[1:])
    (True, False)
    """
    certain = decisions["chosen_by"].eq("order") & decisions["selection_probability"].eq(1)
    return bool((certain & decisions["pool_size"].gt(1)).any())


def sample_is_whole(probability: Array, population: int) -> bool:
    """Whether these are all items of a sample, by the probability of each: they stand for the whole population.

    Those that were asked in another way meanwhile were not left out at random, and the rest is no random sample.

    >>> sample_is_whole(np.array([0.5, 0.5]), 4), sample_is_whole(np.array([0.5]), 4)
    (True, False)
    """
    return float((1 / probability).sum()) > population - 0.5


def effective_n(weight: Array) -> float:
    """So many items of equal weight would say as much (Kish 1965).

    >>> effective_n(np.array([1.0, 1.0, 0.0])), effective_n(np.array([]))
    (2.0, 0.0)
    """
    squares = float(weight @ weight)
    return float(weight.sum()) ** 2 / squares if squares > 0 else 0.0


def _put(weight: Array, place: npt.NDArray[np.intp], raw: Array) -> None:
    """Each design estimates the same mean by itself: the more items it amounts to, the more it is listened to."""
    if len(raw):
        weight[place] = raw / raw.sum() * effective_n(raw)


def _in_turn(probability: Array, pool: Array) -> Array:
    """Weights of draws made one after another, largest pool first.

    After each draw the total is what was drawn before plus this one's value over its probability, without bias. The
    weights are those of the mean of these totals, each total weighed so that even draws get even weights.
    """
    after = np.append(np.cumprod((1 - 1 / pool)[::-1])[::-1], 1.0)
    weights: Array = (1 + after[1:] * (1 / (pool * probability) - 1)) / (1 - after[0]) if len(pool) else pool
    return weights
