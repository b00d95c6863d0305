"""By how much more often one version of a model is right than another."""

import altair as alt
import pandas as pd

from hitl_notebook.charts.axes import COUNT, names_above
from hitl_notebook.charts.calculations import calculations
from hitl_notebook.charts.dataset import dataset
from hitl_notebook.charts.heading import heading
from hitl_notebook.charts.order import table_order
from hitl_notebook.charts.palette import BLUE, GREEN, QUIET, VERMILION
from hitl_notebook.charts.panels import panels
from hitl_notebook.charts.selection import selection, unless_others_are, view_name
from hitl_notebook.charts.words import interval_in_words, number_in_words

__all__ = ["compare_versions"]

COLUMNS = ("slice", "part", "value", "low", "high", "n", "wins", "losses", "ties")
ROW = 38
NAME = 13  # pixels above the marks
BESIDE = 110
POINTS = "+.1%"


def compare_versions(
    table: pd.DataFrame, *, title: str | None = None, width: int = 260, height: int | None = None
) -> alt.FacetChart:
    """By how much more often the later version is right, over all items and in each part of them.

    How to read it: dots right of the line are parts in which the later version is right more often, with the interval
    of the difference. Only where an interval lies wholly on one side is the difference told from chance, and of twenty
    parts one does so by chance. Over each dot stands how many items rest on it, repaired and newly wrong.

    Parameters
    ----------
    table : DataFrame
        The ``table`` of what `hitl_notebook.metrics.compare_versions` found.
    title : str, optional
        Instead of the usual one; ``""`` for none.
    width, height : int
        Of a panel, in pixels; height left out: 38 a part.

    Returns
    -------
    altair.FacetChart. Clicking selects parts (by ``slice`` and ``part``).

    Raises
    ------
    MissingColumn, BadFrame
        The table is not one of a comparison.

    Examples
    --------
    >>> row = {"slice": "all items", "part": "v2", "value": 0.2, "low": 0.1, "high": 0.3, "n": 50}
    >>> chart = compare_versions(pd.DataFrame([{**row, "wins": 12, "losses": 2, "ties": 36}]))
    >>> chart.data["values"][0]["value"]
    0.2
    """
    drawn = dataset(table, COLUMNS, nothing="No item on which both versions are judged yet.", panels=["slice", "part"])
    selected = selection("slice", "part")
    name = "Right more often, by the reviewers"
    axis = alt.Axis(format="+.0%", labelExpr="datum.value == 0 ? '0%' : datum.label", tickCount=6)
    x = alt.X("value:Q", scale=alt.Scale(zero=True), axis=axis).title(name)
    y = alt.Y("part:N", sort=table_order(), axis=names_above(width - BESIDE, distance=NAME)).title(None)
    facts = [
        alt.Tooltip("slice:N", title="Slice"),
        alt.Tooltip("part:N", title="Part"),
        alt.Tooltip("value_words:N", title="Difference"),
        alt.Tooltip("interval:N", title="Interval"),
        alt.Tooltip("items:N", title="Items"),
        alt.Tooltip("repaired:N", title="Repaired"),
        alt.Tooltip("broken:N", title="Newly wrong"),
    ]
    worse, better = alt.when("isValid(datum.high) && datum.high < 0"), "isValid(datum.low) && datum.low > 0"
    colour = worse.then(alt.value(VERMILION)).when(better).then(alt.value(GREEN)).otherwise(alt.value(BLUE))
    nothing = alt.Chart().mark_rule(color=QUIET, strokeDash=[4, 3], tooltip=False).encode(x=alt.datum(0))
    intervals = (
        alt.Chart()
        .mark_rule(strokeWidth=2.5, invalid=None)
        .encode(
            x=alt.X("low:Q").title(name),
            x2="high:Q",
            y=y,
            color=colour,
            opacity=unless_others_are(selected, missing="low"),
            tooltip=facts,
        )
    )
    dots = (
        alt.Chart(name=view_name(selected, "parts"))
        .mark_circle(size=90, cursor="pointer", invalid=None)
        .encode(x=x, y=y, color=colour, opacity=unless_others_are(selected, missing="value"), tooltip=facts)
        .add_params(selected)
    )
    counts = (
        alt.Chart()
        .mark_text(align="right", dx=-4, dy=-NAME, fontSize=10, tooltip=False)
        .encode(x=alt.value("width"), y=y, text="count:N")
    )
    panel = alt.LayerChart(
        layer=[nothing, intervals, dots, counts],
        transform=calculations(
            value_words=number_in_words("value", POINTS),
            items=number_in_words("n", COUNT),
            repaired=number_in_words("wins", COUNT),
            broken=number_in_words("losses", COUNT),
            interval=interval_in_words(POINTS),
            count="isValid(datum.n) ? 'n ' + format(datum.n, ',d') + ', +' + format(datum.wins, ',d') + ' −' "
            "+ format(datum.losses, ',d') : ''",
        ),
        width=width,
        height=alt.Step(ROW) if height is None else height,
    )
    return panels(
        panel,
        drawn.data,
        "datum.slice",
        width=width,
        columns=1,
        own_scale=True,
        title=heading(title, "Is the later version right more often?", drawn.notes, width),
    )
