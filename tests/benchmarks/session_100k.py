"""Figures of a session whose store holds 100,000 decisions: ``python -m tests.benchmarks.session_100k [STORE]``.

Two reviewers decide on the items of a frame with text, number, prediction, confidence and a slice, through the
session's own decision path; of some the first has decided none, and the second every other one. Medians over repeated
runs, of the time that passed and of the process's own computing, which says more on a busy machine. A STORE that an
earlier run has filled is used as it is.
"""

import argparse
import gc
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

import hitl_notebook as hitl
from hitl_notebook.session.drafts import Claims, Remarks
from hitl_notebook.session.review import Seen
from tests.benchmarks.store_100k import DECISIONS

LABELS = ["refund", "card lost", "transfer", "fees", "other"]
REVIEWERS = ("ada", "bo")
SPARE = 2_000  # items that the first reviewer has not decided, for decisions that are timed


Times = list[tuple[float, float]]  # passed and computed, in seconds


def timed(action: Callable[[], object], runs: int) -> Times:
    times = []
    for _ in range(runs):
        began = time.perf_counter(), time.process_time()
        action()
        times.append((time.perf_counter() - began[0], time.process_time() - began[1]))
    return times


def row(what: str, times: Times) -> None:
    passed, computed = (statistics.median(seconds) * 1000 for seconds in zip(*times, strict=True))
    print(f"| {what:<40} | {passed:>10,.1f} | {computed:>12,.1f} | {len(times):>4} |", flush=True)


def frame() -> pd.DataFrame:
    rng = np.random.default_rng(7)
    count = (DECISIONS - SPARE // 2) // len(REVIEWERS) + SPARE
    return pd.DataFrame(
        {
            "ticket": [f"t{number:06}" for number in range(count)],
            "text": [f"Message {number}: where is my money, and when does it come?" for number in range(count)],
            "amount": rng.normal(50, 20, count).round(2),
            "channel": rng.choice(["mail", "phone", "chat"], count),
            "predicted": rng.choice(LABELS, count),
            "p": rng.uniform(0.2, 1, count),
        }
    )


def opened(predictions: pd.DataFrame, target: str) -> hitl.ReviewSession:
    return hitl.ReviewSession(
        predictions,
        hitl.Classification(LABELS),
        item_id="ticket",
        prediction="predicted",
        confidence="p",
        slices="channel",
        reviewer=REVIEWERS[0],
        store=target,
    )


def fill(session: hitl.ReviewSession) -> None:
    """Decide on all items but the spare ones for both, and on every other one of those for the second reviewer."""
    review, items = session._review, len(session._review.material.items)
    for reviewer, of_spare in zip(REVIEWERS, (0, SPARE // 2), strict=True):
        claims = Claims(
            session_id=review.row.session_id,
            reviewer=reviewer,
            origin="page",
            shown_at="2026-11-21T09:30:00.120Z",
            decided_at="2026-11-21T09:30:02.480Z",
            seconds=2.36,
        )
        upcoming = review.upcoming(reviewer, items, ahead=items)
        drafts = []
        for number, (key, content_hash) in enumerate(upcoming[:-SPARE] + upcoming[-SPARE::2][:of_spare]):
            seen = Seen(content_hash, review.material.settings.model_version, replaces=None)
            # Of ten decisions eight keep what the model said, one corrects it, one flags.
            action = {0: "correct", 1: "flag"}.get(number % 10, "accept")
            value = LABELS[number % len(LABELS)] if action == "correct" else None
            remarks = Remarks(reason="unreadable" if action == "flag" else None)
            drafts.append(review.decision_draft(claims, key, action, value, remarks, seen))
        review.record_all(drafts)


def measure(target: str, directory: Path) -> None:
    predictions = frame()
    with opened(predictions, target) as session:
        if session.progress()["reviewed"] == 0:
            fill(session)
    gc.collect()

    def open_and_close() -> None:
        opened(predictions, target)._review.store.close()

    def analyse() -> None:
        hitl.ReviewSession.open(target)._review.store.close()

    print(f"{target}: {DECISIONS:,} decisions\n")
    print(f"| {'':<40} | {'ms passed':>10} | {'ms computed':>12} | runs |\n|---|---:|---:|---:|")
    row("opened with its frame", timed(open_and_close, 3))
    row("opened to analyse", timed(analyse, 3))

    def first_decisions() -> Times:
        times: Times = []
        for _ in range(3):
            with hitl.ReviewSession.open(target) as session:
                times += timed(lambda session=session: session.decisions, 1)
        return times

    row("decisions, the first time", first_decisions())

    with opened(predictions, target) as session:
        row("progress", timed(session.progress, 20))

        def decide() -> None:
            session.accept(session.next_item())

        def after_one_more(action: Callable[[], object]) -> Times:
            times: Times = []
            for _ in range(5):
                decide()
                times += timed(action, 1)
            return times

        row("one decision, on disk", timed(decide, 50))
        row("one undo, on disk", timed(session.undo, 50))
        row("decisions again, nothing new", timed(lambda: session.decisions, 5))
        row("decisions again, after one more", after_one_more(lambda: session.decisions))
        figures = session._figure_source()
        row("what the figures see, after one more", after_one_more(figures.reviewed))
        row("that, and the model's accuracy", after_one_more(lambda: figures.reviewed().accuracy))
        row("labels, by a rule", timed(lambda: session.labels("latest"), 3))
        row("corrections, with the frame's columns", timed(lambda: session.corrections, 3))
        row("log", timed(lambda: session.log, 3))
        for ending in ("csv", "parquet", "jsonl"):
            path = directory / f"decisions.{ending}"
            row(f"export of decisions to {ending}", timed(lambda path=path: session.export(path, overwrite=True), 3))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("store", nargs="?", help="a SQLite file; left out: a new one, gone afterwards")
    store = arguments.parse_args().store
    with tempfile.TemporaryDirectory() as directory:
        measure(store or str(Path(directory) / "reviews.db"), Path(directory))
