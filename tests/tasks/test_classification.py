from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl_notebook.errors import BadColumn, InvalidTask, InvalidValue
from hitl_notebook.tasks import Classification
from hitl_notebook.tasks.task import Cells

one_label = (
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).filter(str.strip)
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.booleans()
)


@st.composite
def label_lists(draw: st.DrawFn) -> list[Any]:
    labels = draw(st.lists(one_label, min_size=1, max_size=20))
    distinct = {label: label for label in labels}.values()  # of 1, 1.0 and True only one
    return list({str(label): label for label in distinct}.values())


def cells(*values: Any) -> Cells:
    return np.fromiter(values, dtype=object, count=len(values))


def keys(labels: list[Any]) -> list[str | None]:
    return [label["key"] for label in Classification(labels).editor()["labels"]]


# ---------------------------------------------------------------- labels


@given(label_lists())
def test_labels_come_back_from_json_and_from_the_spec_with_their_type(labels: list[Any]) -> None:
    task = Classification(labels)
    again = Classification.from_spec(task.spec())
    for label in labels:
        restored = again.from_json(task.to_json(label))
        assert (restored, type(restored)) == (label, type(label))
        assert task.equal(task.check(label), restored)


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        ("spam", r"write labels=\['spam'\]"),
        ([], "empty"),
        (["ham", "  "], r"labels\[1\] is '  '"),
        (["ham", None], r"labels\[1\] is None"),
        (["ham", float("nan")], "finite"),
        (["ham", ["spam"]], "a str, int, float or bool"),
        (["ham", "ham"], "reads the same"),
        ([1, "1"], "reads the same as 1"),
        ([1, True], "equal"),
        ([1, 1.0], "equal"),
        (["\ud800"], "surrogate"),
        (["x" * 1_001], "1,000 characters"),
        ({"ham": 1}, "no order"),
        ({"ham", "spam"}, "no order"),
        (3, "not int"),
    ],
)
def test_labels_that_no_decision_could_choose_are_refused(labels: Any, said: str) -> None:
    with pytest.raises(InvalidTask, match=said):
        Classification(labels)


def test_labels_may_come_as_numpy_or_pandas_and_keep_python_types() -> None:
    assert Classification(np.array([3, 1])).labels == [3, 1]
    assert [type(label) for label in Classification(np.array([True, False])).labels or ()] == [bool, bool]
    assert Classification(pd.Series(["b", "a"])).labels == ["b", "a"]


def test_any_characters_and_five_thousand_labels_are_fine() -> None:
    names = ["__proto__", "constructor", "<script>alert(1)</script>", "a\0b", "\u202eabc", "👩‍👩‍👧", "x" * 1_000]
    assert Classification([*names, *range(5_000)]).from_json("__proto__") == "__proto__"


def test_labels_left_out_are_the_sorted_predictions() -> None:
    assert Classification().completed(cells("spam", None, "ham", "spam")).labels == ["ham", "spam"]
    assert Classification(["given"]).completed(cells("spam")).labels == ["given"]


def test_labels_left_out_without_predictions_are_asked_for() -> None:
    with pytest.raises(InvalidTask, match="name them"):
        Classification().completed(cells(None, None))


def test_integers_that_pandas_made_floats_for_a_missing_one_are_integers_again() -> None:
    assert Classification().completed(cells(3.0, None, 1.0)).labels == [1, 3]
    assert Classification().completed(cells(3.0, 1.0)).labels == [1.0, 3.0]


def test_a_column_of_scores_is_not_taken_for_labels() -> None:
    with pytest.raises(InvalidTask, match=r"does not look like a column of labels.*Regression\(\)"):
        Classification().completed(np.arange(20_000).astype(object))


def test_sets_of_labels_are_not_taken_for_labels() -> None:
    with pytest.raises(InvalidTask, match=r"MultiLabel\(\)"):
        Classification().completed(cells(["ham"], ["spam"]))


# ---------------------------------------------------------------- values


@pytest.mark.parametrize("value", [np.int64(3), np.float64(3), 3.0, 3])
def test_numbers_equal_to_a_label_are_that_label(value: Any) -> None:
    checked = Classification([1, 3]).check(value)
    assert (checked, type(checked)) == (3, int)


@pytest.mark.parametrize(
    ("labels", "value"),
    [([0, 1], True), ([True, False], 1), ([1], "1"), (["1"], 1), (["a"], None), ([1], float("nan")), (["a"], ["a"])],
)
def test_values_of_another_type_are_refused(labels: list[Any], value: Any) -> None:
    with pytest.raises(InvalidValue):
        Classification(labels).check(value)


def test_a_refused_value_hints_at_the_label_that_was_meant() -> None:
    with pytest.raises(InvalidValue, match="did you mean 'refund'"):
        Classification(["refund", "card lost"]).check("refnud")
    with pytest.raises(InvalidValue, match="the label 1 is int, not str"):
        Classification([1, 2]).check("1")


@pytest.mark.parametrize("data", [None, 1, True, ["ham"], {"ham": 1}, "HAM", "ham ", "__proto__", 1e400])
def test_json_that_is_no_label_is_refused(data: Any) -> None:
    with pytest.raises(InvalidValue):
        Classification(["ham", "spam"]).from_json(data)


@given(label_lists(), st.data())
def test_predictions_read_at_once_are_those_checked_one_by_one(labels: list[Any], data: st.DataObject) -> None:
    task = Classification(labels)
    values = data.draw(st.lists(st.sampled_from(labels) | st.none(), max_size=10))
    read = task.read_predictions(cells(*values), "p")
    one_by_one = [None if value is None else task.check(value) for value in values]
    assert [(value, type(value)) for value in read] == [(value, type(value)) for value in one_by_one]


def test_an_unknown_prediction_names_column_rows_and_the_close_label() -> None:
    with pytest.raises(BadColumn) as raised:
        Classification(["ham", "spam"]).read_predictions(cells("ham", "sapm", None, *["eggs"] * 6), "predicted")
    said = str(raised.value)
    assert "'predicted'" in said
    assert "7 of 9 rows" in said
    assert "row 1: 'sapm'; row 3: 'eggs'; row 4: 'eggs'; row 5: 'eggs'; row 6: 'eggs')" in said
    assert "did you mean 'spam'?" in said


def test_predictions_of_mixed_and_numpy_types_are_read() -> None:
    read = Classification([2, "x", True]).read_predictions(cells(np.int64(2), "x", np.True_, np.str_("x"), 2.0), "p")
    assert [(value, type(value)) for value in read] == [(2, int), ("x", str), (True, bool), ("x", str), (2, int)]


def test_lists_as_predictions_are_refused() -> None:
    with pytest.raises(BadColumn, match="row 1"):
        Classification(["a"]).read_predictions(cells("a", ["a"]), "p")


# ---------------------------------------------------------------- keys


def test_up_to_nine_labels_have_the_digits_of_their_places() -> None:
    assert keys(["refund", "card lost", "other"]) == ["1", "2", "3"]


def test_a_label_of_one_character_is_its_own_key() -> None:
    assert keys(["x", "card lost", "n"]) == ["x", "2", "n"]
    assert keys([*"0123456789"]) == [*"0123456789"]
    assert keys(list(range(10))) == [*"0123456789"]


def test_the_keys_of_the_card_stay_its_own() -> None:
    assert keys(["a", "c", "f", "s", "u", "/", "?", "A", "z"]) == ["1", "2", "3", "4", "5", "6", "7", "8", "z"]


def test_keys_are_the_same_with_caps_lock() -> None:
    assert keys(["B", "b"]) == ["b", "2"]


def test_a_digit_that_is_a_label_is_not_given_to_another() -> None:
    # "2" keeps its own key, so the second label gets the first digit that is left
    assert keys(["2", "card lost"]) == ["2", "1"]


def test_beyond_nine_labels_digits_are_left_for_the_candidates() -> None:
    assert keys(["x", *(f"intent {number}" for number in range(76))]) == ["x", *[None] * 76]


def test_a_character_that_no_keyboard_has_a_key_for_gets_a_digit() -> None:
    assert keys(["好", "😀", "\0", "é"]) == ["1", "2", "3", "é"]


@given(label_lists())
def test_no_two_labels_share_a_key_and_none_has_one_of_the_cards(labels: list[Any]) -> None:
    given_keys = [key for key in keys(labels) if key is not None]
    assert len(given_keys) == len(set(given_keys))
    assert not set(given_keys) & set("acfsu/?")
    assert all(key == key.lower() and len(key) == 1 for key in given_keys)
    assert len(labels) > 9 or len(given_keys) == len(labels)


# ---------------------------------------------------------------- going on


def test_a_task_may_gain_labels_and_not_lose_or_retype_any() -> None:
    earlier = Classification(["ham", "1"])
    assert Classification(["new", "1", "ham"]).extends(earlier)
    assert not Classification(["ham"]).extends(earlier)
    assert not Classification(["ham", 1]).extends(earlier)


def test_labels_found_in_new_predictions_join_those_of_before() -> None:
    before = Classification().completed(cells("ham", "spam"))
    joined = Classification().completed(cells("eggs", "ham")).joined(before)
    assert joined.labels == ["ham", "spam", "eggs"]
    assert Classification(["ham"]).joined(before).labels == ["ham"]


def test_labels_that_are_added_later_come_last_and_move_no_key() -> None:
    def later_keys(before: list[Any], added: list[Any]) -> list[str | None]:
        task = Classification(before).gaining(Classification([*added, *reversed(before)]))
        assert task.labels == [*before, *added]
        return [label["key"] for label in task.editor()["labels"]]

    assert later_keys(["refund", "other"], ["2", "x"]) == ["1", "2", "3", "x"]
    assert later_keys([f"label {n}" for n in range(9)], ["one more"]) == [*"123456789", None]
    assert later_keys([f"label {n}" for n in range(10)], ["5", "x"]) == [None] * 11 + ["x"]
