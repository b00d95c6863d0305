"""The end of a control chart without all that comes before it is that of the whole."""

import numpy as np
import pandas as pd
import pytest

from hitl_notebook.metrics.drift.baseline import baseline
from hitl_notebook.metrics.drift.control_chart import ControlChart
from hitl_notebook.metrics.drift.decided import read_decided, read_measures
from hitl_notebook.metrics.drift.track import tracks

RANDOM = np.random.default_rng(20261130)
ROWS = 2_000
DECISIONS = pd.DataFrame(
    {
        "reviewer": RANDOM.choice(["ada", "bo"], ROWS),
        "item_id": RANDOM.integers(0, ROWS // 2, ROWS),
        "action": RANDOM.choice(["accept", "accept", "correct", "flag"], ROWS),
        "value": RANDOM.choice(["fees", "refund"], ROWS),
        "confidence": RANDOM.random(ROWS),
        "seconds": np.exp(RANDOM.normal(2, 1, ROWS)),
        "decided_at": pd.Timestamp("2026-11-30", tz="UTC") + pd.to_timedelta(RANDOM.random(ROWS).cumsum(), unit="h"),
    }
)
CHARTS = {
    "usual": ControlChart.usual(),
    "of hours": ControlChart(pd.Timedelta("20h"), 0.05, 3.0, 0.9),
    "of the newest": ControlChart(5, 1.0, 3.0, 0.95),
    "slow": ControlChart(50, 0.01, 3.0, 0.95),
}


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_points_near_the_end_are_those_among_all(chart):
    found = tracks(read_decided(DECISIONS, read_measures(DECISIONS, None)), read_measures(DECISIONS, None))
    assert len(found) == 10
    for track in found:
        places = np.arange(len(track))
        whole = chart.points(track, places)
        for since in (len(track) - 1, len(track) - 3, len(track) // 2):
            for name, at in chart.points(track, places[since:]).items():
                np.testing.assert_allclose(at, whole[name][since:], rtol=1e-9, err_msg=f"{track.measure}, {name}")


@pytest.mark.parametrize("is_rate", [True, False])
def test_what_is_expected_near_the_end_follows_from_all_before_it(is_rate):
    value, lean = (RANDOM.random(300) < 0.7).astype(float), RANDOM.normal(0, 0.1, 300)
    whole = baseline(value, lean, is_rate=is_rate)
    for since in (1, 29, 299):
        end = baseline(value, lean, is_rate=is_rate, since=since)
        np.testing.assert_allclose(end.expected, whole.expected[since:], rtol=1e-12)
        np.testing.assert_allclose(end.spread, whole.spread[since:], rtol=1e-12)
    without = baseline(value[1:], lean[1:], is_rate=is_rate)
    assert not np.allclose(without.expected[-100:], whole.expected[-100:], rtol=1e-9)


def test_some_tracks_are_those_among_all():
    decided, named = read_decided(DECISIONS, read_measures(DECISIONS, None)), read_measures(DECISIONS, None)
    own = [track for track in tracks(decided, named) if track.reviewer == "bo"]
    for one, other in zip(tracks(decided, named, ["bo"]), own, strict=True):
        assert (one.reviewer, one.measure, one.stake) == (other.reviewer, other.measure, other.stake)
        assert (one.value == other.value).all()
