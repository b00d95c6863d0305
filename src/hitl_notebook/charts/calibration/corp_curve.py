"""The CORP curve with the band in which a calibrated model would lie."""

import altair as alt
import pandas as pd

from hitl_notebook.charts.axes import COUNT, PERCENT, share_axis, share_scale
from hitl_notebook.charts.band import band
from hitl_notebook.charts.calculations import calculations
from hitl_notebook.charts.calibration.diagonal import diagonal
from hitl_notebook.charts.dataset import dataset
from hitl_notebook.charts.heading import heading
from hitl_notebook.charts.line import line
from hitl_notebook.charts.moments import moments
from hitl_notebook.charts.palette import BLUE, QUIET
from hitl_notebook.charts.selection import selection
from hitl_notebook.charts.words import interval_in_words, number_in_words

__all__ = ["corp_curve"]

COLUMNS = ("confidence", "n", "recalibrated", "low", "high")


def corp_curve(table: pd.DataFrame, *, title: str | None = None, width: int = 300, height: int = 300) -> alt.LayerChart:
    """How often the model was right at each confidence, without bins.

    How to read it: the line says how often the model was right where it was so confident. The grey band is where the
    line of a perfectly calibrated model would lie in 95 of 100 reviews like this one: where the line leaves the band,
    the model is not calibrated, below it overconfident, above it too modest. The strokes at the bottom are the
    confidences that occur; a wide band is few items.

    Parameters
    ----------
    table : DataFrame of `hitl_notebook.metrics.corp_curve`
    title : str, optional
        Instead of the usual one; ``""`` for none.
    width, height : int
        In pixels.

    Returns
    -------
    altair.LayerChart. Clicking selects a confidence (by ``confidence``).

    Raises
    ------
    MissingColumn, BadFrame
        The table is not one of `hitl_notebook.metrics.corp_curve`.

    Examples
    --------
    >>> from hitl_notebook import metrics
    >>> chart = corp_curve(metrics.corp_curve([0.1, 0.4, 0.6, 0.9], [False, True, False, True]))
    >>> [row["recalibrated"] for row in chart.data["values"]]
    [0.0, 0.5, 0.5, 1.0]
    """
    drawn = dataset(table, COLUMNS, nothing="No item with a confidence and a verdict yet.")
    selected = selection("confidence")
    x = alt.X("confidence:Q", scale=share_scale(), axis=share_axis()).title("Confidence of the model")
    y = alt.Y("recalibrated:Q", scale=share_scale(), axis=share_axis()).title("Right, by the reviewers")
    calibrated = band(x, "low:Q", "high:Q", color=QUIET)
    curve = line(x, y, width=2.5)
    occur = (
        alt.Chart()
        .mark_tick(color=BLUE, orient="vertical", size=8, thickness=1, opacity=1, yOffset=-5, aria=False)
        .encode(x=x, y=alt.value("height"))
    )
    facts = [
        alt.Tooltip("said:N", title="Confidence"),
        alt.Tooltip("right:N", title="Right"),
        alt.Tooltip("band:N", title="If calibrated"),
        alt.Tooltip("n:Q", title="Items", format=COUNT),
    ]
    points = moments(x, y, facts, selected, said="datum.said + ': ' + datum.right")
    chart = alt.LayerChart(
        layer=[calibrated, diagonal(), occur, curve, points],
        transform=calculations(
            said=number_in_words("confidence", PERCENT),
            right=number_in_words("recalibrated", PERCENT),
            band=interval_in_words(PERCENT),
        ),
        title=heading(title, "How often is the model right, at each confidence?", drawn.notes, width),
        width=width,
        height=height,
    )
    chart.data = drawn.data
    return chart
