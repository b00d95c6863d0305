"""The points of a line that goes through a review."""

import json
from collections.abc import Sequence
from typing import Any

import altair as alt

from hitl_notebook.charts.calculations import calculations
from hitl_notebook.charts.palette import BLUE
from hitl_notebook.charts.selection import view_name
from hitl_notebook.charts.words import number_in_words

__all__ = ["moments"]


def moments(
    x: alt.X, y: alt.Y, tooltip: Sequence[alt.Tooltip], selected: alt.Parameter, *, said: str, color: str = BLUE
) -> alt.Chart:
    """Small points, so that a line of one row is seen too, with a wide rim to be hit; large where selected.

    ``said`` is the expression that names one to a screen reader: of all that a tooltip has, too much to listen to.

    Both are fields of the row: as encodings they would be put into words anew for all points when an axis changes, and
    not only for a row that does.
    """
    facts = ", ".join(map(_in_words, tooltip))
    points: alt.Chart = (
        alt.Chart(name=view_name(selected, "moments"), transform=calculations(facts=f"{{{facts}}}", named=said))
        .mark_circle(color=color, opacity=1, cursor="pointer", stroke="transparent", strokeWidth=9)
        .encode(
            x=x,
            y=y,
            size=alt.when(selected, empty=False).then(alt.value(120)).otherwise(alt.value(7)),
            tooltip=alt.value(alt.ExprRef("datum.facts")),
            description=alt.value(alt.ExprRef("datum.named")),
        )
        .add_params(selected)
    )
    return points


def _in_words(fact: alt.Tooltip) -> str:
    of: Any = fact.to_dict()
    cell = number_in_words(of["field"], of["format"]) if "format" in of else f"datum.{of['field']}"
    return f"{json.dumps(of['title'])}: {cell}"
