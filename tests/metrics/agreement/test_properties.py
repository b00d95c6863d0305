"""What holds of agreement whatever the ratings are."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hitl_notebook.metrics import agreement_coefficients, gwet_ac1, krippendorff_alpha, masi_distance

CATEGORIES = [0, 1, 2, 3]
FIGURES = ["value", "low", "high", "standard_error"]


@st.composite
def tables(draw, gaps=True):
    items, reviewers = draw(st.integers(0, 12)), draw(st.integers(1, 5))
    cell = st.sampled_from([*CATEGORIES, None, None] if gaps else CATEGORIES)
    rows = draw(st.lists(st.lists(cell, min_size=reviewers, max_size=reviewers), min_size=items, max_size=items))
    return np.array(rows, dtype=object).reshape(items, reviewers)


def figures(table, weights=None, categories=CATEGORIES):
    return agreement_coefficients(table, categories=categories, weights=weights)[FIGURES].to_numpy()


def same(first, second):
    return np.allclose(first, second, rtol=1e-7, atol=1e-7, equal_nan=True)


@given(tables(), st.sampled_from([None, "linear", "ratio"]), st.randoms(use_true_random=False))
def test_the_order_of_items_and_reviewers_changes_nothing(table, weights, random):
    items, reviewers = list(range(table.shape[0])), list(range(table.shape[1]))
    random.shuffle(items)
    random.shuffle(reviewers)
    assert same(figures(table, weights), figures(table[items][:, reviewers], weights))


@given(tables(), st.permutations(["d", "a", "c", "b"]))
def test_other_names_for_the_categories_change_no_nominal_coefficient(table, names):
    renamed = np.array([[None if cell is None else names[cell] for cell in row] for row in table], dtype=object)
    assert same(figures(table), figures(renamed.reshape(table.shape), categories=sorted(names)))


@given(tables())
def test_items_without_ratings_and_reviewers_without_any_change_nothing(table):
    wider = np.full((table.shape[0] + 2, table.shape[1] + 1), None, dtype=object)
    wider[1 : 1 + table.shape[0], : table.shape[1]] = table
    assert same(figures(table), figures(wider))


@given(st.lists(st.sampled_from(CATEGORIES), min_size=2, max_size=10), st.integers(2, 5))
def test_perfect_agreement_is_one(said, reviewers):
    assume(len(set(said)) > 1)
    for weights in (None, "quadratic", "ordinal"):
        assert same(figures([[each] * reviewers for each in said], weights)[:, :3], 1)


@given(tables())
def test_no_coefficient_is_above_one_and_each_lies_in_its_interval(table):
    for value, low, high, error in figures(table):
        if not math.isnan(value):
            assert value <= 1 + 1e-12
            assert math.isnan(error) or (error >= 0 and low <= value + 1e-12 and value <= high + 1e-12)


@given(tables(gaps=False), st.sampled_from([None, "linear", "quadratic", "ordinal", "radical", "ratio"]))
def test_no_interval_ends_below_what_a_coefficient_can_be(table, weights):
    rows = agreement_coefficients(table, categories=CATEGORIES, weights=weights)
    reviewers = max(table.shape[1], 2)
    for statistic in ("fleiss_kappa", "conger_kappa", "krippendorff_alpha"):
        low = rows.loc[statistic, "low"]
        assert math.isnan(low) or low >= -1 / (reviewers - 1) - 1e-12
    assert math.isnan(rows.loc["percent_agreement", "low"]) or rows.loc["percent_agreement", "low"] >= 0


@given(tables())
def test_what_cannot_be_computed_says_why(table):
    rows = agreement_coefficients(table, categories=CATEGORIES)
    assert (rows.loc[rows["value"].isna(), "note"] != "").all()


@given(tables(gaps=False))
def test_merging_two_categories_never_lowers_the_share_that_agrees(table):
    merged = np.where(table == 3, 2, table).astype(object)
    before, after = (agreement_coefficients(each).loc["percent_agreement", "value"] for each in (table, merged))
    assert math.isnan(before) or after >= before - 1e-12


@given(tables())
def test_a_scale_of_two_categories_is_nominal(table):
    two = np.array([[None if cell is None else cell % 2 for cell in row] for row in table], dtype=object)
    two = two.reshape(table.shape)
    for level_of_measurement in ("ordinal", "interval"):
        ours, nominal = krippendorff_alpha(two, level_of_measurement), krippendorff_alpha(two)
        assert same(ours.value, nominal.value)


@given(tables())
def test_weights_in_a_matrix_are_those_by_name(table):
    apart = np.abs(np.subtract.outer(np.arange(4), np.arange(4)))
    assert same(figures(table, 1 - apart / 3), figures(table, "linear"))


SETS = st.frozensets(st.sampled_from("abcd"))


@given(SETS, SETS)
def test_the_distance_of_two_sets_has_no_direction_and_is_zero_for_equal_ones_only(a, b):
    assert masi_distance(a, b) == masi_distance(b, a)
    assert 0 <= masi_distance(a, b) <= 1
    assert (masi_distance(a, b) == 0) == (a == b)


def test_these_properties_can_fail():
    # AC1 does depend on the number of categories: a coefficient that is told others is not the same.
    table = [[0, 0], [1, 1], [0, 1]]
    assert gwet_ac1(table, categories=[0, 1]).value != pytest.approx(gwet_ac1(table, categories=CATEGORIES).value)


@settings(max_examples=30)
@given(tables(), st.sampled_from(["fleiss_kappa", "conger_kappa", "krippendorff_alpha", "percent_agreement"]))
def test_items_rated_alike_count_one_by_one(table, statistic):
    # Of five categories a few rows are counted by kind, of a thousand never; these four know no unused categories.
    many = np.concatenate([table] * 40)
    by_kind, one_by_one = (
        agreement_coefficients(many, categories=list(range(size))).loc[statistic, [*FIGURES, "n"]]
        for size in (5, 1_000)
    )
    assert same(by_kind.astype(float), one_by_one.astype(float))
