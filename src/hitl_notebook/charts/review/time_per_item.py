"""How long the reviewers take."""

import altair as alt
import pandas as pd

from hitl_notebook.charts.axes import COUNT, count_axis
from hitl_notebook.charts.band import band
from hitl_notebook.charts.calculations import calculations
from hitl_notebook.charts.dataset import dataset
from hitl_notebook.charts.heading import heading
from hitl_notebook.charts.line import line
from hitl_notebook.charts.moments import moments
from hitl_notebook.charts.palette import BLUE
from hitl_notebook.charts.panels import panels
from hitl_notebook.charts.selection import selection
from hitl_notebook.charts.words import interval_in_words, number_in_words

__all__ = ["time_per_item"]

COLUMNS = ("reviewer", "decision", "median", "low", "high", "lower_quartile", "upper_quartile", "n")
SECONDS = ",.1f"
SECONDS_IN = ("median", "low", "high", "lower_quartile", "upper_quartile")
SHORTEST = 0.1  # 0 has no place on a logarithmic scale


def time_per_item(
    table: pd.DataFrame, *, title: str | None = None, width: int = 220, height: int = 130, columns: int = 3
) -> alt.FacetChart:
    """How many seconds each reviewer takes for an item, over their last decisions.

    How to read it: the line is the median, the band around it its interval, the pale one with dashed edges the middle
    half of the items. The scale is logarithmic: a step up is so many times as long. A line that falls steadily is
    practice; one that sinks to where nobody could have read the item is a reviewer who has stopped looking.

    Parameters
    ----------
    table : DataFrame of `hitl_notebook.metrics.time_per_item`
    title : str, optional
        Instead of the usual one; ``""`` for none.
    width, height : int
        Of the panel of a reviewer, in pixels.
    columns : int
        How many panels stand side by side.

    Returns
    -------
    altair.FacetChart. Clicking selects a moment (by ``reviewer`` and ``decision``).

    Raises
    ------
    MissingColumn, BadFrame
        The table is not one of `hitl_notebook.metrics.time_per_item`.

    Examples
    --------
    >>> table = pd.DataFrame({"reviewer": ["ada"], "decision": [20], "median": [3.1], "low": [2.5], "high": [4.0],
    ...                       "lower_quartile": [1.9], "upper_quartile": [6.2], "n": [20]})
    >>> time_per_item(table).data["values"][0]["median"]
    3.1
    """
    drawn = dataset(table, COLUMNS, nothing="No item has been timed yet.", panels=["reviewer"])
    selected = selection("reviewer", "decision")
    x = alt.X("decision:Q", axis=count_axis(tickCount=4)).title("Decisions")
    # Up to some days, as of an item that was left open; what is outside of the scale is not drawn.
    axis = alt.Axis(
        format=",~f", values=[0.1, 0.3, *(step * 10**power for power in range(6) for step in (1, 3)), 10**6]
    )

    def seconds(field: str) -> alt.Y:
        return alt.Y(f"drawn_{field}:Q", scale=alt.Scale(type="log", nice=True), axis=axis).title("Seconds an item")

    half = band(x, seconds("lower_quartile"), "drawn_upper_quartile:Q", color=BLUE, tint=0.12, is_dashed=True)
    interval = band(x, seconds("low"), "drawn_high:Q", color=BLUE, tint=0.3)
    median = line(x, seconds("median"))
    facts = [
        alt.Tooltip("reviewer:N", title="Reviewer"),
        alt.Tooltip("decision:Q", title="Decisions", format=COUNT),
        alt.Tooltip("median_words:N", title="Median"),
        alt.Tooltip("interval:N", title="Interval"),
        alt.Tooltip("half:N", title="Middle half"),
        alt.Tooltip("n:Q", title="Items", format=COUNT),
    ]
    points = moments(
        x,
        seconds("median"),
        facts,
        selected,
        said=f"datum.reviewer + ', ' + {number_in_words('decision', COUNT)} + ': ' + datum.median_words",
    )
    panel = alt.LayerChart(
        layer=[half, interval, median, points],
        transform=calculations(
            median_words=number_in_words("median", SECONDS, " s"),
            interval=interval_in_words(SECONDS, " s"),
            half=interval_in_words(SECONDS, " s", low="lower_quartile", high="upper_quartile"),
            **{
                f"drawn_{field}": f"isValid(datum.{field}) ? max(datum.{field}, {SHORTEST}) : null"
                for field in SECONDS_IN
            },
        ),
        width=width,
        height=height,
    )
    return panels(
        panel,
        drawn.data,
        "datum.reviewer",
        width=width,
        columns=columns,
        title=heading(title, "How long does an item take?", drawn.notes, width),
    )
