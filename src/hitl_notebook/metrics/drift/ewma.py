"""The exponentially weighted moving average chart."""

from math import log
from typing import Any

import numpy as np
import pandas as pd

from hitl_notebook.errors import UnknownChoice
from hitl_notebook.metrics.alike import Codes
from hitl_notebook.metrics.columns import Array
from hitl_notebook.metrics.drift.run_length import ewma_run_length, ewma_width
from hitl_notebook.metrics.drift.watched import watch

__all__ = ["check_smoothing", "ewma_chart", "smoothed", "spread_of_smoothed"]

# So many values are averaged at once, or as many as it takes until the first has all but faded.
BLOCK = 64
MOST_FADED = -300.0
# An average of some 200 values. Of a longer one the limits widen for so long that their run length is slow to compute.
LEAST_SMOOTHING = 0.01


def ewma_chart(
    values: Any,
    *,
    target: float | None = None,
    sigma: float | None = None,
    smoothing: float = 0.2,
    in_control_run_length: float = 500.0,
    width: float | None = None,
) -> pd.DataFrame:
    """Whether the level of values has moved: their moving average, the newest counting most, between two limits.

    Parameters
    ----------
    values : array of shape (n,)
        In the order in which they came. Missing values leave the average as it was and raise no alarm.
    target, sigma : float, optional
        Level and standard deviation of a single value while nothing changes. Left out: the mean of these values, and
        their spread by the mean gap between neighbours over 1.128, which a change of level hardly widens.
    smoothing : float in [0.01, 1]
        Weight of the newest value: 0.05 finds small changes, 0.4 large ones; 1 is Shewhart's chart.
    in_control_run_length : float
        How many values pass on average before a false alarm, if they are independent and normal and target and sigma
        are known. The width of the limits follows from it.
    width : float, optional
        The half-width of the limits in sigmas of the average, in place of the run length.

    Returns
    -------
    DataFrame with one row a value: ``value``, ``ewma``, ``centre``, ``lower_limit``, ``upper_limit`` and ``alarm``
    (the average is outside). The limits widen from the start as the average's variance does. ``attrs`` has ``note``,
    ``method``, ``width`` and ``in_control_run_length``. Limits are NaN, with a note, where there is no spread.

    Raises
    ------
    BadColumn
        Values that are text or infinite.
    UnknownChoice
        A smoothing, sigma, width or run length out of its range.

    References
    ----------
    Roberts (1959), Technometrics 1(3). Lucas and Saccucci (1990), Technometrics 32(1).

    Examples
    --------
    >>> chart = ewma_chart([9, 11, 12, 13], target=10, sigma=1, smoothing=0.5, width=2.5)
    >>> chart[["value", "ewma", "upper_limit", "alarm"]].round(2)
       value   ewma  upper_limit  alarm
    0    9.0   9.50        11.25  False
    1   11.0  10.25        11.40  False
    2   12.0  11.12        11.43  False
    3   13.0  12.06        11.44   True
    """
    check_smoothing(smoothing)
    if width is None:
        width = ewma_width(smoothing, in_control_run_length)
    elif not 0 < width < np.inf:
        raise UnknownChoice(f"width={width!r}: the half-width of the limits in sigmas of the average, above zero")
    else:
        in_control_run_length = ewma_run_length(smoothing, width)
    chart = watch(values, target, sigma)
    known = chart.value[chart.known]
    average = chart.carried(smoothed(known, chart.target, smoothing), chart.target)
    ones = np.full(len(known), chart.sigma**2)
    half = width * chart.carried(spread_of_smoothed(ones, smoothing), 0.0)
    with np.errstate(invalid="ignore"):
        alarm = chart.known & (np.abs(average - chart.target) > half)
    table = pd.DataFrame(
        {
            "value": chart.value,
            "ewma": average,
            "centre": chart.target,
            "lower_limit": chart.target - half,
            "upper_limit": chart.target + half,
            "alarm": alarm,
        }
    )
    table.attrs = {
        "note": chart.note,
        "method": f"EWMA, smoothing {smoothing:g}, limits of {width:.3f} sigma that widen from the start",
        "width": width,
        "in_control_run_length": in_control_run_length,
    }
    return table


def smoothed(values: Array, start: float, smoothing: float, places: Codes | None = None) -> Array:
    """The exponentially weighted moving average of values without gaps, beginning at ``start``.

    At every value, or at those ``places`` alone, which are in order: that takes a fraction of the time.
    """
    kept = 1 - smoothing
    if kept == 0:
        return values if places is None else values[places]
    if places is not None:
        return _smoothed_at(places, values, start, kept)
    length = max(min(BLOCK, int(MOST_FADED / log(kept))), 1)
    blocks = -(-len(values) // length)
    padded = np.zeros((blocks, length))
    padded.reshape(-1)[: len(values)] = values
    fading = kept ** np.arange(1.0, length + 1)
    # Within a block the newest value is the unit, and what is older is as much larger as it will have faded.
    own = np.cumsum(padded * (smoothing / fading), axis=1) * fading
    brought = _carried(own[:, -1], np.full(blocks, fading[-1]), start)
    return (own + brought[:-1, None] * fading).ravel()[: len(values)]


def _smoothed_at(places: Codes, values: Array, start: float, kept: float) -> Array:
    if not len(places):
        return np.empty(0)
    lengths = np.diff(places, prepend=-1)
    last = places[-1] + 1
    # How many values come after each before the next place.
    later = np.repeat(places, lengths) - np.arange(last)
    weights = (1 - kept) * kept ** np.arange(lengths.max())
    own = np.add.reduceat(values[:last] * weights[later], places - lengths + 1)
    return _carried(own, kept**lengths, start)[1:]


def _carried(own: Array, fading: Array, start: float) -> Array:
    """The average before each stretch of values, and after the last, by what each adds and how much it leaves."""
    average = [start]
    for added, left in zip(own.tolist(), fading.tolist(), strict=True):
        average.append(added + left * average[-1])
    return np.array(average)


def spread_of_smoothed(variances: Array, smoothing: float, places: Codes | None = None) -> Array:
    """Standard deviation of the average at each value, or at ``places``, from the variance of each value by itself."""
    kept = (1 - smoothing) ** 2
    # An average of the variances by the squared weights, which sum to less than one.
    total = smoothing**2 / (1 - kept) * smoothed(variances, 0.0, 1 - kept, places)
    return np.sqrt(total)


def check_smoothing(smoothing: float) -> None:
    """Refuse a weight of the newest value that is none."""
    if not LEAST_SMOOTHING <= smoothing <= 1:
        raise UnknownChoice(f"smoothing={smoothing!r}: the weight of the newest value, from {LEAST_SMOOTHING} to 1")
