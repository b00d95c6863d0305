"""What reviewers did where the model was so sure."""

import numpy as np
import pandas as pd

from hitl_notebook.libraries import IntoDataFrame
from hitl_notebook.metrics.calibration.bins import bins_of
from hitl_notebook.metrics.columns import UNWEIGHTED, check_level, read_confidence, require
from hitl_notebook.metrics.review.decided import ACTIONS, actions_of, groups_of
from hitl_notebook.metrics.wilson import wilson_intervals

__all__ = ["confidence_by_verdict"]


def confidence_by_verdict(decisions: IntoDataFrame, *, n_bins: int = 20, level: float = 0.95) -> pd.DataFrame:
    """How many decisions were accepts, corrections and flags, by the model's confidence.

    Parameters
    ----------
    decisions : DataFrame
        Columns ``item_id``, ``confidence`` in [0, 1] and ``action``, as in ``session.decisions``. Decisions on items
        without a confidence are left out.
    n_bins : int
        Equally wide bins of [0, 1]. A bin has its upper edge, and the first its lower one too: 1.0 lies in the last.
    level : float
        Of each share's interval by itself.

    Returns
    -------
    DataFrame, three rows a bin that holds a decision: ``bin_low`` and ``bin_high``, ``verdict`` ("accept", "correct",
    "flag"), ``n`` (decisions), ``share`` (of the bin's decisions), ``low`` and ``high``: Wilson's interval for as many
    cases as the bin has items, since five decisions on one item tell little more of the model than one does. ``attrs``
    has ``note``. It speaks of the reviewed items only, whichever were chosen.

    Raises
    ------
    MissingColumn, BadColumn
        A column that is needed is not there; a confidence outside [0, 1], or an action that is none of the three.

    References
    ----------
    Wilson (1927), JASA 22(158).

    Examples
    --------
    >>> done = ["accept", "flag", "accept"]
    >>> decided = pd.DataFrame({"item_id": [1, 2, 3], "confidence": [1.0, 0.9, 0.2], "action": done})
    >>> confidence_by_verdict(decided, n_bins=2)[["bin_high", "verdict", "n", "share"]]
       bin_high  verdict  n  share
    0       0.5   accept  1    1.0
    1       0.5  correct  0    0.0
    2       0.5     flag  0    0.0
    3       1.0   accept  1    0.5
    4       1.0  correct  0    0.0
    5       1.0     flag  1    0.5
    """
    check_level(level)
    decisions = require(decisions, "item_id", "confidence", "action")
    confidence = read_confidence(decisions["confidence"])
    action, item = actions_of(decisions), groups_of(decisions["item_id"]).code
    known = ~np.isnan(confidence)
    bins = bins_of(confidence[known], n_bins, "uniform")
    size = len(bins)
    n = np.bincount(bins.index * len(ACTIONS) + action[known], minlength=size * len(ACTIONS))
    of_bin = np.repeat(bins.n, len(ACTIONS))
    items = np.bincount(pd.unique(item[known] * size + bins.index) % max(size, 1), minlength=size)
    low, high = wilson_intervals(n / of_bin, np.repeat(items, len(ACTIONS)), level)
    table = pd.DataFrame(
        {
            "bin_low": np.repeat(bins.low, len(ACTIONS)),
            "bin_high": np.repeat(bins.high, len(ACTIONS)),
            "verdict": list(ACTIONS) * size,
            "n": n,
            "share": n / of_bin,
            "low": low,
            "high": high,
        }
    )
    left_out = int(np.count_nonzero(~known))
    notes = [f"{left_out:,} of {len(known):,} without a confidence left out"] if left_out else []
    table.attrs = {"note": "; ".join([*notes, UNWEIGHTED]), "level": level}
    return table
