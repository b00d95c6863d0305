"""An alarm as a sentence."""

from typing import Any

import pandas as pd

from hitl_notebook.metrics.drift.difference import Difference

__all__ = ["sentence"]

VERBS = {
    "accept": "accepts {}",
    "correct": "corrects {}",
    "flag": "flags {}",
    "agree": "agrees {} with the others",
    "seconds": "takes {} time an item",
}


def sentence(
    *,
    reviewer: Any,
    measure: str,
    direction: str,
    since: int,
    at: Any,
    difference: Difference,
    on_such_items: bool,
    level: float,
    chance: float,
    charts_watched: int,
) -> str:
    """What changed, when, by how much, and how likely that is by chance."""
    when = "" if pd.isna(at) else f" ({at:%Y-%m-%d %H:%M} UTC)"
    before, after, change, low, high = difference
    if measure == "seconds":
        figures = f"{before:.1f} s before{{}}, {after:.1f} s after ({change:+.0%}"
        interval = f"{low:+.0%} to {high:+.0%}"
    else:
        figures = f"{before:.0%} before{{}}, {after:.0%} after ({_points(change, '+')} points"
        interval = f"{_points(low)} to {_points(high)}"
    figures = figures.format(" on such items" if on_such_items else "").replace("%", " %")
    width = f", {100 * level:.10g} % interval {interval.replace('%', ' %')})" if low == low else ")"
    charts = f"{charts_watched:,} charts" if charts_watched > 1 else "1 chart"
    return (
        f"{reviewer} {VERBS[measure].format(direction)} since decision {since:,}{when}: {figures}{width}; "
        f"by chance {_odds(chance)} such reviews, for {charts} watched"
    )


def _points(share: float, sign: str = "-") -> str:
    points = 100 * share
    return f"{points:{sign}.{0 if abs(points) >= 9.95 else 1}f}"


def _odds(chance: float) -> str:
    """Rounded towards the likelier, as it is a bound."""
    reviews = int(1 / chance)
    if reviews >= 1_000_000:
        return "in fewer than 1 of a million"
    step = 10 ** max(len(str(reviews)) - 2, 0)
    return f"in at most 1 of {reviews // step * step:,}"
