"""The log of a session as it is known in memory: what a store that fails, goes back or cannot be read does to it."""

import shutil
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

import hitl_notebook as hitl
from hitl_notebook.errors import StoreProblem
from hitl_notebook.store import verify, writer
from tests.page import Page

IDS = ["t1", "t2", "t3", "t4"]
FRAME = pd.DataFrame({"id": IDS, "text": IDS, "said": "ham"})


def review(store, **options):
    defaults = {
        "task": hitl.Classification(["ham", "spam"]),
        "item_id": "id",
        "prediction": "said",
        "plan": hitl.ReviewPlan(order="given"),
        "reviewer": "ada",
        "model_version": "v1",
    }
    return hitl.ReviewSession(FRAME, store=store, **(defaults | options))


@pytest.fixture
def store(tmp_path):
    return tmp_path / "r.db"


# ------------------------------------------------------------ an older copy in the store's place


@pytest.mark.parametrize("goes_on", [False, True], ids=["as it was", "and gone on with"])
def test_an_older_copy_put_over_the_store_is_noticed_before_anything_is_acknowledged(store, goes_on):
    with review(store) as session:
        session.accept("t1")
    shutil.copyfile(store, store.with_name("older.db"))
    page = Page(review(store))
    page.decide("t2", value="ham")
    newest = store.read_bytes()
    shutil.copyfile(store.with_name("older.db"), store)
    if goes_on:
        with review(store, reviewer="bo") as other:
            for item in IDS:
                other.accept(item)
    events = len(hitl.ReviewSession.open(store).log)
    page.decide("t3", value="ham", event_id="late")
    assert page.card.saved == ["e1"]
    assert "an older copy was put in its place" in page.card.problem["message"]
    for call in (lambda: page.session.accept("t4"), page.session.undo, lambda: page.session.enqueue(["t4"])):
        with pytest.raises(StoreProblem, match="an older copy"):
            call()
    assert len(hitl.ReviewSession.open(store).log) == events
    store.write_bytes(newest)
    page.decide("t3", value="ham", event_id="late")
    assert page.card.saved == ["e1", "late"]
    assert page.session.decisions["item_id"].tolist() == ["t1", "t2", "t3"]
    assert verify(store).problems == []


# ------------------------------------------------------------ a commit that fails


def unreadable(*_):
    raise StoreProblem("The disk is gone.", "Put it back.")


def test_while_the_store_cannot_be_read_after_a_failed_commit_what_was_known_stands(store, monkeypatch):
    session = review(store)
    session.accept("t1")
    session.skip("t2")
    page, before = Page(session), session.decisions
    with monkeypatch.context() as failing:
        failing.setattr(session._review.store._database, "commit", unreadable)
        failing.setattr(session._review.store, "read", unreadable)
        page.decide("t3", value="ham", event_id="late")
        assert page.card.problem["message"] == "The disk is gone."
        assert session._review.progress("ada") == {
            "total": 4, "reviewed": 1, "accepted": 1, "corrected": 0, "flagged": 0, "skipped": 1, "remaining": 3,
        }  # fmt: skip
        assert [key for key, _ in session._review.upcoming("ada", 9)] == ["t3", "t4", "t2"]
        assert session._review.verdicts.knows("late") is None
    page.decide("t3", value="ham", event_id="late")
    assert page.card.saved == ["late"]
    assert session.decisions["item_id"].tolist() == ["t1", "t3"]
    pd.testing.assert_frame_equal(session.decisions.iloc[:1], before)


def test_a_next_version_that_cannot_be_recorded_leaves_the_review_with_the_one_before(store, monkeypatch):
    session = review(store)
    session.skip("t1")
    with monkeypatch.context() as failing, pytest.raises(StoreProblem):
        failing.setattr(session._review.store._database, "commit", unreadable)
        session.update_predictions(FRAME.assign(text=[*IDS[:3], "new"], said="spam"), model_version="v2")
    assert session.next_item() == "t2"
    session.accept("t2")
    assert session.decisions[["model_version", "value"]].to_numpy().tolist() == [["v1", "ham"]]
    session.update_predictions(FRAME.assign(said="spam"), model_version="v2")
    assert session.decisions["agreed"].tolist() == [False]


def test_a_commit_that_went_through_without_a_word_is_taken_in_and_not_made_again(store, monkeypatch):
    session = review(store)
    commit = session._review.store._database.commit

    def lost(connection):
        commit(connection)
        unreadable()

    with monkeypatch.context() as failing:
        failing.setattr(session._review.store._database, "commit", lost)
        assert session.decide("t3", "accept", event_id="e1") == "e1"
    assert session.decide("t3", "accept", event_id="e1") == "e1"
    assert session.decisions[["item_id", "chosen_by"]].to_numpy().tolist() == [["t3", "hand"]]
    assert session.log["kind"].tolist() == ["settings", "start", "decide"]
    assert [row.draw.item_id for row in session._review.store.draws(session._review.row.session_id)] == ["t3"]


# ------------------------------------------------------------ a clock that goes back


def test_a_clock_that_goes_back_changes_no_order(store, monkeypatch):
    noon = datetime(2026, 11, 21, 12, tzinfo=UTC)
    clock = (noon - timedelta(hours=hours) for hours in range(99))
    monkeypatch.setattr(writer, "now", lambda: next(clock).isoformat())
    with review(store) as session:
        session.accept("t1")
        session.skip("t2")
        session.correct("t3", "spam")
        session.correct("t1", "spam")
    with review(store) as session:
        times = session.log["recorded_at"]
        assert times.is_monotonic_decreasing
        assert not times.is_monotonic_increasing
        assert session.log["seq"].is_monotonic_increasing
        assert session.decisions[["item_id", "value"]].to_numpy().tolist() == [["t3", "spam"], ["t1", "spam"]]
        session.undo()
        assert session.decisions[["item_id", "value"]].to_numpy().tolist() == [["t1", "ham"], ["t3", "spam"]]
        assert session.next_item() == "t4"
        session.accept("t4")
        assert session.next_item() == "t2"
    assert verify(store).problems == []
