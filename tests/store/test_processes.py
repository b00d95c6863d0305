"""Processes that decide at once, processes that are killed, and what is on disk when a decision is acknowledged."""

import os
import random
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from hitl_notebook.store import Store, verify
from tests.killing import killed
from tests.store.events import ids

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}


def decide_in_a_process(target, reviewer, count, *options, watched_by=()):
    command = [*watched_by, sys.executable, "-m", "tests.store.deciding", str(target), reviewer, str(count), *options]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, text=True, **pipes)


def recorded(target):
    with Store.open(target) as store:
        return ids(store.events(store.start_session("review").session_id))


# ---------------------------------------------------------------- at once


def run_together(target, processes, count, *options):
    """Whether all went well, and the longest that any had to wait."""
    running = [decide_in_a_process(target, f"r{n}", count, *options) for n in range(processes)]
    outputs = [process.communicate() for process in running]
    failed = [errors for process, (_, errors) in zip(running, outputs, strict=True) if process.returncode]
    waits = [float(output.split()[-1]) for output, errors in outputs if not errors]
    return failed, max(waits, default=0.0)


@pytest.mark.alone
@pytest.mark.parametrize(
    ("processes", "count"), [(6, 40), pytest.param(20, 500, marks=pytest.mark.campaign)], ids=["short", "campaign"]
)
def test_processes_that_decide_at_once_all_succeed_and_wait_briefly(target, processes, count):
    failed, longest_wait = run_together(target, processes, count)
    assert failed == []
    expected = [f"r{n}-{number}" for n in range(processes) for number in range(count)]
    assert sorted(recorded(target)) == sorted(expected)
    found = verify(target)
    assert found.problems == []
    assert found.events == processes * count
    assert longest_wait < 2


def test_without_the_write_lock_that_run_fails(file):
    # Whether processes meet is chance: once in a while they do not.
    assert any(run_together(file, 4, 100, "--protection-off", "lock")[0] for _ in range(4))


# ---------------------------------------------------------------- killed


def kill_while_deciding(target, rng, *options):
    """The ids that a process acknowledged before it was killed in the middle of its work."""
    return killed(decide_in_a_process(target, "ada", 100_000, *options), rng.uniform(0, 0.08))


@pytest.mark.parametrize("kills", [15, pytest.param(1_000, marks=pytest.mark.campaign)], ids=["short", "campaign"])
def test_no_acknowledged_decision_is_lost_or_doubled_when_its_process_is_killed(tmp_path, kills):
    rng = random.Random(1)
    acknowledged = set()
    for kill in range(kills):
        if kill % 50 == 0:  # the check after each kill reads everything: a new store keeps it short
            file, acknowledged = tmp_path / f"{kill}.db", set()
        acknowledged.update(kill_while_deciding(file, rng))
        stored = Counter(recorded(file))
        assert acknowledged <= stored.keys()
        assert set(stored.values()) == {1}
        with Store.open(file) as store:
            assert store.health()["integrity"] == "ok"
        assert verify(file).problems == []
    assert not list(tmp_path.glob(".*"))


def loses_one_acknowledged_too_soon(file, rng):
    acknowledged = kill_while_deciding(file, rng, "--protection-off", "order")
    return not set(acknowledged) <= set(recorded(file))


def test_a_decision_acknowledged_before_its_commit_is_lost_by_a_kill(tmp_path):
    # Once in a while a kill falls between the commit of one and the acknowledgement of the next.
    rng = random.Random(1)
    assert any(loses_one_acknowledged_too_soon(tmp_path / f"{attempt}.db", rng) for attempt in range(4))


# ---------------------------------------------------------------- on disk


def unsynced_at_acknowledgement(file, strace, *options):
    """For every acknowledgement, the files of the store that had been written and not synced at that moment."""
    trace = file.with_suffix(".trace")
    calls = "trace=write,pwrite64,writev,pwritev,ftruncate,fsync,fdatasync"
    process = decide_in_a_process(file, "ada", 10, *options, watched_by=[strace, "-f", "-y", "-e", calls, "-o", trace])
    _, errors = process.communicate()
    assert process.returncode == 0, errors
    written, unsynced, found = False, set(), []
    for line in trace.read_text("utf-8", "replace").splitlines():
        call = re.search(r"(\w+)\((\d+)<([^>]*)>(.*)", line)
        if call is None:
            continue
        name, descriptor, path, rest = call.groups()
        if descriptor == "1" and '"ada-' in rest:
            found.append((written, {Path(path).name for path in unsynced}))
            written = False
        elif path.startswith(str(file)) and name in ("fsync", "fdatasync"):
            unsynced.discard(path)
        elif path.startswith(str(file)):
            unsynced.add(path)
            written = written or path == str(file)
    return found


def test_file_and_journal_are_synced_before_each_acknowledgement(file, strace):
    found = unsynced_at_acknowledgement(file, strace)
    assert found == [(True, set())] * 10


def test_a_store_that_does_not_sync_is_caught(file, strace):
    found = unsynced_at_acknowledgement(file, strace, "--protection-off", "sync")
    assert len(found) == 10
    assert all(unsynced for _, unsynced in found)
