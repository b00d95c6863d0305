"""How often the model is right, judged by a reviewed sample."""

from collections.abc import Collection
from math import inf, nan, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from hitl_notebook.errors import BadColumn
from hitl_notebook.estimate import Estimate
from hitl_notebook.libraries import pandas_column
from hitl_notebook.metrics.columns import check_level, dot, numbers, read_verdicts
from hitl_notebook.metrics.selection import effective_n
from hitl_notebook.metrics.wilson import wilson
from hitl_notebook.missing import is_missing
from hitl_notebook.quoted import quoted

__all__ = ["ENOUGH", "census_accuracy", "sample_accuracy", "weighted_accuracy"]

ENOUGH = 30  # items, in effect


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
    check_level(level)
    verdict = read_verdicts(agreed)
    right = verdict[~np.isnan(verdict)]
    if not len(right):
        return Estimate.missing("no item carries a verdict", method="all items reviewed")
    value = float(right.mean())
    return Estimate(
        value=value,
        low=value,
        high=value,
        level=level,
        n=len(right),
        method="all items reviewed",
        standard_error=0.0,
        note=_left_out(len(verdict) - len(right), len(verdict)),
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
    the finite population correction left out, which errs on the wide side; so does an effective size of no more than
    the number of verdicts, where strata differ much. NaN with a note where nothing carries a
    verdict, or where a stratum has fewer than two verdicts and so no variance.

    Raises
    ------
    BadColumn
        Columns of different length, a verdict that is none, a size that is none, or two sizes of one stratum.
    UnknownChoice
        A level outside (0, 1).

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
    check_level(level)
    verdict = read_verdicts(agreed)
    kept = np.flatnonzero(~np.isnan(verdict))
    note = _left_out(len(verdict) - len(kept), len(verdict))
    right = verdict[kept]
    if not len(kept):
        return Estimate.missing("no sampled item carries a verdict", method="sample")
    if stratum is None or stratum_size is None:
        value = float(right.mean())
        low, high = wilson(value, len(right), level)
        error = sqrt(value * (1 - value) / len(right))
        method = "random sample, Wilson interval"
        return Estimate(
            value=value, low=low, high=high, level=level, n=len(right), method=method, standard_error=error, note=note
        )
    code, sizes = _strata(stratum, stratum_size, len(verdict))
    return _stratified(right, code[kept], sizes, level, note)


def _strata(stratum: Collection[Any], stratum_size: Any, rows: int) -> tuple[npt.NDArray[np.intp], dict[Any, float]]:
    """The number of each row's stratum, and how many items each one holds, by name; a missing name is one too."""
    # As a list: a Series would take a number for its own label.
    names = [None if is_missing(name) else name for name in pandas_column(stratum)]
    held = numbers(stratum_size, "stratum_size")
    for column, cells in (("stratum", names), ("stratum_size", held)):
        if len(cells) != rows:
            raise BadColumn(f"agreed has {rows:,} rows and {column} {len(cells):,}: they go row by row")
    sizes: dict[Any, float] = {}
    for name, size in zip(names, held.tolist(), strict=True):
        if not 1 <= size < inf:
            raise BadColumn(f"stratum_size says how many items a stratum holds; of {quoted(name)} it says {size:g}")
        if sizes.setdefault(name, size) != size:
            raise BadColumn(f"stratum {quoted(name)} holds {sizes[name]:g} items by one row and {size:g} by another")
    place = {name: code for code, name in enumerate(sizes)}
    return np.array([place[name] for name in names], dtype=np.intp), sizes


def _stratified(
    right: npt.NDArray[np.float64], code: npt.NDArray[np.intp], sizes: dict[Any, float], level: float, note: str
) -> Estimate:
    method = "stratified sample, Wilson interval at the effective sample size"
    total = sum(sizes.values())
    value = variance = 0.0
    for place, (name, size) in enumerate(sizes.items()):
        verdicts = right[code == place]
        if len(verdicts) < min(2, size):
            few = "one verdict and so no variance" if len(verdicts) else "no verdict"
            return Estimate.missing(
                f"stratum {quoted(name)} has {few}: draw a larger sample", n=len(right), method=method
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


def weighted_accuracy(agreed: Any, selection_probability: Any, *, level: float = 0.95) -> Estimate:
    """Share of all predictions that would stand, estimated from items that were drawn with unequal probabilities.

    Parameters
    ----------
    agreed : array of shape (n,), True, False or missing
        One entry a drawn item. Missing (flagged, or no prediction) carries no verdict and is left out.
    selection_probability : array of shape (n,) in (0, 1]
        How likely each item was to be among those drawn at all: as ``decisions`` has it of a sample, not of one draw
        out of a queue. Missing or 0, as of items chosen by hand, is left out: nobody knows how many others such an item
        stands for.

    Returns
    -------
    Estimate in [0, 1]: each verdict counts for as many items as it stands for, 1 / selection probability (Hajek). The
    standard error is the linearised one of draws that are independent of each other, which is on the wide side for a
    sample without replacement; the interval is Wilson's at the effective sample size of Korn and Graubard (1998), which
    is no more than that of Kish (1965) while the latter is below 30. NaN with a note where no verdict has a
    probability. It speaks of the items that could have been drawn, no others.

    Raises
    ------
    BadColumn
        Columns of different length, a verdict that is none, a probability outside [0, 1].

    References
    ----------
    Hajek (1971), in Foundations of Statistical Inference. Sarndal, Swensson and Wretman (1992), Model Assisted Survey
    Sampling, section 5.7. Korn and Graubard (1998), Survey Methodology 24(2). Kish (1965), Survey Sampling.

    Examples
    --------
    The first two stand for 2 items each, the last for 4: 4 of 8 are right.

    >>> weighted_accuracy([True, True, False], [0.5, 0.5, 0.25]).value
    0.5
    """
    check_level(level)
    verdict, probability = read_verdicts(agreed), numbers(selection_probability, "selection_probability")
    if len(verdict) != len(probability):
        raise BadColumn(
            f"agreed has {len(verdict):,} rows and selection_probability {len(probability):,}: they go row by row"
        )
    outside = np.flatnonzero((probability < 0) | (probability > 1))
    if len(outside):
        raise BadColumn(f"selection_probability is from 0 to 1; row {outside[0]} has {probability[outside[0]]:g}")
    judged, known = ~np.isnan(verdict), probability > 0
    unknown = int((judged & ~known).sum())
    notes = [_left_out(int((~judged).sum()), len(verdict))]
    if unknown:
        notes.append(f"{unknown} without a selection probability above 0 left out: it speaks of items that were drawn")
    note = "; ".join(filter(None, notes))
    right, weight = verdict[judged & known], 1 / probability[judged & known]
    method = "weighted by 1 / selection probability (Hajek), Wilson interval at the effective sample size"
    n = len(right)
    if not n:
        return Estimate.missing("; ".join(filter(None, ["no drawn item carries a verdict", note])), method=method)
    value = min(dot(weight, right) / float(weight.sum()), 1.0)
    spread = float(np.sum(np.square(weight * (right - value))))
    error = sqrt(spread * n / (n - 1)) / float(weight.sum()) if n > 1 else nan
    effective = alike = effective_n(weight)
    if spread > 0 and error > 0:
        by_spread = value * (1 - value) / error**2
        # Where few items stand for many, their spread alone does not tell how sure it is: Kish's figure bounds it.
        effective = min(by_spread, n if alike >= ENOUGH else alike)
    if spread == 0 and n > 1:
        note = "; ".join(filter(None, ["all verdicts are the same: the standard error does not tell how sure", note]))
    low, high = wilson(value, effective, level)
    return Estimate(value=value, low=low, high=high, level=level, n=n, method=method, standard_error=error, note=note)


def _left_out(count: int, of: int) -> str:
    return f"{count} of {of} without a verdict left out" if count else ""
