"""How far each label can be trusted where it is predicted, and how much of it is found."""

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from hitl_notebook.metrics.columns import check_level
from hitl_notebook.metrics.prediction.labelled_pairs import labelled_pairs
from hitl_notebook.metrics.wilson import effective_sizes, wilson_intervals

__all__ = ["class_scores"]


def class_scores(
    prediction: Sequence[Any],
    value: Sequence[Any],
    labels: Sequence[Hashable] | None = None,
    sample_weight: Any = None,
    *,
    level: float = 0.95,
) -> pd.DataFrame:
    """Precision and recall of each label, the reviewers' values being what is right.

    Parameters
    ----------
    prediction, value, labels, sample_weight, level
        As in `confusion`.

    Returns
    -------
    DataFrame, two rows a label in their order: ``label``, ``measure`` ("precision": the part of its predictions that
    stand; "recall": the part of its values that had been predicted), ``value`` in [0, 1], ``low`` and ``high``
    (Wilson's interval, at the effective n of Kish, or of Korn and Graubard where it is less, where
    rows are weighted) and ``n``, the predictions or values of that
    label. NaN where ``n`` is 0: a label that nobody predicted has no precision. ``attrs`` has ``note``. Recall speaks
    of all items only where the reviewed ones were drawn evenly or are weighted.

    Raises
    ------
    BadColumn, BadFrame, InvalidValue
        As `confusion`.

    References
    ----------
    Wilson (1927), JASA 22(158). Kish (1965), Survey Sampling.

    Examples
    --------
    Two of three predicted "ham" stand; both that are "ham" were found.

    >>> scores = class_scores(["ham", "ham", "ham", "spam"], ["ham", "ham", "spam", "spam"])
    >>> scores[["label", "measure", "value", "n"]].round(2)
      label    measure  value  n
    0   ham  precision   0.67  3
    1   ham     recall   1.00  2
    2  spam  precision   1.00  1
    3  spam     recall   0.50  2
    """
    check_level(level)
    pairs = labelled_pairs(prediction, value, labels, sample_weight)
    size = len(pairs.labels)
    right = pairs.prediction == pairs.value
    weights = (pairs.weight, pairs.weight**2)
    hits, squares_of_hits = (np.repeat(np.bincount(pairs.value[right], of[right], size), 2) for of in weights)
    n, weight, squares = (
        np.stack([np.bincount(side, of_row, size) for side in (pairs.prediction, pairs.value)], axis=1).ravel()
        for of_row in (None, *weights)
    )
    there = n > 0
    share = np.clip(hits / np.where(there, weight, np.nan), 0, 1)
    low, high = wilson_intervals(share, effective_sizes(share, weight, squares, squares_of_hits), level)
    table = pd.DataFrame(
        {
            "label": pd.Series(pairs.labels, dtype=object).repeat(2).reset_index(drop=True),
            "measure": ["precision", "recall"] * len(pairs.labels),
            "value": share,
            "low": low,
            "high": high,
            "n": n,
        }
    )
    table.attrs = {"note": pairs.note, "level": level}
    return table
