"""All coefficients side by side, and of each two reviewers."""

from collections.abc import Callable, Hashable, Sequence
from itertools import combinations
from typing import Any, Literal

import numpy as np
import pandas as pd

from hitl_notebook.errors import UnknownChoice
from hitl_notebook.estimate import Estimate
from hitl_notebook.metrics.agreement.alpha import alpha_of
from hitl_notebook.metrics.agreement.comparison import Comparison, compare
from hitl_notebook.metrics.agreement.distances import Weights
from hitl_notebook.metrics.agreement.many_reviewers import (
    brennan_prediger_of,
    conger_of,
    fleiss_of,
    gwet_of,
    percent_of,
)
from hitl_notebook.metrics.agreement.ratings import Ratings, Table, read_ratings
from hitl_notebook.metrics.agreement.two_reviewers import cohen_of, scott_of

__all__ = ["agreement_coefficients", "pairwise_agreement"]

Pairwise = Literal[
    "cohen_kappa",
    "scott_pi",
    "percent_agreement",
    "fleiss_kappa",
    "conger_kappa",
    "krippendorff_alpha",
    "gwet_ac1",
    "gwet_ac2",
    "brennan_prediger",
]

_OF_MANY: dict[str, Callable[[Comparison], Estimate]] = {
    "percent_agreement": percent_of,
    "fleiss_kappa": fleiss_of,
    "conger_kappa": conger_of,
    "krippendorff_alpha": alpha_of,
    "gwet_ac": gwet_of,
    "brennan_prediger": brennan_prediger_of,
}
_OF_TWO: dict[str, Callable[[Comparison], Estimate]] = {
    **{name: of for name, of in _OF_MANY.items() if name != "gwet_ac"},
    "cohen_kappa": cohen_of,
    "scott_pi": scott_of,
    "gwet_ac1": gwet_of,
    "gwet_ac2": gwet_of,
}
_FIGURES = ["value", "low", "high", "standard_error", "n", "method", "note"]


def agreement_coefficients(
    ratings: Table, *, categories: Sequence[Hashable] | None = None, weights: Weights = None, level: float = 0.95
) -> pd.DataFrame:
    """Every coefficient of many reviewers, side by side, from one reading of the table.

    Takes what `percent_agreement` takes.

    Returns
    -------
    DataFrame with one row a coefficient, named for its function in the index ``coefficient`` (``gwet_ac2`` where there
    are weights, else ``gwet_ac1``), and the columns value, low, high, standard_error, n, method and note of its
    `Estimate`.

    Examples
    --------
    >>> table = agreement_coefficients([["ham", "ham"], ["spam", "spam"], ["ham", "spam"]])
    >>> table["value"].round(2).to_dict()
    {'percent_agreement': 0.67, 'fleiss_kappa': 0.33, 'conger_kappa': 0.4, 'krippendorff_alpha': 0.44, \
'gwet_ac1': 0.33, 'brennan_prediger': 0.33}
    """
    comparison = compare(ratings, categories, weights, level)
    acs = "gwet_ac1" if weights is None else "gwet_ac2"
    rows = {acs if name == "gwet_ac" else name: _row(of(comparison)) for name, of in _OF_MANY.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=_FIGURES).rename_axis("coefficient")


def pairwise_agreement(
    ratings: Table,
    *,
    statistic: Pairwise | Callable[[pd.DataFrame], Estimate] = "cohen_kappa",
    categories: Sequence[Hashable] | None = None,
    weights: Weights = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Agreement of each two reviewers, over the items that both rated.

    Parameters
    ----------
    ratings, categories, weights, level
        As in `percent_agreement`. Categories that are not declared are those that occur in the whole table.
    statistic : name of a function here, or function
        What is computed of each two. A function takes a frame of two columns without gaps and returns an `Estimate`:
        ``lambda pair: krippendorff_alpha(pair, "ordinal")``; it has to know categories, weights and level itself.

    Returns
    -------
    DataFrame with one row for each two reviewers, in the order of their columns: reviewer, other, and the columns
    value, low, high, standard_error, n, method and note of the `Estimate`; ``n`` is their overlap. A reviewer without
    any rating is not in it.

    Raises
    ------
    UnknownChoice
        A statistic that is none of these, or ``gwet_ac2`` without weights.

    Examples
    --------
    >>> ratings = pd.DataFrame({"ada": ["ham", "spam"], "bo": ["ham", "spam"], "cy": ["ham", None]})
    >>> pairwise_agreement(ratings, statistic="percent_agreement")[["reviewer", "other", "value", "n"]]
      reviewer other  value  n
    0      ada    bo    1.0  2
    1      ada    cy    1.0  1
    2       bo    cy    1.0  1
    """
    whole = read_ratings(ratings, categories)
    of = _statistic(statistic, weights, level)
    rows = [
        (whole.reviewers[first], whole.reviewers[second], *_row(of(whole.of_pair(first, second))))
        for first, second in combinations(range(len(whole.reviewers)), 2)
    ]
    return pd.DataFrame(rows, columns=["reviewer", "other", *_FIGURES])


def _statistic(
    statistic: str | Callable[[pd.DataFrame], Estimate], weights: Weights, level: float
) -> Callable[[Ratings], Estimate]:
    if callable(statistic):
        return lambda pair: statistic(_frame(pair))
    if statistic not in _OF_TWO:
        raise UnknownChoice(f"statistic={statistic!r} is none of {', '.join(sorted(_OF_TWO))}, nor a function")
    if statistic == "gwet_ac2" and weights is None:
        raise UnknownChoice("gwet_ac2 rests on its weights: name them, or take gwet_ac1")
    return lambda pair: _OF_TWO[statistic](compare(pair, None, weights, level))


def _frame(pair: Ratings) -> pd.DataFrame:
    codes = np.repeat(pair.codes, pair.times.astype(int), axis=0)
    said = [[pair.categories[code] for code in column] for column in codes.T]
    columns = [pd.Series(values, dtype=object) for values in said]
    return pd.concat(columns, axis=1, keys=range(2)).set_axis(list(pair.reviewers), axis=1)


def _row(estimate: Estimate) -> tuple[Any, ...]:
    return tuple(getattr(estimate, figure) for figure in _FIGURES)
