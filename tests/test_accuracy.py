"""Accuracy against statsmodels, and in cases small enough to check by hand."""

import math

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from hitl_notebook.metrics.accuracy import census_accuracy, sample_accuracy, wilson


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
