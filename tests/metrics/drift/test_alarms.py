"""Alarms in words, and the table behind control charts."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import scipy.stats

from hitl_notebook.errors import BadColumn, MissingColumn, UnknownChoice
from hitl_notebook.metrics import drift_alarms, reviewer_drift
from hitl_notebook.metrics.drift.difference import Difference
from hitl_notebook.metrics.drift.run_length import ewma_width
from hitl_notebook.metrics.drift.words import _odds, sentence
from hitl_notebook.simulate import Reviewer
from tests.drifting import Items, changing, decided, one_after_another, taking_turns

ADA = Reviewer("ada", skill=0.9, flagging=0.03, speed=8)
BO, CY = replace(ADA, name="bo"), replace(ADA, name="cy")
SWAYED = replace(ADA, anchoring=0.9)


def reviewed(*reviewers: list[Reviewer], kinds: tuple[Items, ...] = (Items(),), seed: int = 0) -> pd.DataFrame:
    """Items of each kind in turn, all reviewed by everyone."""
    rng = np.random.default_rng(seed)
    items = one_after_another(*(kind.drawn(rng, len(reviewers[0]) // len(kinds)) for kind in kinds))
    return taking_turns(*(decided(rng, items, reviewer) for reviewer in reviewers))


@pytest.fixture(scope="module")
def with_a_change() -> pd.DataFrame:
    return reviewed(changing(ADA, SWAYED, 200, 400), [BO] * 400, [CY] * 400)


def test_who_begins_to_accept_without_looking_is_noticed(with_a_change):
    alarms = drift_alarms(with_a_change)
    accept = alarms[alarms["measure"] == "accept"]
    assert accept[["reviewer", "direction"]].to_numpy().tolist() == [["ada", "more"]]
    alarm = accept.iloc[0]
    assert 180 <= alarm["since"] <= 215 and 200 < alarm["noticed"] <= 280
    ada = with_a_change[with_a_change["reviewer"] == "ada"].reset_index(drop=True)
    assert alarm["noticed_at"] == ada["decided_at"][alarm["noticed"] - 1]
    # What she accepted since then, and before on items like those: as often as on those before, within a few points.
    assert alarm["after"] == pytest.approx((ada["action"][alarm["since"] - 1 :] == "accept").mean())
    assert alarm["before"] == pytest.approx((ada["action"][: alarm["since"] - 1] == "accept").mean(), abs=0.05)
    assert alarm["change"] == pytest.approx(alarm["after"] - alarm["before"])
    assert alarm["low"] < alarm["change"] < alarm["high"]
    assert alarm["charts_watched"] == 15
    assert 0 < alarm["chance"] <= 0.05
    # Only she has changed.
    assert set(alarms.loc[alarms["measure"] != "agree", "reviewer"]) == {"ada"}


def test_the_words_say_what_when_by_how_much_and_how_likely():
    times = pd.date_range("2026-03-02 14:05", periods=130, freq="min", tz="UTC")
    action = ["accept", "correct"] * 50 + ["accept"] * 30
    alarms = drift_alarms(pd.DataFrame({"reviewer": "ada", "action": action, "decided_at": times}), ["accept"])
    # 50 of 100 and 30 of 30: Newcombe's interval, by hand from Wilson's: 0.404 to 0.596 and 0.886 to 1.
    low = 0.5 - math.sqrt(0.1135**2 + 0.0962**2)
    high = 0.5 + math.sqrt(0**2 + 0.0962**2)
    alarm = alarms.iloc[0]
    assert (alarm["low"], alarm["high"]) == pytest.approx((low, high), abs=1e-3)
    what, by_how_much, chance, what_else = alarm["words"].replace(": ", "; ").split("; ")
    assert what == "ada accepts more since decision 101 (2026-03-02 15:45 UTC)"
    assert by_how_much == "50 % before, 100 % after (+50 points, 95 % interval 35 to 60)"
    reviews = int(1 / alarm["chance"])
    assert chance.startswith("by chance in at most 1 of ") and chance.endswith(" such reviews, for 1 chart watched")
    assert 0.9 * reviews < int(chance.split()[7].replace(",", "")) <= reviews
    assert what_else == "a change of the items would look the same"


def of_ada(measure: str) -> pd.DataFrame:
    """She changes in this measure with the 201st of 400 items."""
    if measure == "seconds":
        seconds = np.exp(np.random.default_rng(0).normal(np.log(12), 0.3, 400)) * np.repeat([1, 0.5], 200)
        return pd.DataFrame({"reviewer": "ada", "item_id": range(400), "seconds": seconds})
    other = "accept" if measure == "flag" else "flag"
    return pd.DataFrame({"reviewer": "ada", "item_id": range(400), "action": [measure, other] * 100 + [measure] * 200})


@pytest.mark.parametrize("measure", ["seconds", "accept", "correct", "flag"])
def test_where_nothing_shows_the_items_the_words_say_that_these_may_have_changed(measure):
    ada = of_ada(measure)
    steady = ada.assign(reviewer="bo", **{name: [*ada[name][:200]] * 2 for name in ada.columns[2:]})

    def may_be_the_items(decisions: pd.DataFrame) -> bool:
        alarms = drift_alarms(decisions, [measure])
        (words,) = alarms.loc[alarms["reviewer"] == "ada", "words"]
        return words.endswith("; a change of the items would look the same")

    assert may_be_the_items(ada)
    assert may_be_the_items(ada.drop(columns="item_id"))
    assert may_be_the_items(ada.assign(confidence=0.8))
    assert may_be_the_items(pd.concat([ada, steady.assign(item_id=steady["item_id"] + 400)]))
    # bo stops where ada changes: there is nobody beside her then.
    assert may_be_the_items(pd.concat([ada, steady[:200]]))
    assert not may_be_the_items(pd.concat([ada, steady]))
    assert not may_be_the_items(ada.assign(confidence=np.random.default_rng(1).random(400)))


def test_seconds_change_by_a_factor():
    rng = np.random.default_rng(0)
    seconds = np.exp(rng.normal(np.log(12), 0.5, 300)) * np.where(np.arange(300) < 150, 1, 0.5)
    alarms = drift_alarms(pd.DataFrame({"reviewer": "ada", "seconds": seconds}))
    assert alarms["measure"].tolist() == ["seconds"]
    alarm = alarms.iloc[0]
    assert (alarm["before"], alarm["after"]) == pytest.approx((12, 6), rel=0.1)
    assert alarm["change"] == pytest.approx(alarm["after"] / alarm["before"] - 1)
    assert alarm["low"] < -0.5 < alarm["high"]
    figures = f"{alarm['before']:.1f} s before, {alarm['after']:.1f} s after ({alarm['change']:+.0%}".replace("%", " %")
    assert alarm["words"].startswith(f"ada takes less time an item since decision {alarm['since']}: {figures}, 95 %")


def in_words(measure: str, *difference: float) -> str:
    """The figures of a sentence: before, after and change, and in brackets the interval."""
    words = sentence(
        **{"reviewer": "ada", "measure": measure, "direction": "less", "since": 101, "at": pd.NaT},
        **{"on_such_items": False, "level": 0.95, "chance": 0.001, "charts_watched": 1, "may_be_the_items": False},
        difference=Difference(*difference),
    )
    return words.split(": ")[1].split("; ")[0]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (0.4, 0.34, "0.40 s before, 0.34 s after (-15 %"),
        (12.04, 6.02, "12.0 s before, 6.0 s after (-50 %"),
        (1.04, 0.96, "1.04 s before, 0.96 s after (-7.7 %"),
        (0.0123, 0.0093, "0.0123 s before, 0.0093 s after (-24 %"),
        # Two digits would be 0.40 of both, one decimal 140.0.
        (0.402, 0.398, "0.402 s before, 0.398 s after (-1.0 %"),
        (140.04, 139.96, "140.04 s before, 139.96 s after (-0.1 %"),
        # Of two that are as good as the same it is said that they are.
        (140.0, 139.99, "140.0 s before, 140.0 s after (+0.0 %"),
    ],
)
def test_times_have_the_digits_in_which_they_differ(before, after, said):
    assert in_words("seconds", before, after, after / before - 1, -0.9, 0.9).startswith(said)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(-0.21, -0.003, "-21 % to -0.3 %"), (-0.21, -0.0004, "-21 % to +0.0 %"), (-0.104, 0.25, "-10 % to +25 %")],
)
def test_no_end_of_an_interval_of_times_is_a_zero_below_zero(low, high, said):
    assert in_words("seconds", 0.4, 0.34, -0.15, low, high).endswith(f", 95 % interval {said})")


def test_shares_have_the_digits_in_which_they_differ():
    few, many = in_words("flag", 0.026, 0.034, 0.008, -0.0004, 0.016), in_words("flag", 0.4, 0.6, 0.2, 0.1, 0.3)
    assert few == "2.6 % before, 3.4 % after (+0.8 points, 95 % interval 0.0 to 1.6)"
    assert many == "40 % before, 60 % after (+20 points, 95 % interval 10 to 30)"


def test_a_second_change_is_one_more_alarm():
    back_again = [*changing(ADA, SWAYED, 200, 400), *[ADA] * 200]
    found = [drift_alarms(reviewed(back_again, seed=seed), ["accept"]) for seed in range(7)]
    for alarms in found:
        assert alarms["direction"].tolist() == ["more", "less"]
        # The rate after the first change is that up to the second.
        assert alarms["after"][0] == pytest.approx(alarms["before"][1], abs=0.05)
    since = np.array([alarms["since"] for alarms in found])
    assert np.median(since, axis=0).tolist() == pytest.approx([201, 401], abs=10)
    assert np.abs(since - [201, 401]).max() <= 30


def accepting(*rates: tuple[float, int], seed: int = 0) -> pd.DataFrame:
    """Decisions accepted at one rate after another, each for so many."""
    rate = np.repeat([of for of, _ in rates], [number for _, number in rates])
    action = np.where(np.random.default_rng(seed).random(len(rate)) < rate, "accept", "correct")
    return pd.DataFrame({"reviewer": "ada", "action": action})


def test_the_chance_of_a_change_is_none_of_what_comes_after_the_next_one():
    decisions = accepting((0.5, 200), (0.75, 120), (1.0, 300))
    first, second = drift_alarms(decisions, ["accept"]).itertuples()
    # The second began before the first was noticed: for the first there is the evidence that it was noticed by.
    assert (first.since, second.since, first.noticed) == (201, 321, 329)
    assert first.chance == drift_alarms(decisions[: first.noticed], ["accept"])["chance"].item()
    # It was noticed where its chance came below what was asked for: the decision before had not been enough.
    assert first.chance > 0.01
    assert drift_alarms(decisions[: first.noticed - 1], ["accept"]).empty
    # Later decisions are evidence for the second, which has more of it with each.
    at = [drift_alarms(decisions[:count], ["accept"])["chance"].tolist() for count in (360, 450, 620)]
    assert [chances[0] for chances in at] == [first.chance] * 3
    assert at[0][1] > at[1][1] > at[2][1]


def test_the_evidence_for_a_change_grows_until_the_next_one():
    decisions = accepting((0.5, 200), (0.9, 200), (0.3, 200))
    first, second = drift_alarms(decisions, ["accept"]).itertuples()
    assert first.noticed < second.since - 100
    until_then = [drift_alarms(decisions[:end], ["accept"])["chance"][0] for end in (first.noticed, second.since - 1)]
    assert first.chance == until_then[1] < until_then[0] / 1_000


def test_a_change_that_the_next_one_overtook_is_an_alarm_of_the_chart_where_it_was_noticed():
    decisions = accepting((0.5, 200), (0.75, 120), (1.0, 300))
    table = reviewer_drift(decisions, ["accept"], points=10**6)
    assert table["decision"][table["alarm"]].tolist() == [329, *range(358, 621)]


def test_a_change_of_the_confidences_is_no_alarm():
    # Twice as many are right in the second half, and the model says so.
    mixed = (Items(2, 2), Items(9, 1))
    alone = reviewed([ADA] * 600, kinds=mixed, seed=12)
    accepted = (alone["action"] == "accept").groupby(np.arange(600) // 300).mean()
    assert accepted[1] - accepted[0] > 0.3
    assert drift_alarms(alone, ["accept", "correct"]).empty
    # Without the confidences it would be one: what the adjustment is for.
    assert not drift_alarms(alone.drop(columns="confidence"), ["accept"]).empty


def test_a_change_of_the_items_that_the_confidence_does_not_show_is_none_beside_the_others():
    mixed = (Items(), Items(right=-0.25, hardness=2.5))
    together = reviewed([ADA] * 600, [BO] * 600, [CY] * 600, kinds=mixed, seed=3)
    assert drift_alarms(together, ["accept", "correct", "seconds"]).empty
    # Of one reviewer alone nobody can say whether it is the items.
    alone = together[together["reviewer"] == "ada"]
    assert set(drift_alarms(alone, ["accept", "correct", "seconds"])["measure"]) == {"accept", "correct", "seconds"}


def test_a_change_of_another_reviewer_is_none_of_ones_own():
    gone = changing(BO, replace(BO, anchoring=1.0, speed=2), 200, 500)
    alarms = drift_alarms(reviewed([ADA] * 500, gone, seed=4), ["accept", "correct", "seconds"])
    assert set(alarms["reviewer"]) == {"bo"}


def test_of_two_who_part_both_agree_less():
    gone = changing(BO, replace(BO, skill=0.2), 200, 500)
    alarms = drift_alarms(reviewed([ADA] * 500, gone, seed=5), ["agree"])
    assert alarms[["reviewer", "direction"]].to_numpy().tolist() == [["ada", "less"], ["bo", "less"]] or alarms[
        ["reviewer", "direction"]
    ].to_numpy().tolist() == [["bo", "less"], ["ada", "less"]]


def test_more_charts_need_more_evidence():
    action = ["accept", "correct"] * 50 + ["accept"] * 60
    one = drift_alarms(pd.DataFrame({"reviewer": "ada", "action": action}), ["accept"]).iloc[0]
    three = drift_alarms(pd.DataFrame({"reviewer": "ada", "action": action})).iloc[0]
    assert (one["charts_watched"], three["charts_watched"]) == (1, 3)
    assert three["chance"] == pytest.approx(3 * one["chance"])
    assert three["noticed"] > one["noticed"]
    strict = drift_alarms(pd.DataFrame({"reviewer": "ada", "action": action}), ["accept"], false_alarms=1e-4).iloc[0]
    assert strict["noticed"] > one["noticed"] and strict["chance"] == one["chance"]


@pytest.mark.parametrize("rows", [0, 1, 30])
def test_too_few_decisions_are_watched_by_no_chart(rows):
    frame = pd.DataFrame({"reviewer": ["ada"] * rows, "action": (["accept"] * 15 + ["flag"] * 15)[:rows]})
    alarms = drift_alarms(frame)
    assert alarms.empty
    filled = drift_alarms(pd.DataFrame({"reviewer": "ada", "action": ["accept", "flag"] * 50 + ["accept"] * 60}))
    assert alarms.columns.tolist() == filled.columns.tolist()
    numeric = filled.select_dtypes("number").columns
    assert alarms[numeric].dtypes.equals(filled[numeric].dtypes)
    assert len(reviewer_drift(frame)) == 3 * rows


@pytest.mark.parametrize("action", ["accept", "flag"])
def test_who_always_does_the_same_has_not_changed(action):
    frame = pd.DataFrame({"reviewer": "ada", "item_id": range(3_000), "action": action, "seconds": 4.0, "value": "x"})
    assert drift_alarms(frame).empty
    table = reviewer_drift(frame, ["accept", "seconds"])
    assert not table["alarm"].any()
    seconds = table[table["measure"] == "seconds"].iloc[-1]
    assert (seconds["value"], seconds["low"], seconds["high"]) == pytest.approx((4, 4, 4))


def test_times_that_are_all_the_same_scatter_by_nothing():
    # Where bo goes on alone after ada, his times are compared with what such confidences lead one to expect: but for
    # rounding the same, and their rounding has a spread of its own.
    confidence = np.random.default_rng(0).uniform(0.2, 1, 1_500)
    rows = {"reviewer": ["ada"] * 1_000 + ["bo"] * 1_500, "item_id": [*range(1_000), *range(1_500)], "seconds": 2.36}
    assert drift_alarms(pd.DataFrame(rows | {"confidence": [*confidence[:1_000], *confidence]})).empty


def test_the_order_of_the_rows_counts_and_their_index_does_not(with_a_change):
    shuffled_index = with_a_change.set_index(np.random.default_rng(0).permutation(len(with_a_change)))
    assert drift_alarms(shuffled_index).equals(drift_alarms(with_a_change))


def test_the_callers_frame_is_left_as_it_was(with_a_change):
    before = with_a_change.copy(deep=True)
    drift_alarms(with_a_change)
    reviewer_drift(with_a_change)
    pd.testing.assert_frame_equal(with_a_change, before)


def test_rolling_figures_by_hand():
    # Windows of two: 1; 1, 0; 0, 0; 0, 1.
    frame = pd.DataFrame({"reviewer": "ada", "action": ["accept", "flag", "flag", "accept"]})
    table = reviewer_drift(frame, ["accept"], window=2, smoothing=0.5)
    assert table["value"].tolist() == [1, 1 / 2, 0, 1 / 2]
    assert table["n"].tolist() == [1, 2, 2, 2]
    # Wilson's interval of one of two.
    assert table["low"][1] == pytest.approx(0.0945, abs=1e-4)
    # What is expected is the mean of those before and of one at 1/2: 1/2, 3/4, 1/2, 3/8, averaged from 1/2 on.
    assert table["centre"].tolist() == pytest.approx([1 / 2, 5 / 8, 9 / 16, 15 / 32])
    assert table["ewma"].tolist() == pytest.approx([3 / 4, 3 / 8, 3 / 16, 19 / 32])


def test_rolling_seconds_are_a_geometric_mean_with_students_interval():
    frame = pd.DataFrame({"reviewer": "ada", "seconds": [2.0, 8.0, 4.0]})
    table = reviewer_drift(frame, window=2)
    assert table["value"].tolist() == pytest.approx([2, 4, math.sqrt(32)])
    assert math.isnan(table["low"][0])
    # log 4 either side of log 4: half of log 4 over sqrt(2) times sqrt(2), t of one degree of freedom is 12.706.
    assert table["high"][1] == pytest.approx(4 * math.exp(12.7062 * math.log(2)), rel=1e-4)


def test_the_limits_of_a_steady_rate_are_those_of_the_theory():
    # Half of all: no skew, and a spread of 1/2 for each. In the end smoothing / (2 - smoothing) of that.
    frame = pd.DataFrame({"reviewer": "ada", "action": ["accept", "flag"] * 1_000})
    last = reviewer_drift(frame, ["accept"], smoothing=0.1, in_control_run_length=500).iloc[-1]
    half = ewma_width(0.1, 500.0) * math.sqrt(0.1 / 1.9) / 2
    assert (last["lower_limit"], last["upper_limit"]) == pytest.approx((0.5 - half, 0.5 + half), abs=1e-3)


@pytest.mark.parametrize("flags", [0, 1, 5, 10, 15, 19, 20])
def test_the_limits_stay_within_what_a_rate_can_be(flags):
    frame = pd.DataFrame({"reviewer": "ada", "action": (["accept"] * (20 - flags) + ["flag"] * flags) * 20})
    table = reviewer_drift(frame, ["accept", "flag"])
    assert (table["lower_limit"] >= 0).all() and (table["upper_limit"] <= 1).all()
    assert (table["lower_limit"] <= table["centre"]).all() and (table["centre"] <= table["upper_limit"]).all()
    # What is rare for one is usual for the other: the two charts mirror each other.
    accept, flag = (table[table["measure"] == measure].reset_index() for measure in ("accept", "flag"))
    assert accept["lower_limit"].tolist() == pytest.approx((1 - flag["upper_limit"]).tolist())


def test_the_limits_of_a_rate_are_skewed_as_it_is():
    # One in 20: the average is skewed by (1 - 2 p) / sqrt(p (1 - p)) times sum w^3 / (sum w^2)^1.5, here 0.88.
    frame = pd.DataFrame({"reviewer": "ada", "action": (["accept"] * 19 + ["flag"]) * 200})
    last = reviewer_drift(frame, ["flag"]).iloc[-1]
    weights = 0.05 * 0.95 ** np.arange(1_000)
    sigma = math.sqrt(0.05 * 0.95 * (weights**2).sum())
    skew = 0.9 / math.sqrt(0.05 * 0.95) * (weights**3).sum() / (weights**2).sum() ** 1.5
    gamma = scipy.stats.pearson3(skew, loc=last["centre"], scale=sigma)
    tail = scipy.stats.norm.sf(ewma_width(0.05, 10_000.0))
    assert last["upper_limit"] == pytest.approx(gamma.isf(tail), abs=0.003)
    assert last["lower_limit"] == pytest.approx(max(gamma.ppf(tail), 0), abs=0.003)


def test_the_chart_alarms_where_the_words_say(with_a_change):
    alarms = drift_alarms(with_a_change)
    table = reviewer_drift(with_a_change, points=10**6)
    first = table[table["alarm"]].groupby(["reviewer", "measure"])["decision"].min()
    assert first.to_dict() == alarms.groupby(["reviewer", "measure"])["noticed"].min().to_dict()
    assert not table[table["reviewer"] == "bo"].query("measure != 'agree'")["alarm"].any()


def values_between_leaving_the_limits(columns, charts: int, values: int, **options) -> float:
    """How many values pass before a chart leaves its limits, on average; watched until then, or to the end."""
    rng, watched, left = np.random.default_rng(31), 0, 0
    for _ in range(charts):
        frame = pd.DataFrame({"reviewer": "ada", **columns(rng, values)})
        table = reviewer_drift(frame, points=10**6, **options)
        outside = (table["ewma"] < table["lower_limit"] - 1e-9) | (table["ewma"] > table["upper_limit"] + 1e-9)
        watched += int(outside.argmax()) + 1 if outside.any() else values
        left += outside.any()
    return watched / left


def of_times(rng, number):
    return {"seconds": np.exp(0.5 * rng.standard_normal(number))}


@pytest.mark.parametrize(("rate", "most"), [(0.5, 1.5), (0.8, 2.0), (0.95, 3.0)])
@pytest.mark.parametrize("run_length", [200.0, 1_000.0])
def test_a_steady_reviewer_leaves_the_limits_no_oftener_than_stated(rate, most, run_length):
    # 60 charts leave them 35 to 60 times: known to within a third, at two standard errors.
    options = {"measures": ["accept"], "in_control_run_length": run_length}
    found = values_between_leaving_the_limits(
        lambda rng, number: {"action": np.where(rng.random(number) < rate, "accept", "flag")}, 60, 2_000, **options
    )
    assert 0.75 * run_length <= found <= most * run_length


def test_the_limits_are_those_of_the_run_length_that_the_table_states():
    found = values_between_leaving_the_limits(of_times, 60, 5_000)
    table = reviewer_drift(pd.DataFrame({"reviewer": ["ada"], "seconds": [4.0]}))
    assert table.attrs["in_control_run_length"] == 10_000
    assert "about once in 10,000 values" in table.attrs["method"]
    assert table.attrs["width"] == ewma_width(0.05, 10_000.0)
    assert 6_000 <= found <= 18_000
    # What this is able to see: limits of another run length.
    assert values_between_leaving_the_limits(of_times, 60, 2_000, in_control_run_length=2_000.0) < 4_000


def test_what_is_expected_follows_a_change_slowly(with_a_change):
    # ada accepts more from her decision 201 on: her average has left the limits, what is expected has begun to follow.
    table = reviewer_drift(with_a_change, ["accept"], points=10**6)
    ada = table[table["reviewer"] == "ada"].set_index("decision")
    assert ada["ewma"][260] > ada["upper_limit"][260]
    before = ada["centre"][150:200].mean()
    assert before < ada["centre"][260] < ada["centre"][400] < ada["ewma"][350:400].mean()


def test_the_rows_are_thinned_and_end_at_the_last_decision(with_a_change):
    table = reviewer_drift(with_a_change, points=150)
    assert len(table) <= 150 + 15
    full = reviewer_drift(with_a_change, points=10**6)
    assert len(full) > 5_000
    ends = full.groupby(["reviewer", "measure"], sort=False).last()
    pd.testing.assert_frame_equal(table.groupby(["reviewer", "measure"], sort=False).last(), ends)
    keys = ["reviewer", "measure", "decision"]
    pd.testing.assert_frame_equal(table.merge(full[keys], on=keys), table)


def test_the_charts_of_some_reviewers_are_those_that_they_have_among_all(with_a_change):
    whole, some = reviewer_drift(with_a_change), reviewer_drift(with_a_change, reviewers=["cy", "ada", "nobody"])
    wanted = whole[whole["reviewer"].isin(["ada", "cy"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(some, wanted, check_exact=True)
    assert some.attrs["charts_watched"] == [pair for pair in whole.attrs["charts_watched"] if pair[0] != "bo"]
    assert len(reviewer_drift(with_a_change, reviewers=[])) == 0


def test_nothing_reviewed_is_an_empty_table():
    columns = ["reviewer", "item_id", "action", "value", "confidence", "seconds", "decided_at", "kind"]
    nothing = pd.DataFrame({name: pd.Series(dtype=object) for name in columns})
    filled = reviewer_drift(pd.DataFrame({"reviewer": ["ada"], "action": ["accept"]}))
    table = reviewer_drift(nothing)
    assert table.empty
    assert table.columns.tolist() == filled.columns.tolist()
    assert drift_alarms(nothing).empty


def test_decisions_without_a_reviewer_are_left_out():
    frame = pd.DataFrame({"reviewer": [None, "ada", None], "action": ["accept"] * 3})
    assert reviewer_drift(frame, ["accept"])["reviewer"].tolist() == ["ada"]
    assert reviewer_drift(frame.assign(reviewer=None)).empty


@pytest.mark.parametrize("function", [drift_alarms, reviewer_drift])
def test_what_cannot_be_computed_is_refused(function):
    frame = pd.DataFrame({"reviewer": ["ada"], "action": ["accept"]})
    with pytest.raises(MissingColumn, match="'reviewer'"):
        function(frame[["action"]])
    with pytest.raises(MissingColumn, match="'seconds' needs the column 'seconds'"):
        function(frame, ["seconds"])
    with pytest.raises(UnknownChoice, match="perhaps 'accept'"):
        function(frame, ["accepts"])
    with pytest.raises(UnknownChoice, match="a list of names"):
        function(frame, "accept")
    with pytest.raises(UnknownChoice, match="level"):
        function(frame, level=95)
    with pytest.raises(MissingColumn, match="nothing to watch: no column 'action'"):
        function(frame[["reviewer"]])
    with pytest.raises(UnknownChoice, match="false_alarms"):
        function(frame, false_alarms=0)
    with pytest.raises(BadColumn, match="seconds"):
        function(frame.assign(seconds="long"))
    with pytest.raises(BadColumn, match="decided_at"):
        function(frame.assign(decided_at="yesterday"))
    with pytest.raises(BadColumn, match="reviewer is a column of names"):
        function(frame.assign(reviewer=[["ada"]]))


@pytest.mark.parametrize("function", [drift_alarms, reviewer_drift])
@pytest.mark.parametrize("action", ["Accept", "accepted", 1, True, ["accept"], np.array([1, 2])])
def test_an_action_that_is_none_is_refused_with_its_row(function, action):
    # The row is that of the frame, whoever has no name before it.
    frame = pd.DataFrame({"reviewer": [None, "ada", "bo"], "action": pd.Series(["flag", None, action], dtype=object)})
    with pytest.raises(BadColumn, match="accept, correct, flag, or missing; row 2 has") as refused:
        function(frame)
    assert str(refused.value).endswith(repr(action))
    assert len(reviewer_drift(frame[:2])) == 0


def test_no_measures_at_all_are_tables_without_rows():
    frame = pd.DataFrame({"reviewer": ["ada"] * 60, "action": ["accept"] * 60})
    for function in (drift_alarms, reviewer_drift):
        table = function(frame, [])
        assert table.empty
        assert table.columns.tolist() == function(frame, ["accept"]).columns.tolist()


@pytest.mark.parametrize("options", [{"window": 0}, {"points": 0}, {"smoothing": 0}, {"in_control_run_length": 1}])
def test_an_option_of_the_chart_out_of_its_range_is_refused(options):
    with pytest.raises(UnknownChoice, match=next(iter(options))):
        reviewer_drift(pd.DataFrame({"reviewer": ["ada"], "action": ["accept"]}), **options)


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        *((0.05, "1 of 20"), (0.0026, "1 of 380"), (0.9, "1 of 1"), (1 / 123_456, "1 of 120,000")),
        (1e-9, "fewer than 1 of a million"),
    ],
)
def test_a_chance_is_rounded_towards_the_likelier(chance, words):
    assert _odds(chance).endswith(words)


def test_the_level_of_an_interval_is_not_rounded_in_words():
    decisions = pd.DataFrame({"reviewer": "ada", "action": ["accept", "correct"] * 50 + ["accept"] * 60})
    (words,) = drift_alarms(decisions, ["accept"], level=0.999)["words"]
    assert ", 99.9 % interval " in words
