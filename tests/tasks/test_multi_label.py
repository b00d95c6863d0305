"""Sets of labels: one form for each set, whatever they came as."""

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl_notebook.errors import BadColumn, InvalidTask, InvalidValue
from hitl_notebook.items import Items, read_items
from hitl_notebook.review_queue import ReviewPlan, ranking
from hitl_notebook.tasks import MultiLabel
from hitl_notebook.tasks.task import Cells
from tests.libraries import LIBRARIES
from tests.tasks.test_classification import label_lists

TOPICS = ["billing", "shipping", "praise"]
TASK = MultiLabel(TOPICS)


def cells(*values: Any) -> Cells:
    return np.fromiter(values, dtype=object, count=len(values))


def with_probabilities(rows: Any, **options: Any) -> Items:
    frame = pd.DataFrame({"text": ["x"] * len(rows)})
    return read_items(frame, task=TASK, probabilities=np.array(rows, dtype=float), **options)


# ---------------------------------------------------------------- values


@given(label_lists(), st.data())
def test_a_set_has_one_form_through_json_spec_and_a_second_check(labels: list[Any], data: st.DataObject) -> None:
    task = MultiLabel(labels)
    again = MultiLabel.from_spec(task.spec())
    some = data.draw(st.lists(st.sampled_from(labels)))
    value = task.check(some)
    assert task.check(value) == value == task.check(data.draw(st.permutations(some)))
    restored = again.from_json(task.to_json(value))
    assert [(label, type(label)) for label in restored] == [(label, type(label)) for label in value]
    assert [label for label in labels if label in value] == list(value)
    assert task.equal(value, restored)


@given(st.lists(st.sampled_from(TOPICS)), st.lists(st.sampled_from(TOPICS)))
def test_two_values_are_equal_when_they_have_the_same_labels(some: list[str], others: list[str]) -> None:
    a, b = TASK.check(some), TASK.check(others)
    assert TASK.equal(a, b) == TASK.equal(b, a) == (set(some) == set(others))


@pytest.mark.parametrize(
    "value",
    [
        ["praise", "billing"],
        ("billing", "praise", "billing"),
        {"praise", "billing"},
        frozenset(["praise", "billing"]),
        np.array(["praise", "billing"]),
        np.array(["praise", "billing"], dtype=object),
    ],
)
def test_a_set_may_come_in_any_collection_and_any_order(value: Any) -> None:
    assert TASK.check(value) == ("billing", "praise")


def test_no_label_at_all_is_a_value_and_missing_is_none() -> None:
    assert TASK.check([]) == TASK.from_json([]) == ()
    read = TASK.read_predictions(cells([], None, ["praise"]), "said")
    assert read.tolist() == [(), None, ("praise",)]
    with pytest.raises(InvalidValue):
        TASK.check(None)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("billing", r"write \['billing'\], or split it first"),
        (["billing", "shiping"], "'shiping' is not one of the 3 labels; did you mean 'shipping'?"),
        (["billing", None], "None is not one of"),
        (["billing", float("nan")], "nan is not one of"),
        ([["billing"]], "not one of"),
        (np.array([[1, 0]]), "no list of labels"),
        ({"billing": True}, "no list of labels"),
        (3, "no list of labels"),
        ([1, 0, 1], "MultiLabelBinarizer.inverse_transform"),
        (np.array([0, 0, 1]), "MultiLabelBinarizer.inverse_transform"),
    ],
)
def test_what_is_no_set_of_these_labels_is_refused(value: Any, said: str) -> None:
    with pytest.raises(InvalidValue, match=said):
        TASK.check(value)


@pytest.mark.parametrize(
    "data", [None, "billing", ["Billing"], ["billing", "billing"], [["billing"]], {"billing": 1}, [1], 1, True]
)
def test_json_that_is_no_set_of_these_labels_is_refused(data: Any) -> None:
    with pytest.raises(InvalidValue):
        TASK.from_json(data)


def test_labels_that_are_numbers_are_no_row_of_an_indicator_matrix() -> None:
    assert MultiLabel([0, 1]).check(np.array([1, 0])) == (0, 1)


def test_a_wrong_label_names_column_rows_and_label() -> None:
    with pytest.raises(BadColumn, match=r"column 'said', row 1, 2: 'shiping' .* 'shipping'"):
        TASK.read_predictions(cells(["billing"], ["shiping"], ["x"]), "said")


@pytest.mark.parametrize("library", LIBRARIES)
def test_lists_are_read_from_every_library(library: str) -> None:
    frame = LIBRARIES[library]({"text": ["a", "b", "c"], "said": [["praise", "billing"], [], None]})
    items = read_items(frame, task=TASK, prediction="said")
    assert items.predictions.tolist() == [("billing", "praise"), (), None]


def test_lists_of_a_list_type_are_read() -> None:
    rows = [["praise", "billing"], [], None]
    for frame in (
        pl.DataFrame({"text": ["a", "b", "c"], "said": pl.Series(rows, dtype=pl.List(pl.String))}),
        pa.table({"text": ["a", "b", "c"], "said": pa.array(rows, pa.list_(pa.string()))}),
        pd.DataFrame({"text": ["a", "b", "c"], "said": pd.Series(rows, dtype=pd.ArrowDtype(pa.list_(pa.string())))}),
    ):
        assert read_items(frame, task=TASK, prediction="said").predictions.tolist() == [("billing", "praise"), (), None]


# ---------------------------------------------------------------- labels


def test_labels_left_out_are_all_that_were_predicted_sorted() -> None:
    assert MultiLabel().completed(cells(["spam", "ham"], None, [], {"eggs"})).labels == ["eggs", "ham", "spam"]
    assert MultiLabel().completed(cells([2, 10], [2])).labels == [2, 10]


def test_labels_left_out_cannot_be_taken_from_what_is_no_list() -> None:
    with pytest.raises(InvalidTask, match="split it first"):
        MultiLabel().completed(cells("spam,ham"))
    with pytest.raises(InvalidTask, match="name them"):
        MultiLabel().completed(cells([], None))


def test_a_task_may_gain_labels_and_not_lose_any_nor_become_another() -> None:
    assert MultiLabel(["new", *TOPICS]).extends(TASK)
    assert not MultiLabel(TOPICS[1:]).extends(TASK)
    joined = MultiLabel().completed(cells(["new", "praise"])).joined(TASK)
    assert joined.labels == [*TOPICS, "new"]


# ---------------------------------------------------------------- how sure


def test_probabilities_are_one_for_each_label_and_need_not_sum_to_one() -> None:
    items = with_probabilities([[0.9, 0.8, 0.1], [0, 0, 0], [1, 1, 1]])
    assert items.predictions.tolist() == [("billing", "shipping"), (), tuple(TOPICS)]
    assert not items.has_confidence
    assert items.candidates(0)[:2] == [
        {"value": "billing", "probability": 0.9},
        {"value": "shipping", "probability": 0.8},
    ]


def test_probabilities_may_be_named_by_label() -> None:
    frame = pd.DataFrame({"text": ["x"], "praise": [0.7], "shipping": [0.2], "billing": [0.6]})
    items = read_items(frame, task=TASK, probabilities=["praise", "shipping", "billing"], show=["text"])
    assert items.predictions.tolist() == [("billing", "praise")]
    cell = [{"praise": 0.7, "shipping": 0.2, "billing": 0.6}]
    of_cell = read_items(pd.DataFrame({"text": ["x"], "p": cell}), task=TASK, probabilities="p")
    assert of_cell.probabilities is not None
    assert of_cell.probabilities.tolist() == [[0.6, 0.2, 0.7]]


@pytest.mark.parametrize(
    ("row", "said"),
    [([1.2, 3.0, -2.0], "apply a sigmoid"), ([90, 80, 5], "divide them by 100"), ([0.5, np.nan, 0.5], "NaN")],
)
def test_other_probabilities_are_refused(row: list[float], said: str) -> None:
    with pytest.raises(BadColumn, match=said):
        with_probabilities([[0.5, 0.5, 0.5], row], prediction=None)


def test_the_model_version_follows_from_the_sets() -> None:
    def version(*said: Any) -> str:
        frame = pd.DataFrame({"text": ["x"] * len(said), "said": pd.Series(list(said))})
        return read_items(frame, task=TASK, prediction="said").model_version

    assert version(["praise", "billing"], []) == version({"billing", "praise"}, ())
    assert version(["praise"], []) != version([], ["praise"])


def order(name: Any, rows: list[list[float]]) -> list[int]:
    ranked = ranking(with_probabilities(rows), ReviewPlan(order=name))
    assert ranked is not None
    return ranked.tolist()


def test_the_margin_of_a_set_is_that_of_its_least_certain_label() -> None:
    # |2p - 1| at its least: 0.8, 0.1, 0.5
    assert order("margin", [[0.9, 0.9, 0.05], [0.55, 0.99, 0.01], [0.25, 0.8, 0.1]]) == [1, 2, 0]


def test_the_entropy_of_a_set_is_the_sum_over_its_labels() -> None:
    # in bits: 3, 0, 1; taken for one distribution, the third (0.5, 0, 0) would have half a bit
    assert order("entropy", [[0.5, 0.5, 0.5], [1.0, 0.0, 1.0], [0.5, 0.0, 1.0]]) == [0, 2, 1]


def test_without_a_confidence_of_the_whole_set_the_order_is_random() -> None:
    assert ranking(with_probabilities([[0.9, 0.8, 0.1]]), ReviewPlan(order="least_confident")) is None


# ---------------------------------------------------------------- keys


def test_labels_have_the_keys_that_they_have_in_a_classification() -> None:
    assert MultiLabel(["x", "card lost", "n"]).editor() == {
        "labels": [{"value": "x", "key": "x"}, {"value": "card lost", "key": "2"}, {"value": "n", "key": "n"}]
    }


# ---------------------------------------------------------------- many at once


@given(label_lists(), st.data())
def test_predictions_read_at_once_are_those_checked_one_by_one(labels: list[Any], data: st.DataObject) -> None:
    task = MultiLabel(labels)
    values = data.draw(st.lists(st.lists(st.sampled_from(labels)) | st.none(), max_size=8))
    read = task.read_predictions(cells(*values), "p").tolist()
    one_by_one = [None if value is None else task.check(value) for value in values]
    assert [value and [(label, type(label)) for label in value] for value in read] == [
        value and [(label, type(label)) for label in value] for value in one_by_one
    ]


@given(st.lists(st.lists(st.floats(0, 1), min_size=3, max_size=3), min_size=1, max_size=6))
def test_the_likely_labels_of_each_row_are_its_own(rows: list[list[float]]) -> None:
    read = TASK.most_probable(np.array(rows)).tolist()
    assert read == [tuple(label for label, p in zip(TOPICS, row, strict=True) if p >= 0.5) for row in rows]


def test_a_list_that_a_csv_file_has_as_text_names_what_reads_it():
    with pytest.raises(InvalidValue, match=r"exchange\.read_frame\(path\)"):
        TASK.check('["billing", "praise"]')
    with pytest.raises(InvalidValue, match="split it first"):
        TASK.check("[billing")
