"""Alarms looked for on a thread of their own: what is told, how often, and that no chart waits for them."""

import threading
import time

import pytest

from hitl_notebook.widgets import alarm_watch
from hitl_notebook.widgets.alarm_watch import AlarmWatch

PATIENCE = 30  # seconds, on a machine that is busy


class Told:
    def __init__(self):
        self.words = []
        self.news = threading.Condition()

    def __call__(self, message):
        with self.news:
            assert message["kind"] == "alarms"
            self.words.append(message["words"])
            self.news.notify_all()

    def wait(self, count):
        with self.news:
            assert self.news.wait_for(lambda: len(self.words) >= count, PATIENCE), self.words


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def watch(told, monkeypatch):
    """Alarms of what is reviewed, which is a list of them here."""
    monkeypatch.setattr(alarm_watch, "_REST_SECONDS", 0.01)
    made = AlarmWatch(list, told)
    yield made
    made.close()


def test_what_is_new_is_told_once(watch, told):
    calm, one = [], ["ada accepts more."]
    watch.follow(calm)
    watch.follow(one)
    told.wait(1)
    watch.follow(list(one))
    watch.follow([])
    told.wait(2)
    assert told.words == [["ada accepts more."], []]


def test_a_page_that_knows_nothing_is_told_what_was_found_last(watch, told):
    watch.repeat()
    watch.follow(["ada accepts more."])
    told.wait(2)
    watch.repeat()
    assert told.words == [[], ["ada accepts more."], ["ada accepts more."]]


def test_who_follows_does_not_wait_and_what_came_meanwhile_is_looked_at_once(told, monkeypatch):
    monkeypatch.setattr(alarm_watch, "_REST_SECONDS", 0.01)
    monkeypatch.setattr(alarm_watch, "_RESTS", 0)
    may_go_on, looked_at = threading.Event(), []

    def look(reviewed):
        looked_at.append(reviewed)
        may_go_on.wait(PATIENCE)
        return [reviewed]

    watch = AlarmWatch(look, told)
    watch.follow("first")
    deadline = time.monotonic() + PATIENCE
    while not looked_at and time.monotonic() < deadline:
        time.sleep(0.01)
    for number in range(100):
        watch.follow(f"news {number}")
    assert told.words == []
    may_go_on.set()
    told.wait(2)
    assert looked_at == ["first", "news 99"]
    watch.close()


def test_alarms_that_cannot_be_looked_for_are_said_to_be_so(told, caplog):
    watch = AlarmWatch(lambda reviewed: 1 / 0, told)
    watch.follow("this")
    told.wait(1)
    assert told.words == [["Alarms cannot be looked for: division by zero"]]
    assert watch.is_at_work
    watch.close()


def test_a_watch_that_is_closed_ends_its_thread(watch):
    watch.close()
    watch._thread.join(PATIENCE)
    assert not watch.is_at_work
