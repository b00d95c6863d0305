"""What is reviewed, and what is asked of whom: the half of a review that only looks."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from statistics import median
from typing import Any, NamedTuple

from hitl_notebook.decisions import Event, Verdicts
from hitl_notebook.errors import SessionMismatch, UnknownItem
from hitl_notebook.protocol import ItemCounts
from hitl_notebook.review_queue import Blinding, Draw, DrawnUnder, Sources
from hitl_notebook.session.drawing import Drawing
from hitl_notebook.session.going_on import extended
from hitl_notebook.session.ledger import Ledger
from hitl_notebook.session.material import Material
from hitl_notebook.session.plans import Plans
from hitl_notebook.session.settings import Settings
from hitl_notebook.store import SessionRow, Store
from hitl_notebook.tasks.task import Task

__all__ = ["Asking", "Seen", "Sight"]

_RECENT = 40  # decisions behind the time an item takes


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


class Asking:
    """The items of a session and how they come to be asked of each reviewer. Keys are ids, values canonical.

    It follows the log and decides nothing; `Review` does. Drawing writes draws, and nothing else here writes.
    """

    ledger: Ledger

    def __init__(self, store: Store, row: SessionRow) -> None:
        self.store = store
        self.row = row
        self.settings: Settings | None = None
        self.lacks_of_the_task = False
        """Whether another notebook has added to the task what this one cannot know."""
        self._plans = Plans()
        self._material: Material | None = None
        self._task: Task | None = None
        self._task_spec: Mapping[str, Any] | None = None  # of the newest settings that were looked at for it
        self._drawing: Drawing | None = None
        self._absent: frozenset[str] = frozenset()

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

    def _follow(self, event: Event) -> None:
        """Follow the log; called under the ledger's lock."""
        if event.kind == "settings":
            self.settings = Settings.from_event(event)
            self._plans.add(self.settings)
            self._extend_task(self.settings)
        elif event.kind != "repredict" and self._material is not None and self._drawing is not None:
            self._drawing.place(event)

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
