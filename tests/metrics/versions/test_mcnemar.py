"""McNemar's exact test against statsmodels, its power against simulation, and both by hand."""

import numpy as np
import pytest
from statsmodels.stats.contingency_tables import mcnemar

from hitl_notebook.metrics import mcnemar_p
from hitl_notebook.metrics.versions.mcnemar import mcnemar_power, pairs_needed


@pytest.mark.parametrize("wins", [0, 1, 4, 5, 17, 60])
@pytest.mark.parametrize("losses", [0, 1, 5, 30])
def test_the_test_is_that_of_statsmodels(wins, losses):
    peer = mcnemar([[100, losses], [wins, 7]], exact=True).pvalue if wins + losses else 1.0
    assert mcnemar_p(wins, losses) == pytest.approx(min(peer, 1.0), rel=1e-9)


def test_without_wins_and_losses_nothing_speaks_against_no_difference():
    assert mcnemar_p(0, 0) == 1


def test_the_test_by_hand():
    # six to one: (1 + 7) of 2**7 on either side
    assert mcnemar_p(6, 1) == mcnemar_p(1, 6) == pytest.approx(2 * 8 / 2**7)


def test_counts_that_are_no_whole_numbers_lie_between_those_that_are():
    assert mcnemar_p(6, 0) < mcnemar_p(5.5, 0) < mcnemar_p(5, 0)


@pytest.mark.parametrize(("pairs", "discordant", "difference"), [(60, 0.3, 0.15), (400, 0.1, 0.05), (12, 1.0, 0.5)])
def test_the_power_is_that_of_simulated_reviews(pairs, discordant, difference):
    rng = np.random.default_rng(5)
    wins, losses = (discordant + difference) / 2, (discordant - difference) / 2
    drawn = rng.multinomial(pairs, [wins, losses, 1 - discordant], size=4_000)
    shown = np.mean([mcnemar_p(won, lost) <= 0.05 and won > lost for won, lost, _ in drawn])
    assert mcnemar_power(pairs, discordant, difference) == pytest.approx(shown, abs=0.025)


def test_the_number_of_pairs_is_a_little_above_connors_since_the_exact_test_is_the_stricter():
    # (1.960 sqrt(0.3) + 0.842 sqrt(0.3 - 0.01))**2 / 0.01 = 233.1
    needed = pairs_needed(0.3, 0.1)
    assert 234 <= needed <= 260
    assert mcnemar_power(needed, 0.3, 0.1) >= 0.8


def test_of_millions_the_formula_alone_is_asked():
    # (1.960 sqrt(0.1) + 0.842 sqrt(0.1 - 1e-8))**2 / 1e-8: 0.1 * 7.849 / 1e-8
    assert pairs_needed(0.1, 1e-4) == pytest.approx(7.849e7, rel=1e-3)
