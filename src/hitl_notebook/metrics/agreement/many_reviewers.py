"""Agreement of two or more reviewers: share of agreeing pairs, and coefficients that take chance out of it."""

from collections.abc import Hashable, Sequence
from math import inf, nan

import numpy as np

from hitl_notebook.errors import UnknownChoice
from hitl_notebook.estimate import Estimate
from hitl_notebook.metrics.agreement.comparison import Comparison, compare
from hitl_notebook.metrics.agreement.distances import Weights
from hitl_notebook.metrics.agreement.ratings import Table

__all__ = [
    "brennan_prediger",
    "brennan_prediger_of",
    "conger_kappa",
    "conger_of",
    "fleiss_kappa",
    "fleiss_of",
    "gwet_ac1",
    "gwet_ac2",
    "gwet_of",
    "percent_agreement",
    "percent_of",
]


def percent_agreement(
    ratings: Table, *, categories: Sequence[Hashable] | None = None, weights: Weights = None, level: float = 0.95
) -> Estimate:
    """How often two reviewers of the same item say the same.

    Parameters
    ----------
    ratings : DataFrame, array or list of rows of shape (items, reviewers)
        One row an item, one column a reviewer; a frame of pandas, polars or pyarrow. None, NaN, NA and null are gaps;
        0, False and "" are categories. A set of labels is a tuple, in polars and pyarrow a list.
    categories : list, optional
        All that can be said, in order; left out: what occurs, sorted.
    weights : "linear", "quadratic", "ordinal", "radical", "ratio" or matrix, optional
        How much two categories agree, from 0 to 1, after Gwet: by the categories' own numbers where all are numbers,
        else by their places in the list; "ordinal" always by their places. Left out: equal or not. A matrix has its
        rows in the order of the categories, unless it is a DataFrame that names them.
    level : float
        Confidence level of the interval.

    Returns
    -------
    Estimate in [0, 1], the mean over items of the share of agreeing pairs among their ratings; ``n`` counts the items
    with two ratings or more. NaN with a note where there is none, and where weights go by the places of categories that
    are no numbers and were not declared: their alphabetical order is no scale. The interval is t(items - 1), cut at 0
    and 1; items with one rating count in it, as Gwet has it, and make it wide where they are many.

    Raises
    ------
    BadFrame
        No table, or cells that cannot be compared.
    InvalidValue, UnknownChoice
        A rating outside ``categories``, or where these are left out text that reads like a number or a bool of another
        cell, as "1" and 1; weights or a level that are none.

    References
    ----------
    Gwet (2014), Handbook of Inter-Rater Reliability, 4th ed.

    Examples
    --------
    All three pairs agree on the first item, one of three on the second: (1 + 1/3) / 2.

    >>> estimate = percent_agreement([["ham", "ham", "ham"], ["ham", "ham", "spam"]])
    >>> round(estimate.value, 4), estimate.n
    (0.6667, 2)
    """
    return percent_of(compare(ratings, categories, weights, level))


def percent_of(comparison: Comparison) -> Estimate:
    return comparison.corrected("percent agreement", 1.0, lowest=0.0)


def fleiss_kappa(
    ratings: Table, *, categories: Sequence[Hashable] | None = None, weights: Weights = None, level: float = 0.95
) -> Estimate:
    """Agreement beyond chance, chance being two ratings drawn from all reviewers' ratings together.

    Takes what `percent_agreement` takes. Gaps may be anywhere, and who gave which rating makes no difference.

    Returns
    -------
    Estimate up to 1; 0 is what chance would give. The interval is cut at 1 and at the smallest value that there can be,
    -1 / (m - 1) where each item has m ratings or more, which is -1 of two, and less where some have one; there is none
    of weights or distances of one's own that are no squares of how far apart points lie. One item has no interval. NaN
    with a note where no item has two ratings, or where only one category was used. Items with one rating count for
    chance, and in the standard error, as Gwet has it: where they are many the interval is wider than it need be, and
    that of the items with two ratings alone is the better one. Of simulated reviews by three, with a fifth of the
    ratings missing or none, 95 % intervals of this, of Conger's kappa and of alpha held the truth in 94 to 95 % with
    100 items of three kinds, in 91 to 92 % where 95 of the 100 were of one kind, in 93 to 94 % with 15 items, and in 83
    to 87 % with 30 items of which 27 were of one kind: take them for too narrow there. The note names the first kappa
    paradox as in `cohen_kappa`; the second one does not touch this coefficient, in which all reviewers have the same
    habits.

    References
    ----------
    Fleiss (1971), Psychological Bulletin 76(5). Gwet (2014), Handbook of Inter-Rater Reliability, 4th ed. Feinstein
    and Cicchetti (1990), J Clin Epidemiol 43(6). Byrt, Bishop and Carlin (1993), J Clin Epidemiol 46(5).

    Examples
    --------
    Two of three items agree, and half of all ratings are "ham": (2/3 - 1/2) / (1 - 1/2).

    >>> round(fleiss_kappa([["ham", "ham"], ["spam", "spam"], ["ham", "spam"]]).value, 4)
    0.3333
    """
    return fleiss_of(compare(ratings, categories, weights, level))


def fleiss_of(comparison: Comparison, name: str = "Fleiss' kappa") -> Estimate:
    if comparison.why_not:
        return comparison.missing(name)
    shares = comparison.ratings.shares
    to_all = comparison.distance.to_all(shares)
    by_chance = float(shares @ to_all)
    notes = comparison.paradox(1 - comparison.observed / by_chance) if by_chance > 0 else []
    per_item = comparison.ratings.item_mean(to_all)
    return comparison.corrected(name, by_chance, per_item, notes, lowest=comparison.lowest)


def conger_kappa(
    ratings: Table, *, categories: Sequence[Hashable] | None = None, weights: Weights = None, level: float = 0.95
) -> Estimate:
    """Agreement beyond chance, chance being two reviewers who each keep to their own habits: Cohen's kappa for many.

    Takes what `percent_agreement` takes. A reviewer's column has to be one person's.

    Returns
    -------
    Estimate up to 1; 0 is what chance would give. The interval is as good as that of `fleiss_kappa`, and cut where that
    is if there are no gaps; with gaps no smallest value is known. There is none where all reviewers but one used one
    category only, by which it is 0 whatever the items are. NaN with a note where no item has two ratings, or where all
    reviewers used the same one category. The note names both kappa paradoxes as in `cohen_kappa`; with the habits of
    all taken together it is about `fleiss_kappa`.

    References
    ----------
    Conger (1980), Psychological Bulletin 88(2). Feinstein and Cicchetti (1990), J Clin Epidemiol 43(6). Gwet (2014),
    Handbook of Inter-Rater Reliability, 4th ed.

    Examples
    --------
    Two of four agree, each says "ham" half the time: 1/2 is what chance gives.

    >>> conger_kappa([["ham", "ham"], ["ham", "spam"], ["spam", "ham"], ["spam", "spam"]]).value
    0.0
    """
    return conger_of(compare(ratings, categories, weights, level))


def conger_of(comparison: Comparison) -> Estimate:
    name = "Conger's kappa"
    codes, distance = comparison.ratings.codes, comparison.distance
    items, reviewers = comparison.ratings.items, codes.shape[1]
    if comparison.why_not:
        return comparison.missing(name)
    rated = codes >= 0
    margins = comparison.ratings.margins
    habits = margins / margins.sum(axis=1, keepdims=True)
    together = habits.sum(axis=0)
    pairs = reviewers * (reviewers - 1)
    by_chance, per_item = 0.0, np.zeros(len(codes))
    for place, (habit, counts) in enumerate(zip(habits, margins, strict=True)):
        to_others = distance.to_all(together - habit)
        mean = float(habit @ to_others)
        by_chance += mean / pairs
        mine = rated[:, place]
        per_item[mine] += (to_others[codes[mine, place]] - mean) * (items / counts.sum()) / pairs
    value = 1 - comparison.observed / by_chance if by_chance > 0 else nan
    notes = [*comparison.paradox(value), *comparison.second_paradox(value)]
    lowest = comparison.lowest if rated.all() else -inf
    return comparison.corrected(name, by_chance, per_item + by_chance, notes, lowest=lowest, by_habits=True)


def gwet_ac1(
    ratings: Table, *, categories: Sequence[Hashable] | None = None, weights: Weights = None, level: float = 0.95
) -> Estimate:
    """Agreement beyond chance, chance being what happens on items that are hard: steady where one category prevails.

    Takes what `percent_agreement` takes. It depends on how many categories there are: declare those that could have
    been said, not only those that were. With weights it is what Gwet calls AC2, and ``method`` says so, as in the
    function of this name in R's irrCAC: `gwet_ac2`.

    Returns
    -------
    Estimate up to 1. The interval is cut at 1 and at -1 / (categories - 1). Of simulated reviews by three, with a fifth
    of the ratings missing or none, 95 % intervals held the truth in 93 to 95 %, where 95 of 100 items were of one kind
    and with 15 items too, and in 89 to 91 % with 30 items of which 27 were of one kind. NaN with a note where no item
    has two ratings or there is one category only.

    References
    ----------
    Gwet (2008), British Journal of Mathematical and Statistical Psychology 61(1). Gwet (2014), Handbook of
    Inter-Rater Reliability, 4th ed.

    Examples
    --------
    Two of three agree, half are "ham": chance is 2 * 1/2 * 1/2, and (2/3 - 1/2) / (1 - 1/2).

    >>> round(gwet_ac1([["ham", "ham"], ["spam", "spam"], ["ham", "spam"]], categories=["ham", "spam"]).value, 4)
    0.3333
    """
    return gwet_of(compare(ratings, categories, weights, level))


def gwet_ac2(
    ratings: Table, *, weights: Weights, categories: Sequence[Hashable] | None = None, level: float = 0.95
) -> Estimate:
    """`gwet_ac1` of categories that can be nearly the same, as on a scale.

    Takes what `percent_agreement` takes. The weights have to be named, since the figure rests on them.

    Returns
    -------
    Estimate up to 1. The interval is cut at 1 and at 1 - 1 / d, d being how far apart two ratings are that are drawn
    evenly from the categories. NaN with a note where no item has two ratings or there is one category only.

    Raises
    ------
    UnknownChoice
        No weights: that is `gwet_ac1`.

    References
    ----------
    Gwet (2014), Handbook of Inter-Rater Reliability, 4th ed.

    Examples
    --------
    On a scale of three, 1 and 2 agree by half, so the items by 1 and 1/2. Weights sum to 5, shares are 1/4 and 3/4,
    and chance is 5 / (3 * 2) * (1/4 * 3/4 + 3/4 * 1/4) = 5/16: (3/4 - 5/16) / (1 - 5/16) = 7/11.

    >>> round(gwet_ac2([[2, 2], [1, 2]], weights="linear", categories=[1, 2, 3]).value, 4)
    0.6364
    """
    if weights is None:
        raise UnknownChoice("gwet_ac2 rests on its weights: name them, or take gwet_ac1")
    return gwet_of(compare(ratings, categories, weights, level))


def gwet_of(comparison: Comparison) -> Estimate:
    name = "Gwet's AC2" if comparison.weights else "Gwet's AC1"
    ratings, q = comparison.ratings, len(comparison.ratings.categories)
    if comparison.why_not:
        return comparison.missing(name)
    even = comparison.of_even_categories
    if even == 0:
        return comparison.corrected(name, 0.0, notes=comparison.number_of_categories())
    scale = (1 - even) * q / (q - 1)  # the sum of the weights over q (q - 1)
    by_chance = 1 - scale * float(ratings.shares @ (1 - ratings.shares))
    per_item = 1 - scale * ratings.item_mean(1 - ratings.shares)
    notes = comparison.number_of_categories()
    return comparison.corrected(name, by_chance, per_item, notes, lowest=1 - 1 / even)


def brennan_prediger(
    ratings: Table, *, categories: Sequence[Hashable] | None = None, weights: Weights = None, level: float = 0.95
) -> Estimate:
    """Agreement beyond chance, chance being a blind draw from the categories: for two of them, PABAK.

    Takes what `percent_agreement` takes. It depends on how many categories there are: declare those that could have
    been said, not only those that were.

    Returns
    -------
    Estimate up to 1. The interval is cut at 1 and, without weights, at -1 / (categories - 1), which it is where all
    pairs differ; with weights as that of `gwet_ac2`. Of such simulated reviews as those of `gwet_ac1`, without gaps,
    95 % intervals held the truth in 93 to 96 %. NaN with a note where no item has two ratings or there is one category
    only.

    References
    ----------
    Brennan and Prediger (1981), Educational and Psychological Measurement 41(3). Gwet (2014), Handbook of Inter-Rater
    Reliability, 4th ed.

    Examples
    --------
    Three of four agree, a draw from two categories agrees half the time: (3/4 - 1/2) / (1 - 1/2).

    >>> brennan_prediger([["ham", "ham"]] * 3 + [["ham", "spam"]], categories=["ham", "spam"]).value
    0.5
    """
    return brennan_prediger_of(compare(ratings, categories, weights, level))


def brennan_prediger_of(comparison: Comparison) -> Estimate:
    even, notes = comparison.of_even_categories, comparison.number_of_categories()
    lowest = 1 - 1 / even if even > 0 else -inf
    return comparison.corrected("Brennan-Prediger coefficient", even, notes=notes, lowest=lowest)
