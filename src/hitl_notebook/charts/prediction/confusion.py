"""The matrix of what was predicted against what was answered."""

from collections import Counter
from itertools import product
from typing import Any
from unicodedata import east_asian_width

import altair as alt
import pandas as pd

from hitl_notebook.charts.axes import COUNT, PERCENT, names_beside, own_scales
from hitl_notebook.charts.calculations import calculations
from hitl_notebook.charts.dataset import Row, dataset
from hitl_notebook.charts.heading import heading
from hitl_notebook.charts.order import numbered, table_order
from hitl_notebook.charts.palette import BLUE, QUIET, VERMILION
from hitl_notebook.charts.selection import ring, selection, view_name
from hitl_notebook.charts.words import LETTER, WIDE_LETTER, interval_in_words, number_in_words

__all__ = ["confusion"]

COLUMNS = ("prediction", "value", "n", "share", "low", "high")
CELL = 46
NARROW_CELL = 30
NAME = 160  # pixels
FEW = 10  # so many labels have room for a share and a count in each cell


def confusion(
    table: pd.DataFrame,
    *,
    prediction_title: str = "The model said",
    value_title: str = "The reviewers said",
    most: int = 24,
    title: str | None = None,
    width: int | None = None,
    height: int | None = None,
) -> alt.LayerChart:
    """What was predicted against what was answered, label by label; or one reviewer against another.

    How to read it: a row is what the model said, and its cells are where the reviewers put those items. The blue
    diagonal is agreement, an orange cell a confusion; the fuller a cell, the larger its share of the row. A full
    orange cell is a label that the model takes for another; a column of orange is a label that it overlooks.

    Parameters
    ----------
    table : DataFrame of `hitl_notebook.metrics.confusion`
    prediction_title, value_title : str
        What rows and columns are, as ``"ada said"`` and ``"bo said"``.
    most : int
        Of more labels than so many, those that are confused most often are drawn, and where they are fewer the most
        frequent others; the subtitle says how many confusions are not.
    title : str, optional
        Instead of the usual one; ``""`` for none.
    width, height : int, optional
        In pixels; left out: 46 a cell, of more than 10 labels 30, and of one label 138.

    Returns
    -------
    altair.LayerChart. Clicking selects cells (by ``prediction`` and ``value``).

    Raises
    ------
    MissingColumn, BadFrame
        The table is not one of `hitl_notebook.metrics.confusion`.

    Examples
    --------
    >>> table = pd.DataFrame({"prediction": ["ham", "ham"], "value": ["ham", "spam"], "n": [3, 1],
    ...                       "share": [0.75, 0.25], "low": [0.3, 0.05], "high": [0.95, 0.7]})
    >>> [(row["prediction"], row["value"], row["n"]) for row in confusion(table).data["values"]]
    [('ham', 'ham', 3), ('ham', 'spam', 1), ('spam', 'ham', 0), ('spam', 'spam', 0)]
    """
    rows, notes = dataset(table, COLUMNS, nothing="No item with a prediction and a value yet.", whole=True)
    labels = list(dict.fromkeys(row[side] for side in ("prediction", "value") for row in rows))
    if len(labels) > most:
        labels, said = _most_confused(rows, labels, most)
        notes = (*notes, said)
    rows = _squared(rows, labels)
    few = len(labels) <= FEW
    step = CELL if few else NARROW_CELL
    # No cells are no height, and one is too low for the title of its axis.
    size = alt.Step(step) if len(labels) > 1 else 3 * CELL
    across = (step * len(labels) if len(labels) > 1 else 3 * CELL) if width is None else width
    flat = few and all(_pixels(label) <= across / len(labels) for label in labels)
    selected = selection("prediction", "value")
    between = alt.Scale(paddingInner=0.04)
    turned = names_beside(NAME, labelAngle=0 if flat else -60)
    x = alt.X("value:N", sort=table_order(), scale=between, axis=turned).title(value_title)
    y = alt.Y("prediction:N", sort=table_order(), scale=between, axis=names_beside(NAME)).title(prediction_title)
    cells = (
        alt.Chart(name=view_name(selected, "cells"))
        .mark_rect(cursor="pointer", strokeWidth=3, cornerRadius=2)
        .encode(
            x=x,
            y=y,
            color=alt.when("datum.n === 0")
            .then(alt.value(QUIET))
            .when("datum.prediction === datum.value")
            .then(alt.value(BLUE))
            .otherwise(alt.value(VERMILION)),
            fillOpacity=alt.FillOpacity(
                "depth:Q", scale=alt.Scale(type="sqrt", domain=[0, 1], range=[0.07, 0.85]), legend=None
            ),
            **ring(selected, is_blue="datum.n > 0 && datum.prediction === datum.value"),
            tooltip=[
                alt.Tooltip("prediction:N", title=prediction_title),
                alt.Tooltip("value:N", title=value_title),
                alt.Tooltip("n:Q", title="Items", format=COUNT),
                alt.Tooltip("share_words:N", title="Share of the row"),
                alt.Tooltip("interval:N", title="Interval"),
            ],
        )
        .add_params(selected)
    )
    text = alt.Chart().mark_text(tooltip=False)
    counts = text.mark_text(dy=9 if few else 0, fontSize=10).encode(x=x, y=y, text="count:N")
    shares = text.mark_text(dy=-6, fontSize=12).encode(x=x, y=y, text="percent:N")
    chart = alt.LayerChart(
        layer=[cells, *([shares] if few else []), counts],
        transform=[
            numbered(),
            *calculations(
                depth="isValid(datum.share) ? datum.share : 0",
                share_words=number_in_words("share", PERCENT),
                interval=interval_in_words(PERCENT),
                percent="datum.n > 0 && isValid(datum.share) ? format(datum.share, '.0%') : ''",
                count="datum.n > 0 ? format(datum.n, ',d') : ''",
            ),
        ],
        title=heading(title, "What is taken for what?", notes, width or max(len(labels) * CELL, 360)),
        view=alt.ViewBackground(stroke=None),
        width=size if width is None else width,
        height=size if height is None else height,
        resolve=own_scales("fillOpacity"),
    )
    chart.data = {"values": rows}
    return chart


def _pixels(label: Any) -> float:
    """About how wide a label is on an axis."""
    return sum(WIDE_LETTER if east_asian_width(letter) in "WF" else LETTER for letter in str(label))


def _most_confused(rows: list[Row], labels: list[Any], most: int) -> tuple[list[Any], str]:
    """As many labels as are to be drawn: those of the most frequent confusions, then the most frequent ones."""
    wrong = [row for row in rows if row["prediction"] != row["value"] and _items(row)]
    ranked = sorted(wrong, key=lambda row: -_items(row))
    confused = dict.fromkeys(row[side] for row in ranked for side in ("prediction", "value"))
    said = Counter[Any]()
    for row in rows:
        said.update({row["prediction"]: _items(row)})
        said.update({row["value"]: _items(row)})
    kept = set(list(dict.fromkeys([*confused, *sorted(labels, key=lambda label: -said[label])]))[:most])
    outside = sum(_items(row) for row in wrong if not {row["prediction"], row["value"]} <= kept)
    whom = "with the most frequent confusions" if len(confused) >= most else "that are confused or else most frequent"
    note = f"the {len(kept)} of {len(labels):,} labels {whom}"
    if outside:
        note += f"; {outside:,} of {sum(map(_items, wrong)):,} confusions are with other labels and not drawn"
    return [label for label in labels if label in kept], note


def _items(row: Row) -> int:
    """How many: none where that is missing, and what is too great for a page's numbers is text in a row."""
    return int(row["n"] or 0)


def _squared(rows: list[Row], labels: list[Any]) -> list[Row]:
    """A row for each two labels in their order, so that both axes have it; what is not in the table counts 0."""
    known = {(row["prediction"], row["value"]): row for row in rows}
    nothing = {"n": 0, "share": None, "low": None, "high": None}
    return [known.get(pair) or {"prediction": pair[0], "value": pair[1], **nothing} for pair in product(labels, labels)]
