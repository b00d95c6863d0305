"""Krippendorff's alpha: agreement beyond chance, with gaps, on any scale, of sets of labels too."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from hitl_notebook.errors import InvalidValue, UnknownChoice
from hitl_notebook.estimate import Estimate
from hitl_notebook.metrics.agreement.comparison import UNDECLARED_SCALE, Comparison, compare, undeclared_order
from hitl_notebook.metrics.agreement.distances import (
    Distance,
    Squared,
    Weights,
    by_rule,
    function_distance,
    numbers,
)
from hitl_notebook.metrics.agreement.ratings import Floats, Ratings, Table

__all__ = ["Level", "alpha_of", "krippendorff_alpha"]

Level = Literal["nominal", "ordinal", "interval", "ratio"] | Callable[[Any, Any], float]


def krippendorff_alpha(
    ratings: Table,
    level_of_measurement: Level = "nominal",
    *,
    categories: Sequence[Hashable] | None = None,
    weights: Weights = None,
    level: float = 0.95,
) -> Estimate:
    """Agreement beyond chance, chance being two of all pairable ratings, whoever gave them and to whatever item.

    Parameters
    ----------
    ratings : DataFrame, array or list of rows of shape (items, reviewers)
        As in `percent_agreement`. An item with one rating has no say at all.
    level_of_measurement : "nominal", "ordinal", "interval", "ratio" or function
        What makes two ratings differ: that they are unequal; how many ratings lie between them; the squared difference
        of two numbers; the same in proportion to their sum. A function of two values gives the distance itself, 0 for
        equal ones, as `masi_distance` for tuples of labels; it is asked for each two values that occur.
    categories : list, optional
        All that can be said, in order: the order of an ordinal scale. Left out: what occurs, sorted; of anything but
        numbers an ordinal scale is then not known. Other levels do not depend on it.
    weights : "linear", "quadratic", "ordinal", "radical", "ratio" or matrix, optional
        Gwet's weights of agreement in place of a level of measurement.
    level : float
        Confidence level of the interval.

    Returns
    -------
    Estimate up to 1; 0 is what chance would give. The interval is t(n - 1) over the ``n`` items with two ratings or
    more, with Gwet's standard error, and as good as that of `fleiss_kappa`, and cut as that is; for a function and for
    numbers it is the same with the distances in place of weights, and for an ordinal scale it counts in that the scale
    is itself estimated from the ratings. NaN with a note where no item has two ratings, nothing was used but one value,
    or the order of a scale was not declared.

    Raises
    ------
    BadFrame
        No table, or cells that cannot be compared.
    InvalidValue, UnknownChoice
        A rating outside ``categories``; values that are no numbers where numbers are needed, or negative on a ratio
        scale; a function that is no distance: below 0, not 0 from a value to itself, or another one the other way
        round; both a level of measurement and weights; weights or a level that are none.

    References
    ----------
    Krippendorff (2011), Computing Krippendorff's alpha-reliability. Gwet (2014), Handbook of Inter-Rater Reliability,
    4th ed. Passonneau (2006), LREC. Braylan, Alonso and Lease (2022), Measuring annotator agreement generally across
    complex structured, multi-object, and free-text annotation tasks, WWW.

    Examples
    --------
    One of two items differs; of 4 ratings 3 are "ham", so that 6 of 12 ordered pairs differ: 1 - (1/2) / (6/12).

    >>> krippendorff_alpha([["ham", "ham"], ["ham", "spam"]]).value
    0.0

    The same with sets that are 1/2 apart where they differ: both halves of the ratio are halved.

    >>> from hitl_notebook.metrics import jaccard_distance
    >>> sets = [[("billing",), ("billing",)], [("billing",), ("billing", "praise")]]
    >>> krippendorff_alpha(sets, jaccard_distance).value
    0.0
    """
    if weights is not None and level_of_measurement != "nominal":
        raise InvalidValue("give level_of_measurement= or weights=, not both: each says how far apart two ratings are")
    return alpha_of(compare(ratings, categories, weights, level), level_of_measurement)


def alpha_of(whole: Comparison, level_of_measurement: Level = "nominal") -> Estimate:
    pairable = whole.ratings.pairable
    kept = whole.ratings if pairable.all() else whole.ratings.of_rows(pairable)
    name = f"Krippendorff's alpha{_said(level_of_measurement)}"
    comparison = whole
    if kept is not whole.ratings or level_of_measurement != "nominal":
        scale = whole.distance if level_of_measurement == "nominal" else _scale(kept, level_of_measurement)
        notes, no_order = whole.notes, whole.no_order
        if level_of_measurement == "ordinal":
            no_order = undeclared_order(kept)
            notes = () if kept.declared or no_order else (UNDECLARED_SCALE,)
        comparison = replace(whole, ratings=kept, distance=scale, notes=notes, no_order=no_order)
    if comparison.why_not:
        return replace(comparison, ratings=whole.ratings).missing(name)
    pooled = _Pooled(comparison)
    if not pooled.expected > 0:
        return comparison.corrected(name, 0.0)
    value = 1 - (1 - 1 / pooled.total) * pooled.observed / pooled.expected
    each = pooled.by_ratings()
    if level_of_measurement == "ordinal" and isinstance(comparison.distance, Squared):
        each += pooled.by_scale(comparison.distance.positions)
    said = comparison.paradox(value) if level_of_measurement == "nominal" else []
    left_out = whole.ratings.items - kept.items
    if left_out:
        said.append(f"{left_out} with one rating left out")
    return comparison.estimate(comparison.method(name), value, each, said, lowest=comparison.lowest)


class _Pooled:
    """Observed and expected distance over all pairable ratings, and what each item does to their ratio."""

    def __init__(self, comparison: Comparison) -> None:
        self.ratings = comparison.ratings
        self.apart = comparison.apart
        self.per_item = self.ratings.per_item
        self.times = self.ratings.times
        self.total = int(self.times @ self.per_item)
        self.shares = self.ratings.counts / self.total
        self.to_all = comparison.distance.to_all(self.shares)
        self.observed = float(self.times * self.per_item @ self.apart) / self.total
        self.expected = float(self.shares @ self.to_all)

    def by_ratings(self) -> Floats:
        """How each item moves 1 - observed / expected, the distances being fixed."""
        heavy = self.per_item * self.ratings.items / self.total
        observed = heavy * (self.apart - self.observed)
        expected = 2 * heavy * (self.ratings.item_mean(self.to_all) - self.expected)
        moved: Floats = (self.observed / self.expected * expected - observed) / self.expected
        return moved

    def by_scale(self, positions: Floats) -> Floats:
        """How each item moves it by moving the positions, which are the middle ranks of all ratings."""
        packed, per_item = self.ratings.packed, self.per_item[:, None]
        rated = packed >= 0
        here = np.where(rated, positions[packed], 0.0)
        pull = 4 * (here * per_item - here.sum(axis=1, keepdims=True)) / (self.total * (per_item - 1))
        pull *= self.times[:, None]
        of_observed = np.bincount(packed[rated], weights=pull[rated], minlength=len(positions))
        of_expected = 4 * self.shares * (positions - self.shares @ positions)
        slope = (self.observed / self.expected * of_expected - of_observed) / self.expected
        above = np.cumsum(slope[::-1])[::-1] - slope / 2
        heavy = self.per_item * self.ratings.items / self.total
        moved: Floats = heavy * (self.ratings.item_mean(above) - slope @ positions)
        return moved


def _scale(ratings: Ratings, level_of_measurement: Level) -> Distance:
    if callable(level_of_measurement):
        return function_distance(level_of_measurement, ratings.categories, np.flatnonzero(ratings.counts))
    if level_of_measurement == "ordinal":
        shares = ratings.counts / max(ratings.counts.sum(), 1)
        return Squared(np.cumsum(shares) - shares / 2)
    if level_of_measurement not in ("interval", "ratio"):
        raise UnknownChoice(
            f"level_of_measurement={level_of_measurement!r} is no function, nor nominal, ordinal, interval or ratio"
        )
    values = numbers(ratings.categories)
    values = values / max(np.abs(values).max(initial=0.0), np.finfo(float).tiny)  # squares of 1e200 are infinite
    if level_of_measurement == "interval":
        lowest, highest = values.min(initial=1.0), values.max(initial=-1.0)
        return Squared((values - lowest) / (highest - lowest) if highest > lowest else values)
    if values.min(initial=0.0) < 0:
        raise InvalidValue("a ratio scale begins at 0: these values have negative ones; is it an interval scale?")
    return by_rule(values, "ratio")


def _said(level_of_measurement: Level) -> str:
    if callable(level_of_measurement):
        return f" by {getattr(level_of_measurement, '__name__', 'a distance')}"
    return f" ({level_of_measurement})"
