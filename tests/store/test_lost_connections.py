"""Connections that end in the middle: what was recorded is recorded once, and what was not is recorded then."""

import random
import subprocess
import sys
import threading
import time
from collections import Counter

import pytest

import hitl_notebook as hitl
from hitl_notebook.errors import StoreProblem
from hitl_notebook.store import Store, verify
from hitl_notebook.store.postgres import Postgres
from hitl_notebook.store.writer import Writer
from tests.store.conftest import new_database
from tests.store.events import ids
from tests.store.postgres_server import terminate
from tests.store.test_processes import ENVIRONMENT, ROOT

PREDICTIONS = [{"id": f"t{number}", "text": "x", "predicted": "refund"} for number in range(5)]


def session_in(store):
    task = hitl.Classification(["refund", "card lost"])
    return hitl.ReviewSession(PREDICTIONS, task, item_id="id", prediction="predicted", reviewer="ada", store=store)


def decided_once(store):
    """The ids of the decisions in the log, each of which is there once."""
    with hitl.ReviewSession.open(store) as session:
        log = session.log
    found = Counter(log.loc[log["kind"] == "decide", "event_id"])
    assert set(found.values()) <= {1}
    assert verify(store).problems == []
    return set(found)


def at_first(monkeypatch, owner, name, instead):
    """Have ``instead`` do the first call of a method, given the method itself."""
    plain = getattr(owner, name)
    calls = []

    def replaced(*arguments):
        calls.append(name)
        return instead(plain, *arguments) if len(calls) == 1 else plain(*arguments)

    monkeypatch.setattr(owner, name, replaced)
    return calls


def ended_before(plain, *arguments, end):
    end()
    return plain(*arguments)


def ended_after_the_commit(plain, database, connection, *, end):
    plain(database, connection)
    end()
    connection.exec_driver_sql("SELECT 1")  # the answer to the commit would have come this way


@pytest.mark.parametrize(
    ("owner", "method", "instead"),
    [
        (Postgres, "begin", ended_before),
        (Writer, "flush", ended_before),
        (Postgres, "commit", ended_before),
        (Postgres, "commit", ended_after_the_commit),
    ],
    ids=["before anything", "before it is written", "before the commit", "after the commit"],
)
def test_a_decision_outlives_its_connection_and_is_there_once(database, monkeypatch, owner, method, instead):
    with session_in(database) as session:
        session.next_item()
        calls = at_first(
            monkeypatch, owner, method, lambda plain, *rest: instead(plain, *rest, end=lambda: terminate(database))
        )
        event_id = session.decide("t0", "correct", "card lost", event_id="e1")
        assert len(calls) >= 1
        assert session.decisions["value"].tolist() == ["card lost"]
        session.accept("t1")
        assert session.progress()["reviewed"] == 2
    monkeypatch.undo()
    assert event_id == "e1"
    assert len(decided_once(database)) == 2


@pytest.mark.parametrize("instead", [ended_before, ended_after_the_commit])
def test_items_are_drawn_once_though_the_connection_ends(database, monkeypatch, instead):
    with session_in(database) as session:
        at_first(
            monkeypatch, Postgres, "commit", lambda plain, *rest: instead(plain, *rest, end=lambda: terminate(database))
        )
        chosen = session.enqueue(["t3", "t1"])
        assert chosen == ["t3", "t1"]
        assert session.next_item() == "t3"
        store, row = session._review.store, session._review.row
        drawn = [(drawn.draw.item_id, drawn.draw.chosen_by) for drawn in store.draws(row.session_id)]
        assert set(drawn[:2]) == {("t3", "hand"), ("t1", "hand")}
        assert len(drawn) == len(set(drawn))
    monkeypatch.undo()
    assert verify(database).problems == []


def test_two_transactions_in_each_others_way_are_tried_again(database, monkeypatch):
    with session_in(database) as session:
        session.next_item()

        def in_the_way(plain, writer):
            plain(writer)
            writer._connection.exec_driver_sql("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$")

        calls = at_first(monkeypatch, Writer, "flush", in_the_way)
        session.decide("t0", "accept", event_id="e1")
        assert len(calls) >= 2
    monkeypatch.undo()
    assert decided_once(database) == {"e1"}


def test_what_cannot_be_told_is_said_and_recording_it_again_is_harmless(own_server, monkeypatch):
    store = new_database(own_server.url)
    with session_in(store) as session:
        session.next_item()
        stopped = lambda plain, *rest: ended_after_the_commit(plain, *rest, end=own_server.stop)  # noqa: E731
        at_first(monkeypatch, Postgres, "commit", stopped)
        began = time.monotonic()
        with pytest.raises(StoreProblem, match="cannot be told before; to record it again is harmless"):
            session.decide("t0", "correct", "card lost", event_id="e1")
        assert time.monotonic() - began < 10
        own_server.start()
        assert session.decide("t0", "correct", "card lost", event_id="e1") == "e1"
        assert session.decisions["value"].tolist() == ["card lost"]
    monkeypatch.undo()
    assert decided_once(store) == {"e1"}


# ---------------------------------------------------------------- many, at random


def record_in_a_process(target, reviewer, count, *options):
    command = [sys.executable, "-m", "tests.store.recording", str(target), reviewer, str(count), *options]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, text=True, **pipes)


def record_under_kills(server, target, processes, count, *options, restart):
    """What failed, and how many connections were ended while they recorded."""
    running = [record_in_a_process(target, f"r{n}", count, *options) for n in range(processes)]
    outputs = []
    waiter = threading.Thread(target=lambda: outputs.extend(process.communicate() for process in running))
    waiter.start()
    chance, ended, must_restart = random.Random(1), 0, restart
    while waiter.is_alive():
        time.sleep(chance.uniform(0.02, 0.1))
        ended += terminate(target, limit=1)
        if must_restart and ended >= 5:
            must_restart = False
            server.stop()
            server.start()
    waiter.join()
    assert not must_restart
    failed = [errors for process, (_, errors) in zip(running, outputs, strict=True) if process.returncode]
    return failed, ended


@pytest.mark.parametrize(
    ("processes", "count"), [(4, 60), pytest.param(20, 500, marks=pytest.mark.campaign)], ids=["short", "campaign"]
)
def test_every_event_is_there_once_though_connections_end_and_the_server_is_restarted(own_server, processes, count):
    target = new_database(own_server.url)
    failed, ended = record_under_kills(own_server, target, processes, count, restart=True)
    assert failed == []
    assert ended > 5
    with Store.open(target) as store:
        recorded = ids(store.events(store.session("review").session_id))
    assert sorted(recorded) == sorted(f"r{n}-{number}" for n in range(processes) for number in range(count))
    assert verify(target).problems == []
    print(f"{ended} connections ended, one restart")


def test_without_trying_again_that_run_fails(own_server):
    target = new_database(own_server.url)
    Store.open(target).close()
    failed, _ = record_under_kills(own_server, target, 2, 400, "--protection-off", "again", restart=False)
    assert failed
