"""Agreement in cases small enough to follow by hand, and where there is nothing to compute."""

import math
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from hitl_notebook.errors import BadFrame, InvalidValue, UnknownChoice
from hitl_notebook.metrics import (
    agreement_coefficients,
    brennan_prediger,
    cohen_kappa,
    conger_kappa,
    fleiss_kappa,
    gwet_ac1,
    gwet_ac2,
    jaccard_distance,
    krippendorff_alpha,
    masi_distance,
    percent_agreement,
    scott_pi,
)

MANY = [percent_agreement, fleiss_kappa, conger_kappa, krippendorff_alpha, gwet_ac1, brennan_prediger]
CORRECTED = MANY[1:]
CORRECTED_OF_TWO = [cohen_kappa, scott_pi]
HAM = ["ham", "spam"]


def test_kappa_is_zero_when_agreement_is_what_chance_would_give():
    # each says "ham" half the time, they agree on 2 of 4: p_o = 1/2, p_e = 1/2
    ada, bo = ["ham", "ham", "spam", "spam"], ["ham", "spam", "ham", "spam"]
    assert cohen_kappa(ada, bo).value == 0
    assert scott_pi(ada, bo).value == 0


def test_items_of_many_ratings_count_as_much_as_items_of_two():
    # 1 of 1 pair agrees, 1 of 3 pairs agrees: (1 + 1/3) / 2 over items, not 2 of 4 over pairs
    assert percent_agreement([["ham", "ham", None], ["ham", "ham", "spam"]]).value == pytest.approx(2 / 3)


def test_an_item_with_one_rating_has_a_say_in_fleiss_chance_and_none_in_alphas():
    pairs = [["ham", "ham"], ["spam", "spam"], ["ham", "spam"]]
    with_single = [*pairs, ["spam", None]]
    # spam: 0, 1, 1/2 and 1 of four items, 5/8: chance differs 2 * 5/8 * 3/8 = 30/64; 1 - (1/3) / (30/64)
    assert fleiss_kappa(with_single).value == pytest.approx(1 - (1 / 3) * 64 / 30)
    assert krippendorff_alpha(with_single).value == krippendorff_alpha(pairs).value


@pytest.mark.parametrize("gap", [None, float("nan"), np.nan, pd.NA, pd.NaT, Decimal("NaN")])
def test_a_gap_is_a_gap_whatever_it_is_made_of(gap):
    table = pd.DataFrame({"ada": ["ham", "spam", "ham"], "bo": ["ham", "spam", gap]}, dtype=object)
    estimate = percent_agreement(table)
    assert (estimate.value, estimate.n) == (1, 2)


@pytest.mark.parametrize("kind", ["Int64", "float64", "category", "string", object])
def test_columns_may_be_of_any_dtype(kind):
    values = [1, 2, None, 2] if kind in ("Int64", "float64") else ["1", "2", None, "2"]
    table = pd.DataFrame({"ada": pd.Series(values, dtype=kind), "bo": pd.Series(values[::-1], dtype=kind)})
    # rows (1, 2), (2, gap), (gap, 2), (2, 1): two are rated by both, none agreed
    assert (percent_agreement(table).value, percent_agreement(table).n) == (0, 2)


@pytest.mark.parametrize(
    "numbers", [np.array([-128, 127, -128], dtype=np.int8), [2**62, 2**62 + 1, 2**62], [7, 9, 7], [-1, 0, -1]]
)
def test_integers_may_lie_close_together_or_far_apart(numbers):
    # of (low, low), (high, low), (low, high) one in three agrees; each says high once in three: 1/3 - 5/9 over 4/9
    a = np.array(numbers)
    b = a[[0, 2, 1]]
    estimate = cohen_kappa(a, b)
    assert estimate.value == pytest.approx(-1 / 2)
    assert estimate.value == cohen_kappa(a.astype(str), b.astype(str)).value


@pytest.mark.parametrize(("no", "yes"), [(0, 1), (False, True), ("", "x")])
def test_zero_false_and_the_empty_string_are_categories(no, yes):
    table = [[no, no], [yes, yes], [no, yes]]
    # 2 of 3 agree, half are of each: (2/3 - 1/2) / (1/2)
    for statistic in (fleiss_kappa, gwet_ac1, brennan_prediger):
        assert statistic(table).value == pytest.approx(1 / 3)
        assert statistic(table).n == 3


@pytest.mark.parametrize("statistic", MANY)
@pytest.mark.parametrize(
    ("table", "why"),
    [
        ([], "nothing has been rated"),
        ([[None, None], [None, None]], "nothing has been rated"),
        ([["ham"], ["spam"]], "no item has ratings of two reviewers"),
        ([["ham", None], [None, "spam"]], "no item has ratings of two reviewers"),
    ],
)
def test_nothing_to_compare_is_nan_and_says_why(statistic, table, why):
    estimate = statistic(table, categories=HAM)
    assert math.isnan(estimate.value)
    assert estimate.note.startswith(why)
    assert estimate.method


@pytest.mark.parametrize("statistic", CORRECTED)
def test_one_category_is_nan_the_same_way_for_every_coefficient(statistic):
    estimate = statistic([["ham", "ham"]] * 5)
    assert math.isnan(estimate.value)
    assert estimate.n == 5
    assert "one category only" in estimate.note


def test_one_category_used_of_two_is_all_chance_to_kappa_and_none_to_ac1():
    table = [["ham", "ham"]] * 5
    for statistic in (fleiss_kappa, conger_kappa, krippendorff_alpha):
        estimate = statistic(table, categories=HAM)
        assert math.isnan(estimate.value)
        assert estimate.note.startswith("one category was used only")
    assert math.isnan(cohen_kappa(*zip(*table, strict=True), categories=HAM).value)
    assert gwet_ac1(table, categories=HAM).value == 1
    assert brennan_prediger(table, categories=HAM).value == 1


@pytest.mark.parametrize(("a", "b"), [([], []), (["ham"], [None]), ([None, "ham"], ["ham", None])])
def test_two_reviewers_without_an_item_in_common_have_no_kappa(a, b):
    for statistic in (cohen_kappa, scott_pi):
        estimate = statistic(a, b)
        assert (math.isnan(estimate.value), estimate.n) == (True, 0)
        assert estimate.note


def test_a_share_has_no_interval_below_zero():
    # 1 of 2 items agrees, standard error 1/2, t(1) = 12.7
    estimate = percent_agreement([["ham", "ham"], ["ham", "spam"]])
    assert (estimate.low, estimate.value, estimate.high, estimate.standard_error) == (0, 0.5, 1, 0.5)


def test_one_item_has_a_value_and_no_standard_error():
    estimate = gwet_ac1([["ham", "spam"]], categories=HAM)
    assert estimate.value == -1
    assert math.isnan(estimate.standard_error)
    assert math.isnan(estimate.low)
    assert math.isnan(estimate.high)
    assert estimate.note == "one item has no standard error"


@pytest.mark.parametrize(
    "statistic", [cohen_kappa, scott_pi, *(lambda a, b, of=of: of([[*a, *b]]) for of in CORRECTED)]
)
def test_two_who_differ_on_one_item_have_no_interval_whatever_the_coefficient(statistic):
    estimate = statistic(["ham"], ["spam"])
    assert all(map(math.isnan, (estimate.standard_error, estimate.low, estimate.high)))
    assert "one item has no standard error" in estimate.note


@pytest.mark.parametrize("a", [["ham", "spam"] * 50, ["spam"] * 100], ids=["both", "the other"])
def test_a_reviewer_who_says_one_thing_only_makes_kappa_zero_and_leaves_it_without_an_interval(a):
    # They agree where ada says ham, and so they would by chance.
    bo = ["ham"] * 100
    for estimate in (cohen_kappa(a, bo), conger_kappa(list(zip(a, bo, strict=True)))):
        assert estimate.value == 0
        assert all(map(math.isnan, (estimate.standard_error, estimate.low, estimate.high)))
        assert "one of the two reviewers used one category only, by which it is 0 whatever" in estimate.note
        assert "alike" not in estimate.note


def test_all_reviewers_but_one_who_say_one_thing_only_make_congers_kappa_zero():
    estimate = conger_kappa([["ham", "ham", "spam"], ["spam", "ham", "spam"]] * 20)
    assert (estimate.value, math.isnan(estimate.low)) == (pytest.approx(0), True)
    assert "all reviewers but one used one category only" in estimate.note


def test_habits_are_no_part_of_other_coefficients_which_keep_their_intervals():
    a, b = ["ham", "spam"] * 50, ["ham"] * 100
    # 1/2 agree, a quarter is spam: chance 5/8
    estimate = scott_pi(a, b)
    assert estimate.value == pytest.approx((1 / 2 - 5 / 8) / (3 / 8))
    assert estimate.low < estimate.value < estimate.high
    assert "whatever" not in estimate.note


def test_a_reviewer_whose_categories_the_weights_take_for_one_leaves_no_interval_either():
    alike = [[1, 1, 0], [1, 1, 0], [0, 0, 1]]
    estimate = cohen_kappa(["x", "y", "z"] * 20, ["x", "y", "y"] * 20, weights=alike)
    assert (estimate.value, math.isnan(estimate.low)) == (pytest.approx(0), True)
    assert "its standard error is 0 although the items are not alike: no interval" in estimate.note


def test_intervals_end_where_the_coefficient_does():
    # nine of ten differ: all intervals would reach below -1
    a, b = ["x", "y"] * 5, ["y", "x"] * 4 + ["y", "y"]
    table = list(zip(a, b, strict=True))
    for estimate in (cohen_kappa(a, b), scott_pi(a, b), *(of(table) for of in CORRECTED)):
        assert -1 <= estimate.low < estimate.value < estimate.high, estimate.method
        assert estimate.low == -1
    # AC1 and Brennan-Prediger of five categories: 1 - 1 / (4/5)
    five = [*zip("vwxyz", "wxyzv", strict=True), ("v", "v")]
    for statistic in (gwet_ac1, brennan_prediger):
        assert statistic(five).low == pytest.approx(-1 / 4)


def test_the_smallest_value_is_nearer_to_zero_the_more_ratings_each_item_has():
    # Three who all differ: chance 2/3, 1 - 1 / (2/3)
    estimate = fleiss_kappa([["x", "y", "z"], ["y", "z", "x"], ["x", "x", "y"]])
    assert estimate.low == pytest.approx(-1 / 2)
    assert fleiss_kappa([["x", "y", "z"]] * 5).value == pytest.approx(-1 / 2)
    for statistic in (conger_kappa, krippendorff_alpha):
        assert statistic([["x", "y", "z"], ["y", "z", "x"], ["x", "x", "y"]]).low == pytest.approx(-1 / 2)


def test_items_with_one_rating_let_fleiss_kappa_be_lower_than_without():
    # One item of three differs and the others are all x: chance 2 * 1/6 * 5/6, 1 - 1 / (10/36); at least 1 - 3 * 2
    estimate = fleiss_kappa([["x", "y"], ["x", None], ["x", None]], level=0.99)
    assert (estimate.value, estimate.low) == (pytest.approx(-2.6), pytest.approx(-5))


def test_distances_without_a_smallest_value_are_not_cut():
    # x and y are far apart, and both next to z: that is no place for three points.
    weights = [[1, 0, 1], [0, 1, 1], [1, 1, 1]]
    table = [["x", "y"], ["y", "x"], *[["z", "z"]] * 8]
    # 2 of 10 differ, chance 2 * 1/10 * 1/10
    for estimate in (scott_pi(*zip(*table, strict=True), weights=weights), fleiss_kappa(table, weights=weights)):
        assert estimate.value == pytest.approx(1 - 0.2 / 0.02)
        assert estimate.low < estimate.value


def test_perfect_agreement_has_an_interval_without_width_and_says_so():
    estimate = fleiss_kappa([["ham", "ham"], ["spam", "spam"], ["spam", "spam"]])
    assert (estimate.low, estimate.value, estimate.high) == (1, 1, 1)
    assert "no certainty" in estimate.note


def test_the_kappa_paradox_is_named_with_prevalence_and_bias():
    # Feinstein and Cicchetti (1990): of 100, 80 both yes, 5 both no, 10 and 5 split. p_o = 0.85, kappa = 0.32.
    # prevalence index (80 - 5) / 100, bias index (10 - 5) / 100 (Byrt 1993); PABAK = 2 * 0.85 - 1
    a = ["yes"] * 90 + ["no"] * 10
    b = ["yes"] * 80 + ["no"] * 10 + ["yes"] * 5 + ["no"] * 5
    estimate = cohen_kappa(a, b)
    assert estimate.value == pytest.approx((0.85 - (0.9 * 0.85 + 0.1 * 0.15)) / 0.22)
    assert "kappa paradox: 0.85 of ratings agree, but 'yes' is 88% of them" in estimate.note
    assert estimate.note.endswith("evenly is 0.70, prevalence index 0.75, bias index 0.05")
    table = list(zip(a, b, strict=True))
    for other in (fleiss_kappa(table), conger_kappa(table), krippendorff_alpha(table)):
        assert "kappa paradox" in other.note


def two_of_a_hundred(both, first_only, second_only, neither):
    """What two said who said yes so many times both, alone, and not."""
    a = ["yes"] * (both + first_only) + ["no"] * (second_only + neither)
    b = ["yes"] * both + ["no"] * first_only + ["yes"] * second_only + ["no"] * neither
    return a, b


def test_the_second_kappa_paradox_is_named_where_unequal_habits_raise_kappa():
    # Feinstein and Cicchetti (1990): both pairs agree on 60 of 100. 45, 15, 25, 15: chance 0.54, kappa 0.13. With
    # 25, 35, 5, 35 one says yes 60 times and the other 30: chance 0.6 * 0.3 + 0.4 * 0.7 = 0.46, kappa 0.26.
    alike, unequal = two_of_a_hundred(45, 15, 25, 15), two_of_a_hundred(25, 35, 5, 35)
    assert cohen_kappa(*alike).value == pytest.approx(0.06 / 0.46)
    assert "second" not in cohen_kappa(*alike).note
    estimate = cohen_kappa(*unequal)
    assert estimate.value == pytest.approx(0.14 / 0.54)
    # Both together say yes 45 times of 100: chance 0.505, and 0.095 / 0.495 = 0.19, which is Scott's pi.
    assert scott_pi(*unequal).value == pytest.approx(0.095 / 0.495)
    assert estimate.note == (
        "second kappa paradox: 'no' is 40% to 70% of what each reviewer says, so that less would agree by chance, and "
        "the same agreement with the habits of all taken together is 0.19, bias index 0.30"
    )
    table = list(zip(*unequal, strict=True))
    assert "second kappa paradox" in conger_kappa(table).note
    for other in (fleiss_kappa(table), krippendorff_alpha(table), scott_pi(*unequal)):
        assert "second" not in other.note  # in these all have the same habits


def test_both_paradoxes_can_be_at_work():
    # one says yes 95 times, the other 70: of 71 that agree much is yes, and the habits are far apart
    note = cohen_kappa(*two_of_a_hundred(68, 27, 2, 3)).note
    first, second = note.split("; ")
    assert first.startswith("kappa paradox: 0.71 of ratings agree") and first.endswith("bias index 0.25")
    assert second.startswith("second kappa paradox: ") and second.endswith("bias index 0.25")


def test_a_paradox_can_be_taken_whole_from_a_note_with_other_parts():
    a, b = two_of_a_hundred(80, 10, 5, 5)
    table = [*zip(a, b, strict=True), ("yes", None), (None, None)]
    paradox, *rest = fleiss_kappa(table).note.split("; ")
    assert paradox.startswith("kappa paradox: 0.85") and paradox.endswith("prevalence index 0.75, bias index 0.05")
    assert len(rest) == 2  # one rating, none


def test_the_paradox_is_named_beside_a_reviewer_whose_items_nobody_else_rated():
    # alpha knows the second item only: its ratings are yes, yes, no
    estimate = krippendorff_alpha([["yes", None, None, None], [None, "yes", "yes", "no"]] * 40)
    assert "kappa paradox: 0.33 of ratings agree, but 'yes' is 67% of them" in estimate.note
    assert "bias index 1.00" in estimate.note


def test_no_paradox_is_named_where_both_categories_are_used():
    a = ["yes"] * 50 + ["no"] * 50
    b = ["yes"] * 43 + ["no"] * 7 + ["yes"] * 8 + ["no"] * 42
    assert cohen_kappa(a, b).note == ""


def test_ac1_and_brennan_prediger_depend_on_the_categories_declared_and_kappa_does_not():
    table = [["ham", "ham"], ["spam", "spam"], ["ham", "spam"]]
    three = ["ham", "spam", "eggs"]
    assert brennan_prediger(table).value == pytest.approx((2 / 3 - 1 / 2) / (1 - 1 / 2))
    assert brennan_prediger(table, categories=three).value == pytest.approx((2 / 3 - 1 / 3) / (1 - 1 / 3))
    # AC1: chance is (1/2 * 1/2 + 1/2 * 1/2) / (3 - 1) = 1/4
    assert gwet_ac1(table, categories=three).value == pytest.approx((2 / 3 - 1 / 4) / (1 - 1 / 4))
    assert "2 occur, none were declared" in gwet_ac1(table).note
    assert gwet_ac1(table, categories=three).note == ""
    for statistic in (fleiss_kappa, conger_kappa, krippendorff_alpha):
        assert statistic(table).value == statistic(table, categories=three).value


def test_the_order_of_a_scale_is_the_declared_one():
    table = [["low", "mid"], ["mid", "high"], ["high", "high"]]
    order = ["low", "mid", "high"]
    # neighbours agree by half: (1/2 + 1/2 + 1) / 3; by the alphabet high and mid would be two steps apart
    assert percent_agreement(table, categories=order, weights="linear").value == pytest.approx(2 / 3)
    assert krippendorff_alpha(table, "ordinal", categories=order).note == ""
    other_order = ["mid", "low", "high"]
    assert percent_agreement(table, categories=other_order, weights="linear").value == pytest.approx(1 / 2)


SCALES = [
    *(lambda table, of=of, **more: of(table, weights="linear", **more) for of in MANY),
    *(lambda table, of=of, **more: of(*zip(*table, strict=True), weights="ratio", **more) for of in CORRECTED_OF_TWO),
    lambda table, **more: gwet_ac2(table, weights="ordinal", **more),
    lambda table, **more: krippendorff_alpha(table, "ordinal", **more),
]


@pytest.mark.parametrize("statistic", SCALES)
def test_a_scale_of_text_that_was_not_declared_is_nan_and_says_what_to_pass(statistic):
    table = [["low", "mid"], ["mid", "high"], ["high", "high"], ["low", "low"]]
    estimate = statistic(table)
    assert (math.isnan(estimate.value), math.isnan(estimate.low), estimate.n) == (True, True, 4)
    assert estimate.note == "a scale has an order, which 'high' does not tell: pass categories= in their order"
    assert not math.isnan(statistic(table, categories=["low", "mid", "high"]).value)


@pytest.mark.parametrize("statistic", SCALES)
def test_numbers_have_an_order_of_their_own(statistic):
    estimate = statistic([[1, 2], [2, 3], [3, 3], [1, 1]])
    assert not math.isnan(estimate.value)
    assert "declare categories= in their order" in estimate.note


def test_a_table_of_all_coefficients_on_a_scale_that_was_not_declared_is_nan():
    table = agreement_coefficients([["low", "mid"], ["mid", "mid"]], weights="quadratic")
    assert table["value"].isna().all()
    assert table["note"].str.startswith("a scale has an order").all()


def test_a_matrix_of_weights_names_no_order_and_is_that_of_the_sorted_categories():
    estimate = percent_agreement([["low", "mid"]], weights=[[1, 0.25], [0.25, 1]])
    assert estimate.value == 0.25
    assert "sorted: declare categories=" in estimate.note


def test_ac1_with_weights_is_ac2_and_says_so():
    table = [[1, 1, 2], [2, 2, None], [3, 3, 3], [1, 3, 2]]
    one, other = (of(table, categories=[1, 2, 3], weights="linear") for of in (gwet_ac1, gwet_ac2))
    assert one == other
    assert one.method.startswith("Gwet's AC2 with linear weights")
    assert gwet_ac1(table, categories=[1, 2, 3]).method.startswith("Gwet's AC1,")


def test_ac2_without_weights_is_refused():
    with pytest.raises(UnknownChoice, match="take gwet_ac1"):
        gwet_ac2([[1, 2]], weights=None)


def test_weights_are_spaced_over_categories_that_nobody_used():
    # 1 and 2 of five steps agree by 3/4, of two steps by 0
    assert percent_agreement([[1, 2]], categories=[1, 2, 3, 4, 5], weights="linear").value == 0.75
    assert percent_agreement([[1, 2]], categories=[1, 2], weights="linear").value == 0


def test_numbers_are_apart_by_their_values_and_not_by_their_places():
    assert percent_agreement([[0, 1]], categories=[0, 1, 10], weights="linear").value == pytest.approx(0.9)


def test_weights_of_zero_between_different_categories_are_no_weights():
    table = [["ham", "ham"], ["spam", "ham"], ["spam", "spam"], ["spam", "spam"]]
    for statistic in (fleiss_kappa, conger_kappa, brennan_prediger, krippendorff_alpha):
        assert statistic(table, weights=np.eye(2)).value == pytest.approx(statistic(table).value)


def test_weights_that_set_nothing_apart_leave_nothing_to_compute():
    estimate = fleiss_kappa([["ham", "spam"], ["ham", "ham"]], categories=HAM, weights=np.ones((2, 2)))
    assert math.isnan(estimate.value)
    assert estimate.note.startswith("the weights set no two of the categories used apart")


@pytest.mark.parametrize(
    ("weights", "error", "said"),
    [
        ("cubic", UnknownChoice, "none of linear"),
        (np.zeros((2, 2)), InvalidValue, "1 on the diagonal"),
        (np.eye(3), InvalidValue, "2 by 2"),
        ([["a", "b"], ["b", "a"]], InvalidValue, "matrix of numbers"),
        ([[1, 0.5], [0.2, 1]], InvalidValue, "symmetric"),
        (pd.DataFrame(np.eye(2), [*"ab"], [*"ab"]), InvalidValue, "not named as the categories are"),
        ([[1, math.nan], [math.nan, 1]], InvalidValue, "from 0"),
        ([[1, 2], [2, 1]], InvalidValue, "from 0"),
    ],
)
def test_weights_that_are_none_are_refused(weights, error, said):
    with pytest.raises(error, match=said):
        gwet_ac2([["ham", "spam"]], weights=weights)


def test_a_table_of_weights_that_names_the_categories_is_read_by_their_names():
    names = ["low", "mid", "high"]  # sorted it is high, low, mid
    weights = pd.DataFrame([[1, 0.9, 0], [0.9, 1, 0], [0, 0, 1]], names, names)
    rated = [["low", "mid"], ["low", "mid"], ["high", "high"]]
    assert percent_agreement(rated, weights=weights).value == pytest.approx((0.9 + 0.9 + 1) / 3)
    by_place = pd.DataFrame(weights.to_numpy())
    assert percent_agreement(rated, weights=by_place, categories=names).value == pytest.approx((0.9 + 0.9 + 1) / 3)


def test_numbers_of_every_type_have_a_place_on_a_scale():
    plain = krippendorff_alpha([[1.5, 1.5], [2.0, 1.0]], "interval")
    decimals = krippendorff_alpha([[Decimal("1.5"), Decimal("1.5")], [Decimal(2), Decimal(1)]], "interval")
    assert decimals.value == pytest.approx(plain.value)
    with pytest.raises(InvalidValue, match="is none: is this scale ordinal"):
        krippendorff_alpha([[10**400, 1], [1, 1]], "interval")


def test_categories_may_be_a_column_of_any_library():
    assert percent_agreement([[1, 2], [3, 3]], categories=pa.array([1, 2, 3])).value == 0.5


@pytest.mark.parametrize(
    ("wrong", "error", "said"),
    [
        (lambda: fleiss_kappa([["ham", "eggs"]], categories=HAM), InvalidValue, "'eggs' is not among the 2"),
        (lambda: fleiss_kappa([["ham", "ham"]], categories=["ham", "ham"]), InvalidValue, "declared twice"),
        (lambda: fleiss_kappa([["ham", "ham"]], level=95), InvalidValue, "level is between 0 and 1"),
        (lambda: fleiss_kappa(np.zeros((2, 2, 2))), BadFrame, "items .rows. by reviewers"),
        (lambda: fleiss_kappa([[["a"], ["b"]]]), BadFrame, "tuples of labels"),
        (lambda: cohen_kappa(["ham"], ["ham", "spam"]), BadFrame, "1 and 2 ratings"),
        (lambda: cohen_kappa(pd.Series([1, 2]), pd.Series([1, 2], index=[1, 0])), BadFrame, "align them"),
        (lambda: krippendorff_alpha([["a", "b"]], "interval"), InvalidValue, "'a' is none"),
        (lambda: krippendorff_alpha([[-1, 1]], "ratio"), InvalidValue, "begins at 0"),
        (lambda: krippendorff_alpha([[1, 2]], "cardinal"), UnknownChoice, "nominal, ordinal"),
        (lambda: krippendorff_alpha([[1, 2]], "ordinal", weights="linear"), InvalidValue, "not both"),
        (lambda: krippendorff_alpha([[1, 2]], lambda a, b: -1), InvalidValue, "from 0 up"),
        (lambda: krippendorff_alpha([[1, 2]], lambda a, b: float("nan")), InvalidValue, "and 1 is nan"),
        (
            lambda: krippendorff_alpha([[1, 2]], lambda a, b: 1 / (1 + abs(a - b))),
            InvalidValue,
            "between 1 and 1 is 1.0",
        ),
        (
            lambda: krippendorff_alpha([[1, 2]], lambda a, b: max(b - a, 0)),
            InvalidValue,
            "from 2 to 1 is 0.0, and back",
        ),
        (lambda: krippendorff_alpha([[1, 2]], lambda a, b: b - a), InvalidValue, "between 2 and 1 is -1.0"),
        (lambda: jaccard_distance("ham", ("ham",)), InvalidValue, "'ham' is none"),
    ],
)
def test_what_cannot_be_meant_is_refused(wrong, error, said):
    with pytest.raises(error, match=said):
        wrong()


def test_intervals_of_numbers_of_any_size():
    # one of three items differs; of the 30 ordered pairs of six values 18 do: 1 - (1/3) / (18/30)
    small = 4 / 9
    assert krippendorff_alpha([[0, 1], [1, 1], [0, 0]], "interval").value == pytest.approx(small)
    assert krippendorff_alpha([[0, 1e200], [1e200, 1e200], [0, 0]], "interval").value == pytest.approx(small)
    assert krippendorff_alpha([[5, 6], [6, 6], [5, 5]], "interval").value == pytest.approx(small)
    assert krippendorff_alpha([[-1, 1], [1, 1], [-1, -1]], "interval").value == pytest.approx(small)


def test_distances_of_sets_of_labels_by_hand():
    # (a, b) and (b, c): 1 of 3 in both; MASI 1 - 1/3 * 1/3. (a) in (a, b): 1/2; 1 - 1/2 * 2/3. Nothing said: equal.
    assert jaccard_distance(("a", "b"), ("b", "c")) == pytest.approx(2 / 3)
    assert masi_distance(("a", "b"), ("b", "c")) == pytest.approx(8 / 9)
    assert masi_distance(("a",), ("b", "a")) == pytest.approx(2 / 3)
    assert jaccard_distance((), ()) == masi_distance([], set()) == 0
    assert jaccard_distance((), ("a",)) == masi_distance((), ("a",)) == 1


def test_all_coefficients_at_once_are_those_one_by_one():
    table = [[1, 1, 2], [2, 2, None], [3, 3, 3], [1, 3, 2], [2, None, None], [None] * 3]
    for weights in (None, "quadratic"):
        rows = agreement_coefficients(table, categories=[1, 2, 3, 4], weights=weights, level=0.9)
        assert list(rows.index[:4]) == ["percent_agreement", "fleiss_kappa", "conger_kappa", "krippendorff_alpha"]
        for statistic in (percent_agreement, fleiss_kappa, conger_kappa, krippendorff_alpha, brennan_prediger):
            estimate = statistic(table, categories=[1, 2, 3, 4], weights=weights, level=0.9)
            row = rows.loc[statistic.__name__]
            assert all(row[figure] == getattr(estimate, figure) for figure in rows.columns)
    assert "1 without ratings left out" in rows.loc["fleiss_kappa", "note"]


def test_the_table_is_left_as_it_was():
    table = pd.DataFrame({"ada": ["ham", None], "bo": ["ham", "spam"]})
    before = table.copy(deep=True)
    agreement_coefficients(table)
    pd.testing.assert_frame_equal(table, before)


def test_a_distance_reckoned_in_single_precision_is_one():
    # 1e-7 to itself, and 1e-7 more the one way than the other.
    def nearly(a, b):
        return abs(a - b) + (1e-7 if a <= b else 0)

    table = [[1, 1, 2], [2, 2, 3], [3, 3, 3]]
    exact = krippendorff_alpha(table, lambda a, b: abs(a - b))
    assert krippendorff_alpha(table, nearly).value == pytest.approx(exact.value, abs=1e-6)


def test_the_order_is_asked_both_ways_of_the_first_hundred_values():
    asked = []

    def apart(a, b):
        asked.append((a, b))
        return abs(a - b)

    krippendorff_alpha([[value, value + 1] for value in range(149)], apart)
    # Each of 150 with each below and with itself; of the first hundred the other way round too.
    assert len(asked) == 150 * 151 / 2 + 100 * 99 / 2
