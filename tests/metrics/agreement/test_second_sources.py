"""Agreement against independent implementations, and its standard errors against leaving out one item at a time."""

from functools import partial
from math import sqrt

import krippendorff
import numpy as np
import pytest
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import jaccard_distance as nltk_jaccard
from statsmodels.stats.inter_rater import aggregate_raters, to_table
from statsmodels.stats.inter_rater import cohens_kappa as statsmodels_cohen
from statsmodels.stats.inter_rater import fleiss_kappa as statsmodels_fleiss

from hitl_notebook.metrics import (
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
)

SCALE = [1, 2, 3, 4, 5]


def reviewed(seed: int, items: int, reviewers: int, gaps: float = 0.0) -> np.ndarray:
    """Ratings 1 to 5 around a truth of each item, NaN where there are gaps."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(1, 6, size=(items, 1))
    ratings = np.clip(
        truth + rng.integers(-1, 2, size=(items, reviewers)) * (rng.random((items, reviewers)) < 0.5), 1, 5
    )
    return np.where(rng.random(ratings.shape) < gaps, np.nan, ratings)


@pytest.mark.parametrize("level_of_measurement", ["nominal", "ordinal", "interval", "ratio"])
@pytest.mark.parametrize("gaps", [0.0, 0.4])
@pytest.mark.parametrize("reviewers", [4, 20])
def test_alpha_is_that_of_the_krippendorff_package(level_of_measurement, gaps, reviewers):
    # 20 reviewers of 5 categories: there pairs of categories are counted, as they are fewer than pairs of ratings.
    ratings = reviewed(3, 60, reviewers, gaps)
    theirs = krippendorff.alpha(reliability_data=ratings.T, level_of_measurement=level_of_measurement)
    assert krippendorff_alpha(ratings, level_of_measurement).value == pytest.approx(theirs, abs=1e-12)


def test_alpha_of_numbers_that_all_differ_is_that_of_the_krippendorff_package():
    rng = np.random.default_rng(4)
    ratings = rng.normal(size=(60, 1)) + rng.normal(size=(60, 3))
    for level_of_measurement in ("interval", "ordinal"):
        theirs = krippendorff.alpha(reliability_data=ratings.T, level_of_measurement=level_of_measurement)
        assert krippendorff_alpha(ratings, level_of_measurement).value == pytest.approx(theirs, abs=1e-10)


@pytest.mark.parametrize(("weights", "theirs"), [(None, None), ("linear", "linear"), ("quadratic", "quadratic")])
def test_cohens_kappa_is_that_of_statsmodels(weights, theirs):
    a, b = reviewed(5, 80, 2).T
    expected = statsmodels_cohen(to_table(np.column_stack([a, b]))[0], wt=theirs)
    ours = cohen_kappa(a, b, weights=weights)
    assert ours.value == pytest.approx(expected.kappa, abs=1e-12)
    assert ours.standard_error == pytest.approx(expected.std_kappa, abs=1e-12)
    assert ours.low == pytest.approx(expected.kappa_low, abs=1e-12)


def test_fleiss_kappa_is_that_of_statsmodels():
    ratings = reviewed(6, 50, 4)
    assert fleiss_kappa(ratings).value == pytest.approx(statsmodels_fleiss(aggregate_raters(ratings)[0]), abs=1e-12)


def label_sets(seed: int) -> list[list[tuple[str, ...] | None]]:
    rng = np.random.default_rng(seed)
    kinds = [(), ("a",), ("b",), ("a", "b"), ("b", "c"), ("a", "b", "c"), None]
    return [[kinds[rng.integers(7) if rng.random() < 0.5 else item % 6] for _ in range(3)] for item in range(40)]


def nltk_masi(first: frozenset, second: frozenset) -> float:
    # nltk's own has 0.67 and 0.33 for the thirds, and divides by zero on two empty sets.
    both, either = len(first & second), len(first | second)
    kinship = 1 if first == second else 2 / 3 if both == min(len(first), len(second)) else 1 / 3 if both else 0
    return 1 - both / either * kinship


@pytest.mark.parametrize(("ours", "theirs"), [(jaccard_distance, nltk_jaccard), (masi_distance, nltk_masi)])
def test_alpha_of_sets_of_labels_is_that_of_nltk(ours, theirs):
    ratings = label_sets(7)
    rows = [
        (f"reviewer {column}", f"item {row}", frozenset(value))
        for row, cells in enumerate(ratings)
        for column, value in enumerate(cells)
        if value is not None and sum(cell is not None for cell in cells) > 1  # nltk pairs what has no partner
    ]
    task = AnnotationTask(data=rows, distance=lambda a, b: 0.0 if a == b else theirs(a, b))
    assert krippendorff_alpha(ratings, ours).value == pytest.approx(task.alpha(), abs=1e-12)


@pytest.mark.parametrize(
    "statistic",
    [
        percent_agreement,
        fleiss_kappa,
        conger_kappa,
        gwet_ac1,
        brennan_prediger,
        *(partial(krippendorff_alpha, level_of_measurement=level) for level in ("nominal", "interval", "ratio")),
        partial(krippendorff_alpha, level_of_measurement="ordinal"),
        partial(gwet_ac2, weights="ordinal"),
        partial(conger_kappa, weights="quadratic"),
        partial(krippendorff_alpha, weights="radical"),
    ],
    ids=lambda statistic: "-".join(
        [getattr(statistic, "func", statistic).__name__, *getattr(statistic, "keywords", {}).values()]
    ),
)
def test_the_standard_error_is_that_of_the_jackknife(statistic):
    # Both are of the first order: of some 300 items with gaps they may differ by one in a hundred.
    ratings = reviewed(8, 300, 4, gaps=0.3)
    ratings = ratings[(~np.isnan(ratings)).sum(axis=1) > 1]
    expected = jackknife(statistic, ratings)
    assert statistic(ratings, categories=SCALE).standard_error == pytest.approx(expected, rel=0.01)


def jackknife(statistic, ratings):
    items = len(ratings)
    without_one = [statistic(np.delete(ratings, item, axis=0), categories=SCALE).value for item in range(items)]
    return sqrt((items - 1) / items * np.square(np.array(without_one) - np.mean(without_one)).sum())


def test_gwets_standard_error_is_wide_where_many_items_have_one_rating():
    # 60 items with two ratings and 60 with one: he counts the latter as if they might have agreed or not.
    ratings = reviewed(9, 120, 2)
    ratings[60:, 1] = np.nan
    weighted = partial(fleiss_kappa, weights="quadratic")
    estimate = weighted(ratings, categories=SCALE)
    assert estimate.standard_error > 1.5 * jackknife(weighted, ratings)
    assert "60 with one rating count only for what is likely by chance, and widen the interval" in estimate.note
    assert krippendorff_alpha(ratings, categories=SCALE).standard_error == pytest.approx(
        krippendorff_alpha(ratings[:60], categories=SCALE).standard_error
    )


def test_an_ordinal_scale_taken_for_given_would_have_another_standard_error():
    # What the jackknife test of the ordinal alpha is able to see.
    ratings = reviewed(8, 400, 4, gaps=0.3)
    estimate = krippendorff_alpha(ratings, "ordinal", categories=SCALE)
    rated = ratings[(~np.isnan(ratings)).sum(axis=1) > 1]
    counts = np.array([(rated == category).sum() for category in SCALE])
    middle = (np.cumsum(counts) - counts / 2).tolist()
    fixed = krippendorff_alpha(ratings, lambda a, b: (middle[int(a) - 1] - middle[int(b) - 1]) ** 2, categories=SCALE)
    assert fixed.value == pytest.approx(estimate.value, abs=1e-12)
    assert abs(fixed.standard_error / estimate.standard_error - 1) > 0.001
