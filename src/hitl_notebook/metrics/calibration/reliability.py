"""What the model's confidence says beside how often it was right, bin by bin."""

from typing import Any, Literal

import numpy as np
import pandas as pd

from hitl_notebook.metrics.calibration.bins import bins_of
from hitl_notebook.metrics.calibration.reviewed_pairs import reviewed_pairs
from hitl_notebook.metrics.columns import check_level
from hitl_notebook.metrics.wilson import effective_sizes, wilson_intervals

__all__ = ["reliability"]


def reliability(
    confidence: Any,
    agreed: Any,
    sample_weight: Any = None,
    *,
    n_bins: int = 10,
    strategy: Literal["uniform", "quantile"] = "uniform",
    level: float = 0.95,
) -> pd.DataFrame:
    """How often the model was right where it was about so confident: the table behind a reliability diagram.

    Parameters
    ----------
    confidence : array of shape (n,) in [0, 1]
        Missing rows are left out.
    agreed : array of shape (n,), True, False or missing
        Whether the reviewer's value equals the prediction. Missing (flagged) rows carry no verdict and are left out.
    sample_weight : array of shape (n,), optional
        1 / selection probability of items that were chosen, not drawn evenly. Rows of weight zero are left out.
    n_bins, strategy
        ``"uniform"`` bins are equally wide, ``"quantile"`` bins hold equally many items (not equal weights), ties
        kept together, with edges midway between the confidences on either side, from 0 to 1. A bin has its upper
        edge, and the first its lower one too, as in scikit-learn; a confidence within 1e-7 of an edge lies on it. Bins
        without items have no row.
    level : float in (0, 1)
        Of each bin's interval by itself.

    Returns
    -------
    DataFrame, one row a bin, with ``bin_low`` and ``bin_high`` (its edges), ``n`` (items), ``effective_n`` (equal to
    n where nothing is weighted; else Kish's, or Korn and Graubard's where it is less), ``confidence`` (mean),
    ``agreed`` (share of verdicts that agree), ``low`` and ``high`` (Wilson's interval of that share at
    ``effective_n``) and ``gap`` (agreed minus confidence: below 0 is overconfident). ``attrs`` has ``note``, ``level``
    and ``method``. No rows where nothing has been reviewed.

    Raises
    ------
    BadColumn
        As ``brier_score``.
    UnknownChoice
        ``n_bins`` or ``strategy`` that is none; a level that is no share, as 95 for 0.95.

    References
    ----------
    Murphy and Winkler (1977), Applied Statistics 26(1). Wilson (1927), JASA 22(158). Kish (1965), Survey Sampling.
    Korn and Graubard (1998), Survey Methodology 24(2).

    Examples
    --------
    >>> table = reliability([0.2, 0.9, 0.9, 1.0], [False, True, True, False], n_bins=2)
    >>> table[["bin_low", "bin_high", "n", "agreed", "low", "high"]].round(2)
       bin_low  bin_high  n  agreed   low  high
    0      0.0       0.5  1    0.00  0.00  0.79
    1      0.5       1.0  3    0.67  0.21  0.94
    """
    check_level(level)
    pairs = reviewed_pairs(confidence, agreed, sample_weight)
    bins = bins_of(pairs.confidence, n_bins, strategy)
    weight = bins.sums(pairs.weight)
    mean = bins.sums(pairs.weight * pairs.confidence) / weight
    share = np.clip(bins.sums(pairs.weight * pairs.agreed) / weight, 0, 1)
    squares, of_right = bins.sums(pairs.weight**2), bins.sums(pairs.weight**2 * pairs.agreed)
    effective = effective_sizes(share, weight, squares, of_right)
    low, high = wilson_intervals(share, effective, level)
    columns = {"bin_low": bins.low, "bin_high": bins.high, "n": bins.n, "effective_n": effective}
    table = pd.DataFrame(
        {**columns, "confidence": mean, "agreed": share, "low": low, "high": high, "gap": share - mean}
    )
    table.attrs = {
        "note": pairs.note if pairs.n else pairs.why_empty,
        "level": level,
        "method": f"{strategy} bins, Wilson intervals" + (" at the effective n" if pairs.weighted else ""),
    }
    return table
