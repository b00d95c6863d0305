"""The deciding half of a session: what a reviewer says, by code as by the card."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from hitl_notebook.errors import InvalidDecision, UnknownItem
from hitl_notebook.names import reviewer_name
from hitl_notebook.protocol import ItemCounts
from hitl_notebook.quoted import quoted
from hitl_notebook.session.drafts import Claims
from hitl_notebook.session.importing import import_rows
from hitl_notebook.session.recorded_session import RecordedSession
from hitl_notebook.tasks.task import SHOWN_ROWS

__all__ = ["DecidingSession"]


class DecidingSession(RecordedSession):
    """Every way to decide, and what there is still to decide; ``ReviewSession`` opens and shows it.

    A session that was opened to be read, by ``ReviewSession.open``, refuses all of this but ``item``: SessionMismatch.
    """

    # ------------------------------------------------------------ deciding

    def accept(self, item_id: Any, *, comment: str | None = None, reviewer: str | None = None) -> None:
        """The prediction on this item is right."""
        self.decide(item_id, "accept", comment=comment, reviewer=reviewer)

    def correct(self, item_id: Any, value: Any, *, comment: str | None = None, reviewer: str | None = None) -> None:
        """The right value is another one; a value equal to the prediction is an accept."""
        self.decide(item_id, "correct", value, comment=comment, reviewer=reviewer)

    def flag(self, item_id: Any, reason: str, *, comment: str | None = None, reviewer: str | None = None) -> None:
        """This item cannot be decided, and why."""
        self.decide(item_id, "flag", reason=reason, comment=comment, reviewer=reviewer)

    def decide(
        self,
        item_id: Any,
        action: str,
        value: Any = None,
        reason: str | None = None,
        comment: str | None = None,
        reviewer: str | None = None,
        *,
        event_id: str | None = None,
    ) -> str:
        """Record a decision, on disk when this returns; a standing one of the same reviewer is changed by it.

        Returns
        -------
        The event's id. Given as ``event_id``, it decides once, however often it is sent for the same item.

        Raises
        ------
        UnknownItem, InvalidValue, InvalidDecision
            The item is not in the frame, the value not one of the task's, or the action lacks what it needs.
        Conflict
            ``event_id`` is that of another event.
        NewerContent
            Another notebook has gone on with newer content of the item than the frame here has.
        StoreProblem
            The store cannot take it now; nothing was recorded. Where its server was lost in the middle and has not come
            back, the words say that this cannot be told: decide again with the same ``event_id`` then.
        """
        items = self._reviewed()
        key = items.key(items.position_of(item_id))
        if event_id is not None and not (isinstance(event_id, str) and event_id):
            raise InvalidDecision(f"event_id={quoted(event_id)}: text, as in event_id=str(uuid.uuid4()), or left out")
        claims = self._claims(reviewer, event_id)
        known = None if event_id is None else self._review.verdicts.knows(event_id)
        if known is not None and (known.kind, known.reviewer, known.item_id) == ("decide", claims.reviewer, key):
            return known.event_id
        checked = None if value is None else self.task.check(value)
        return self._review.decide(claims, key, action, checked, reason=reason, comment=comment).event_id

    def skip(self, item_id: Any, *, reviewer: str | None = None) -> None:
        """Put an item off: it comes back at the end."""
        items = self._reviewed()
        self._review.skip(self._claims(reviewer), items.key(items.position_of(item_id)))

    def undo(self, *, reviewer: str | None = None) -> None:
        """Take back the reviewer's last standing decision or skip, and restore what stood before."""
        self._reviewed()
        self._review.undo(self._claims(reviewer))

    def next_item(self, reviewer: str | None = None) -> Any:
        """The id of the reviewer's next item, None at the end."""
        items = self._reviewed()
        upcoming = self._review.upcoming(self._reviewer(reviewer), 1)
        return None if not upcoming else items.item_id(self._position(upcoming[0][0]))

    def enqueue(self, item_ids: Iterable[Any], *, reviewer: str | None = None) -> list[Any]:
        """Ask these next: recorded as chosen by hand, so that no figure takes them for a sample of the whole.

        Returns the ids that were put there; left out are items already decided by the reviewer, and those of which
        another notebook has newer content. Raises UnknownItem for what is no list of ids, or holds one that is not in
        the frame.
        """
        items = self._reviewed()
        if isinstance(item_ids, str | bytes) or not isinstance(item_ids, Iterable):
            raise UnknownItem(
                f"item_ids={quoted(item_ids)}: a list of ids, as in session.enqueue([{quoted(item_ids)}])"
            )
        keys = [items.key(items.position_of(item_id)) for item_id in item_ids]
        queued = self._review.enqueue(self._reviewer(reviewer), keys)
        return [items.item_id(self._position(key)) for key in queued]

    def item(self, item_id: Any) -> dict[str, Any]:
        """One item as a dict: every column of its row; nested cells are copies."""
        return self._items().row(self._items().position_of(item_id))

    # ------------------------------------------------------------ how it stands

    def progress(self, reviewer: str | None = None) -> ItemCounts:
        """Counts of items: total, reviewed, accepted, corrected, flagged, skipped, remaining."""
        self._reviewed()
        self._review.refresh()
        return self._review.progress(self._reviewer(reviewer))

    def import_decisions(self, frame: Any) -> dict[str, int]:
        """Take in decisions made elsewhere, marked as such; all of them or, with an error, none.

        Parameters
        ----------
        frame : DataFrame or list of dicts
            Columns ``item_id``, ``action`` and ``value`` (one of the two may be left out); optionally ``reviewer``,
            ``reason``, ``comment``, ``decided_at``, ``seconds`` and ``event_id``.

        Returns
        -------
        Counts: ``imported``; ``known``, which the log had already; ``kept``, where the reviewer has a decision here,
        which stays.

        Raises
        ------
        MissingColumn, BadColumn
            A column that is needed is not there, or cells are no such thing.
        UnknownItem
            Items that are not in the frame of this session.
        InvalidDecision
            An accept of an item that has no prediction. Each names the rows, counted from 0.
        """
        from hitl_notebook.exchange import not_taken, read_decisions

        items = self._reviewed()
        rows = read_decisions(frame, task=self.task, reviewer=self.reviewer)
        positions = [items.find(row.item_id) for row in rows]
        unknown = [row for row, position in zip(rows, positions, strict=True) if position is None]
        if unknown:
            faults = {row.row: items.ids.unknown(row.item_id) for row in unknown[:SHOWN_ROWS]}
            raise UnknownItem(f"column 'item_id': {not_taken(faults, len(unknown))}. Nothing was imported")
        keys = items.keys([position for position in positions if position is not None])
        counts = import_rows(self._review, list(zip(keys, rows, strict=True)))
        self._review.note("import", self.reviewer, dict(counts))
        return counts

    # ------------------------------------------------------------ within

    def _position(self, key: str) -> int:
        position = self._items().position(key)
        if position is None:
            raise UnknownItem(f"item {key!r} is no longer in the frame")
        return position

    def _reviewer(self, reviewer: str | None) -> str:
        return self.reviewer if reviewer is None else reviewer_name(reviewer)

    def _claims(self, reviewer: str | None, event_id: str | None = None) -> Claims:
        return Claims(
            session_id=self._review.row.session_id,
            reviewer=self._reviewer(reviewer),
            event_id=event_id,
            decided_at=datetime.now(UTC).isoformat(),
        )
