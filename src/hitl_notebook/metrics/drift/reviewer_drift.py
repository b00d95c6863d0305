"""Each reviewer's course in each measure: the table behind a control chart."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import stdtrit

from hitl_notebook.counts import is_count
from hitl_notebook.errors import MissingColumn, UnknownChoice
from hitl_notebook.libraries import IntoDataFrame, pandas_frame
from hitl_notebook.metrics.alike import Equal
from hitl_notebook.metrics.columns import Array, check_count, check_level
from hitl_notebook.metrics.drift.alarms import check_false_alarms, wanted_of
from hitl_notebook.metrics.drift.baseline import Baseline
from hitl_notebook.metrics.drift.changes import changes, is_watched
from hitl_notebook.metrics.drift.decided import Codes, read_decided, read_measures
from hitl_notebook.metrics.drift.ewma import check_smoothing, smoothed, spread_of_smoothed
from hitl_notebook.metrics.drift.run_length import ewma_width
from hitl_notebook.metrics.drift.track import Track, tracks
from hitl_notebook.metrics.review.decided import milestones
from hitl_notebook.metrics.wilson import wilson_intervals

__all__ = ["reviewer_drift"]

FIGURES = ("value", "low", "high", "n", "ewma", "centre", "lower_limit", "upper_limit", "alarm")


def reviewer_drift(
    decisions: IntoDataFrame,
    measures: Sequence[str] | None = None,
    window: int | str | timedelta = 50,
    *,
    smoothing: float = 0.05,
    in_control_run_length: float = 10_000.0,
    points: int = 4_000,
    reviewers: Collection[Any] | None = None,
    equal: Equal = None,
    false_alarms: float | None = 0.05,
    level: float = 0.95,
) -> pd.DataFrame:
    """How each reviewer decides in the course of the review: rolling figures, and what would be expected of them.

    Parameters
    ----------
    decisions, measures
        As in `drift_alarms`.
    window : int, or a time as "1h" or a timedelta
        Over how many of a reviewer's last values the rolling figure is, or over those of how long; at the beginning,
        over those there are. A value without a time counts as of the one before.
    smoothing : float in [0.01, 1]
        Weight of the newest value in the moving average.
    in_control_run_length : float
        About how many values pass before the average of one chart leaves its limits by chance; of simulated reviewers
        who stay as they are 1.0 to 1.3 times as many for seconds and for a rate of 0.5, 1.5 times for one of 0.8 and
        2.2 times for one of 0.95. Of 25 charts one or other leaves them 25 times as soon.
    points : int
        How many rows at most over all charts, evenly spread, and one more for the end of each.
    reviewers : names, optional
        Whose charts; left out: everybody's. They are the same as among those of all, with whom they are compared, and
        as many points each. Who has decided nothing has none.
    equal : function of two values, optional
        As in `drift_alarms`.
    false_alarms : float in (0, 1), or None
        As in `drift_alarms`; None looks for no changes, which is most of the work, and ``alarm`` is False everywhere.
    level : float in (0, 1)
        Of each rolling figure's interval by itself: windows overlap.

    Returns
    -------
    DataFrame with one row a reviewer, measure and moment: ``reviewer``, ``measure``; ``decision`` (counted from 1) and
    ``decided_at``;

    - ``value``, the share in the window with Wilson's interval ``low`` to ``high``, or the geometric mean of the
      seconds with Student's on their logarithms, over ``n`` values;
    - ``ewma``, the moving average of the values; ``centre``, that of what was expected of each by the reviewer's
      earlier decisions and the model's confidence in the item: a change of the items moves both, one of the reviewer
      the first, and the second slowly, as what is new comes to be what was earlier; ``lower_limit`` and
      ``upper_limit``, which widen from the start and are skewed as rates near 0 and 1 are (Wilson and Hilferty 1931).
      They are for the eye: each chart leaves them now and then;
    - ``alarm``: from the decision at which `drift_alarms` notices a change for as long as the evidence stands, or until
      the next change; it answers for all charts together.

    ``attrs`` has ``method``, ``width`` (of the limits, in sigmas of the average), ``in_control_run_length`` and
    ``charts_watched``, reviewer and measure of those with more than 30 values: of fewer there is no alarm.

    Raises
    ------
    MissingColumn
        ``reviewer``, or what a named measure is computed from, is not in the frame; or the window is a time and no
        decision has one.
    UnknownChoice
        There is no such measure, or an option is out of its range.

    References
    ----------
    Cook, Coory and Webster (2011), BMJ Quality & Safety 20(6), for the risk-adjusted EWMA; Hawkins (1987), The
    Statistician 36(4), for charts that learn what is usual as they go; Lucas and Saccucci (1990), Technometrics 32(1).
    Wilson and Hilferty (1931), PNAS 17(12), for limits as of a gamma distribution.

    Examples
    --------
    >>> decisions = pd.DataFrame({"reviewer": ["ada", "bo", "ada"], "action": ["accept", "accept", "flag"]})
    >>> reviewer_drift(decisions, ["accept"])[["reviewer", "decision", "value", "low", "high", "n"]].round(2)
      reviewer  decision  value   low  high  n
    0      ada         1    1.0  0.21  1.00  1
    1      ada         2    0.5  0.09  0.91  2
    2       bo         1    1.0  0.21  1.00  1
    """
    check_level(level)
    if false_alarms is not None:
        check_false_alarms(false_alarms)
    check_smoothing(smoothing)
    span = _span(window)
    check_count(points, "points")
    width = ewma_width(smoothing, in_control_run_length)
    decisions = pandas_frame(decisions)
    named = read_measures(decisions, measures)
    decided = read_decided(decisions, named, equal)
    if not isinstance(span, int) and len(decisions) and not decided.decided_at.notna().any():
        raise MissingColumn(f"window={window!r} is a time, and no decision has one in decided_at or recorded_at")
    charts = tracks(decided, named)
    each = max(points // max(len(charts), 1), 1)
    if reviewers is not None:
        charts = [track for track in charts if track.reviewer in reviewers]
    shown = [milestones(len(track), each) - 1 for track in charts]
    figures = [
        _rolling(track, places, _starts(track, span, decided.decided_at), level)
        | _limits(track, places, smoothing, width)
        | {"alarm": _alarm(track, false_alarms)[places].astype(float)}
        for track, places in zip(charts, shown, strict=True)
    ]
    chart = np.repeat(np.arange(len(charts)), [len(places) for places in shown])
    row = _joined([track.row[places] for track, places in zip(charts, shown, strict=True)])
    count = _joined([track.decision[places] for track, places in zip(charts, shown, strict=True)])
    table = pd.DataFrame(
        {
            "reviewer": pd.Series([track.reviewer for track in charts], dtype=object).take(chart).to_numpy(),
            "measure": pd.Series([track.measure for track in charts], dtype=object).take(chart).to_numpy(),
            "decision": count.astype(np.int64),
            "decided_at": decided.decided_at.take(row.astype(np.intp)).array,
            **{name: _joined([of_chart[name] for of_chart in figures]) for name in FIGURES},
        }
    )
    table = table.astype({"n": np.int64, "alarm": np.bool_})
    table.attrs = {
        "method": f"EWMA around what is expected, smoothing {smoothing:g}, limits of {width:.3f} sigma that widen from "
        f"the start: by chance each chart leaves them about once in {in_control_run_length:,.0f} values",
        "width": width,
        "in_control_run_length": in_control_run_length,
        "charts_watched": [(track.reviewer, track.measure) for track in charts if is_watched(track)],
    }
    return table


def _span(window: int | str | timedelta) -> int | pd.Timedelta:
    if not isinstance(window, str | timedelta) and is_count(window, 1):
        return int(window)
    if isinstance(window, str | timedelta):
        try:
            span = pd.Timedelta(window)
        except ValueError:
            span = pd.Timedelta(0)
        if span > pd.Timedelta(0):
            return span
    raise UnknownChoice(f'window={window!r}: a number of decisions, 1 or more, or a time, as "1h"')


def _starts(track: Track, span: int | pd.Timedelta, at: "pd.Series[pd.Timestamp]") -> Codes:
    """Where the window that ends with each value begins."""
    if isinstance(span, int):
        return np.maximum(np.arange(len(track)) + 1 - span, 0)
    # Clocks may go back; a window does not.
    time = at.iloc[track.row].ffill().bfill().cummax().to_numpy(dtype="datetime64[ns]")
    return np.searchsorted(time, time - span.to_timedelta64(), side="right")


def _rolling(track: Track, shown: Codes, starts: Codes, level: float) -> dict[str, Array]:
    first = starts[shown]
    n = shown + 1 - first
    mean = _windows(track.value, first, shown) / n
    if track.is_rate:
        mean = np.clip(mean, 0, 1)  # a difference of sums can end a rounding error beyond
        low, high = wilson_intervals(mean, n.astype(float), level)
        return {"value": mean, "low": low, "high": high, "n": n.astype(float)}
    off = track.value - track.value.mean()  # which takes most of the rounding out of a difference of squares
    around = _windows(off * off, first, shown) - _windows(off, first, shown) ** 2 / n
    freedom = np.where(n > 1, n - 1.0, np.nan)
    half = stdtrit(freedom, (1 + level) / 2) * np.sqrt(np.maximum(around, 0) / freedom / n)
    with np.errstate(over="ignore"):  # of two times far apart the upper limit is beyond all numbers
        low, high = np.exp(mean - half), np.exp(mean + half)
    return {"value": np.exp(mean), "low": low, "high": high, "n": n.astype(float)}


def _windows(values: Array, first: Codes, last: Codes) -> Array:
    """The sum of the values of each window."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    sums: Array = total[last + 1] - total[first]
    return sums


def _limits(track: Track, shown: Codes, smoothing: float, width: float) -> dict[str, Array]:
    usual = track.usual
    first = float(usual.expected[0])
    ewma = smoothed(track.value, first, smoothing, shown)
    centre = smoothed(usual.expected, first, smoothing, shown)
    spread = spread_of_smoothed(usual.spread**2, smoothing, shown)
    skew = _skew_of_smoothed(usual, spread, smoothing, shown) if track.is_rate else np.zeros(len(shown))
    lower, upper = (centre + _skewed(side, skew) * spread for side in (-width, width))
    limits = {"ewma": ewma, "centre": centre, "lower_limit": lower, "upper_limit": upper}
    return {name: np.clip(at, 0, 1) if track.is_rate else np.exp(at) for name, at in limits.items()}


def _skew_of_smoothed(usual: Baseline, spread: Array, smoothing: float, shown: Codes) -> Array:
    third = usual.spread**2 * (1 - 2 * usual.expected)
    kept = (1 - smoothing) ** 3
    return smoothing**3 / (1 - kept) * smoothed(third, 0.0, 1 - kept, shown) / spread**3


def _skewed(z: float, skew: Array) -> Array:
    """How many sigmas off lies what is as far out as z of a normal distribution, of a gamma one with this skew."""
    sixth = np.where(np.abs(skew) < 1e-6, 1e-6, skew) / 6
    return (np.maximum(1 + sixth * (z - sixth), 0) ** 3 - 1) / (3 * sixth)


def _alarm(track: Track, false_alarms: float | None) -> npt.NDArray[np.bool_]:
    alarm = np.zeros(len(track), dtype=bool)
    if false_alarms is None:
        return alarm
    wanted = wanted_of(track, false_alarms)
    for change in changes(track, wanted):
        alarm[change.noticed : change.noticed + len(change.held)] = change.held >= wanted
    return alarm


def _joined(parts: Sequence[Array | Codes]) -> Array:
    return np.concatenate([np.empty(0), *parts])
