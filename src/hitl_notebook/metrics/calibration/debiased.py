"""Calibration error with the bias of small bins taken out."""

from math import nan, sqrt
from typing import Any, Literal

import numpy as np

from hitl_notebook.estimate import Estimate
from hitl_notebook.metrics.calibration.bins import bins_of
from hitl_notebook.metrics.calibration.gaps import Gaps
from hitl_notebook.metrics.calibration.resampling import Resampling, mirrored_interval
from hitl_notebook.metrics.calibration.reviewed_pairs import reviewed_pairs
from hitl_notebook.metrics.columns import check_level

__all__ = ["debiased_calibration_error"]


def debiased_calibration_error(
    confidence: Any,
    agreed: Any,
    sample_weight: Any = None,
    *,
    n_bins: int = 10,
    strategy: Literal["uniform", "quantile"] = "quantile",
    level: float = 0.95,
    seed: int = 0,
) -> Estimate:
    """Root mean squared gap between confidence and how often the model was right, what chance adds taken off.

    Parameters
    ----------
    confidence, agreed, sample_weight, n_bins, strategy, level
        As in ``expected_calibration_error``; bins of equal size unless said otherwise, as in the paper.
    seed : int
        Of the bootstrap: equal seeds give equal intervals.

    Returns
    -------
    Estimate in [0, 1], beside ``expected_calibration_error(..., norm="l2")``. From each bin's squared gap the
    variance of its rate is taken, rate (1 - rate) / (n - 1), with Kish's effective n where weighted. A bin with one
    item has none and counts as 0, as in the authors' code; the note counts these. Where chance alone would have
    shown more than was seen, the value is 0. The interval is the mirrored bootstrap over items with ``seed`` of the
    squared error. NaN with a note where no bin has two items.

    Raises
    ------
    BadColumn, UnknownChoice
        As ``expected_calibration_error``.

    References
    ----------
    Kumar, Liang and Ma (2019), Verified Uncertainty Calibration, NeurIPS, section 4.

    Examples
    --------
    Ten items at 0.5, 9 right: 0.4 squared, less 0.9 * 0.1 / 9.

    >>> round(debiased_calibration_error([0.5] * 10, [True] * 9 + [False]).value ** 2, 4)
    0.15
    """
    check_level(level)
    method = f"debiased calibration error (l2), {n_bins} {strategy} bins, mirrored bootstrap over items"
    pairs = reviewed_pairs(confidence, agreed, sample_weight)
    bins = bins_of(pairs.confidence, n_bins, strategy)
    single = int((bins.n < 2).sum())
    if single == len(bins):
        note = f"no bin has two items; {pairs.note}" if pairs.n else pairs.why_empty
        return Estimate.missing(note, n=pairs.n, method=method)
    gaps = Gaps.observed(pairs, bins)
    effective = gaps.weight**2 / bins.sums(pairs.weight**2)
    rate = bins.sums(pairs.weight * pairs.agreed) / gaps.weight
    several = effective > 1
    variance = np.divide(rate * (1 - rate), effective - 1, out=np.zeros(len(bins)), where=several)
    biased = float(np.sum(gaps.share * gaps.gap**2 * several))
    square = biased - float(np.sum(gaps.share * variance))
    resampled = Gaps.resampled(pairs, bins, Resampling(pairs.n, seed))
    replicates = np.sum(resampled.share * (resampled.gap**2 * several - variance), axis=1)
    low, high = mirrored_interval(square, replicates, biased, level)
    if pairs.too_few:
        low = high = nan
    notes = [pairs.too_few, f"{single:,} bins with one item count as 0" if single else "", pairs.note]
    if square < 0:
        notes.insert(0, "0: chance alone would have shown more than was seen")
    return Estimate(
        value=sqrt(max(square, 0.0)),
        low=float(np.sqrt(np.clip(low, 0, 1))),
        high=float(np.sqrt(np.clip(high, 0, 1))),
        level=level,
        n=pairs.n,
        method=method,
        note="; ".join(filter(None, notes)),
    )
