"""The reliability diagram, with the histogram of confidences below it."""

import altair as alt
import pandas as pd

from hitl_notebook.charts.axes import COUNT, PERCENT, count_axis, share_axis, share_scale
from hitl_notebook.charts.calculations import calculations
from hitl_notebook.charts.calibration.diagonal import diagonal
from hitl_notebook.charts.dataset import dataset
from hitl_notebook.charts.heading import heading
from hitl_notebook.charts.palette import BLUE
from hitl_notebook.charts.selection import select_in_all, selection, unless_others_are, view_name
from hitl_notebook.charts.words import interval_in_words, number_in_words

__all__ = ["reliability"]

COLUMNS = ("bin_low", "bin_high", "n", "confidence", "agreed", "low", "high")
HISTOGRAM = 0.2  # of the diagram's height


def reliability(
    table: pd.DataFrame, *, title: str | None = None, width: int = 300, height: int = 300
) -> alt.VConcatChart:
    """Whether the model is right as often as it says: confidence against verdict, bin by bin.

    How to read it: a dot on the dashed diagonal is a bin in which the model was right as often as its confidence
    says. Below the diagonal it claims too much, above it too little. The line through a dot is its interval: where it
    crosses the diagonal, the bin gives no proof either way. The bars below are how many items each bin rests on.

    Parameters
    ----------
    table : DataFrame of `hitl_notebook.metrics.reliability`
    title : str, optional
        Instead of the usual one; ``""`` for none.
    width, height : int
        Of the diagram, in pixels; the histogram comes below it.

    Returns
    -------
    altair.VConcatChart. Clicking selects bins (by ``bin_low`` and ``bin_high``).

    Raises
    ------
    MissingColumn, BadFrame
        The table is not one of `hitl_notebook.metrics.reliability`.

    Examples
    --------
    >>> from hitl_notebook import metrics
    >>> chart = reliability(metrics.reliability([0.2, 0.9, 0.9, 1.0], [False, True, True, False], n_bins=2))
    >>> [(row["bin_low"], row["bin_high"], row["n"]) for row in chart.data["values"]]
    [(0.0, 0.5, 1), (0.5, 1.0, 3)]
    """
    drawn = dataset(table, COLUMNS, nothing="No item with a confidence and a verdict yet.")
    selected = selection("bin_low", "bin_high")
    facts = [
        alt.Tooltip("bin:N", title="Confidence"),
        alt.Tooltip("mean:N", title="Mean confidence"),
        alt.Tooltip("right:N", title="Right"),
        alt.Tooltip("interval:N", title="Interval"),
        alt.Tooltip("n:Q", title="Items", format=COUNT),
    ]
    intervals = (
        alt.Chart()
        .mark_rule(color=BLUE, strokeWidth=2)
        .encode(x="confidence:Q", y="low:Q", y2="high:Q", opacity=unless_others_are(selected), tooltip=facts)
    )
    dots = (
        alt.Chart(name=view_name(selected, "bins"))
        .mark_circle(color=BLUE, size=90, cursor="pointer")
        .encode(
            x=alt.X("confidence:Q", scale=share_scale(), axis=share_axis(labels=False, ticks=False)).title(None),
            y=alt.Y("agreed:Q", scale=share_scale(), axis=share_axis()).title("Right, by the reviewers"),
            opacity=unless_others_are(selected),
            tooltip=facts,
        )
        .add_params(selected)
    )
    bars = (
        alt.Chart(name=view_name(selected, "counts"))
        .mark_bar(color=BLUE, cursor="pointer")
        .encode(
            x=alt.X("bin_low:Q", bin="binned", scale=share_scale(), axis=share_axis()).title("Confidence of the model"),
            x2="bin_high:Q",
            y=alt.Y("n:Q", axis=count_axis(tickCount=2)).title("Items"),
            opacity=unless_others_are(selected),
            tooltip=facts,
        )
        .properties(width=width, height=round(height * HISTOGRAM))
    )
    diagram = alt.LayerChart(layer=[diagonal(), intervals, dots]).properties(width=width, height=height)
    chart = alt.vconcat(
        diagram,
        bars,
        spacing=8,
        transform=calculations(
            bin=interval_in_words(".0%", low="bin_low", high="bin_high"),
            mean=number_in_words("confidence", PERCENT),
            right=number_in_words("agreed", PERCENT),
            interval=interval_in_words(PERCENT),
        ),
        title=heading(title, "Is the model as often right as it says?", drawn.notes, width),
    )
    chart.data = drawn.data
    return select_in_all(chart)
