"""Every reviewer's queue over one material, and the draws in the store that they are made of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np

from hitl_notebook.decisions import Draft, Event
from hitl_notebook.errors import UnknownItem
from hitl_notebook.review_queue import Draw, Pool, ReviewQueue, Selection, Sources, Standing
from hitl_notebook.session.drafts import drawn_as
from hitl_notebook.session.ledger import Ledger
from hitl_notebook.session.material import Material
from hitl_notebook.store import Drawn, Writer

__all__ = ["Drawing"]

_BATCH = 200  # how many are drawn at once, so that a page needs a new batch only now and then


class HeldOver(NamedTuple):
    """Undecided items that were drawn under plans before the one that stands."""

    items: int
    """How many of the queue were not drawn again since."""
    plan_versions: set[str]
    """The plans under which they, and those drawn again, were drawn first."""


class Drawing:
    """The queues of one review: derived from the draws in the store and from what stands, kept up with both.

    Call it under the ledger's lock. What another process draws for the same reviewer is taken in before anything new
    is drawn, in the same transaction, so that no item is drawn twice.
    """

    def __init__(self, ledger: Ledger, material: Material, drawn: Sequence[Drawn]) -> None:
        self._ledger = ledger
        self._material = material
        self.sources = Sources()
        self._queues: dict[str, ReviewQueue] = {}
        self._held_over: dict[str, HeldOver] = {}
        self._draws: dict[str, dict[str, Draw]] = {}  # reviewer -> key -> newest draw, in order of drawing
        self._earlier: dict[tuple[str, str], list[Draw]] = {}  # of what was drawn again
        self._next: dict[str, int] = {}
        self._uncommitted: dict[str, list[Draw]] = {}
        self._seq = 0
        self._pool = material.pool
        self._take_in(drawn)
        self._pool = self._with_recorded_sample()
        if material.asks_only_changed:
            self._pool = material.pool.only_changed(self._changed_and_undecided())

    def go_on_with(self, material: Material) -> None:
        """Draw the same items from here on, as they are under a task that has been extended."""
        self._material = material

    def queue(self, reviewer: str) -> ReviewQueue:
        """The reviewer's queue."""
        queue = self._queues.get(reviewer)
        if queue is None:
            queue = self._queues[reviewer] = ReviewQueue(self._pool)
            for draw in self._draws.get(reviewer, {}).values():
                self._put(queue, reviewer, draw)
            queue.draws = self._next.get(reviewer, 0)
        return queue

    def draw_of(self, reviewer: str, key: str) -> Draw | None:
        """How the item came to be asked of this reviewer."""
        return self._draws.get(reviewer, {}).get(key)

    def draws_of(self, reviewer: str, key: str) -> list[Draw]:
        """Every time that the item came to be asked of this reviewer, the newest last."""
        newest = self.draw_of(reviewer, key)
        return [] if newest is None else [*self._earlier.get((reviewer, key), ()), newest]

    def held_over(self, reviewer: str) -> HeldOver:
        """What the reviewer had of earlier plans when this was first asked: it stays so, whatever they decide."""
        held_over = self._held_over.get(reviewer)
        if held_over is None:
            queue, position_of = self.queue(reviewer), self._material.items.position
            current = self._material.settings.plan_version
            waiting = [
                draw
                for key, draw in self._draws.get(reviewer, {}).items()
                if (position := position_of(key)) is not None
                and position in queue
                and self._standing(reviewer, key)[0] != "decided"
            ]
            first = (self.draws_of(reviewer, draw.item_id)[0] for draw in waiting)
            held_over = self._held_over[reviewer] = HeldOver(
                sum(draw.plan_version != current for draw in waiting), {draw.plan_version for draw in first} - {current}
            )
        return held_over

    def by_hand(self, reviewer: str, keys: Sequence[str]) -> list[Draw]:
        """How items that were not drawn will have come to be asked, once this reviewer decides on them all the same."""
        chosen = [Selection(self._position(key), "hand", None, None) for key in keys]
        return self._material.draws(chosen, self._next.get(reviewer, 0))

    def fill(self, reviewer: str, ahead: int) -> None:
        """Draw until ``ahead`` items wait, or nothing is left."""

        def draw() -> None:
            queue = self.queue(reviewer)
            if queue.open < ahead and queue.undrawn:
                with self._writing() as log:
                    self._ledger.recognise(log)
                    if queue.open < ahead:
                        self._add(log, reviewer, queue.draw(ahead - queue.open + _BATCH))

        self._ledger.store.persist(draw)

    def choose(self, reviewer: str, positions: Sequence[int]) -> None:
        """Put items next, as chosen by hand."""
        first, items = self._next.get(reviewer, 0), self._material.items

        def is_chosen(position: int) -> bool:
            """Whether an earlier try did, whose answer was lost."""
            draw = self.draw_of(reviewer, items.key(position))
            return draw is not None and draw.chosen_by == "hand" and draw.draw >= first

        def choose() -> None:
            with self._writing() as log:
                self._ledger.recognise(log)
                left = [position for position in positions if not is_chosen(position)]
                self._add(log, reviewer, self.queue(reviewer).choose(left))

        self._ledger.store.persist(choose)

    def place(self, event: Event) -> None:
        """Follow an event of the log: what has changed is another item for everyone."""
        if event.item_id is None:
            return
        for reviewer, queue in self._queues.items():
            if reviewer == event.reviewer or event.kind == "item_changed":
                self._place(queue, reviewer, event.item_id)

    def withhold(self, reviewer: str, positions: Iterable[int]) -> None:
        """Keep these out of the reviewer's way until something new is recorded of them."""
        for position in positions:
            self.queue(reviewer).place(position, "withheld")

    @contextmanager
    def recording(self, drafts: Sequence[Draft]) -> Iterator[tuple[Writer, list[Draft]]]:
        """A transaction in which the items of these drafts are drawn by hand, where they were not drawn.

        It gives the drafts as they are to be recorded: with how their items came to be asked. Nothing is drawn where
        the transaction fails.
        """
        with self._writing() as log:
            on_items = [(draft.reviewer or "", draft.item_id or "") for draft in drafts if _is_on_item(draft)]
            undrawn: dict[str, list[str]] = {}
            for reviewer, key in dict.fromkeys(on_items):
                if self.draw_of(reviewer, key) is None:
                    undrawn.setdefault(reviewer, []).append(key)
            for reviewer, keys in undrawn.items():
                positions = [self._position(key) for key in keys]
                self._add(log, reviewer, self.queue(reviewer).choose(positions))
            now = {(reviewer, draw.item_id): draw for reviewer, draws in self._uncommitted.items() for draw in draws}
            yield log, [self._as_drawn(draft, now) for draft in drafts]

    def _as_drawn(self, draft: Draft, now: Mapping[tuple[str, str], Draw]) -> Draft:
        if not _is_on_item(draft):
            return draft
        reviewer, key = draft.reviewer or "", draft.item_id or ""
        draw = now.get((reviewer, key)) or self.draw_of(reviewer, key)
        return draft if draw is None else drawn_as(draft, draw)

    @contextmanager
    def _writing(self) -> Iterator[Writer]:
        try:
            with self._ledger.store.writing() as log:
                self._take_in(log.draws(self._ledger.row.session_id, after=self._seq))
                yield log
            for reviewer, draws in self._uncommitted.items():
                self._remember(reviewer, draws)
        except BaseException:
            # These queues are ahead of a commit that failed: they are made again from the draws there are.
            for reviewer in self._uncommitted:
                self._queues.pop(reviewer, None)
            raise
        finally:
            self._uncommitted.clear()

    def _add(self, log: Writer, reviewer: str, selections: Sequence[Selection]) -> None:
        # Noted first: the queue knows of them already, whatever happens from here on.
        self._uncommitted[reviewer] = []
        draws = self._material.draws(selections, self._next.get(reviewer, 0))
        self._uncommitted[reviewer] = draws
        content = self._material.contents(draw.item_id for draw in draws)
        log.add_draws(self._ledger.row.session_id, reviewer, draws, content=content)

    def _position(self, key: str) -> int:
        position = self._material.items.position(key)
        if position is None:
            raise UnknownItem(f"no item “{key:.60}” in this frame")
        return position

    def _take_in(self, drawn: Sequence[Drawn]) -> None:
        for row in drawn:
            self._seq = row.seq
            if row.draw.draw < self._next.get(row.reviewer, 0):
                continue  # drawn here
            self._remember(row.reviewer, [row.draw])
            queue = self._queues.get(row.reviewer)
            if queue is not None:
                self._put(queue, row.reviewer, row.draw)

    def _remember(self, reviewer: str, draws: Sequence[Draw]) -> None:
        known = self._draws.setdefault(reviewer, {})
        for draw in draws:
            self.sources.add(reviewer, draw)
            before = known.pop(draw.item_id, None)
            if before is not None:
                self._earlier.setdefault((reviewer, draw.item_id), []).append(before)
            known[draw.item_id] = draw
            self._next[reviewer] = draw.draw + 1

    def _put(self, queue: ReviewQueue, reviewer: str, draw: Draw) -> None:
        position = self._material.items.position(draw.item_id)
        standing, since = self._standing(reviewer, draw.item_id)
        if position is None or (standing != "decided" and self._is_set_aside(draw)):
            queue.pass_over()
        else:
            queue.restore(position, draw.chosen_by, standing, since)

    def _place(self, queue: ReviewQueue, reviewer: str, key: str) -> None:
        position, draw = self._material.items.position(key), self.draw_of(reviewer, key)
        if position is None or draw is None:
            return
        standing, since = self._standing(reviewer, key)
        if position not in queue and standing == "decided":
            queue.restore(position, draw.chosen_by, standing, since)  # it was set aside, and is decided all the same
        else:
            queue.place(position, standing, since)

    def _is_set_aside(self, draw: Draw) -> bool:
        """Whether the item was asked by a plan that no longer holds, now that only what changed is asked."""
        material = self._material
        return (
            material.asks_only_changed
            and draw.chosen_by != "hand"
            and draw.plan_version != material.settings.plan_version
        )

    def _changed_and_undecided(self) -> list[int]:
        """Positions of what the new version changed and nobody had decided when that was first asked.

        With it goes what has another content than when it was decided: no verdict stands on it. The same after a
        restart, when some of these are decided.
        """
        material, verdicts = self._material, self._ledger.verdicts
        if material.before is None:
            return []
        asked = material.settings.plan_version
        decided = {
            event.item_id
            for event in verdicts.effective()
            if event.record["plan_version"] != asked or event.record["selection"]["chosen_by"] != "changed"
        }
        differs = material.before.differs.copy()
        differs[[at for key in verdicts.waiting if (at := material.items.position(key)) is not None]] = True
        positions = [int(position) for position in np.flatnonzero(differs)]
        keys = material.items.keys(positions)
        return [position for position, key in zip(positions, keys, strict=True) if key not in decided]

    def _standing(self, reviewer: str, key: str) -> tuple[Standing, int]:
        """What stands on the item, and since when in the log."""
        event = self._ledger.verdicts.standing(reviewer, key)
        if event is None:
            return "open", 0
        return "decided" if event.kind == "decide" else "skipped", event.seq

    def _with_recorded_sample(self) -> Pool:
        """The pool with the sample that was drawn for the first reviewer: it is the same for every other."""
        for draws in self._draws.values():
            recorded = [
                Selection(position, "sample", draw.selection_probability, draw.pool_size)
                for draw in draws.values()
                if draw.chosen_by == "sample"
                and draw.plan_version == self._material.settings.plan_version
                and (position := self._material.items.position(draw.item_id)) is not None
            ]
            if recorded:
                return self._material.pool.with_sample(recorded)
        return self._material.pool


def _is_on_item(draft: Draft) -> bool:
    return draft.kind in ("decide", "skip")
