"""The review itself: what comes next for whom, and every way to decide, speaking in keys.

``ReviewSession`` is its face for the notebook, the review card its face for the page: one decision path serves both.
"""

import weakref
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from statistics import median
from typing import Any, NamedTuple

from hitl_notebook.collector import collector_at_rest
from hitl_notebook.decisions import Draft, Event, Verdicts
from hitl_notebook.errors import Conflict, InvalidDecision, NewerContent, SessionMismatch, StoreProblem, UnknownItem
from hitl_notebook.protocol import ItemCounts
from hitl_notebook.review_queue import Blinding, Draw, DrawnUnder, Sources
from hitl_notebook.session.adoption import adopt
from hitl_notebook.session.drafts import Claims, Remarks, decide_draft, event_draft, skip_draft, undo_draft
from hitl_notebook.session.drawing import Drawing
from hitl_notebook.session.explaining import Explaining
from hitl_notebook.session.going_on import extended
from hitl_notebook.session.ledger import Ledger
from hitl_notebook.session.material import Material
from hitl_notebook.session.news import News
from hitl_notebook.session.plans import Plans
from hitl_notebook.session.settings import Settings
from hitl_notebook.store import SessionRow, Store
from hitl_notebook.tasks.task import Task

__all__ = ["Review", "Seen", "Sight"]

_VERDICTS = ("decide", "skip", "undo")
_RECENT = 40  # decisions behind the time an item takes

_REVIEWS: weakref.WeakSet["Review"] = weakref.WeakSet()


class Seen(NamedTuple):
    """What a reviewer had before them when they decided."""

    content_hash: str
    model_version: str
    replaces: str | None


class Sight(NamedTuple):
    """What a reviewer may see of an item now."""

    is_blind: bool
    """The prediction, its candidates and its explanation wait for the reviewer's answer."""
    is_explained: bool


class Review:
    """One session of one store, as every reviewer, cell and page of this process sees it. Safe from any thread.

    Item ids are keys, values canonical. UnknownItem, InvalidDecision and InvalidValue say what can never be recorded,
    Conflict what came too late, StoreProblem that the store is at fault.
    """

    def __init__(self, store: Store, row: SessionRow) -> None:
        self.store = store
        self.row = row
        self.settings: Settings | None = None
        self._plans = Plans()
        self._material: Material | None = None
        self._task: Task | None = None
        self._task_spec: Mapping[str, Any] | None = None  # of the newest settings that were looked at for it
        self.lacks_of_the_task = False
        """Whether another notebook has added to the task what this one cannot know."""
        self._drawing: Drawing | None = None
        self._absent: frozenset[str] = frozenset()
        self._is_closed = False
        self._shown: dict[tuple[str, str], tuple[Any, float | None]] = {}  # what earlier versions said
        self._behind: dict[str, str] = {}  # item decided on what another version said -> by whom
        self.news = News(row.name)
        self.explaining = Explaining(self)
        self.ledger = Ledger(store, row, self._on_events)
        self.news.announce()  # what was there before is no news to anybody
        _REVIEWS.add(self)

    # ------------------------------------------------------------ what is reviewed

    @property
    def verdicts(self) -> Verdicts:
        return self.ledger.verdicts

    @property
    def material(self) -> Material:
        """The items and how they are drawn.

        Raises
        ------
        SessionMismatch
            The session was opened without its items.
        """
        if self._material is None:
            raise SessionMismatch(
                "this session was opened without its items, to be read: open it with items= to see decisions beside "
                f"them, or go on reviewing with ReviewSession(predictions, ..., name={self.row.name!r})"
            )
        return self._material

    @property
    def has_material(self) -> bool:
        """Whether the session has its items."""
        return self._material is not None

    @property
    def absent(self) -> frozenset[str]:
        """The keys of items that were drawn once and are no longer in the frame."""
        return self._absent

    @property
    def task(self) -> Task:
        """What a decision may say, with what other notebooks have added."""
        return self.material.items.task if self._task is None else self._task

    def read_with(self, task: Task, spec: Mapping[str, Any]) -> None:
        """Read what is recorded by the rules of this task; ``spec`` is how the log describes it."""
        with self.ledger.lock:
            self._task, self._task_spec, self.lacks_of_the_task = task, spec, False

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
            for draw in (row.draw for row in drawn):
                self._shown[draw.item_id, draw.model_version] = draw.prediction, draw.confidence
            self.ledger.record([event_draft(self.row.session_id, reviewer, *part) for part in adoption.parts])
            self.read_with(material.items.task, material.settings.task_spec)
            self._material, self._absent = material, adoption.absent
            self._behind.clear()
            self._drawing = Drawing(self.ledger, material, drawn)
            self.news.add(None)
        self._announce()

    # ------------------------------------------------------------ what comes next

    def upcoming(self, reviewer: str, limit: int, *, ahead: int = 1) -> list[tuple[str, str]]:
        """The reviewer's next items, as key and content hash, with ``ahead`` items or more drawn.

        What another notebook has newer content of is withheld.
        """
        with self.ledger.lock:
            drawing, items = self._drawn(), self.material.items
            while True:
                drawing.fill(reviewer, ahead)
                keys = items.keys(drawing.queue(reviewer).upcoming(limit))
                newer = self.newer_elsewhere(reviewer, keys)
                if not newer:
                    return [(key, self.content_hash(reviewer, key)) for key in keys]
                drawing.withhold(reviewer, map(self._position, newer))

    def withheld(self, reviewer: str) -> int:
        """How many of the reviewer's items wait that another notebook has newer content of, as far as it was met."""
        with self.ledger.lock:
            return self._drawn().queue(reviewer).withheld

    def newer_elsewhere(self, reviewer: str, keys: Iterable[str]) -> list[str]:
        """Those of the items of which another notebook has gone on with other content than the frame here has."""
        with self.ledger.lock:
            material, drawing = self.material, self._drawn()
            current: dict[int, tuple[str, str]] = {}
            for key in keys:
                position, draw = material.items.position(key), drawing.draw_of(reviewer, key)
                content_hash = self.verdicts.content_hash(key) or (None if draw is None else draw.content_hash)
                if position is not None and content_hash is not None:
                    current[position] = key, content_hash
            own = zip(current.values(), material.content_hashes(list(current)), strict=True)
            return [key for (key, content_hash), here in own if content_hash != here]

    def content_hash(self, reviewer: str, key: str) -> str:
        """The hash of a drawn item's content as it is now."""
        with self.ledger.lock:
            return self.verdicts.content_hash(key) or self._draw_of(reviewer, key).content_hash

    def sight(self, reviewer: str, key: str) -> Sight:
        """What the reviewer may see of a drawn item now; raises UnknownItem where it was not drawn for them."""
        with self.ledger.lock:
            self._draw_of(reviewer, key)  # UnknownItem comes from here
            draws = self._drawn().draws_of(reviewer, key)
            # Drawn once to be shown with its prediction, it may have been seen: it is not blind when it is drawn again,
            # nor under another plan.
            blinding = self._blinding(draws[0].plan_version)
            is_blind = all(blinding.is_blind(reviewer, key, draw.chosen_by) for draw in draws)
            is_blind = is_blind and not self.material.items.shown_of_the_model
            is_blind = is_blind and not self.verdicts.has_answered(reviewer, key)
            return Sight(is_blind, not is_blind and self.is_explained(reviewer, key))

    def is_explained(self, reviewer: str, key: str) -> bool:
        """Whether the reviewer sees the item's explanation, by the plan that drew it first, as soon as they may."""
        with self.ledger.lock:
            draws = self._drawn().draws_of(reviewer, key)
            version = draws[0].plan_version if draws else self.material.settings.plan_version
            return self._blinding(version).is_explained(reviewer, key)

    def _blinding(self, plan_version: str) -> Blinding:
        """Who answers blind what was drawn under a version of the plan."""
        if plan_version not in self._plans:
            self.ledger.catch_up()  # another process drew under it, and has written it down before
        return self._plans.blinding(plan_version)

    def is_blind_at_work(self, reviewer: str) -> bool:
        """Whether any item of the reviewer's queue may be answered before its prediction is shown."""
        with self.ledger.lock:
            versions = {self.material.settings.plan_version, *self._drawn().held_over(reviewer).plan_versions}
            return any(self._blinding(version).is_at_work for version in versions)

    def order_in_words(self, reviewer: str) -> str:
        """What is asked and in which order, by the plan; and how many items an earlier plan has drawn."""
        with self.ledger.lock:
            order, count = self.material.settings.order, self._drawn().held_over(reviewer).items
        if not count:
            return order
        items, are = ("item", "is") if count == 1 else ("items", "are")
        return f"{order}; {count:,} {items} drawn under an earlier plan {are} asked too, as that plan had it"

    def drawn_under(self) -> dict[str, DrawnUnder]:
        """What is known of the draws that were made under each version of the plan."""
        with self.ledger.lock:
            if self._drawing is not None:
                sources = self._drawing.sources
            else:
                sources = Sources()
                for drawn in self.store.draws(self.row.session_id):
                    sources.add(drawn.reviewer, drawn.draw)
            return sources.drawn_under(self._plans.by_version())

    def are_in_random_order(self, plan_versions: Iterable[str]) -> bool:
        """Whether each of these versions of the plan asks in random order."""
        with self.ledger.lock:
            return self._plans.are_in_random_order(plan_versions)

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

    def progress(self, reviewer: str) -> ItemCounts:
        """How far the reviewer is, over the items of the frame."""
        with self.ledger.lock:
            queue = self._drawn().queue(reviewer)
            counts = self.verdicts.counts(reviewer)
            decided = (self.verdicts.decision(reviewer, key) for key in self._absent)
            gone = Counter(event.record["action"] for event in decided if event is not None)
            reviewed = counts.reviewed - gone.total()
            return ItemCounts(
                total=queue.total,
                reviewed=reviewed,
                accepted=counts.accepted - gone["accept"],
                corrected=counts.corrected - gone["correct"],
                flagged=counts.flagged - gone["flag"],
                skipped=queue.skipped,
                remaining=queue.total - reviewed,
            )

    def seconds_per_item(self, reviewer: str) -> float | None:
        """Median time of the reviewer's recent decisions, None before the first."""
        with self.ledger.lock:
            recent = self.verdicts.history(reviewer, limit=_RECENT)
        seconds = [event.record["seconds"] for event in recent if event.record["seconds"] is not None]
        return median(seconds) if seconds else None

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
    ) -> Draft:
        """A decision as it is to be recorded.

        ``draw`` is one of ``draws``, for an item that need not have been drawn yet.
        """
        with self.ledger.lock:
            if draw is None:
                draw = self._draw_of(claims.reviewer, key)
            self._check_content(claims, draw, seen.content_hash)
            prediction, confidence = self._prediction(key, seen.model_version)
            task, settings = self.material.items.task, self.material.settings
            changed = None if seen.replaces is None else self.verdicts.knows(seen.replaces)
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

    def draws(self, reviewer: str, keys: Sequence[str]) -> dict[str, Draw]:
        """How the items came to be asked of this reviewer; of those that were not, how a decision will ask them."""
        with self.ledger.lock:
            drawing = self._drawn()
            found = {key: drawing.draw_of(reviewer, key) for key in keys}
            by_hand = drawing.by_hand(reviewer, [key for key, draw in found.items() if draw is None])
            return {key: draw for key, draw in found.items() if draw is not None} | {
                draw.item_id: draw for draw in by_hand
            }

    def seen_now(self, reviewer: str, draw: Draw) -> Seen:
        """The item of this draw as it stands now for the reviewer."""
        with self.ledger.lock:
            stands = self.verdicts.decision(reviewer, draw.item_id)
            return Seen(
                content_hash=self.verdicts.content_hash(draw.item_id) or draw.content_hash,
                model_version=self.material.settings.model_version,
                replaces=stands.event_id if stands else None,
            )

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
            material, position = self.material, self.material.items.position(key)
            is_new = claims.event_id is None or self.verdicts.knows(claims.event_id) is None
        if position is None or model_version == material.settings.model_version or not is_new:
            return []
        return [self._repredict_draft(claims.reviewer, key, position)]

    def _repredict_draft(self, reviewer: str, key: str, position: int) -> Draft:
        material = self.material
        record = {"model_version": material.settings.model_version}
        content = {"prediction": material.prediction(position), "confidence": material.confidence(position)}
        return event_draft(self.row.session_id, reviewer, "repredict", key, record, content)

    def _follow_others(self) -> None:
        """The same of what others have decided on an earlier version, as long as the one here is the newest."""
        with self.ledger.lock:
            material, newest = self._material, self.settings
            if material is None or newest is None or newest.model_version != material.settings.model_version:
                return
            drafts = [
                self._repredict_draft(reviewer, key, position)
                for key, reviewer in self._behind.items()
                if (position := material.items.position(key)) is not None and self.verdicts.on_item(key)
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

    def _prediction(self, key: str, model_version: str) -> tuple[Any, float | None]:
        """What that version of the model said, as JSON, and how sure it was."""
        material = self.material
        position = material.items.position(key)
        if position is not None and model_version == material.settings.model_version:
            return material.prediction(position), material.confidence(position)
        shown = self._shown.get((key, model_version))
        if shown is None:
            raise InvalidDecision(f"item “{key:.60}” was never shown with model version {model_version:.60}")
        return shown

    def _draw_of(self, reviewer: str, key: str) -> Draw:
        draw = self._drawn().draw_of(reviewer, key)
        if draw is None:
            raise UnknownItem(f"item “{key:.60}” was never asked of {reviewer} in this session")
        return draw

    def _position(self, key: str) -> int:
        position = self.material.items.position(key)
        if position is None:
            raise UnknownItem(f"no item “{key:.60}” in this frame")
        return position

    def _drawn(self) -> Drawing:
        if self._drawing is None:
            _ = self.material  # says what is missing
            raise SessionMismatch("the items of this session are being taken in")
        return self._drawing

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

    def _extend_task(self, settings: Settings) -> None:
        if self._task is None or settings.task_spec == self._task_spec:
            return
        self._task_spec = settings.task_spec
        task = extended(self._task, settings)
        self.lacks_of_the_task = task is None
        if task is None or task is self._task:
            return
        self._task = task
        if self._material is not None and self._drawing is not None:
            self._material = replace(self._material, items=self._material.items.with_task(task))
            self._drawing.go_on_with(self._material)

    def _on_events(self, events: list[Event]) -> None:
        """Follow the log; called under the ledger's lock."""
        for event in events:
            if event.kind == "settings":
                self.settings = Settings.from_event(event)
                self._plans.add(self.settings)
                self._extend_task(self.settings)
            elif event.kind == "repredict":
                content = event.content or {}
                shown = content.get("prediction"), content.get("confidence")
                self._shown[event.item_id or "", event.record["model_version"]] = shown
                self._behind.pop(event.item_id or "", None)
            elif self._material is not None and self._drawing is not None:
                self._drawing.place(event)
                if event.kind == "decide" and event.record["model_version"] != self._material.settings.model_version:
                    self._behind[event.item_id or ""] = event.reviewer or ""
        self.news.add(events)
