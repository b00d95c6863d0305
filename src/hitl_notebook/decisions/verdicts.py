"""The fold of a log: which of its events stand."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, KeysView, Mapping
from itertools import takewhile
from operator import attrgetter
from typing import Any, NamedTuple

from hitl_notebook.decisions.event import Event

__all__ = ["Counts", "Reprediction", "Verdicts"]


class Counts(NamedTuple):
    """How many items a reviewer decided and how, and how many of them stand skipped."""

    reviewed: int
    accepted: int
    corrected: int
    flagged: int
    skipped: int


class Reprediction(NamedTuple):
    """What a newer model says of an item that had been decided before."""

    model_version: str
    prediction: Any
    confidence: float | None


class _Desk:
    """What one reviewer has done and not taken back."""

    __slots__ = ("actions", "answered", "decided", "made", "piles", "skipped")

    def __init__(self) -> None:
        self.made: list[Event] = []  # oldest first; the last one always stands
        self.piles: dict[str, list[Event]] = {}  # per item, since its content last changed; the last one stands
        self.decided: dict[str, Event] = {}
        self.skipped: dict[str, Event] = {}
        self.actions: Counter[str] = Counter()
        self.answered: set[str] = set()  # decided since their content last changed, taken back or not

    def stands(self, event: Event) -> bool:
        pile = self.piles.get(event.item_id or "")
        return pile is not None and pile[-1] is event

    def put(self, event: Event) -> None:
        item_id = event.item_id or ""
        if event.kind == "decide":
            self.answered.add(item_id)
        self.piles.setdefault(item_id, []).append(event)
        self.made.append(event)
        self._settle(item_id)

    def take_back(self) -> str:
        item_id = self.made.pop().item_id or ""
        pile = self.piles[item_id]
        pile.pop()
        if not pile:
            del self.piles[item_id]
        self._settle(item_id)
        self._trim()
        return item_id

    def lapse(self, item_id: str) -> bool:
        """Let everything on the item lapse; whether a decision did."""
        decided = item_id in self.decided
        self.answered.discard(item_id)
        if self.piles.pop(item_id, None) is not None:
            self._settle(item_id)
            self._trim()
        return decided

    def _settle(self, item_id: str) -> None:
        before = self.decided.pop(item_id, None)
        if before is not None:
            self.actions[before.record["action"]] -= 1
        self.skipped.pop(item_id, None)
        pile = self.piles.get(item_id)
        if pile is None:
            return
        if pile[-1].kind == "decide":
            self.decided[item_id] = pile[-1]
            self.actions[pile[-1].record["action"]] += 1
        else:
            self.skipped[item_id] = pile[-1]

    def _trim(self) -> None:
        # What lapsed never stands again. An event under another on its pile is older than it, so never the last here.
        while self.made and not self.stands(self.made[-1]):
            self.made.pop()


_NOTHING = _Desk()
_SEQ = attrgetter("seq")


class Verdicts:
    """What stands after the events of one session, folded in the order of the log.

    For a reviewer and an item the newest event that was neither undone nor made on an earlier content of the item
    stands. Feed it with ``extend``: in one go or as events come, the result is the same.

    Examples
    --------
    >>> def event(seq, kind, **record):
    ...     return Event(seq, f"e{seq}", "s", kind, "2026-11-21T09:30:00.000000Z", "ada", "t1", record, {})
    >>> verdicts = Verdicts([event(1, "decide", action="accept"), event(2, "decide", action="flag", replaces="e1")])
    >>> verdicts.decision("ada", "t1").seq, verdicts.counts("ada").reviewed
    (2, 1)
    >>> verdicts.extend([event(3, "undo", replaces="e2")])
    >>> verdicts.decision("ada", "t1").seq
    1
    """

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self._seq = 0
        self._known: dict[str, Event] = {}
        self._desks: dict[str, _Desk] = {}
        self._content_hashes: dict[str, str] = {}
        self._lapsed: dict[str, set[str]] = {}  # item -> reviewers with a decision on an earlier content
        self._waiting: dict[str, set[str]] = {}  # those of them who have not decided again
        self._predictions: dict[str, Reprediction] = {}
        self.extend(events)

    @property
    def seq(self) -> int:
        """The sequence number of the last event folded; 0 before the first."""
        return self._seq

    @property
    def last(self) -> Event | None:
        """The last event folded; None before the first."""
        return next(reversed(self._known.values()), None)

    def until(self, seq: int) -> "Verdicts":
        """What stood after the event with a sequence number, as a fold of its own."""
        return Verdicts(takewhile(lambda event: event.seq <= seq, self._known.values()))

    @property
    def reviewers(self) -> list[str]:
        """Everyone who decided, skipped or undid anything, in the order of their first event."""
        return list(self._desks)

    @property
    def predictions(self) -> Mapping[str, Reprediction]:
        """The newest prediction of each item that got one after it had been decided."""
        return self._predictions

    @property
    def waiting(self) -> KeysView[str]:
        """Items that changed after a reviewer had decided on them who has not decided again; follows the fold."""
        return self._waiting.keys()

    def extend(self, events: Iterable[Event]) -> None:
        """Fold further events; those folded before are passed over."""
        for event in events:
            if event.seq <= self._seq:
                continue
            self._seq = event.seq
            self._known[event.event_id] = event
            if event.kind in ("decide", "skip"):
                self._desk(event).put(event)
                self._note_redecided(event.reviewer or "", event.item_id or "")
            elif event.kind == "undo":
                desk = self._desk(event)
                # admit lets no other undo into the log; one that got there otherwise takes nothing back.
                if desk.made and desk.made[-1].event_id == event.record["replaces"]:
                    self._note_redecided(event.reviewer or "", desk.take_back())
            elif event.kind == "item_changed":
                self._change(event)
            elif event.kind == "repredict":
                content = event.content or {}
                self._predictions[event.item_id or ""] = Reprediction(
                    event.record["model_version"], content.get("prediction"), content.get("confidence")
                )

    def knows(self, event_id: str) -> Event | None:
        """The event of that id, if it has been folded."""
        return self._known.get(event_id)

    def content_hash(self, item_id: str) -> str | None:
        """The item's content hash since it last changed; None if it never did."""
        return self._content_hashes.get(item_id)

    def decision(self, reviewer: str, item_id: str) -> Event | None:
        """The reviewer's standing decision on the item as it is now."""
        return self._desks.get(reviewer, _NOTHING).decided.get(item_id)

    def last_standing(self, reviewer: str) -> Event | None:
        """What an undo would take back: the reviewer's newest standing decision or skip."""
        made = self._desks.get(reviewer, _NOTHING).made
        return made[-1] if made else None

    def history(self, reviewer: str, before: int | None = None, limit: int | None = None) -> list[Event]:
        """Standing decisions and skips, newest first: those before a sequence number, ``limit`` of them at most."""
        desk = self._desks.get(reviewer, _NOTHING)
        end = len(desk.made) if before is None else bisect_left(desk.made, before, key=lambda event: event.seq)
        page: list[Event] = []
        for at in range(end - 1, -1, -1):
            if limit is not None and len(page) >= limit:
                break
            if desk.stands(desk.made[at]):
                page.append(desk.made[at])
        return page

    def skipped(self, reviewer: str) -> list[str]:
        """Items that stand skipped, in the order of skipping."""
        skips = sorted(self._desks.get(reviewer, _NOTHING).skipped.values(), key=lambda event: event.seq)
        return [event.item_id or "" for event in skips]

    def standing(self, reviewer: str, item_id: str) -> Event | None:
        """The reviewer's decision or skip that stands on the item as it is now."""
        pile = self._desks.get(reviewer, _NOTHING).piles.get(item_id)
        return pile[-1] if pile else None

    def has_answered(self, reviewer: str, item_id: str) -> bool:
        """Whether the reviewer ever decided on the item as it is now, even if they took it back."""
        return item_id in self._desks.get(reviewer, _NOTHING).answered

    def decided(self, reviewer: str) -> KeysView[str]:
        """Items on which a decision of the reviewer stands; a view that follows the fold."""
        return self._desks.get(reviewer, _NOTHING).decided.keys()

    def counts(self, reviewer: str) -> Counts:
        """How many items the reviewer decided and how."""
        desk = self._desks.get(reviewer, _NOTHING)
        accepted, corrected, flagged = (desk.actions[action] for action in ("accept", "correct", "flag"))
        return Counts(len(desk.decided), accepted, corrected, flagged, len(desk.skipped))

    def effective(self) -> list[Event]:
        """One standing decision per reviewer and item, in the order of the log."""
        return sorted((event for desk in self._desks.values() for event in desk.decided.values()), key=_SEQ)

    def on_item(self, item_id: str) -> list[Event]:
        """Every reviewer's standing decision on the item."""
        return [desk.decided[item_id] for desk in self._desks.values() if item_id in desk.decided]

    def news(self, since: int) -> dict[str, bool]:
        """The items that an event after a sequence number was about, and whether all these did was to add decisions."""
        items: dict[str, bool] = {}
        for event in takewhile(lambda event: event.seq > since, reversed(self._known.values())):
            undone = self._known.get(event.record["replaces"]) if event.kind == "undo" else None
            adds = event.kind == "decide" and event.record.get("replaces") is None
            for about in (event, undone):
                if about is not None and about.item_id is not None:
                    items[about.item_id] = items.get(about.item_id, True) and adds
        return items

    def _desk(self, event: Event) -> _Desk:
        desk = self._desks.get(event.reviewer or "")
        if desk is None:
            desk = self._desks[event.reviewer or ""] = _Desk()
        return desk

    def _change(self, event: Event) -> None:
        item_id = event.item_id or ""
        self._content_hashes[item_id] = event.record["new_hash"]
        for reviewer, desk in self._desks.items():
            if desk.lapse(item_id):
                self._lapsed.setdefault(item_id, set()).add(reviewer)
                self._waiting.setdefault(item_id, set()).add(reviewer)

    def _note_redecided(self, reviewer: str, item_id: str) -> None:
        if reviewer not in self._lapsed.get(item_id, ()):
            return
        waiting = self._waiting.setdefault(item_id, set())
        if item_id in self.decided(reviewer):
            waiting.discard(reviewer)
        else:
            waiting.add(reviewer)
        if not waiting:
            del self._waiting[item_id]
