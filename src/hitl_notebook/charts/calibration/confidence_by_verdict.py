"""What the reviewers did where the model was so confident."""

import altair as alt
import pandas as pd

from hitl_notebook.charts.axes import COUNT, PERCENT, count_axis, own_scales, share_axis, share_scale
from hitl_notebook.charts.calculations import calculations
from hitl_notebook.charts.dataset import dataset
from hitl_notebook.charts.heading import heading
from hitl_notebook.charts.palette import VERDICTS
from hitl_notebook.charts.selection import select_in_all, selection, unless_others_are, view_name
from hitl_notebook.charts.words import interval_in_words, number_in_words

__all__ = ["confidence_by_verdict"]

COLUMNS = ("bin_low", "bin_high", "verdict", "n", "share", "low", "high")
PANELS = {"accept": "Accepted", "correct": "Corrected", "flag": "Flagged"}


def confidence_by_verdict(
    table: pd.DataFrame, *, title: str | None = None, width: int = 300, height: int = 80
) -> alt.VConcatChart:
    """What the reviewers did where the model was so confident: shares of accepts, corrections and flags.

    How to read it: of the decisions on items of about one confidence, a dot says how many were accepted, corrected or
    flagged, its line the interval. Accepts should rise to the right and corrections fall. Corrections at high
    confidence are what automation would get wrong; accepts that stay level tell of a confidence that says nothing, or
    of reviewers who accept whatever comes. The bars below are how many decisions there are.

    Parameters
    ----------
    table : DataFrame of `hitl_notebook.metrics.confidence_by_verdict`
    title : str, optional
        Instead of the usual one; ``""`` for none.
    width, height : int
        Of the panel of a verdict, in pixels.

    Returns
    -------
    altair.VConcatChart. Clicking selects (by ``bin_low``, ``bin_high`` and ``verdict``).

    Raises
    ------
    MissingColumn, BadFrame
        The table is not one of `hitl_notebook.metrics.confidence_by_verdict`.

    Examples
    --------
    >>> from hitl_notebook import metrics
    >>> decided = pd.DataFrame({"item_id": [1, 2], "confidence": [1.0, 0.2], "action": ["accept", "correct"]})
    >>> chart = confidence_by_verdict(metrics.confidence_by_verdict(decided, n_bins=2))
    >>> [(row["bin_high"], row["verdict"], row["share"]) for row in chart.data["values"] if row["n"]]
    [(0.5, 'correct', 1.0), (1.0, 'accept', 1.0)]
    """
    drawn = dataset(table, COLUMNS, nothing="No decision on an item with a confidence yet.")
    selected = selection("bin_low", "bin_high", "verdict")
    facts = [
        alt.Tooltip("bin:N", title="Confidence"),
        alt.Tooltip("verdict:N", title="Verdict"),
        alt.Tooltip("share_words:N", title="Share"),
        alt.Tooltip("interval:N", title="Interval"),
        alt.Tooltip("n:Q", title="Decisions", format=COUNT),
    ]
    panels = [_panel(verdict, selected, facts).properties(width=width, height=height) for verdict in PANELS]
    panels[0].layer[1].params = [selected.param]
    order = "indexof(['accept', 'correct', 'flag'], datum.verdict)"
    bars = (
        alt.Chart(name=view_name(selected, "counts"))
        .transform_calculate(place=order)
        .mark_bar(cursor="pointer")
        .encode(
            x=alt.X("bin_low:Q", bin="binned", scale=share_scale(), axis=share_axis()).title("Confidence of the model"),
            x2="bin_high:Q",
            y=alt.Y("n:Q", stack="zero", axis=count_axis(tickCount=2)).title("Decisions"),
            color=alt.Color(
                "verdict:N", scale=alt.Scale(domain=list(VERDICTS), range=list(VERDICTS.values())), legend=None
            ),
            order=alt.Order("place:Q"),
            opacity=unless_others_are(selected),
            tooltip=facts,
        )
        .properties(width=width, height=round(height * 0.8))
    )
    chart = alt.vconcat(
        *panels,
        bars,
        spacing=10,
        transform=calculations(
            bin=interval_in_words(".0%", low="bin_low", high="bin_high"),
            middle="(datum.bin_low + datum.bin_high) / 2",
            share_words=number_in_words("share", PERCENT),
            interval=interval_in_words(PERCENT),
        ),
        title=heading(title, "How are items judged, by the model's confidence?", drawn.notes, width),
        resolve=own_scales("color"),
    )
    chart.data = drawn.data
    return select_in_all(chart)


def _panel(verdict: str, selected: alt.Parameter, facts: list[alt.Tooltip]) -> alt.LayerChart:
    x = alt.X("middle:Q", scale=share_scale(), axis=share_axis(labels=False, ticks=False)).title(None)
    axis = alt.Axis(format=".0%", values=[0, 0.5, 1])
    y = alt.Y("share:Q", scale=share_scale(), axis=axis).title(PANELS[verdict])
    color = VERDICTS[verdict]
    intervals = (
        alt.Chart()
        .mark_rule(color=color, strokeWidth=2)
        .encode(x=x, y="low:Q", y2="high:Q", opacity=unless_others_are(selected), tooltip=facts)
    )
    dots = (
        alt.Chart(name=view_name(selected, verdict))
        .mark_circle(color=color, size=60, cursor="pointer")
        .encode(x=x, y=y, opacity=unless_others_are(selected), tooltip=facts)
    )
    return alt.LayerChart(layer=[intervals, dots]).transform_filter(
        alt.FieldEqualPredicate(field="verdict", equal=verdict)
    )
