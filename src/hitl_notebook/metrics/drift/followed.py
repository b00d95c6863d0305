"""Control charts that go on while somebody decides."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from hitl_notebook.metrics.alike import Equal
from hitl_notebook.metrics.columns import Array
from hitl_notebook.metrics.drift.changes import is_watched
from hitl_notebook.metrics.drift.control_chart import ControlChart, places_shown, points_as_table
from hitl_notebook.metrics.drift.decided import Codes, read_decided, read_measures
from hitl_notebook.metrics.drift.track import tracks
from hitl_notebook.metrics.review.decided import Groups

__all__ = ["followed"]


def followed(
    earlier: pd.DataFrame,
    decisions: pd.DataFrame,
    same: Mapping[Any, int],
    reviewers: Groups,
    *,
    points: int,
    equal: Equal = None,
) -> pd.DataFrame:
    """A table of ``reviewer_drift`` with the points that the charts of some reviewers lack by now.

    All else is as it was then, though with each decision what is expected of all decisions changes a little; and an
    alarm stands where it stood at the point before. To compute all anew takes several times as long.

    ``same``: of each of these reviewers how many of their first decisions are those that they were; ``reviewers`` has
    who decided each. ``points`` are asked for as of ``reviewer_drift``, with everything else as it is by itself.
    """
    named = read_measures(decisions, None)
    decided = read_decided(decisions, named, equal, reviewers)
    own = tracks(decided, named, same)
    there = _places(earlier)
    count = len(there.keys() | {(track.reviewer, track.measure) for track in own})
    chart, alarms = ControlChart.usual(), earlier["alarm"].to_numpy(dtype=float)
    stays = [place for name, places in there.items() if name[0] not in same for place in places]
    lacking, figures = [], []
    for track in own:
        places = there.get((track.reviewer, track.measure), [])
        shown = places_shown(track, points, charts=count)
        known = earlier["decision"].to_numpy()[places]
        kept = np.isin(known, track.decision[shown]) & (known <= same[track.reviewer])
        stays += np.asarray(places, dtype=np.intp)[kept].tolist()
        new = shown[~np.isin(track.decision[shown], known[kept])]
        lacking.append(new)
        figures.append(chart.points(track, new) | {"alarm": _stood(alarms[places], known, track.decision[new])})
    anew = points_as_table(decided, own, lacking, figures)
    before = earlier.iloc[stays].copy(deep=False)
    before.attrs = {}  # pandas copies them deeply with each column that is taken out
    table = pd.concat([before, anew], ignore_index=True)
    place = {reviewer: place for place, reviewer in enumerate(decided.reviewers)}
    order = {measure: place for place, measure in enumerate(named)}
    charts = [
        place[reviewer] * len(named) + order[measure]
        for reviewer, measure in zip(table["reviewer"], table["measure"], strict=True)
    ]
    table = table.iloc[np.lexsort([table["decision"].to_numpy(), np.array(charts)])].reset_index(drop=True)
    watched = [pair for pair in earlier.attrs["charts_watched"] if pair[0] not in same]
    watched += [(track.reviewer, track.measure) for track in own if is_watched(track)]
    watched.sort(key=lambda pair: (place[pair[0]], order[pair[1]]))
    table.attrs = {**earlier.attrs, "charts_watched": watched}
    return table


def _places(table: pd.DataFrame) -> dict[tuple[Any, str], list[int]]:
    """Where the points of each chart are."""
    places = defaultdict(list)
    for place, name in enumerate(zip(table["reviewer"], table["measure"], strict=True)):
        places[name].append(place)
    return dict(places)


def _stood(alarms: Array, known: Codes, decision: Codes) -> Array:
    """Whether an alarm stood at the last known point up to each of these decisions."""
    stood: Array = np.concatenate([[0.0], alarms])[np.searchsorted(known, decision, side="right")]
    return stood
