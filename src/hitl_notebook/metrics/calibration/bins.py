"""Bins of confidence."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from hitl_notebook.errors import UnknownChoice
from hitl_notebook.metrics.columns import Array, check_count

__all__ = ["ON_THE_EDGE", "Bins", "Cells", "bins_of", "totals"]

Cells = npt.NDArray[np.intp]

# 0.1 + 0.2 is 3e-17 above 0.3, and 0.1 in single precision 1e-9 above 0.1: what is this near to an edge lies on it.
ON_THE_EDGE = 1e-7


@dataclass(frozen=True)
class Bins:
    """Adjoining intervals, each with its upper edge, the first also with its lower one; and each row's bin.

    Only bins that hold rows are there: ``index`` counts among those.
    """

    low: Array
    high: Array
    index: Cells

    def __len__(self) -> int:
        return len(self.low)

    def sums(self, values: Array) -> Array:
        """The total of a column in each bin."""
        return totals(self.index, values, len(self))

    @cached_property
    def n(self) -> Cells:
        """How many rows each bin holds."""
        return np.bincount(self.index, minlength=len(self))


def bins_of(confidence: Array, n_bins: int, strategy: str) -> Bins:
    """The bins of a column of confidences without gaps.

    ``uniform`` bins are equally wide, ``quantile`` bins hold equally many rows, as far as ties allow: rows of one
    confidence share a bin, and there may be fewer bins than asked for. Their edges lie midway between the confidences
    on either side, and the outer ones are 0 and 1: so a bin of one confidence has a width too, and none is empty.

    Examples
    --------
    >>> bins = bins_of(np.array([0.0, 0.3, 0.1 + 0.2, 1.0]), 10, "uniform")
    >>> [(round(float(low), 1), round(float(high), 1)) for low, high in zip(bins.low, bins.high)], bins.n.tolist()
    ([(0.0, 0.1), (0.2, 0.3), (0.9, 1.0)], [1, 2, 1])
    >>> bins = bins_of(np.array([0.2, 0.2, 0.2, 0.6]), 4, "quantile")
    >>> [(round(float(low), 1), round(float(high), 1)) for low, high in zip(bins.low, bins.high)], bins.n.tolist()
    ([(0.0, 0.4), (0.4, 1.0)], [3, 1])
    """
    check_count(n_bins, "n_bins")
    if strategy == "quantile":
        return _of_equal_size(confidence, n_bins)
    if strategy != "uniform":
        raise UnknownChoice(f"strategy={strategy!r}: uniform or quantile")
    edges = np.arange(n_bins + 1) / n_bins
    place = np.ceil(confidence * n_bins - ON_THE_EDGE * n_bins).astype(np.intp) - 1
    place = np.clip(place, 0, n_bins - 1)
    filled = np.flatnonzero(np.bincount(place, minlength=n_bins))
    index = place if len(filled) == n_bins else np.searchsorted(filled, place)
    return Bins(edges[filled], edges[filled + 1], index)


def _of_equal_size(confidence: Array, n_bins: int) -> Bins:
    if not len(confidence):
        return Bins(np.empty(0), np.empty(0), np.empty(0, dtype=np.intp))
    ordered = np.sort(confidence)
    last = np.quantile(ordered, np.arange(1, n_bins) / n_bins) + ON_THE_EDGE
    # Ties make quantiles that part the rows at the same place, or behind the last: each place once.
    held, first = np.unique(np.searchsorted(ordered, last, side="right"), return_index=True)
    parts = held < len(ordered)
    held, last = held[parts], last[first[parts]]
    between = (ordered[held - 1] + ordered[held]) / 2
    edges = np.concatenate([[0.0], between, [1.0]])
    return Bins(edges[:-1], edges[1:], np.searchsorted(last, confidence, side="left"))


def totals(cell: Cells, values: Array, cells: int) -> Array:
    """The total of a column in each of so many cells.

    >>> totals(np.array([0, 2, 2]), np.array([1.0, 2.0, 3.0]), 4).tolist()
    [1.0, 0.0, 5.0, 0.0]
    """
    return np.bincount(cell, values, cells).astype(np.float64, copy=False)
