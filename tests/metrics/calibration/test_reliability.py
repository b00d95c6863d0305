"""The table of bins against scikit-learn, and its conventions in cases small enough to check by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from statsmodels.stats.proportion import proportion_confint

from hitl_notebook.errors import UnknownChoice
from hitl_notebook.metrics import expected_calibration_error, reliability

# Hundredths, as confidences are often rounded to: ties, and edges of bins.
PAIRS = st.lists(st.tuples(st.integers(0, 100).map(lambda hundredth: hundredth / 100), st.booleans()), min_size=1)


@given(PAIRS, st.sampled_from([1, 4, 8, 32]), st.sampled_from(["uniform", "quantile"]))
def test_rates_and_means_are_those_of_scikit_learn(pairs, n_bins, strategy):
    # Bins of a power of two: their edges are exact, as scikit-learn has no tolerance at an edge.
    confidence, agreed = map(np.array, zip(*pairs, strict=True))
    table = reliability(confidence, agreed, n_bins=n_bins, strategy=strategy)
    rates, means = calibration_curve(agreed, confidence, n_bins=n_bins, strategy=strategy, pos_label=True)
    assert table["agreed"].tolist() == pytest.approx(rates.tolist())
    assert table["confidence"].tolist() == pytest.approx(means.tolist())
    assert table["n"].sum() == len(pairs)


@given(PAIRS, st.integers(1, 30), st.sampled_from(["uniform", "quantile"]))
def test_every_row_lies_in_the_bin_that_counts_it(pairs, n_bins, strategy):
    confidence, agreed = map(np.array, zip(*pairs, strict=True))
    table = reliability(confidence, agreed, n_bins=n_bins, strategy=strategy)
    assert (table["bin_low"] < table["bin_high"]).all()
    for row in table.itertuples():
        above = confidence > row.bin_low + 1e-9 if row.bin_low > 0 else confidence >= 0
        assert row.n == (above & (confidence <= row.bin_high + 1e-9)).sum()


@given(PAIRS, st.integers(1, 30))
def test_quantile_bins_adjoin_from_0_to_1(pairs, n_bins):
    confidence, agreed = map(np.array, zip(*pairs, strict=True))
    table = reliability(confidence, agreed, n_bins=n_bins, strategy="quantile")
    assert (table["bin_low"].iloc[0], table["bin_high"].iloc[-1]) == (0, 1)
    assert table["bin_low"].tolist()[1:] == table["bin_high"].tolist()[:-1]


def test_0_and_1_land_in_a_bin_and_an_edge_belongs_to_the_bin_below():
    table = reliability([0.0, 0.1, 0.100001, 0.9, 1.0], [True] * 5)
    assert table["bin_high"].tolist() == [0.1, 0.2, 0.9, 1.0]
    assert table["n"].tolist() == [2, 1, 1, 1]


@pytest.mark.parametrize("strategy", ["uniform", "quantile"])
def test_three_tenths_land_where_one_tenth_and_two_tenths_land(strategy):
    rows = [0.1, 0.1 + 0.2, 0.3, 0.29999999999999993, 0.5], [True] * 5
    assert reliability(*rows, strategy=strategy, n_bins=10).query("0.2 < confidence < 0.4")["n"].tolist() == [3]


@pytest.mark.parametrize("strategy", ["uniform", "quantile"])
@pytest.mark.parametrize("n_bins", [5, 10, 20])
def test_single_precision_moves_no_confidence_into_another_bin(strategy, n_bins):
    tenths, agreed = np.arange(1, 10) / 10, [True, False, True] * 3
    table, single = (reliability(tenths.astype(kind), agreed, n_bins=n_bins, strategy=strategy) for kind in "df")
    assert single["n"].tolist() == table["n"].tolist()
    assert single.to_numpy() == pytest.approx(table.to_numpy(), abs=1e-7)
    rows = agreed, None
    errors = (expected_calibration_error(tenths.astype(kind), *rows, n_bins=n_bins, strategy=strategy) for kind in "df")
    assert next(errors).value == pytest.approx(next(errors).value, abs=1e-7)


@pytest.mark.parametrize(
    ("confidence", "bins"),
    [
        # Edges midway between 0.2 and 0.9; between 0, 0.5 and 1; and none between ties.
        ([0.2] * 9 + [0.9], [[0, 0.55, 9], [0.55, 1, 1]]),
        # The first fifth ends within the 0.9s, so that 0.2 lies in their bin: as in scikit-learn.
        ([0.2] + [0.9] * 9, [[0, 1, 10]]),
        ([0.0] * 4 + [0.5] * 4 + [1.0] * 4, [[0, 0.25, 4], [0.25, 0.75, 4], [0.75, 1, 4]]),
        *(([tie] * 4, [[0, 1, 4]]) for tie in (0.0, 0.7, 1.0)),
    ],
)
def test_ties_share_a_quantile_bin_and_double_no_edge(confidence, bins):
    table = reliability(confidence, [True] * len(confidence), n_bins=5, strategy="quantile")
    assert table[["bin_low", "bin_high", "n"]].to_numpy() == pytest.approx(np.array(bins))


def test_each_bin_has_wilsons_interval():
    table = reliability([0.8] * 10, [True] * 7 + [False] * 3)
    assert table[["low", "high"]].to_numpy()[0] == pytest.approx(proportion_confint(7, 10, method="wilson"))


def test_a_weighted_bin_has_fewer_effective_items():
    # weights 1, 1, 2: (4)^2 / (1 + 1 + 4) = 8/3 items; 2 of 4 parts agree
    table = reliability([0.8] * 3, [True, True, False], [1, 1, 2])
    assert (table["n"][0], table["effective_n"][0], table["agreed"][0]) == (3, pytest.approx(8 / 3), 0.5)
    assert table["low"][0] < reliability([0.8] * 4, [True, True, False, False])["low"][0]


def test_nothing_reviewed_yet_is_a_table_without_rows_that_says_why():
    for strategy in ("uniform", "quantile"):
        table = reliability([0.5, None], [None, True], strategy=strategy)
        assert len(table) == 0
        assert table.columns.tolist() == reliability([0.5], [True]).columns.tolist()
        assert table.attrs["note"].startswith("no item carries ")


def test_one_class_has_rates_of_1_with_an_interval_below():
    row = reliability([0.9] * 20, [True] * 20).iloc[0]
    assert (row["agreed"], row["high"]) == (1, 1)
    assert 0.8 < row["low"] < 0.9


@pytest.mark.parametrize("options", [{"n_bins": 0}, {"n_bins": 10.0}, {"n_bins": True}, {"strategy": "equal"}])
def test_bins_that_cannot_be_are_refused(options):
    with pytest.raises(UnknownChoice):
        reliability([0.5], [True], **options)


def test_the_intervals_of_the_bins_hold_what_they_promise():
    # 400 reviews of 200 items by a model that is right in 90 % of what it says: rate 0.9 E[c in bin], 5 bins.
    rng = np.random.default_rng(5)
    truth = 0.9 * np.array([0.1, 0.3, 0.5, 0.7, 0.9])
    held = []
    for _ in range(400):
        confidence = rng.random(200)
        table = reliability(confidence, rng.random(200) < 0.9 * confidence, n_bins=5)
        held.extend((table["low"] <= truth) & (truth <= table["high"]))
    assert 0.92 <= np.mean(held) <= 0.98
