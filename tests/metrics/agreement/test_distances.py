"""Distances of positions: what a table of all pairs would say, without the table."""

import numpy as np
import pytest

from hitl_notebook.errors import InvalidValue
from hitl_notebook.metrics import conger_kappa, fleiss_kappa, gwet_ac2, krippendorff_alpha, percent_agreement
from hitl_notebook.metrics.agreement import distances
from hitl_notebook.metrics.agreement.distances import Matrix, Positions, weighted_distance

# Of 0, 1, 3 and 4 by hand, the farthest being 4 apart; "ordinal" goes by their places.
BY_HAND = {
    "linear": np.array([[0, 1, 3, 4], [1, 0, 2, 3], [3, 2, 0, 1], [4, 3, 1, 0]]) / 4,
    "radical": np.sqrt([[0, 1, 3, 4], [1, 0, 2, 3], [3, 2, 0, 1], [4, 3, 1, 0]]) / 2,
    "ordinal": np.array([[0, 1, 3, 6], [1, 0, 1, 3], [3, 1, 0, 1], [6, 3, 1, 0]]) / 6,
    "ratio": np.array([[0, 1, 1, 1], [1, 0, 1 / 2, 3 / 5], [1, 1 / 2, 0, 1 / 7], [1, 3 / 5, 1 / 7, 0]]) ** 2,
}
SHARES = np.array([0.1, 0.2, 0.3, 0.4])


@pytest.mark.parametrize("weights", BY_HAND)
@pytest.mark.parametrize("most", [0, 1_000], ids=["row by row", "in a table"])
def test_distances_are_those_by_hand_in_a_table_or_without(monkeypatch, weights, most):
    monkeypatch.setattr(distances, "IN_A_TABLE", most)
    distance = weighted_distance(weights, [0, 1, 3, 4])
    assert isinstance(distance, Matrix if most else Positions)
    assert distance.between(*np.indices((4, 4))) == pytest.approx(BY_HAND[weights])
    assert distance.to_all(SHARES) == pytest.approx(BY_HAND[weights] @ SHARES)


@pytest.mark.parametrize("weights", BY_HAND)
@pytest.mark.parametrize("cells", [1, 100, 2**16])
def test_the_rows_may_be_made_in_parts_of_any_size(monkeypatch, weights, cells):
    rng = np.random.default_rng(0)
    categories, shares = sorted(rng.random(47).tolist()), rng.dirichlet(np.ones(47))
    table = weighted_distance(weights, categories)
    monkeypatch.setattr(distances, "IN_A_TABLE", 0)
    monkeypatch.setattr(distances, "CELLS_AT_ONCE", cells)
    assert weighted_distance(weights, categories).to_all(shares) == pytest.approx(table.to_all(shares), rel=1e-12)


@pytest.mark.parametrize("statistic", [percent_agreement, fleiss_kappa, conger_kappa, gwet_ac2])
@pytest.mark.parametrize("weights", BY_HAND)
def test_coefficients_are_the_same_in_a_table_or_without(monkeypatch, statistic, weights):
    ratings = np.random.default_rng(1).integers(0, 9, (40, 3))
    in_a_table = statistic(ratings, weights=weights)
    monkeypatch.setattr(distances, "IN_A_TABLE", 0)
    row_by_row = statistic(ratings, weights=weights)
    for figure in ("value", "low", "high"):
        assert getattr(row_by_row, figure) == pytest.approx(getattr(in_a_table, figure), rel=1e-9)


@pytest.mark.parametrize("categories", [[], [2], ["ham"]])
@pytest.mark.parametrize("weights", BY_HAND)
def test_of_one_category_or_none_nothing_is_apart(monkeypatch, weights, categories):
    for most in (0, 1_000):
        monkeypatch.setattr(distances, "IN_A_TABLE", most)
        size = len(categories)
        assert weighted_distance(weights, categories).to_all(np.ones(size)).tolist() == [0] * size


@pytest.mark.parametrize("weights", BY_HAND)
def test_20_000_different_numbers_need_no_table_of_all_pairs(weights):
    # A table of them is 3.2 GB; 10,000 pairs of even draws from 0 to 1 are 1/3 apart, in roots 8/15, in ranks
    # squared 1/6, and as a ratio 3 - 4 log 2.
    ratings = np.random.default_rng(2).random((10_000, 2))
    expected = {"linear": 2 / 3, "radical": 7 / 15, "ordinal": 5 / 6, "ratio": 4 * np.log(2) - 2}
    assert percent_agreement(ratings, weights=weights).value == pytest.approx(expected[weights], abs=0.01)


def test_chance_among_thousands_of_different_numbers_is_that_of_even_draws():
    ratings = np.random.default_rng(3).random((4_000, 2))
    assert fleiss_kappa(ratings, weights="linear").value == pytest.approx(0, abs=0.03)
    assert krippendorff_alpha(ratings[:2_000], "ratio").value == pytest.approx(0, abs=0.06)


def test_a_ratio_needs_numbers_from_0_up():
    with pytest.raises(InvalidValue, match="from 0 up"):
        weighted_distance("ratio", [-1, 1])
