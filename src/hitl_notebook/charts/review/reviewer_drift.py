"""Control charts: of each reviewer and measure, whether they still decide as they did."""

from inspect import signature

import altair as alt
import pandas as pd

from hitl_notebook import metrics
from hitl_notebook.charts.axes import COUNT, count_axis
from hitl_notebook.charts.band import band
from hitl_notebook.charts.calculations import calculations
from hitl_notebook.charts.dataset import dataset
from hitl_notebook.charts.heading import heading
from hitl_notebook.charts.line import line
from hitl_notebook.charts.moments import moments
from hitl_notebook.charts.palette import BLUE, QUIET, VERMILION
from hitl_notebook.charts.panels import panel_name, panels
from hitl_notebook.charts.selection import selection
from hitl_notebook.charts.words import interval_in_words, name_in_words, number_in_words, time_in_words

__all__ = ["reviewer_drift"]

ROLLING = ("value", "low", "high")
FIGURES = (*ROLLING, "ewma", "centre", "lower_limit", "upper_limit")
COLUMNS = ("reviewer", "measure", "decision", "decided_at", *FIGURES, "n", "alarm")
MEASURES = {
    "accept": "accepts, %",
    "correct": "corrects, %",
    "flag": "flags, %",
    "agree": "agrees with others, %",
    "seconds": "seconds an item",
}
FEWEST = 10
IN_UNITS = "seconds"  # all other measures are shares
RUN_LENGTH = "in_control_run_length"
KEY = (
    "By the reviewer's own count of decisions. Blue is the moving average between dashed limits around what is to be "
    "expected, which it leaves by chance about once in {:,.0f} values, grey the figure of the last decisions with its "
    "interval. A triangle is where an alarm begins"
)


def reviewer_drift(
    table: pd.DataFrame, *, title: str | None = None, width: int = 190, height: int = 110
) -> alt.FacetChart:
    """Whether each reviewer still decides as they did: a control chart for each reviewer and measure.

    How to read it: the blue line is a moving average in which the newest decision counts most, the thin one what is
    to be expected of this reviewer on these items. It wanders, now and then to a dashed limit: in each chart by
    chance about once in so many values as the subtitle says (the metric's ``in_control_run_length``). An orange
    triangle is where an alarm begins: by then the evidence for a change is more than chance gives, for all the charts
    that are watched; orange dots follow for as long as it stands. The grey line is the plain figure of the last
    decisions, with its interval, drawn from the tenth on. Both directions count: accepting more may be a reviewer who
    has stopped looking, accepting less one who has become harsher.

    Parameters
    ----------
    table : DataFrame of `hitl_notebook.metrics.reviewer_drift`
    title : str, optional
        Instead of the usual one; ``""`` for none.
    width, height : int
        Of a panel, in pixels; each reviewer is a row of panels.

    Returns
    -------
    altair.FacetChart. Clicking selects a moment (by ``reviewer``, ``measure`` and ``decision``).

    Raises
    ------
    MissingColumn, BadFrame
        The table is not one of `hitl_notebook.metrics.reviewer_drift`.

    Examples
    --------
    >>> table = pd.DataFrame({"reviewer": ["ada"], "measure": ["accept"], "decision": [1], "decided_at": [None],
    ...                       "value": [1.0], "low": [0.2], "high": [1.0], "n": [1], "ewma": [0.8], "centre": [0.7],
    ...                       "lower_limit": [0.4], "upper_limit": [1.0], "alarm": [False]})
    >>> reviewer_drift(table).data["values"][0]["ewma"]
    0.8
    """
    drawn = dataset(
        table, COLUMNS, nothing="Nothing has been reviewed yet.", keep="alarm", panels=["reviewer", "measure"]
    )
    measures = list(dict.fromkeys(row["measure"] for row in drawn.rows))
    reviewers = list(dict.fromkeys(row["reviewer"] for row in drawn.rows))
    # A reviewer's measures beside each other, so that a row of panels is a reviewer.
    drawn.rows.sort(key=lambda row: (reviewers.index(row["reviewer"]), measures.index(row["measure"])))
    selected = selection("reviewer", "measure", "decision")
    x = alt.X("decision:Q", axis=count_axis(tickCount=4)).title(None)
    # A label that reached above the plot would push the panel's name out of line. Of one value the only tick is that
    # value, with all its digits.
    axis = alt.Axis(tickCount=4, labelFlush=True, format=",.3~f")

    def y(figure: str, which: str = "drawn") -> alt.Y:
        return alt.Y(f"{which}_{figure}:Q", scale=alt.Scale(zero=False), axis=axis).title(None)

    interval = band(x, y("low", "late"), "late_high:Q", color=QUIET)
    rolling = line(x, y("value", "late"), color=QUIET, width=1.5)
    centre = line(x, y("centre"), width=1)
    lower, upper = (line(x, y(f"{side}_limit"), width=1.2, dash=[4, 3]) for side in ("lower", "upper"))
    average = line(x, y("ewma"), width=2.2)
    facts = [
        alt.Tooltip("reviewer:N", title="Reviewer"),
        alt.Tooltip("measured:N", title="Measure"),
        alt.Tooltip("decision:Q", title="Decision", format=COUNT),
        alt.Tooltip("moment:N", title="At"),
        alt.Tooltip("value_words:N", title="Last decisions"),
        alt.Tooltip("interval:N", title="Interval"),
        alt.Tooltip("n:Q", title="Decisions in it", format=COUNT),
        alt.Tooltip("ewma_words:N", title="Moving average"),
        alt.Tooltip("expected:N", title="To be expected"),
        alt.Tooltip("limits:N", title="Limits"),
        alt.Tooltip("alarm_words:N", title="Alarm"),
    ]
    # One mark for all moments: a layer of alarms alone would have nothing to draw where there are none.
    begins, stands = "datum.alarm === true && datum.alarm_before !== true", "datum.alarm === true"
    points = (
        moments(
            x,
            y("ewma"),
            facts,
            selected,
            said=f"datum.reviewer + ', ' + {number_in_words('decision', COUNT)} + ': ' + datum.ewma_words",
        )
        .transform_window(alarm_before="lag(alarm)", groupby=["reviewer", "measure"], sort=[alt.SortField("decision")])
        .mark_point(filled=True, opacity=1, cursor="pointer", strokeWidth=0)
        .encode(
            color=alt.when(stands).then(alt.value(VERMILION)).otherwise(alt.value(BLUE)),
            shape=alt.when(begins).then(alt.value("triangle-up")).otherwise(alt.value("circle")),
            size=alt.when(begins)
            .then(alt.value(130))
            .when(selected, empty=False)
            .then(alt.value(120))
            .when(stands)
            .then(alt.value(16))
            .otherwise(alt.value(7)),
        )
    )
    panel = alt.LayerChart(
        layer=[interval, rolling, centre, lower, upper, average, points],
        transform=calculations(
            **{f"drawn_{figure}": _in_percent(figure) for figure in FIGURES},
            # The interval of one decision is nearly the whole scale, and would flatten all that comes after it.
            **{f"late_{figure}": f"datum.n >= {FEWEST} ? datum.drawn_{figure} : null" for figure in ROLLING},
            measured=_measure(),
            moment=time_in_words("decided_at"),
            value_words=number_in_words("drawn_value", ".1f"),
            interval=interval_in_words(".1f", low="drawn_low", high="drawn_high"),
            ewma_words=number_in_words("drawn_ewma", ".1f"),
            expected=number_in_words("drawn_centre", ".1f"),
            limits=interval_in_words(".1f", low="drawn_lower_limit", high="drawn_upper_limit"),
            alarm_words="datum.alarm === true ? 'stands' : 'none'",
        ),
        width=width,
        height=height,
    )
    across = max(len(measures), 1)
    return panels(
        panel,
        drawn.data,
        f"datum.reviewer + '\\n' + {_measure()}",
        width=width,
        columns=across,
        own_scale=True,
        names=lambda value: _in_two_lines(f"split({value}, '\\n')", width),
        title=heading(
            title,
            "Does each reviewer still decide as before?",
            [KEY.format(_run_length(table)), *drawn.notes],
            max(width * across, 420),
        ),
    )


def _run_length(table: pd.DataFrame) -> float:
    """How seldom a chart leaves its limits by chance: as the table says, or else as its metric has it."""
    usual = signature(metrics.reviewer_drift).parameters[RUN_LENGTH].default
    return float(table.attrs.get(RUN_LENGTH, usual))


def _measure() -> str:
    return name_in_words("datum.measure", MEASURES)


def _in_two_lines(lines: str, width: int) -> str:
    return f"[{panel_name(f'{lines}[0]', width)}, peek({lines})]"


def _in_percent(figure: str) -> str:
    return f"isValid(datum.{figure}) ? datum.{figure} * (datum.measure === '{IN_UNITS}' ? 1 : 100) : null"
