"""The logarithmic score of the model's confidence."""

from typing import Any

import numpy as np

from hitl_notebook.estimate import Estimate
from hitl_notebook.metrics.calibration.mean_score import mean_score
from hitl_notebook.metrics.calibration.reviewed_pairs import reviewed_pairs
from hitl_notebook.metrics.columns import check_level

__all__ = ["log_loss"]

METHOD = "logarithmic score, natural logarithm"
NEAREST = float(np.finfo(np.float64).eps)


def log_loss(confidence: Any, agreed: Any, sample_weight: Any = None, *, level: float = 0.95) -> Estimate:
    """How surprised the model's confidence is by the reviewers' verdicts, on average.

    Parameters
    ----------
    confidence : array of shape (n,) in [0, 1]
        Missing rows are left out.
    agreed : array of shape (n,), True, False or missing
        Whether the reviewer's value equals the prediction. Missing (flagged) rows carry no verdict and are left out.
    sample_weight : array of shape (n,), optional
        1 / selection probability of items that were chosen, not drawn evenly. Rows of weight zero are left out.
    level : float in (0, 1)
        Of the interval.

    Returns
    -------
    Estimate in nats, from 0 (perfect); always saying 0.5 scores 0.693. A confidence of exactly 0 or 1 is taken as
    2.2e-16 away from it, as scikit-learn does: a certain model that is wrong scores 36, not infinity, and the note
    counts such rows. NaN with a note where no row can be scored.

    Raises
    ------
    BadColumn, UnknownChoice
        As ``brier_score``.

    References
    ----------
    Good (1952), JRSS B 14(1). Hajek (1971), in Foundations of Statistical Inference (the weighted mean).

    Examples
    --------
    >>> round(log_loss([0.5, 0.5], [True, False]).value, 4)
    0.6931
    """
    check_level(level)
    pairs = reviewed_pairs(confidence, agreed, sample_weight)
    if not pairs.n:
        return Estimate.missing(pairs.why_empty, method=METHOD)
    given = np.where(pairs.agreed == 1, pairs.confidence, 1 - pairs.confidence)
    score = -np.log(np.clip(given, NEAREST, 1 - NEAREST))
    certain = int((given == 0).sum())
    note = f"{certain:,} certain and wrong, each scored 36" if certain else ""
    return mean_score(score, pairs, level=level, method=METHOD, note=note)
