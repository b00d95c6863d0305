"""Errors by bins: the authors' figures, a bootstrap by brute force, and cases small enough to check by hand."""

import math

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from hitl_notebook.errors import BadColumn, UnknownChoice
from hitl_notebook.metrics import (
    classwise_calibration_error,
    debiased_calibration_error,
    expected_calibration_error,
    maximum_calibration_error,
    reliability,
)

BY_BINS = [expected_calibration_error, maximum_calibration_error, debiased_calibration_error]

# 4 items at 0.75, 2 right: gap 0.25; 2 items at 0.3, none right: gap 0.3
HAND = [0.75] * 4 + [0.3] * 2, [True, True, False, False, False, False]


ROUNDED = 1.006  # a note has three digits


def bound_in(note):
    """What a calibrated model shows by chance."""
    return float(note.split("up to ")[1].split(" ")[0])


def test_the_errors_by_hand():
    assert expected_calibration_error(*HAND).value == pytest.approx((4 * 0.25 + 2 * 0.3) / 6)
    assert expected_calibration_error(*HAND, norm="l2").value == pytest.approx(math.sqrt((4 * 0.0625 + 2 * 0.09) / 6))
    assert maximum_calibration_error(*HAND).value == pytest.approx(0.3)
    # less 1/2 * 1/2 / 3 of the first bin; the second has no variance
    squared = (4 * (0.0625 - 1 / 12) + 2 * 0.09) / 6
    assert debiased_calibration_error(*HAND, strategy="uniform").value == pytest.approx(math.sqrt(squared))


def test_a_weight_counts_as_so_many_items():
    once, twice = (
        expected_calibration_error(*HAND, [1] * 4 + [3] * 2),
        expected_calibration_error(HAND[0] + [0.3] * 4, HAND[1] + [False] * 4),
    )
    assert once.value == pytest.approx(twice.value)
    assert once.note.count("unweighted") == 0


@pytest.mark.parametrize(("n_bins", "squared"), [(10, 0.003416154881362281), (20, 0.0004805076058353852)])
def test_the_debiased_error_is_that_of_its_authors_code(n_bins, squared):
    # The package uncertainty-calibration (Kumar, Liang and Ma 2019): unbiased_square_ce(bin(data, get_equal_bins(...)))
    number = np.arange(1, 401)
    confidence = number * 0.6180339887498949 % 1
    agreed = number * 0.7548776662466927 % 1 < confidence**1.4
    estimate = debiased_calibration_error(confidence, agreed, n_bins=n_bins)
    assert estimate.value**2 == pytest.approx(squared, rel=1e-9)


def row_by_row(confidence, agreed, weight, n_bins):
    """The errors of Guo et al. (2017) and Kumar et al. (2019) as they write them, a weight being a part of the rows."""
    total, shares, gaps, variances = sum(weight), [], [], []
    for number in range(n_bins):
        low, high = number / n_bins, (number + 1) / n_bins
        rows = [row for row, c in enumerate(confidence) if low < c <= high or c == low == 0]
        if not rows:
            continue
        mass = sum(weight[row] for row in rows)
        rate = sum(weight[row] * agreed[row] for row in rows) / mass
        said = sum(weight[row] * confidence[row] for row in rows) / mass
        in_effect = mass**2 / sum(weight[row] ** 2 for row in rows)
        shares.append(mass / total)
        gaps.append(rate - said)
        variances.append(rate * (1 - rate) / (in_effect - 1) if len(rows) > 1 else math.nan)
    return {
        "l1": sum(share * abs(gap) for share, gap in zip(shares, gaps, strict=True)),
        "l2": math.sqrt(sum(share * gap**2 for share, gap in zip(shares, gaps, strict=True))),
        "largest": max(map(abs, gaps)),
        "unbiased square": sum(s * (g**2 - v) for s, g, v in zip(shares, gaps, variances, strict=True)),
    }


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
def test_every_error_by_bins_is_that_of_its_formula_row_by_row(weighted):
    # Eighths: edges that are exact, and many confidences on them, 0 and 1 among these.
    rng = np.random.default_rng(17)
    confidence = np.concatenate([rng.random(200), rng.integers(0, 9, 100) / 8])
    agreed = rng.random(300) < 0.8 * confidence
    weight = rng.uniform(0.2, 5, 300) if weighted else None
    by_hand = row_by_row(confidence, agreed, np.ones(300) if weight is None else weight, 8)
    rows, options = (confidence, agreed, weight), {"n_bins": 8}
    assert expected_calibration_error(*rows, **options).value == pytest.approx(by_hand["l1"])
    assert expected_calibration_error(*rows, norm="l2", **options).value == pytest.approx(by_hand["l2"])
    assert maximum_calibration_error(*rows, **options).value == pytest.approx(by_hand["largest"])
    unbiased = debiased_calibration_error(*rows, strategy="uniform", **options).value ** 2
    assert by_hand["unbiased square"] > 0 and unbiased == pytest.approx(by_hand["unbiased square"])


def test_a_weighted_debiased_error_by_hand():
    # Weights 1, 1, 2: half agree by weight, gap 0.3; 4^2 / 6 = 8/3 in effect, and 1/4 / (8/3 - 1) = 0.15 taken off.
    estimate = debiased_calibration_error([0.8] * 3, [True, True, False], [1, 1, 2])
    assert estimate.value == 0 and estimate.note.startswith("0: chance alone")
    # Four times over: 32/3 in effect, 1/4 / (32/3 - 1) = 0.75/29.
    estimate = debiased_calibration_error([0.8] * 12, [True, True, False] * 4, [1, 1, 2] * 4)
    assert estimate.value**2 == pytest.approx(0.09 - 0.75 / 29)
    in_another_unit = debiased_calibration_error([0.8] * 12, [True, True, False] * 4, [10, 10, 20] * 4)
    assert in_another_unit.value == pytest.approx(estimate.value)


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.booleans(), st.floats(1, 2)), min_size=2, max_size=30),
    st.sampled_from(["uniform", "quantile"]),
)
def test_the_norms_are_ordered_and_the_table_has_the_same_gaps(rows, strategy):
    confidence, agreed, weight = map(list, zip(*rows, strict=True))
    options = {"strategy": strategy, "n_bins": 5}
    l1 = expected_calibration_error(confidence, agreed, weight, **options)
    l2 = expected_calibration_error(confidence, agreed, weight, norm="l2", **options)
    largest = maximum_calibration_error(confidence, agreed, weight, **options)
    assert 0 <= l1.value <= l2.value + 1e-12 <= largest.value + 2e-12 <= 1 + 3e-12
    assert 0 <= l1.low <= l1.high <= 1 and largest.low <= largest.value + 1e-12
    table = reliability(confidence, agreed, weight, **options)
    assert largest.value == pytest.approx(table["gap"].abs().max())


@pytest.mark.parametrize("n", [400, 3_000])
def test_the_interval_is_that_of_a_bootstrap_by_brute_force(n):
    # 3,000 items are dealt into groups, 400 are not; the model is plainly off, so that the interval is not cut at 0.
    rng = np.random.default_rng(2)
    confidence = rng.random(n)
    agreed = rng.random(n) < 0.6 * confidence
    estimate = expected_calibration_error(confidence, agreed)
    replicates = []
    for _ in range(400):
        drawn = rng.integers(n, size=n)
        table = reliability(confidence[drawn], agreed[drawn])
        replicates.append((table["gap"].abs() * table["n"]).sum() / n)
    below, above = np.quantile(replicates, [0.025, 0.975])
    width = above - below
    assert estimate.low == pytest.approx(2 * estimate.value - above, abs=0.2 * width)
    assert estimate.high == pytest.approx(2 * estimate.value - below, abs=0.2 * width)


def test_a_calibrated_model_has_an_interval_from_0_and_a_bound_on_what_chance_shows():
    rng = np.random.default_rng(4)
    confidence = rng.random(300)
    estimate = expected_calibration_error(confidence, rng.random(300) < confidence)
    assert estimate.value > 0 and estimate.low == 0
    assert estimate.note.startswith("a perfectly calibrated model shows up to 0.0")


@pytest.mark.parametrize("n", [20, 500, 3_000])
@pytest.mark.parametrize("spread", [0, 1], ids=["plain", "weighted"])
@pytest.mark.parametrize("near_1", [False, True], ids=["spread", "near 1"])
def test_the_bound_on_chance_is_what_calibrated_models_exceed_in_one_of_forty_samples(n, spread, near_1):
    rng = np.random.default_rng(8)
    confidence = 1 - 10 ** -rng.uniform(1, 3, n) if near_1 else rng.random(n)
    weight = rng.lognormal(0, spread, n)
    bound = bound_in(expected_calibration_error(confidence, confidence > 0.5, weight).note)
    shown = []
    for _ in range(1_000):
        agreed = rng.random(n) < confidence
        gap = np.bincount((confidence * 10).astype(int), weight * (agreed - confidence))
        shown.append(np.abs(gap).sum() / weight.sum())
    # Of few items near 1 there are few figures to show, and fewer models above the bound.
    assert (0 if near_1 and n < 100 else 0.01) <= np.mean(np.array(shown) > bound * ROUNDED) < 0.045


@pytest.mark.parametrize("norm", ["l1", "l2"])
@pytest.mark.parametrize("weight", [None, [1], [1000]])
def test_the_bound_on_chance_is_a_figure_that_such_items_can_show(norm, weight):
    # One item at 0.9 is right, with a gap of 0.1, or wrong, with one of 0.9; which is so in 1 of 10.
    assert bound_in(expected_calibration_error([0.9], [True], weight, norm=norm).note) == 0.9
    assert bound_in(expected_calibration_error([0.5], [True], weight, norm=norm).note) == 0.5
    # Three classes at 1/3: one is off by 2/3 and two by 1/3, whichever it is; not all by 2/3.
    classes = classwise_calibration_error([[1 / 3] * 3], [0], weight, norm=norm)
    assert classes.value == pytest.approx(4 / 9) and bound_in(classes.note) == 0.444


def test_the_bound_minds_weights_as_they_are():
    # By weight nearly all is one item at 0.9. Of two at 0.5, whatever they weigh, both right is off by 0.5.
    assert bound_in(expected_calibration_error([0.9, 0.2], [True, False], [1e6, 1]).note) == pytest.approx(0.9)
    assert bound_in(expected_calibration_error([0.5, 0.5], [True, False], [1, 3]).note) == 0.5


def test_a_model_that_is_as_far_off_as_the_bound_may_be_calibrated():
    estimate = expected_calibration_error([0.5] * 3, [True] * 3)  # one of eight calibrated models is as far off above
    assert estimate.value == bound_in(estimate.note) == 0.5
    assert estimate.low == 0


@pytest.mark.parametrize("n", [50, 1_200])
def test_the_bound_on_several_classes_is_what_calibrated_models_seldom_exceed(n):
    rng = np.random.default_rng(22)
    probabilities = rng.dirichlet([0.5] * 4, n)
    bound = bound_in(classwise_calibration_error(probabilities, np.zeros(n)).note)
    place = (probabilities * 10).astype(int) + 10 * np.arange(4)
    shown = []
    for _ in range(1_000):
        value = (rng.random(n)[:, None] > np.cumsum(probabilities, axis=1)).sum(axis=1).clip(max=3)
        gap = np.bincount(place.ravel(), (np.eye(4)[value] - probabilities).ravel())
        shown.append(np.abs(gap).sum() / n / 4)
    # Of more than 1,000 items the classes are taken as moving together.
    assert (0.01 if n <= 1_000 else 0) <= np.mean(np.array(shown) > bound * ROUNDED) < 0.045


@pytest.mark.parametrize("right", [0, 30])
def test_the_largest_gap_has_the_exact_interval_of_its_bin_where_there_is_one_bin(right):
    estimate = maximum_calibration_error([0.95] * 40, [True] * right + [False] * (40 - right))
    low, high = proportion_confint(right, 40, method="beta")
    assert (estimate.low, estimate.high) == pytest.approx((0.95 - high, 0.95 - low))


def test_equal_seeds_give_equal_intervals():
    assert expected_calibration_error(*HAND, seed=3) == expected_calibration_error(*HAND, seed=3)


@pytest.mark.parametrize("figure", BY_BINS)
def test_nothing_reviewed_yet_is_nan_and_says_why(figure):
    for rows in (([], []), ([0.5], [None]), ([0.5], [True], [0])):
        estimate = figure(*rows)
        assert math.isnan(estimate.value)
        assert estimate.note.startswith("no item carries ")


def test_one_verdict_has_no_interval_and_no_debiased_value():
    estimate = expected_calibration_error([0.7], [True])
    assert estimate.value == pytest.approx(0.3) and math.isnan(estimate.high)
    assert "one verdict has no interval" in estimate.note
    alone = debiased_calibration_error([0.1, 0.9], [True, True], strategy="uniform")
    assert math.isnan(alone.value) and alone.note.startswith("no bin has two items")


def test_a_debiased_square_below_0_is_0_and_says_so():
    estimate = debiased_calibration_error([0.5] * 4, [True, True, False, False])
    assert (estimate.value, estimate.low) == (0, 0)
    assert estimate.note.startswith("0: chance alone")


def test_an_unknown_norm_is_refused():
    with pytest.raises(UnknownChoice, match="l1 or l2"):
        expected_calibration_error(*HAND, norm="max")
    for nothing in ((expected_calibration_error, []), (classwise_calibration_error, np.empty((0, 2)))):
        with pytest.raises(UnknownChoice, match="l1 or l2"):
            nothing[0](nothing[1], [], norm="max")
        with pytest.raises(UnknownChoice, match="uniform or quantile"):
            nothing[0](nothing[1], [], strategy="wide")


def test_the_classwise_error_is_the_mean_over_classes():
    probabilities = pd.DataFrame({"a": [0.7, 0.7, 0.2, 0.2], "b": [0.3, 0.3, 0.3, 0.3], "c": [0.0, 0.0, 0.5, 0.5]})
    # a: |1 - 0.7| and |0 - 0.2| in halves; b: |1/4 - 0.3|; c: 0 and |1/2 - 0.5|
    estimate = classwise_calibration_error(probabilities, ["a", "a", "b", "c"])
    assert estimate.value == pytest.approx(((0.3 + 0.2) / 2 + 0.05 + 0) / 3)
    as_array = classwise_calibration_error(probabilities.to_numpy(), [0, 0, 1, 2])
    assert as_array.value == pytest.approx(estimate.value)
    named = classwise_calibration_error(probabilities.to_numpy(), ["a", "a", "b", "c"], classes=["a", "b", "c"])
    assert named == estimate


HAM_AND_SPAM = {"ham": [0.75] * 4, "spam": [0.25] * 4}


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame, pa.table])
def test_columns_that_are_named_for_the_classes_are_taken_by_their_names(frame):
    value = ["ham", "ham", "ham", "spam"]
    assert classwise_calibration_error(frame(HAM_AND_SPAM), value).value == 0
    assert classwise_calibration_error(frame(HAM_AND_SPAM), value, classes=["spam", "ham"]).value == 0
    with_others = classwise_calibration_error(frame({"p": [0.75] * 4, "q": [0.25] * 4}), value, classes=["spam", "ham"])
    assert with_others.value == 0.5
    numbered = frame({"0": [0.75] * 4, "1": [0.25] * 4})
    assert classwise_calibration_error(numbered, [0, 0, 0, 1], classes=[1, 0]).value == 0


def test_a_frame_without_names_has_its_columns_in_the_order_of_the_classes():
    unnamed = pd.DataFrame([[0.75, 0.25]] * 4)
    assert classwise_calibration_error(unnamed, [1, 1, 1, 0], classes=[1, 0]).value == 0


def test_columns_that_are_named_for_some_of_the_classes_only_are_refused():
    with pytest.raises(BadColumn, match="some of the classes"):
        classwise_calibration_error(pd.DataFrame(HAM_AND_SPAM), ["ham"] * 4, classes=["spam", "eggs"])


def test_a_table_of_another_library_may_have_gaps():
    gap = pl.DataFrame({"ham": [0.75, None], "spam": [0.25, 0.5]})
    estimate = classwise_calibration_error(gap, ["ham", "ham"])
    assert estimate.n == 1 and "1 of 2 without a confidence" in estimate.note


@pytest.mark.parametrize("classes", [[("a",), ("a", "b")], [("a", "b"), ("b", "c")], [True, False]])
def test_a_class_may_be_a_set_of_labels(classes):
    value = [classes[0]] * 3 + [classes[1], None]
    assert classwise_calibration_error([[0.75, 0.25]] * 5, value, classes=classes).value == 0


@pytest.mark.parametrize("norm", ["l1", "l2"])
@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
def test_the_classwise_error_is_that_of_its_formula_row_by_row(norm, weighted):
    # Kull et al. (2019): each class against the rest, in bins of its own, and the mean over classes.
    rng = np.random.default_rng(18)
    probabilities = rng.dirichlet([0.3, 0.5, 2], size=300)
    probabilities[:20] = np.eye(3)[rng.integers(0, 3, 20)]  # 0 and 1, the outermost edges
    value = (rng.random(300)[:, None] > np.cumsum(probabilities**1.3, axis=1)).sum(axis=1).clip(max=2)
    weight = rng.uniform(0.2, 5, 300) if weighted else None
    each = [
        row_by_row(probabilities[:, number], value == number, np.ones(300) if weight is None else weight, 8)[norm]
        for number in range(3)
    ]
    estimate = classwise_calibration_error(probabilities, value, weight, n_bins=8, norm=norm)
    assert estimate.value == pytest.approx(np.mean(each))


def test_a_weight_of_the_classwise_error_by_hand():
    # Both classes at 0.5; of weights 3 and 1 three quarters are of the first: both are off by 1/4, by items by nothing.
    rows = [[0.5, 0.5]] * 2, ["a", "b"]
    assert classwise_calibration_error(*rows, [3, 1], classes=["a", "b"]).value == pytest.approx(0.25)
    assert classwise_calibration_error(*rows, classes=["a", "b"]).value == 0
    assert classwise_calibration_error(*rows, [1, 0], classes=["a", "b"]).n == 1


def test_certainty_lands_in_the_last_bin_and_impossibility_in_the_first():
    # a: two at 1, one of them a; b: two at 0, one of them b. Gaps of 1/2 each, in the outermost bins.
    estimate = classwise_calibration_error([[1.0, 0.0], [1.0, 0.0]], [0, 1])
    assert (estimate.value, estimate.n) == (0.5, 2)
    assert maximum_calibration_error([1.0, 1.0, 0.0], [True, False, True]).value == 1


@settings(max_examples=30)
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=2, max_size=30))
def test_two_classes_have_the_error_of_one_in_bins_that_mirror(rows):
    # One bin: the gaps of both classes are the same but for their sign. What chance does is drawn for each by itself,
    # and with it whether the interval begins at 0.
    p, first = map(np.array, zip(*rows, strict=True))
    both = classwise_calibration_error(np.column_stack([p, 1 - p]), np.where(first, 0, 1), n_bins=1)
    one = expected_calibration_error(p, first, n_bins=1)
    assert (both.value, both.high) == pytest.approx((one.value, one.high), abs=0.02)


def test_rows_without_value_or_probability_are_left_out_and_counted():
    probabilities = [[0.5, 0.5], [0.9, 0.1], [None, 0.2]]
    estimate = classwise_calibration_error(probabilities, [0, None, 1])
    assert (estimate.n, estimate.value) == (1, 0.5)
    assert estimate.note.count("1 of 3") == 2


@pytest.mark.parametrize(
    ("probabilities", "value", "classes", "says"),
    [
        ([[0.5, 0.5]], ["c"], ["a", "b"], "row 0 has 'c'"),
        ([[0.5, 0.5]], ["a"], ["a"], "a column for each class"),
        ([[0.5, 0.5]], ["a"], ["a", "a"], "a column for each class"),
        ([[0.5, 0.5]], ["a", "b"], ["a", "b"], "1 rows and value 2"),
        ([[0.5, 0.5]], np.array([["a"]]), ["a", "b"], "give one column"),
        ([[0.5, 0.5]], [["a"]], ["a", "b"], "value is one column of classes"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(probabilities, value, classes, says):
    with pytest.raises(BadColumn, match=says):
        classwise_calibration_error(probabilities, value, classes=classes)


def test_no_values_yet_is_nan_for_classes_too():
    assert math.isnan(classwise_calibration_error(np.empty((0, 2)), []).value)
    assert math.isnan(classwise_calibration_error([[0.5, 0.5]], [None]).value)


def test_a_debiased_error_that_rests_on_one_item_by_weight_has_no_interval():
    estimate = debiased_calibration_error([0.8] * 3, [True, False, True], [1e9, 1, 1])
    assert math.isnan(estimate.low) and math.isnan(estimate.high)
    assert estimate.note.startswith(("the weights leave one", "0: chance"))
