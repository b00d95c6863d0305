"""Axes that stand still while the data moves, numbered for people."""

from typing import Any

import altair as alt

__all__ = [
    "COUNT",
    "PERCENT",
    "coefficient_axis",
    "coefficient_scale",
    "count_axis",
    "own_scales",
    "share_axis",
    "share_scale",
    "time_axis",
]

PERCENT = ".1%"
COUNT = ",d"


def share_scale(beside: int = 0) -> alt.Scale:
    """From nothing to all; ``beside``: pixels at the right of the plot that are kept for figures."""
    return alt.Scale(domain=[0, 1], range=_kept_free(beside))


def share_axis(**options: Any) -> alt.Axis:
    return alt.Axis(format=".0%", values=[0, 0.2, 0.4, 0.6, 0.8, 1], labelFlush=False, **options)


def count_axis(**options: Any) -> alt.Axis:
    """Whole numbers with separators of thousands, and none of the halves that few rows would bring."""
    return alt.Axis(format=COUNT, tickMinStep=1, **options)


def time_axis(**options: Any) -> alt.Axis:
    return alt.Axis(labelOverlap=True, tickCount=4, **options)


def coefficient_scale(beside: int = 0) -> alt.Scale:
    """Of chance-corrected agreement, which may be as low as -1 and rarely is: below a quarter it stands at the edge."""
    return alt.Scale(domain=[-0.25, 1], clamp=True, nice=False, range=_kept_free(beside))


def coefficient_axis(**options: Any) -> alt.Axis:
    return alt.Axis(
        values=[-0.25, 0, 0.25, 0.5, 0.75, 1],
        labelOverlap=False,
        labelFlush=False,
        labelExpr="(datum.value < 0 ? '≤ ' : '') + format(datum.value, '.2f')",
        **options,
    )


def own_scales(*channels: str) -> alt.Resolve:
    """Colours and their like stay this chart's own beside another, of which Vega-Lite would make one scale of both."""
    own: dict[str, Any] = dict.fromkeys(channels, "independent")
    return alt.Resolve(scale=alt.ScaleResolveMap(**own))


def _kept_free(beside: int) -> Any:
    # Within the plot: what stands outside of it is cut off where a page makes a chart as wide as itself.
    return [0, alt.ExprRef(f"width - {beside}")] if beside else alt.Undefined
