"""False alarms at no more than the stated rate, and what it takes to be noticed: seeded simulations.

The long form is a table: ``python -m tests.benchmarks.drift``.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from hitl_notebook.metrics import drift_alarms
from hitl_notebook.metrics.drift.baseline import LEARNING, Baseline, baseline
from hitl_notebook.metrics.drift.changes import changes
from hitl_notebook.metrics.drift.decided import read_decided
from hitl_notebook.metrics.drift.evidence import _stakes, holdings
from hitl_notebook.metrics.drift.track import tracks
from hitl_notebook.simulate import Reviewer
from tests.drifting import Items, becoming, changing, decided, joining, looks, one_after_another, taking_turns

ONCE = 10**9  # looked at when the review has ended


def steady(rng: np.random.Generator, wait: int = 0) -> pd.DataFrame:
    """300 items decided by three people, each of their own skill, who join ``wait`` decisions after one another."""
    items, parts = one_after_another(Items().drawn(rng, 300)), []
    for name in ("ada", "bo", "cy"):
        reviewer = Reviewer(name, skill=rng.uniform(0.5, 1), flagging=rng.uniform(0, 0.1), speed=rng.uniform(5, 20))
        parts.append(decided(rng, items, [reviewer] * 300))
    return joining(*parts, wait=wait)


def share_with_an_alarm(reviews: int, *, every: int = ONCE, wait: int = 0, false_alarms: float = 0.05) -> float:
    """Of reviews in which nobody changes, how many have any alarm at any look, after every so many decisions."""
    rng = np.random.default_rng(1)
    found = [
        any(len(drift_alarms(seen, false_alarms=false_alarms)) for seen in looks(steady(rng, wait), every))
        for _ in range(reviews)
    ]
    return float(np.mean(found))


@pytest.mark.parametrize("reviews", [150, pytest.param(3_000, marks=pytest.mark.campaign)])
def test_no_more_reviews_than_stated_have_a_false_alarm(reviews):
    assert share_with_an_alarm(reviews) <= 0.05


@pytest.mark.parametrize("reviews", [60, pytest.param(1_000, marks=pytest.mark.campaign)])
@pytest.mark.parametrize("wait", [0, 100], ids=["all from the start", "one joining after the other"])
def test_nor_do_they_for_who_looks_all_along(reviews, wait):
    # After every thirty decisions of each: an alarm that was there once counts, even if it is gone at the end.
    assert share_with_an_alarm(reviews, every=90, wait=wait) <= 0.05


def test_an_alarm_stays_when_others_join():
    # Whose items are others, and no confidences: what they do is no measure of ada.
    rng = np.random.default_rng(2)
    items = one_after_another(Items().drawn(rng, 300))
    course = changing(Reviewer("ada"), Reviewer("ada", anchoring=1.0), 150, 300)
    ada = taking_turns(decided(rng, items, course)).drop(columns="confidence")
    elsewhere = items.assign(item_id=items["item_id"] + 10**6)
    others = taking_turns(*(decided(rng, elsewhere, [Reviewer(name)] * 300) for name in ("bo", "cy", "dee", "eli")))
    alone, joined = drift_alarms(ada), drift_alarms(pd.concat([ada, others], ignore_index=True))
    of_ada = joined[joined["reviewer"] == "ada"].reset_index(drop=True)
    told = ["measure", "direction", "since", "noticed", "chance"]
    assert len(alone) > 0
    pd.testing.assert_frame_equal(of_ada[told], alone[told])
    assert of_ada["charts_watched"].gt(alone["charts_watched"]).all()


def test_all_charts_together_have_no_more_than_all_false_alarms():
    # n reviewers have 1 - 2 / (n + 2) of them, each measure as much as any other.
    frame = pd.DataFrame({"reviewer": np.arange(400) % 200, "action": "accept", "seconds": 4.0})
    measures = ["accept", "flag", "seconds"]
    stakes = [track.stake for track in tracks(read_decided(frame, measures), measures)]
    assert stakes[:4] == pytest.approx([1 / 9] * 3 + [1 / 18])
    assert sum(stakes) == pytest.approx(1 - 2 / 202)


def delays(courses: Sequence[Sequence[Reviewer]], since: int, measure: str, reviewers: int) -> list[float]:
    """How many decisions after ``since`` it takes until ada is noticed, infinite if not; each review is drawn anew."""
    rng, found = np.random.default_rng(3), []
    for course in courses:
        items = one_after_another(Items().drawn(rng, len(course)))
        others = [decided(rng, items, [Reviewer(name)] * len(course)) for name in ("bo", "cy")[: reviewers - 1]]
        alarms = drift_alarms(taking_turns(decided(rng, items, course), *others))
        mine = alarms[(alarms["reviewer"] == "ada") & (alarms["measure"] == measure) & (alarms["noticed"] > since)]
        found.append(float(mine["noticed"].min()) - since if len(mine) else math.inf)
    return found


ADA = Reviewer("ada", skill=0.9, flagging=0.03, speed=8)


@pytest.mark.parametrize("reviewers", [1, 3])
@pytest.mark.parametrize(
    ("measure", "after", "most"),
    [("accept", replace(ADA, anchoring=1.0), 60), ("seconds", replace(ADA, speed=4), 40)],
    ids=["stops looking", "takes half as long"],
)
def test_a_change_is_noticed_within_so_many_decisions(measure, after, most, reviewers):
    found = delays([changing(ADA, after, 150, 300)] * 20, 150, measure, reviewers)
    assert np.median(found) <= most
    assert np.isfinite(found).mean() >= 0.9


@pytest.mark.parametrize(
    ("measure", "after", "most"),
    [("accept", replace(ADA, anchoring=1.0), 210), ("seconds", replace(ADA, speed=4), 200)],
    ids=["looks ever less", "is ever quicker"],
)
def test_a_change_by_and_by_is_noticed_too(measure, after, most):
    # Over 200 decisions, and 100 more.
    found = delays([becoming(ADA, after, 150, 200, 450)] * 20, 150, measure, 3)
    assert np.median(found) <= most
    assert np.isfinite(found).mean() >= 0.9


def test_a_reviewer_who_tires_from_the_first_decision_on_is_noticed():
    # By then half of her attention is gone.
    found = delays([[replace(ADA, tiring=0.3)] * 400] * 20, 0, "seconds", 3)
    assert np.median(found) <= 240
    assert np.isfinite(found).mean() >= 0.9


def share_with_an_alarm_of_who_is_ahead(reviews: int, after: Reviewer) -> float:
    """Of 300 items ada has decided on all, another from the 101st on, where two others have stopped."""
    rng, found = np.random.default_rng(5), 0
    for _ in range(reviews):
        items = one_after_another(Items().drawn(rng, 300))
        ahead = decided(rng, items, changing(Reviewer("ada"), after, 100, 300))
        behind = [decided(rng, items[:100], [Reviewer(name)] * 100) for name in ("bo", "cy")]
        found += not drift_alarms(taking_turns(ahead, *behind)).empty
    return found / reviews


def test_who_goes_on_where_the_others_stop_is_watched_as_before():
    assert share_with_an_alarm_of_who_is_ahead(40, Reviewer("ada")) <= 0.05
    assert share_with_an_alarm_of_who_is_ahead(10, Reviewer("ada", flagging=1.0)) == 1


def test_the_stated_rate_is_used_and_not_only_kept():
    # One chart, 600 decisions, half of all reviews may have a false alarm: of 100, far more than none and not too many.
    rng = np.random.default_rng(8)
    said = [np.where(rng.random(600) < 0.7, "accept", "flag") for _ in range(100)]
    frames = [pd.DataFrame({"reviewer": "ada", "action": action}) for action in said]
    watched = [tracks(read_decided(frame, ["accept"]), ["accept"])[0] for frame in frames]
    alarms = [bool(changes(track, 1 / 0.5)) for track in watched]
    assert 0.2 <= np.mean(alarms) <= 0.5 + 2 * 0.05


@pytest.mark.parametrize("rate", [0.5, 0.9, 0.02])
def test_a_bet_on_a_change_is_fair_where_there_is_none(rate):
    # What is expected being known, all that is held is on average all that was staked. 6,000 rows of 70 decisions.
    rng = np.random.default_rng(4)
    usual = Baseline(np.full(70, rate), np.full(70, np.sqrt(rate * (1 - rate))))
    held = [holdings(row, usual, is_rate=True)[:, -1] for row in (rng.random((6_000, 70)) < rate).astype(float)]
    total = np.sum(held, axis=1)
    error = total.std() / np.sqrt(len(total))
    assert total.mean() == pytest.approx(_stakes(70).sum(), abs=3.5 * error)
    assert error < 0.2 * total.mean()


def test_between_none_and_all_a_bet_is_fair_too():
    # Shares of 0, 1/2 and 1 with a mean of 0.6.
    rng = np.random.default_rng(5)
    usual = Baseline(np.full(60, 0.6), np.full(60, 0.4))
    rows = rng.choice([0, 0.5, 1], p=[0.2, 0.4, 0.4], size=(4_000, 60))
    total = np.array([holdings(row, usual, is_rate=True)[:, -1].sum() for row in rows])
    assert total.mean() == pytest.approx(_stakes(60).sum(), abs=3.5 * total.std() / np.sqrt(len(total)))


def test_all_that_is_ever_staked_is_one():
    # T / ((j + T) (j + T + 1)) telescopes: after n it is n / (n + T).
    stakes = _stakes(LEARNING + 10_000)
    assert not stakes[:LEARNING].any()
    assert stakes.sum() == pytest.approx(10_000 / (10_000 + 200))


def test_holdings_are_those_of_one_bet_after_another():
    rng = np.random.default_rng(6)
    # As many as are taken at a time, twice, and some more.
    value, lean = (rng.random(9_000) < 0.7).astype(float), rng.normal(0, 0.1, 9_000)
    usual = baseline(value, lean, is_rate=True)
    odds, holding, plain = np.array([1 / 4, 1 / 1.6, 1.6, 4]), np.zeros(4), []
    for x, p, stake in zip(value, usual.expected, _stakes(9_000), strict=True):
        # The odds are multiplied: p' = odds p / (1 - p + odds p). How much likelier the decision is then: p'/p or not.
        changed = odds * p / (1 - p + odds * p)
        holding = (changed / p if x else (1 - changed) / (1 - p)) * (holding + stake)
        plain.append([holding[:2].sum() / 4, holding[2:].sum() / 4])
    np.testing.assert_allclose(holdings(value, usual, is_rate=True).T, plain, rtol=1e-9)


def test_what_is_beyond_doubt_is_counted_no_further():
    value = np.r_[np.zeros(1_000), np.ones(20_000)]
    holding = holdings(value, baseline(value, np.zeros(len(value)), is_rate=True), is_rate=True)
    assert np.isfinite(holding).all()
    assert holding.max() > 1e50


def test_times_of_heavy_tails_raise_no_more_alarms_than_stated():
    # Logarithms with Student's t of 3 degrees of freedom, 120 reviews of 400 items at a stated rate of 20 %.
    rng = np.random.default_rng(7)
    frames = [pd.DataFrame({"reviewer": "ada", "seconds": np.exp(0.6 * rng.standard_t(3, 400))}) for _ in range(120)]
    alarms = [not drift_alarms(frame, false_alarms=0.2).empty for frame in frames]
    assert np.mean(alarms) <= 0.2 + 2 * np.sqrt(0.2 * 0.8 / 120)


def test_slow_and_quick_spells_are_no_change():
    # Logarithms each 0.4 of the one before and the rest new; 120 reviews at a stated rate of 5 %.
    rng, found = np.random.default_rng(9), 0
    for _ in range(120):
        new, log = rng.standard_normal(450), np.zeros(450)
        for place in range(1, 450):
            log[place] = 0.4 * log[place - 1] + math.sqrt(1 - 0.4**2) * new[place]
        found += not drift_alarms(pd.DataFrame({"reviewer": "ada", "seconds": np.exp(0.5 * log[50:])})).empty
    assert found / 120 <= 0.05 + 2 * math.sqrt(0.05 * 0.95 / 120)
