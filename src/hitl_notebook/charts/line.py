"""A line through a review."""

from typing import Any

import altair as alt

from hitl_notebook.charts.palette import BLUE

__all__ = ["line"]


def line(x: alt.X, y: alt.Y, *, color: str = BLUE, width: float = 2, dash: Any = alt.Undefined) -> alt.Chart:
    """A line that points are laid over: those say what there is to say, to a screen reader too.

    >>> line(alt.X("n:Q"), alt.Y("share:Q")).mark.aria
    False
    """
    # One line is many rows, and would be read as the first of them; to name them all is half of a patch's time.
    made: alt.Chart = (
        alt.Chart().mark_line(color=color, strokeWidth=width, strokeDash=dash, aria=False).encode(x=x, y=y)
    )
    return made
