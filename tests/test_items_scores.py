"""Confidences and probabilities: taken whole, or refused with the row and the remedy."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from hitl_notebook.errors import BadColumn, BadFrame, HitlError, MissingColumn
from hitl_notebook.items import Items, read_items
from hitl_notebook.tasks import Classification
from tests.libraries import LIBRARIES

TASK = Classification(["cat", "dog", "cow"])


def with_confidence(cells: Any, library: str = "pandas") -> Items:
    columns = {"text": ["x"] * len(cells), "predicted": ["cat"] * len(cells), "p": cells}
    return read_items(LIBRARIES[library](columns), task=TASK, prediction="predicted", confidence="p")


def with_probabilities(probabilities: Any, frame: Any, **given: Any) -> Items:
    return read_items(frame, task=given.pop("task", TASK), probabilities=probabilities, **given)


# ---------------------------------------------------------------- confidence


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_missing_confidence_is_unknown_and_never_zero(library: str) -> None:
    items = with_confidence([0.25, None, 1.0], library)
    assert np.array_equal(items.confidence, [0.25, np.nan, 1.0], equal_nan=True)
    assert items.has_confidence
    assert not with_confidence([None, None], library).has_confidence


@pytest.mark.parametrize("library", LIBRARIES)
def test_rounding_beyond_zero_and_one_is_clipped(library: str) -> None:
    assert with_confidence([1 + 5e-7, -5e-7], library).confidence.tolist() == [1.0, 0.0]


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([0.5, 1.01], "row 1: 1.01"),
        ([0.5, -0.1], "row 1: -0.1"),
        ([0.5, float("inf")], "row 1: inf"),
        (["0.5", "high"], "row 0: '0.5'; row 1: 'high'"),
        ([True, False], "row 0: True"),
        ([62.0, 99.5], "divide them by 100"),
    ],
)
def test_any_other_confidence_is_refused(library: str, cells: list[Any], said: str) -> None:
    with pytest.raises(BadColumn, match=said) as raised:
        with_confidence(cells, library)
    assert "confidence='p'" in str(raised.value)


def test_complex_nested_and_endless_confidences_are_refused() -> None:
    for cell in (0.5 + 0j, [0.5], {"p": 0.5}, 10**400, Fraction(10**400, 3)):
        with pytest.raises(BadColumn, match="row 1"):
            with_confidence(pd.Series([0.5, cell], dtype=object))


@pytest.mark.parametrize(
    "cells",
    [
        pd.Series([0.5, None], dtype="Float32"),
        pd.Series([0.5, None], dtype="float16"),
        pd.Series([Decimal("0.5"), None], dtype=object),
        pd.Series([Fraction(1, 2), np.nan], dtype=object),
        pd.Series([Decimal("0.5"), Decimal("sNaN")], dtype=object),
        pd.Series([np.float32(0.5), pd.NA], dtype=object),
        pd.Series([0.5, None], dtype=pd.ArrowDtype(pa.float64())),
    ],
    ids=lambda cells: str(cells.dtype),
)
def test_numbers_of_every_type_are_confidences(cells: "pd.Series[Any]") -> None:
    assert np.array_equal(with_confidence(cells).confidence, [0.5, np.nan], equal_nan=True)


@pytest.mark.parametrize("cells", [[0.2, 1.1], [0.2, 3.7], [-1.0, 50.0], [50.0, 150.0], [50.0, float("inf")]])
def test_what_does_not_look_like_percent_is_not_taken_for_it(cells: list[float]) -> None:
    with pytest.raises(BadColumn) as raised:
        with_confidence(cells)
    assert "percent" not in str(raised.value)


def test_five_rows_are_named_and_all_counted() -> None:
    with pytest.raises(BadColumn, match="8 of 9 rows") as raised:
        with_confidence([0.5, *[7.0] * 8])
    assert str(raised.value).count("row ") == 5


def test_a_confidence_of_nothing_is_refused() -> None:
    frame = pd.DataFrame({"text": ["x"], "p": [0.5]})
    with pytest.raises(BadColumn, match="name prediction="):
        read_items(frame, task=TASK, confidence="p")


# ---------------------------------------------------------------- probabilities

THREE = {"text": ["x", "y"], "a": [0.5, 0.1], "b": [0.25, 0.2], "c": [0.25, 0.7]}
EXPECTED = [[0.5, 0.25, 0.25], [0.1, 0.2, 0.7]]


@pytest.mark.parametrize("library", LIBRARIES)
def test_probabilities_come_as_columns_in_the_order_of_the_labels(library: str) -> None:
    items = with_probabilities(["a", "b", "c"], LIBRARIES[library](THREE))
    assert items.probabilities is not None
    assert items.probabilities.tolist() == EXPECTED
    assert items.predictions.tolist() == ["cat", "cow"]
    assert items.confidence.tolist() == [0.5, 0.7]
    assert items.candidates(1, limit=2) == [
        {"value": "cow", "probability": 0.7},
        {"value": "dog", "probability": 0.2},
    ]
    assert items.shown == ["text"]


@pytest.mark.parametrize("library", LIBRARIES)
def test_columns_named_as_the_labels_are_matched_by_name(library: str) -> None:
    frame = LIBRARIES[library]({"text": ["x"], "dog": [0.2], "cow": [0.7], "cat": [0.1]})
    items = with_probabilities(["dog", "cow", "cat"], frame)
    assert items.probabilities is not None
    assert items.probabilities.tolist() == [[0.1, 0.2, 0.7]]


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(
    "cells",
    [
        [{"dog": 0.25, "cat": 0.5, "cow": 0.25}, {"dog": 0.2, "cat": 0.1, "cow": 0.7}],
        EXPECTED,
    ],
    ids=["dicts", "lists"],
)
def test_probabilities_come_as_one_column_of_dicts_or_lists(library: str, cells: list[Any]) -> None:
    items = with_probabilities("ps", LIBRARIES[library]({"text": ["x", "y"], "ps": cells}))
    assert items.probabilities is not None
    assert items.probabilities.tolist() == EXPECTED


@pytest.mark.parametrize(
    "table",
    [
        np.array(EXPECTED),
        EXPECTED,
        pd.DataFrame(EXPECTED),
        pl.DataFrame(EXPECTED, orient="row"),
        pa.table({"x": [0.5, 0.1], "y": [0.25, 0.2], "z": [0.25, 0.7]}),
        pd.DataFrame(EXPECTED, columns=["cat", "dog", "cow"])[["cow", "cat", "dog"]],
    ],
    ids=["array", "lists", "pandas", "polars", "pyarrow", "named"],
)
def test_probabilities_come_as_a_table_beside_the_frame(table: Any) -> None:
    items = with_probabilities(table, pd.DataFrame({"text": ["x", "y"]}))
    assert items.probabilities is not None
    assert items.probabilities.tolist() == EXPECTED


def test_labels_that_are_numbers_are_found_by_their_text_too() -> None:
    frame = pd.DataFrame({"text": ["x"], "ps": [{"0": 0.25, 1: 0.75}]})
    assert with_probabilities("ps", frame, task=Classification([0, 1])).predictions.tolist() == [1]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ([0.5, 0.25, float("nan")], "NaN|none for label 'cow'"),
        ([0.5, -0.25, 0.75], "softmax"),
        ([0.5, 0.25], "shape is|2 probabilities for 3"),
        ([0.0, 0.0, 0.0], "sum to 1"),
        ([0.5, 0.25, 0.2], "sum to 1"),
        ([2.3, -1.0, 0.4], "softmax"),
        ([50.0, 25.0, 25.0], "percent"),
        ([float("inf"), 0.0, 0.0], "softmax"),
        (["a", "b", "c"], "number"),
        ([0.5, 0.25, None], "NaN|none for label 'cow'|numbers"),
    ],
)
@pytest.mark.parametrize("form", ["columns", "lists", "array"])
@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_probabilities_that_are_none_are_refused(library: str, form: str, row: list[Any], said: str) -> None:
    columns: dict[str, Any] = {"text": ["x"]}
    given: Any = [row]
    if form == "columns":
        columns |= {f"p{number}": [value] for number, value in enumerate(row)}
        given = [f"p{number}" for number in range(len(row))]
    elif form == "lists":
        columns["ps"] = [row]
        given = "ps"
    with pytest.raises(BadColumn, match=said):
        with_probabilities(given, LIBRARIES[library](columns))


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ({"cat": 0.5, "dog": 0.5}, "none for label 'cow'"),
        ({"cat": 0.5, "dogg": 0.25, "cow": 0.25}, "unknown label 'dogg', perhaps 'dog'"),
        ({"cat": "0.5", "dog": 0.25, "cow": 0.25}, "'0.5' for label 'cat' is no number"),
        ({"cat": True, "dog": 0.0, "cow": 0.0}, "no number"),
        (0.5, "neither a dict nor a list"),
    ],
)
def test_a_dict_needs_one_number_for_each_label_and_no_other(cell: Any, said: str) -> None:
    frame = pd.DataFrame({"text": ["x", "y"], "ps": [None, cell]})
    with pytest.raises(BadColumn, match=f"row 1: .*{said}"):
        with_probabilities("ps", frame)


def test_sums_within_a_thousandth_are_taken_as_they_are() -> None:
    items = with_probabilities([[0.3333, 0.3333, 0.3333]], pd.DataFrame({"text": ["x"]}))
    assert items.probabilities is not None
    assert items.probabilities.tolist() == [[0.3333, 0.3333, 0.3333]]


def test_of_equal_probabilities_the_first_label_is_predicted() -> None:
    items = with_probabilities([[0.2, 0.4, 0.4]], pd.DataFrame({"text": ["x"]}))
    assert items.predictions.tolist() == ["dog"]
    assert [candidate["value"] for candidate in items.candidates(0)] == ["dog", "cow", "cat"]


def test_confidence_left_out_is_the_probability_of_the_prediction() -> None:
    frame = pd.DataFrame({"text": ["x", "y"], "predicted": ["dog", None]})
    items = with_probabilities([[0.5, 0.3, 0.2], [np.nan] * 3], frame, prediction="predicted")
    assert np.array_equal(items.confidence, [0.3, np.nan], equal_nan=True)
    assert items.candidates(1) == []


def test_a_row_without_probabilities_needs_to_be_one_without_prediction() -> None:
    frame = pd.DataFrame({"text": ["x", "y"], "predicted": ["dog", "dog"]})
    with pytest.raises(BadColumn, match="row 1"):
        with_probabilities([[0.5, 0.3, 0.2], [np.nan] * 3], frame, prediction="predicted")


def test_a_masked_probability_is_missing() -> None:
    frame = pd.DataFrame({"text": ["x", "y"], "predicted": ["dog", None]})
    values = np.array([[0.5, 0.3, 0.2], [0.1, 0.2, 0.7]])
    whole = np.ma.masked_array(values, mask=[[False] * 3, [True] * 3])
    items = with_probabilities(whole, frame, prediction="predicted")
    assert np.array_equal(items.probabilities, [[0.5, 0.3, 0.2], [np.nan] * 3], equal_nan=True)
    part = np.ma.masked_array(values, mask=[[True, False, False], [True] * 3])
    with pytest.raises(BadColumn, match=r"row 0: .*NaN is no probability"):
        with_probabilities(part, frame, prediction="predicted")


def test_a_dict_with_an_endless_number_is_refused() -> None:
    frame = pd.DataFrame({"text": ["x"], "ps": [{"cat": 10**400, "dog": 0.0, "cow": 0.0}]})
    with pytest.raises(BadColumn, match=r"row 0: .*no number"):
        with_probabilities("ps", frame)


def test_a_missing_cell_of_dicts_is_an_item_without_prediction() -> None:
    frame = pd.DataFrame({"text": ["x", "y"], "ps": [{"cat": 0.5, "dog": 0.25, "cow": 0.25}, None]})
    assert with_probabilities("ps", frame).predictions.tolist() == ["cat", None]


def test_without_probabilities_the_prediction_is_the_one_candidate() -> None:
    frame = pd.DataFrame({"text": ["x", "y"], "predicted": ["dog", None]})
    items = read_items(frame, task=TASK, prediction="predicted")
    assert items.candidates(0) == [{"value": "dog", "probability": None}]
    assert items.candidates(1) == []


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (["a", "b", "nope"], MissingColumn),
        ("nope", MissingColumn),
        (np.ones((5, 3)), BadColumn),
        ([[0.5, 0.5], [1.0]], BadColumn),
        (np.array([["a", "b", "c"]] * 2), BadColumn),
        ([], HitlError),
        (pd.DataFrame(np.ones((2, 2)), columns=pd.MultiIndex.from_product([["x"], ["y", "z"]])), BadFrame),
    ],
)
def test_what_is_no_set_of_probabilities_is_refused(given: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        with_probabilities(given, pd.DataFrame(THREE))


def test_a_hundred_labels_offer_their_twelve_best_candidates() -> None:
    labels = [f"label {number}" for number in range(100)]
    row = np.arange(100) / np.arange(100).sum()
    items = with_probabilities([row], pd.DataFrame({"text": ["x"]}), task=Classification(labels))
    assert [candidate["value"] for candidate in items.candidates(0)] == [f"label {99 - rank}" for rank in range(12)]
