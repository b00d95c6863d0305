"""What was said where something was predicted."""

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from hitl_notebook.metrics.columns import check_level
from hitl_notebook.metrics.prediction.labelled_pairs import labelled_pairs
from hitl_notebook.metrics.wilson import effective_sizes, wilson_intervals

__all__ = ["confusion"]

# A table of a hundred labels has ten thousand cells; of more, those that nothing fell into tell nobody anything.
MOST_LABELS_IN_FULL = 100


def confusion(
    prediction: Sequence[Any],
    value: Sequence[Any],
    labels: Sequence[Hashable] | None = None,
    sample_weight: Any = None,
    *,
    level: float = 0.95,
) -> pd.DataFrame:
    """How often each value was given where each label had been predicted.

    The same table compares two reviewers, one of them in the place of the prediction.

    Parameters
    ----------
    prediction, value : sequences of shape (n,)
        Labels; a set of labels is a tuple and counts as a whole. Rows in which either is missing (flagged, not
        predicted) are left out.
    labels : list, optional
        All labels there are, in order; left out: those of pandas' ordered categories where the columns have them, else
        those that occur, sorted.
    sample_weight : array of shape (n,), optional
        1 / selection probability of items that were chosen, not drawn evenly. Rows of weight zero are left out.
    level : float
        Of each cell's interval by itself.

    Returns
    -------
    DataFrame, one row a pair of labels in their order (of more than 100 labels, a pair that occurs): ``prediction``,
    ``value``, ``n`` (rows), ``share`` (the part, by weight, of all rows with that prediction), ``low`` and ``high``
    (Wilson's interval of the share, at the effective n of Kish, or of Korn and
    Graubard where it is less, where rows are weighted). The share of a label that was never
    predicted is NaN. ``attrs`` has ``note``: what was left out, and of whom it speaks, or why of nobody.

    Raises
    ------
    BadColumn
        Columns of different length, or a weight that is negative or infinite.
    BadFrame, InvalidValue
        Labels that cannot be told apart, or that are not among ``labels``.

    References
    ----------
    Wilson (1927), JASA 22(158). Kish (1965), Survey Sampling.

    Examples
    --------
    >>> table = confusion(["ham", "ham", "ham", "spam"], ["ham", "ham", "spam", "spam"])
    >>> table[["prediction", "value", "n", "share"]].round(2)
      prediction value  n  share
    0        ham   ham  2   0.67
    1        ham  spam  1   0.33
    2       spam   ham  0   0.00
    3       spam  spam  1   1.00
    """
    check_level(level)
    pairs = labelled_pairs(prediction, value, labels, sample_weight)
    size = len(pairs.labels)
    cell = pairs.prediction * size + pairs.value
    if size <= MOST_LABELS_IN_FULL:
        shown = np.arange(size * size)
    else:
        shown, cell = np.unique(cell, return_inverse=True)
    row, column = np.divmod(shown, max(size, 1))
    weights = (pairs.weight, pairs.weight**2)
    of_row, squares = (np.bincount(pairs.prediction, weight, size)[row] for weight in weights)
    of_cell, squares_of_cell = (np.bincount(cell, weight, len(shown)) for weight in weights)
    of_row = np.where(of_row > 0, of_row, np.nan)
    share = np.clip(of_cell / of_row, 0, 1)
    low, high = wilson_intervals(share, effective_sizes(share, of_row, squares, squares_of_cell), level)
    names = pd.Series(pairs.labels, dtype=object)
    table = pd.DataFrame(
        {
            "prediction": names.take(row).reset_index(drop=True),
            "value": names.take(column).reset_index(drop=True),
            "n": np.bincount(cell, minlength=len(shown)),
            "share": share,
            "low": low,
            "high": high,
        }
    )
    table.attrs = {"note": pairs.note, "level": level}
    return table
