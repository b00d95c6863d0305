"""What holds for each item, by rule."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self
from uuid import UUID

import pandas as pd
import pytest

from hitl_notebook.errors import ReviewersDiffer, UnknownChoice
from hitl_notebook.labels import resolve_labels
from hitl_notebook.tasks import Classification, MultiLabel, Regression, Task

TASK = Classification(["a", "b", "c"])


class Letters(Task):
    """Text whose case does not matter, as a task of one's own may have it."""

    name: ClassVar[str] = "letters"

    def spec(self) -> dict[str, Any]:
        return {}

    @classmethod
    def from_spec(cls, spec: Mapping[str, Any]) -> Self:
        return cls()

    def check(self, value: Any) -> Any:
        return value

    def to_json(self, value: Any) -> Any:
        return value

    def from_json(self, data: Any) -> Any:
        return data

    def equal(self, a: Any, b: Any) -> bool:
        return bool(a.lower() == b.lower())


def decisions(*rows: tuple[Any, str, Any, Any]) -> pd.DataFrame:
    """Rows of item, reviewer, value (None: flagged) and prediction, the oldest first."""
    return pd.DataFrame(
        {
            "item_id": pd.Series([row[0] for row in rows], dtype=object),
            "reviewer": [row[1] for row in rows],
            "action": ["flag" if row[2] is None else "correct" for row in rows],
            "value": pd.Series([row[2] for row in rows], dtype=object),
            "prediction": pd.Series([row[3] for row in rows], dtype=object),
        }
    )


def row(labels: pd.DataFrame, item_id: Any) -> dict[str, Any]:
    (at,) = [place for place, id_ in enumerate(labels["item_id"]) if id_ == item_id and type(id_) is type(item_id)]
    return {str(name): None if pd.isna(cell) else cell for name, cell in labels.iloc[at].items()}


ONE_MIND = decisions(("t1", "ada", "a", "a"), ("t2", "ada", "b", "a"), ("t1", "bo", "a", "a"), ("t3", "bo", "c", None))
TWO_MINDS = decisions(
    ("t1", "ada", "a", "a"),
    ("t1", "bo", "b", "a"),
    ("t1", "cy", "a", "a"),
    ("t2", "ada", "a", "b"),
    ("t2", "bo", "b", "b"),
    ("t3", "ada", "c", "c"),
)


def test_where_nobody_differs_no_rule_is_needed() -> None:
    labels = resolve_labels(ONE_MIND, TASK)
    assert list(labels) == ["item_id", "value", "prediction", "agreed", "reviewers", "flagged", "resolve"]
    assert labels["item_id"].tolist() == ["t1", "t2", "t3"]
    assert labels["value"].tolist() == ["a", "b", "c"]
    assert labels["agreed"].tolist() == [True, False, pd.NA]
    assert labels["reviewers"].tolist() == [2, 1, 1]
    assert set(labels["resolve"]) == {"only"}


def test_reviewers_who_differ_are_never_merged_silently() -> None:
    with pytest.raises(ReviewersDiffer, match=r"2 of 3 items \('t1', 't2'\).*latest, majority"):
        resolve_labels(TWO_MINDS, TASK)


def test_of_many_items_on_which_reviewers_differ_five_are_named() -> None:
    rows = [(item, reviewer, value, None) for item in range(50) for reviewer, value in (("ada", "a"), ("bo", "b"))]
    with pytest.raises(ReviewersDiffer, match=r"50 of 50 items \(0, 1, 2, 3, 4, \.\.\.\)"):
        resolve_labels(decisions(*rows), TASK)


def test_latest_is_the_value_decided_last() -> None:
    labels = resolve_labels(TWO_MINDS, TASK, "latest")
    assert labels["value"].tolist() == ["a", "b", "c"]
    assert labels["resolve"].tolist() == ["latest", "latest", "only"]
    assert resolve_labels(TWO_MINDS.iloc[::-1], TASK, "latest").set_index("item_id")["value"].to_dict() == {
        "t1": "a",
        "t2": "a",
        "t3": "c",
    }


def test_majority_is_the_value_of_most_and_missing_in_a_tie() -> None:
    labels = resolve_labels(TWO_MINDS, TASK, "majority")
    # t1: two of three say a. t2: one each.
    assert row(labels, "t1")["value"] == "a"
    assert row(labels, "t2") == {
        "item_id": "t2",
        "value": None,
        "prediction": "b",
        "agreed": None,
        "reviewers": 2,
        "flagged": 0,
        "resolve": "majority",
    }


def test_a_flag_is_no_vote() -> None:
    flagged = decisions(("t1", "ada", "a", "a"), ("t1", "bo", None, "a"), ("t2", "ada", None, "b"))
    for rule in (None, "latest", "majority"):
        labels = resolve_labels(flagged, TASK, rule)
        assert [row(labels, "t1")[name] for name in ("value", "reviewers", "flagged", "resolve")] == ["a", 1, 1, "only"]
        assert [row(labels, "t2")[name] for name in ("value", "agreed", "reviewers", "flagged")] == [None, None, 0, 1]


def test_the_task_says_when_values_are_equal() -> None:
    mixed = decisions(("t1", "ada", "Yes", "YES"), ("t1", "bo", "yes", "YES"), ("t2", "ada", "no", "yes"))
    labels = resolve_labels(mixed, Letters())
    assert labels["value"].tolist() == ["Yes", "no"]
    assert labels["agreed"].tolist() == [True, False]
    votes = decisions(
        *[("t1", name, value, None) for name, value in zip("abcde", ["x", "Y", "X", "y", "y"], strict=True)]
    )
    # y three times, x twice, whatever their case.
    assert resolve_labels(votes, Letters(), "majority")["value"].tolist() == ["Y"]


def test_a_set_of_labels_counts_as_a_whole() -> None:
    task = MultiLabel(["a", "b", "c"])
    sets = decisions(
        ("t1", "ada", ("a", "b"), ("a",)), ("t1", "bo", ("a", "b"), ("a",)), ("t1", "cy", ("a",), ("a",)),
        ("t2", "ada", (), ("a",)), ("t2", "bo", (), ("a",)),
        ("t3", "ada", ("a", "b"), ()), ("t3", "bo", ("a", "c"), ()),
    )  # fmt: skip
    labels = resolve_labels(sets, task, "majority")
    assert labels["value"].tolist() == [("a", "b"), (), None]  # t3 has no majority, though both have "a"
    assert labels["agreed"].tolist() == [False, False, pd.NA]
    assert labels["resolve"].tolist() == ["majority", "only", "majority"]


def test_numbers_agree_only_where_each_agrees_with_each() -> None:
    # 0 and 10 both agree with 5, and not with each other
    task = Regression(tolerance=5)
    chain = decisions(*(("t1", name, value, 4.0) for name, value in (("ada", 0.0), ("bo", 5.0), ("cy", 10.0))))
    with pytest.raises(ReviewersDiffer):
        resolve_labels(chain, task)
    assert row(resolve_labels(chain, task, "majority"), "t1")["value"] == 5.0
    close = decisions(("t1", "ada", 0.0, 4.0), ("t1", "bo", 5.0, 4.0))
    assert row(resolve_labels(close, task), "t1")["value"] == 0.0


def test_ids_keep_their_types_and_stay_apart() -> None:
    ids = [17, "17", UUID(int=17)]
    labels = resolve_labels(decisions(*[(id_, "ada", "a", "a") for id_ in ids]), TASK)
    assert [(type(id_), id_) for id_ in labels["item_id"]] == [(type(id_), id_) for id_ in ids]


def test_the_prediction_is_the_last_one_known() -> None:
    labels = resolve_labels(decisions(("t1", "ada", "a", "b"), ("t1", "bo", "a", "a")), TASK)
    assert row(labels, "t1")["prediction"] == "a"
    assert row(labels, "t1")["agreed"]


def test_an_unknown_rule_is_refused_with_those_there_are() -> None:
    for rule in ("dawid_skene", "adjudicated", "vote"):
        with pytest.raises(UnknownChoice, match="one of latest, majority"):
            resolve_labels(ONE_MIND, TASK, rule)


def test_no_decisions_are_no_labels() -> None:
    labels = resolve_labels(ONE_MIND.iloc[:0], TASK)
    assert len(labels) == 0
    assert str(labels["agreed"].dtype) == "boolean"


def test_the_decisions_are_not_changed() -> None:
    before = TWO_MINDS.copy(deep=True)
    resolve_labels(TWO_MINDS, TASK, "majority")
    pd.testing.assert_frame_equal(TWO_MINDS, before)
