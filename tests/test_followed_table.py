"""The table of decisions that a session reads before anybody asks, once, on a thread of its own."""

import gc
import threading
import weakref
from time import monotonic, sleep

import pytest

import hitl_notebook as hitl
from hitl_notebook.frames import DecisionTable
from hitl_notebook.session import followed_table

TASK = hitl.Classification(["refund", "fees"])
ROWS = [{"text": f"message {number}", "predicted": "fees"} for number in range(6)]


@pytest.fixture
def read(monkeypatch):
    """The threads on which a table was read from the whole log."""
    threads = []

    class Reading(DecisionTable):
        def __init__(self, *rest):
            threads.append(threading.current_thread().name)
            sleep(0.05)  # long enough for another thread to come
            super().__init__(*rest)

    monkeypatch.setattr(followed_table, "DecisionTable", Reading)
    monkeypatch.setattr(followed_table, "_AHEAD_SECONDS", 0.01)
    return threads


@pytest.fixture
def session():
    with hitl.ReviewSession(ROWS, TASK, prediction="predicted", reviewer="ada", store=":memory:") as opened:
        opened.accept(0)
        yield opened


def wait_for(condition):
    until = monotonic() + 20
    while not condition() and monotonic() < until:
        sleep(0.01)
    assert condition()


def test_decisions_are_read_once_a_card_is_there_and_not_again_when_asked_for(read, session):
    session._repr_mimebundle_()
    wait_for(lambda: read)
    session.accept(1)
    assert len(session.decisions) == 2
    assert read == ["hitl_notebook decisions"]


def test_without_a_card_nothing_is_read_until_somebody_asks(read, session):
    sleep(0.2)
    assert read == []
    assert len(session.decisions) == 1
    assert read == ["MainThread"]


def test_who_asks_while_it_is_read_waits_for_that(read, session):
    asking = [threading.Thread(target=lambda: session.decisions) for _ in range(4)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert len(read) == 1


def test_a_closed_session_begins_to_read_nothing(read, session, monkeypatch):
    monkeypatch.setattr(followed_table, "_AHEAD_SECONDS", 0.2)
    session._repr_mimebundle_()
    session.close()
    sleep(0.5)
    assert read == []


def test_what_goes_wrong_ahead_is_in_the_log_and_who_asks_is_told(session, monkeypatch, caplog):
    def fail(*_):
        raise ZeroDivisionError("a rule of the user's own")

    monkeypatch.setattr(followed_table, "_AHEAD_SECONDS", 0.01)
    monkeypatch.setattr(followed_table, "DecisionTable", fail)
    session._repr_mimebundle_()
    wait_for(lambda: "could not read the decisions ahead" in caplog.text)
    with pytest.raises(ZeroDivisionError):
        _ = session.decisions


def test_a_session_that_is_let_go_of_is_not_held_by_what_is_to_be_read():
    session = hitl.ReviewSession(ROWS, TASK, prediction="predicted", reviewer="ada", store=":memory:")
    session._repr_mimebundle_()
    kept = weakref.ref(session._review)
    session.widget.close()
    del session
    gc.collect()
    assert kept() is None
