"""A metric says the same of a frame or a column whichever library it comes from."""

from datetime import UTC, datetime, timedelta
from functools import partial

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from hitl_notebook import metrics
from hitl_notebook.errors import BadFrame
from tests.libraries import LIBRARIES

COLUMNS = {
    "polars": lambda cells: pl.Series(cells, strict=False),
    "pyarrow": pa.array,
    "pyarrow, chunked": lambda cells: pa.chunked_array([cells[:1], cells[1:]]),
    "pyarrow, dictionary": lambda cells: pa.array(cells).dictionary_encode(),
    "pandas on pyarrow": lambda cells: pd.Series(pa.array(cells), dtype=pd.ArrowDtype(pa.array(cells).type)),
    "numpy": lambda cells: np.array(cells, dtype=object),
    "numpy, masked": lambda cells: np.ma.array(
        [next(cell for cell in cells if cell is not None) if cell is None else cell for cell in cells],
        mask=[cell is None for cell in cells],
    ),
}
FRAMES = {name: LIBRARIES[name] for name in ("polars", "pyarrow")}

A, B = ["ham", "spam", None, "spam", "ham"], ["ham", None, None, "spam", "spam"]
CONFIDENCE, AGREED = [0.9, None, 0.7, 0.2, 0.4], [True, True, None, False, True]
OF_COLUMNS = {
    "cohen_kappa": lambda of: metrics.cohen_kappa(of(A), of(B)),
    "scott_pi": lambda of: metrics.scott_pi(of(A), of(B)),
    "confusion": lambda of: metrics.confusion(of(A), of(B)),
    "class_scores": lambda of: metrics.class_scores(of(A), of(B), sample_weight=of([1, 2, None, 1, 1])),
    "brier_score": lambda of: metrics.brier_score(of(CONFIDENCE), of(AGREED), of([1.0, 1.0, 2.0, None, 1.0])),
    "recalibrate": lambda of: metrics.recalibrate(of(CONFIDENCE), of(AGREED)).predict(of([0.3, None])).tolist(),
    "classwise": lambda of: metrics.classwise_calibration_error([[0.5, 0.5]] * 5, of(A), classes=["ham", "spam"]),
    "census_accuracy": lambda of: metrics.census_accuracy(of(AGREED)),
    "sample_accuracy": lambda of: metrics.sample_accuracy(
        of(AGREED), of(["a", "a", "a", "b", "b"]), of([30, 30, 30, 20, 20])
    ),
    "weighted_accuracy": lambda of: metrics.weighted_accuracy(of(AGREED), of([0.5, 0.5, None, 0.25, 1.0])),
    "compare_predictions": lambda of: (
        metrics.compare_predictions(
            of(A), of(B), of(["ham"] * 5), item_id=of([*"vwxyz"]), slices={"channel": of([*"mmwmw"])}
        ).parts
    ),
    "ewma_chart": lambda of: metrics.ewma_chart(of([1, None, 3, 2, 4])),
}


@pytest.mark.parametrize("column", COLUMNS.values(), ids=COLUMNS)
@pytest.mark.parametrize("figure", OF_COLUMNS.values(), ids=OF_COLUMNS)
def test_columns_may_come_from_any_library(figure, column):
    same(figure(column), figure(list))


def test_a_missing_cell_of_pyarrow_is_no_category():
    a, b = pa.array(["a", None]), pa.array(["a", None])
    assert metrics.cohen_kappa(a, b, categories=["a", "b"]).n == 1
    assert metrics.confusion(a, b)["prediction"].tolist() == ["a"]


def test_whole_numbers_with_gaps_stay_whole():
    # as floats both would be 2^53
    a = pl.Series([2**53, 2**53 + 1, None])
    assert metrics.percent_agreement(pl.DataFrame({"ada": a, "bo": a.shift(1)})).value == 0


RATINGS = {
    "ada": ["ham", "ham", "spam", None],
    "bo": ["ham", "spam", "spam", "ham"],
    "cy": [None, "ham", "spam", "ham"],
}
OF_RATINGS = {
    "percent_agreement": metrics.percent_agreement,
    "krippendorff_alpha": metrics.krippendorff_alpha,
    "pairwise_agreement": metrics.pairwise_agreement,
    "agreement_coefficients": metrics.agreement_coefficients,
    "majority_vote": metrics.majority_vote,
}


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
@pytest.mark.parametrize("figure", OF_RATINGS.values(), ids=OF_RATINGS)
def test_ratings_may_come_from_any_library(figure, frame):
    same(figure(frame(RATINGS)), figure(pd.DataFrame(RATINGS)))


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_reviewers_keep_their_names(frame):
    pairs = metrics.pairwise_agreement(frame(RATINGS))[["reviewer", "other"]]
    assert pairs.to_numpy().tolist() == [["ada", "bo"], ["ada", "cy"], ["bo", "cy"]]


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_lists_of_labels_in_other_libraries_are_sets_of_labels(frame):
    table = {"ada": [["a"], ["a", "b"], []], "bo": [["a"], ["b"], None]}
    tuples = {name: [cell if cell is None else tuple(cell) for cell in cells] for name, cells in table.items()}
    figure = partial(metrics.krippendorff_alpha, level_of_measurement=metrics.masi_distance)
    same(figure(frame(table)), figure(pd.DataFrame(tuples)))


BEGIN = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
DECISIONS = {
    "item_id": [1, 2, 1, 2, 3, 3, 4, None],
    "reviewer": ["ada", "ada", "bo", "bo", "ada", "bo", "bo", "bo"],
    "action": ["accept", "correct", "accept", "accept", "flag", "accept", "accept", "accept"],
    "value": ["a", "b", "a", "a", None, "b", "a", "a"],
    "prediction": ["a", "a", "a", "a", "b", "b", None, "a"],
    "agreed": [True, False, True, True, None, True, None, True],
    "confidence": [0.9, 0.4, 0.9, 0.4, 0.6, 0.6, None, 0.5],
    "seconds": [2.0, None, 3.5, 1.0, 9.0, 2.5, 4.0, 1.5],
    "recorded_at": [BEGIN + timedelta(minutes=minute) for minute in range(8)],
    "kind": ["regular"] * 8,
    "selection_probability": [0.5, 0.5, 0.5, 0.5, 0.25, 0.25, None, 0.5],
    "pool_size": [8, 8, 8, 8, 8, 8, None, 8],
    "chosen_by": ["sample"] * 6 + [None, "sample"],
    "model_version": ["v2"] * 8,
    "shown_prediction": ["b", "a", "b", "a", "b", "a", "b", "a"],
    "shown_model_version": ["v1"] * 8,
    "slice_channel": ["m", "w", "m", "w", "m", "m", None, "w"],
}
OF_DECISIONS = {
    "agreement_over_time": metrics.agreement_over_time,
    "confidence_by_verdict": metrics.confidence_by_verdict,
    "drift_alarms": metrics.drift_alarms,
    "progress": metrics.progress,
    "ratings": partial(metrics.ratings, with_model=True),
    "reviewer_drift": partial(metrics.reviewer_drift, window="1h"),
    "selection_weights": metrics.selection_weights,
    "slice_accuracy": metrics.slice_accuracy,
    "time_per_item": metrics.time_per_item,
    "compare_versions": lambda decisions: metrics.compare_versions(decisions, "v1", "v2").changes,
}


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
@pytest.mark.parametrize("figure", OF_DECISIONS.values(), ids=OF_DECISIONS)
def test_decisions_may_come_from_any_library(figure, frame):
    same(figure(frame(DECISIONS)), figure(pd.DataFrame(DECISIONS)))


@pytest.mark.parametrize("none", [3, [1, 2], pl.LazyFrame(RATINGS)], ids=["number", "list", "lazy"])
def test_what_is_no_frame_of_decisions_is_refused(none):
    with pytest.raises(BadFrame, match="pandas, polars or pyarrow"):
        metrics.progress(none)


def same(one, other):
    if isinstance(one, pd.DataFrame | pd.Series):
        assert (
            one.astype(object).where(one.notna(), None).to_dict()
            == other.astype(object).where(other.notna(), None).to_dict()
        )
        assert one.attrs == other.attrs
    else:
        assert repr(one) == repr(other)
