"""Each reviewer's course in each measure: the table behind a control chart."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from hitl_notebook.counts import is_count
from hitl_notebook.errors import MissingColumn, UnknownChoice
from hitl_notebook.libraries import IntoDataFrame, pandas_frame
from hitl_notebook.metrics.alike import Equal
from hitl_notebook.metrics.columns import check_count, check_level
from hitl_notebook.metrics.drift.alarms import check_false_alarms, wanted_of
from hitl_notebook.metrics.drift.changes import changes, is_watched
from hitl_notebook.metrics.drift.control_chart import (
    LEVEL,
    RUN_LENGTH,
    SMOOTHING,
    WINDOW,
    ControlChart,
    places_shown,
    points_as_table,
)
from hitl_notebook.metrics.drift.decided import read_decided, read_measures
from hitl_notebook.metrics.drift.ewma import check_smoothing
from hitl_notebook.metrics.drift.run_length import ewma_width
from hitl_notebook.metrics.drift.track import Track, tracks

__all__ = ["reviewer_drift"]


def reviewer_drift(
    decisions: IntoDataFrame,
    measures: Sequence[str] | None = None,
    window: int | str | timedelta = WINDOW,
    *,
    smoothing: float = SMOOTHING,
    in_control_run_length: float = RUN_LENGTH,
    points: int = 4_000,
    reviewers: Collection[Any] | None = None,
    equal: Equal = None,
    false_alarms: float = 0.05,
    level: float = LEVEL,
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
    false_alarms : float in (0, 1)
        As in `drift_alarms`.
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
        ``reviewer``, or what a named measure is computed from, is not in the frame; no measure can be computed; or the
        window is a time and no decision has one.
    BadColumn
        As `drift_alarms`.
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
    check_false_alarms(false_alarms)
    check_smoothing(smoothing)
    span = _span(window)
    check_count(points, "points")
    chart = ControlChart(span, smoothing, ewma_width(smoothing, in_control_run_length), level)
    decisions = pandas_frame(decisions)
    named = read_measures(decisions, measures)
    decided = read_decided(decisions, named, equal)
    if not isinstance(span, int) and len(decisions) and not decided.decided_at.notna().any():
        raise MissingColumn(f"window={window!r} is a time, and no decision has one in decided_at or recorded_at")
    charts = tracks(decided, named)
    count = len(charts)
    if reviewers is not None:
        charts = [track for track in charts if track.reviewer in reviewers]
    shown = [places_shown(track, points, charts=count) for track in charts]
    figures = [
        chart.points(track, places) | {"alarm": _alarm(track, false_alarms)[places].astype(float)}
        for track, places in zip(charts, shown, strict=True)
    ]
    table = points_as_table(decided, charts, shown, figures)
    table.attrs = {
        "method": f"EWMA around what is expected, smoothing {smoothing:g}, limits of {chart.width:.3f} sigma that "
        f"widen from the start: by chance each chart leaves them about once in {in_control_run_length:,.0f} values",
        "width": chart.width,
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


def _alarm(track: Track, false_alarms: float) -> npt.NDArray[np.bool_]:
    alarm = np.zeros(len(track), dtype=bool)
    wanted = wanted_of(track, false_alarms)
    for change in changes(track, wanted):
        alarm[change.noticed : change.noticed + len(change.held)] = change.held >= wanted
    return alarm
