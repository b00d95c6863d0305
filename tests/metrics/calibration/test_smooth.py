"""The smooth calibration error against relplot, against plain integration, and where it can be known by hand."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hitl_notebook.metrics import expected_calibration_error, smooth_calibration_error


def integral(confidence, agreed, width, cells=2_000):
    """The definition, term by term: each gap spread by a Gaussian and its mirror images, the size integrated."""
    at = (np.arange(cells) + 0.5) / cells
    gap = np.zeros(cells)
    for turn in range(-3, 4):
        for image in (confidence + 2 * turn, 2 * turn - confidence):
            kernel = np.exp(-(((at[:, None] - image) / width) ** 2) / 2) / (width * math.sqrt(2 * math.pi))
            gap += kernel @ (agreed - confidence)
    return np.abs(gap / len(confidence)).mean()


def spread(n):
    """Two columns that look random and are the same everywhere."""
    number = np.arange(1, n + 1)
    return number * 0.6180339887498949 % 1, number * 0.7548776662466927 % 1


def test_it_is_that_of_relplot():
    # relplot 1.0.3, the authors' code: smECE(confidence, agreed) is 0.08550294502387436.
    # Away from 0 and 1: its grid treats what lies at the ends more coarsely than the integral below asks for.
    at, chance = spread(2_000)
    confidence = 0.2 + 0.6 * at
    estimate = smooth_calibration_error(confidence, chance < confidence**1.3)
    assert estimate.value == pytest.approx(0.08550294502387436, rel=1e-4)


@pytest.mark.parametrize("power", [0.5, 1, 3])
def test_the_integral_at_that_width_is_that_width(power):
    # Rounded, and many near one end: ties, and a kernel that is cut there.
    at, chance = spread(300)
    confidence = (at**power).round(2)
    agreed = chance < 0.8 * confidence
    error = smooth_calibration_error(confidence, agreed).value
    assert integral(confidence, agreed.astype(float), error) == pytest.approx(error, rel=1e-4)


@pytest.mark.parametrize("confidence", [0.0, 0.02, 0.5, 1.0])
def test_one_confidence_has_its_gap_wherever_it_lies(confidence):
    estimate = smooth_calibration_error([confidence] * 10, [True] * 3 + [False] * 7)
    assert estimate.value == pytest.approx(abs(0.3 - confidence), abs=1e-8)


def test_gaps_that_cancel_next_to_each_other_count_for_less_than_in_bins():
    # right at 0.499 and wrong at 0.501: no calibrated model is far from this one, but a bin's edge at 0.5 sees 0.501
    rows = [0.499, 0.501] * 50, [True, False] * 50
    assert expected_calibration_error(*rows, n_bins=2).value == pytest.approx(0.501)
    assert smooth_calibration_error(*rows).value < 0.05


@settings(max_examples=4)
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans(), st.integers(1, 4)), min_size=3, max_size=12))
def test_a_weight_counts_as_so_many_items(rows):
    confidence, agreed, weight = map(np.array, zip(*rows, strict=True))
    weighted = smooth_calibration_error(confidence, agreed, weight)
    repeated = smooth_calibration_error(np.repeat(confidence, weight), np.repeat(agreed, weight))
    assert weighted.value == pytest.approx(repeated.value, abs=1e-8)
    assert 0 <= weighted.low <= weighted.high <= 1
    assert weighted.value <= expected_calibration_error(confidence, agreed, weight, n_bins=10_000).value + 1e-4


def test_the_interval_tells_an_overconfident_model_from_a_calibrated_one():
    confidence, chance = spread(1_500)
    good = smooth_calibration_error(confidence, chance < confidence)
    bad = smooth_calibration_error(confidence, chance < 0.8 * confidence)
    assert good.low == 0
    assert 0 < bad.low < 0.1 < bad.high  # 0.2 E[c] = 0.1


def test_certain_and_right_is_no_error_at_all():
    assert smooth_calibration_error([1.0, 0.0], [True, False]).value == pytest.approx(0, abs=1e-8)


def test_nothing_reviewed_yet_is_nan_and_one_verdict_has_no_interval():
    estimate = smooth_calibration_error([0.5], [None])
    assert math.isnan(estimate.value) and estimate.note.startswith("no item carries ")
    one = smooth_calibration_error([0.7], [True])
    assert one.value == pytest.approx(0.3) and math.isnan(one.low)


def test_the_bound_on_chance_is_a_figure_that_such_items_can_show():
    assert "shows up to 0.9 by chance" in smooth_calibration_error([0.9], [True]).note
    assert "shows up to 0.5 by chance" in smooth_calibration_error([0.5, 0.5], [True, True], [3, 1]).note
