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
MOST_FREE = 0.5


def share_scale(free: float = 0) -> alt.Scale:
    """From nothing to all; ``free``: the share of the plot at the right that is kept for figures."""
    return alt.Scale(domain=_up_to_1(0, free))


def share_axis(**options: Any) -> alt.Axis:
    return alt.Axis(format=".0%", values=[0, 0.2, 0.4, 0.6, 0.8, 1], labelFlush=False, **options)


def count_axis(**options: Any) -> alt.Axis:
    """Whole numbers with separators of thousands, and none of the halves that few rows would bring."""
    return alt.Axis(format=COUNT, tickMinStep=1, **options)


def time_axis(**options: Any) -> alt.Axis:
    return alt.Axis(labelOverlap=True, tickCount=4, **options)


def coefficient_scale(free: float = 0) -> alt.Scale:
    """Of chance-corrected agreement, which may be as low as -1 and rarely is: below a quarter it stands at the edge."""
    return alt.Scale(domain=_up_to_1(-0.25, free), clamp=True, nice=False)


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


def _up_to_1(low: float, free: float) -> list[float]:
    # Within the plot: what stands outside of it is cut off where a page makes a chart as wide as itself. No range in
    # pixels: beside another chart, of which of them would it be the width?
    return [low, low + (1 - low) / (1 - min(free, MOST_FREE))] if free else [low, 1]
