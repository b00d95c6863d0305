"""False alarms at no more than the stated rate, and what it takes to be noticed: seeded simulations.

The long form is a table: ``python -m tests.benchmarks.drift``.
"""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from hitl_notebook.metrics import drift_alarms
from hitl_notebook.metrics.drift.baseline import Baseline, baseline
from hitl_notebook.metrics.drift.evidence import LEARNING, _stakes, bets_on
from hitl_notebook.simulate import Reviewer
from tests.drifting import Items, changing, decided, one_after_another, taking_turns


def share_with_an_alarm(reviews: int, *, false_alarms: float, seed: int, change_at: int | None = None) -> float:
    """Of reviews of 300 items by three people, each of their own skill: how many have any alarm."""
    rng, found = np.random.default_rng(seed), 0
    for _ in range(reviews):
        items = one_after_another(Items().drawn(rng, 300))
        parts = []
        for name in ("ada", "bo", "cy"):
            reviewer = Reviewer(name, skill=rng.uniform(0.5, 1), flagging=rng.uniform(0, 0.1), speed=rng.uniform(5, 20))
            at = change_at if name == "bo" and change_at else 300
            parts.append(decided(rng, items, changing(reviewer, replace(reviewer, anchoring=1.0), at, 300)))
        found += not drift_alarms(taking_turns(*parts), false_alarms=false_alarms).empty
    return found / reviews


@pytest.mark.parametrize(
    ("reviews", "false_alarms"), [(80, 0.05), pytest.param(3_000, 0.05, marks=pytest.mark.campaign)]
)
def test_no_more_reviews_than_stated_have_a_false_alarm(reviews, false_alarms):
    # Two standard errors above the stated rate, of so many reviews.
    slack = 2 * np.sqrt(false_alarms * (1 - false_alarms) / reviews)
    assert share_with_an_alarm(reviews, false_alarms=false_alarms, seed=1) <= false_alarms + slack


def test_a_reviewer_who_stops_looking_is_noticed():
    # What the test above is able to see.
    assert share_with_an_alarm(20, false_alarms=0.05, seed=3, change_at=150) >= 0.9


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
    alarms = [not drift_alarms(frame, ["accept"], false_alarms=0.5).empty for frame in frames]
    assert 0.2 <= np.mean(alarms) <= 0.5 + 2 * 0.05


@pytest.mark.parametrize("rate", [0.5, 0.9, 0.02])
def test_a_bet_on_a_change_is_fair_where_there_is_none(rate):
    # What is expected being known, all that is held is on average all that was staked. 6,000 rows of 70 decisions.
    rng = np.random.default_rng(4)
    usual = Baseline(np.full(70, rate), np.full(70, np.sqrt(rate * (1 - rate))))
    held = [
        bets_on(row, usual, is_rate=True).holdings()[:, -1] for row in (rng.random((6_000, 70)) < rate).astype(float)
    ]
    total = np.sum(held, axis=1)
    error = total.std() / np.sqrt(len(total))
    assert total.mean() == pytest.approx(_stakes(70).sum(), abs=3.5 * error)
    assert error < 0.2 * total.mean()


def test_between_none_and_all_a_bet_is_fair_too():
    # Shares of 0, 1/2 and 1 with a mean of 0.6.
    rng = np.random.default_rng(5)
    usual = Baseline(np.full(60, 0.6), np.full(60, 0.4))
    rows = rng.choice([0, 0.5, 1], p=[0.2, 0.4, 0.4], size=(4_000, 60))
    total = np.array([bets_on(row, usual, is_rate=True).holdings()[:, -1].sum() for row in rows])
    assert total.mean() == pytest.approx(_stakes(60).sum(), abs=3.5 * total.std() / np.sqrt(len(total)))


def test_all_that_is_ever_staked_is_one():
    # T / ((j + T) (j + T + 1)) telescopes: after n it is n / (n + T).
    stakes = _stakes(LEARNING + 10_000)
    assert not stakes[:LEARNING].any()
    assert stakes.sum() == pytest.approx(10_000 / (10_000 + 200))


def test_holdings_are_those_of_one_bet_after_another():
    rng = np.random.default_rng(6)
    value, lean = (rng.random(1_000) < 0.7).astype(float), rng.normal(0, 0.1, 1_000)
    usual = baseline(value, lean, is_rate=True)
    odds, holding, plain = np.array([1 / 4, 1 / 1.6, 1.6, 4]), np.zeros(4), []
    for x, p, stake in zip(value, usual.expected, _stakes(1_000), strict=True):
        # The odds are multiplied: p' = odds p / (1 - p + odds p). How much likelier the decision is then: p'/p or not.
        changed = odds * p / (1 - p + odds * p)
        holding = (changed / p if x else (1 - changed) / (1 - p)) * (holding + stake)
        plain.append([holding[:2].sum() / 4, holding[2:].sum() / 4])
    np.testing.assert_allclose(bets_on(value, usual, is_rate=True).holdings().T, plain, rtol=1e-9)


def test_what_is_beyond_doubt_is_counted_no_further():
    value = np.r_[np.zeros(1_000), np.ones(20_000)]
    holding = bets_on(value, baseline(value, np.zeros(len(value)), is_rate=True), is_rate=True).holdings()
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
