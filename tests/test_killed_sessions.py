"""A process that reviews, through the session and through the card, is killed at random moments and begun again."""

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from hitl_notebook import ReviewSession
from hitl_notebook.store import Store, verify
from tests.beginning import IMPORTED, STEPS
from tests.killing import killed

ROOT = Path(__file__).parents[1]
ENVIRONMENT = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}


def reviewing(directory, count, *options):
    command = [sys.executable, "-m", "tests.reviewing", directory / "r.db", directory / "outbox", str(count), *options]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, text=True, **pipes)


def kill_while_reviewing(directory, rng, *options):
    """The ids that a process acknowledged before it was killed."""
    return set(killed(reviewing(directory, 100_000, *options), rng.uniform(0, 0.2)))


def noted(directory):
    return [json.loads(line) for line in (directory / "outbox").read_text().splitlines()]


def recorded(directory):
    """How often each decision is in the log, by its id."""
    with ReviewSession.open(directory / "r.db") as session:
        log = session.log
    return Counter(log.loc[log["kind"] == "decide", "event_id"])


@pytest.mark.parametrize("kills", [10, pytest.param(1_000, marks=pytest.mark.campaign)], ids=["short", "campaign"])
def test_every_noted_decision_is_recorded_once_however_often_the_kernel_dies(tmp_path, kills):
    rng = random.Random(1)
    sent_again = 0
    for kill in range(kills):
        if kill % 50 == 0:  # all of an outbox is sent again each time: a new one keeps that short
            directory, acknowledged = tmp_path / str(kill), set()
            directory.mkdir()
        acknowledged |= kill_while_reviewing(directory, rng)
        stored = recorded(directory)
        assert acknowledged <= stored.keys() <= {note["event_id"] for note in noted(directory)}
        assert set(stored.values()) == {1}
        sent_again += len(noted(directory)) - len(stored)
        assert verify(directory / "r.db").problems == []
        if kill % 50 == 49 or kill == kills - 1:
            last = reviewing(directory, 0)
            _, errors = last.communicate()
            assert (last.returncode, errors) == (0, "")
            assert recorded(directory) == Counter(note["event_id"] for note in noted(directory))
            with ReviewSession.open(directory / "r.db") as session:
                decisions = session.decisions
            by_cell_and_page = [{"cell": "card lost", "page": "refund"}[note["as"]] for note in noted(directory)]
            assert decisions["value"].tolist() == by_cell_and_page
            assert decisions["item_id"].tolist() == [note["item_id"] for note in noted(directory)]
            assert decisions["item_id"].is_unique
    print(f"{kills} kills; {sent_again} decisions were noted and not yet recorded")


def loses_one_acknowledged_too_soon(directory, rng):
    directory.mkdir()
    acknowledged = kill_while_reviewing(directory, rng, "--protection-off", "order")
    return not acknowledged <= recorded(directory).keys()


def test_a_decision_acknowledged_before_it_is_recorded_is_lost_by_a_kill(tmp_path):
    # Once in a while a kill falls between recording one and acknowledging the next.
    rng = random.Random(1)
    assert any(loses_one_acknowledged_too_soon(tmp_path / str(attempt), rng) for attempt in range(4))


def test_without_its_outbox_a_page_would_lose_what_it_had_not_sent(tmp_path):
    kill_while_reviewing(tmp_path, random.Random(1))
    (tmp_path / "outbox").write_text(
        (tmp_path / "outbox").read_text()
        + json.dumps({"event_id": "waiting", "item_id": "t9999", "content_hash": "", "as": "cell"})
        + "\n"
    )
    reviewing(tmp_path, 0, "--protection-off", "outbox").communicate()
    assert "waiting" not in recorded(tmp_path)
    reviewing(tmp_path, 0).communicate()
    assert recorded(tmp_path)["waiting"] == 1


# ---------------------------------------------------------------- before there is anything to decide


def beginning(store, *options):
    command = [sys.executable, "-m", "tests.beginning", store, *options]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, text=True, **pipes)


def seconds_of_each_step(store):
    """How long each step takes that a process says it begins."""
    process = beginning(store)
    began = {}
    for line in process.stdout:
        began[line.strip()] = time.monotonic()
    process.communicate()
    assert process.returncode == 0
    times = [began[step] for step in (*STEPS, "done")]
    return {step: end - start for step, (start, end) in zip(STEPS, pairwise(times), strict=True)}


def imported_in(store):
    """How often each imported decision is in the log; nothing where no session was begun yet."""
    with Store.open(store, create=False) as opened:
        if opened.session("review") is None or not opened.events(opened.session("review").session_id):
            return Counter()
    with ReviewSession.open(store) as session:
        log = session.log
    return Counter(log.loc[log["kind"] == "decide", "event_id"])


def check_after_a_kill(store, last):
    """Whatever the process was doing: no half-made store, no half of an import, and nothing said to be done is lost."""
    if not store.exists():
        assert last == "make"
        return
    with Store.open(store, create=False) as opened:
        assert opened.health()["integrity"] == "ok"
    assert verify(store).problems == []
    found = imported_in(store)
    assert len(found) in (0, IMPORTED)
    assert last != "done" or len(found) == IMPORTED
    assert set(found.values()) <= {1}


@pytest.mark.parametrize("kills", [12, pytest.param(1_000, marks=pytest.mark.campaign)], ids=["short", "campaign"])
def test_a_review_whose_beginning_is_killed_is_begun_whole_the_next_time(tmp_path, kills):
    rng = random.Random(1)
    seconds = seconds_of_each_step(tmp_path / "first.db")
    store = tmp_path / "r.db"
    landed = Counter()
    for kill in range(kills):
        if kill % len(STEPS) == 0:
            store = tmp_path / f"{kill}.db"
        step = STEPS[kill % len(STEPS)]
        after = rng.uniform(0, 0.7 * seconds[step]) if kill >= len(STEPS) else 0  # at first the step cannot be over
        last = killed(beginning(store), after, since=step)[-1]
        landed[last] += 1
        check_after_a_kill(store, last)
        if kill % len(STEPS) == len(STEPS) - 1:
            _, errors = beginning(store).communicate()
            assert errors == ""
            assert len(imported_in(store)) == IMPORTED
            check_after_a_kill(store, "done")
            store.unlink()
    print(f"{kills} kills, by the step they fell into: {dict(landed)}")
    assert set(STEPS) <= landed.keys(), "or not every step was tried"


def test_an_import_that_is_not_one_transaction_is_caught_by_a_kill(tmp_path):
    process = beginning(tmp_path / "r.db", "--protection-off", "whole")
    with pytest.raises(AssertionError):
        check_after_a_kill(tmp_path / "r.db", killed(process, 0, since="part")[-1])
