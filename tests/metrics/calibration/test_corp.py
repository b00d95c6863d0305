"""The CORP curve and decomposition against scikit-learn, model-diagnostics, and by hand."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.isotonic import IsotonicRegression

from hitl_notebook.metrics import brier_decomposition, brier_score, corp_curve
from hitl_notebook.metrics.calibration import corp

ROW = st.tuples(st.integers(0, 20).map(lambda part: part / 20), st.booleans(), st.integers(1, 5))


@settings(max_examples=30)
@given(st.lists(ROW, min_size=1, max_size=40))
def test_the_curve_is_the_isotonic_fit_of_scikit_learn(rows):
    confidence, agreed, weight = map(np.array, zip(*rows, strict=True))
    curve = corp_curve(confidence, agreed, weight)
    fit = IsotonicRegression(y_min=0, y_max=1).fit(confidence, agreed, sample_weight=weight)
    assert curve["recalibrated"].to_numpy() == pytest.approx(fit.predict(curve["confidence"].to_numpy()))
    assert (curve["low"] <= curve["confidence"]).all() and (curve["confidence"] <= curve["high"]).all()
    assert curve["n"].sum() == len(rows)


@pytest.mark.parametrize(
    ("weighted", "parts"),
    [
        (False, [0.0050195109590926434, 0.07039526095909263, 0.17844374999999998, 0.113068]),
        (True, [0.005055192984071852, 0.07253085965073851, 0.18109375, 0.11361808333333334]),
    ],
)
def test_the_parts_are_those_of_model_diagnostics(weighted, parts):
    # model-diagnostics 1.5.0: decompose(agreed, confidence, weights, scoring_function=SquaredError())
    number = np.arange(1, 401)
    confidence = ((number * 0.6180339887498949 % 1) ** 3).round(2)
    agreed = number * 0.7548776662466927 % 1 < 0.9 * confidence
    table = brier_decomposition(confidence, agreed, 1 + number % 5 if weighted else None)
    assert table["value"].tolist() == pytest.approx(parts, rel=1e-9)


@settings(max_examples=20)
@given(st.lists(ROW, min_size=2, max_size=40))
def test_the_parts_add_up_to_the_score(rows):
    confidence, agreed, weight = map(list, zip(*rows, strict=True))
    value = brier_decomposition(confidence, agreed, weight)["value"]
    assert value["miscalibration"] - value["discrimination"] + value["uncertainty"] == pytest.approx(
        value["brier score"], abs=1e-12
    )
    assert value["brier score"] == brier_score(confidence, agreed, weight).value
    assert (value >= 0).all()


def test_many_confidences_keep_every_bend_of_the_curve():
    rng = np.random.default_rng(9)
    confidence = rng.random(20_000)
    agreed = rng.random(20_000) < confidence**2
    curve = corp_curve(confidence, agreed)
    assert len(curve) < 2_000
    every = IsotonicRegression().fit(confidence, agreed).predict(confidence)
    assert np.interp(confidence, curve["confidence"], curve["recalibrated"]) == pytest.approx(every, abs=1e-9)
    at_half = curve.iloc[(curve["confidence"] - 0.5).abs().argmin()]
    assert at_half["recalibrated"] < at_half["low"] < 0.5 < at_half["high"]


def test_the_curve_of_a_calibrated_model_stays_within_its_band_point_by_point():
    # 60 reviews of 300 items in 20 distinct confidences: at 95 % a point is outside one time in 20.
    rng = np.random.default_rng(10)
    held = []
    for _ in range(60):
        confidence = rng.integers(1, 20, 300) / 20
        curve = corp_curve(confidence, rng.random(300) < confidence)
        held.extend((curve["low"] <= curve["recalibrated"]) & (curve["recalibrated"] <= curve["high"]))
    assert 0.92 <= np.mean(held) <= 0.98


def test_the_band_by_groups_is_that_of_single_items_also_at_its_ends(monkeypatch):
    rng = np.random.default_rng(12)
    confidence = rng.beta(8, 1, 10_000)
    agreed = rng.random(10_000) < confidence
    at = np.quantile(confidence, [0.0002, 0.001, 0.005, 0.02, 0.1, 0.5, 0.9, 0.98, 0.999])

    def band():
        curve = corp_curve(confidence, agreed)
        return np.array([np.interp(at, curve["confidence"], curve[end]) for end in ("low", "high")])

    by_groups = band()
    with monkeypatch.context() as single:
        single.setattr(corp, "MOST_ROWS", len(confidence))
        by_item = band()
    # Of 500 draws an end of the band is known so well, the less the fewer items a curve's end rests on.
    known = np.maximum(0.1 * (by_item[1] - by_item[0]), 0.004)
    assert (np.abs(by_groups - by_item) < known).all()
    monkeypatch.setattr(corp, "GROUPS", 20)  # the control: groups so large that they hide what the ends rest on
    assert (np.abs(band() - by_item) > known).any()


@pytest.mark.parametrize(
    "true_rate", [lambda c: c, lambda c: c**1.1, lambda c: 0.2 + 0.6 * c**2, lambda c: 0 * c + 0.6]
)
@pytest.mark.parametrize("values", [21, 1_000_000])
def test_the_intervals_of_the_parts_hold_the_parts_of_the_whole(true_rate, values):
    # 80 reviews of 2,000 items: of a model that is calibrated, a little off, much off, and tells nothing. The bootstrap
    # over items, which does not hold of an isotonic fit, holds no calibrated model's 0 and seldom what is a little off.
    rng = np.random.default_rng(12)
    of_all = np.arange(values) / (values - 1)
    rates = true_rate(of_all)
    truth = [np.mean((of_all - rates) ** 2), np.var(rates), rates.mean() * (1 - rates.mean())]

    def review():
        confidence = rng.choice(of_all, 2_000)
        return brier_decomposition(confidence, rng.random(2_000) < true_rate(confidence)).head(3)

    tables = [review() for _ in range(80)]
    held = np.mean([(table["low"] <= truth) & (truth <= table["high"]) for table in tables], axis=0)
    assert (held >= 0.88).all(), held
    widths = np.median([table["high"] - table["low"] for table in tables], axis=0)
    assert (widths < 0.03).all(), widths


def test_where_a_fit_shows_more_than_there_is_the_note_says_that_the_value_is_above_its_interval():
    rng = np.random.default_rng(0)
    confidence = rng.random(20_000)
    table = brier_decomposition(confidence, rng.random(20_000) < confidence)
    assert table.loc["miscalibration", "low"] == 0 < table.loc["miscalibration", "high"]
    assert table.loc["miscalibration", "value"] > table.loc["miscalibration", "high"]
    assert "miscalibration above its interval" in table.attrs["note"]
    assert "discrimination above" not in table.attrs["note"]


def test_the_interval_of_uncertainty_is_that_of_the_overall_rate():
    # Wilson's of 30 of 40 is 0.598 to 0.858, so 0.858 * 0.142 to 0.598 * 0.402; around 1/2 the spread is largest.
    table = brier_decomposition([0.7] * 40, [True] * 30 + [False] * 10)
    assert table.loc["uncertainty", ["low", "high"]].tolist() == pytest.approx([0.122, 0.240], abs=0.001)
    table = brier_decomposition([0.7] * 40, [True] * 21 + [False] * 19)
    assert table.loc["uncertainty", "high"] == 0.25


def test_ties_are_one_point_whatever_their_order():
    # at 0.5: 2 of 3 right
    for agreed in ([True, True, False], [False, True, True]):
        assert corp_curve([0.5] * 3, agreed)["recalibrated"].tolist() == [pytest.approx(2 / 3)]


def test_one_class_has_a_flat_curve_and_no_uncertainty():
    assert corp_curve([0.2, 0.9], [True, True])["recalibrated"].tolist() == [1, 1]
    assert brier_decomposition([0.2, 0.9], [True, True]).loc[["discrimination", "uncertainty"], "value"].eq(0).all()


def test_nothing_reviewed_yet_is_empty_or_nan_and_says_why():
    curve = corp_curve([0.5], [None])
    assert len(curve) == 0 and curve.columns.tolist() == corp_curve([0.5], [True]).columns.tolist()
    assert curve.attrs["note"].startswith("no item carries ")
    parts = brier_decomposition([0.5], [None])
    assert parts["value"].isna().all() and parts.attrs["note"].startswith("no item carries ")


def test_one_verdict_has_parts_and_no_intervals():
    table = brier_decomposition([0.8], [True])
    assert table["value"].tolist() == pytest.approx([0.04, 0, 0, 0.04])
    assert math.isnan(table.loc["miscalibration", "low"])


def test_within_its_band_a_curve_is_the_one_of_all_items_now():
    rng = np.random.default_rng(13)
    confidence = np.round(rng.random(5_000), 2)
    agreed = rng.random(5_000) < confidence
    earlier, whole = corp_curve(confidence[:-1], agreed[:-1]), corp_curve(confidence, agreed)
    curve = corp.within_its_band(earlier, confidence, agreed)
    assert curve["recalibrated"].tolist() == whole["recalibrated"].tolist() != earlier["recalibrated"].tolist()
    assert curve["low"].tolist() == earlier["low"].tolist() != whole["low"].tolist()
    width = whole["high"] - whole["low"]
    assert (abs(curve["high"] - whole["high"]) <= 0.25 * width).all()
    assert curve.attrs == whole.attrs


def test_of_few_items_the_band_is_not_kept():
    confidence, agreed = np.tile([0.2, 0.9], 500), np.tile([False, True], 500)
    earlier = corp_curve(confidence, agreed)
    assert corp.within_its_band(earlier, confidence, agreed) is not None
    assert corp.within_its_band(earlier, confidence[1:], agreed[1:]) is None
    assert corp.within_its_band(earlier.head(0), confidence, agreed) is None
