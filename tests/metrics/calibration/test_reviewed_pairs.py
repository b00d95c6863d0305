"""Which rows a figure on calibration rests on, and what is refused."""

import numpy as np
import pandas as pd
import pytest

from hitl_notebook.errors import BadColumn, UnknownChoice
from hitl_notebook.metrics import brier_score, expected_calibration_error, log_loss, reliability
from hitl_notebook.metrics.calibration.reviewed_pairs import reviewed_pairs
from hitl_notebook.metrics.columns import UNWEIGHTED

VERDICTS = [True, None, False, True]


@pytest.mark.parametrize(
    "agreed",
    [
        VERDICTS,
        np.array(VERDICTS, dtype=object),
        np.array([1.0, np.nan, 0.0, 1.0]),
        pd.array(VERDICTS, dtype="boolean"),
        pd.Series(VERDICTS, dtype="boolean", index=[7, 7, 3, 1]),
        pd.Series(VERDICTS, dtype="boolean[pyarrow]"),
        [True, pd.NA, np.False_, True],
    ],
    ids=lambda agreed: f"{type(agreed).__name__} {getattr(agreed, 'dtype', '')}",
)
def test_verdicts_come_as_any_column_of_true_false_and_nothing(agreed):
    pairs = reviewed_pairs([0.1, 0.2, 0.3, 0.4], agreed)
    assert pairs.confidence.tolist() == [0.1, 0.3, 0.4]
    assert pairs.agreed.tolist() == [1, 0, 1]
    assert pairs.note == f"1 of 4 without a verdict left out; {UNWEIGHTED}"


@pytest.mark.parametrize(
    "confidence",
    [
        [0.5, None, 1],
        [0.5, pd.NA, 1],
        np.array([0.5, np.nan, 1]),
        pd.Series([0.5, None, 1], dtype="Float64"),
        pd.Series([0.5, None, 1], dtype="double[pyarrow]"),
        pd.Series([0.5, None, 1], dtype=object),
    ],
    ids=lambda confidence: f"{type(confidence).__name__} {getattr(confidence, 'dtype', '')}",
)
def test_a_missing_confidence_is_left_out_and_counted(confidence):
    pairs = reviewed_pairs(confidence, [True, True, False])
    assert pairs.confidence.tolist() == [0.5, 1]
    assert pairs.note.startswith("1 of 3 without a confidence left out")


def test_weights_of_zero_and_missing_weights_are_left_out_and_counted():
    pairs = reviewed_pairs([0.1, 0.2, 0.3], [True, False, True], [2.0, 0.0, None])
    assert (pairs.n, pairs.weight.tolist(), pairs.note) == (1, [2.0], "2 of 3 without a weight left out")


def test_a_rounding_error_beyond_1_counts_as_1():
    assert reviewed_pairs([1 + 1e-9, -1e-9], [True, True]).confidence.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        (([0.5, 95.0], [True, True]), "row 1 has 95 .percent"),
        (([0.5, -0.2], [True, True]), "row 1 has -0.2"),
        (([0.5, float("inf")], [True, True]), "row 1 has inf"),
        ((["high", "low"], [True, True]), "confidence is a column of numbers"),
        (([0.5, 0.5], [True, "yes"]), "agreed says True, False"),
        (([0.5, 0.5], [1, 2]), "agreed says True, False"),
        (([0.5, 0.5], [True]), "2 rows and agreed 1"),
        (([0.5, 0.5], [[True], [False]]), r"agreed is one column of verdicts; this has the shape \(2, 1\)"),
        (([0.5, 0.5], np.array([[True], [False]])), r"agreed is one column of verdicts; this has the shape \(2, 1\)"),
        (([0.5], True), r"agreed is one column of verdicts; this has the shape \(\)"),
        (([0.5, 0.5], [True, True], [1.0]), "sample_weight has 1 rows"),
        (([0.5, 0.5], [True, True], [1.0, -1.0]), "row 1 has -1"),
        (([0.5, 0.5], [True, True], [1.0, np.inf]), "row 1 has inf"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_says_what_would_be_right(columns, says):
    with pytest.raises(BadColumn, match=says):
        reviewed_pairs(*columns)


@pytest.mark.parametrize("figure", [brier_score, log_loss, reliability])
def test_a_level_in_percent_is_refused(figure):
    with pytest.raises(UnknownChoice, match="between 0 and 1"):
        figure([0.5], [True], level=95)


def test_the_columns_given_stay_as_they_are():
    confidence, agreed = np.array([0.5, 1 + 1e-9]), np.array([1.0, np.nan])
    confidence.flags.writeable = agreed.flags.writeable = False
    brier_score(confidence, agreed)
    assert confidence.tolist() == [0.5, 1 + 1e-9]


def test_where_one_item_has_nearly_all_the_weight_there_is_no_interval():
    rows = [0.3, 0.2, 0.9, 0.8], [True, False, True, True], [1e-9, 1, 1, 1e9]
    for figure in (brier_score, log_loss, expected_calibration_error):
        estimate = figure(*rows)
        assert np.isnan([estimate.low, estimate.high]).all()
        assert "the weights leave one verdict in effect" in estimate.note


def test_an_interval_without_width_says_so():
    estimate = expected_calibration_error([0.0, 1.0], [False, True])
    assert (estimate.value, estimate.low, estimate.high) == (0, 0, 0)
    assert estimate.note.startswith("the interval has no width")
