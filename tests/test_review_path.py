"""Any sequence of decide, change, undo, skip, resend, restart and second page equals a simple model."""

import shutil
import tempfile
from pathlib import Path

import pandas as pd
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

import hitl_notebook as hitl

ITEMS = [f"t{number}" for number in range(5)]
LABELS = ["refund", "card lost"]
FRAME = pd.DataFrame({"id": ITEMS, "text": ITEMS, "predicted": "refund"})


class ReviewPath(RuleBasedStateMachine):
    """The model is a list of what was done and not undone; everything else follows from it by reading it."""

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.done = []  # (event_id, item, verdict) with verdict "skip", or (action, value)
        self.sent = []
        self.session = self.open()

    def open(self):
        return hitl.ReviewSession(
            FRAME,
            task=hitl.Classification(LABELS),
            item_id="id",
            prediction="predicted",
            plan=hitl.ReviewPlan(order="given"),
            reviewer="ada",
            store=self.folder / "r.db",
        )

    def teardown(self):
        self.session.close()
        shutil.rmtree(self.folder)

    def stands(self, item):
        return next(((event_id, verdict) for event_id, of, verdict in reversed(self.done) if of == item), None)

    def send(self, kind, **parts):
        card = self.session.widget
        event_id = f"e{len(self.sent)}"
        message = {
            "kind": kind,
            "event_id": event_id,
            "client_id": "tab",
            "client_seq": len(self.sent),
            "session_id": card.session["session_id"],
            "reviewer": "ada",
            **parts,
        }
        self.sent.append(message)
        card._on_message(card, message, [])
        return event_id, event_id in card.saved

    def on_item(self, item):
        review = self.session._review
        return {
            "item_id": item,
            "content_hash": review.content_hash("ada", item),
            "shown_at": "2026-11-21T09:30:00.000Z",
            "decided_at": "2026-11-21T09:30:01.000Z",
            "seconds": 1.0,
        }

    def decide(self, item, action, value, replaces):
        return self.send(
            "decide",
            **self.on_item(item),
            model_version=self.session.widget.session["model_version"],
            action=action,
            value=value,
            first_value=None,
            reason="unreadable" if action == "flag" else None,
            comment=None,
            replaces=replaces,
            blind=False,
            explained=False,
        )

    @rule(item=st.sampled_from(ITEMS), verdict=st.sampled_from(["refund", "card lost", "flag"]))
    def decide_or_change(self, item, verdict):
        stands = self.stands(item)
        replaces = stands[0] if stands and stands[1] != "skip" else None
        action, value = ("flag", None) if verdict == "flag" else ("correct", verdict)
        event_id, saved = self.decide(item, action, value, replaces)
        assert saved
        settled = "accept" if value == "refund" else action
        self.done.append((event_id, item, (settled, value)))

    @rule(item=st.sampled_from(ITEMS))
    def decide_on_what_no_longer_stands(self, item):
        assert not self.decide(item, "accept", "refund", "e-from-a-tab-long-closed")[1]

    @rule(item=st.sampled_from(ITEMS))
    def skip(self, item):
        stands = self.stands(item)
        event_id, saved = self.send("skip", **self.on_item(item))
        assert saved == (stands is None or stands[1] == "skip")
        if saved:
            self.done.append((event_id, item, "skip"))

    @precondition(lambda self: self.done)
    @rule()
    def undo(self):
        assert self.send("undo", replaces=self.done[-1][0])[1]
        self.done.pop()

    @precondition(lambda self: len(self.done) > 1)
    @rule()
    def undo_from_a_stale_tab(self):
        assert not self.send("undo", replaces=self.done[0][0])[1]

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def resend(self, data):
        card = self.session.widget
        card._on_message(card, data.draw(st.sampled_from(self.sent)), [])

    @rule()
    def restart(self):
        self.session.close()
        self.session = self.open()

    @rule()
    def second_page(self):
        self.session = self.open()

    @invariant()
    def what_stands_is_what_the_model_says(self):
        decisions = self.session.decisions
        found = {row.item_id: (row.action, row.value) for row in decisions.itertuples()}
        standing = {item: self.stands(item) for item in ITEMS}
        expected = {item: found[1] for item, found in standing.items() if found and found[1] != "skip"}
        assert found == expected
        progress = self.session.progress()
        assert (progress["reviewed"], progress["remaining"]) == (len(expected), len(ITEMS) - len(expected))

    @invariant()
    def what_comes_next_is_what_the_model_says(self):
        skips = [(position, item) for position, (_, item, verdict) in enumerate(self.done) if verdict == "skip"]
        skipped = [item for position, item in skips if self.stands(item) == (self.done[position][0], "skip")]
        untouched = [item for item in ITEMS if self.stands(item) is None]
        upcoming = [key for key, _ in self.session._review.upcoming("ada", 99, ahead=99)]
        assert upcoming == untouched + skipped


ReviewPath.TestCase.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
TestReviewPath = ReviewPath.TestCase
