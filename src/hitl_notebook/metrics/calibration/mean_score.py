"""The mean of a score over items, with the interval that a mean has."""

from math import inf, nan, sqrt

import numpy as np

from hitl_notebook.estimate import Estimate
from hitl_notebook.metrics.calibration.reviewed_pairs import ReviewedPairs
from hitl_notebook.metrics.columns import Array, dot

__all__ = ["mean_score"]


def mean_score(
    score: Array, pairs: ReviewedPairs, *, level: float, method: str, highest: float = inf, note: str = ""
) -> Estimate:
    """The mean, with Student's interval; weighted: Hajek's mean, its linearised variance and Kish's effective n."""
    from scipy.special import stdtrit

    total = pairs.weight.sum()
    value = dot(pairs.weight, score) / float(total)
    method += ", Student's interval" + (" on the weighted mean (Hajek)" if pairs.weighted else "")
    notes = [note, pairs.note]
    error = low = high = nan
    if pairs.too_few:
        notes.insert(0, pairs.too_few)
    else:
        spread = float(np.sum((pairs.weight * (score - value)) ** 2))
        error = sqrt(spread * pairs.n / (pairs.n - 1)) / float(total)
        half = float(stdtrit(max(pairs.effective_n - 1, 1), (1 + level) / 2)) * error
        low, high = max(0.0, value - half), min(highest, value + half)
        if error == 0:
            notes.insert(0, "every item has the same score: the interval has no width, others may differ")
    return Estimate(
        value=value,
        low=low,
        high=high,
        level=level,
        n=pairs.n,
        method=method,
        standard_error=error,
        note="; ".join(filter(None, notes)),
    )
