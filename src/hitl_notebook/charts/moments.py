"""The points of a line that goes through a review."""

from collections.abc import Sequence

import altair as alt

from hitl_notebook.charts.palette import BLUE
from hitl_notebook.charts.selection import view_name

__all__ = ["moments"]


def moments(
    x: alt.X, y: alt.Y, tooltip: Sequence[alt.Tooltip], selected: alt.Parameter, *, said: str, color: str = BLUE
) -> alt.Chart:
    """Small points, so that a line of one row is seen too, with a wide rim to be hit; large where selected.

    ``said`` is the expression that names one to a screen reader: of all that a tooltip has, too much to listen to.
    """
    points: alt.Chart = (
        alt.Chart(name=view_name(selected, "moments"))
        .mark_circle(color=color, opacity=1, cursor="pointer", stroke="transparent", strokeWidth=9)
        .encode(
            x=x,
            y=y,
            size=alt.when(selected, empty=False).then(alt.value(120)).otherwise(alt.value(7)),
            tooltip=list(tooltip),
            description=alt.value(alt.ExprRef(said)),
        )
        .add_params(selected)
    )
    return points
