"""Axes that stand still while the data moves, numbered for people."""

from typing import Any

import altair as alt

from hitl_notebook.charts.words import shortened

__all__ = [
    "COUNT",
    "PERCENT",
    "coefficient_axis",
    "coefficient_scale",
    "count_axis",
    "names_above",
    "names_beside",
    "own_scales",
    "share_axis",
    "share_scale",
    "time_axis",
    "time_scale",
]

PERCENT = ".1%"
COUNT = ",d"
MOST_FREE = 0.5
BEFORE_A_NAME = 3


def share_scale(free: float = 0) -> alt.Scale:
    """From nothing to all; ``free``: the share of the plot at the right that is kept for figures."""
    # Within the plot: what stands outside of it is cut off where a page makes a chart as wide as itself. No range in
    # pixels: beside another chart, of which of them would it be the width?
    return alt.Scale(domain=[0, 1 / (1 - min(free, MOST_FREE))] if free else [0, 1])


def share_axis(**options: Any) -> alt.Axis:
    return alt.Axis(format=".0%", values=[0, 0.2, 0.4, 0.6, 0.8, 1], labelFlush=False, **options)


def count_axis(**options: Any) -> alt.Axis:
    """Whole numbers with separators of thousands, and none of the halves that few rows would bring."""
    return alt.Axis(format=COUNT, tickMinStep=1, **options)


def time_scale() -> alt.Scale:
    """Of whole five minutes: the first decisions of a review are no axis of milliseconds, and none for each of them."""
    # By an expression, as Vega-Lite has "minute" where Vega has "minutes".
    return alt.Scale(nice=alt.ExprRef("{interval: 'minutes', step: 5}"))


def time_axis(**options: Any) -> alt.Axis:
    """Clock times in full, days by their date, and a year where it begins."""
    return alt.Axis(
        labelOverlap=True,
        tickCount=4,
        labelExpr="timeFormat(datum.value, "
        "seconds(datum.value) ? '%H:%M:%S' : hours(datum.value) || minutes(datum.value) ? '%H:%M' : "
        "month(datum.value) || date(datum.value) > 1 ? '%-d %b' : '%-d %b %Y')",
        **options,
    )


def names_beside(pixels: int, **options: Any) -> alt.Axis:
    """Of the rows or columns of a matrix."""
    named = shortened("datum.label", pixels)
    return alt.Axis(domain=False, ticks=False, grid=False, labelExpr=named, labelLimit=pixels, **options)


def names_above(pixels: int, *, distance: float, **options: Any) -> alt.Axis:
    """Each over its line rather than beside it: a narrow page has no room for both names and marks side by side."""
    return alt.Axis(
        **{
            "domain": False,
            "ticks": False,
            "labelAlign": "left",
            "labelPadding": -BEFORE_A_NAME,
            "labelOffset": -distance,
            "labelExpr": shortened("datum.label", pixels),
            "labelLimit": pixels,
            **options,
        }
    )


def coefficient_scale() -> alt.Scale:
    """Of chance-corrected agreement, which may be as low as -1 and rarely is: below a quarter it stands at the edge."""
    return alt.Scale(domain=[-0.25, 1], clamp=True, nice=False)


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
