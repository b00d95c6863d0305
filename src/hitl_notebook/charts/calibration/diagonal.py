"""The line on which a model's confidence is how often it is right."""

import altair as alt

from hitl_notebook.charts.palette import QUIET

__all__ = ["diagonal"]


def diagonal() -> alt.Chart:
    """From 0 to 1, made in the page, so that the chart's one dataset stays its table."""
    both_ends = alt.sequence(0, 2, 1, as_="confidence")
    line: alt.Chart = (
        alt.Chart(both_ends)
        .mark_line(color=QUIET, strokeDash=[4, 4], strokeWidth=1.5, tooltip=False)
        .encode(x="confidence:Q", y="confidence:Q")
    )
    return line
