"""Any sequence of decide, change, undo, skip, resend, reload, restart, second tab, second reviewer and a notebook with
newer content equals a model.

The short form runs 5,000 examples on the real store; ``pytest tests/test_review_path.py -m campaign`` runs 50,000. They
are the same each time, on every machine, unless another profile is asked for.
"""

import os
import random
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
from hypothesis import Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

import hitl_notebook as hitl
from hitl_notebook.session import review as reviews
from hitl_notebook.session.ledger import Ledger
from hitl_notebook.store import Writer
from tests.page import Page

ITEMS = [f"t{number}" for number in range(4)]
LABELS = ["refund", "card lost"]
# Two tabs of one reviewer, each with a kernel of its own, and a second reviewer in the first kernel.
TABS = [("ada", 0), ("ada", 1), ("bob", 0)]
ELSEWHERE = ("cy", 2)
PARTS = 8  # of the examples, each with a seed of its own
# What these tests look for is not lost power: where memory can be a disk, a commit is quick.
MEMORY = Path("/dev/shm")  # noqa: S108

# Mostly the first tab: opening another costs more than all that is done in it.
tabs = st.sampled_from([*[TABS[0]] * 3, *TABS])
items = st.sampled_from(ITEMS)


class Done(NamedTuple):
    """Something a reviewer has done and not taken back; ``action`` None for a skip."""

    event_id: str
    item: str
    action: str | None
    value: str | None
    first_value: str | None
    is_blind: bool


class ReviewPath(RuleBasedStateMachine):
    """The model is a list a reviewer of what was done and not undone; everything else follows from reading it."""

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
        self.pages = {}
        # What one kernel records it tells its own sessions; of another kernel's they hear from the store alone.
        self.kernels = {kernel: type(reviews._REVIEWS)() for _, kernel in [*TABS, ELSEWHERE]}
        self.before = reviews._REVIEWS
        self.texts = dict.fromkeys(ITEMS, "as it was")
        self.frames = {}  # what each tab's notebook has of them
        self.done = {"ada": [], "bob": []}
        self.answered = set()  # reviewer and item, taken back or not
        self.known = dict.fromkeys(TABS, ())  # what each tab has been told was done
        self.sent = {"ada": [], "bob": []}
        self.made = 0
        self.last = TABS[0]

    def teardown(self):
        try:
            if self.last in self.pages and self.made % 3 == 0:  # one in three: making frames is slow
                self.frames_say_what_the_model_says(self.page(self.last).session)
        finally:
            for tab in list(self.pages):
                self.restart(tab, is_killed=True)
            reviews._REVIEWS = self.before
            shutil.rmtree(self.folder)

    # ------------------------------------------------------------ the tabs

    def page(self, tab):
        """The tab's page, its kernel started where it has none."""
        self.last = tab
        reviews._REVIEWS = self.kernels[tab[1]]
        if tab not in self.pages:
            self.frames[tab] = dict(self.texts)
            self.pages[tab] = Page(self.session(tab[0]))
        return self.pages[tab]

    def session(self, reviewer):
        """That of a cell that is run now, with the newest frame."""
        return hitl.ReviewSession(
            pd.DataFrame({"id": ITEMS, "text": list(self.texts.values()), "predicted": "refund"}),
            task=hitl.Classification(LABELS),
            item_id="id",
            prediction="predicted",
            show="text",
            plan=hitl.ReviewPlan(order="given", blind_share=0.5, seed=11),
            reviewer=reviewer,
            store=self.folder / "r.db",
            model_version="v1",
        )

    def send(self, tab, kind, **parts):
        """Whether the event was recorded; the tab knows of everything from then on."""
        page = self.page(tab)
        event_id = f"e{self.made}"
        page.send(kind, event_id=event_id, **parts)
        self.made += 1
        self.known[tab] = tuple(self.done[tab[0]])
        saved = event_id in page.card.saved
        if saved:
            self.sent[tab[0]].append((kind, {"event_id": event_id, **parts}))
        return event_id, saved

    def on_item(self, tab, item):
        return {
            "item_id": item,
            "content_hash": self.page(tab).session._review.content_hash(tab[0], item),
            "shown_at": "2026-11-21T09:30:00.000Z",
            "decided_at": "2026-11-21T09:30:01.000Z",
            "seconds": 1.0,
        }

    # ------------------------------------------------------------ what the model says

    def decision(self, done, item):
        standing = next((one for one in reversed(done) if one.item == item), None)
        return standing if standing is not None and standing.action is not None else None

    def is_outdated(self, tab, item):
        """Whether the tab's notebook could only show the item as it was."""
        return self.frames[tab][item] != self.texts[item]

    def is_blind(self, tab, item):
        return self.page(tab).session._review.material.blinding.is_blind(tab[0], item, "order")

    # ------------------------------------------------------------ what can happen

    @rule(tab=tabs, item=items, verdict=st.sampled_from([*LABELS, "flag"]))
    def decide_or_change(self, tab, item, verdict):
        reviewer, known = tab[0], self.decision(self.known[tab], item)
        stands = self.decision(self.done[reviewer], item)
        is_blind = self.is_blind(tab, item)  # as a tab would say that has not heard of an answer
        action, value = ("flag", None) if verdict == "flag" else ("correct", verdict)
        event_id, saved = self.send(
            tab,
            "decide",
            **self.on_item(tab, item),
            model_version="v1",
            action=action,
            value=value,
            first_value=value if is_blind else None,
            reason="unreadable" if action == "flag" else None,
            comment=None,
            replaces=None if known is None else known.event_id,
            blind=is_blind,
            explained=False,
        )
        assert saved == (known == stands and not self.is_outdated(tab, item))
        if saved:
            settled = "accept" if value == "refund" else action
            if stands is None:
                is_first = is_blind and (reviewer, item) not in self.answered
                first = (value if is_first else None, is_first)
            else:
                first = (stands.first_value, stands.is_blind)
            self.record(tab, Done(event_id, item, settled, value, *first))
            self.answered.add((reviewer, item))

    @rule(tab=tabs, item=items)
    def skip(self, tab, item):
        event_id, saved = self.send(tab, "skip", **self.on_item(tab, item))
        assert saved == (self.decision(self.done[tab[0]], item) is None and not self.is_outdated(tab, item))
        if saved:
            self.record(tab, Done(event_id, item, None, None, None, False))

    @precondition(lambda self: any(self.known.values()))
    @rule(data=st.data())
    def undo(self, data):
        tab = data.draw(st.sampled_from([tab for tab in TABS if self.known[tab]]))
        done, known = self.done[tab[0]], self.known[tab]
        _, saved = self.send(tab, "undo", replaces=known[-1].event_id)
        assert saved == (known[-1:] == tuple(done[-1:]))
        if saved:
            done.pop()
            self.known[tab] = tuple(done)

    def record(self, tab, done):
        self.done[tab[0]].append(done)
        self.known[tab] = tuple(self.done[tab[0]])

    @precondition(lambda self: any(self.sent.values()))
    @rule(tab=tabs, data=st.data())
    def resend(self, tab, data):
        if self.sent[tab[0]]:
            kind, parts = data.draw(st.sampled_from(self.sent[tab[0]]))
            self.page(tab).send(kind, **parts)

    @rule(tab=tabs)
    def reload(self, tab):
        """What a page is told that has just opened."""
        page, reviewer = self.page(tab), tab[0]
        state = page.card.get_state()
        [history] = page.ask("history", before=None, limit=100)
        standing = {}
        for one in self.done[reviewer]:
            standing.pop(one.item, None)
            standing[one.item] = one
        told = [(entry["event_id"], entry["item_id"], entry["action"], entry["value"]) for entry in history["entries"]]
        assert told == [(one.event_id, one.item, one.action, one.value) for one in reversed(standing.values())]
        assert [item for item, _ in state["queue"]["entries"]] == self.upcoming(tab)
        self.known[tab] = tuple(self.done[reviewer])

    @precondition(lambda self: len(set(self.texts.values())) == 1)  # once: opening a notebook is slow
    @rule(item=items)
    def newer_content(self, item):
        """Another notebook opens the session with another text of an item: nothing stands on it any more."""
        self.last = ELSEWHERE
        reviews._REVIEWS = self.kernels[ELSEWHERE[1]]
        self.texts[item] = f"after {self.made} events"
        self.session(ELSEWHERE[0])._review.close()
        for reviewer, done in self.done.items():
            self.done[reviewer] = [one for one in done if one.item != item]
            self.answered.discard((reviewer, item))

    @precondition(lambda self: self.pages)
    @rule(data=st.data(), is_killed=st.booleans())
    def end(self, data, is_killed):
        self.restart(data.draw(st.sampled_from(sorted(self.pages))), is_killed)

    def restart(self, tab, is_killed):
        """End the tab's kernel, as far as it is this tab's; a killed one has no last word."""
        page = self.page(tab)
        del self.pages[tab]
        if is_killed:
            page.session._review.close()
            page.card.close()
        else:
            page.session.close()

    # ------------------------------------------------------------ what holds

    def upcoming(self, tab):
        done = self.done[tab[0]]
        standing = {one.item: one for one in done}
        untouched = [item for item in ITEMS if item not in standing]
        skips = [one.item for one in done if one.action is None and standing[one.item] == one]
        return [item for item in untouched + skips if not self.is_outdated(tab, item)]

    @invariant()
    def what_stands_is_what_the_model_says(self):
        if self.last not in self.pages:
            return
        reviewer, review = self.last[0], self.pages[self.last].session._review
        expected = {one.item: one for one in self.done[reviewer]}
        for item in ITEMS:
            found, one = review.verdicts.standing(reviewer, item), expected.get(item)
            assert (found and found.event_id) == (one and one.event_id)
        decided = [one for one in expected.values() if one.action is not None]
        progress = review.progress(reviewer)
        assert (progress["reviewed"], progress["remaining"]) == (len(decided), len(ITEMS) - len(decided))
        assert [key for key, _ in review.upcoming(reviewer, 99, ahead=99)] == self.upcoming(self.last)

    def frames_say_what_the_model_says(self, session):
        columns = ["reviewer", "item_id", "action", "value", "first_value", "blind"]
        found = {tuple(row[:2]): tuple(row[2:]) for row in session.decisions[columns].values.tolist()}
        assert found == {
            (reviewer, one.item): (one.action, one.value, one.first_value, one.is_blind)
            for reviewer, done in self.done.items()
            for one in {one.item: one for one in done}.values()
            if one.action is not None
        }
        assert session.log["kind"].isin(["decide", "skip", "undo"]).sum() == sum(map(len, self.sent.values()))


def run(examples, number=0, machine=ReviewPath, **options):
    how = settings(max_examples=examples, stateful_step_count=12, deadline=None, database=None, **options)
    run_state_machine_as_test(seed(number)(machine), settings=how)


def run_on_all_cores(examples):
    """Part the examples among processes: each ends with the failing path, if it finds one."""
    first = 0 if settings.default.derandomize else random.randrange(2**32)
    root = Path(__file__).parents[1]

    def part(number):
        command = [sys.executable, "-m", "tests.test_review_path", str(examples // PARTS), str(number)]
        said = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        return subprocess.run(command, cwd=root, check=False, **said)

    with ThreadPoolExecutor(os.cpu_count()) as cores:
        parts = list(cores.map(part, range(first, first + PARTS)))
    assert [part.returncode for part in parts] == [0] * PARTS, "\n".join(part.stdout for part in parts)


@pytest.mark.alone
def test_every_path_through_a_review_equals_the_model():
    run_on_all_cores(5_000)


@pytest.mark.campaign
def test_every_path_through_a_review_equals_the_model_in_a_long_campaign():
    run_on_all_cores(50_000)


def test_the_model_would_notice_that_stale_tabs_are_believed(monkeypatch):
    monkeypatch.setattr("hitl_notebook.session.ledger.admit", lambda verdicts, draft: verdicts.knows(draft.event_id))
    with pytest.raises(AssertionError):
        run(500, phases=[Phase.generate], report_multiple_bugs=False)


def test_the_model_would_notice_that_a_kernel_does_not_hear_of_another(monkeypatch):
    newer = Ledger._newer

    def deaf(ledger, events, last):
        return [] if isinstance(events.__self__, Writer) else newer(ledger, events, last)

    monkeypatch.setattr(Ledger, "_newer", deaf)
    with pytest.raises(AssertionError):
        run(500, phases=[Phase.generate], report_multiple_bugs=False)


def test_every_part_tries_paths_of_its_own_and_the_same_each_time():
    def tried(number):
        paths = []

        class Noted(ReviewPath):
            def teardown(self):
                paths.append((self.made, {reviewer: tuple(done) for reviewer, done in self.done.items()}))
                super().teardown()

        run(20, number, Noted)
        return paths

    assert tried(0) == tried(0)
    assert tried(0) != tried(1)


if __name__ == "__main__":
    run(int(sys.argv[1]), int(sys.argv[2]))
