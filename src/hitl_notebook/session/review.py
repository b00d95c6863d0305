"""The review itself: every way to decide, and who is told of it, speaking in keys.

``ReviewSession`` is its face for the notebook, the review card its face for the page: one decision path serves both.
"""

import weakref
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from hitl_notebook.collector import collector_at_rest
from hitl_notebook.decisions import Draft, Event
from hitl_notebook.errors import Conflict, InvalidDecision, NewerContent, StoreProblem
from hitl_notebook.review_queue import Draw
from hitl_notebook.session.adoption import adopt
from hitl_notebook.session.asking import Asking, Seen, Sight
from hitl_notebook.session.drafts import Claims, Remarks, decide_draft, event_draft, skip_draft, undo_draft
from hitl_notebook.session.drawing import Drawing
from hitl_notebook.session.explaining import Explaining
from hitl_notebook.session.ledger import Ledger
from hitl_notebook.session.material import Material
from hitl_notebook.session.news import News
from hitl_notebook.session.repredicting import Repredicting
from hitl_notebook.store import SessionRow, Store

__all__ = ["Review", "Seen", "Sight"]

_VERDICTS = ("decide", "skip", "undo")

_REVIEWS: weakref.WeakSet["Review"] = weakref.WeakSet()


class Review(Asking):
    """One session of one store, as every reviewer, cell and page of this process sees it. Safe from any thread.

    Item ids are keys, values canonical. UnknownItem, InvalidDecision and InvalidValue say what can never be recorded,
    Conflict what came too late, StoreProblem that the store is at fault.
    """

    def __init__(self, store: Store, row: SessionRow) -> None:
        super().__init__(store, row)
        self._is_closed = False
        self._repredicting = Repredicting(row.session_id)
        self.news = News(row.name)
        self.explaining = Explaining(self)
        self.ledger = Ledger(store, row, self._on_events)
        self.news.announce()  # what was there before is no news to anybody
        _REVIEWS.add(self)

    # ------------------------------------------------------------ what is asked

    def adopt(self, material: Material, reviewer: str) -> None:
        """Go on with these items: what changed since they were last seen is recorded, and changed items asked again.

        Raises
        ------
        SessionMismatch
            They are not this session's items.
        """
        with self.ledger.lock, collector_at_rest():
            self.ledger.catch_up()
            self.check_open()
            drawn = self.store.draws(self.row.session_id)
            adoption = adopt(material, self.settings, [row.draw for row in drawn], self.verdicts, self.row)
            self._repredicting.add_draws(row.draw for row in drawn)
            self.ledger.record([event_draft(self.row.session_id, reviewer, *part) for part in adoption.parts])
            self.read_with(material.items.task, material.settings.task_spec)
            self._material, self._absent = material, adoption.absent
            self._repredicting.forget_what_is_behind()
            self._drawing = Drawing(self.ledger, material, drawn)
            self.news.add(None)
        self._announce()

    def enqueue(self, reviewer: str, keys: Sequence[str]) -> list[str]:
        """Put these next, as chosen by hand; what was put there.

        Left out is what is already decided, and what another notebook has newer content of.
        """
        with self.ledger.lock:
            self.check_open()
            newer, decided = set(self.newer_elsewhere(reviewer, keys)), self.verdicts.decided(reviewer)
            open_keys = [key for key in dict.fromkeys(keys) if key not in newer and key not in decided]
            positions = [self._position(key) for key in open_keys]
            if positions:
                self._drawn().choose(reviewer, positions)
                self.news.add(None)
        self.news.announce()
        return open_keys

    # ------------------------------------------------------------ deciding

    def decide(
        self,
        claims: Claims,
        key: str,
        action: str,
        value: Any = None,
        *,
        reason: str | None = None,
        comment: str | None = None,
        seen: Seen | None = None,
    ) -> Event:
        """Record a decision; it is on disk when this returns.

        ``seen`` says what the reviewer had before them; left out, the decision is on the item as it stands now, and an
        item that was not drawn is drawn as chosen by hand: with the decision, and not where that is refused.
        """
        self.check_open()
        if claims.blind:
            self.ledger.catch_up()  # another kernel may have the answer already, and with it the prediction was seen
        draw, seen = self._before_them(claims.reviewer, key, seen)
        remarks = Remarks(reason=reason, comment=comment)
        draft = self.decision_draft(claims, key, action, value, remarks, seen, draw=draw)
        return self._record([draft, *self._follow_up(claims, key, seen.model_version)])[0]

    def decision_draft(
        self,
        claims: Claims,
        key: str,
        action: str,
        value: Any,
        remarks: Remarks,
        seen: Seen,
        *,
        draw: Draw | None = None,
        changed: Draft | Event | None = None,
    ) -> Draft:
        """A decision as it is to be recorded.

        ``draw`` is one of ``draws``, for an item that need not have been drawn yet; ``changed`` is the decision that
        this one replaces, for one that is recorded together with it.
        """
        with self.ledger.lock:
            if draw is None:
                draw = self._draw_of(claims.reviewer, key)
            self._check_content(claims, draw, seen.content_hash)
            prediction, confidence = self._repredicting.said(self.material, key, seen.model_version)
            task, settings = self.material.items.task, self.material.settings
            if changed is None and seen.replaces is not None:
                changed = self.verdicts.knows(seen.replaces)
            # What a page says of its blindness counts only where the plan and the log bear it out.
            is_hidden = (claims.blind or claims.origin == "page") and self.sight(claims.reviewer, key).is_blind
            blind = claims.blind and is_hidden
        if is_hidden and action == "accept" and value is None:
            raise InvalidDecision("what the model said is not shown yet on this item: an answer to it needs a value")
        first_value = value if blind else remarks.first_value
        if changed is not None:
            blind, first = changed.record.get("blind", False), (changed.content or {}).get("first_value")
            first_value = None if first is None else task.from_json(first)
        # The task's own rule of equality is the user's code: no lock is held here.
        return decide_draft(
            claims,
            draw,
            task,
            action=action,
            value=value,
            prediction=None if prediction is None else task.from_json(prediction),
            confidence=confidence,
            model_version=seen.model_version,
            guidelines_version=None if claims.origin == "import" else settings.guidelines_version,
            replaces=seen.replaces,
            content_hash=seen.content_hash,
            remarks=replace(remarks, first_value=first_value),
            blind=blind,
        )

    def skip(self, claims: Claims, key: str, content_hash: str | None = None) -> Event:
        """Put an item off to the end of the reviewer's queue."""
        self.check_open()
        seen = None if content_hash is None else Seen(content_hash, self.material.settings.model_version, None)
        draw, seen = self._before_them(claims.reviewer, key, seen)
        with self.ledger.lock:
            self._check_content(claims, draw, seen.content_hash)
        return self._record([skip_draft(claims, draw, seen.content_hash)])[0]

    def undo(self, claims: Claims, replaces: str | None = None) -> Event:
        """Take back the reviewer's last standing event; ``replaces`` says which one they take that to be."""
        _ = self.material  # says what is missing: what was opened to be read takes nothing back
        self.check_open()
        with self.ledger.lock:
            if replaces is None:
                self.ledger.catch_up()
                last = self.verdicts.last_standing(claims.reviewer)
                if last is None:
                    raise Conflict("There is nothing left to undo.")
                replaces = last.event_id
            undone = self.verdicts.knows(replaces)
        return self._record([undo_draft(claims, replaces, undone.item_id if undone else None)])[0]

    def note(self, kind: str, reviewer: str, record: dict[str, Any]) -> None:
        """Record something that happened to the session: an export, its end."""
        self._record([event_draft(self.row.session_id, reviewer, kind, None, record, {})])

    def record_all(self, drafts: Sequence[Draft]) -> list[Event]:
        """Record drafts together: all of them or none."""
        return self._record(drafts)

    def _before_them(self, reviewer: str, key: str, seen: Seen | None) -> tuple[Draw, Seen]:
        """How the item came to be asked, and as what the reviewer has it before them."""
        is_as_here = not self.newer_elsewhere(reviewer, [key])
        if seen is None or seen.content_hash != self.content_hash(reviewer, key) or not is_as_here:
            self.refresh()  # another notebook may have changed the item
        with self.ledger.lock:
            if seen is not None:
                return self._draw_of(reviewer, key), seen
            draw = self.draws(reviewer, [key])[key]
            return draw, self.seen_now(reviewer, draw)

    def _follow_up(self, claims: Claims, key: str, model_version: str) -> list[Draft]:
        """What the model says now of an item that was decided on an earlier version's prediction."""
        with self.ledger.lock:
            is_new = claims.event_id is None or self.verdicts.knows(claims.event_id) is None
            if model_version == self.material.settings.model_version or not is_new:
                return []
            draft = self._repredicting.draft(self.material, claims.reviewer, key)
        return [] if draft is None else [draft]

    def _follow_others(self) -> None:
        """The same of what others have decided on an earlier version, as long as the one here is the newest."""
        with self.ledger.lock:
            material, newest = self._material, self.settings
            if material is None or newest is None or newest.model_version != material.settings.model_version:
                return
            drafts = [
                draft
                for key, reviewer in self._repredicting.behind
                if self.verdicts.on_item(key)
                and (draft := self._repredicting.draft(material, reviewer, key)) is not None
            ]
        if drafts:
            with suppress(StoreProblem):  # they wait until it can be written
                self._record(drafts)

    def _check_content(self, claims: Claims, draw: Draw, content_hash: str) -> None:
        if claims.event_id is not None and self.verdicts.knows(claims.event_id) is not None:
            return  # it is in the log, as made on the content of then
        current = self.verdicts.content_hash(draw.item_id) or draw.content_hash
        if content_hash != current:
            raise Conflict(f"Item “{draw.item_id:.60}” has changed since it was shown. Look at it again, then decide.")
        position = self.material.items.position(draw.item_id)
        if position is not None and self.material.content_hashes([position]) != [current]:
            raise NewerContent(
                f"Another notebook has newer content of item “{draw.item_id:.60}” than this one.",
                "Run the cell again with the newer frame to go on with it.",
            )

    # ------------------------------------------------------------ who is told

    def refresh(self) -> None:
        """Take in what other processes have written; what was decided on an earlier version follows the one here."""
        self.ledger.catch_up()
        self._follow_others()
        self.news.announce()

    def close(self) -> None:
        """Record no decision any more, follow what others record no more, and give back the store's connections."""
        with self.ledger.lock:
            self._is_closed = True
        _REVIEWS.discard(self)
        self.explaining.close()
        self.store.close()

    def check_open(self) -> None:
        """Raise StoreProblem where the session was closed: what waits on a page goes on waiting there."""
        if self._is_closed:
            raise StoreProblem(
                f"The session “{self.row.name}” was closed: it records no more decisions.",
                "Run the cell that made it again, or make it again with ReviewSession(...), to go on where it stood.",
            )

    def _record(self, drafts: Sequence[Draft]) -> list[Event]:
        try:
            with self.ledger.lock:
                if any(draft.kind in _VERDICTS for draft in drafts):
                    self.check_open()
                return self.ledger.record(drafts, None if self._drawing is None else self._drawing.recording)
        finally:
            self._announce()

    def _announce(self) -> None:
        """Tell those who follow this review, and the other reviews of this session in this process."""
        self.news.announce()
        for peer in list(_REVIEWS):
            if peer is not self and peer.row == self.row and peer.store.store_id == self.store.store_id:
                with suppress(StoreProblem):  # it catches up when it is next used
                    peer.refresh()

    def _on_events(self, events: list[Event]) -> None:
        """Follow the log; called under the ledger's lock."""
        for event in events:
            self._follow(event)
            is_going_on = self._material is not None and self._drawing is not None
            self._repredicting.add(event, self.material.settings.model_version if is_going_on else None)
        self.news.add(events)
