"""Brier score and log loss against scikit-learn, and in cases small enough to check by hand."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sklearn_metrics
from statsmodels.stats.weightstats import DescrStatsW

from hitl_notebook import metrics
from hitl_notebook.errors import BadColumn
from hitl_notebook.metrics import brier_score, log_loss

PAIR = st.tuples(st.floats(0, 1), st.booleans(), st.floats(0.01, 100))


@given(st.lists(PAIR, min_size=2))
def test_both_are_those_of_scikit_learn(rows):
    confidence, agreed, weight = map(np.array, zip(*rows, strict=True))
    for weights in (None, weight):
        brier = sklearn_metrics.brier_score_loss(agreed, confidence, sample_weight=weights, labels=[False, True])
        assert brier_score(confidence, agreed, weights).value == pytest.approx(brier, abs=1e-12)
        loss = sklearn_metrics.log_loss(agreed, confidence, sample_weight=weights, labels=[False, True])
        assert log_loss(confidence, agreed, weights).value == pytest.approx(loss, rel=1e-6, abs=1e-9)


def test_the_interval_is_students_over_the_items():
    rng = np.random.default_rng(3)
    confidence = rng.random(40)
    agreed = rng.random(40) < confidence
    estimate = brier_score(confidence, agreed, level=0.9)
    peer = DescrStatsW((agreed - confidence) ** 2)
    assert (estimate.low, estimate.high) == pytest.approx(peer.tconfint_mean(0.1))
    assert estimate.standard_error == pytest.approx(peer.std_mean)


def test_the_interval_of_a_weighted_mean_by_hand():
    # scores 1/4, 1/4, 1; weights 1, 1, 2: mean 5/8; (3/8)^2 + (3/8)^2 + (2 * 3/8)^2 = 54/64; times 3/2, over 4^2
    estimate = brier_score([0.5, 0.5, 1.0], [True, False, False], [1, 1, 2])
    assert estimate.value == 5 / 8
    assert estimate.standard_error == pytest.approx(math.sqrt(54 / 64 * 3 / 2) / 4)
    assert estimate.note == ""


@pytest.mark.parametrize(
    ("confidence", "words"),
    [
        (["0.5", "0.6"], "text"),
        (pd.Series(["0.5", "0.6"], dtype="str"), "text"),
        (np.array(["0.5", "0.6"]), "<U3"),
        ([0.5 + 1j, 0.6], "complex"),
        (np.array([[0.5], [0.6]]), r"one column of numbers; this has the shape \(2, 1\)"),
        (pd.DataFrame({"a": [0.5, 0.6]}), r"the shape \(2, 1\)"),
        (0.5, r"the shape \(\)"),
    ],
)
def test_what_is_no_column_of_numbers_is_refused(confidence, words):
    with pytest.raises(BadColumn, match=words):
        brier_score(confidence, [True, False])


def test_weights_of_nothing_are_what_is_said_to_be_lacking():
    note = brier_score([0.3, 0.4], [True, False], [0, 0]).note
    assert note == "no item carries a confidence, a verdict and a weight above 0; 2 of 2 without a weight left out"


def test_only_the_proportions_of_weights_count():
    rows = [0.5, 0.2, 1.0], [True, False, False]
    one, other = brier_score(*rows, [1, 2, 3]), brier_score(*rows, [10, 20, 30])
    assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high))


def test_certain_and_wrong_is_finite_and_counted():
    estimate = log_loss([1.0, 0.0, 0.5], [False, False, True])
    # -ln(2.2e-16) = 36.04, -ln(1) = 0, -ln(1/2) = 0.69
    assert estimate.value == pytest.approx((36.0437 + 0.6931) / 3, abs=1e-4)
    assert "1 certain and wrong" in estimate.note


@pytest.mark.parametrize("figure", [brier_score, log_loss])
def test_nothing_reviewed_yet_is_nan_and_says_why(figure):
    for rows in (([], []), ([0.5], [None]), ([None], [True]), ([0.5], [True], [0])):
        estimate = figure(*rows)
        assert math.isnan(estimate.value)
        assert estimate.note.startswith("no item carries ")


@pytest.mark.parametrize("figure", [brier_score, log_loss])
def test_one_verdict_has_a_value_and_no_interval(figure):
    estimate = figure([0.5], [True])
    assert estimate.value > 0
    assert math.isnan(estimate.low) and math.isnan(estimate.standard_error)
    assert "one verdict has no interval" in estimate.note


def test_an_interval_without_width_says_so():
    estimate = brier_score([1.0, 1.0], [True, True])
    assert (estimate.low, estimate.value, estimate.high) == (0, 0, 0)
    assert "no width" in estimate.note


@pytest.mark.parametrize("weighted", [False, True], ids=["drawn evenly", "drawn by confidence"])
def test_the_interval_of_the_brier_score_holds_what_it_promises(weighted):
    # 1,500 samples of 150 items from a calibrated model: the true score is E[c (1 - c)] = 1/2 - 1/3 for c ~ U(0, 1).
    rng = np.random.default_rng(11)
    held = 0
    for _ in range(1_500):
        confidence = rng.random(300 if weighted else 150)
        chance = 1 - 0.8 * confidence if weighted else np.ones(150)
        drawn = rng.random(len(chance)) < chance
        confidence, chance = confidence[drawn], chance[drawn]
        estimate = brier_score(confidence, rng.random(len(confidence)) < confidence, 1 / chance)
        held += estimate.low <= 1 / 6 <= estimate.high
    assert 0.92 <= held / 1_500 <= 0.98


FIGURES = (
    metrics.brier_score,
    metrics.log_loss,
    metrics.expected_calibration_error,
    metrics.maximum_calibration_error,
    metrics.debiased_calibration_error,
    metrics.smooth_calibration_error,
)
ROWS = [0.1, 0.15, 0.3, 0.32], [True, False, True, False]


@pytest.mark.parametrize("figure", FIGURES)
def test_only_how_weights_are_to_each_other_counts_however_large_or_small(figure):
    weight = np.array([1.0, 2.0, 3.0, 2.0])
    usual = figure(*ROWS, weight)
    for unit in (2.0**600, 2.0**-600, 2.0**1_000, 2.0**-1_060):
        assert (figure(*ROWS, weight * unit).value, figure(*ROWS, weight * unit).low) == (usual.value, usual.low)


@pytest.mark.parametrize("figure", [*FIGURES, metrics.reliability, metrics.corp_curve, metrics.brier_decomposition])
@pytest.mark.parametrize("weight", [[1e300, 1, 1, 1], [1e-300, 1, 1, 1], [1e200, 1e-200, 1e-320, 1e308]])
def test_weights_that_are_as_nothing_beside_others_raise_no_warning(figure, weight):
    assert figure(*ROWS, weight) is not None  # warnings fail


def test_labels_may_have_such_weights_too():
    for unit in (1e200, 1e-200):
        table = metrics.confusion(["a", "a", "b"], ["a", "b", "b"], None, [unit, 3 * unit, unit])
        assert table["share"].tolist() == pytest.approx([0.25, 0.75, 0, 1])
        assert metrics.class_scores(["a", "b"], ["a", "a"], None, [unit, unit])["value"].notna().sum() == 3
