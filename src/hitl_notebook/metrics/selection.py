"""What each reviewed item stands for, where some were likelier to be asked than others."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from hitl_notebook.errors import BadColumn
from hitl_notebook.libraries import IntoDataFrame
from hitl_notebook.metrics.columns import Array, dot, numbers, require

__all__ = ["chosen_as", "effective_n", "obstacle_of_sample", "sample_is_whole", "selection_weights"]

Column: TypeAlias = "pd.Series[float]"


def selection_weights(decisions: IntoDataFrame) -> Column:
    """Weights under which the reviewed items speak for all items, by how each came to be asked.

    An item of a sample stands for 1 / probability items. Draws made one after another (a queue by score with a share at
    random) have another rule. Each draw at random speaks for the pool that it was made from, and what had been drawn
    before, by whatever rule, for itself: a total without bias, however the order goes. The weights are those of the
    mean of these totals in which draws at random get even weights; an item that the order took then counts for as much
    as the later draws at random were likely to take it: for nothing since the last of them.

    Parameters
    ----------
    decisions : DataFrame
        Columns ``item_id``, ``selection_probability``, ``pool_size`` and ``chosen_by``, as in ``session.decisions``;
        ``"random"`` is evenly at random out of the pool. Of an item that several reviewers met, its earliest draw
        counts.

    Returns
    -------
    Series with the index of ``decisions``: 0 for items chosen by hand, which stand for themselves alone, for those
    that were drawn since a next version of the model changed them (``chosen_by`` "changed"), which speak of such items
    only, and for those that the order took since the last draw at random; else positive with a mean of about 1 over
    items. Several samples, or a sample and a queue, are joined by their effective sizes. While no item was drawn at
    random, no weights make the reviewed ones speak for the others, and these are 0.

    Raises
    ------
    MissingColumn
        A column that is needed is not there.
    BadColumn
        A probability outside (0, 1], or a pool without any item.

    References
    ----------
    Horvitz and Thompson (1952), JASA 47(260). Raj (1956), JASA 51(274), whose totals these are at the draws at random.

    Examples
    --------
    Of four items the first draw took one at random and the second one by order; the third was at random again.

    >>> drawn = pd.DataFrame({"item_id": [7, 8, 9], "selection_probability": [0.1, 0.95, 0.2], "pool_size": [4, 3, 2],
    ...                       "chosen_by": ["random", "order", "random"]})
    >>> selection_weights(drawn).round(3).tolist()
    [1.2, 0.6, 1.2]
    """
    decisions = require(decisions, "item_id", "selection_probability", "pool_size", "chosen_by")
    probability = numbers(decisions["selection_probability"], "selection_probability")
    pool = numbers(decisions["pool_size"], "pool_size")
    if ((probability <= 0) | (probability > 1)).any():
        row = int(np.flatnonzero((probability <= 0) | (probability > 1))[0])
        raise BadColumn(f"selection_probability lies in (0, 1]; row {row} has {probability[row]:g}")
    if (pool < 1).any():
        row = int(np.flatnonzero(pool < 1)[0])
        raise BadColumn(f"pool_size is 1 or more; row {row} has {pool[row]:g}")
    of_changed, sampled, at_random = chosen_as(decisions["chosen_by"], "changed", "sample", "random")
    earliest = np.argsort(-np.nan_to_num(pool), kind="stable")
    code, items = pd.factorize(decisions["item_id"])
    known = earliest[~(np.isnan(probability) | of_changed | (code < 0))[earliest]]
    first = np.full(len(items), len(known))
    first[code[known][::-1]] = np.arange(len(known))[::-1]  # what is written last stays
    kept = known[np.sort(first[first < len(known)])]
    weight = np.zeros(len(items))
    in_turn = kept[~(sampled | np.isnan(pool))[kept]]
    at_once = kept[(sampled | np.isnan(pool))[kept]]
    _put(weight, code[in_turn], _in_turn(at_random[in_turn], pool[in_turn]))
    _put(weight, code[at_once], 1 / probability[at_once])
    total = weight.sum()
    if total > 0:
        weight *= len(kept) / total
    return pd.Series(np.append(weight, 0.0)[code], index=decisions.index)  # what is no item, -1, is the last


def chosen_as(chosen_by: Column, *rules: str) -> list[npt.NDArray[np.bool_]]:
    """Which items were chosen by each of these rules; the column is read once.

    >>> [rows.tolist() for rows in chosen_as(pd.Series(["sample", None, "hand"]), "hand", "order")]
    [[False, False, True], [False, False, False]]
    """
    code, found = pd.factorize(chosen_by)
    known = list(found)
    return [code == (known.index(rule) if rule in known else len(known)) for rule in rules]


def sample_is_whole(probability: Array, population: int) -> bool:
    """Whether these are all items of a sample, by the probability of each: they stand for the whole population.

    Those that were asked in another way meanwhile were not left out at random, and the rest is no random sample.

    >>> sample_is_whole(np.array([0.5, 0.5]), 4), sample_is_whole(np.array([0.5]), 4)
    (True, False)
    """
    return float((1 / probability).sum()) > population - 0.5


def obstacle_of_sample(
    items: pd.DataFrame, *, population: int | None, asked: int | None, is_in_random_order: bool
) -> str:
    """Why those of a sample that were reviewed speak of no others: they are what an order by score took first.

    Parameters
    ----------
    items : DataFrame
        The reviewed ones, a row each, with ``chosen_by``, ``selection_probability`` and, where there are several
        versions of the plan, ``plan_version``.
    population : int, optional
        How many items there are; None where it is not known.
    asked : int, optional
        How many each reviewer is to meet; None where it is not known. Where these are more, as after a change of the
        plan, a sample is done when the probabilities of its items say so.
    is_in_random_order : bool
        Whether a part of the sample is a random sample of it.

    Returns
    -------
    str, empty where there is no obstacle.

    >>> half = pd.DataFrame({"chosen_by": "sample", "selection_probability": [0.5, 0.5]})
    >>> obstacle_of_sample(half, population=8, asked=4, is_in_random_order=False)
    'the sample is not done and was not asked in random order'
    >>> obstacle_of_sample(half, population=8, asked=4, is_in_random_order=True)
    ''
    """
    sampled = items[chosen_as(items["chosen_by"], "sample")[0]]
    reviewed = len(items)
    is_done = (asked is not None and reviewed >= asked) or (population is not None and reviewed >= population)
    if is_in_random_order or is_done or not len(sampled):
        return ""
    drawn_under = sampled.get("plan_version", pd.Series("", index=sampled.index))
    drawn = [
        part.to_numpy(dtype=np.float64)
        for _, part in sampled["selection_probability"].groupby(drawn_under, dropna=False)
    ]
    if population is not None and all(sample_is_whole(probability, population) for probability in drawn):
        return ""
    return "the sample is not done and was not asked in random order"


def effective_n(weight: Array) -> float:
    """So many items of equal weight would say as much (Kish 1965).

    >>> effective_n(np.array([1.0, 1.0, 0.0])), effective_n(np.array([]))
    (2.0, 0.0)
    """
    squares = dot(weight, weight)
    return float(weight.sum()) ** 2 / squares if squares > 0 else 0.0


def _put(weight: Array, place: npt.NDArray[np.intp], raw: Array) -> None:
    """Each design estimates the same mean by itself: the more items it amounts to, the more it is listened to."""
    if raw.any():
        weight[place] = raw / raw.sum() * effective_n(raw)


def _in_turn(at_random: npt.NDArray[np.bool_], pool: Array) -> Array:
    """Weights of draws made one after another, largest pool first; 0 for all while none was at random.

    A draw at random counts as 1, another one as likely as a later draw at random would have taken its item.
    """
    speaks = at_random | (pool == 1)  # the last one left is no choice
    missed = np.append(np.cumprod(np.where(speaks, 1 - 1 / pool, 1.0)[::-1])[::-1], 1.0)
    return np.where(speaks, 1.0, 1 - missed[1:])
