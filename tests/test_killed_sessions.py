"""A process that reviews, through the session and through the card, is killed at random moments and begun again."""

import json
import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from hitl_notebook import ReviewSession
from hitl_notebook.store import verify
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


def test_a_decision_acknowledged_before_it_is_recorded_is_lost_by_a_kill(tmp_path):
    acknowledged = kill_while_reviewing(tmp_path, random.Random(1), "--protection-off", "order")
    assert not acknowledged <= recorded(tmp_path).keys()


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
