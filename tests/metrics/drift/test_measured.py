"""What is read from decisions, with the arithmetic in sight."""

import math
import operator

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from hitl_notebook.metrics.drift.baseline import baseline
from hitl_notebook.metrics.drift.decided import read_decided
from hitl_notebook.metrics.drift.difference import difference_of_rates, ratio_of_means
from hitl_notebook.metrics.drift.measured import Measured
from hitl_notebook.metrics.drift.track import tracks
from hitl_notebook.tasks import Regression

_ = None
NAN = pytest.approx(math.nan, nan_ok=True)


def measured(measure: str, **columns: list) -> Measured:
    return Measured(read_decided(pd.DataFrame(columns), ["agree"]), measure)


def test_shares_count_one_where_it_was_done():
    columns = {"reviewer": list("aaaa"), "action": ["accept", "flag", "correct", None]}
    assert measured("accept", **columns).value.tolist() == [1, 0, 0, NAN]
    assert measured("flag", **columns).value.tolist() == [0, 1, 0, NAN]
    assert measured("correct", reviewer=["a"], action=["accept"]).value.tolist() == [0]


def test_agreeing_is_the_share_of_the_others_who_said_the_same():
    # Item 1: ham, ham, spam. Item 2: ham, flagged. Item 3: one alone.
    columns = {"reviewer": list("abcaba"), "item_id": [1, 1, 1, 2, 2, 3]}
    agree = measured("agree", value=["ham", "ham", "spam", "ham", _, "ham"], **columns)
    assert agree.value.tolist() == [1 / 2, 1 / 2, 0, NAN, NAN, NAN]
    # The others of the first are ham and spam, of the third ham and ham.
    assert agree.of_others.tolist() == [0, 0, 1, NAN, NAN, NAN]


def test_values_of_any_kind_agree_where_they_are_equal():
    columns = {"reviewer": list("ab"), "item_id": [1, 1]}
    for value in ((1, 2), [{"x": 1}], 3.5, frozenset({"a"})):
        assert measured("agree", value=pd.Series([value, value], dtype=object), **columns).value.tolist() == [1, 1]
    assert measured("agree", value=pd.Series([[1], [2]], dtype=object), **columns).value.tolist() == [0, 0]


def test_a_tolerance_is_between_each_two_reviewers_and_makes_no_groups():
    # Of 10, 12 and 14, within 2: the first and the second agree, the second and the third, not the first and the third.
    decisions = pd.DataFrame({"reviewer": list("abcab"), "item_id": [1, 1, 1, 2, 2], "value": [10.0, 12, 14, 5, 8]})
    agree = Measured(read_decided(decisions, ["agree"], Regression(tolerance=2).equal), "agree")
    assert agree.value.tolist() == [1 / 2, 1, 1 / 2, 0, 0]
    # The others of the first are the second and the third, who agree; those of the second do not.
    assert agree.of_others.tolist() == [1, 0, 1, NAN, NAN]


def test_a_rule_that_says_no_more_than_equality_changes_nothing():
    random = np.random.default_rng(2)
    decisions = pd.DataFrame(
        {"reviewer": list("abcd") * 50, "item_id": np.repeat(range(50), 4), "value": random.integers(3, size=200)}
    )
    decisions["value"] = decisions["value"].where(random.random(200) < 0.9).astype("Int64")
    plain, asked = (Measured(read_decided(decisions, ["agree"], equal), "agree") for equal in (None, operator.eq))
    np.testing.assert_array_equal(plain.value, asked.value)
    np.testing.assert_array_equal(plain.of_others, asked.of_others)


def test_values_that_cannot_be_hashed_are_compared_by_the_rule_too():
    decisions = pd.DataFrame({"reviewer": list("ab"), "item_id": [1, 1], "value": [[3, 4], [5]]})
    agree = Measured(read_decided(decisions, ["agree"], lambda a, b: sum(a) - sum(b) <= 2), "agree")
    assert agree.value.tolist() == [1, 1]


def test_the_others_of_an_item_leave_out_ones_own():
    columns = {"reviewer": list("abca"), "item_id": ["x", "x", "x", "y"]}
    accept = measured("accept", action=["accept", "accept", "flag", "accept"], **columns)
    assert accept.of_others.tolist() == [1 / 2, 1 / 2, 1, NAN]


def test_seconds_are_logarithms_that_idle_time_does_not_stretch():
    # Medians of 1, 2, 4, 8, 16 and an hour: log 4 and log 8; half of them within log 2 * 1.5 of the middle.
    seconds = measured("seconds", reviewer=list("aaaaaa"), seconds=[1.0, 2, 4, 8, 16, 3600])
    logs = np.log([1, 2, 4, 8, 16, 3600])
    middle = np.median(logs)
    reach = 4 * 1.4826 * np.median(np.abs(logs - middle))
    assert seconds.value.tolist() == pytest.approx([*logs[:5], middle + reach])
    assert seconds.value[5] < logs[5]
    assert measured("seconds", reviewer=list("aaa"), seconds=[0, _, 5]).value.tolist() == [NAN, NAN, math.log(5)]


def test_catch_trials_say_nothing_of_the_course():
    kinds = {"reviewer": list("ab"), "item_id": [1, 1], "value": ["x", "x"], "kind": ["regular", "catch"]}
    assert measured("accept", action=["accept", "accept"], **kinds).value.tolist() == [1, NAN]
    assert measured("agree", **kinds).value.tolist() == [NAN, NAN]


def test_the_lean_of_an_item_is_what_others_give_to_such_confidences():
    # bo accepts the confident half of 20 and none of the others: usual 1/2, so the halves are +1/2 and -1/2, ten each.
    # ada's own 20, half accepted whatever the confidence, count a tenth; five more decisions as usual are added.
    confidence = [0.2] * 10 + [0.9] * 10
    columns = {"reviewer": ["ada"] * 20 + ["bo"] * 20, "confidence": confidence * 2}
    action = ["accept", "correct"] * 10 + ["correct"] * 10 + ["accept"] * 10
    lean = measured("accept", action=action, **columns).lean_of(np.arange(40))
    assert lean[:20].tolist() == pytest.approx([-5 / 16] * 10 + [5 / 16] * 10)
    # Of bo, ada is the other, who does not lean at all; bo's own are a tenth: 0.1 * 5 / (10 + 1 + 5).
    assert lean[20:].tolist() == pytest.approx([-0.5 / 16] * 10 + [0.5 / 16] * 10)


def test_a_reviewer_alone_is_their_own_measure():
    columns = {"reviewer": ["ada"] * 20, "confidence": [0.2] * 10 + [0.9] * 10}
    lean = measured("accept", action=["correct"] * 10 + ["accept"] * 10, **columns).lean_of(np.arange(20))
    assert lean.tolist() == pytest.approx([-5 / 15] * 10 + [5 / 15] * 10)


def test_without_confidence_no_item_leans():
    lean = measured("accept", reviewer=list("aabb"), action=["accept", "flag", "flag", "accept"]).lean_of(np.arange(4))
    assert lean.tolist() == [0, 0, 0, 0]


def test_tracks_count_every_decision_of_the_reviewer():
    frame = pd.DataFrame({"reviewer": ["bo", "ada", None, "bo", "bo"], "seconds": [3.0, 4, 5, None, 6]})
    found = tracks(read_decided(frame, ["seconds"]), ["seconds"])
    assert [(track.reviewer, track.decision.tolist()) for track in found] == [("bo", [1, 3]), ("ada", [1])]


def test_what_is_apart_is_beside_the_others_where_there_are_any():
    # ada beside bo on two items: 1 - 0 and 1 - 1, less their mean of 1/2. Her two alone: 0 and 1, less her 3/4 on all.
    rows = {"reviewer": ["ada", "bo", "ada", "bo", "ada", "ada"], "item_id": [1, 1, 2, 2, 3, 4]}
    action = ["accept", "flag", "accept", "accept", "flag", "accept"]
    ada, _ = tracks(read_decided(pd.DataFrame({**rows, "action": action}), ["accept"]), ["accept"])
    assert ada.apart.tolist() == [0.5, -0.5, -0.75, 0.25]


def test_nobody_to_compare_with_is_none():
    (track,) = tracks(read_decided(pd.DataFrame({"reviewer": ["a"], "action": ["flag"]}), ["flag"]), ["flag"])
    assert track.apart is None


def test_what_is_expected_is_the_mean_of_those_before():
    # Mean 1/2 as one decision, then 1, 1, 0: 1/2, (1/2 + 1) / 2, (1/2 + 2) / 3, (1/2 + 2) / 4; spread by hand.
    usual = baseline(np.array([1.0, 1, 0, 0]), np.zeros(4), is_rate=True)
    assert usual.expected.tolist() == pytest.approx([1 / 2, 3 / 4, 2.5 / 3, 2.5 / 4])
    assert usual.spread.tolist() == pytest.approx([math.sqrt(p * (1 - p)) for p in usual.expected])


def test_nothing_is_expected_for_certain():
    usual = baseline(np.ones(50), np.zeros(50), is_rate=True)
    assert usual.expected.tolist() == pytest.approx([1 - 0.5 / (count + 2) for count in range(50)])


def test_what_the_items_lead_one_to_expect_moves_what_is_expected():
    rng = np.random.default_rng(0)
    lean = rng.normal(size=3_000)
    value = 5 + 0.5 * lean + 0.1 * rng.normal(size=3_000)
    usual = baseline(value, lean, is_rate=False)
    # The last one is what the line through all those before it would say.
    slope, level = np.polyfit(lean[:-1], value[:-1], 1)
    assert usual.expected[-1] == pytest.approx(level + slope * lean[-1], abs=1e-3)
    assert usual.spread[-1] == pytest.approx(0.1, rel=0.05)


def test_how_far_one_value_goes_on_in_the_next_is_learned():
    rng = np.random.default_rng(1)
    value = np.zeros(5_000)
    for place in range(1, 5_000):
        value[place] = 0.3 * value[place - 1] + rng.standard_normal()
    usual = baseline(value, np.zeros(5_000), is_rate=False)
    assert usual.expected[-1] == pytest.approx(0.3 * value[-2], abs=0.1)
    assert usual.spread[-1] == pytest.approx(1, rel=0.05)
    # Of values that take turns it is not believed: the next may be the first of many.
    turns = baseline(np.tile([1.0, -1.0], 500), np.zeros(1_000), is_rate=False)
    assert turns.expected[-1] == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize(("one", "n", "other", "m"), [(48, 80, 56, 70), (0, 10, 9, 20), (3, 3, 0, 5), (500, 900, 1, 4)])
def test_the_interval_of_a_difference_is_newcombes_as_in_statsmodels(one, n, other, m):
    difference = difference_of_rates(one / n, n, other / m, m, 0.9)
    peer = confint_proportions_2indep(other, m, one, n, method="newcomb", compare="diff", alpha=0.1)
    assert (difference.low, difference.high) == pytest.approx(peer, abs=1e-9)


def test_the_interval_of_a_ratio_is_welchs_as_in_statsmodels():
    rng = np.random.default_rng(4)
    before, after = rng.normal(2, 0.5, 40), rng.normal(1.6, 0.8, 25)
    ratio = ratio_of_means(before, after, 0.1, 0.95)
    peer = CompareMeans(DescrStatsW(after), DescrStatsW(before + 0.1)).tconfint_diff(usevar="unequal")
    assert (ratio.low, ratio.high) == pytest.approx(np.exp(peer) - 1)
    assert ratio.before == pytest.approx(math.exp(before.mean() + 0.1))
    assert ratio.change == pytest.approx(ratio.after / ratio.before - 1)


def test_one_value_has_a_ratio_and_no_interval():
    ratio = ratio_of_means(np.log([4.0, 4.0]), np.log([2.0]), 0, 0.95)
    assert ratio.change == pytest.approx(-0.5)
    assert math.isnan(ratio.low) and math.isnan(ratio.high)


def test_durations_are_read_in_seconds():
    rows = pd.DataFrame({"reviewer": list("aa"), "seconds": pd.to_timedelta([1.5, None], unit="s")})
    assert read_decided(rows, ["seconds"]).seconds.tolist() == [1.5, NAN]
