"""A matrix of how each two reviewers agree."""

import altair as alt
import pandas as pd

from hitl_notebook.charts.axes import COUNT, names_beside, own_scales
from hitl_notebook.charts.calculations import calculations
from hitl_notebook.charts.dataset import Dataset, dataset
from hitl_notebook.charts.heading import heading
from hitl_notebook.charts.order import numbered, table_order
from hitl_notebook.charts.palette import BLUE, VERMILION
from hitl_notebook.charts.selection import ring, selection, view_name
from hitl_notebook.charts.words import interval_in_words, number_in_words

__all__ = ["pairwise_agreement"]

COLUMNS = ("reviewer", "other", "value", "low", "high", "n", "method", "note")
CELL = 56
NAME = 140  # pixels


def pairwise_agreement(
    table: pd.DataFrame, *, title: str | None = None, width: int | None = None, height: int | None = None
) -> alt.LayerChart:
    """Who agrees with whom: a cell for each two reviewers, with the coefficient and the items that both decided.

    How to read it: a fuller blue is better agreement, an orange cell is agreement below what chance gives, a dash
    cannot be computed; the tooltip says why. The small number is the overlap: a cell that rests on few items says
    little, and its interval in the tooltip says how little. A reviewer whose row and column are pale sees it
    differently from everybody else.

    Parameters
    ----------
    table : DataFrame of `hitl_notebook.metrics.pairwise_agreement`
    title : str, optional
        Instead of the usual one; ``""`` for none.
    width, height : int, optional
        In pixels; left out: 56 a cell, and the page scrolls where reviewers are many.

    Returns
    -------
    altair.LayerChart. Clicking selects pairs (by ``reviewer`` and ``other``).

    Raises
    ------
    MissingColumn, BadFrame
        The table is not one of `hitl_notebook.metrics.pairwise_agreement`.

    Examples
    --------
    >>> from hitl_notebook import metrics
    >>> ratings = pd.DataFrame({"ada": ["ham", "spam"], "bo": ["ham", "spam"], "cy": ["ham", None]})
    >>> chart = pairwise_agreement(metrics.pairwise_agreement(ratings, statistic="percent_agreement"))
    >>> [(row["reviewer"], row["other"], row["n"]) for row in chart.data["values"]]
    [('ada', 'bo', 2), ('ada', 'cy', 1), ('bo', 'cy', 1)]
    """
    drawn = dataset(table, COLUMNS, nothing="No two reviewers have decided on the same item yet.")
    size = alt.Step(CELL) if drawn.rows else 3 * CELL  # no cells are no height
    selected = selection("reviewer", "other")
    between = alt.Scale(paddingInner=0.04)
    x = alt.X("other:N", sort=table_order(), scale=between, axis=names_beside(NAME, labelAngle=-40)).title(None)
    y = alt.Y("reviewer:N", sort=table_order(), scale=between, axis=names_beside(NAME)).title(None)
    cells = (
        alt.Chart(name=view_name(selected, "cells"))
        .mark_rect(cursor="pointer", strokeWidth=3, cornerRadius=2)
        .encode(
            x=x,
            y=y,
            color=alt.when("datum.value < 0").then(alt.value(VERMILION)).otherwise(alt.value(BLUE)),
            fillOpacity=alt.FillOpacity("depth:Q", scale=alt.Scale(domain=[0, 1], range=[0.06, 0.85]), legend=None),
            **ring(selected, is_blue="!(datum.value < 0)"),
            tooltip=[
                alt.Tooltip("reviewer:N", title="Reviewer"),
                alt.Tooltip("other:N", title="and"),
                alt.Tooltip("value_words:N", title="Agreement"),
                alt.Tooltip("interval:N", title="Interval"),
                alt.Tooltip("n:Q", title="Items of both", format=COUNT),
                alt.Tooltip("method:N", title="Method"),
                alt.Tooltip("note:N", title="Note"),
            ],
        )
        .add_params(selected)
    )
    values = alt.Chart().mark_text(dy=-6, fontSize=13, tooltip=False).encode(x=x, y=y, text="value_words:N")
    overlaps = alt.Chart().mark_text(dy=10, fontSize=10, tooltip=False).encode(x=x, y=y, text="overlap:N")
    chart = alt.LayerChart(
        layer=[cells, values, overlaps],
        transform=[
            numbered(),
            *calculations(
                depth="isValid(datum.value) ? min(abs(datum.value), 1) : 0",
                value_words=number_in_words("value", ".2f"),
                interval=interval_in_words(".2f"),
                overlap="'n ' + format(datum.n, ',d')",
            ),
        ],
        title=heading(title, "Who agrees with whom?", [_statistic(drawn), *drawn.notes], width or 360),
        view=alt.ViewBackground(stroke=None),
        width=size if width is None else width,
        height=size if height is None else height,
        resolve=own_scales("fillOpacity"),
    )
    chart.data = drawn.data
    return chart


def _statistic(drawn: Dataset) -> str:
    """What was computed: the first words of the method, which go on about the standard error."""
    methods = {str(method).split(",")[0] for method in (row["method"] for row in drawn.rows) if method}
    return ", ".join(sorted(methods))
