"""Figures of a store that holds 100,000 decisions: ``python -m tests.benchmarks.store_100k [URL]``.

Medians over repeated runs; the number of runs stands beside each.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from hitl_notebook.decisions import Verdicts, admit
from hitl_notebook.store import Store, verify
from tests.store.events import decide, undo

DECISIONS = 100_000


def row(what: str, seconds: list[float]) -> None:
    print(f"| {what:<44} | {statistics.median(seconds) * 1000:>10,.2f} | {len(seconds):>4} |", flush=True)


def timed(action: Callable[[], object], runs: int) -> list[float]:
    seconds = []
    for _ in range(runs):
        began = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - began)
    return seconds


def open_and_fold(target: str) -> None:
    with Store.open(target, create=False) as store:
        session = store.session("review")
        Verdicts(store.events(session.session_id))


def measure(target: str) -> None:
    store = Store.open(target)
    session_id = store.start_session("review").session_id
    print(f"{store.label}: {DECISIONS:,} decisions\n\n| {'':<44} | {'median ms':>10} | runs |\n|---|---:|---:|")

    def fill() -> None:
        with store.writing() as log:
            for number in range(DECISIONS):
                log.append(decide(session_id, number))

    row("all appended in one transaction", timed(fill, 1))
    row("opened and folded", timed(lambda: open_and_fold(target), 3))
    events = store.events(session_id)
    row("read", timed(lambda: store.events(session_id), 3))
    row("folded", timed(lambda: Verdicts(events), 3))
    verdicts = Verdicts(events)
    numbers = iter(range(DECISIONS, 2 * DECISIONS))
    made: list[str] = []

    def record(draft):
        with store.writing() as log:
            verdicts.extend(log.events(session_id, verdicts.seq))
            assert admit(verdicts, draft) is None
            event = log.append(draft)
        verdicts.extend([event])
        made.append(event.event_id)

    row("one decision: looked up, admitted, on disk", timed(lambda: record(decide(session_id, next(numbers))), 200))

    def take_back() -> None:
        last = verdicts.last_standing("ada").event_id
        record(undo(session_id, f"u-{last}", last))

    row("one undo: admitted, on disk", timed(take_back, 200))
    row("standing decision on an item", timed(lambda: verdicts.decision("ada", "t50000"), 1000))
    row("a page of 50 of the history", timed(lambda: verdicts.history("ada", 50_000, 50), 200))
    row("counts", timed(lambda: verdicts.counts("ada"), 1000))
    row("all effective decisions", timed(verdicts.effective, 3))
    row("newest sequence number asked of the store", timed(lambda: store.newest_seq(session_id), 200))
    row("verified", timed(lambda: verify(store), 1))
    print(f"\nsize on disk: {store.health()['size_bytes'] / 2**20:,.0f} MiB")
    store.close()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("target", nargs="?", help="an empty database's URL; left out: a new SQLite file")
    target = arguments.parse_args().target
    with tempfile.TemporaryDirectory() as directory:
        measure(target or str(Path(directory) / "reviews.db"))
