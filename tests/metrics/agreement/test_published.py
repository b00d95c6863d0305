"""Agreement against figures that others have printed, the table beside each."""

import numpy as np
import pytest

from hitl_notebook.metrics import (
    agreement_coefficients,
    brennan_prediger,
    cohen_kappa,
    conger_kappa,
    fleiss_kappa,
    gwet_ac1,
    gwet_ac2,
    krippendorff_alpha,
    percent_agreement,
    scott_pi,
)

_ = None

# Krippendorff (2011), Computing Krippendorff's alpha-reliability, section C: observers A to D, 12 units.
KRIPPENDORFF = [
    *([1, 1, _, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4]),
    *([4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2], [_, 5, 5, 5], [_, _, 1, 1], [_, 3, _, _]),
]
# As cac.raw4raters in R's irrCAC: the last rating is of the third rater.
GWET = [*KRIPPENDORFF[:-1], [_, _, 3, _]]


def from_counts(counts: list[list[int]]) -> list[list[int]]:
    """Ratings that have these counts of items by categories."""
    return [[category for category, count in enumerate(row) for _ in range(count)] for row in counts]


def from_table(table: list[list[int]]) -> tuple[list[int], list[int]]:
    """The ratings of two reviewers whose cross table this is."""
    cells = [(a, b) for a, row in enumerate(table) for b, count in enumerate(row) for _ in range(count)]
    return [a for a, _ in cells], [b for _, b in cells]


# Fleiss (1971), Psychological Bulletin 76(5), table 1: 30 patients, 6 psychiatrists, 5 diagnoses.
FLEISS = from_counts(
    [
        *([0, 0, 0, 6, 0], [0, 3, 0, 0, 3], [0, 1, 4, 0, 1], [0, 0, 0, 0, 6], [0, 3, 0, 3, 0], [2, 0, 4, 0, 0]),
        *([0, 0, 4, 0, 2], [2, 0, 3, 1, 0], [2, 0, 0, 4, 0], [0, 0, 0, 0, 6], [1, 0, 0, 5, 0], [1, 1, 0, 4, 0]),
        *([0, 3, 3, 0, 0], [1, 0, 0, 5, 0], [0, 2, 0, 3, 1], [0, 0, 5, 0, 1], [3, 0, 0, 1, 2], [5, 1, 0, 0, 0]),
        *([0, 2, 0, 4, 0], [1, 0, 2, 0, 3], [0, 0, 0, 0, 6], [0, 1, 0, 5, 0], [0, 2, 0, 1, 3], [2, 0, 0, 4, 0]),
        *([1, 0, 0, 4, 1], [0, 5, 0, 1, 0], [4, 0, 0, 0, 2], [0, 2, 0, 4, 0], [1, 0, 5, 0, 0], [0, 0, 0, 0, 6]),
    ]
)
# R's irrCAC, cont3x3abstractors: 100 pregnancies, two abstractors.
ABSTRACTORS = from_table([[13, 0, 0], [0, 20, 7], [0, 4, 56]])


@pytest.mark.parametrize(
    ("level_of_measurement", "printed"),
    [
        *(("nominal", 0.743421052631579), ("ordinal", 0.8153875037548814)),
        *(("interval", 0.8491071428571428), ("ratio", 0.7974027747116121)),
    ],
)
def test_alpha_is_that_of_krippendorff_2011(level_of_measurement, printed):
    # He prints 0.743, 0.815, 0.849 and 0.797; the further digits are those of other programs.
    estimate = krippendorff_alpha(KRIPPENDORFF, level_of_measurement, categories=[1, 2, 3, 4, 5])
    assert estimate.value == pytest.approx(printed, abs=1e-12)
    assert (estimate.n, estimate.note) == (11, "1 with one rating left out")


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("percent_agreement", 0.555555555556, 0.0440982686846),
        ("gwet_ac1", 0.447884515845, 0.0556621416816),
        ("fleiss_kappa", 0.43024452006, 0.0541989355153),
        ("krippendorff_alpha", 0.433409828282, 0.0541989355153),
        ("conger_kappa", 0.441808540329, 0.0507944060131),
        ("brennan_prediger", 0.444444444444, 0.0551228358557),
    ],
)
def test_complete_ratings_have_the_figures_of_irrcac(name, value, error):
    # R's irrCAC 1.4, unrounded, on Fleiss' table; Fleiss himself printed kappa = 0.430.
    row = agreement_coefficients(FLEISS, categories=range(5)).loc[name]
    assert row["value"] == pytest.approx(value, abs=1e-11)
    assert row["standard_error"] == pytest.approx(error, abs=1e-11)


@pytest.mark.parametrize(
    ("statistic", "value", "error", "low"),
    [
        (percent_agreement, 0.8181818, 0.12561, 0.542),
        (gwet_ac1, 0.77544, 0.14295, 0.461),
        (fleiss_kappa, 0.76117, 0.15302, 0.424),
        (conger_kappa, 0.76282, 0.14917, 0.435),
        (brennan_prediger, 0.77273, 0.14472, 0.454),
    ],
)
def test_ratings_with_gaps_have_the_figures_of_irrcac(statistic, value, error, low):
    # README of R's irrCAC (github.com/kgwet/irrCAC), cac.raw4raters.
    estimate = statistic(GWET, categories=[1, 2, 3, 4, 5])
    assert estimate.value == pytest.approx(value, abs=5e-6)
    assert estimate.standard_error == pytest.approx(error, abs=5e-6)
    assert estimate.low == pytest.approx(low, abs=5e-4)
    assert estimate.high == 1


def test_alpha_with_gaps_has_the_interval_of_irrcac():
    # The same README prints 0.14557; the error that irrCAC computes today differs from that by a part in 1,500.
    estimate = krippendorff_alpha(GWET)
    assert estimate.standard_error == pytest.approx(0.14557, abs=1e-4)
    assert (round(estimate.low, 3), estimate.high) == (0.419, 1)


@pytest.mark.parametrize(
    ("statistic", "value", "error"),
    [
        (percent_agreement, 0.89, 0.03128898),
        (gwet_ac1, 0.8493305, 0.04321747),
        (conger_kappa, 0.7964094, 0.05891072),
        (fleiss_kappa, 0.7962397, 0.05905473),
        (brennan_prediger, 0.835, 0.04693346),
        (krippendorff_alpha, 0.7972585, 0.05905473),
    ],
)
def test_two_reviewers_have_the_figures_of_irrcac(statistic, value, error):
    # README of R's irrCAC, cont3x3abstractors: for cross tables it divides by n, for columns of ratings by n - 1.
    estimate = statistic(list(zip(*ABSTRACTORS, strict=True)), categories=[0, 1, 2])
    assert estimate.value == pytest.approx(value, abs=5e-8)
    assert estimate.standard_error == pytest.approx(error * np.sqrt(100 / 99), abs=1e-8)


def test_cohen_and_scott_have_the_figures_of_irrcac():
    cohen = cohen_kappa(*ABSTRACTORS)
    assert (cohen.value, cohen.standard_error) == pytest.approx((0.7964094, 0.05891072), abs=5e-8)
    assert scott_pi(*ABSTRACTORS).value == pytest.approx(0.7962397, abs=5e-8)


def test_fleiss_kappa_is_that_of_the_textbook_example():
    # 14 raters, 10 items, 5 categories; printed as 0.210 in Wikipedia's article on Fleiss' kappa.
    counts = [
        *([0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1]),
        *([7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7]),
    ]
    assert fleiss_kappa(from_counts(counts)).value == pytest.approx(0.20993070442195522, abs=1e-12)


@pytest.mark.parametrize(
    ("weights", "value", "error", "low", "high"),
    [(None, 0.4842, 0.1380, 0.2137, 0.7547), ("linear", 0.4701, 0.1457, 0.1845, 0.7558)],
)
def test_cohens_kappa_has_the_figures_that_sas_prints(weights, value, error, low, high):
    # PROC FREQ, recorded in statsmodels' tests. The second reviewer never says 0, the first does.
    a, b = from_table([[0, 4, 1], [0, 8, 0], [0, 1, 5]])
    estimate = cohen_kappa(a, b, categories=[0, 1, 2], weights=weights)
    figures = (estimate.value, estimate.standard_error, estimate.low, estimate.high)
    assert figures == pytest.approx((value, error, low, high), abs=6e-5)


@pytest.mark.parametrize(
    ("weights", "first_to_second"),
    [("linear", 0.5), ("quadratic", 0.75), ("radical", 0.2928932), ("ordinal", 0.6666667), ("ratio", 1 - 4 / 9)],
)
def test_weights_of_three_categories_are_those_of_irrcac(weights, first_to_second):
    # Its vignette prints the matrices over 1:3; ratio by its formula: ((1 - 2) / 3)^2 / ((3 - 1) / 4)^2 = 4/9.
    # Two reviewers that say 1 and 2 of one item agree by the weight.
    estimate = percent_agreement([[1, 2]], categories=[1, 2, 3], weights=weights)
    assert estimate.value == pytest.approx(first_to_second, abs=5e-8)


def test_ac2_is_ac1_where_the_weights_set_all_apart():
    assert gwet_ac2(GWET, weights=np.eye(5)).value == pytest.approx(gwet_ac1(GWET).value, abs=1e-12)
