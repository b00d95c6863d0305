"""What a perfectly calibrated model would show: verdicts drawn with its own confidences."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from hitl_notebook.metrics.calibration.bins import Cells, totals
from hitl_notebook.metrics.calibration.reviewed_pairs import ReviewedPairs
from hitl_notebook.metrics.columns import Array

__all__ = ["MOST_ITEMS", "DrawnRates", "classes_by_chance", "gaps_by_chance", "rates_by_chance", "sums"]

# So many items are drawn one by one, with their own weights; of more, groups that lie next to each other in confidence.
MOST_ITEMS = 1_000
# A 50th of [0, 1] is so narrow that the verdicts of a group scatter as if all its confidences were their mean.
GROUPS = 50


class DrawnRates(NamedTuple):
    """By cell: its mean confidence and its weight; and how often the verdicts agree there, a row a draw."""

    confidence: Array
    weight: Array
    rate: Array


def rates_by_chance(pairs: ReviewedPairs, cell: Cells, cells: int, draws: int, seed: int) -> DrawnRates:
    """The verdicts of each cell drawn with its mean confidence."""
    weight = totals(cell, pairs.weight, cells)
    confidence = np.clip(totals(cell, pairs.weight * pairs.confidence, cells) / weight, 0, 1)
    # Of weighted items there are fewer in effect (Kish); a part of an item cannot be drawn.
    effective = np.maximum(np.rint(weight**2 / totals(cell, pairs.weight**2, cells)), 1).astype(np.int64)
    rng = np.random.default_rng(seed)
    if (effective == 1).all():
        return DrawnRates(confidence, weight, (rng.random((draws, cells)) < confidence).astype(np.float64))
    # All draws of a cell after one another: what a binomial distribution is drawn with is then made once.
    drawn = rng.binomial(effective[:, None], confidence[:, None], (cells, draws)) / effective[:, None]
    return DrawnRates(confidence, weight, np.ascontiguousarray(drawn.T))


def gaps_by_chance(pairs: ReviewedPairs, cell: Cells, cells: int, draws: int, seed: int) -> Array:
    """The total of weighted gaps in each cell, a row a draw."""
    group, groups = _groups(pairs, cell, cells)
    drawn = rates_by_chance(pairs, group, groups, draws, seed)
    cell_of_group = np.zeros(groups, dtype=np.intp)
    cell_of_group[group] = cell
    return sums((drawn.rate - drawn.confidence) * drawn.weight, cell_of_group, cells)


def classes_by_chance(each: Sequence[ReviewedPairs], draws: int, seed: int) -> Iterator[Array]:
    """For each class the weighted gap of each item, a row a draw: of an item just one class is the value."""
    confidence = np.stack([pairs.confidence for pairs in each], axis=1)
    items, classes = confidence.shape
    total = confidence.sum(axis=1, keepdims=True)
    # Probabilities that do not sum to 1 are no model's; what is off by that is no chance.
    probability = np.divide(confidence, total, out=np.full(confidence.shape, 1 / classes), where=total > 0)
    place = np.arange(items)
    upper = (np.cumsum(probability, axis=1) + place[:, None]).ravel()
    lots = np.random.default_rng(seed).random((draws, items)) + place
    value = np.minimum(np.searchsorted(upper, lots, side="right") - place * classes, classes - 1)
    for number, pairs in enumerate(each):
        yield ((value == number) - probability[:, number]) * pairs.weight


def sums(values: Array, cell: Cells, cells: int) -> Array:
    """The total of each row's values in each cell.

    >>> sums(np.array([[1.0, 2.0, 3.0]]), np.array([0, 2, 2]), 4).tolist()
    [[1.0, 0.0, 5.0, 0.0]]
    """
    place = np.arange(len(values))[:, None] * cells + cell
    return totals(place.ravel(), values.ravel(), len(values) * cells).reshape(len(values), cells)


def _groups(pairs: ReviewedPairs, cell: Cells, cells: int) -> tuple[Cells, int]:
    """Each pair's group, within its cell, and how many there are."""
    if pairs.n <= MOST_ITEMS:
        return np.arange(pairs.n), pairs.n
    place = cell * GROUPS + np.minimum((pairs.confidence * GROUPS).astype(np.intp), GROUPS - 1)
    filled = np.bincount(place, minlength=cells * GROUPS) > 0
    return (np.cumsum(filled) - 1)[place], int(filled.sum())
