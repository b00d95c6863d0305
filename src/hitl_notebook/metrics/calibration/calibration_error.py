"""Expected and maximum calibration error, by bins."""

from typing import Any, Literal

import numpy as np

from hitl_notebook.estimate import Estimate
from hitl_notebook.metrics.calibration.bins import bins_of
from hitl_notebook.metrics.calibration.gap_estimate import gap_estimate
from hitl_notebook.metrics.calibration.gaps import Gaps, Norm, check_norm
from hitl_notebook.metrics.calibration.resampling import Resampling
from hitl_notebook.metrics.calibration.reviewed_pairs import reviewed_pairs
from hitl_notebook.metrics.columns import Array, check_level

__all__ = ["expected_calibration_error", "maximum_calibration_error"]

TINY = 1e-9  # what the beta distribution takes for none


def expected_calibration_error(
    confidence: Any,
    agreed: Any,
    sample_weight: Any = None,
    *,
    n_bins: int = 10,
    strategy: Literal["uniform", "quantile"] = "uniform",
    norm: Norm = "l1",
    level: float = 0.95,
    seed: int = 0,
) -> Estimate:
    """How far the model's confidence is from how often it was right, on average over bins.

    Parameters
    ----------
    confidence : array of shape (n,) in [0, 1]
        Missing rows are left out.
    agreed : array of shape (n,), True, False or missing
        Whether the reviewer's value equals the prediction. Missing (flagged) rows carry no verdict and are left out.
    sample_weight : array of shape (n,), optional
        1 / selection probability of items that were chosen, not drawn evenly. Rows of weight zero are left out.
    n_bins, strategy
        As in ``reliability``; bins without items do not count.
    norm
        ``"l1"``: mean absolute gap, the usual ECE. ``"l2"``: root of the mean squared gap.
    level : float in (0, 1)
        Of the interval.
    seed : int
        Of the draws that the interval and the bound in the note are made from: equal seeds give equal figures.

    Returns
    -------
    Estimate in [0, 1]. The plug-in value is biased upward in small samples. The interval takes that bias out, so
    the value may lie above it (the note then says so); it begins at 0 where a perfectly calibrated model could show
    such a value by chance, and the note has that bound: verdicts drawn 1,000 times with the confidences show no more in
    (1 + ``level``) / 2 of them, item by item with its weight, of more than 1,000 items by groups that are less than
    0.005 apart. It is a mirrored bootstrap over items with ``seed``; beyond 1,000 items over 1,000 groups of them dealt
    at random. It is approximate: of simulated reviews of 100 and 500
    items, 95 % intervals held the truth in 82 to 99 %, least where the model is off by about as much as chance makes
    it seem. ``debiased_calibration_error`` has a value to go beside it. NaN with a note where no row can be judged.

    Raises
    ------
    BadColumn
        As ``brier_score``.
    UnknownChoice
        ``n_bins``, ``strategy`` or ``norm`` that is none; a level that is no share, as 95 for 0.95.

    References
    ----------
    Naeini, Cooper and Hauskrecht (2015), AAAI. Guo, Pleiss, Sun and Weinberger (2017), ICML. Rubin (1981), Annals of
    Statistics 9(1). Broecker and Smith (2007), Weather and Forecasting 22(3) (what chance would show).

    Examples
    --------
    Four items at 0.75, of which 2 are right, and four at 0.25, of which 1 is: (4 * 0.25 + 4 * 0) / 8.

    >>> expected_calibration_error([0.75] * 4 + [0.25] * 4, [1, 1, 0, 0, 1, 0, 0, 0]).value
    0.125
    """
    check_level(level)
    check_norm(norm)
    method = f"expected calibration error ({norm}), {n_bins} {strategy} bins"
    pairs = reviewed_pairs(confidence, agreed, sample_weight)
    bins = bins_of(pairs.confidence, n_bins, strategy)
    observed = Gaps.observed(pairs, bins)
    if not pairs.n:
        return Estimate.missing(pairs.why_empty, method=method)
    by_chance = Gaps.by_chance(pairs, bins, seed).norm(norm)
    replicates = Gaps.resampled(pairs, bins, Resampling(pairs.n, seed)).norm(norm)
    return gap_estimate(float(observed.norm(norm)), replicates, by_chance, pairs=pairs, level=level, method=method)


def maximum_calibration_error(
    confidence: Any,
    agreed: Any,
    sample_weight: Any = None,
    *,
    n_bins: int = 10,
    strategy: Literal["uniform", "quantile"] = "uniform",
    level: float = 0.95,
) -> Estimate:
    """The largest gap that any bin has between the model's confidence and how often it was right.

    Parameters
    ----------
    confidence, agreed, sample_weight, n_bins, strategy, level
        As in ``expected_calibration_error``.

    Returns
    -------
    Estimate in [0, 1]. A bin with few items easily has the largest gap: the interval is the one that all bins' exact
    intervals (at Kish's effective n) leave when each is widened for their number (Bonferroni), so it is wide there. Of
    simulated reviews of 20 to 400 items in ten bins, 95 % intervals held the truth in 95 % and more. NaN with a note
    where no row can be judged.

    Raises
    ------
    BadColumn, UnknownChoice
        As ``expected_calibration_error``.

    References
    ----------
    Naeini, Cooper and Hauskrecht (2015), AAAI. Clopper and Pearson (1934), Biometrika 26(4).

    Examples
    --------
    >>> maximum_calibration_error([0.75] * 4 + [0.25] * 4, [1, 1, 0, 0, 1, 0, 0, 0]).value
    0.25
    """
    check_level(level)
    method = f"maximum calibration error, {n_bins} {strategy} bins, exact intervals with Bonferroni"
    pairs = reviewed_pairs(confidence, agreed, sample_weight)
    bins = bins_of(pairs.confidence, n_bins, strategy)
    if not pairs.n:
        return Estimate.missing(pairs.why_empty, method=method)
    gaps = Gaps.observed(pairs, bins)
    effective = gaps.weight**2 / bins.sums(pairs.weight**2)
    mean = bins.sums(pairs.weight * pairs.confidence) / gaps.weight
    rate = np.clip(mean + gaps.gap, 0, 1)
    each = 1 - (1 - level) / len(bins)
    low, high = _exact_intervals(rate, effective, each)
    return Estimate(
        value=float(np.abs(gaps.gap).max()),
        low=max(0.0, float(np.max([low - mean, mean - high]))),
        high=float(np.max([high - mean, mean - low])),
        level=level,
        n=pairs.n,
        method=method,
        note=pairs.note,
    )


def _exact_intervals(rate: Array, n: Array, level: float) -> tuple[Array, Array]:
    """Clopper and Pearson's: so far out, and of so few items, Wilson's hold much less often than they say."""
    from scipy.special import betaincinv

    agreed = rate * n
    other = n - agreed
    low = np.where(rate == 0, 0.0, betaincinv(np.maximum(agreed, TINY), other + 1, (1 - level) / 2))
    high = np.where(rate == 1, 1.0, betaincinv(agreed + 1, np.maximum(other, TINY), (1 + level) / 2))
    return low, high
