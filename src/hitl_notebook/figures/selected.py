"""Which decisions fall under the marks that were selected in a chart."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from hitl_notebook.charts.dataset import words
from hitl_notebook.metrics.calibration.bins import ON_THE_EDGE

__all__ = ["Mask", "ids_where", "in_bins", "says"]

Mask = npt.NDArray[np.bool_]


def ids_where(rows: pd.DataFrame, masks: Iterable[Mask]) -> list[Any]:
    """The ids of the items in any of the masks, each once, in the order of the rows."""
    chosen = np.zeros(len(rows), dtype=bool)
    for mask in masks:
        chosen |= mask
    return rows["item_id"][chosen].drop_duplicates().tolist()


def says(column: "pd.Series[Any]", said: Any) -> Mask:
    """Where the column reads as ``said`` does; a chart's own data has text for what JSON has no word for.

    >>> says(pd.Series([("a", "b"), ("a",), None]), "a, b").tolist()
    [True, False, False]
    """
    code, values = pd.factorize(column.to_numpy(dtype=object))
    reads = np.array([words(value) == words(said) for value in values] + [False])
    return reads[code]


def in_bins(column: "pd.Series[Any]", low: float, high: float) -> Mask:
    """Where a confidence lies in a bin: it has its upper edge, and the first its lower one too.

    >>> in_bins(pd.Series([0.1, 0.15, 0.2], dtype="float32"), 0.1, 0.2).tolist()
    [False, True, True]
    """
    cells = column.to_numpy(dtype=np.float64, na_value=np.nan)
    # A confidence within rounding of an edge lies on it, as in the metric.
    above = cells > low + ON_THE_EDGE if low > 0 else cells >= low
    return above & (cells <= high + ON_THE_EDGE)
