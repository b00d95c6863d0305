"""Where a change began, against a search through all places with scipy's likelihoods, and by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import bernoulli, norm

from hitl_notebook.metrics import drift_alarms
from hitl_notebook.metrics.drift.baseline import LEARNING
from hitl_notebook.metrics.drift.onset import onset

NONE = np.zeros(400)


def best_place(value, likelihood, rising):
    """The place with the likeliest two levels, each the mean of its part."""
    places = [at for at in range(LEARNING, len(value)) if (value[at:].mean() > value[:at].mean()) == rising]
    return max(places, key=lambda at: likelihood(value[:at]) + likelihood(value[at:]))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("rising", [True, False])
def test_it_is_the_place_of_the_likeliest_two_levels(seed, rising):
    rng = np.random.default_rng(seed)
    rates = (rng.random(400) < np.repeat([0.3, 0.5] if rising else [0.95, 0.8], 200)).astype(float)
    times = rng.normal(np.repeat([0, 0.5 if rising else -0.5], 200))
    of_rates = best_place(rates, lambda part: bernoulli(part.mean()).logpmf(part.astype(int)).sum(), rising)
    # Both parts have one spread: of the whole, the largest likelihood is that of the least squares.
    of_times = best_place(times, lambda part: norm(part.mean(), 1).logpdf(part).sum(), rising)
    assert onset(rates, NONE, is_rate=True, rising=rising) == of_rates
    assert onset(times, NONE, is_rate=False, rising=rising) == of_times


@pytest.mark.parametrize("is_rate", [True, False])
def test_a_change_of_the_items_is_no_change_of_level(is_rate):
    lean = np.repeat([-0.2, 0.2], [120, 80])
    rng = np.random.default_rng(3)
    value = 0.5 + lean + np.repeat([0.0, 0.25], [160, 40]) + rng.normal(0, 0.02, 200)
    assert onset(value, lean, is_rate=is_rate, rising=True) == 160
    assert onset(value, np.zeros(200), is_rate=is_rate, rising=True) == 120  # where nothing is known of the items


@pytest.mark.parametrize("always", [300, 3_000, 30_000])
def test_who_did_a_thing_never_before_did_it_since_the_first_time(always):
    # What is expected of them is next to nothing then, and a multiple of that as well: bets alone tell no place.
    actions = ["accept"] * always + ["correct"] * 20
    alarms = drift_alarms(pd.DataFrame({"reviewer": "ada", "action": actions}), ["accept", "correct"])
    assert alarms["since"].tolist() == [always + 1] * 2
    assert alarms["measure"].tolist() == ["accept", "correct"]


def test_of_few_values_the_change_begins_after_what_is_usual_was_learned():
    value = np.append(np.zeros(LEARNING), 1.0)
    assert onset(value, np.zeros(LEARNING + 1), is_rate=True, rising=True) == LEARNING
