"""The same chart once for each reviewer, coefficient or slice."""

from collections.abc import Callable
from typing import Any

import altair as alt

from hitl_notebook.charts.calculations import calculations
from hitl_notebook.charts.order import numbered, table_order
from hitl_notebook.charts.words import shortened

__all__ = ["PANEL", "panel_name", "panels"]

PANEL = "panel"
"""The field of the panel that a row is in."""
# Vega finds a panel as a property of an object, and one that is named __proto__ would be all objects' prototype.
PREFIX = "panel "
ACROSS, DOWN = 48, 72  # pixels between panels, with room for axes and names


def panels(
    chart: alt.LayerChart,
    data: Any,
    each: str,
    *,
    title: alt.TitleParams,
    columns: int,
    names: Callable[[str], str] | None = None,
    width: int = 240,
    own_scale: bool = False,
) -> alt.FacetChart:
    """A panel for each value of an expression, in the order in which the table has them.

    ``names`` makes of the expression of such a value that of what stands above its panel; left out: `panel_name`.
    ``own_scale``: what is up in one panel has nothing to do with what is up in another.
    """
    value = f"slice(datum.value, {len(PREFIX)})"
    header = alt.Header(
        title=None,
        labelAnchor="start",
        labelFontWeight="bold",
        labelExpr=names(value) if names else panel_name(value, width),
        labelLimit=_room(width),
    )
    _select_in_first_layer(chart)
    drawn = alt.FacetChart(
        spec=chart,
        facet=alt.Facet(f"{PANEL}:N", sort=table_order(), header=header),
        columns=columns,
        bounds="flush",
        spacing=alt.RowColnumber(row=DOWN, column=ACROSS),
        transform=[numbered(), *calculations(**{PANEL: f"'{PREFIX}' + ({each})"})],
        # Of one axis a column, the last row's would hang in the air where that row is not full.
        resolve=alt.Resolve(
            axis=alt.AxisResolveMap(x="independent"),
            scale=alt.ScaleResolveMap(y="independent" if own_scale else "shared"),
        ),
        title=title,
    )
    drawn.data = data
    return drawn


def panel_name(value: str, width: int) -> str:
    """The expression of a name above a panel of such a width."""
    return shortened(value, _room(width), bold=True)


def _room(width: int) -> int:
    return width + ACROSS // 2


def _select_in_first_layer(chart: alt.LayerChart) -> None:
    """Altair looks for it nowhere else when panels are put beside another chart; every layer hears its clicks."""
    layers: Any = chart.layer
    (name,) = (layer.name for layer in layers if layer.name is not alt.Undefined)
    for layer in layers:
        layer.name = name if layer is layers[0] else alt.Undefined
