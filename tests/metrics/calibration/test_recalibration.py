"""Recalibration against scikit-learn and scipy, and in cases small enough to check by hand."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.special import expit, logit
from sklearn.calibration import _SigmoidCalibration
from sklearn.isotonic import IsotonicRegression

from hitl_notebook.errors import BadColumn, UnknownChoice
from hitl_notebook.metrics import expected_calibration_error, log_loss, recalibrate

METHODS = ["isotonic", "platt", "temperature"]
rng = np.random.default_rng(21)
CONFIDENCE = rng.uniform(0.02, 0.98, 800)
AGREED = rng.random(800) < expit(0.5 * logit(CONFIDENCE))  # a temperature of 2: overconfident
WEIGHT = rng.uniform(0.5, 3, 800)
GRID = np.linspace(0, 1, 101)


@pytest.mark.parametrize("weight", [None, WEIGHT], ids=["plain", "weighted"])
def test_the_isotonic_rule_is_that_of_scikit_learn(weight):
    peer = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(CONFIDENCE, AGREED, sample_weight=weight)
    assert recalibrate(CONFIDENCE, AGREED, weight).predict(GRID) == pytest.approx(peer.predict(GRID), abs=1e-9)


def test_platts_rule_is_that_of_scikit_learn():
    # the class behind CalibratedClassifierCV(method="sigmoid"), on the logit; it stops at 1e-5 or so
    peer = _SigmoidCalibration().fit(logit(CONFIDENCE), AGREED)
    inner = GRID[1:-1]
    ours = recalibrate(CONFIDENCE, AGREED, method="platt").predict(inner)
    assert ours == pytest.approx(peer.predict(logit(inner)), abs=1e-4)


@pytest.mark.parametrize("weight", [None, WEIGHT], ids=["plain", "weighted"])
def test_the_temperature_has_the_least_log_loss(weight):
    fit = recalibrate(CONFIDENCE, AGREED, weight, method="temperature")
    best = minimize_scalar(
        lambda warmth: log_loss(expit(logit(CONFIDENCE) / warmth), AGREED, weight).value,
        bounds=(0.5, 5),
        method="bounded",
        options={"xatol": 1e-8},
    )
    assert fit.parameters["temperature"] == pytest.approx(best.x, rel=1e-4)
    assert 1.6 < fit.parameters["temperature"] < 2.5
    assert fit.predict([0.9]) == pytest.approx(expit(logit(0.9) / fit.parameters["temperature"]))


@pytest.mark.parametrize("method", METHODS)
def test_items_kept_apart_are_better_calibrated_than_before(method):
    fit = recalibrate(CONFIDENCE[::2], AGREED[::2], method=method)
    apart, verdicts = CONFIDENCE[1::2], AGREED[1::2]
    before, after = log_loss(apart, verdicts), log_loss(np.clip(fit.predict(apart), 0.01, 0.99), verdicts)
    assert after.value < before.value
    assert fit.n == 400


def test_judged_on_its_own_items_an_isotonic_fit_looks_perfect_on_pure_noise():
    noise = np.random.default_rng(1).random(200) < 0.5
    fitted = recalibrate(CONFIDENCE[:200], noise).predict(CONFIDENCE[:200])
    assert expected_calibration_error(fitted, noise).value == pytest.approx(0, abs=1e-9)


ROWS = st.lists(st.tuples(st.floats(0, 1), st.booleans(), st.integers(1, 4)), min_size=1, max_size=30)


@settings(max_examples=30)
@given(ROWS)
def test_every_rule_stays_in_0_to_1(rows):
    confidence, agreed, weight = map(np.array, zip(*rows, strict=True))
    for method in METHODS:
        given_back = recalibrate(confidence, agreed, weight, method=method).predict(GRID)
        known = given_back[~np.isnan(given_back)]
        assert ((known >= 0) & (known <= 1)).all()
        if method == "isotonic":
            assert (np.diff(known) >= -1e-12).all()


@settings(max_examples=30)
@given(ROWS)
def test_a_weight_counts_as_so_many_items_where_no_target_counts_them(rows):
    confidence, agreed, weight = map(np.array, zip(*rows, strict=True))
    for method in ("isotonic", "temperature"):
        weighted = recalibrate(confidence, agreed, weight, method=method).predict(GRID)
        repeated = recalibrate(np.repeat(confidence, weight), np.repeat(agreed, weight), method=method).predict(GRID)
        assert weighted == pytest.approx(repeated, abs=1e-5, nan_ok=True)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("unit", [10, 0.01])
def test_the_unit_of_the_weights_makes_no_difference(method, unit):
    one, other = (
        recalibrate(CONFIDENCE[:40], AGREED[:40], w, method=method) for w in (WEIGHT[:40], unit * WEIGHT[:40])
    )
    assert one.predict(GRID) == pytest.approx(other.predict(GRID), abs=1e-6)


def test_platts_targets_count_verdicts_and_not_weights():
    # Five that agree, each drawn with probability 0.01: (5 + 1) / (5 + 2), and not 501 / 502.
    assert recalibrate([0.8] * 5, [True] * 5, [100] * 5, method="platt").predict([0.8]) == pytest.approx(6 / 7)
    # Weights 1, 1 and 2 are 4^2 / 6 verdicts in effect.
    in_effect = 16 / 6
    fit = recalibrate([0.8] * 3, [True] * 3, [1, 1, 2], method="platt")
    assert fit.predict([0.8]) == pytest.approx((in_effect + 1) / (in_effect + 2))
    # One confidence, half of them agree by weight: halfway, whatever the targets are.
    assert recalibrate([0.8] * 3, [True, True, False], [1, 1, 2], method="platt").predict([0.8]) == pytest.approx(0.5)


def test_missing_stays_missing_and_the_ends_are_finite():
    for method in METHODS:
        given_back = recalibrate(CONFIDENCE, AGREED, method=method).predict([0.0, None, 1.0])
        assert np.isnan(given_back).tolist() == [False, True, False]


def test_one_class_by_hand():
    assert recalibrate([0.2, 0.9], [True, True]).predict([0.5]).tolist() == [1]
    # Platt's target for 2 that agree: (2 + 1) / (2 + 2)
    assert recalibrate([0.2, 0.9], [True, True], method="platt").predict([0.2, 0.9]) == pytest.approx(0.75)
    cold = recalibrate([0.2, 0.9], [True, True], method="temperature")
    assert np.isnan(cold.predict([0.5])).all() and cold.note.startswith("verdicts are all True")


def test_verdicts_told_apart_without_error_stop_at_the_coldest():
    assert recalibrate([0.4, 0.6], [False, True], method="temperature").parameters == {"temperature": 0.01}
    assert recalibrate([0.4, 0.6], [True, False], method="temperature").parameters == {"temperature": 100}


@pytest.mark.parametrize("method", METHODS)
def test_nothing_reviewed_yet_is_nan_and_says_why(method):
    fit = recalibrate([0.5], [None], method=method)
    assert math.isnan(fit.predict([0.5])[0])
    assert fit.note.startswith("no item carries ")


def test_what_cannot_be_meant_is_refused():
    with pytest.raises(UnknownChoice, match="isotonic, platt, temperature"):
        recalibrate([0.5], [True], method="beta")
    with pytest.raises(BadColumn, match="row 1 has 95"):
        recalibrate([0.5], [True]).predict([0.5, 95])


def test_confidences_of_a_half_tell_no_temperature():
    fit = recalibrate([0.5] * 4, [True, False, True, True], method="temperature")
    assert fit.parameters == {} and np.isnan(fit.predict([0.9])).all()
    assert fit.note.startswith("confidences are all 0.5, which every temperature leaves as it is")


def test_a_temperature_at_the_end_of_those_tried_is_said_to_be_there():
    apart, reversed_ = ([False, True], [True, False])
    assert "0.01 is as far as temperatures are tried: a lower one would fit better still" in (
        recalibrate([0.4, 0.6], apart, method="temperature").note
    )
    assert "100 is as far as temperatures are tried: a higher one" in (
        recalibrate([0.4, 0.6], reversed_, method="temperature").note
    )
    assert "tried" not in recalibrate(CONFIDENCE, AGREED, method="temperature").note
