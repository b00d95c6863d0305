"""Accuracy against statsmodels, and in cases small enough to check by hand."""

import math

import numpy as np
import pandas as pd
import pytest
from statsmodels.regression.linear_model import WLS
from statsmodels.stats.proportion import proportion_confint

from hitl_notebook.errors import BadColumn, UnknownChoice
from hitl_notebook.metrics import census_accuracy, sample_accuracy, weighted_accuracy
from hitl_notebook.metrics.wilson import wilson


@pytest.mark.parametrize(("right", "of"), [(0, 5), (1, 10), (8, 10), (10, 10), (937, 1000)])
def test_the_wilson_interval_is_that_of_statsmodels(right, of):
    assert wilson(right / of, of) == pytest.approx(proportion_confint(right, of, method="wilson"), abs=1e-12)


def test_everything_reviewed_has_no_sampling_error():
    estimate = census_accuracy([True, True, False])
    assert (estimate.low, estimate.value, estimate.high, estimate.n) == (2 / 3, 2 / 3, 2 / 3, 3)


def test_rows_without_a_verdict_are_left_out_and_counted():
    estimate = sample_accuracy([True, None, False, None])
    assert (estimate.value, estimate.n, estimate.note) == (0.5, 2, "2 of 4 without a verdict left out")


@pytest.mark.parametrize("agreed", [[], [None, None]])
def test_nothing_with_a_verdict_is_nan_and_says_why(agreed):
    for estimate in (census_accuracy(agreed), sample_accuracy(agreed)):
        assert math.isnan(estimate.value)
        assert "no" in estimate.note


def test_columns_of_decisions_go_in_as_they_are_also_after_rows_were_taken_out():
    verdicts = [True, None, True, False, True, True]
    rows = {"agreed": pd.array(verdicts, dtype="boolean"), "stratum": [*"xaabba"], "size": [7, 90, 90, 10, 10, 90]}
    decisions = pd.DataFrame(rows).iloc[1:]
    # what is left: of a, 2 of 2 with a verdict right; of b, 1 of 2
    assert census_accuracy(decisions["agreed"]).value == 3 / 4
    assert sample_accuracy(decisions["agreed"]).value == 3 / 4
    stratified = sample_accuracy(decisions["agreed"], decisions["stratum"], decisions["size"])
    assert stratified.value == pytest.approx(0.9 * 1 + 0.1 * 1 / 2)


def test_strata_count_by_their_size_in_the_whole():
    # stratum a: 3 of 4 right, 90 items; stratum b: 1 of 2 right, 10 items: 0.9 * 3/4 + 0.1 * 1/2
    estimate = sample_accuracy([True, True, True, False, True, False], list("aaaabb"), [90] * 4 + [10] * 2)
    assert estimate.value == pytest.approx(0.725)
    # variance: 0.81 * (3/16) / 3 + 0.01 * (1/4) / 1
    assert estimate.standard_error == pytest.approx(math.sqrt(0.050625 + 0.0025))
    assert estimate.low < estimate.value < estimate.high


def test_a_stratum_with_one_verdict_has_no_variance_and_no_figure():
    estimate = sample_accuracy([True, True, False], list("aab"), [90, 90, 10])
    assert math.isnan(estimate.value)
    assert "'b'" in estimate.note


def test_a_stratum_without_a_verdict_leaves_no_figure_of_the_whole():
    estimate = sample_accuracy([True, True, None, None], [*"aabb"], [10, 10, 90, 90])
    assert math.isnan(estimate.value)
    assert estimate.note == "stratum 'b' has no verdict: draw a larger sample"


def test_a_missing_name_is_a_stratum_of_its_own():
    estimate = sample_accuracy([True, True, False, False], ["a", "a", None, math.nan], [30, 30, 10, 10])
    assert estimate.value == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("stratum", "size", "words"),
    [
        ("aab", [1, 1, 1], "agreed has 2 rows and stratum 3"),
        ("a", [1, 1], "agreed has 2 rows and stratum 1"),
        ("aa", [1], "agreed has 2 rows and stratum_size 1"),
        ("aa", [None, None], "of 'a' it says nan"),
        ("aa", [10, 20], "stratum 'a' holds 10 items by one row and 20 by another"),
    ],
)
def test_strata_that_do_not_fit_are_refused(stratum, size, words):
    with pytest.raises(BadColumn, match=words):
        sample_accuracy([True, False], [*stratum], size)


@pytest.mark.parametrize("of", [census_accuracy, sample_accuracy])
def test_a_level_that_is_no_share_is_refused(of):
    with pytest.raises(UnknownChoice, match="level=95"):
        of([True, False], level=95)


def test_a_stratum_that_was_taken_whole_needs_no_second_verdict():
    assert sample_accuracy([True, True, True], list("aab"), [9, 9, 1]).value == pytest.approx(1.0)


@pytest.mark.parametrize("share", [0.7, 0.95])
def test_the_intervals_hold_what_they_promise(share):
    # 2,000 stratified samples from 1,000 items of known accuracy: at least 93 % of the intervals hold it.
    rng = np.random.default_rng(7)
    right = rng.random(1_000) < np.where(np.arange(1_000) < 800, share, share - 0.3)
    sizes = {"a": 800, "b": 200}
    held = 0
    for _ in range(2_000):
        chosen = np.concatenate([rng.choice(800, 80, replace=False), 800 + rng.choice(200, 20, replace=False)])
        strata = ["a"] * 80 + ["b"] * 20
        estimate = sample_accuracy(right[chosen].tolist(), strata, [sizes[name] for name in strata])
        held += estimate.low <= right.mean() <= estimate.high
    assert held / 2_000 >= 0.93


def test_each_verdict_counts_for_as_many_items_as_it_stands_for():
    # stand for 2, 2, 4 and 2 items, of which 2 + 4 are right: 6 / 10
    estimate = weighted_accuracy([True, False, True, False], [0.5, 0.5, 0.25, 0.5])
    assert estimate.value == pytest.approx(0.6)
    # off by 0.4, 0.6, 0.4, 0.6 times 2, 2, 4, 2: squares 0.64 + 1.44 + 2.56 + 1.44 = 6.08, times 4/3, over 10 squared
    assert estimate.standard_error == pytest.approx(math.sqrt(6.08 * 4 / 3) / 10)
    # as many evenly drawn items as would have that error
    effective = 0.6 * 0.4 / estimate.standard_error**2
    assert (estimate.low, estimate.high) == pytest.approx(wilson(0.6, effective))


def test_even_probabilities_give_the_figure_of_a_random_sample():
    verdicts = [True] * 70 + [False] * 30
    weighted, plain = weighted_accuracy(verdicts, [0.1] * 100), sample_accuracy(verdicts)
    assert weighted.value == pytest.approx(plain.value)
    # n - 1 in place of n
    assert weighted.standard_error == pytest.approx(plain.standard_error * math.sqrt(100 / 99))
    assert (weighted.low, weighted.high) == pytest.approx((plain.low, plain.high), abs=1e-3)


def test_the_weighted_mean_and_its_error_are_those_of_statsmodels():
    # a regression on nothing but a constant, weighted, with the robust errors HC1: n / (n - 1) as here
    rng = np.random.default_rng(5)
    right, probability = rng.random(60) < 0.7, rng.uniform(0.05, 0.9, 60)
    fitted = WLS(right.astype(float), np.ones(60), weights=1 / probability).fit(cov_type="HC1")
    estimate = weighted_accuracy(right, probability)
    assert estimate.value == pytest.approx(fitted.params[0])
    assert estimate.standard_error == pytest.approx(fitted.bse[0])


def test_what_has_no_probability_stands_for_nothing_and_is_counted():
    estimate = weighted_accuracy([True, False, False, None, True], [0.5, None, 0.0, 0.5, 0.5])
    assert (estimate.value, estimate.n) == (1, 2)
    assert "1 of 5 without a verdict left out; 2 without a selection probability above 0 left out" in estimate.note


@pytest.mark.parametrize(("agreed", "probability"), [([], []), ([None], [0.5]), ([True], [0.0])])
def test_without_a_drawn_verdict_there_is_no_weighted_figure(agreed, probability):
    estimate = weighted_accuracy(agreed, probability)
    assert math.isnan(estimate.value)
    assert "no drawn item carries a verdict" in estimate.note


def test_verdicts_that_are_all_alike_leave_room_for_others():
    # weights 2, 2 and 4: 8 squared over 24 are 8/3 items drawn evenly
    estimate = weighted_accuracy([True] * 3, [0.5, 0.5, 0.25])
    assert (estimate.value, estimate.standard_error) == (1, 0)
    assert (estimate.low, estimate.high) == pytest.approx(wilson(1, 8 / 3))
    assert "all verdicts are the same" in estimate.note


@pytest.mark.parametrize("probability", [[0.5, 1.5], [0.5, -0.1], [0.5], ["often", 0.5]])
def test_what_is_no_probability_is_refused(probability):
    with pytest.raises(BadColumn, match="selection_probability"):
        weighted_accuracy([True, False], probability)


def test_weighting_takes_out_what_choosing_by_doubt_puts_in():
    # 800 items at 95 %, drawn once in ten; 200 doubtful ones at 45 %, drawn every other time: the whole is at 85 %.
    rng = np.random.default_rng(8)
    probability = np.where(np.arange(1_000) < 800, 0.1, 0.5)
    right = rng.random(1_000) < np.where(np.arange(1_000) < 800, 0.95, 0.45)
    held, plain = 0, 0
    for _ in range(1_000):
        drawn = rng.random(1_000) < probability
        estimate = weighted_accuracy(right[drawn], probability[drawn])
        held += estimate.low <= right.mean() <= estimate.high
        naive = sample_accuracy(right[drawn])
        plain += naive.low <= right.mean() <= naive.high
    assert held / 1_000 >= 0.93
    assert plain / 1_000 < 0.1
