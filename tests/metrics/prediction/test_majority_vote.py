"""What most say: by counting, by the session's own rule, and where nobody leads."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl_notebook.errors import BadFrame, InvalidValue
from hitl_notebook.labels import resolve_labels
from hitl_notebook.metrics import majority_vote, ratings
from hitl_notebook.tasks import Classification

LABELS = ["a", "b", "c"]
TABLES = st.lists(st.lists(st.sampled_from([*LABELS, None]), min_size=4, max_size=4), min_size=1, max_size=8)


def counted(row: list[str | None]) -> str | None:
    leading = Counter(label for label in row if label is not None).most_common(2)
    return None if not leading or (len(leading) > 1 and leading[0][1] == leading[1][1]) else leading[0][0]


@given(TABLES)
def test_the_majority_is_what_counting_gives(table):
    assert majority_vote(table).tolist() == [counted(row) for row in table]


@given(TABLES)
def test_of_plain_labels_the_sessions_own_rule_says_the_same(table):
    rows = [
        {"item_id": item, "reviewer": f"r{place}", "action": "flag" if label is None else "correct", "value": label}
        for item, row in enumerate(table)
        for place, label in enumerate(row)
    ]
    decisions = pd.DataFrame(rows).assign(prediction=None)
    resolved = resolve_labels(decisions, Classification(LABELS), "majority")
    assert majority_vote(ratings(decisions)).tolist() == resolved["value"].tolist()


def test_a_tie_is_missing_however_it_came_about():
    # two each; two each in turn; three that lead together; a tie of two below a leader of three
    table = [
        ["a", "a", "b", "b", None],
        ["a", "b", "a", "b", None],
        ["a", "b", "c", None, None],
        ["b", "a", "a", "b", "b"],
    ]
    assert majority_vote(table).tolist() == [None, None, None, "b"]


def test_gaps_are_no_votes():
    assert majority_vote([["a", None, None], [None, None, None], ["b", "a", float("nan")]]).tolist() == [
        "a",
        None,
        None,
    ]


def test_one_reviewer_and_one_class_are_their_own_majority():
    assert majority_vote([["a"], ["b"], [None]]).tolist() == ["a", "b", None]
    assert majority_vote([["a", "a"]]).tolist() == ["a"]


def test_nothing_rated_yet_is_nobody_elected():
    assert majority_vote([]).tolist() == []
    assert majority_vote(pd.DataFrame({"ada": [None], "bo": [None]})).tolist() == [None]
    assert majority_vote(pd.DataFrame(index=["t1", "t2"])).tolist() == [None, None]


def test_labels_and_index_are_kept_as_they_are():
    vote = majority_vote(pd.DataFrame({"ada": [3, 1], "bo": [3, 2]}, index=["t7", "t9"]))
    assert vote.name == "majority"
    assert vote.to_dict() == {"t7": 3, "t9": None}
    assert majority_vote(np.array([[0, 0, 1]])).tolist() == [0]
    assert majority_vote([[("a", "b"), ("a", "b"), ()]]).tolist() == [("a", "b")]


def test_what_cannot_be_a_vote_is_refused():
    with pytest.raises(InvalidValue, match="'d' is not among"):
        majority_vote([["a", "d"]], categories=LABELS)
    with pytest.raises(BadFrame, match="hashable"):
        majority_vote([[["a"], ["b"]]])
