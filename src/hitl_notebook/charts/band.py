"""The interval along a line."""

import altair as alt

__all__ = ["band"]


def band(
    x: alt.X, low: alt.Y | str, high: str, *, color: str, tint: float = 0.22, is_dashed: bool = False
) -> alt.Chart:
    """A tint through which the rest of the chart is seen, between edges that stand out on a light page and a dark one.

    >>> band(alt.X("n:Q"), "low:Q", "high:Q", color="#7f7f7f").mark.fillOpacity
    0.22
    """
    made: alt.Chart = (
        alt.Chart()
        .mark_area(
            color=color,
            opacity=1,
            fillOpacity=tint,
            stroke=color,
            strokeWidth=0.8,
            strokeDash=[2, 2] if is_dashed else alt.Undefined,
            aria=False,
        )
        .encode(x=x, y=low, y2=high)
    )
    return made
