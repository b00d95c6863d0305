"""Precision and recall of each label."""

import altair as alt
import pandas as pd

from hitl_notebook.charts.axes import COUNT, PERCENT, names_above, own_scales, share_axis, share_scale
from hitl_notebook.charts.calculations import calculations
from hitl_notebook.charts.dataset import dataset
from hitl_notebook.charts.heading import heading
from hitl_notebook.charts.order import numbered, table_order
from hitl_notebook.charts.palette import BLUE, VERMILION
from hitl_notebook.charts.selection import selection, unless_others_are, view_name
from hitl_notebook.charts.words import interval_in_words, number_in_words

__all__ = ["class_scores"]

COLUMNS = ("label", "measure", "value", "low", "high", "n")
MEASURES = ("precision", "recall")
ROW = 13
NAME = 17  # above the two rows of a label
BESIDE = 52


def class_scores(
    table: pd.DataFrame, *, title: str | None = None, width: int = 300, height: int | None = None
) -> alt.LayerChart:
    """How good the model is at each label.

    How to read it: the blue dot is precision, how often the model was right when it said the label; the orange
    diamond is recall, how much of what the reviewers gave the label the model had found. A label far left in blue is
    said too readily, far left in orange too rarely. Lines are intervals; the number at the right is the items each
    rests on.

    Parameters
    ----------
    table : DataFrame of `hitl_notebook.metrics.class_scores`
    title : str, optional
        Instead of the usual one; ``""`` for none.
    width, height : int
        In pixels; height left out: 43 a label.

    Returns
    -------
    altair.LayerChart. Clicking selects scores (by ``label`` and ``measure``).

    Raises
    ------
    MissingColumn, BadFrame
        The table is not one of `hitl_notebook.metrics.class_scores`.

    Examples
    --------
    >>> table = pd.DataFrame({"label": ["ham", "ham"], "measure": ["precision", "recall"], "value": [0.5, None],
    ...                       "low": [0.1, None], "high": [0.9, None], "n": [4, 0]})
    >>> [row["value"] for row in class_scores(table).data["values"]]
    [0.5, None]
    """
    drawn = dataset(table, COLUMNS, nothing="No item with a prediction and a value yet.")
    size = alt.Step(ROW, **{"for": "offset"}) if drawn.rows else 8 * ROW  # no labels are no height
    selected = selection("label", "measure")
    x = alt.X("value:Q", scale=share_scale(free=BESIDE / width), axis=share_axis()).title(None)
    labels = len({row["label"] for row in drawn.rows}) or 1
    below = len(MEASURES) * ROW
    above = NAME / (NAME + below)
    lines = alt.Scale(paddingInner=above, paddingOuter=above / 2, align=1)
    distance = ((below if height is None else height / labels * (1 - above)) + NAME) / 2
    names = names_above(width, distance=distance)
    y = alt.Y("label:N", sort=table_order(), axis=names, scale=lines).title(None)
    lane = alt.YOffset("measure:N", sort=None, scale=alt.Scale(domain=list(MEASURES)))
    legend = alt.Legend(orient="top", symbolOpacity=1)
    colors = alt.Scale(domain=list(MEASURES), range=[BLUE, VERMILION])
    color = alt.Color("measure:N", scale=colors, legend=legend).title(None)
    shape = alt.Shape(
        "measure:N", scale=alt.Scale(domain=list(MEASURES), range=["circle", "diamond"]), legend=legend
    ).title(None)
    facts = [
        alt.Tooltip("label:N", title="Label"),
        alt.Tooltip("measure:N", title="Measure"),
        alt.Tooltip("value_words:N", title="Value"),
        alt.Tooltip("interval:N", title="Interval"),
        alt.Tooltip("n:Q", title="Items", format=COUNT),
    ]
    intervals = (
        alt.Chart()
        .mark_rule(strokeWidth=2)
        .encode(
            x=alt.X("low:Q").title(None),
            x2="high:Q",
            y=y,
            yOffset=lane,
            color=alt.Color("measure:N", scale=colors, legend=None),
            opacity=unless_others_are(selected),
            tooltip=facts,
        )
    )
    dots = (
        alt.Chart(name=view_name(selected, "scores"))
        .mark_point(filled=True, size=70, opacity=1, cursor="pointer")
        .encode(x=x, y=y, yOffset=lane, color=color, shape=shape, opacity=unless_others_are(selected), tooltip=facts)
        .add_params(selected)
    )
    counts = (
        alt.Chart()
        .mark_text(align="right", dx=-6, fontSize=10, tooltip=False)
        .encode(x=alt.value("width"), y=y, yOffset=lane, text="count:N")
    )
    chart = alt.LayerChart(
        layer=[intervals, dots, counts],
        transform=[
            numbered(),
            *calculations(
                value_words=number_in_words("value", PERCENT),
                interval=interval_in_words(PERCENT),
                count="'n ' + format(datum.n, ',d')",
            ),
        ],
        title=heading(title, "How good is the model at each label?", drawn.notes, width),
        width=width,
        height=size if height is None else height,
        resolve=own_scales("color", "shape"),
    )
    chart.data = drawn.data
    return chart
