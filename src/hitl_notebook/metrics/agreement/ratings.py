"""A table of items by reviewers as numbers: which category each reviewer gave to each item."""

from collections.abc import Callable, Hashable, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from numbers import Number
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from hitl_notebook.errors import BadColumn, BadFrame, InvalidValue
from hitl_notebook.libraries import IntoDataFrame, pandas_column, pandas_table
from hitl_notebook.metrics.agreement.factorized import FEW, Narrow, each_factorized
from hitl_notebook.quoted import quoted

__all__ = ["Codes", "Floats", "Ratings", "Table", "as_cells", "as_frame", "read_codes", "read_pair", "read_ratings"]

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]
NUMBER = (Number, np.bool_)
Table = IntoDataFrame | npt.NDArray[Any] | Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Ratings:
    """What reviewers said of items, as positions in the list of categories; -1 is a gap.

    A row of ``codes`` stands for ``times`` items that were rated alike: a hundred thousand items are rated in a few
    thousand ways, and what is computed of one item holds of all that were rated so. Items and reviewers without any
    rating are not in it: they say nothing about agreement.
    """

    codes: Codes
    times: Floats
    categories: tuple[Hashable, ...]
    declared: bool
    reviewers: tuple[Hashable, ...]
    blank: int = 0

    @classmethod
    def of(
        cls,
        codes: Narrow,
        categories: Sequence[Hashable],
        *,
        declared: bool,
        reviewers: Sequence[Hashable],
        times: Floats | None = None,
    ) -> "Ratings":
        """The same, of a table of codes whose rows and columns may be blank; ``times`` left out: one item a row."""
        rows, times = _distinct(codes, times, len(categories))
        rated = rows >= 0
        items, columns = (np.flatnonzero(np.count_nonzero(rated, axis=axis)) for axis in (1, 0))
        return cls(
            codes=rows if rows.shape == (len(items), len(columns)) else rows[np.ix_(items, columns)],
            times=times[items],
            categories=tuple(categories),
            declared=declared,
            reviewers=tuple(reviewers[column] for column in columns.tolist()),
            blank=int(times.sum() - times[items].sum()),
        )

    @cached_property
    def items(self) -> int:
        """How many items have a rating."""
        return int(self.times.sum())

    @cached_property
    def per_item(self) -> Codes:
        """How many ratings an item of each row has."""
        number: Codes = np.count_nonzero(self.codes >= 0, axis=1)
        return number

    @cached_property
    def pairable(self) -> npt.NDArray[np.bool_]:
        return self.per_item >= 2

    @cached_property
    def shares(self) -> Floats:
        """Share of each category, every item counting the same however many ratings it has."""
        return self._of_categories(self.times / self.per_item) / max(self.items, 1)

    @cached_property
    def counts(self) -> Floats:
        """How many ratings each category has."""
        return self._of_categories(self.times)

    @cached_property
    def margins(self) -> Floats:
        """How many ratings of each category each reviewer gave, a row a reviewer."""
        size = len(self.categories) + 1
        of_each = [np.bincount(column + 1, weights=self.times, minlength=size)[1:] for column in self.codes.T]
        return np.array(of_each, dtype=np.float64).reshape(-1, size - 1)

    def _of_categories(self, of_row: Floats) -> Floats:
        weight = np.repeat(of_row, self.codes.shape[1])
        total = np.bincount(self.codes.ravel() + 1, weights=weight, minlength=len(self.categories) + 1)
        return total[1:].astype(np.float64, copy=False)

    @property
    def by_row(self) -> Floats:
        """How many ratings of each category each row has."""
        size = len(self.categories) + 1
        place = (self.codes + 1 + np.arange(len(self.codes))[:, None] * size).ravel()
        number = np.bincount(place, minlength=len(self.codes) * size).reshape(-1, size)
        return number[:, 1:].astype(np.float64)

    @cached_property
    def packed(self) -> Codes:
        """The ratings of each row with its gaps last: as wide as the most ratings an item has, not as the table."""
        widest = int(self.per_item.max(initial=0))
        if self.per_item.min(initial=widest) == self.codes.shape[1]:
            return self.codes
        return -np.sort(-self.codes, axis=1)[:, :widest]

    def item_mean(self, of_category: Floats) -> Floats:
        """For each row, the mean over its ratings of what belongs to their category."""
        of_code = np.append(of_category, 0.0)  # a gap is -1: the last
        total: Floats = of_code[self.packed] @ np.ones(self.packed.shape[1])
        return total / self.per_item

    def disagreement(self, between: Callable[[Codes, Codes], Floats]) -> Floats:
        """For each row, the mean distance over its pairs of ratings; 0 where it has fewer than two."""
        size = len(self.categories)
        if self.packed.shape[1] > 2 * size:  # fewer pairs of categories than pairs of ratings
            by_row, apart = self.by_row, between(*np.indices((size, size)))
            total: Floats = (by_row @ apart * by_row).sum(axis=1) / 2
        else:
            total = np.zeros(len(self.codes))
            places = np.ascontiguousarray(self.packed.T)
            for place, second in enumerate(places):
                rated = second >= 0
                for first in places[:place]:
                    total += between(first, second) * rated
        return total / np.maximum(self.per_item * (self.per_item - 1) / 2, 1)

    def of_rows(self, chosen: npt.NDArray[np.bool_]) -> "Ratings":
        return replace(self, codes=self.codes[chosen], times=self.times[chosen])

    def of_pair(self, first: int, second: int) -> "Ratings":
        """Two of the reviewers, over the items that both rated."""
        codes, categories = self.codes[:, [first, second]], self.categories
        rows, times = _distinct(codes, self.times, len(categories))
        both = np.count_nonzero(rows >= 0, axis=1) == 2
        reviewers = (self.reviewers[first], self.reviewers[second])
        return Ratings(rows[both], times[both], categories, self.declared, reviewers)


def _distinct(codes: Narrow, times: Floats | None, categories: int) -> tuple[Codes, Floats]:
    """Rows that are alike as one; as they are where there may be more different ones than rows."""
    rows, width = codes.shape
    base = categories + 1
    if not width or base**width > rows:
        return codes.astype(np.intp, copy=False), np.ones(rows) if times is None else times
    dtype = next(narrow for narrow in (np.int8, np.int16, np.intp) if base**width <= np.iinfo(narrow).max)
    # The digits of a number are codes plus 1: the ones of all digits are added together, the last column's first.
    last, *others = codes.T[::-1]
    number = np.add(last, sum(base**place for place in range(width)), dtype=dtype)
    for place, column in enumerate(others, 1):
        number += np.multiply(column, base**place, dtype=dtype)
    items: Floats = np.bincount(number, weights=times).astype(np.float64, copy=False)
    found = np.flatnonzero(items)
    return np.stack(np.unravel_index(found, (base,) * width), axis=1) - 1, items[found]


def read_ratings(table: Table, categories: Sequence[Hashable] | None) -> Ratings:
    """A frame, an array or a list of rows as `Ratings`.

    Raises
    ------
    BadFrame
        What has no rows and columns, or whose cells cannot be compared: sets and lists; tuples can.
    InvalidValue
        A rating that is not among the declared categories, or a category declared twice.
    """
    frame = as_frame(table)
    codes, known = read_codes([as_cells(column) for _, column in frame.items()], categories)
    return Ratings.of(codes, known, declared=categories is not None, reviewers=list(frame.columns))


def as_frame(table: Table) -> pd.DataFrame:
    """A table of items by reviewers as a frame; raises BadFrame for what has no rows and columns."""
    try:
        return pandas_table(table)
    except ValueError as error:
        raise BadFrame(
            f"ratings are a table of items (rows) by reviewers (columns); this cannot be one: {error}"
        ) from (error)


def read_codes(columns: Sequence[Any], categories: Sequence[Hashable] | None) -> tuple[Narrow, list[Any]]:
    """Columns of one length as positions in the list of categories, -1 where missing, and that list.

    Categories that are not declared are those that occur, sorted.

    Raises
    ------
    BadFrame, InvalidValue
        As `read_ratings`; or text that reads like a number or a bool of another cell, where nothing is declared.
    """
    try:
        read = each_factorized(columns)
    except TypeError as error:
        raise BadFrame(f"ratings have to be hashable, sets of labels as tuples of labels: {error}") from error
    found = [values.tolist() for _, values in read]
    occurring = list(dict.fromkeys(value for values in found for value in values))
    if categories is None:
        _refuse_what_reads_alike(occurring)
    known = _in_order(occurring) if categories is None else list(pandas_column(categories))
    place = {category: index for index, category in enumerate(known)}
    if len(place) < len(known):
        raise InvalidValue(f"a category is declared twice in {quoted(known)}")
    unknown = [value for value in occurring if value not in place]
    if unknown:
        names = ", ".join(quoted(value) for value in unknown[:5])
        raise InvalidValue(f"{names} is not among the {len(known)} declared categories: declare all that can be given")
    dtype = np.int8 if len(known) <= FEW else np.intp
    codes = np.empty((len(columns[0]) if columns else 0, len(columns)), dtype=dtype, order="F")
    for column, ((positions, _), values) in enumerate(zip(read, found, strict=True)):
        if values == known[: len(values)]:
            codes[:, column] = positions
        else:
            in_order = np.array([*(place[value] for value in values), -1], dtype=dtype)
            np.take(in_order, positions, out=codes[:, column], mode="wrap")  # -1, a gap, is the last
    return codes, known


def _refuse_what_reads_alike(occurring: Sequence[Any]) -> None:
    """The label "1" of one column and the 1 of another would never agree."""
    kinds = set(map(type, occurring))
    if not (any(issubclass(kind, str) for kind in kinds) and any(issubclass(kind, NUMBER) for kind in kinds)):
        return
    numbers = [value for value in occurring if isinstance(value, NUMBER)]
    read: dict[Any, Any] = {**{number: number for number in numbers}, **{str(number): number for number in numbers}}
    for text in (value for value in occurring if isinstance(value, str)):
        number = read.get(text, read.get(_as_number(text)))
        if number is not None:
            raise InvalidValue(
                f"{quoted(text)} is text and {quoted(number)} is none, which would be two categories: make them of one "
                "type, or declare both with categories= (labels= of a confusion)"
            )


def _as_number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def read_pair(a: Sequence[Any], b: Sequence[Any], categories: Sequence[Hashable] | None) -> Ratings:
    """The ratings of two reviewers, over the items that both rated.

    Raises
    ------
    BadFrame
        The two are not of the same length, or are Series of different items.
    BadColumn
        One of them is a table.
    """
    if isinstance(a, pd.Series) and isinstance(b, pd.Series) and not a.index.equals(b.index):
        raise BadFrame("the two reviewers' Series have different indexes: align them first, as with DataFrame columns")
    if len(a) != len(b):
        raise BadFrame(f"two reviewers of the same items are needed: these have {len(a)} and {len(b)} ratings")
    codes, known = read_codes([as_cells(a), as_cells(b)], categories)
    whole = Ratings.of(codes, known, declared=categories is not None, reviewers=("a", "b"))
    if len(whole.reviewers) < 2:
        return whole.of_rows(np.zeros(len(whole.codes), dtype=bool))
    pair = whole.of_pair(0, 1)
    return replace(pair, blank=len(codes) - pair.items)


def as_cells(values: Any) -> Any:
    """A column as pandas can tell its cells apart; raises BadColumn for a frame or an array of several."""
    # A Series would look for the name in its index, which is made ready for that first: milliseconds where it is text.
    if not isinstance(values, pd.Series) and (hasattr(values, "columns") or getattr(values, "ndim", 1) != 1):
        raise BadColumn(f"{type(values).__name__}: give one column, as in frame['prediction'], not a table")
    values = pandas_column(values)
    if isinstance(values, np.ndarray) and values.dtype.kind in "mM":
        values = pd.Series(values)
    if isinstance(values, pd.Series):
        # Of times an array of numpy's has no zone, and its cells as a list may be integers.
        return values.array if values.dtype.kind in "mM" else values.values
    if isinstance(values, pd.arrays.NumpyExtensionArray):
        return values.to_numpy()  # pandas 2 does not tell the cells of its own wrapper apart
    if isinstance(values, np.ndarray | pd.api.extensions.ExtensionArray | pd.Index):
        return values
    # One by one: numpy would make a second axis of tuples.
    return np.fromiter(values, dtype=object, count=len(values))


def _in_order(values: list[Any]) -> list[Any]:
    try:
        if not any(isinstance(value, Set) for value in values):
            return sorted(values)
    except TypeError:
        pass
    return sorted(values, key=lambda value: (type(value).__name__, repr(value)))
