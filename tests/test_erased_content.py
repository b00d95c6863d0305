"""A store whose content was erased: what was said is gone, that it was said stays, and the review goes on."""

import sqlite3
from contextlib import closing

import pandas as pd
import pytest

import hitl_notebook as hitl
from hitl_notebook.exchange import read_frame
from hitl_notebook.figures import FIGURES
from hitl_notebook.store import Store, verify
from tests.page import Page

ROWS = pd.DataFrame(
    {
        "id": [f"t{number}" for number in range(8)],
        "text": [f"a question {number}" for number in range(8)],
        "predicted": "refund",
        "p": 0.75,
        "channel": ["mail", "phone"] * 4,
    }
)


def review(store, frame=ROWS, **options):
    return hitl.ReviewSession(
        frame,
        hitl.Classification(["refund", "card lost"]),
        item_id="id",
        prediction="predicted",
        confidence="p",
        slices=["channel"],
        plan=hitl.ReviewPlan(order="given"),
        reviewer="ada",
        store=store,
        guidelines="Be *kind*.",
        keep_content=True,
        **options,
    )


@pytest.fixture
def erased(tmp_path):
    """A store of every kind of event, of which nothing is left but what the chain needs."""
    store = tmp_path / "r.db"
    with review(store) as session:
        session.accept("t0", comment="a private remark")
        session.correct("t1", "card lost")
        session.correct("t1", "refund")
        session.flag("t2", "a private reason")
        session.skip("t3")
        session.accept("t4")
        session.undo()
        session.accept("t5")
        session.correct("t5", "card lost", reviewer="bo")
        session.update_predictions(ROWS.assign(predicted="card lost"), model_version="v2", ask="all")
    assert b"private" in store.read_bytes()
    with closing(sqlite3.connect(store, isolation_level=None)) as connection:
        connection.execute("UPDATE events SET content = NULL, salt = NULL")
        connection.execute("UPDATE draws SET content = NULL, shown = NULL, salt = NULL")
        connection.execute("VACUUM")
    return store


def test_the_log_is_whole_and_holds_nothing_of_it(erased):
    found = verify(erased)
    assert found.problems == []
    assert found.erased > 10
    for content in (b"private", b"a question", b"Be *kind*."):
        assert content not in erased.read_bytes()


def test_who_decided_what_kind_of_thing_and_when_is_still_known(erased):
    with hitl.ReviewSession.open(erased) as session:
        decisions = session.decisions
        assert decisions[["item_id", "reviewer", "action"]].values.tolist() == [
            ["t0", "ada", "accept"], ["t1", "ada", "accept"], ["t2", "ada", "flag"], ["t5", "ada", "accept"],
            ["t5", "bo", "correct"],
        ]  # fmt: skip
        gone = decisions[["value", "first_value", "shown_prediction", "reason", "comment", "agreed"]]
        assert gone.isna().all(axis=None)
        assert decisions["recorded_at"].notna().all()
        assert decisions["chosen_by"].tolist() == ["hand"] * 5
        assert set(session.log["kind"]) >= {"start", "settings", "decide", "undo", "skip", "repredict", "stop"}
        assert session.log["content"].isna().all()
        labels = session.labels()
        assert labels["value"].isna().all()
        assert session.health()["integrity"] == "ok"


@pytest.mark.parametrize("name", ["d.csv", "d.jsonl", "d.parquet"])
@pytest.mark.parametrize("what", ["decisions", "labels", "log"])
def test_what_is_left_can_be_exported(erased, tmp_path, what, name):
    with hitl.ReviewSession.open(erased) as session:
        written = session.export(tmp_path / name, what)
    assert len(read_frame(tmp_path / name)) == written.rows > 3


def test_the_figures_say_that_nothing_is_known(erased):
    with hitl.ReviewSession.open(erased, items=ROWS) as session:
        assert session.corrections["item_id"].tolist() == ["t5"]
        assert session.flags["item_id"].tolist() == ["t2"]
        accuracy = hitl.metrics.sample_accuracy(session.decisions["agreed"])
        assert pd.isna(accuracy.value)
        assert accuracy.note
        for name in FIGURES:
            getattr(session.charts, name)().to_dict()


def test_the_review_goes_on(erased):
    with review(erased, ROWS.assign(predicted="card lost"), model_version="v2") as session:
        assert session.progress() == {
            "total": 8, "reviewed": 4, "accepted": 3, "corrected": 0, "flagged": 1, "skipped": 1, "remaining": 4,
        }  # fmt: skip
        page = Page(session)
        (history,) = page.ask("history", before=None, limit=10)
        assert [(entry["item_id"], entry["action"], entry["value"]) for entry in history["entries"]] == [
            ("t5", "accept", None), ("t3", None, None), ("t2", "flag", None), ("t1", "accept", None),
            ("t0", "accept", None),
        ]  # fmt: skip
        session.undo()
        assert page.heard[-1][0]["undone"] is not None
        session.correct("t1", "refund")
        session.accept("t0")
        while (item_id := session.next_item()) is not None:
            session.accept(item_id)
        decisions = session.decisions.set_index(["item_id", "reviewer"])
        assert decisions.loc[("t1", "ada"), "value"] == "refund"
        assert decisions.loc[("t0", "ada"), "value"] == "card lost"
        assert pd.isna(decisions.loc[("t2", "ada"), "value"])
        assert page.card.summary is not None
        assert session.progress()["remaining"] == 0
    assert verify(erased).problems == []
    with Store.open(erased) as store:
        assert store.health()["warnings"] == []
