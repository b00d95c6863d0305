"""Coefficients of agreement side by side."""

import altair as alt
import pandas as pd

from hitl_notebook.charts.axes import COUNT, coefficient_axis, coefficient_scale, names_above
from hitl_notebook.charts.calculations import calculations
from hitl_notebook.charts.dataset import dataset
from hitl_notebook.charts.heading import heading
from hitl_notebook.charts.order import numbered, table_order
from hitl_notebook.charts.palette import BLUE, QUIET
from hitl_notebook.charts.selection import selection, unless_others_are, view_name
from hitl_notebook.charts.words import interval_in_words, name_in_words, number_in_words

__all__ = ["NAMES", "agreement_coefficients"]

COLUMNS = ("coefficient", "value", "low", "high", "n", "method", "note")
NAMES = {
    "percent_agreement": "Percent agreement",
    "cohen_kappa": "Cohen's kappa",
    "scott_pi": "Scott's pi",
    "fleiss_kappa": "Fleiss' kappa",
    "conger_kappa": "Conger's kappa",
    "krippendorff_alpha": "Krippendorff's alpha",
    "gwet_ac1": "Gwet's AC1",
    "gwet_ac2": "Gwet's AC2",
    "brennan_prediger": "Brennan-Prediger",
}
ROW = 38
NAME = 13  # pixels above the marks
BESIDE = 96


def agreement_coefficients(
    table: pd.DataFrame, *, title: str | None = None, width: int = 260, height: int | None = None
) -> alt.LayerChart:
    """How far the reviewers agree, by every coefficient, each with its interval.

    How to read it: percent agreement counts what chance alone would give, the others take it off: 0 is what chance
    gives (a small mark), 1 is full agreement. They differ in what they call chance. Where kappa and alpha are low
    beside a high percent agreement and AC1, nearly all answers are of one category (the kappa paradox, which the
    tooltip names).
    What is below -0.25 stands at the left edge.

    Parameters
    ----------
    table : DataFrame of `hitl_notebook.metrics.agreement_coefficients`
        The coefficient's name in the index, or in a column ``coefficient``.
    title : str, optional
        Instead of the usual one; ``""`` for none.
    width, height : int
        In pixels; height left out: 38 a coefficient.

    Returns
    -------
    altair.LayerChart. Clicking selects coefficients (by ``coefficient``).

    Raises
    ------
    MissingColumn, BadFrame
        The table is not one of `hitl_notebook.metrics.agreement_coefficients`.

    Examples
    --------
    >>> from hitl_notebook import metrics
    >>> table = metrics.agreement_coefficients([["ham", "ham"], ["spam", "spam"], ["ham", "spam"]])
    >>> [row["coefficient"] for row in agreement_coefficients(table).data["values"]][:2]
    ['percent_agreement', 'fleiss_kappa']
    """
    if isinstance(table, pd.DataFrame) and "coefficient" not in table:
        table = table.rename_axis("coefficient").reset_index()
    drawn = dataset(table, COLUMNS, nothing="Nothing has been decided yet.")
    notes = drawn.notes
    if all(row["value"] is None for row in drawn.rows):
        notes = (*notes, *dict.fromkeys(row["note"] for row in drawn.rows if row["note"]))
    selected = selection("coefficient")
    named = name_in_words("datum.label", NAMES)
    names = names_above(width - BESIDE, distance=NAME, labelExpr=named)
    y = alt.Y("coefficient:N", sort=table_order(), axis=names).title(None)
    x = alt.X("value:Q", scale=coefficient_scale(), axis=coefficient_axis()).title("Agreement")
    facts = [
        alt.Tooltip("value_words:N", title="Agreement"),
        alt.Tooltip("interval:N", title="Interval"),
        alt.Tooltip("n:Q", title="Items", format=COUNT),
        alt.Tooltip("method:N", title="Method"),
        alt.Tooltip("note:N", title="Note"),
    ]
    # Not one line through the names; percent agreement takes no chance off.
    chance = (
        alt.Chart()
        .mark_tick(color=QUIET, thickness=1.5, size=NAME, tooltip=False)
        .encode(
            x=alt.XDatum(0, scale=coefficient_scale(), axis=coefficient_axis(grid=True)),
            y=y,
            opacity=alt.when("datum.coefficient === 'percent_agreement'").then(alt.value(0)).otherwise(alt.value(1)),
        )
    )
    intervals = (
        alt.Chart()
        .mark_rule(color=BLUE, strokeWidth=2.5)
        .encode(
            x=alt.X("low:Q").title("Agreement"),
            x2="high:Q",
            y=y,
            opacity=unless_others_are(selected),
            tooltip=facts,
        )
    )
    dots = (
        alt.Chart(name=view_name(selected, "coefficients"))
        .mark_circle(color=BLUE, size=90, cursor="pointer")
        .encode(x=x, y=y, opacity=unless_others_are(selected), tooltip=facts)
        .add_params(selected)
    )
    beside = {
        shown: alt.Chart()
        .mark_text(align="right", dx=dx, dy=-NAME)
        .encode(x=alt.value("width"), y=y, text=f"{shown}:N", tooltip=facts)
        for shown, dx in (("value_words", -58), ("count", -6))
    }
    chart = alt.LayerChart(
        layer=[chance, intervals, dots, *beside.values()],
        transform=[
            numbered(),
            *calculations(
                value_words=number_in_words("value", ".2f"),
                interval=interval_in_words(".2f"),
                count="'n ' + format(datum.n, ',d')",
            ),
        ],
        title=heading(title, "How far do the reviewers agree?", notes, width),
        width=width,
        height=alt.Step(ROW) if height is None else height,
    )
    chart.data = drawn.data
    return chart
