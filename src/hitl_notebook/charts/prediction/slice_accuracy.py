"""How often the model is right in each part of the data."""

import altair as alt
import pandas as pd

from hitl_notebook.charts.axes import COUNT, PERCENT, names_above, share_axis, share_scale
from hitl_notebook.charts.calculations import calculations
from hitl_notebook.charts.dataset import dataset
from hitl_notebook.charts.heading import heading
from hitl_notebook.charts.order import table_order
from hitl_notebook.charts.palette import BLUE
from hitl_notebook.charts.panels import panels
from hitl_notebook.charts.selection import selection, unless_others_are, view_name
from hitl_notebook.charts.words import interval_in_words, number_in_words

__all__ = ["slice_accuracy"]

COLUMNS = ("slice", "part", "value", "low", "high", "n")
ROW = 38
NAME = 13  # pixels above the marks
BESIDE = 56


def slice_accuracy(
    table: pd.DataFrame, *, title: str | None = None, width: int = 260, height: int | None = None
) -> alt.FacetChart:
    """How often the model is right in each part of the data, slice by slice.

    How to read it: a panel for each slice, a dot for each part of it, with its interval and the items it rests on.
    Parts whose intervals lie apart differ; where they overlap much, the difference may be chance, the more so the
    more parts there are.

    Parameters
    ----------
    table : DataFrame of `hitl_notebook.metrics.slice_accuracy`
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
        The table is not one of `hitl_notebook.metrics.slice_accuracy`.

    Examples
    --------
    >>> table = pd.DataFrame({"slice": ["channel"], "part": ["mail"], "value": [0.9], "low": [0.6], "high": [0.98],
    ...                       "n": [10]})
    >>> slice_accuracy(table).data["values"]
    [{'slice': 'channel', 'part': 'mail', 'value': 0.9, 'low': 0.6, 'high': 0.98, 'n': 10}]
    """
    drawn = dataset(table, COLUMNS, nothing="No item of a slice with a verdict yet.", panels=["slice", "part"])
    selected = selection("slice", "part")
    x = alt.X("value:Q", scale=share_scale(), axis=share_axis()).title("Right, by the reviewers")
    y = alt.Y("part:N", sort=table_order(), axis=names_above(width - BESIDE, distance=NAME)).title(None)
    facts = [
        alt.Tooltip("slice:N", title="Slice"),
        alt.Tooltip("part:N", title="Part"),
        alt.Tooltip("value_words:N", title="Right"),
        alt.Tooltip("interval:N", title="Interval"),
        alt.Tooltip("items:N", title="Items"),
    ]
    # What is missing is made invisible, not left out: all layers have the same rows then, and Vega-Lite, which takes
    # the height of a panel from one of them (and warns that it does), is right.
    intervals = (
        alt.Chart()
        .mark_rule(color=BLUE, strokeWidth=2.5, invalid=None)
        .encode(
            x=alt.X("low:Q").title("Right, by the reviewers"),
            x2="high:Q",
            y=y,
            opacity=unless_others_are(selected, missing="low"),
            tooltip=facts,
        )
    )
    dots = (
        alt.Chart(name=view_name(selected, "parts"))
        .mark_circle(color=BLUE, size=90, cursor="pointer", invalid=None)
        .encode(x=x, y=y, opacity=unless_others_are(selected, missing="value"), tooltip=facts)
        .add_params(selected)
    )
    counts = (
        alt.Chart()
        .mark_text(align="right", dx=-4, dy=-NAME, fontSize=10, tooltip=False)
        .encode(x=alt.value("width"), y=y, text="count:N")
    )
    panel = alt.LayerChart(
        layer=[intervals, dots, counts],
        transform=calculations(
            value_words=number_in_words("value", PERCENT),
            items=number_in_words("n", COUNT),
            interval=interval_in_words(PERCENT),
            count="isValid(datum.n) ? 'n ' + format(datum.n, ',d') : ''",
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
        title=heading(title, "Where is the model right?", drawn.notes, width),
    )
