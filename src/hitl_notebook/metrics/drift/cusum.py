"""The two-sided cumulative sum chart."""

from typing import Any

import numpy as np
import pandas as pd

from hitl_notebook.errors import UnknownChoice
from hitl_notebook.metrics.columns import Array
from hitl_notebook.metrics.drift.run_length import cusum_limit, cusum_run_length
from hitl_notebook.metrics.drift.watched import watch

__all__ = ["cusum_chart"]

EPSILON = float(np.finfo(float).eps)


def cusum_chart(
    values: Any,
    *,
    target: float | None = None,
    sigma: float | None = None,
    k: float = 0.5,
    h: float | None = None,
    in_control_run_length: float = 500.0,
) -> pd.DataFrame:
    """Whether the level of values has moved, and since when: what they are off the target, summed in both directions.

    Parameters
    ----------
    values : array of shape (n,)
        In the order in which they came. Missing values leave the sums as they were and raise no alarm.
    target, sigma : float, optional
        Level and standard deviation of a single value while nothing changes; left out: as in `ewma_chart`.
    k : float
        What is taken off at each value, in sigmas: half the smallest change that matters.
    h : float, optional
        The limit of the sums, in sigmas. Left out: the one that has the run length.
    in_control_run_length : float
        How many values pass on average before a false alarm in either direction, if they are independent and normal
        and target and sigma are known.

    Returns
    -------
    DataFrame with one row a value: ``value``, ``rise`` and ``fall`` (the two sums, in sigmas), ``rise_run`` and
    ``fall_run`` (how many known values the sum has been above zero: the change is thought to have come before them),
    ``limit`` and ``alarm``. The sums go on after an alarm. ``attrs`` has ``note``, ``method``, ``h`` and
    ``in_control_run_length``. Sums are NaN, with a note, where there is no spread.

    Raises
    ------
    BadColumn
        Values that are text or infinite.
    UnknownChoice
        A sigma, k, h or run length out of its range.

    References
    ----------
    Page (1954), Biometrika 41. Run lengths by the integral equation of Goel and Wu (1971), Technometrics 13(2).

    Examples
    --------
    >>> cusum_chart([10, 9, 12, 13], target=10, sigma=1, k=0.5, h=4)[["value", "rise", "rise_run", "fall", "alarm"]]
       value  rise  rise_run  fall  alarm
    0   10.0   0.0         0   0.0  False
    1    9.0   0.0         0   0.5  False
    2   12.0   1.5         1   0.0  False
    3   13.0   4.0         2   0.0  False
    """
    if not 0 <= k < np.inf:
        raise UnknownChoice(f"k={k!r}: what is taken off at each value, in sigmas, zero or more")
    if h is None:
        h = cusum_limit(k, in_control_run_length)
    elif not 0 < h < np.inf:
        raise UnknownChoice(f"h={h!r}: the limit of the sums in sigmas, above zero")
    else:
        in_control_run_length = cusum_run_length(k, h)
    chart = watch(values, target, sigma)
    known = chart.value[chart.known]
    off = (known - chart.target) / chart.sigma
    sizes = (np.abs(known) + abs(chart.target)) / chart.sigma + k
    rise, rise_run = _sums(off - k, sizes)
    fall, fall_run = _sums(-off - k, sizes)
    start = 0.0 * chart.sigma  # nothing where there is no spread
    rising, falling = chart.carried(rise, start), chart.carried(fall, start)
    table = pd.DataFrame(
        {
            "value": chart.value,
            "rise": rising,
            "fall": falling,
            "rise_run": chart.carried(rise_run, 0).astype(np.int64),
            "fall_run": chart.carried(fall_run, 0).astype(np.int64),
            "limit": h,
            "alarm": chart.known & ((rising > h) | (falling > h)),
        }
    )
    table.attrs = {
        "note": chart.note,
        "method": f"two-sided CUSUM, k = {k:g}, h = {h:.4g} sigma",
        "h": h,
        "in_control_run_length": in_control_run_length,
    }
    return table


def _sums(steps: Array, sizes: Array) -> tuple[Array, Array]:
    """``max(0, before + step)`` all along, and for how many values it has been above zero.

    A step is the difference of numbers that are no greater than its size together. What is above zero by no more than
    their rounding is zero: the sum would otherwise be thought to go on where it has returned.
    """
    sums, runs = np.zeros(len(steps)), np.zeros(len(steps))
    total, run, rounding = 0.0, 0, 0.0
    for place, (step, size) in enumerate(zip(steps.tolist(), sizes.tolist(), strict=True)):
        total += step
        rounding += EPSILON * (3 * size + abs(total))
        if total - rounding <= 0:
            total, run, rounding = 0.0, 0, 0.0
        else:
            run += 1
        sums[place], runs[place] = total, run
    return sums, runs
