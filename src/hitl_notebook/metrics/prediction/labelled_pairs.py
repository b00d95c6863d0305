"""Labels beside labels, read once: what every figure on predictions and values rests on."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from hitl_notebook.errors import BadColumn
from hitl_notebook.metrics.agreement.ratings import as_cells, read_codes
from hitl_notebook.metrics.columns import Array, read_weights

__all__ = ["LabelledPairs", "labelled_pairs"]


@dataclass(frozen=True)
class LabelledPairs:
    """Labels by labels: how many rows have each pair, predictions down and values across, and how they weigh."""

    labels: tuple[Hashable, ...]
    n: npt.NDArray[np.int64]
    weight: Array
    squares: Array
    """The total of the squared weights."""
    note: str


def labelled_pairs(
    prediction: Sequence[Any], value: Sequence[Any], labels: Sequence[Hashable] | None, sample_weight: Any
) -> LabelledPairs:
    """The pairs of two columns of labels, and a note on the rows that were left out.

    Raises
    ------
    BadColumn
        Columns of different length, or a weight that is negative or infinite.
    BadFrame, InvalidValue
        Labels that cannot be told apart (lists; tuples can), or that are not among ``labels``.
    """
    if len(prediction) != len(value):
        raise BadColumn(f"prediction has {len(prediction):,} rows and value {len(value):,}: they go row by row")
    codes, known = read_codes([as_cells(prediction), as_cells(value)], labels)
    weight = read_weights(sample_weight, len(codes))
    reasons = {"prediction": codes[:, 0] < 0, "value": codes[:, 1] < 0, "weight": ~(weight > 0)}
    note = "; ".join(
        f"{count:,} of {len(codes):,} without a {what} left out"
        for what, rows in reasons.items()
        if (count := int(np.count_nonzero(rows)))
    )
    kept = ~np.logical_or.reduce(list(reasons.values()))
    size = len(known)
    cell, weight = codes[kept, 0] * size + codes[kept, 1], weight[kept]

    def total(of_row: Array | None) -> npt.NDArray[Any]:
        return np.bincount(cell, of_row, size * size).reshape(size, size)

    weighted = sample_weight is not None
    n = total(None)
    counts = n.astype(np.float64)
    return LabelledPairs(
        tuple(known), n, total(weight) if weighted else counts, total(weight**2) if weighted else counts, note
    )
