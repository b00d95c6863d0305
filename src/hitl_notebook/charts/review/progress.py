"""How far the review has come."""

import altair as alt
import pandas as pd

from hitl_notebook.charts.axes import COUNT, count_axis, time_axis, time_scale
from hitl_notebook.charts.calculations import calculations
from hitl_notebook.charts.dataset import dataset
from hitl_notebook.charts.heading import heading
from hitl_notebook.charts.moments import moments
from hitl_notebook.charts.palette import QUIET, VERDICTS
from hitl_notebook.charts.panels import PANEL, panels
from hitl_notebook.charts.selection import selection
from hitl_notebook.charts.words import number_in_words, time_in_words

__all__ = ["progress"]

COLUMNS = ("reviewer", "at", "accepted", "corrected", "flagged", "reviewed", "total")
ACTIONS = ("accepted", "corrected", "flagged")


def progress(
    table: pd.DataFrame, *, title: str | None = None, width: int = 220, height: int = 130, columns: int = 3
) -> alt.FacetChart:
    """How many items each reviewer had decided by when, and how.

    How to read it: the height is the items decided so far, from below accepted, corrected, flagged; the dashed line is
    all that there are, the dot where the reviewer stands. Steep is fast, level is a pause. The bottom band thinning out
    means that the model is right less often, or that the reviewer has become harsher.

    Parameters
    ----------
    table : DataFrame of `hitl_notebook.metrics.progress`
    title : str, optional
        Instead of the usual one; ``""`` for none.
    width, height : int
        Of the panel of a reviewer, in pixels.
    columns : int
        How many panels stand side by side.

    Returns
    -------
    altair.FacetChart. Clicking selects a moment (by ``reviewer`` and ``at``).

    Raises
    ------
    MissingColumn, BadFrame
        The table is not one of `hitl_notebook.metrics.progress`.

    Examples
    --------
    >>> table = pd.DataFrame({"reviewer": ["ada"], "at": [pd.Timestamp("2026-01-05 10:00", tz="UTC")], "accepted": [7],
    ...                       "corrected": [2], "flagged": [1], "reviewed": [10], "total": [100]})
    >>> progress(table).data["values"][0]["reviewed"]
    10
    """
    drawn = dataset(table, COLUMNS, nothing="Nothing has been reviewed yet.", panels=["reviewer"])
    selected = selection("reviewer", "at")
    x = alt.X("at:T", scale=time_scale(), axis=time_axis()).title(None)
    colors = alt.Scale(domain=list(ACTIONS), range=list(VERDICTS.values()))
    # Vega-Lite's own stacks are of all rows at one time, and there may be several of a reviewer in a millisecond.
    areas = (
        alt.Chart(
            transform=[
                alt.FoldTransform(list(ACTIONS), **{"as": ["verdict", "count"]}),
                *calculations(
                    floor="datum.verdict === 'accepted' ? 0 : "
                    "datum.accepted + (datum.verdict === 'flagged' ? datum.corrected : 0)",
                    ceiling="datum.floor + datum.count",
                ),
            ]
        )
        .mark_area(interpolate="step-after", opacity=1)
        .encode(
            x=x,
            y=alt.Y("floor:Q", stack=False, axis=count_axis(tickCount=4)).title("Items"),
            y2="ceiling:Q",
            color=alt.Color("verdict:N", scale=colors, legend=alt.Legend(orient="top")).title(None),
        )
    )
    total = (
        alt.Chart()
        .transform_aggregate(all_items="max(total)", groupby=[PANEL])
        .mark_rule(color=QUIET, strokeDash=[4, 4], strokeWidth=1.5)
        .encode(
            y=alt.Y("all_items:Q").title("Items"), tooltip=alt.Tooltip("all_items:Q", title="All items", format=COUNT)
        )
    )
    facts = [
        alt.Tooltip("reviewer:N", title="Reviewer"),
        alt.Tooltip("moment:N", title="At"),
        *(alt.Tooltip(f"{action}:Q", title=action.capitalize(), format=COUNT) for action in ACTIONS),
        alt.Tooltip("reviewed:Q", title="Reviewed", format=COUNT),
    ]
    said = f"datum.reviewer + ', ' + datum.moment + ': ' + {number_in_words('reviewed', COUNT)}"
    # A dot for each would be a fringe on the areas: only where the review stands is marked, which of one row is all.
    now = (
        alt.Chart()
        .mark_circle(color=QUIET, size=30, opacity=1, aria=False, tooltip=False)
        .encode(x=alt.X("max(at):T").title(None), y=alt.Y("max(reviewed):Q").title("Items"))
    )
    points = moments(x, alt.Y("reviewed:Q").title("Items"), facts, selected, said=said, color=QUIET).encode(
        fillOpacity=alt.when(selected, empty=False).then(alt.value(1)).otherwise(alt.value(0))
    )
    panel = alt.LayerChart(
        layer=[areas, total, now, points],
        transform=calculations(moment=time_in_words("at")),
        width=width,
        height=height,
    )
    return panels(
        panel,
        drawn.data,
        "datum.reviewer",
        width=width,
        columns=columns,
        title=heading(title, "How far has the review come?", drawn.notes, width),
    )
