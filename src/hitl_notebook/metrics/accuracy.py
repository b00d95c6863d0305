"""How often the model is right, judged by a reviewed sample."""

from collections.abc import Collection, Sequence
from math import sqrt
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

from hitl_notebook.estimate import Estimate
from hitl_notebook.missing import is_missing

__all__ = ["census_accuracy", "sample_accuracy"]


def census_accuracy(agreed: Collection[Any], *, level: float = 0.95) -> Estimate:
    """Share of predictions that stand, every item having been reviewed.

    Parameters
    ----------
    agreed : sequence of True, False or missing
        One entry an item. Missing (flagged, or no prediction) carries no verdict and is left out.

    Returns
    -------
    Estimate in [0, 1] without sampling error: low and high equal the value. NaN with a note where no item carries a
    verdict.

    Examples
    --------
    >>> census_accuracy([True, True, False, None])
    Estimate(value=0.6666666666666666, low=0.6666666666666666, high=0.6666666666666666, level=0.95, n=3, \
method='all items reviewed', standard_error=0.0, note='1 of 4 without a verdict left out')
    """
    verdicts = [bool(verdict) for verdict in agreed if not is_missing(verdict)]
    if not verdicts:
        return Estimate.missing("no item carries a verdict", method="all items reviewed")
    value = sum(verdicts) / len(verdicts)
    return Estimate(
        value=value,
        low=value,
        high=value,
        level=level,
        n=len(verdicts),
        method="all items reviewed",
        standard_error=0.0,
        note=_left_out(len(agreed) - len(verdicts), len(agreed)),
    )


def sample_accuracy(
    agreed: Collection[Any],
    stratum: Collection[Any] | None = None,
    stratum_size: Collection[Any] | None = None,
    *,
    level: float = 0.95,
) -> Estimate:
    """Share of all predictions that would stand, estimated from a random or stratified sample of them.

    Parameters
    ----------
    agreed : sequence of True, False or missing
        One entry a sampled item. Missing (flagged, or no prediction) carries no verdict and is left out.
    stratum : sequence, optional
        The stratum of each sampled item; left out: a simple random sample.
    stratum_size : sequence of int, optional
        For each sampled item, how many items its stratum holds in all.

    Returns
    -------
    Estimate in [0, 1]. A simple sample has Wilson's interval. A stratified one has the weighted mean, with Wilson's
    interval at the effective sample size (Korn and Graubard 1998), the variance being Cochran's (1977, eq. 5.7) with
    the finite population correction left out, which errs on the wide side. NaN with a note where nothing carries a
    verdict, or where a stratum has fewer than two verdicts and so no variance.

    References
    ----------
    Wilson (1927), JASA 22(158). Cochran (1977), Sampling Techniques, 3rd ed. Korn and Graubard (1998), Survey
    Methodology 24(2).

    Examples
    --------
    >>> estimate = sample_accuracy([True] * 8 + [False] * 2)
    >>> round(estimate.low, 4), estimate.value, round(estimate.high, 4)
    (0.4902, 0.8, 0.9433)
    """
    # As lists: a Series would take a number for its own label.
    verdicts = list(agreed)
    kept = [index for index, verdict in enumerate(verdicts) if not is_missing(verdict)]
    note = _left_out(len(verdicts) - len(kept), len(verdicts))
    right = np.array([bool(verdicts[index]) for index in kept], dtype=float)
    if not kept:
        return Estimate.missing("no sampled item carries a verdict", method="sample")
    if stratum is None or stratum_size is None:
        value = float(right.mean())
        low, high = wilson(value, len(right), level)
        error = sqrt(value * (1 - value) / len(right))
        method = "random sample, Wilson interval"
        return Estimate(
            value=value, low=low, high=high, level=level, n=len(right), method=method, standard_error=error, note=note
        )
    strata, sizes = list(stratum), list(stratum_size)
    return _stratified(right, [strata[index] for index in kept], [sizes[index] for index in kept], level, note)


def _stratified(
    right: npt.NDArray[np.float64], stratum: Sequence[Any], stratum_size: Sequence[int], level: float, note: str
) -> Estimate:
    method = "stratified sample, Wilson interval at the effective sample size"
    sizes = dict(zip(stratum, stratum_size, strict=True))
    total = sum(sizes.values())
    value = variance = 0.0
    for name, size in sizes.items():
        verdicts = right[[part == name for part in stratum]]
        if len(verdicts) < 2 and size > 1:
            return Estimate.missing(
                f"stratum {name!r} has one verdict and so no variance: draw a larger sample",
                n=len(right),
                method=method,
            )
        share, mean = size / total, float(verdicts.mean())
        value += share * mean
        variance += share**2 * mean * (1 - mean) / max(len(verdicts) - 1, 1)
    value = min(max(value, 0.0), 1.0)  # a sum of shares can end a rounding error beyond 1
    effective = min(value * (1 - value) / variance, len(right)) if variance > 0 else len(right)
    low, high = wilson(value, effective, level)
    return Estimate(
        value=value,
        low=low,
        high=high,
        level=level,
        n=len(right),
        method=method,
        standard_error=sqrt(variance),
        note=note,
    )


def wilson(share: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval for a share of ``n`` (1927, JASA 22(158)); ``n`` may be an effective sample size.

    >>> low, high = wilson(1.0, 10)
    >>> round(low, 4), high
    (0.7225, 1.0)
    """
    z = NormalDist().inv_cdf((1 + level) / 2)
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return max(0.0, centre - half), 1.0 if share == 1 else min(1.0, centre + half)


def _left_out(count: int, of: int) -> str:
    return f"{count} of {of} without a verdict left out" if count else ""
