"""The selection that a live chart reads: which marks were clicked, by the fields that name them."""

from typing import Any

import altair as alt

from hitl_notebook.charts.names import new_selection_name
from hitl_notebook.charts.palette import BLUE, VERMILION

__all__ = ["FADED", "ring", "select_in_all", "selection", "unless_others_are", "view_name"]

FADED = 0.3


def selection(*fields: str) -> alt.Parameter:
    """Points by their fields rather than their rows, so that they stay selected while the data changes.

    Its name is another each time: charts side by side are one specification, in which no name stands twice.

    >>> selection("reviewer", "other").param.to_dict()["select"]
    {'type': 'point', 'fields': ['reviewer', 'other']}
    >>> selection("reviewer").name == selection("reviewer").name
    False
    """
    return alt.selection_point(name=new_selection_name(), fields=list(fields))


def view_name(selected: alt.Parameter, noun: str) -> str:
    """A name for a view in which something is selected, no two alike either.

    >>> view_name(alt.selection_point(name="hitl_selected_3"), "bins")
    'hitl_selected_3_bins'
    """
    return f"{selected.name}_{noun}"


def unless_others_are(selected: alt.Parameter, *, missing: str = "") -> Any:
    """An opacity that fades what is not selected once something is; a field that is ``missing`` shows nothing.

    Nothing is paler than its colour until then: of the colours of marks none has contrast to spare on a white page.
    """
    if missing:
        seen = alt.when(f"!isValid(datum.{missing})").then(alt.value(0)).when(selected)
        return seen.then(alt.value(1)).otherwise(alt.value(FADED))
    return alt.when(selected).then(alt.value(1)).otherwise(alt.value(FADED))


def ring(selected: alt.Parameter, *, is_blue: str) -> dict[str, Any]:
    """The encodings that outline a selected cell, however pale it is: vermilion where it ``is_blue``, else blue."""
    return {
        "stroke": alt.when(is_blue).then(alt.value(VERMILION)).otherwise(alt.value(BLUE)),
        "strokeOpacity": alt.when(selected, empty=False).then(alt.value(1)).otherwise(alt.value(0)),
    }


def select_in_all(chart: alt.VConcatChart) -> alt.VConcatChart:
    """The chart, its selection made in every view of it that has a name; Altair would warn of each after the first."""
    whole: Any = chart
    units = [unit for part in whole.vconcat for unit in (part.layer if isinstance(part, alt.LayerChart) else [part])]
    names = [unit.name for unit in units if unit.name is not alt.Undefined]
    for parameter in whole.params:
        parameter.views = names
    return chart
