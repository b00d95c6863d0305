"""An alarm as a sentence."""

from math import floor, log10
from typing import Any

import pandas as pd

from hitl_notebook.metrics.drift.difference import Difference
from hitl_notebook.quoted import isolated

__all__ = ["sentence"]

# No decision takes less; a mean of nothing has no digits at all.
SHORTEST = 1e-9
MOST_DECIMALS = 15

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
    may_be_the_items: bool,
) -> str:
    """What changed, when, by how much, how likely that is by chance, and whether it may be the items that changed."""
    when = "" if pd.isna(at) else f" ({at:%Y-%m-%d %H:%M} UTC)"
    before, after, change, low, high = difference
    if measure == "seconds":
        decimals = _decimals_of_seconds(before, after, change)
        figures = f"{before:.{decimals}f} s before{{}}, {after:.{decimals}f} s after ({_percent(change, '+')} %"
        interval = f"{_percent(low, '+')} % to {_percent(high, '+')} %"
    else:
        decimals = _decimals_of_percent(change)
        figures = f"{_percent(before, decimals=decimals)} % before{{}}, {_percent(after, decimals=decimals)} % after"
        figures += f" ({_percent(change, '+')} points"
        interval = f"{_percent(low)} to {_percent(high)}"
    figures = figures.format(" on such items" if on_such_items else "")
    width = f", {100 * level:.10g} % interval {interval})" if low == low else ")"
    charts = f"{charts_watched:,} charts" if charts_watched > 1 else "1 chart"
    return (
        f"{isolated(reviewer)} {VERBS[measure].format(direction)} since decision {since:,}{when}: {figures}{width}; "
        f"by chance {_odds(chance)} such reviews, for {charts} watched"
        + ("; a change of the items would look the same" if may_be_the_items else "")
    )


def _decimals_of_seconds(before: float, after: float, change: float) -> int:
    """Those of two digits of the shorter time, at least one, and more where two that differ would look the same."""
    decimals = max(1, 1 - floor(log10(max(min(before, after), SHORTEST))))
    if _percent(change) != "0.0":
        while decimals < MOST_DECIMALS and f"{before:.{decimals}f}" == f"{after:.{decimals}f}":
            decimals += 1
    return decimals


def _percent(share: float, sign: str = "-", decimals: int | None = None) -> str:
    """In hundredths, without a zero below zero."""
    return f"{100 * share:{sign}z.{_decimals_of_percent(share) if decimals is None else decimals}f}"


def _decimals_of_percent(share: float) -> int:
    return 0 if abs(share) >= 0.0995 else 1


def _odds(chance: float) -> str:
    """Rounded towards the likelier, as it is a bound."""
    reviews = int(1 / chance)
    if reviews >= 1_000_000:
        return "in fewer than 1 of a million"
    step = 10 ** max(len(str(reviews)) - 2, 0)
    return f"in at most 1 of {reviews // step * step:,}"
