"""Run lengths against printed tables, an independent Markov chain, and simulated charts."""

import numpy as np
import pytest
from scipy.special import ndtr

from hitl_notebook.errors import UnknownChoice
from hitl_notebook.metrics import cusum_chart, ewma_chart
from hitl_notebook.metrics.drift.run_length import (
    cusum_limit,
    cusum_run_length,
    ewma_run_length,
    ewma_width,
    fixed_ewma_run_length,
)

SHIFTS = (0, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 4)
# Montgomery, Introduction to Statistical Quality Control, table 9.3 (from Lucas 1976): k = 0.5, both directions.
PRINTED_CUSUM = {
    4: (168, 74.2, 26.6, 13.3, 8.38, 4.75, 3.34, 2.62, 2.19, 1.71),
    5: (465, 139, 38.0, 17.0, 10.4, 5.75, 4.01, 3.11, 2.57, 2.01),
}
# The same, table 9.11 (from Lucas and Saccucci 1990): smoothing and width of limits that do not widen.
PRINTED_EWMA = {
    (0.4, 3.054): (500, 224, 71.2, 28.4, 14.3, 5.9, 3.5, 2.5, 2.0, 1.4),
    (0.25, 2.998): (500, 170, 48.2, 20.1, 11.1, 5.5, 3.6, 2.7, 2.3, 1.7),
    (0.2, 2.962): (500, 150, 41.8, 18.2, 10.5, 5.5, 3.7, 2.9, 2.4, 1.9),
    (0.1, 2.814): (500, 106, 31.3, 15.9, 10.3, 6.1, 4.4, 3.4, 2.9, 2.2),
    (0.05, 2.615): (500, 84.1, 28.8, 16.4, 11.4, 7.1, 5.2, 4.2, 3.5, 2.7),
}


@pytest.mark.parametrize("h", PRINTED_CUSUM)
def test_the_run_lengths_of_the_cusum_are_those_printed(h):
    ours = [cusum_run_length(0.5, float(h), shift) for shift in SHIFTS]
    assert ours == pytest.approx(PRINTED_CUSUM[h], rel=0.004)


@pytest.mark.parametrize(("k", "h"), [(0.25, 8.01), (0.5, 4.77), (0.75, 3.34), (1.0, 2.52), (1.25, 1.99), (1.5, 1.61)])
def test_the_limit_of_the_cusum_is_that_printed_for_a_run_length_of_370(k, h):
    # Hawkins (1993), printed as table 9.4 in Montgomery.
    assert cusum_limit(k, 370.0) == pytest.approx(h, abs=0.01)


@pytest.mark.parametrize(("smoothing", "width"), PRINTED_EWMA)
def test_the_run_lengths_of_the_ewma_are_those_printed(smoothing, width):
    ours = [fixed_ewma_run_length(smoothing, width, shift) for shift in SHIFTS]
    # Three digits are printed, of the small ones two.
    assert ours == pytest.approx(PRINTED_EWMA[smoothing, width], rel=0.005, abs=0.06)


def test_the_chart_of_shewhart_is_an_ewma_of_smoothing_one():
    # 3 sigma: one value in 370.4 lies outside, each by itself.
    expected = 1 / (2 * ndtr(-3.0))
    assert ewma_run_length(1.0, 3.0) == pytest.approx(expected, rel=1e-9)
    assert fixed_ewma_run_length(1.0, 3.0) == pytest.approx(expected, rel=1e-9)


def markov_chain(k: float, h: float, shift: float, states: int) -> float:
    """Brook and Evans (1972): the sum rounded to one of some states, half a step about 0 being the first."""
    width = 2 * h / (2 * states - 1)
    place = np.arange(states) * width
    moves = ndtr(place + width / 2 - place[:, None] + k - shift) - ndtr(place - width / 2 - place[:, None] + k - shift)
    moves[:, 0] = ndtr(width / 2 - place + k - shift)
    return float(np.linalg.solve(np.eye(states) - moves, np.ones(states))[0])


@pytest.mark.parametrize(("k", "h", "shift"), [(0.5, 5.0, 0.0), (0.25, 8.0, 0.25), (1.0, 2.5, 0.0), (0.5, 4.0, 2.0)])
def test_the_integral_equation_agrees_with_the_markov_chain_of_brook_and_evans(k, h, shift):
    two_sided = 1 / (1 / markov_chain(k, h, shift, 400) + 1 / markov_chain(k, h, -shift, 400))
    assert cusum_run_length(k, h, shift) == pytest.approx(two_sided, rel=1e-3)


def mean_run(alarms: np.ndarray) -> tuple[float, float]:
    """How many values pass up to an alarm, and the standard error, from rows that are long enough to have one."""
    assert alarms.any(axis=1).all()
    runs = alarms.argmax(axis=1) + 1
    return float(runs.mean()), float(runs.std() / np.sqrt(len(runs)))


def test_the_run_length_of_limits_that_widen_is_that_of_simulated_charts():
    # 3,000 rows of values, averaged in the plainest way there is.
    rng, smoothing, width = np.random.default_rng(5), 0.1, 2.0
    average, alarms = np.zeros(3_000), np.zeros((3_000, 800), dtype=bool)
    for step in range(alarms.shape[1]):
        average = (1 - smoothing) * average + smoothing * rng.standard_normal(len(average))
        spread = np.sqrt(smoothing / (2 - smoothing) * (1 - (1 - smoothing) ** (2 * (step + 1))))
        alarms[:, step] = np.abs(average) > width * spread
    mean, error = mean_run(alarms)
    assert ewma_run_length(smoothing, width) == pytest.approx(mean, abs=3 * error)
    # What the limits being narrow at the start costs is more than the simulation is unsure of.
    assert fixed_ewma_run_length(smoothing, width) > mean + 3 * error


@pytest.mark.parametrize("shift", [0.0, 0.5])
def test_the_run_length_of_the_cusum_is_that_of_simulated_charts(shift):
    rng, rows = np.random.default_rng(6), 3_000
    rise, fall, alarms = np.zeros(rows), np.zeros(rows), np.zeros((rows, 700), dtype=bool)
    for step in range(alarms.shape[1]):
        value = rng.standard_normal(rows) + shift
        rise, fall = np.maximum(rise + value - 0.5, 0), np.maximum(fall - value - 0.5, 0)
        alarms[:, step] = (rise > 3) | (fall > 3)
    mean, error = mean_run(alarms)
    assert cusum_run_length(0.5, 3.0, shift) == pytest.approx(mean, abs=3 * error)


@pytest.mark.parametrize("run_length", [2.5, 50.0, 370.4, 1e4, 1e7])
def test_a_limit_has_the_run_length_that_it_was_asked_for(run_length):
    for smoothing in (0.02, 0.2, 1.0):
        assert ewma_run_length(smoothing, ewma_width(smoothing, run_length)) == pytest.approx(run_length, rel=1e-5)
    assert cusum_run_length(0.25, cusum_limit(0.25, run_length)) == pytest.approx(run_length, rel=1e-5)


@pytest.mark.parametrize("run_length", [0, 1.5, 1e8, float("nan")])
def test_a_run_length_out_of_reach_is_refused(run_length):
    for chart in (ewma_chart, cusum_chart):
        with pytest.raises(UnknownChoice, match="in_control_run_length"):
            chart([1, 2], in_control_run_length=run_length)


def test_a_run_length_that_k_makes_impossible_is_refused():
    # With k = 2 even a limit of nothing alarms at one value in 22 only: 1 / (2 Phi(-2)).
    with pytest.raises(UnknownChoice, match="above 22"):
        cusum_limit(2.0, 20.0)


def test_a_limit_without_end_says_so():
    assert cusum_run_length(1.0, 40.0) == float("inf")
    assert ewma_run_length(0.2, 12.0) == float("inf")
