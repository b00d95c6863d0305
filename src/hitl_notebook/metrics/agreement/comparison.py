"""What all coefficients are made of: how often reviewers differ, and how often they would by chance."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf, nan, sqrt

import numpy as np
from scipy.special import stdtrit

from hitl_notebook.errors import InvalidValue
from hitl_notebook.estimate import Estimate
from hitl_notebook.metrics.agreement.distances import (
    Distance,
    Weights,
    not_numbers,
    weighted_distance,
    weights_name,
)
from hitl_notebook.metrics.agreement.ratings import Floats, Ratings, Table, read_ratings
from hitl_notebook.quoted import quoted

__all__ = ["UNDECLARED_SCALE", "Comparison", "compare", "undeclared_order"]

PARADOX = 0.1
# In the example of Feinstein and Cicchetti unequal habits raise kappa by 0.07.
RAISED = 0.05
UNDECLARED_SCALE = "the scale is that of the categories that occur, sorted: declare categories= in their order"
ROUNDING = 1e-12
GWET = "standard error of Gwet (2014), t interval"


@dataclass(frozen=True)
class Comparison:
    """Ratings and the distances between their categories, read once for all coefficients."""

    ratings: Ratings
    distance: Distance
    weights: str = ""
    level: float = 0.95
    notes: tuple[str, ...] = ()
    no_order: str = ""

    @property
    def why_not(self) -> str:
        """Why nothing can be computed; empty where it can."""
        if not self.n:
            return "no item has ratings of two reviewers" if self.ratings.reviewers else "nothing has been rated"
        return self.no_order

    @cached_property
    def n(self) -> int:
        """How many items have two ratings or more, and so can agree."""
        return int(self.ratings.times @ self.ratings.pairable)

    @cached_property
    def apart(self) -> Floats:
        """For each row of ratings, the mean distance of two of them."""
        return self.ratings.disagreement(self.distance.between)

    @cached_property
    def observed(self) -> float:
        return float(self.ratings.times @ self.apart) / self.n

    @cached_property
    def of_even_categories(self) -> float:
        """The distance of two ratings drawn evenly from all categories, used or not."""
        return self._of_even(np.ones(len(self.ratings.categories)))

    def _of_even(self, taken: Floats) -> float:
        shares = taken / max(taken.sum(), 1)
        return float(shares @ self.distance.to_all(shares))

    @property
    def lowest(self) -> float:
        """The smallest value of a coefficient whose chance is two of all ratings: -1 of two ratings an item.

        Two of an item's m ratings are m / (m - 1) times as far apart as two drawn from them with replacement, which are
        on average not farther apart than two drawn from all: so it is with squares, and of other distances nothing is
        known.
        """
        if not self.distance.is_squared:
            return -inf
        fewest = int(self.ratings.per_item[self.ratings.pairable].min())
        return 1 - self.ratings.items / self.n * fewest / (fewest - 1)

    def method(self, name: str) -> str:
        return f"{name}{self.weights}, {GWET}"

    def corrected(
        self,
        name: str,
        by_chance: float,
        chance_per_item: Floats | None = None,
        notes: Sequence[str] = (),
        *,
        lowest: float = -inf,
        by_habits: bool = False,
    ) -> Estimate:
        """1 - observed / by chance, with the delta method over items.

        ``chance_per_item`` averages to ``by_chance``; left out, chance does not depend on the ratings.
        """
        if self.why_not:
            return self.missing(name)
        if not by_chance > 0:
            return self.missing(name, "; ".join([self._nothing_but_chance(), *notes]))
        value = 1 - self.observed / by_chance
        each = (self.ratings.items / self.n) * self.ratings.pairable * (1 - self.apart / by_chance) - value
        if chance_per_item is not None:
            each += 2 * (1 - value) * (chance_per_item - by_chance) / by_chance
        return self.estimate(self.method(name), value, each, notes, lowest=lowest, by_habits=by_habits)

    def estimate(
        self,
        method: str,
        value: float,
        deviations: Floats,
        notes: Sequence[str] = (),
        *,
        lowest: float = -inf,
        by_habits: bool = False,
    ) -> Estimate:
        """``deviations``: by how much an item of each row moves the value, 0 on average over items."""
        n = self.ratings.items
        error = sqrt(float(self.ratings.times @ np.square(deviations)) / (n * (n - 1))) if n > 1 else nan
        quantile = float(stdtrit(n - 1, (1 + self.level) / 2)) if n > 1 else nan
        said = [*notes, *self.notes, *self._gaps()]
        return self.with_interval(method, value, error, quantile, said, lowest=lowest, by_habits=by_habits)

    def with_interval(
        self,
        method: str,
        value: float,
        error: float,
        quantile: float,
        notes: Sequence[str],
        *,
        lowest: float = -inf,
        by_habits: bool = False,
    ) -> Estimate:
        """So many standard errors to either side, cut at ``lowest`` and 1, where the standard error says anything.

        ``by_habits``: chance is that each reviewer keeps to their own habits.
        """
        said, why_none = list(notes), self._no_error(error, by_habits=by_habits)
        if why_none:
            said.append(why_none)
            error = nan
        elif error < ROUNDING:
            said.append("all items are alike: an interval without width is no certainty")
            error = 0.0
        half = quantile * error
        return Estimate(
            value=value,
            low=max(value - half, min(lowest, value)) if half == half else nan,
            high=min(value + half, 1.0) if half == half else nan,
            level=self.level,
            n=self.n,
            method=method,
            standard_error=error,
            note="; ".join(said),
        )

    def _no_error(self, error: float, *, by_habits: bool) -> str:
        """Why a standard error of 0 says nothing of other items; empty where it is none, or all of these are alike."""
        if self.ratings.items == 1:
            return "one item has no standard error"
        if error >= ROUNDING:
            return ""
        steady = np.count_nonzero(self.ratings.margins, axis=1) == 1
        if by_habits and np.count_nonzero(~steady) <= 1:
            who = "one of the two reviewers" if len(steady) == 2 else "all reviewers but one"
            return f"{who} used one category only, by which it is 0 whatever the items are: no interval"
        if np.ptp(self.apart) > ROUNDING:
            return "its standard error is 0 although the items are not alike: no interval"
        return ""

    def missing(self, name: str, why: str = "") -> Estimate:
        return Estimate.missing("; ".join([why or self.why_not, *self.notes]), n=self.n, method=self.method(name))

    def paradox(self, value: float) -> list[str]:
        """The first kappa paradox, said where even use of the categories used would have given 0.1 more or better.

        Byrt, Bishop and Carlin (1993), J Clin Epidemiol 46(5): prevalence and bias index of two categories. Like any
        part of a note it has no semicolon of its own; a label in it may have one.
        """
        counts = self.ratings.counts
        used = np.flatnonzero(counts)
        if not self.n or len(used) < 2:
            return []
        by_even = self._of_even((counts > 0).astype(float))
        even = 1 - self.observed / by_even if by_even > 0 else nan
        if not even - value > PARADOX:
            return []
        shares, top = self.ratings.shares, int(np.argmax(self.ratings.shares))
        habits = self._habits[:, top]
        prevalence = f", prevalence index {abs(2 * shares[top] - 1):.2f}" if len(used) == 2 else ""
        return [
            f"kappa paradox: {1 - self.observed:.2f} of ratings agree, but {quoted(self.ratings.categories[top])} is "
            f"{shares[top]:.0%} of them, so that much would agree by chance, and the same agreement with the "
            f"{len(used)} categories used evenly is {even:.2f}{prevalence}, bias index {np.ptp(habits):.2f}"
        ]

    def second_paradox(self, value: float) -> list[str]:
        """The second kappa paradox, said where reviewers of the same habits would have had 0.05 less or worse.

        It raises coefficients of which each reviewer's habits are a part: those of Cohen and Conger. Feinstein and
        Cicchetti (1990), J Clin Epidemiol 43(6).
        """
        habits = self._habits
        together = habits.mean(axis=0)
        by_chance = float(together @ self.distance.to_all(together))
        pooled = 1 - self.observed / by_chance if by_chance > 0 else nan
        if not value - pooled > RAISED:
            return []
        # Of two categories both are as far apart, but for rounding.
        most = int(np.argmax(np.ptp(habits, axis=0).round(12)))
        low, high = habits[:, most].min(), habits[:, most].max()
        return [
            f"second kappa paradox: {quoted(self.ratings.categories[most])} is {low:.0%} to {high:.0%} of what each "
            f"reviewer says, so that less would agree by chance, and the same agreement with the habits of all taken "
            f"together is {pooled:.2f}, bias index {high - low:.2f}"
        ]

    @property
    def _habits(self) -> Floats:
        """The share of each category in what each reviewer says of these items, a row a reviewer."""
        given = self.ratings.margins.sum(axis=1, keepdims=True)
        rated = given[:, 0] > 0  # of these items, which may be but those that several rated
        habits: Floats = self.ratings.margins[rated] / given[rated]
        return habits

    def number_of_categories(self) -> list[str]:
        if self.ratings.declared:
            return []
        return [f"depends on the number of categories: {len(self.ratings.categories)} occur, none were declared"]

    def _nothing_but_chance(self) -> str:
        used = int((self.ratings.counts > 0).sum())
        if len(self.ratings.categories) < 2:
            return "there is one category only, so any two ratings agree by chance"
        if used < 2:
            return "one category was used only, so all agreement is what chance would give"
        return "the weights set no two of the categories used apart"

    def _gaps(self) -> list[str]:
        single = self.ratings.items - self.n
        blank = self.ratings.blank
        return [
            *(
                [f"{single} with one rating count only for what is likely by chance, and widen the interval"]
                if single
                else []
            ),
            *([f"{blank} without ratings left out"] if blank else []),
        ]


def compare(
    ratings: Table | Ratings, categories: Sequence[Hashable] | None, weights: Weights, level: float
) -> Comparison:
    """Ratings in whichever form, compared; a scale of numbers that was not declared is noted, one of text is none.

    Raises
    ------
    InvalidValue
        A level outside (0, 1), ratings that are not among the categories, weights that are none.
    """
    if not 0 < level < 1:
        raise InvalidValue(f"level is between 0 and 1, such as 0.95; this is {level}")
    if not isinstance(ratings, Ratings):
        ratings = read_ratings(ratings, categories)
    distance = weighted_distance(weights, ratings.categories)
    no_order = undeclared_order(ratings) if isinstance(weights, str) else ""
    notes = () if weights is None or ratings.declared or no_order else (UNDECLARED_SCALE,)
    return Comparison(ratings, distance, weights_name(weights), level, notes, no_order)


def undeclared_order(ratings: Ratings) -> str:
    """What to say where a scale is needed and nobody declared its order; empty where numbers have their own."""
    other = [] if ratings.declared else not_numbers(ratings.categories)
    return (
        f"a scale has an order, which {quoted(other[0])} does not tell: pass categories= in their order"
        if other
        else ""
    )
