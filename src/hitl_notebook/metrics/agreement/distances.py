"""How far apart two categories are: weights of agreement, levels of measurement, a function of one's own."""

from collections.abc import Callable, Hashable, Sequence
from decimal import Decimal
from math import isclose, isfinite
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from hitl_notebook.errors import InvalidValue, UnknownChoice
from hitl_notebook.metrics.agreement.ratings import Codes, Floats
from hitl_notebook.quoted import quoted

__all__ = [
    "Distance",
    "Matrix",
    "Positions",
    "Squared",
    "Unequal",
    "Weights",
    "by_rule",
    "function_distance",
    "not_numbers",
    "numbers",
    "weighted_distance",
    "weights_name",
]

Weights = str | npt.ArrayLike | None
Rule = Callable[[Floats, Floats], Floats]
ROUNDING = 1e-12
# A function of the user's may reckon in single precision.
ROUNDED = 1e-6
# One that depends on the order does so among the first values; to ask it both ways of all would take twice as long.
BOTH_WAYS = 100
# So many categories have a table of 8 MB.
IN_A_TABLE = 1_000
# So many distances at a time stay in the processor's cache.
CELLS_AT_ONCE = 2**16
WEIGHTS = ("linear", "quadratic", "ordinal", "radical", "ratio")


class Distance(Protocol):
    """Distances between categories, 0 from each to itself; a weight of agreement is 1 minus it."""

    @property
    def is_squared(self) -> bool:
        """Whether they are the squares of how far apart points are, wherever these may lie."""
        ...

    def between(self, first: Codes, second: Codes) -> Floats:
        """Of each pair."""
        ...

    def to_all(self, shares: Floats) -> Floats:
        """Of each category to a rating drawn by ``shares``, on average."""
        ...


class Unequal:
    """1 between any two different categories."""

    is_squared = True

    def between(self, first: Codes, second: Codes) -> Floats:
        return np.where(first != second, 1.0, 0.0)

    def to_all(self, shares: Floats) -> Floats:
        result: Floats = shares.sum() - shares
        return result


class Matrix:
    """Distances as they are written in a table."""

    def __init__(self, distances: Floats, *, is_squared: bool) -> None:
        self._distances = distances
        self.is_squared = is_squared

    def between(self, first: Codes, second: Codes) -> Floats:
        return self._distances[first, second]

    def to_all(self, shares: Floats) -> Floats:
        mean: Floats = self._distances @ shares
        return mean


class Squared:
    """Squared differences of positions on a line; thousands of different numbers need no table."""

    is_squared = True

    def __init__(self, positions: Floats) -> None:
        self.positions = positions

    def between(self, first: Codes, second: Codes) -> Floats:
        apart: Floats = np.square(self.positions[first] - self.positions[second])
        return apart

    def to_all(self, shares: Floats) -> Floats:
        mean = shares @ self.positions / shares.sum()
        off = np.square(self.positions - mean)
        distances: Floats = shares.sum() * off + shares @ off
        return distances


class Positions:
    """What a rule makes of two positions on a line, as a share of what it makes of the two farthest apart.

    A table of 20,000 categories would be gigabytes: the rows of one are made as they are needed.
    """

    is_squared = True

    def __init__(self, positions: Floats, rule: Rule) -> None:
        self._positions, self._rule = positions, rule
        ordered = np.sort(positions)
        self._furthest = float(rule(ordered[:1], ordered[-1:]).max(initial=0.0)) or 1.0

    def between(self, first: Codes, second: Codes) -> Floats:
        return self._rule(self._positions[first], self._positions[second]) / self._furthest

    def to_all(self, shares: Floats) -> Floats:
        size = len(self._positions)
        rows = max(CELLS_AT_ONCE // max(size, 1), 1)
        parts = (self.rows(slice(begin, begin + rows)) for begin in range(0, size, rows))
        # Not by @, whose threads wait for each other at every part where cores are busy.
        return np.concatenate([np.empty(0), *(np.einsum("ij,j->i", part, shares) for part in parts)])

    def rows(self, of: slice) -> Floats:
        """How far some of the categories are from each."""
        return self._rule(self._positions[of, None], self._positions) / self._furthest


def by_rule(positions: Floats, name: str) -> Distance:
    """One of Gwet's distances of positions, in a table where there are few of them: it is looked up in less time.

    "ratio" is Krippendorff's metric of a ratio scale too: ((c - k) / (c + k)) squared; two zeros are at no distance.
    """
    distance = Positions(positions, RULES[name])
    return distance if len(positions) > IN_A_TABLE else Matrix(distance.rows(slice(None)), is_squared=True)


def _linear(first: Floats, second: Floats) -> Floats:
    return np.abs(first - second)


def _radical(first: Floats, second: Floats) -> Floats:
    return np.sqrt(np.abs(first - second))


def _ordinal(first: Floats, second: Floats) -> Floats:
    steps = _linear(first, second)
    distances: Floats = steps * (steps + 1) / 2
    return distances


def _ratio(first: Floats, second: Floats) -> Floats:
    total = first + second
    total += total == 0  # of two zeros the difference is 0 whatever it is divided by
    share: Floats = first - second
    share /= total
    share *= share
    return share


RULES: dict[str, Rule] = {"linear": _linear, "radical": _radical, "ordinal": _ordinal, "ratio": _ratio}


def weighted_distance(weights: Weights, categories: Sequence[Hashable]) -> Distance:
    """1 minus Gwet's weights over the declared categories, or minus those of a matrix.

    Raises
    ------
    UnknownChoice
        A name that is none of Gwet's.
    InvalidValue
        A matrix of another shape, not symmetric, outside [0, 1] or without 1 on its diagonal; "ratio" of negative
        numbers.
    """
    if weights is None:
        return Unequal()
    if not isinstance(weights, str):
        distances = 1 - _checked(weights, categories)
        return Matrix(distances, is_squared=_are_squares(distances))
    if weights not in WEIGHTS:
        raise UnknownChoice(f"weights={weights!r} are none of {', '.join(WEIGHTS)}; or give a matrix")
    by_place = weights == "ordinal" or not_numbers(categories)
    scale = np.arange(1.0, len(categories) + 1) if by_place else numbers(categories)
    if weights == "quadratic":
        return Squared((scale - scale.min(initial=np.inf)) / (np.ptp(scale) if len(scale) > 1 else 1.0))
    if weights == "ratio" and scale.min(initial=0) < 0:
        raise InvalidValue('weights="ratio" are of numbers from 0 up: these categories have negative ones')
    return by_rule(scale, weights)


def _are_squares(distances: Floats) -> bool:
    """Schoenberg (1935), Annals of Mathematics 36(3): where the products of the ways from one point are positive."""
    if not distances.any():
        return True
    products = (distances[0] + distances[0][:, None] - distances) / distances.max()
    try:
        np.linalg.cholesky(products + 1e-9 * np.eye(len(products)))
    except np.linalg.LinAlgError:
        return False
    return True


def weights_name(weights: Weights) -> str:
    """As it is said in a method: after the name of the coefficient."""
    if weights is None:
        return ""
    return f" with {weights} weights" if isinstance(weights, str) else " with given weights"


def function_distance(
    distance: Callable[[Any, Any], float], categories: Sequence[Hashable], occurring: Codes
) -> Distance:
    """The distances that a function gives, asked for each two categories that occur.

    Raises
    ------
    InvalidValue
        What is no distance: negative or not finite, not 0 from a value to itself, not the same both ways.
    """
    table = np.zeros((len(categories), len(categories)))
    for place, first in enumerate(occurring):
        for second in occurring[: place + 1]:
            one, other = categories[first], categories[second]
            apart, is_itself = float(distance(one, other)), first == second
            if not (abs(apart) <= ROUNDED if is_itself else 0 <= apart < np.inf):
                raise InvalidValue(
                    "a distance is a number from 0 up, and 0 from a value to itself; that between "
                    f"{quoted(one)} and {quoted(other)} is {apart}"
                )
            if place < BOTH_WAYS and not is_itself:
                back = float(distance(other, one))
                if not isclose(apart, back, rel_tol=ROUNDED, abs_tol=ROUNDED):
                    raise InvalidValue(
                        f"a distance is the same both ways; that from {quoted(one)} to {quoted(other)} is {apart}, "
                        f"and back it is {back}"
                    )
            table[first, second] = table[second, first] = 0.0 if is_itself else apart
    return Matrix(table, is_squared=_are_squares(table[np.ix_(occurring, occurring)]))


def numbers(categories: Sequence[Hashable]) -> Floats:
    """The categories as finite numbers.

    Raises
    ------
    InvalidValue
        Some that are none.
    """
    other = not_numbers(categories)
    if other:
        raise InvalidValue(f"numbers are needed here, and {quoted(other[0])} is none: is this scale ordinal?")
    return np.array(categories, dtype=float)


def not_numbers(categories: Sequence[Hashable]) -> list[Hashable]:
    """Those that have no place on a scale of their own: text, and what is not finite."""
    return [each for each in categories if not _is_number(each)]


def _is_number(category: Hashable) -> bool:
    if not isinstance(category, int | float | Decimal | np.integer | np.floating):
        return False
    try:
        return isfinite(category)
    except OverflowError:  # an integer beyond all floats
        return False


def _checked(given: npt.ArrayLike, categories: Sequence[Hashable]) -> Floats:
    size = len(categories)
    if isinstance(given, pd.DataFrame):
        given = _in_their_order(given, categories)
    try:
        weights = np.array(given, dtype=float)
    except (TypeError, ValueError) as error:
        raise InvalidValue(f"weights are a name or a matrix of numbers; this is none: {error}") from error
    if weights.shape != (size, size):
        raise InvalidValue(f"weights for {size} categories are a {size} by {size} matrix; these are {weights.shape}")
    if not ((weights >= 0) & (weights <= 1)).all():
        raise InvalidValue("weights of agreement are from 0 (none) to 1 (full)")
    if not np.allclose(np.diag(weights), 1, rtol=0, atol=ROUNDING):
        raise InvalidValue("weights of agreement are 1 on the diagonal: a category agrees with itself in full")
    if not np.allclose(weights, weights.T, rtol=0, atol=ROUNDING):
        raise InvalidValue("weights of agreement are symmetric: who of two says what makes no difference")
    np.fill_diagonal(weights, 1)
    return weights


def _in_their_order(table: pd.DataFrame, categories: Sequence[Hashable]) -> pd.DataFrame:
    """A table that names the categories, in their order; one that numbers its rows and columns as it is."""
    if all(isinstance(names, pd.RangeIndex) for names in table.axes):
        return table
    if not all(names.is_unique and set(names) == set(categories) for names in table.axes):
        raise InvalidValue(
            f"the rows and columns of these weights are not named as the categories are: {quoted(list(categories))}"
        )
    return table.loc[list(categories), list(categories)]
