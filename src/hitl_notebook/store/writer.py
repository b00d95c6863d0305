"""One transaction that adds to the log: nothing it returns is recorded before it has been committed."""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from hitl_notebook.decisions import GENESIS, Draft, Event, canonical_json, content_digest, event_hash, row_hash
from hitl_notebook.errors import Conflict, InvalidDecision
from hitl_notebook.review_queue import Draw
from hitl_notebook.store.rows import Drawn, SessionRow, read_draws, read_events, read_session
from hitl_notebook.store.schema import draws, events, now, sessions

__all__ = ["Writer", "storable"]

_LONGEST_ID_BYTES = 2_000  # PostgreSQL's indexes hold no more
_ROWS_HELD = 5_000


class Writer:
    """What can be done inside ``Store.writing()``: read under the write lock, append.

    Events that ``append`` returns are not in the store before the ``with`` block has been left without an error: fold
    them into what stands, and acknowledge them, only then.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._event_head: tuple[int, str] | None = None
        self._draw_head: tuple[int, str] | None = None
        self._new_events: list[dict[str, Any]] = []
        self._new_draws: list[dict[str, Any]] = []

    def session(self, name: str) -> SessionRow:
        """The session of that name, begun where there is none."""
        known = read_session(self._connection, name)
        if known is None:
            known = SessionRow(
                session_id=str(uuid4()),
                name=storable("a session's name", name),
                salt=secrets.token_hex(16),
                created_at=now(),
            )
            self._connection.execute(sa.insert(sessions), {**asdict(known), "hash": known.hash})
        return known

    def events(self, session_id: str, after: int = 0) -> list[Event]:
        """The session's events after a sequence number, this transaction's included."""
        self.flush()
        return read_events(self._connection, session_id, after)

    def draws(self, session_id: str, reviewer: str | None = None, after: int = 0) -> list[Drawn]:
        """The session's draws after a sequence number of draws, this transaction's included."""
        self.flush()
        return read_draws(self._connection, session_id, reviewer, after)

    def append(self, draft: Draft) -> Event:
        """The event that ``draft`` becomes.

        Raises
        ------
        InvalidDecision
            An id or a name holds a character that no database keeps (NUL, half a surrogate pair) or is too long.
        Conflict
            Here or when the block is left: the event's id is in the store already. ``admit`` says so before.
        """
        seq, previous_hash = self._event_head or self._head(events)
        record, content = canonical_json(dict(draft.record)), canonical_json(dict(draft.content))
        salt = secrets.token_hex(16)
        row: dict[str, Any] = {
            "seq": seq + 1,
            "event_id": storable("an event's id", draft.event_id),
            "session_id": draft.session_id,
            "kind": draft.kind,
            "recorded_at": now(),
            "reviewer": None if draft.reviewer is None else storable("a reviewer", draft.reviewer),
            "item_id": None if draft.item_id is None else storable("an item's id", draft.item_id),
            "record": record,
            "content_digest": content_digest(salt, content),
            "previous_hash": previous_hash,
        }
        row["hash"] = event_hash(**row)
        self._new_events.append({**row, "content": content, "salt": salt})
        self._event_head = row["seq"], row["hash"]
        if len(self._new_events) >= _ROWS_HELD:
            self.flush()
        return Event(
            seq=row["seq"],
            event_id=draft.event_id,
            session_id=draft.session_id,
            kind=draft.kind,
            recorded_at=row["recorded_at"],
            reviewer=draft.reviewer,
            item_id=draft.item_id,
            record=json.loads(record),
            content=json.loads(content),
        )

    def add_draws(
        self, session_id: str, reviewer: str, drawn: Iterable[Draw], *, content: Mapping[str, Any] | None = None
    ) -> None:
        """Record draws of one reviewer.

        Parameters
        ----------
        drawn : draws whose numbers this reviewer has none of yet in this session; otherwise Conflict
        content : the shown content as JSON by item id, where the user asked to keep it
        """
        storable("a reviewer", reviewer)
        drawn_at = now()
        for draw in drawn:
            seq, previous_hash = self._draw_head or self._head(draws)
            said = {"prediction": draw.prediction, "confidence": _double(draw.confidence), "slices": dict(draw.slices)}
            kept, salt = canonical_json(said), secrets.token_hex(16)
            shown = None if content is None or draw.item_id not in content else canonical_json(content[draw.item_id])
            row: dict[str, Any] = {
                "seq": seq + 1,
                "session_id": session_id,
                "reviewer": reviewer,
                "draw": draw.draw,
                "drawn_at": drawn_at,
                "item_id": storable("an item's id", draw.item_id),
                "id_type": draw.id_type,
                "content_hash": draw.content_hash,
                "model_version": draw.model_version,
                "plan_version": draw.plan_version,
                "chosen_by": draw.chosen_by,
                "selection_probability": _double(draw.selection_probability),
                "pool_size": draw.pool_size,
                "kind": draw.kind,
                "content_digest": content_digest(salt, kept),
                "shown_digest": None if shown is None else content_digest(salt, shown),
                "previous_hash": previous_hash,
            }
            row["hash"] = row_hash("draw", row)
            self._new_draws.append({**row, "content": kept, "shown": shown, "salt": salt})
            self._draw_head = row["seq"], row["hash"]
        if len(self._new_draws) >= _ROWS_HELD:
            self.flush()

    def flush(self) -> None:
        """Hand to the database what was appended so far, still inside the transaction."""
        for table, rows in ((events, self._new_events), (draws, self._new_draws)):
            if not rows:
                continue
            try:
                self._connection.execute(sa.insert(table), rows)
            except sa.exc.IntegrityError as error:
                raise Conflict(
                    "The store already has an event of this id or a draw of this number, or it has no such session; "
                    "nothing was stored."
                ) from error
            rows.clear()

    def _head(self, table: sa.Table) -> tuple[int, str]:
        newest = self._connection.execute(
            sa.select(table.c.seq, table.c.hash).order_by(table.c.seq.desc()).limit(1)
        ).first()
        return (0, GENESIS) if newest is None else (newest.seq, newest.hash)


def _double(value: float | None) -> float | None:
    # What the column gives back, so that the hash is over what can be read: SQLite turns 1 into 1.0 there.
    return None if value is None else float(value)


def storable(what: str, text: str) -> str:
    """``text``, unless a database would refuse it or keep it otherwise; then InvalidDecision."""
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise InvalidDecision(f"{what} holds NUL or half a surrogate pair, which no database keeps: {text!r:.80}")
    if len(text) * 4 > _LONGEST_ID_BYTES and len(text.encode()) > _LONGEST_ID_BYTES:
        raise InvalidDecision(f"{what} is longer than {_LONGEST_ID_BYTES:,} bytes: {text!r:.80}")
    return text
