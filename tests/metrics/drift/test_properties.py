"""What holds of any decisions, however odd."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hitl_notebook.metrics import drift_alarms, reviewer_drift
from hitl_notebook.metrics.drift.decided import MEASURES

DECISION = st.tuples(
    st.sampled_from(["ada", "bo", "cy", None]),
    st.sampled_from(["accept", "accept", "correct", "flag", None]),
    st.integers(0, 60),
    st.one_of(st.none(), st.sampled_from(["ham", "spam"])),
    st.one_of(st.none(), st.floats(0, 1)),
    st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True)),
    st.sampled_from(["regular", "gold", "catch"]),
)
COLUMNS = ["reviewer", "action", "item_id", "value", "confidence", "seconds", "kind"]


@st.composite
def logs(draw: st.DrawFn) -> pd.DataFrame:
    """A few kinds of decisions, many times over: long enough to be watched, and to change."""
    parts = [draw(st.lists(DECISION, max_size=4)) * draw(st.integers(1, 120)) for _ in range(draw(st.integers(0, 3)))]
    frame = pd.DataFrame([row for part in parts for row in part], columns=COLUMNS)
    return frame.astype({"confidence": float, "seconds": float})


@settings(max_examples=60)
@given(logs(), st.floats(0.001, 0.5))
def test_any_decisions_have_a_table_and_alarms_that_fit(decisions, false_alarms):
    table = reviewer_drift(decisions, false_alarms=false_alarms, points=10**6)
    rates = table[table["measure"] != "seconds"]
    assert rates[["value", "low", "high", "ewma", "centre", "lower_limit", "upper_limit"]].stack().between(0, 1).all()
    assert (table["low"].fillna(-np.inf) <= table["value"] + 1e-9).all()
    assert (table["lower_limit"] <= table["centre"] + 1e-9).all()
    alarms = drift_alarms(decisions, false_alarms=false_alarms)
    assert (alarms["chance"] <= false_alarms).all()
    assert (alarms["since"] <= alarms["noticed"]).all()
    watched = table.groupby(["reviewer", "measure"]).size() > 30
    assert (alarms["charts_watched"] == watched.sum()).all()
    for alarm in alarms.itertuples():
        assert watched[alarm.reviewer, alarm.measure]
        assert alarm.words.startswith(f"{alarm.reviewer} ")


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.floats(0.01, 100))
def test_seconds_may_be_counted_in_any_unit(seed, factor):
    rng = np.random.default_rng(seed)
    seconds = np.exp(rng.normal(2, 0.5, 200)) * np.repeat([1.0, rng.uniform(0.3, 3)], 100)
    one, other = (
        drift_alarms(pd.DataFrame({"reviewer": "ada", "seconds": times})) for times in (seconds, factor * seconds)
    )
    same = ["since", "noticed", "direction"]
    assert one[same].equals(other[same])
    for name in ("change", "low", "high", "chance"):
        assert one[name].tolist() == pytest.approx(other[name].tolist(), rel=1e-6, abs=1e-9)
    assert other["before"].tolist() == pytest.approx((factor * one["before"]).tolist())


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1))
def test_what_is_accepted_more_is_flagged_less_where_nothing_else_is_done(seed):
    rng = np.random.default_rng(seed)
    accepted = rng.random(200) < np.repeat(rng.random(2), 100)
    frame = pd.DataFrame({"reviewer": "ada", "action": np.where(accepted, "accept", "flag")})
    accept, flag = (drift_alarms(frame, [measure]) for measure in ("accept", "flag"))
    assert accept[["since", "noticed"]].equals(flag[["since", "noticed"]])
    assert accept["change"].tolist() == pytest.approx((-flag["change"]).tolist())
    assert accept["low"].tolist() == pytest.approx((-flag["high"]).tolist())


def test_every_measure_is_watched_by_default():
    frame = pd.DataFrame(
        [("ada", "accept", 1, "x", 0.5, 2.0, "regular"), ("bo", "accept", 1, "x", 0.5, 2.0, "regular")]
    )
    assert set(reviewer_drift(frame.set_axis(COLUMNS, axis=1))["measure"]) == set(MEASURES)


def test_of_two_times_far_apart_the_upper_limit_is_beyond_all_numbers():
    # the mean of their logarithms is 0, and the half-width, at 12.7 standard errors, thousands
    decisions = pd.DataFrame({"reviewer": "ada", "seconds": [1e-300, 1e300]})
    last = reviewer_drift(decisions, ["seconds"]).iloc[-1]
    assert (last["value"], last["low"], last["high"]) == (1, 0, float("inf"))
