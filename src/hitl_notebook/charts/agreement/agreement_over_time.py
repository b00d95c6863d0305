"""Agreement as it stood after so many decisions."""

import altair as alt
import pandas as pd

from hitl_notebook.charts.agreement.agreement_coefficients import NAMES
from hitl_notebook.charts.axes import COUNT, coefficient_axis, coefficient_scale, count_axis
from hitl_notebook.charts.band import band
from hitl_notebook.charts.calculations import calculations
from hitl_notebook.charts.dataset import dataset
from hitl_notebook.charts.heading import heading
from hitl_notebook.charts.line import line
from hitl_notebook.charts.moments import moments
from hitl_notebook.charts.palette import BLUE
from hitl_notebook.charts.panels import panels
from hitl_notebook.charts.selection import selection
from hitl_notebook.charts.words import interval_in_words, name_in_words, number_in_words, time_in_words

__all__ = ["agreement_over_time"]

COLUMNS = ("decisions", "items", "at", "coefficient", "value", "low", "high", "n")


def agreement_over_time(
    table: pd.DataFrame, *, title: str | None = None, width: int = 240, height: int = 170, columns: int = 3
) -> alt.FacetChart:
    """How far the reviewers agreed after so many decisions: whether agreement has settled, and where.

    How to read it: an item counts once two reviewers or more have decided it, and what a third says of it counts too.
    The band is the interval, and narrows as such items come in. A line that has become level inside a narrow band has
    settled; one that keeps falling says that the reviewers grow apart, or that harder items have come. It begins where
    the first item is decided twice. What is below -0.25 stands at the lower edge. While all items are alike there is no
    band, since an interval without width is no certainty.

    Parameters
    ----------
    table : DataFrame of `hitl_notebook.metrics.agreement_over_time`
    title : str, optional
        Instead of the usual one; ``""`` for none.
    width, height : int
        Of the panel of a coefficient, in pixels.
    columns : int
        How many panels stand side by side.

    Returns
    -------
    altair.FacetChart. Clicking selects a moment (by ``coefficient`` and ``decisions``).

    Raises
    ------
    MissingColumn, BadFrame
        The table is not one of `hitl_notebook.metrics.agreement_over_time`.

    Examples
    --------
    >>> table = pd.DataFrame({"decisions": [23], "items": [10], "at": [pd.Timestamp("2026-01-05 10:00", tz="UTC")],
    ...                       "coefficient": ["gwet_ac1"], "value": [0.7], "low": [0.2], "high": [1.0], "n": [8]})
    >>> agreement_over_time(table).data["values"][0]["at"]
    '2026-01-05T10:00:00+00:00'
    """
    drawn = dataset(table, COLUMNS, nothing="No item has been decided by two reviewers yet.", panels=["coefficient"])
    selected = selection("coefficient", "decisions")
    x = alt.X("decisions:Q", axis=count_axis(tickCount=4)).title("Decisions")

    def y_of(figure: str) -> alt.Y:
        return alt.Y(f"{figure}:Q", scale=coefficient_scale(), axis=coefficient_axis()).title("Agreement")

    interval = band(x, y_of("band_low"), "band_high:Q", color=BLUE)
    course = line(x, y_of("value"))
    facts = [
        alt.Tooltip("decisions:Q", title="Decisions", format=COUNT),
        alt.Tooltip("items:Q", title="Items decided by two or more", format=COUNT),
        alt.Tooltip("moment:N", title="At"),
        alt.Tooltip("value_words:N", title="Agreement"),
        alt.Tooltip("interval:N", title="Interval"),
        alt.Tooltip("n:Q", title="Items in it", format=COUNT),
    ]
    points = moments(
        x, y_of("value"), facts, selected, said=f"{number_in_words('decisions', COUNT)} + ': ' + datum.value_words"
    )
    panel = alt.LayerChart(
        layer=[interval, course, points],
        transform=calculations(
            value_words=number_in_words("value", ".2f"),
            interval=interval_in_words(".2f"),
            moment=time_in_words("at"),
            **{f"band_{end}": f"datum.low < datum.high ? datum.{end} : null" for end in ("low", "high")},
        ),
        width=width,
        height=height,
    )
    return panels(
        panel,
        drawn.data,
        "datum.coefficient",
        width=width,
        columns=columns,
        names=lambda value: name_in_words(value, NAMES),
        title=heading(title, "Has agreement settled?", drawn.notes, width),
    )
