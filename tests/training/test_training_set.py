"""Reviewed items as rows to train on: what gets in, what stays out, and what is an error."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from scipy import sparse

import hitl_notebook as hitl
from hitl_notebook.errors import (
    InvalidValue,
    Misaligned,
    NothingToJudge,
    NothingToTrain,
    ReviewersDiffer,
    UnknownChoice,
)
from hitl_notebook.training import training_set
from tests.training.sessions import SILENT, review_in_turn, session_over

X = np.arange(12.0).reshape(6, 2)
VALUES = ["yes", "no", "yes", "no", "yes", "no"]


@pytest.fixture
def session():
    with session_over(6, order="given") as session:
        yield session


def test_reviewed_rows_come_in_the_order_of_x_with_the_values_that_hold(session):
    session.correct(3, "yes")
    session.accept(1)
    rows = training_set(session, X, say=SILENT)
    assert rows.X.tolist() == X[[1, 3]].tolist()
    assert rows.y.tolist() == ["no", "yes"]
    assert rows.item_ids == [1, 3]
    assert rows.sample_weight.tolist() == [1, 1]
    assert rows.source.tolist() == ["reviewed", "reviewed"]


def test_what_was_left_out_is_counted_and_said(session, capsys):
    session.correct(0, "yes")
    session.flag(1, "torn")
    session.accept(2)
    rows = training_set(session, X[:5], ids=[0, 1, 3, 4, 5])
    assert rows.left_out == {"flagged": 1, "open": 3, "absent": 1}
    assert capsys.readouterr().out.splitlines() == [
        "1 rows to train on, reviewed.",
        "Left out: 1 flagged by everyone who met them.",
        "Left out: 3 not reviewed, and without a value in y.",
        "Left out: 1 reviewed, and not among the rows of X.",
    ]


def test_values_given_stand_where_nobody_has_reviewed(session):
    session.correct(0, "yes")
    rows = training_set(session, X, ["no", "no", None, "yes", float("nan"), "no"], say=SILENT)
    assert rows.item_ids == [0, 1, 3, 5]
    assert rows.y.tolist() == ["yes", "no", "yes", "no"]
    assert rows.source.tolist() == ["reviewed", "given", "given", "given"]


def test_gold_items_never_get_in_reviewed_or_given():
    with session_over(6, gold=["yes", None, None, "no", None, None]) as session:
        review_in_turn(session, VALUES, 6)
        rows = training_set(session, X, VALUES, say=SILENT)
    assert rows.item_ids == [1, 2, 4, 5]
    assert rows.left_out == {"gold": 2}
    with session_over(6) as session:  # the same, known to nobody
        review_in_turn(session, VALUES, 6)
        assert training_set(session, X, VALUES, say=SILENT).item_ids == [0, 1, 2, 3, 4, 5]


def test_what_is_held_out_stays_out_and_so_do_rows_like_it(session):
    twins = X.copy()
    twins[4] = twins[2]
    for item in range(6):
        session.correct(item, VALUES[item])
    rows = training_set(session, twins, holdout=[2], say=SILENT)
    assert rows.item_ids == [0, 1, 3, 5]
    assert rows.left_out == {"held out": 1, "twin": 1}
    assert rows.held_out == {2}


def test_what_is_held_out_has_to_be_items_of_the_session(session):
    review_in_turn(session, VALUES, 6)
    for holdout, words in (
        (["0", "1"], "2 are no items.*no item '0'"),
        ([0, 99], "1 are no items.*99"),
        ([[0]], r"\[0\]"),
    ):
        with pytest.raises(Misaligned, match=f"holdout: .*{words}"):
            training_set(session, X, holdout=holdout, say=SILENT)
    with pytest.raises(UnknownChoice, match="holdout is a frame: name its column of ids"):
        training_set(session, X, holdout=pd.DataFrame({"item_id": [0, 1]}), say=SILENT)
    assert training_set(session, X, holdout=pd.Series([0, 1]), say=SILENT).held_out == {0, 1}
    named = pd.DataFrame({"id": [17, 18], "text": ["x", "y"], "predicted": "no"})
    with hitl.ReviewSession(named, item_id="id", prediction="predicted", reviewer="ada", store=":memory:") as other:
        other.accept(18)
        with pytest.raises(Misaligned, match=r"no item '17'; did you mean 17 \(int\)"):
            training_set(other, X[:2], holdout=["17"], say=SILENT)


def test_of_a_session_opened_without_its_items_what_is_held_out_is_known_from_decisions_and_rows(tmp_path):
    store = tmp_path / "reviews.db"
    with session_over(6, order="given", store=store) as session:
        review_in_turn(session, VALUES, 3)
    with hitl.ReviewSession.open(store) as opened:
        rows = training_set(opened, X[1:], ids=range(1, 6), holdout=[0, 1, 5], say=SILENT)
        assert rows.held_out == {0, 1, 5} and rows.item_ids == [2]
        with pytest.raises(Misaligned, match="holdout: 1 are no items of this session: no item '1'"):
            training_set(opened, X, ids=range(6), holdout=["1"], say=SILENT)


def test_rows_with_the_same_features_share_a_group(session):
    twins = X.copy()
    twins[4] = twins[2]
    for item in range(6):
        session.correct(item, VALUES[item])
    groups = dict(zip(range(6), training_set(session, twins, say=SILENT).groups.tolist(), strict=True))
    assert groups[2] == groups[4]
    assert len(set(groups.values())) == 5


def test_where_reviewers_differ_a_rule_is_wanted_and_weighs_by_who_agrees(session):
    for reviewer, value in (("ada", "yes"), ("bo", "yes"), ("cy", "no")):
        session.correct(0, value, reviewer=reviewer)
    session.accept(1)
    session.correct(1, "yes", reviewer="bo")
    with pytest.raises(ReviewersDiffer):
        training_set(session, X, say=SILENT)
    rows = training_set(session, X, resolve="majority", say=SILENT)
    assert rows.item_ids == [0]
    assert rows.sample_weight.tolist() == [pytest.approx(2 / 3)]
    assert rows.left_out == {"differ": 1, "open": 4}
    assert training_set(session, X, resolve="latest", say=SILENT).y.tolist() == ["no", "yes"]


def test_a_random_share_is_set_aside_and_stays_aside_while_the_review_goes_on():
    rows = np.arange(120.0).reshape(60, 2)
    values = dict.fromkeys(range(60), "yes")
    with session_over(60) as session:
        review_in_turn(session, values, 30)
        first = training_set(session, rows, holdout="random", say=SILENT)
        review_in_turn(session, values, 30)
        second = training_set(session, rows, holdout="random", say=SILENT)
    assert 3 <= len(first.held_out) <= 16  # three in ten of 30
    assert first.held_out < second.held_out
    assert not set(first.item_ids) & second.held_out


def test_of_a_queue_by_score_all_that_was_drawn_at_random_is_set_aside():
    with session_over(40, order="least_confident") as session:
        review_in_turn(session, dict.fromkeys(range(40), "yes"), 25)
        decisions = session.decisions
        rows = training_set(session, np.arange(40.0)[:, None], holdout="random", say=SILENT)
    assert rows.held_out == set(decisions.loc[decisions["chosen_by"] == "random", "item_id"])
    assert set(rows.item_ids) == set(decisions.loc[decisions["chosen_by"] == "order", "item_id"])


def test_sets_of_labels_become_a_row_of_0_and_1_for_each():
    task = hitl.MultiLabel(["late", "rude"])
    with session_over(3, predicted=[["late"]] * 3, order="given", task=task) as session:
        session.correct(0, ["rude"])
        session.correct(1, [])
        session.accept(2)
        rows = training_set(session, X[:3], say=SILENT)
    assert rows.y.tolist() == [[0, 1], [0, 0], [1, 0]]


LABELS = np.array([[0, 0], [1, 0], [0, 1]])  # late, rude
GIVEN = [(), ("late",), ("rude",)]


@pytest.fixture
def labelled():
    with session_over(3, predicted=[["late"]] * 3, order="given", task=hitl.MultiLabel(["late", "rude"])) as session:
        session.accept(0)
        yield session


@pytest.mark.parametrize(
    "y",
    [
        LABELS,
        LABELS.astype(bool),
        sparse.csr_array(LABELS),
        pd.DataFrame(LABELS[:, ::-1], columns=["rude", "late"]),
        pd.DataFrame(LABELS, columns=["late", "rude"], dtype="Int64"),
        pl.DataFrame(LABELS[:, ::-1], schema=["rude", "late"]),
    ],
    ids=["array", "bool", "sparse", "frame", "nullable frame", "polars"],
)
def test_a_matrix_of_labels_is_read_by_name_or_in_their_order(labelled, y):
    assert training_set(labelled, X[:3], y, say=SILENT).values == [("late",), *GIVEN[1:]]


def test_of_a_matrix_of_labels_a_row_that_is_missing_is_no_value(labelled):
    gap = [float("nan")] * 2
    for y in (np.array([[0, 0], gap, [0, 1]]), pd.DataFrame([[0, 0], gap, [0, 1]], columns=["late", "rude"])):
        for values in (y, y.astype("Int64") if isinstance(y, pd.DataFrame) else y.astype(object)):
            rows = training_set(labelled, X[:3], values, say=SILENT)
            assert (rows.item_ids, rows.values) == ([0, 2], [("late",), ("rude",)])


@pytest.mark.parametrize(
    ("y", "error", "words"),
    [
        (np.array([[0, 0], [1, float("nan")], [0, 1]]), InvalidValue, "y, row 1: the cell of label 'rude' is missing"),
        (LABELS * 0.5, InvalidValue, "y, row 1: the cell of label 'late', 0.5, is neither 0 nor 1"),
        (np.ones((3, 3)), Misaligned, r"y has the shape \(3, 3\).*each of the 2 labels"),
        (LABELS[:, :1], Misaligned, r"y has the shape \(3, 1\)"),
        (pd.DataFrame(LABELS, columns=["late", "ruder"]), Misaligned, "missing: 'rude'; no label: 'ruder'"),
        (pd.DataFrame(LABELS, columns=["late", "late"]), Misaligned, "missing: 'rude'; no label: 'late'"),
    ],
    ids=["missing in part", "a share", "too wide", "too narrow", "another name", "a name twice"],
)
def test_a_matrix_that_is_none_of_labels_is_refused(labelled, y, error, words):
    with pytest.raises(error, match=words):
        training_set(labelled, X[:3], y, say=SILENT)


def test_numbers_stay_numbers():
    with session_over(3, predicted=[1.0, 2.0, 3.0], order="given", task=hitl.Regression(tolerance=0.5)) as session:
        session.correct(0, 7)
        session.accept(2)
        rows = training_set(session, X[:3], say=SILENT)
    assert rows.y.tolist() == [7.0, 3.0]
    assert rows.y.dtype == np.float64


def test_a_frame_that_says_it_is_sorted_otherwise_is_refused(session):
    frame = pd.DataFrame(X)
    assert len(training_set(session, frame, VALUES, say=SILENT)) == 6
    with pytest.raises(Misaligned, match="in another order"):
        training_set(session, frame[::-1], VALUES, say=SILENT)
    named = pd.DataFrame({"id": ["a", "b"], "text": ["x", "y"], "predicted": "no"})
    with hitl.ReviewSession(named, item_id="id", prediction="predicted", reviewer="ada", store=":memory:") as other:
        with pytest.raises(Misaligned, match="row 0: 'b', where the session has 'a'"):
            training_set(other, pd.DataFrame({"id": ["b", "a"], "n": [1, 2]}), ["no", "no"], say=SILENT)
        assert training_set(other, np.array([[2], [1]]), ["no", None], ids=["b", "a"], say=SILENT).item_ids == ["b"]


def test_values_that_say_they_are_sorted_otherwise_are_refused(session):
    session.accept(0)
    frame, y = pd.DataFrame(X), pd.Series(VALUES)
    assert training_set(session, frame, y, say=SILENT).values == ["no", *VALUES[1:]]
    for rows, of in ((frame, "X"), (X, "the session's frame")):
        with pytest.raises(Misaligned, match=f"y has the index of {of} in another order"):
            training_set(session, rows, y[::-1], say=SILENT)
    turned = training_set(session, frame[::-1], y[::-1], ids=range(5, -1, -1), say=SILENT)
    assert dict(zip(turned.item_ids, turned.values, strict=True)) == {0: "no", **dict(enumerate(VALUES[1:], 1))}
    with pytest.raises(Misaligned, match="y has the index of X in another order"):
        training_set(session, frame[::-1], y, ids=range(5, -1, -1), say=SILENT)


@pytest.mark.parametrize("kind", [pd.Series, pl.Series, lambda cells: pa.chunked_array([cells]), np.array])
def test_values_are_a_column_of_any_library(session, kind):
    session.accept(0)
    assert training_set(session, X, kind(VALUES), say=SILENT).values == ["no", *VALUES[1:]]
    with pytest.raises(Misaligned, match="y is a frame: name its column"):
        training_set(session, X, pd.DataFrame({"value": VALUES}), say=SILENT)


@pytest.mark.parametrize(
    ("rows", "ids", "words"),
    [
        (5, None, "5 rows and the session's frame 6"),
        (3, [0, 1], "3 rows and ids 2"),
        (3, [0, 1, 1], "item 1 of row 2"),
        (3, [0, 1, 9], "1 are no items of this session: no item 9: without item_id="),
        (3, [0, 1, None], "row 2 has none"),
    ],
)
def test_rows_that_do_not_go_with_the_items_are_refused(session, rows, ids, words):
    session.accept(0)
    with pytest.raises(Misaligned, match=words):
        training_set(session, X[:rows], ids=ids, say=SILENT)


def test_ids_may_be_numpys_own(session):
    session.accept(5)
    assert training_set(session, X, ids=np.arange(6), say=SILENT).item_ids == [5]


def test_a_session_opened_without_its_items_needs_ids(tmp_path):
    store = tmp_path / "reviews.db"
    with session_over(6, order="given", store=store) as session:
        session.correct(0, "yes")
    with hitl.ReviewSession.open(store) as opened:
        with pytest.raises(Misaligned, match="with ids="):
            training_set(opened, X, say=SILENT)
        assert training_set(opened, X, ids=range(6), say=SILENT).y.tolist() == ["yes"]


def test_what_cannot_be_meant_is_refused(session):
    with pytest.raises(NothingToTrain, match="6 not reviewed"):
        training_set(session, X, say=SILENT)
    with pytest.raises(InvalidValue, match="maybe"):
        training_set(session, X, ["maybe"] * 6, say=SILENT)
    with pytest.raises(Misaligned, match="5 values for 6 rows"):
        training_set(session, X, VALUES[:5], say=SILENT)
    session.accept(0)
    with pytest.raises(NothingToJudge, match="drawn at random"):
        training_set(session, X, holdout="random", say=SILENT)
    with pytest.raises(UnknownChoice, match="share"):
        training_set(session, X, holdout=1.5, say=SILENT)
    with pytest.raises(UnknownChoice, match="newest"):
        training_set(session, X, holdout="newest", say=SILENT)
