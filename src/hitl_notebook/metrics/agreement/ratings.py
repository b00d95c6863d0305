"""A table of items by reviewers as numbers: which category each reviewer gave to each item."""

from collections.abc import Callable, Hashable, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from hitl_notebook.errors import BadFrame, InvalidValue
from hitl_notebook.quoted import quoted

__all__ = ["Codes", "Floats", "Ratings", "Table", "read_pair", "read_ratings"]

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]
Table = pd.DataFrame | npt.NDArray[Any] | Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Ratings:
    """What each reviewer said of each item, as positions in the list of categories; -1 is a gap.

    Items and reviewers without any rating are not in it: they say nothing about agreement.
    """

    codes: Codes
    categories: tuple[Hashable, ...]
    declared: bool
    reviewers: tuple[Hashable, ...]
    blank: int = 0

    @cached_property
    def per_item(self) -> Codes:
        number: Codes = np.count_nonzero(self.codes >= 0, axis=1)
        return number

    @cached_property
    def pairable(self) -> npt.NDArray[np.bool_]:
        return self.per_item >= 2

    @cached_property
    def shares(self) -> Floats:
        """Share of each category, every item counting the same however many ratings it has."""
        weight = np.repeat(1 / self.per_item, self.codes.shape[1])
        total = np.bincount(self.codes.ravel() + 1, weights=weight, minlength=len(self.categories) + 1)
        return total[1:] / max(len(self.codes), 1)

    @cached_property
    def counts(self) -> Codes:
        """How many ratings each category has."""
        return np.bincount(self.codes.ravel() + 1, minlength=len(self.categories) + 1)[1:]

    @cached_property
    def packed(self) -> Codes:
        """The ratings of each item with its gaps last: as wide as the most ratings an item has, not as the table."""
        widest = int(self.per_item.max(initial=0))
        if self.per_item.min(initial=widest) == self.codes.shape[1]:
            return self.codes
        return -np.sort(-self.codes, axis=1)[:, :widest]

    def item_mean(self, of_category: Floats) -> Floats:
        """For each item, the mean over its ratings of what belongs to their category."""
        of_code = np.append(of_category, 0.0)  # a gap is -1: the last
        total: Floats = of_code[self.packed] @ np.ones(self.packed.shape[1])
        return total / self.per_item

    def disagreement(self, between: Callable[[Codes, Codes], Floats]) -> Floats:
        """For each item, the mean distance over its pairs of ratings; 0 where it has fewer than two."""
        total = np.zeros(len(self.codes))
        places = np.ascontiguousarray(self.packed.T)
        for place, second in enumerate(places):
            rated = second >= 0
            for first in places[:place]:
                total += between(first, second) * rated
        return total / np.maximum(self.per_item * (self.per_item - 1) / 2, 1)

    def of_items(self, chosen: npt.NDArray[np.bool_]) -> "Ratings":
        return Ratings(self.codes[chosen], self.categories, self.declared, self.reviewers, self.blank)

    def of_pair(self, first: int, second: int) -> "Ratings":
        """Two of the reviewers, over the items that both rated."""
        codes = self.codes[:, [first, second]]
        both = np.count_nonzero(codes >= 0, axis=1) == 2
        reviewers = (self.reviewers[first], self.reviewers[second])
        return Ratings(codes if both.all() else codes[both], self.categories, self.declared, reviewers)


def read_ratings(table: Table, categories: Sequence[Hashable] | None) -> Ratings:
    """A frame, an array or a list of rows as `Ratings`.

    Raises
    ------
    BadFrame
        What has no rows and columns, or whose cells cannot be compared: sets and lists; tuples can.
    InvalidValue
        A rating that is not among the declared categories, or a category declared twice.
    """
    try:
        frame = table if isinstance(table, pd.DataFrame) else pd.DataFrame(table)
    except ValueError as error:
        raise BadFrame(
            f"ratings are a table of items (rows) by reviewers (columns); this cannot be one: {error}"
        ) from (error)
    try:
        positions, found = pd.factorize(frame.to_numpy().ravel(), use_na_sentinel=True)
    except TypeError as error:
        raise BadFrame(f"ratings have to be hashable, sets of labels as tuples of labels: {error}") from error
    occurring = found.tolist()
    known = _in_order(occurring) if categories is None else list(categories)
    place = {category: index for index, category in enumerate(known)}
    if len(place) < len(known):
        raise InvalidValue(f"a category is declared twice in {quoted(known)}")
    unknown = [value for value in occurring if value not in place]
    if unknown:
        names = ", ".join(quoted(value) for value in unknown[:5])
        raise InvalidValue(f"{names} is not among the {len(known)} declared categories: declare all that can be given")
    to_known = np.array([*(place[value] for value in occurring), -1], dtype=np.intp)
    codes = to_known[positions].reshape(frame.shape)
    rated = codes >= 0
    items, reviewers = (np.flatnonzero(np.count_nonzero(rated, axis=axis)) for axis in (1, 0))
    return Ratings(
        codes=codes if codes.shape == (len(items), len(reviewers)) else codes[np.ix_(items, reviewers)],
        categories=tuple(known),
        declared=categories is not None,
        reviewers=tuple(frame.columns[reviewers]),
        blank=len(codes) - len(items),
    )


def read_pair(a: Sequence[Any], b: Sequence[Any], categories: Sequence[Hashable] | None) -> Ratings:
    """The ratings of two reviewers, over the items that both rated.

    Raises
    ------
    BadFrame
        The two are not of the same length, or are Series of different items.
    """
    if isinstance(a, pd.Series) and isinstance(b, pd.Series) and not a.index.equals(b.index):
        raise BadFrame("the two reviewers' Series have different indexes: align them first, as with DataFrame columns")
    if len(a) != len(b):
        raise BadFrame(f"two reviewers of the same items are needed: these have {len(a)} and {len(b)} ratings")
    whole = read_ratings(pd.DataFrame({"a": _column(a), "b": _column(b)}), categories)
    if len(whole.reviewers) < 2:
        return whole.of_items(np.zeros(len(whole.codes), dtype=bool))
    pair = whole.of_pair(0, 1)
    return Ratings(pair.codes, pair.categories, pair.declared, pair.reviewers, len(a) - len(pair.codes))


def _column(values: Sequence[Any]) -> "npt.NDArray[Any] | pd.Series[Any]":
    if isinstance(values, pd.Series):
        return values.reset_index(drop=True)
    if isinstance(values, np.ndarray) and values.ndim == 1:
        return values
    # Filled one by one: numpy would make a second axis of tuples.
    cells = np.empty(len(values), dtype=object)
    for index, value in enumerate(values):
        cells[index] = value
    return cells


def _in_order(values: list[Any]) -> list[Any]:
    try:
        if not any(isinstance(value, Set) for value in values):
            return sorted(values)
    except TypeError:
        pass
    return sorted(values, key=lambda value: (type(value).__name__, repr(value)))
