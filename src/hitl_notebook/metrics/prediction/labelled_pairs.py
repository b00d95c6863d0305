"""Labels beside labels, read once: what every figure on predictions and values rests on."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from hitl_notebook.errors import BadColumn
from hitl_notebook.metrics.agreement.ratings import Codes, as_cells, read_codes
from hitl_notebook.metrics.columns import UNWEIGHTED, Array, read_weights

__all__ = ["LabelledPairs", "labelled_pairs"]


@dataclass(frozen=True)
class LabelledPairs:
    """The rows that carry a prediction, a value and a weight above zero; labels by their place in the list of them."""

    labels: tuple[Hashable, ...]
    prediction: Codes
    value: Codes
    weight: Array
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
    cells = [as_cells(prediction), as_cells(value)]
    codes, known = read_codes(cells, _declared(cells) if labels is None else labels)
    weight = read_weights(sample_weight, len(codes))
    reasons = {"prediction": codes[:, 0] < 0, "value": codes[:, 1] < 0, "weight": ~(weight > 0)}
    notes = [
        f"{count:,} of {len(codes):,} without a {what} left out"
        for what, rows in reasons.items()
        if (count := int(np.count_nonzero(rows)))
    ]
    kept = ~np.logical_or.reduce(list(reasons.values()))
    if not kept.any():
        needed = (
            "both a prediction and a value" if sample_weight is None else "a prediction, a value and a weight above 0"
        )
        notes.insert(0, f"no item has {needed}")
    elif sample_weight is None:
        notes.append(UNWEIGHTED)
    said, meant = codes[kept].T.astype(np.intp)
    return LabelledPairs(tuple(known), said, meant, weight[kept], "; ".join(notes))


def _declared(columns: Sequence[Any]) -> list[Any] | None:
    """The order that pandas' ordered categories have declared, where it is one, and one of all that occurs."""
    orders = [column.categories.tolist() for column in columns if isinstance(column, pd.Categorical) and column.ordered]
    if not orders or any(order != orders[0] for order in orders):
        return None
    occurring = {value for column in columns for value in pd.factorize(column)[1].tolist()}
    return orders[0] if occurring <= set(orders[0]) else None
