"""The session from Python: deciding, going on where it stood, and what a changed frame means."""

import gc
import hashlib
import json
import sqlite3
import threading
from contextlib import closing

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import hitl_notebook as hitl
from hitl_notebook.errors import (
    BadColumn,
    BadGuidelines,
    BadName,
    BadPlan,
    Conflict,
    ExportExists,
    FileProblem,
    InvalidDecision,
    InvalidValue,
    NewerContent,
    ReviewersDiffer,
    SessionMismatch,
    StoreProblem,
    UnknownItem,
)
from hitl_notebook.exchange import read_frame
from hitl_notebook.session import Seen
from hitl_notebook.session.drafts import Claims, Remarks
from hitl_notebook.store import Store, verify
from tests.page import Page

ROWS = [
    {"id": "t1", "text": "Where is my money?", "predicted": "refund", "p": 0.9, "channel": "mail"},
    {"id": "t2", "text": "I lost my card", "predicted": "refund", "p": 0.5, "channel": "phone"},
    {"id": "t3", "text": "Card swallowed", "predicted": "card lost", "p": 0.7, "channel": "mail"},
    {"id": "t4", "text": "Thanks!", "predicted": "refund", "p": 0.6, "channel": "phone"},
]
NEWER = [ROWS[0], ROWS[1] | {"text": "I lost my card, help"}, *ROWS[2:]]
TASK = hitl.Classification(["refund", "card lost"])
MORE = hitl.Classification(["thanks", "refund", "card lost"])


def frame(rows=ROWS):
    return pd.DataFrame(rows)


def review(predictions=None, **options):
    defaults = {
        "task": TASK,
        "item_id": "id",
        "prediction": "predicted",
        "confidence": "p",
        "show": ["text"],
        "slices": ["channel"],
        "plan": hitl.ReviewPlan(random_share=0, seed=1),
        "reviewer": "ada",
        "store": ":memory:",
    }
    return hitl.ReviewSession(frame() if predictions is None else predictions, **(defaults | options))


def drawn(session):
    return [row.draw for row in session._review.store.draws(session._review.row.session_id)]


def _twice(session, key, event_id):
    """A first decision on the item, of which only one can be recorded."""
    desk = session._review
    claims = Claims(session_id=desk.row.session_id, reviewer="ada", event_id=event_id)
    draw = desk.draws("ada", [key])[key]
    return desk.decision_draft(claims, key, "accept", None, Remarks(), desk.seen_now("ada", draw), draw=draw)


def _fail(connection):
    raise StoreProblem("The disk is full.", "Free some space.")


def standing(session):
    decisions = session.decisions
    return {(row.item_id, row.reviewer): (row.action, row.value) for row in decisions.itertuples()}


# ------------------------------------------------------------ deciding


def test_the_least_confident_item_comes_first():
    session = review()
    order = []
    while (item_id := session.next_item()) is not None:
        order.append(item_id)
        session.accept(item_id)
    assert order == ["t2", "t4", "t3", "t1"]


def test_a_correction_to_the_prediction_is_an_accept():
    session = review()
    session.correct("t1", "refund")
    assert standing(session) == {("t1", "ada"): ("accept", "refund")}


def test_the_three_verdicts_and_what_they_say_of_the_model():
    session = review()
    session.accept("t1", comment="clear")
    session.correct("t2", "card lost")
    session.flag("t4", "no question at all")
    decisions = session.decisions.set_index("item_id")
    assert decisions["agreed"].tolist() == [True, False, pd.NA]
    assert decisions.loc["t1", ["comment", "confidence", "slice_channel"]].tolist() == ["clear", 0.9, "mail"]
    assert decisions.loc["t4", ["reason", "value"]].tolist() == ["no question at all", None]
    assert session.progress() == {
        "total": 4, "reviewed": 3, "accepted": 1, "corrected": 1, "flagged": 1, "skipped": 0, "remaining": 1,
    }  # fmt: skip


def test_a_decision_can_be_changed_and_the_change_undone():
    session = review()
    session.accept("t1")
    session.correct("t1", "card lost")
    assert standing(session) == {("t1", "ada"): ("correct", "card lost")}
    session.undo()
    assert standing(session) == {("t1", "ada"): ("accept", "refund")}
    session.undo()
    assert standing(session) == {}
    with pytest.raises(Conflict, match="nothing left"):
        session.undo()
    assert session.log["kind"].tolist() == ["settings", "start", "decide", "decide", "undo", "undo"]


def test_a_skipped_item_comes_back_at_the_end():
    session = review()
    session.skip("t2")
    assert session.next_item() == "t4"
    for item_id in ("t4", "t3", "t1"):
        session.accept(item_id)
    assert session.next_item() == "t2"
    assert session.progress()["skipped"] == 1


def test_the_same_event_id_decides_once():
    session = review()
    first = session.decide("t1", "accept", event_id="e1")
    assert session.decide("t1", "accept", event_id="e1") == first == "e1"
    assert len(session.log.query("kind == 'decide'")) == 1


@pytest.mark.parametrize(
    "call",
    [
        lambda s: s.decide("t1", "accept", reviewer="bo", event_id="e1"),
        lambda s: s.decide("t2", "accept", event_id="e1"),
        lambda s: s.decide("t1", "accept", event_id="undone"),
    ],
    ids=["another reviewer", "another item", "another kind"],
)
def test_the_id_of_another_event_decides_nothing_and_says_so(call):
    session = review()
    session.decide("t1", "accept", event_id="e1")
    session.decide("t4", "accept", event_id="e2")
    claims = Claims(session_id=session._review.row.session_id, reviewer="ada", event_id="undone")
    session._review.undo(claims)
    log, draws = session.log, drawn(session)
    with pytest.raises(Conflict, match="already used for another event"):
        call(session)
    pd.testing.assert_frame_equal(session.log, log)
    assert drawn(session) == draws


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda s: s.accept("t9"), UnknownItem),
        (lambda s: s.correct("t1", "lost card"), InvalidValue),
        (lambda s: s.correct("t1", None), InvalidDecision),
        (lambda s: s.flag("t1", " "), InvalidDecision),
        (lambda s: s.flag("t1", None), InvalidDecision),
        (lambda s: s.decide("t1", "delete"), InvalidDecision),
        (lambda s: s.decide("t1", "flag", "refund", reason="both"), InvalidDecision),
        (lambda s: s.accept("t1", comment=7), InvalidDecision),
        (lambda s: s.decide("t1", "accept", event_id="e\0"), InvalidDecision),
        (
            lambda s: s.import_decisions([{"item_id": "t3", "value": "refund"}, {"item_id": "t9", "value": "refund"}]),
            UnknownItem,
        ),
        (lambda s: s.accept("t1", reviewer="  "), BadName),
        (lambda s: s.accept("t1", reviewer="a" * 257), BadName),
        (lambda s: s.accept("t1", reviewer="a\nb"), BadName),
        (lambda s: s.labels("coin"), ValueError),
        (lambda s: s.export("x.csv", what="everything"), ValueError),
    ],
)
def test_what_cannot_be_recorded_is_refused_and_leaves_nothing(call, error, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    session = review()
    with pytest.raises(error):
        call(session)
    assert standing(session) == {}
    assert drawn(session) == []
    assert session.next_item() == "t2"
    assert list(tmp_path.iterdir()) == []


def test_a_decision_that_comes_too_late_leaves_the_queue_as_it_was(tmp_path):
    here, there = review(store=tmp_path / "r.db"), review(store=tmp_path / "r.db", reviewer="bo")
    there.decide("t4", "accept", event_id="e1")
    before = drawn(here)
    for call in (
        lambda: here.decide("t1", "accept", event_id="e1"),
        lambda: here._review.record_all([_twice(here, "t1", "e2"), _twice(here, "t1", "e3")]),
    ):
        with pytest.raises(Conflict):
            call()
        assert drawn(here) == before
    here.accept("t1")
    decision = here.decisions.set_index("item_id").loc["t1"]
    assert (decision["chosen_by"], decision["kind"]) == ("hand", "chosen")
    assert here.next_item() == "t2"


def test_a_store_that_cannot_be_written_leaves_the_queue_as_it_was(tmp_path, monkeypatch):
    session = review(store=tmp_path / "r.db")
    with monkeypatch.context() as failing:
        failing.setattr(session._review.store._database, "commit", _fail)
        with pytest.raises(StoreProblem, match="full"):
            session.accept("t1")
    assert drawn(session) == []
    assert session.next_item() == "t2"
    session.accept("t1")
    assert standing(session) == {("t1", "ada"): ("accept", "refund")}


def test_an_item_that_was_asked_meanwhile_is_not_taken_for_one_chosen_by_hand():
    sessions, asked_meanwhile = [], []

    class Slow(hitl.Classification):
        name = "slow"

        def equal(self, a, b):
            asked_meanwhile.extend(session.next_item() for session in sessions)
            return super().equal(a, b)

    session = review(task=Slow(["refund", "card lost"]))
    sessions.append(session)
    session.correct("t1", "card lost")
    assert asked_meanwhile == ["t2"]
    row = session.decisions.iloc[0]
    assert (row["chosen_by"], row["kind"], row["selection_probability"]) == ("order", "regular", 1.0)
    assert [draw.item_id for draw in drawn(session)] == ["t2", "t4", "t3", "t1"]


def test_without_a_prediction_there_is_nothing_to_accept_and_nothing_agrees():
    session = review(frame([ROWS[0] | {"predicted": None}, ROWS[1]]))
    accepted = [{"item_id": "t2", "action": "accept"}, {"item_id": "t1", "action": "accept"}]
    for call in (lambda: session.accept("t1"), lambda: session.import_decisions(accepted)):
        with pytest.raises(InvalidDecision, match="no prediction"):
            call()
    assert drawn(session) == []
    session.correct("t1", "refund")
    assert session.decisions["agreed"].tolist() == [pd.NA]


def test_reviewers_decide_each_for_themselves():
    session = review()
    session.accept("t1")
    session.correct("t1", "card lost", reviewer="bo")
    session.undo()
    assert standing(session) == {("t1", "bo"): ("correct", "card lost")}
    assert session.progress("bo")["reviewed"] == 1


# ------------------------------------------------------------ what is drawn


def test_how_an_item_came_to_be_asked_is_in_its_decision():
    session = review(plan=hitl.ReviewPlan(random_share=0.2, seed=5))
    first = session.next_item()
    session.accept(first)
    row = session.decisions.iloc[0]
    expected = 0.85 if first == "t2" else 0.05
    assert row["selection_probability"] == pytest.approx(expected)
    assert (row["pool_size"], row["kind"]) == (4, "regular")


def test_items_asked_by_hand_are_no_sample_of_the_whole():
    session = review()
    assert session.enqueue(["t1", "t3"]) == ["t1", "t3"]
    assert session.next_item() == "t1"
    session.accept("t1")
    session.accept("t2")
    row = session.decisions.set_index("item_id").loc["t1"]
    assert (row["kind"], row["chosen_by"]) == ("chosen", "hand")
    assert pd.isna(row["selection_probability"])
    assert session.enqueue(["t1"]) == [], "it is decided"


def test_a_sample_is_the_same_for_every_reviewer_and_after_a_restart(tmp_path):
    plan = hitl.ReviewPlan(sample=2, order="random")
    drawn = {}
    for reviewer in ("ada", "bo", "ada"):
        with review(plan=plan, reviewer=reviewer, store=tmp_path / "r.db") as session:
            drawn.setdefault(reviewer, set()).add(session.next_item())
            assert session.progress()["total"] == 2
            if session.progress()["reviewed"] == 0:
                session.accept(session.next_item())
    with review(plan=plan, reviewer="bo", store=tmp_path / "r.db") as session:
        drawn["bo"].add(session.next_item())
    assert drawn["ada"] == drawn["bo"]


def test_a_seed_draws_the_same_items_in_the_same_order_however_the_frame_is_sorted():
    rows = [{"id": f"t{number}", "text": "when?", "said": "refund"} for number in range(40)]
    drawn = []
    for frame in (rows, rows[::-1], rows[:-1]):
        plan = hitl.ReviewPlan(sample=10, order="random", seed=3)
        session = hitl.ReviewSession(frame, item_id="id", prediction="said", plan=plan, store=":memory:")
        drawn.append([key for key, _ in session._review.upcoming(session.reviewer, 10)])
    assert drawn[0] == drawn[1]
    assert set(drawn[0]) != set(drawn[2])


def test_a_stratified_sample_needs_a_slice():
    with pytest.raises(BadPlan, match="channel"):
        review(plan=hitl.ReviewPlan(sample=2, by="country"))
    session = review(plan=hitl.ReviewPlan(sample=2, by="channel"))
    first = session.next_item()
    session.accept(first)
    second = session.next_item()
    assert {session.item(first)["channel"], session.item(second)["channel"]} == {"mail", "phone"}


def test_the_users_own_order_gets_their_frame():
    seen = []

    def longest_first(predictions):
        seen.append(type(predictions))
        return -predictions["text"].str.len_chars().to_numpy()

    session = review(pl.DataFrame(ROWS), plan=hitl.ReviewPlan(order=longest_first, random_share=0))
    assert session.next_item() == "t1"
    assert seen == [pl.DataFrame]


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (lambda predictions: [1, 2], "one finite number for 4 rows"),
        (lambda predictions: ["soon", "later", "now", "never"], "one finite number for 4 rows"),
        (lambda predictions: None, "one finite number for 4 rows"),
        (lambda predictions: 1 / 0, "failed with ZeroDivisionError"),
    ],
)
def test_a_users_order_that_is_no_number_a_row_is_refused(order, words):
    with pytest.raises(BadPlan, match=words):
        review(plan=hitl.ReviewPlan(order=order))


@pytest.mark.parametrize(
    "refused",
    [
        {"plan": hitl.ReviewPlan(order="margin")},
        {"plan": hitl.ReviewPlan(order=lambda predictions: [1, 2])},
        {"plan": hitl.ReviewPlan(sample=2, by="country")},
        {"plan": hitl.ReviewPlan(blind_share=0.5), "show": ["text", "predicted"]},
        {"plan": "random"},
        {"task": hitl.Classification(["refund", "card lost", *(f"{at}{'x' * 900}" for at in range(700))])},
    ],
)
def test_what_the_arguments_alone_rule_out_is_refused_before_there_is_a_store(tmp_path, refused):
    path = tmp_path / "r.db"
    with pytest.raises(hitl.errors.HitlError):
        review(store=path, **refused)
    assert not path.exists()
    with review(store=path) as session:
        session.accept("t1")
    with pytest.raises(hitl.errors.HitlError):
        review(store=path, name="another", **refused)
    assert [row.name for row in Store.open(path).sessions()] == ["review"]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("given", ["t1", "t2", "t3", "t4"]),
        ("margin", ["t2", "t4", "t3", "t1"]),
        ("entropy", ["t2", "t4", "t3", "t1"]),
        # two predicted labels and two channels: each group's least confident in turn, then what is left
        ("diverse", ["t2", "t3", "t1", "t4"]),
    ],
)
def test_every_order_is_what_it_says(order, expected):
    probabilities = [{"refund": p, "card lost": 1 - p} for p in (0.9, 0.5, 0.3, 0.6)]
    session = review(confidence="p", probabilities="all", predictions=frame().assign(all=probabilities),
                     plan=hitl.ReviewPlan(order=order, random_share=0))  # fmt: skip
    order = []
    while (item_id := session.next_item()) is not None:
        order.append(item_id)
        session.accept(item_id)
    assert order == expected


# ------------------------------------------------------------ going on where it stood


def test_a_second_session_of_the_same_name_goes_on(tmp_path):
    with review(store=tmp_path / "r.db") as session:
        session.accept("t2")
        session.skip("t4")
    with review(store=tmp_path / "r.db") as session:
        assert session.next_item() == "t3"
        session.undo()
        assert session.next_item() == "t4"
        assert session.progress()["reviewed"] == 1


def test_two_sessions_open_at_once_see_each_other(tmp_path):
    one, two = review(store=tmp_path / "r.db"), review(store=tmp_path / "r.db")
    assert one.next_item() == two.next_item() == "t2"
    one.accept("t2")
    assert two.next_item() == "t4"
    two.accept("t4")
    assert one.progress()["reviewed"] == 2
    assert sorted(one.decisions["item_id"]) == ["t2", "t4"]


def test_a_closed_session_follows_no_other_and_keeps_no_connection(tmp_path):
    closed, still_open, other = (review(store=tmp_path / "r.db") for _ in range(3))
    closed.close()
    other.accept("t1")
    connections = [session._review.store._database.engine.pool.checkedin() for session in (closed, still_open)]
    assert connections == [0, 1]
    assert [len(session._review.verdicts.effective()) for session in (closed, still_open)] == [0, 1]


def test_sessions_of_other_names_are_apart(tmp_path):
    with review(store=tmp_path / "r.db") as session:
        session.accept("t1")
    with review(store=tmp_path / "r.db", name="second look") as session:
        assert standing(session) == {}


def test_a_frame_about_other_items_is_refused_with_another_name(tmp_path):
    with review(store=tmp_path / "r.db") as session:
        session.next_item()
    others = frame([row | {"id": "x" + row["id"]} for row in ROWS])
    with pytest.raises(SessionMismatch, match="review-2"):
        review(others, store=tmp_path / "r.db")


@pytest.mark.parametrize("item_id", ["id", None], ids=["named", "row numbers"])
def test_other_items_are_refused_although_none_was_asked_yet(item_id, tmp_path):
    begun = review(store=tmp_path / "r.db")
    others = frame([row | {"id": "x" + row["id"]} for row in ROWS])
    with pytest.raises(SessionMismatch, match=r"begun with .*name='review-2'"):
        review(others, store=tmp_path / "r.db", item_id=item_id)
    with pytest.raises(SessionMismatch, match="begun with"):
        begun.update_predictions(others)
    begun.accept(begun.next_item())
    assert review(frame(ROWS[3:]), store=tmp_path / "r.db").next_item() == "t4"


def test_a_session_begun_with_no_items_goes_on_with_any(tmp_path):
    review(frame().head(0), store=tmp_path / "r.db").close()
    with review(store=tmp_path / "r.db") as session:
        assert session.next_item() == "t2"


def test_a_frame_that_shares_none_but_undrawn_items_goes_on(tmp_path):
    rows = [ROWS[0] | {"id": f"t{number}"} for number in range(1_000)]
    with review(frame(rows), store=tmp_path / "r.db") as session:
        session.accept(session.next_item())
        drawn = {row.draw.item_id for row in session._review.store.draws(session._review.row.session_id)}
    undrawn = [row for row in rows if row["id"] not in drawn]
    assert 0 < len(drawn) < len(rows)
    with review(frame([*undrawn[:3], ROWS[0] | {"id": "new"}]), store=tmp_path / "r.db") as session:
        assert session.progress()["total"] == 4
        assert len(session.decisions) == 1
    with pytest.raises(SessionMismatch, match=r"none of the \d+ ids it has drawn .* nor any that it keeps"):
        review(frame([row | {"id": f"x{row['id']}"} for row in rows]), store=tmp_path / "r.db")


def test_row_numbers_alone_are_no_shared_ids(tmp_path):
    rows = [ROWS[0] | {"question": f"question {number}"} for number in range(1_000)]
    plan = hitl.ReviewPlan(order="random", seed=3)
    with review(frame(rows), store=tmp_path / "r.db", item_id=None, plan=plan) as session:
        session.next_item()
        drawn = {int(row.draw.item_id) for row in session._review.store.draws(session._review.row.session_id)}
    assert min(drawn) > 0
    with pytest.raises(SessionMismatch, match="is about other items"):
        review(frame(rows[: min(drawn)]), store=tmp_path / "r.db", item_id=None)


def test_ids_of_another_type_are_other_items_and_the_error_says_so(tmp_path):
    numbered = frame([row | {"id": int(row["id"][1:])} for row in ROWS])
    with review(numbered, store=tmp_path / "r.db") as session:
        session.next_item()
    texts = frame([row | {"id": row["id"][1:]} for row in ROWS])
    with pytest.raises(SessionMismatch, match="ids were int and are str now"):
        review(texts, store=tmp_path / "r.db")


def test_a_sorted_frame_without_ids_is_refused(tmp_path):
    with review(store=tmp_path / "r.db", item_id=None) as session:
        session.next_item()
    with pytest.raises(SessionMismatch, match=r"was it sorted\? item_id="):
        review(frame(ROWS[::-1]), store=tmp_path / "r.db", item_id=None)


def test_a_sorted_frame_with_ids_goes_on(tmp_path):
    with review(store=tmp_path / "r.db") as session:
        session.accept("t2")
    with review(frame(ROWS[::-1]), store=tmp_path / "r.db") as session:
        assert session.next_item() == "t4"


def test_an_item_whose_content_changed_is_asked_again_and_counted(tmp_path):
    with review(store=tmp_path / "r.db") as session:
        session.accept("t2")
        session.accept("t4")
    with review(frame(NEWER), store=tmp_path / "r.db") as session:
        assert standing(session) == {("t4", "ada"): ("accept", "refund")}
        assert session.health()["changed_items_to_review_again"] == 1
        assert session.next_item() == "t2"
        session.correct("t2", "card lost")
        assert session.health()["changed_items_to_review_again"] == 0
        assert session.progress()["reviewed"] == 2
        assert "item_changed" in session.log["kind"].tolist()


@pytest.fixture
def older(tmp_path):
    """A session whose frame has another text of t2 than that of one that was begun after it."""
    with review(store=tmp_path / "r.db") as session:
        session.next_item()
        with review(frame(NEWER), store=tmp_path / "r.db", reviewer="bo") as newer:
            newer.next_item()
            yield session


@pytest.mark.parametrize(
    "call",
    [
        lambda session: session.accept("t2"),
        lambda session: session.correct("t2", "card lost"),
        lambda session: session.flag("t2", "unreadable"),
        lambda session: session.skip("t2"),
        lambda session: session.accept("t2", reviewer="cy"),
        lambda session: session.import_decisions([{"item_id": "t2", "value": "refund"}]),
    ],
)
def test_nothing_is_decided_on_what_another_notebook_has_newer_content_of(call, older):
    with pytest.raises(NewerContent, match=r"newer content of item “t2”.*Run the cell again with the newer frame"):
        call(older)
    assert older.decisions.empty


def test_the_queue_goes_on_with_what_is_as_it_was(older):
    assert older.enqueue(["t2", "t1"]) == ["t1"]
    met = []
    while (item_id := older.next_item()) is not None:
        met.append(item_id)
        older.accept(item_id)
    assert met == ["t1", "t4", "t3"]
    assert older.progress()["remaining"] == 1


def test_an_item_that_is_again_as_it_is_here_comes_back(older, tmp_path):
    assert older.next_item() == "t4"
    with review(store=tmp_path / "r.db", reviewer="cy"):
        older.progress()
        assert older.next_item() == "t2"
        older.accept("t2")


def test_what_another_notebook_drew_with_other_content_is_not_shown_here(tmp_path):
    with review(store=tmp_path / "r.db") as session, review(frame(NEWER), store=tmp_path / "r.db") as newer:
        assert newer.next_item() == "t2"
        assert session.next_item() == "t4"
        with pytest.raises(NewerContent):
            session.accept("t2")
    with review(store=tmp_path / "r.db") as session:
        assert session.next_item() == "t2", "the frame that came last"
        session.accept("t2")


def test_items_of_one_reviewer_are_asked_as_they_are_now_whatever_another_was_shown(tmp_path):
    with review(store=tmp_path / "r.db") as session, review(frame(NEWER), store=tmp_path / "r.db") as newer:
        newer.next_item(reviewer="bo")
        session.next_item(reviewer="ada")
    with review(store=tmp_path / "r.db") as session:
        assert session.next_item(reviewer="bo") == "t2"


def test_what_was_recorded_on_earlier_content_stays_and_the_same_again_changes_nothing(older, tmp_path):
    older.decide("t4", "accept", event_id="e1")
    (event,) = older._review.store.events(older._review.row.session_id)[-1:]
    with review(frame([*NEWER[:3], NEWER[3] | {"text": "Thanks a lot"}]), store=tmp_path / "r.db") as newer:
        claims = Claims(session_id=event.session_id, reviewer="ada", event_id="e1")
        seen = Seen(event.record["content_hash"], event.record["model_version"], None)
        assert newer._review.decide(claims, "t4", "accept", seen=seen) == event
        assert newer.decisions.empty


def test_items_that_are_gone_stay_in_the_log_and_leave_the_queue(tmp_path):
    with review(store=tmp_path / "r.db") as session:
        session.accept(session.next_item())
    with review(frame(ROWS[2:]), store=tmp_path / "r.db") as session:
        assert standing(session) == {("t2", "ada"): ("accept", "refund")}
        assert session.progress() == {
            "total": 2, "reviewed": 0, "accepted": 0, "corrected": 0, "flagged": 0, "skipped": 0, "remaining": 2,
        }  # fmt: skip
        assert session.next_item() == "t4"


def test_labels_may_be_added_and_not_taken_away(tmp_path):
    with review(store=tmp_path / "r.db") as session:
        session.correct("t1", "card lost")
    with review(store=tmp_path / "r.db", task=MORE) as session:
        session.correct("t4", "thanks")
    with pytest.raises(SessionMismatch, match="gain labels"):
        review(store=tmp_path / "r.db", task=TASK)


def test_labels_that_another_notebook_adds_are_taken_over(tmp_path):
    with review(store=tmp_path / "r.db") as session, hitl.ReviewSession.open(tmp_path / "r.db") as reader:
        with review(store=tmp_path / "r.db", task=MORE, reviewer="bo") as other:
            other.correct("t1", "thanks")
            for each in (session, reader):
                assert each.decisions["value"].tolist() == ["thanks"]
                assert each.labels()["value"].tolist() == ["thanks"]
                assert each.charts.confusion() is not None
                assert each.task.labels == ["refund", "card lost", "thanks"], "what was there stays where it was"
        session.correct("t4", "thanks")
        session.update_predictions(frame().assign(predicted="thanks"), model_version="v2")
        assert session.decisions["agreed"].tolist() == [True, True]


def test_a_range_that_another_notebook_widens_is_taken_over(tmp_path):
    numbers = frame().assign(predicted=[1.0, 2.0, 3.0, 4.0])
    narrow, wide = hitl.Regression(minimum=0, maximum=10), hitl.Regression(minimum=0, maximum=100)
    with review(numbers, store=tmp_path / "r.db", task=narrow) as session:
        with review(numbers, store=tmp_path / "r.db", task=wide, reviewer="bo") as other:
            other.correct("t1", 50)
        assert session.decisions["value"].tolist() == [50.0]
        session.correct("t2", 60)


class Mood(hitl.Classification):
    name = "mood"


class Moods(hitl.MultiLabel):
    name = "moods"


@pytest.mark.parametrize(("task", "said"), [(Mood, lambda label: label), (Moods, lambda label: (label,))])
def test_what_a_task_of_ones_own_does_not_know_is_read_as_it_was_recorded(task, said, tmp_path):
    predictions = frame().assign(predicted=[said(row["predicted"]) for row in ROWS])
    with review(predictions, store=tmp_path / "r.db", task=task(TASK.labels)) as session:
        with review(predictions, store=tmp_path / "r.db", task=task(MORE.labels), reviewer="bo") as other:
            other.correct("t1", said("thanks"))
            other.accept("t2")
        assert session.decisions["value"].tolist() == [said("thanks"), said("refund")]
        assert session.decisions["agreed"].tolist() == [False, True]
        assert session.labels()["value"].tolist() == [said("thanks"), said("refund")]
        for name in dir(session.charts):
            assert getattr(session.charts, name)() is not None
        with pytest.raises(InvalidValue):
            session.correct("t4", said("thanks"))


def test_labels_left_out_are_kept_from_before(tmp_path):
    with review(store=tmp_path / "r.db", task=None) as session:
        session.correct("t2", "card lost")
    fewer = frame([row | {"predicted": "refund"} for row in ROWS])
    with review(fewer, store=tmp_path / "r.db", task=None) as session:
        assert session.task.labels == ["card lost", "refund"]
        assert standing(session) == {("t2", "ada"): ("correct", "card lost")}


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"predictions": frame([row | {"p": 40} for row in ROWS])}, BadColumn, "'p'"),
        ({"name": " "}, BadName, "name is blank"),
        ({"model_version": 2}, BadName, "model_version=2 is int: .* as in model_version='v2'"),
        ({"model_version": 0}, BadName, "model_version=0 is int"),
        ({"model_version": ""}, BadName, "model_version is blank"),
        ({"model_version": "v" * 257}, BadName, "model_version has 257 characters"),
        ({"model_version": "v\0"}, BadName, "model_version='v.*control characters"),
        ({"model_version": "v\ud800"}, BadName, "model_version='v.*control characters"),
        ({"guidelines": ["Be kind."]}, BadGuidelines, "guidelines= is list"),
        ({"guidelines": b"Be kind."}, BadGuidelines, "guidelines= is bytes"),
        ({"guidelines": "x" * 200_000}, BadGuidelines, "takes 200,002 bytes"),
    ],
)
def test_what_is_refused_at_the_door_leaves_no_store_behind(options, error, says, tmp_path):
    with pytest.raises(error, match=says):
        review(store=tmp_path / "r.db", **options)
    assert list(tmp_path.iterdir()) == []


def test_names_and_guidelines_of_any_characters_are_reviewed_under(tmp_path):
    version, guidelines = "é" * 256, "\0\ud800 = \u202e" + "é" * 33_000
    with review(store=tmp_path / "r.db", model_version=f" {version}\n", guidelines=guidelines) as session:
        page = Page(session)
        page.decide("t1")
        assert page.card.saved == ["e1"]
        assert len(json.dumps(page.card.session).encode()) < 1e6
        page.card.session["guidelines"].encode()
        assert session.decisions["model_version"].tolist() == [version]
        with pytest.raises(BadName, match="model_version=3 is int"):
            session.update_predictions(frame(), model_version=3)
        session.update_predictions(frame(), model_version="v2")
    assert verify(tmp_path / "r.db").problems == []
    with hitl.ReviewSession.open(tmp_path / "r.db") as session:
        assert session.decisions[["model_version", "shown_model_version"]].to_numpy().tolist() == [["v2", version]]


def test_each_decision_says_under_which_guidelines_it_was_made_and_what_they_were(tmp_path):
    first, second = "Refund what was paid twice.", "Refund nothing."
    for item_id, given in zip(("t1", "t2", "t3", "t4"), (first, second, second, None), strict=True):
        with review(store=tmp_path / "r.db", guidelines=given) as session:
            session.accept(item_id)
            assert session.widget.session["guidelines"] == given
    with hitl.ReviewSession.open(tmp_path / "r.db") as session:
        under = session.decisions.set_index("item_id")["guidelines_version"]
        settings = session.log.query("kind == 'settings'")
    assert under["t1"] != under["t2"] == under["t3"]
    assert under.notna().tolist() == [True, True, True, False]
    assert [content["guidelines"] for content in settings["content"]] == [first, second, None]
    versions = [record["guidelines_version"] for record in settings["record"]]
    assert versions == [under["t1"], under["t2"], None]


@pytest.mark.parametrize(
    ("options", "keeps"), [({}, False), ({"keep_content": False}, False), ({"keep_content": True}, True)]
)
def test_what_was_shown_is_in_the_store_only_where_that_was_asked_for(options, keeps, tmp_path):
    with review(store=tmp_path / "r.db", **options) as session:
        session.accept("t1")
        session.accept(session.next_item())
        drawn = session._review.store.draws(session._review.row.session_id, with_content=True)
        kept = {row.draw.item_id: row.content for row in drawn}
    assert kept.keys() == {"t1", "t2", "t3", "t4"}
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for row in ROWS:
        assert (row["text"].encode() in stored) is keeps
        assert (kept[row["id"]] is not None) is keeps
    if keeps:
        assert [block["text"] for block in kept["t1"]["blocks"]] == ["Where is my money?"]


# ------------------------------------------------------------ the model's next version


def test_new_predictions_keep_the_human_value_and_agreed_follows(tmp_path):
    session = review(store=tmp_path / "r.db", model_version="v1")
    session.correct("t2", "card lost")
    session.accept("t4")
    better = frame(
        [row | {"predicted": "card lost" if row["id"] in ("t2", "t4") else row["predicted"]} for row in ROWS]
    )
    session.update_predictions(better, model_version="v2")
    decisions = session.decisions.set_index("item_id")
    assert decisions["value"].to_dict() == {"t2": "card lost", "t4": "refund"}
    assert decisions["agreed"].to_dict() == {"t2": True, "t4": False}
    assert decisions["prediction"].tolist() == ["card lost", "card lost"]
    assert set(decisions["model_version"]) == {"v2"}
    assert set(decisions["shown_model_version"]) == {"v1"}
    log = session.log
    assert log[log["kind"] == "decide"]["content"].map(lambda content: content["prediction"]).tolist() == ["refund"] * 2
    session.accept("t3")
    assert session.decisions.set_index("item_id").loc["t3", "shown_model_version"] == "v2"
    session.close()
    reopened = hitl.ReviewSession.open(tmp_path / "r.db").decisions.set_index("item_id")
    assert reopened["agreed"].to_dict() == {"t2": True, "t4": False, "t3": True}


def test_the_cell_run_again_with_new_predictions_is_a_new_version(tmp_path):
    with review(store=tmp_path / "r.db") as session:
        session.accept("t2")
    better = frame([row | {"predicted": "card lost"} for row in ROWS])
    with review(better, store=tmp_path / "r.db") as session:
        assert session.decisions["agreed"].tolist() == [False]


# ------------------------------------------------------------ ways out


def test_decisions_come_back_from_every_format_as_they_were(tmp_path):
    session = review()
    session.accept("t1", comment='=HYPERLINK("x")')
    session.correct("t2", "card lost")
    session.flag("t4", "no question")
    for name in ("d.csv", "d.jsonl", "d.parquet"):
        written = session.export(tmp_path / name)
        assert written.rows == 3
        back = read_frame(tmp_path / name)
        assert back["item_id"].tolist() == ["t1", "t2", "t4"]
        assert back["comment"].iloc[0] == '=HYPERLINK("x")'
        with pytest.raises(ExportExists):
            session.export(tmp_path / name)
    assert "export" in session.log["kind"].tolist()


def exports(session):
    log = session.log
    return log.loc[log["kind"] == "export", "record"].tolist()


def test_what_has_no_value_in_an_export_is_counted_and_recorded(tmp_path):
    session = review(store=tmp_path / "r.db")
    session.accept("t1")
    session.correct("t1", "card lost", reviewer="bo")
    session.correct("t2", "card lost")
    session.flag("t2", "two answers", reviewer="bo")
    session.flag("t4", "no question")
    decisions = session.export(tmp_path / "d.csv", defuse=False)
    assert (decisions.rows, decisions.flagged, decisions.undecided, decisions.unreviewed) == (5, 2, 0, 1)
    labels = session.export(tmp_path / "l.csv", what="labels", resolve="majority")
    assert (labels.rows, labels.flagged, labels.undecided, labels.unreviewed) == (3, 1, 1, 1)
    back = read_frame(tmp_path / "l.csv")
    assert int(back["value"].isna().sum()) == labels.flagged + labels.undecided
    log = session.export(tmp_path / "log.jsonl", what="log")
    assert (log.rows, log.flagged, log.undecided, log.unreviewed) == (len(session.log) - 1, 0, 0, None)
    first, second, _ = exports(session)
    assert (first["what"], first["file"], first["defuse"], first["resolve"]) == ("decisions", "d.csv", False, None)
    assert (second["resolve"], second["defuse"], second["format"]) == ("majority", True, "csv")
    assert [second[name] for name in ("rows", "flagged", "undecided", "unreviewed")] == [3, 1, 1, 1]
    for record, file in ((first, "d.csv"), (second, "l.csv")):
        assert record["sha256"] == hashlib.sha256((tmp_path / file).read_bytes()).hexdigest()


def test_an_export_of_a_session_that_was_opened_to_be_analysed_is_recorded(tmp_path):
    with review(store=tmp_path / "r.db") as session:
        session.accept("t1")
    with hitl.ReviewSession.open(tmp_path / "r.db", reviewer="bo") as opened:
        written = opened.export(tmp_path / "d.csv")
        assert written.unreviewed is None, "without the frame nobody knows"
        (record,) = exports(opened)
        assert record["sha256"] == written.sha256
    with hitl.ReviewSession.open(tmp_path / "r.db", items=frame(ROWS)) as opened:
        assert opened.export(tmp_path / "again.csv").unreviewed == 3
        assert len(exports(opened)) == 2


def test_an_export_that_cannot_be_recorded_is_there_and_says_so(tmp_path):
    with review(store=tmp_path / "r.db") as session:
        session.accept("t1")
    with hitl.ReviewSession.open(tmp_path / "r.db") as opened:
        holder = sqlite3.connect(tmp_path / "r.db")
        opened._review.store._database._patience_seconds = 0.1
        holder.execute("BEGIN IMMEDIATE")
        with pytest.warns(hitl.errors.HitlWarning, match="was written, and the log could not take note of it"):
            assert opened.export(tmp_path / "d.csv").rows == 1
        holder.rollback()
        holder.close()
        assert exports(opened) == []
    assert read_frame(tmp_path / "d.csv")["item_id"].tolist() == ["t1"]


@pytest.mark.parametrize("spelling", ["r.db", "sub/../r.db", "link.db", "hard.db", "there/r.db"])
@pytest.mark.parametrize("beside", ["", "-journal", "-wal"])
def test_an_export_never_replaces_the_store_it_comes_from(tmp_path, monkeypatch, spelling, beside):
    monkeypatch.chdir(tmp_path)
    session = review(store="r.db")
    session.accept("t1")
    (tmp_path / "sub").mkdir()
    (tmp_path / "there").symlink_to(tmp_path)
    (tmp_path / f"link.db{beside}").symlink_to(tmp_path / f"r.db{beside}")
    if (tmp_path / f"r.db{beside}").exists():
        (tmp_path / f"hard.db{beside}").hardlink_to(tmp_path / f"r.db{beside}")
    elif spelling == "hard.db":
        return
    for place in (spelling + beside, tmp_path / (spelling + beside)):
        with pytest.raises(FileProblem, match="name another file"):
            session.export(place, format="csv", overwrite=True)
    assert verify("r.db").ok
    assert session.export("r.db.csv").rows == 1


def test_a_session_opened_by_a_link_to_its_store_does_not_replace_it(tmp_path):
    review(store=tmp_path / "r.db").close()
    (tmp_path / "link.db").symlink_to(tmp_path / "r.db")
    with hitl.ReviewSession.open(tmp_path / "link.db") as opened:
        for name in ("link.db", "r.db", "r.db-wal"):
            with pytest.raises(FileProblem):
                opened.export(tmp_path / name, format="jsonl", overwrite=True)
    assert verify(tmp_path / "r.db").ok


def test_health_says_what_is_the_matter_with_a_store_that_cannot_be_used(tmp_path):
    store, older, away = (tmp_path / name for name in ("r.db", "older.db", "away.db"))
    session = review(store=store)
    session.accept("t1")
    assert "problem" not in session.health()
    known = session.health()["newest_event"]

    session._review.store._database._patience_seconds = 0.1
    with closing(sqlite3.connect(store, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        assert "locked by another program" in session.health()["problem"]

    session._review.store.backup(older)
    session.accept("t2")
    store.rename(away)
    found = session.health()
    assert "is gone" in found["problem"]
    assert found["warnings"] == [found["problem"]]
    assert (found["session"], found["reviewers"], found["newest_event"]) == ("review", ["ada"], known + 1)

    away.rename(store)
    newest = store.read_bytes()
    store.write_bytes(older.read_bytes())
    found = session.health()
    assert "an older copy was put in its place" in found["problem"]
    assert found["problem"] in found["warnings"]
    store.write_bytes(newest)
    assert "problem" not in session.health()


def test_imported_decisions_are_marked_and_imported_once(tmp_path):
    there = review()
    there.accept("t1")
    there.correct("t2", "card lost", comment="in the second line")
    there.export(tmp_path / "d.csv")
    here = review(store=tmp_path / "r.db", reviewer="bo")
    here.accept("t1", reviewer="ada")
    frame_there = read_frame(tmp_path / "d.csv")
    assert here.import_decisions(frame_there) == {"imported": 1, "known": 0, "kept": 1}
    assert here.import_decisions(frame_there) == {"imported": 0, "known": 1, "kept": 1}
    row = here.decisions.set_index("item_id").loc["t2"]
    assert (row["origin"], row["reviewer"], row["value"], row["comment"], row["agreed"]) == (
        "import", "ada", "card lost", "in the second line", False,
    )  # fmt: skip
    assert there.import_decisions(frame_there) == {"imported": 0, "known": 2, "kept": 0}
    second = review(store=tmp_path / "r.db", name="second look")
    assert second.import_decisions(frame_there)["imported"] == 2


def test_an_import_with_one_bad_row_imports_none():
    session = review()
    bad = pd.DataFrame({"item_id": ["t1", "t9"], "value": ["refund", "refund"]})
    with pytest.raises(UnknownItem, match="t9"):
        session.import_decisions(bad)
    with pytest.raises(BadColumn, match="lost card"):
        session.import_decisions(pd.DataFrame({"item_id": ["t1", "t2"], "value": ["refund", "lost card"]}))
    assert standing(session) == {}


def test_labels_need_a_rule_only_where_reviewers_differ():
    session = review()
    session.accept("t1")
    session.accept("t1", reviewer="bo")
    session.accept("t2")
    assert session.labels()[["item_id", "value"]].values.tolist() == [["t1", "refund"], ["t2", "refund"]]
    session.correct("t2", "card lost", reviewer="bo")
    with pytest.raises(ReviewersDiffer, match="t2"):
        session.labels()
    assert session.labels("latest").set_index("item_id").loc["t2", "value"] == "card lost"


def test_corrections_and_flags_carry_the_items_columns():
    session = review()
    session.correct("t2", "card lost")
    session.flag("t4", "no question")
    assert session.corrections[["item_id", "value", "text", "predicted"]].values.tolist() == [
        ["t2", "card lost", "I lost my card", "refund"]
    ]
    assert session.flags["text"].tolist() == ["Thanks!"]


def test_columns_named_like_ours_never_collide():
    session = review(frame().assign(action="mine", value=7))
    session.correct("t2", "card lost")
    row = session.corrections.iloc[0]
    assert (row["action"], row["action_in_frame"], row["value"], row["value_in_frame"]) == (
        "correct", "mine", "card lost", 7,
    )  # fmt: skip


def test_nothing_decided_is_empty_frames_of_the_same_columns():
    session = review()
    empty = session.decisions
    session.accept("t1")
    assert len(empty) == 0
    assert list(empty.columns) == [name for name in session.decisions.columns if not name.startswith("slice_")]
    assert len(session.corrections) == len(session.flags) == 0
    assert {"item_id", "value", "text"} <= set(session.corrections.columns)


def test_a_recorded_session_opens_without_its_frame(tmp_path):
    with review(store=tmp_path / "r.db") as session:
        session.correct("t2", "card lost")
        before = session.decisions
    opened = hitl.ReviewSession.open(tmp_path / "r.db")
    pd.testing.assert_frame_equal(opened.decisions, before)
    with pytest.raises(SessionMismatch, match="items="):
        opened.item("t2")
    opened = hitl.ReviewSession.open(tmp_path / "r.db", items=frame())
    assert opened.corrections["text"].tolist() == ["I lost my card"]
    assert opened.item("t2")["text"] == "I lost my card"


@pytest.mark.parametrize("event_id", [5, "", ["e1"], b"e1"])
def test_what_is_no_id_of_an_event_is_refused(event_id):
    session = review()
    with pytest.raises(InvalidDecision, match="event_id="):
        session.decide("t1", "accept", event_id=event_id)
    assert session.progress()["reviewed"] == 0


@pytest.mark.parametrize("item_ids", [5, None, "t1"])
def test_what_is_no_list_of_ids_is_not_queued(item_ids):
    with pytest.raises(UnknownItem, match="a list of ids"):
        review().enqueue(item_ids)


def test_an_import_names_the_rows_whose_items_are_not_there():
    session = review()
    rows = [{"item_id": item_id, "value": "refund"} for item_id in ("t1", "t1", "zz", *(f"x{at}" for at in range(7)))]
    with pytest.raises(
        UnknownItem, match=r"'item_id': 8 rows .*row 2: no item 'zz'.*; row 3: .*row 6: .*, \.\.\."
    ) as raised:
        session.import_decisions(rows)
    assert str(raised.value).count("row ") == 5
    with pytest.raises(UnknownItem, match=r"1 row cannot be taken \(row 1: no item 'T2', perhaps 't2'\)"):
        session.import_decisions([rows[0], {"item_id": "T2", "value": "refund"}])
    assert session.progress()["reviewed"] == 0


def test_an_import_names_the_rows_that_accept_what_was_not_predicted():
    rows = [{**row, "predicted": None if row["id"] in ("t2", "t4") else row["predicted"]} for row in ROWS]
    session = review(rows)
    with pytest.raises(
        InvalidDecision, match=r"2 rows .*\(row 1: there is no prediction to accept.*; row 3: .*\)\. Nothing"
    ):
        session.import_decisions([{"item_id": row["id"], "action": "accept"} for row in rows])
    assert session.progress()["reviewed"] == 0
    assert session.import_decisions([{"item_id": "t1", "action": "accept"}])["imported"] == 1


REVIEWING = {
    "accept": lambda session: session.accept("t1"),
    "skip": lambda session: session.skip("t1"),
    "undo": lambda session: session.undo(),
    "next_item": lambda session: session.next_item(),
    "enqueue": lambda session: session.enqueue(["t1"]),
    "progress": lambda session: session.progress(),
    "import_decisions": lambda session: session.import_decisions([{"item_id": "t1", "value": "refund"}]),
    "update_predictions": lambda session: session.update_predictions(frame(), model_version="v2"),
    "widget": lambda session: session.widget,
}


@pytest.mark.parametrize("name", REVIEWING)
@pytest.mark.parametrize(
    ("items", "words"),
    [
        (None, r"opened without its items, to be read: open it with items=.*ReviewSession\(.*name='review'"),
        (frame(), r"opened to be read: .* Go on reviewing with ReviewSession\(.*name='review'"),
    ],
)
def test_a_session_that_was_opened_to_be_read_only_reads(tmp_path, name, items, words):
    with review(store=tmp_path / "r.db") as session:
        session.correct("t2", "card lost")
    with hitl.ReviewSession.open(tmp_path / "r.db", items=items, reviewer="ada") as opened:
        recorded = opened.log
        with pytest.raises(SessionMismatch, match=words):
            REVIEWING[name](opened)
        gc.collect()  # a card that was not made has nothing to close: warnings are errors
        pd.testing.assert_frame_equal(opened.log, recorded)
        assert opened.decisions["item_id"].tolist() == ["t2"]


@pytest.mark.parametrize("name", [1, np.int64(1), 1.5, True, pd.Timestamp("2026-01-02"), b"x", ("a", "b")], ids=repr)
def test_columns_of_any_name_are_known_again_when_the_session_is_opened(tmp_path, name):
    for part, column in (("item_id", "id"), ("prediction", "predicted"), ("slices", "channel"), ("show", "text")):
        predictions = frame()
        predictions.columns = pd.Index(
            [name if called == column else called for called in predictions], tupleize_cols=False
        )
        with review(
            predictions, store=tmp_path / f"{part}.db", **{part: [name] if part in ("slices", "show") else name}
        ) as one:
            one.correct("t2", "card lost")
        with hitl.ReviewSession.open(tmp_path / f"{part}.db", items=predictions) as opened:
            assert opened.corrections["value"].tolist() == ["card lost"]
            assert opened.item("t2")[name] == ROWS[1][column]


def test_a_session_that_is_not_there_is_named_with_those_that_are(tmp_path):
    review(store=tmp_path / "r.db").close()
    with pytest.raises(SessionMismatch, match=r"\['review'\]"):
        hitl.ReviewSession.open(tmp_path / "r.db", "other")
    with pytest.raises(OSError, match=r"missing\.db"):
        hitl.ReviewSession.open(tmp_path / "missing.db")
    assert not (tmp_path / "missing.db").exists()


def test_closing_twice_is_harmless_and_the_end_is_in_the_log(tmp_path):
    session = review(store=tmp_path / "r.db")
    session.close()
    session.close()
    assert hitl.ReviewSession.open(tmp_path / "r.db").log["kind"].tolist() == ["settings", "start", "stop"]


@pytest.mark.parametrize(
    "call",
    [
        lambda session: session.accept("t2"),
        lambda session: session.correct("t1", "card lost"),
        lambda session: session.flag("t2", "unreadable"),
        lambda session: session.skip("t2"),
        lambda session: session.undo(),
        lambda session: session.enqueue(["t3"]),
        lambda session: session.import_decisions([{"item_id": "t2", "action": "accept", "event_id": "i1"}]),
        lambda session: session.update_predictions(frame().assign(predicted="refund"), model_version="v2"),
    ],
)
def test_a_closed_session_records_no_decision_and_says_what_to_do(call, tmp_path):
    session = review(store=tmp_path / "r.db")
    session.accept("t1")
    before = (session.decisions, len(drawn(session)))
    session.close()
    with pytest.raises(StoreProblem, match=r"was closed.* make it again with ReviewSession"):
        call(session)
    after = hitl.ReviewSession.open(tmp_path / "r.db")
    assert after.log["kind"].tolist() == ["settings", "start", "decide", "stop"]
    pd.testing.assert_frame_equal(session.decisions, before[0])
    assert len(drawn(session)) == before[1]
    assert session.export(tmp_path / "d.csv").rows == 1
    call(review(store=tmp_path / "r.db"))


def test_a_closed_session_in_memory_says_that_it_was_closed():
    session = review()
    session.close()
    for call in (lambda: session.accept("t1"), lambda: session.skip("t1"), session.undo):
        with pytest.raises(StoreProblem, match="was closed"):
            call()


def test_what_a_closed_session_in_memory_has_recorded_can_still_be_read_and_exported(tmp_path):
    with review() as session:
        session.accept("t1")
    assert session.decisions["action"].tolist() == ["accept"]
    assert session.log["kind"].tolist() == ["settings", "start", "decide", "stop"]
    assert session.export(tmp_path / "d.csv").rows == 1
    assert "problem" not in session.health()


def test_what_waits_on_the_page_of_a_closed_session_is_recorded_once_it_is_made_again(tmp_path):
    session = review(store=tmp_path / "r.db")
    open_card = Page(session)
    session.close()
    for page in (open_card, Page(session)):  # its last card, and one that was asked of it afterwards
        page.decide("t1")
        assert (page.card.saved, page.card.refused) == ([], [])
        assert "was closed" in page.card.problem["message"]
        assert "Run the cell" in page.card.problem["remedy"]
    again = Page(review(store=tmp_path / "r.db"))
    again.decide("t1")
    assert (again.card.saved, again.card.problem) == (["e1"], None)


def test_the_longest_ids_there_are_can_be_decided_on(tmp_path):
    ids = ["x" * 1_000, "é" * 1_000, "😀" * 500, 2**3_000 - 1, 1 - 2**3_000]
    longest = pd.DataFrame({"id": pd.Series(ids, dtype=object), "text": "a", "predicted": "refund", "p": 0.5})
    with review(longest, store=tmp_path / "r.db", slices=None, plan=hitl.ReviewPlan(order="given")) as session:
        page = Page(session)
        for key, _ in page.card.queue["entries"]:
            page.decide(key)
        assert len(page.card.saved) == len(ids)
        assert session.decisions["item_id"].tolist() == ids


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.Table.from_pylist, list], ids=str)
def test_every_kind_of_frame_is_reviewed_alike(make):
    session = review(make(ROWS))
    session.accept(session.next_item())
    assert standing(session) == {("t2", "ada"): ("accept", "refund")}
    assert session.item("t2")["text"] == "I lost my card"


def test_zero_rows_are_an_empty_queue():
    session = review(frame().head(0))
    assert session.next_item() is None
    assert session.progress()["total"] == 0


def test_decisions_from_many_threads_are_all_there(tmp_path):
    rows = [ROWS[0] | {"id": f"t{number}"} for number in range(200)]
    session = review(frame(rows), store=tmp_path / "r.db")
    errors = []

    def decide(numbers):
        try:
            for number in numbers:
                session.accept(f"t{number}")
        except Exception as error:  # shown by the assertion below
            errors.append(error)

    threads = [threading.Thread(target=decide, args=(range(start, 200, 8),)) for start in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(session.decisions) == 200


def test_no_lock_is_held_while_the_users_order_runs():
    session = review()
    reached = []

    def order(predictions):
        other = threading.Thread(target=lambda: reached.append(session.progress()))
        other.start()
        other.join(timeout=10)
        return range(len(predictions))

    session.plan = hitl.ReviewPlan(order=order)
    session.update_predictions(frame(), model_version="v2")
    assert len(reached) == 1


def test_a_shown_column_named_like_an_answer_brings_a_warning():
    with pytest.warns(hitl.errors.HitlWarning, match="label"):
        review(frame().assign(label="refund"), show=["text", "label"])


def test_the_users_frame_is_never_changed():
    predictions = frame()
    before = pd.util.hash_pandas_object(predictions).sum()
    session = review(predictions)
    session.correct("t2", "card lost")
    assert pd.util.hash_pandas_object(predictions).sum() == before
    predictions.loc[1, "text"] = "something else"
    assert session.item("t2")["text"] == "I lost my card"


def test_nested_cells_are_handed_out_as_copies():
    predictions = frame().assign(meta=[{"seen": [row["id"]]} for row in ROWS])
    session = review(predictions)
    session.correct("t2", "card lost")
    for item_id in ("t1", "t2"):  # one as it is in the frame, one frozen
        session.item(item_id)["meta"]["seen"].append("changed")
    session.corrections["meta"][0]["seen"].append("changed")
    assert predictions["meta"].tolist() == [{"seen": [row["id"]]} for row in ROWS]
    assert [session.item(item_id)["meta"] for item_id in ("t1", "t2")] == [{"seen": ["t1"]}, {"seen": ["t2"]}]
