"""Agreement against independent implementations, and its standard errors against leaving out one item at a time."""

from collections.abc import Callable
from functools import partial
from itertools import permutations, product
from math import comb, sqrt

import krippendorff
import numpy as np
import pytest
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import jaccard_distance as nltk_jaccard
from nltk.metrics.distance import masi_distance as nltk_masi
from statsmodels.stats.inter_rater import aggregate_raters, to_table
from statsmodels.stats.inter_rater import cohens_kappa as statsmodels_cohen
from statsmodels.stats.inter_rater import fleiss_kappa as statsmodels_fleiss

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


def gwets_weight(name: str, k: int, m: int) -> float:
    """How much categories k and m of the scale 1 to 5 agree, by the formulas of Gwet (2014)."""
    between = {
        "linear": lambda: abs(k - m) / 4,
        "quadratic": lambda: (k - m) ** 2 / 4**2,
        "radical": lambda: sqrt(abs(k - m)) / sqrt(4),
        "ordinal": lambda: comb(max(k, m) - min(k, m) + 1, 2) / comb(5, 2),
        "ratio": lambda: ((k - m) / (k + m)) ** 2 / ((5 - 1) / (5 + 1)) ** 2,
    }
    return 1 - between[name]()


def by_hand(ratings: np.ndarray, weight: Callable[[int, int], float]) -> dict[str, tuple[float, float | None]]:
    """Value and standard error of each weighted coefficient, item by item and pair by pair, as Gwet writes them."""
    items = [[int(value) for value in row if not np.isnan(value)] for row in ratings]
    n, q = len(items), len(SCALE)
    several = [item for item in items if len(item) > 1]
    alike = [np.mean([weight(k, m) for k, m in permutations(item, 2)]) if len(item) > 1 else 0.0 for item in items]
    agreeing = sum(alike) / len(several)
    share = {k: sum(item.count(k) / len(item) for item in items) / n for k in SCALE}
    of_all = sum(weight(k, m) for k, m in product(SCALE, SCALE))

    def corrected(chance: float, of_item: Callable[[list[int]], float]) -> tuple[float, float]:
        value = (agreeing - chance) / (1 - chance)
        squares = 0.0
        for item, agree in zip(items, alike, strict=True):
            own = n / len(several) * (agree - chance * (len(item) > 1)) / (1 - chance)
            squares += (own - 2 * (1 - value) * (of_item(item) - chance) / (1 - chance) - value) ** 2
        return value, sqrt(squares / (n * (n - 1)))

    def of_fleiss(item: list[int]) -> float:
        return sum(weight(k, m) * share[m] for k in item for m in SCALE) / len(item)

    def of_gwet(item: list[int]) -> float:
        return of_all / (q * (q - 1)) * sum(1 - share[k] for k in item) / len(item)

    fleiss = sum(weight(k, m) * share[k] * share[m] for k, m in product(SCALE, SCALE))
    gwet = of_all / (q * (q - 1)) * sum(share[k] * (1 - share[k]) for k in SCALE)
    of_reviewers = [[column[column == k].size / np.isfinite(column).sum() for k in SCALE] for column in ratings.T]
    conger = np.mean(
        [
            sum(weight(k, m) * one[k - 1] * other[m - 1] for k, m in product(SCALE, SCALE))
            for one, other in permutations(of_reviewers, 2)
        ]
    )
    # Krippendorff: all pairs within items, each item's by 1 / (ratings - 1), and all pairs of all pairable ratings.
    pairable = [value for item in several for value in item]
    apart = sum((1 - weight(k, m)) / (len(item) - 1) for item in several for k, m in permutations(item, 2))
    expected = sum(1 - weight(k, m) for k, m in permutations(pairable, 2)) / (len(pairable) - 1)
    return {
        "percent_agreement": corrected(0.0, lambda item: 0.0),
        "fleiss_kappa": corrected(fleiss, of_fleiss),
        "gwet_ac2": corrected(gwet, of_gwet),
        "brennan_prediger": corrected(of_all / q**2, lambda item: of_all / q**2),
        "conger_kappa": ((agreeing - conger) / (1 - conger), None),
        "krippendorff_alpha": (1 - apart / expected, None),
    }


def test_quadratic_weights_of_thousands_of_numbers_need_no_table():
    # Of numbers that all differ quadratic kappa is Lin's (1989) concordance, Biometrics 45(1).
    rng = np.random.default_rng(0)
    a = rng.normal(size=20_000)
    b = a + rng.normal(scale=0.5, size=len(a))
    both = np.cov(a, b, bias=True)
    concordance = 2 * both[0, 1] / (both[0, 0] + both[1, 1] + (a.mean() - b.mean()) ** 2)
    assert cohen_kappa(a, b, weights="quadratic").value == pytest.approx(concordance)


@pytest.mark.parametrize("gaps", [0.0, 0.4])
@pytest.mark.parametrize("weights", ["linear", "quadratic", "ordinal", "radical", "ratio"])
def test_weighted_coefficients_are_those_of_gwets_formulas_pair_by_pair(weights, gaps):
    ratings = reviewed(12, 25, 4, gaps)
    ratings = ratings[np.isfinite(ratings).any(axis=1)]
    expected = by_hand(ratings, partial(gwets_weight, weights))
    table = agreement_coefficients(ratings, categories=SCALE, weights=weights)
    for name, (value, error) in expected.items():
        assert table.loc[name, "value"] == pytest.approx(value, abs=1e-12), name
        if error is not None:
            assert table.loc[name, "standard_error"] == pytest.approx(error, abs=1e-12), name


def test_the_formulas_pair_by_pair_tell_weights_apart():
    # What the test above is able to see: by other weights every coefficient is another.
    ratings = reviewed(12, 25, 4)
    linear, radical = (by_hand(ratings, partial(gwets_weight, name)) for name in ("linear", "radical"))
    assert all(abs(linear[name][0] - radical[name][0]) > 0.01 for name in linear)


def label_sets(seed: int) -> list[list[tuple[str, ...] | None]]:
    rng = np.random.default_rng(seed)
    kinds = [(), ("a",), ("b",), ("a", "b"), ("b", "c"), ("a", "b", "c"), None]
    return [[kinds[rng.integers(7) if rng.random() < 0.5 else item % 6] for _ in range(3)] for item in range(40)]


@pytest.mark.parametrize(("ours", "theirs"), [(jaccard_distance, nltk_jaccard), (masi_distance, nltk_masi)])
def test_alpha_of_sets_of_labels_is_that_of_nltk(ours, theirs):
    ratings = label_sets(7)
    rows = [
        (f"reviewer {column}", f"item {row}", frozenset(value))
        for row, cells in enumerate(ratings)
        for column, value in enumerate(cells)
        if value is not None and sum(cell is not None for cell in cells) > 1  # nltk pairs what has no partner
    ]
    # Of two empty sets nltk divides by zero.
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
