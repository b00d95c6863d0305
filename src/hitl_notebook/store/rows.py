"""What the tables' rows are in Python, and how they are read."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from hitl_notebook.collector import collector_at_rest
from hitl_notebook.decisions import Event, row_hash
from hitl_notebook.review_queue import Draw
from hitl_notebook.store.schema import draws, events, sessions

__all__ = ["Drawn", "SessionRow", "read_draws", "read_events", "read_session", "read_sessions"]

_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One named review. ``salt`` (hex) keys the content hashes of its items."""

    session_id: str
    name: str
    salt: str
    created_at: str

    @property
    def hash(self) -> str:
        """The hash that is kept with the row, and in the log of the session, so that neither is changed alone."""
        return row_hash("session", asdict(self))


@dataclass(frozen=True, slots=True)
class Drawn:
    """A draw as it was recorded; ``seq`` orders the draws of all sessions.

    ``content`` is what was shown, where it was kept and is asked for. Of a draw whose content was erased the
    prediction, the confidence and the slices are missing.
    """

    seq: int
    reviewer: str
    drawn_at: str
    draw: Draw
    content: Any = None


def read_session(connection: sa.Connection, name: str) -> SessionRow | None:
    found = connection.execute(_SESSIONS.where(sessions.c.name == name)).first()
    return None if found is None else SessionRow(*found)


def read_sessions(connection: sa.Connection) -> list[SessionRow]:
    order = (sessions.c.created_at, sessions.c.session_id)
    return [SessionRow(*row) for row in connection.execute(_SESSIONS.order_by(*order))]


def read_events(connection: sa.Connection, session_id: str, after: int = 0) -> list[Event]:
    query = _EVENTS.where(events.c.session_id == session_id, events.c.seq > after).order_by(events.c.seq)
    found: list[Event] = []
    with collector_at_rest():
        for rows in connection.execute(query).partitions(_BATCH):
            *columns, records, contents = zip(*rows, strict=True)
            found += map(Event, *columns, _parsed(records), _parsed(contents))
    return found


def read_draws(
    connection: sa.Connection,
    session_id: str,
    reviewer: str | None = None,
    after: int = 0,
    *,
    with_content: bool = False,
) -> list[Drawn]:
    # It can be pictures, which a session that opens has no use for.
    shown = draws.c.shown if with_content else sa.null()
    query = _DRAWS.add_columns(shown).where(draws.c.session_id == session_id, draws.c.seq > after)
    query = query.order_by(draws.c.seq)
    if reviewer is not None:
        query = query.where(draws.c.reviewer == reviewer)
    found: list[Drawn] = []
    with collector_at_rest():
        for rows in connection.execute(query).partitions(_BATCH):
            columns = list(zip(*rows, strict=True))
            *drawn, kinds, contents, shown_texts = columns[3:]
            said = [_ERASED if content is None else content for content in _parsed(contents)]
            of_item = ([content[name] for content in said] for name in ("prediction", "confidence", "slices"))
            each = map(Draw, *drawn, *of_item, kinds)
            found += map(Drawn, *columns[:3], each, _parsed(shown_texts))
    return found


_SESSIONS = sa.select(sessions.c.session_id, sessions.c.name, sessions.c.salt, sessions.c.created_at)
_EVENTS = sa.select(
    events.c.seq,
    events.c.event_id,
    events.c.session_id,
    events.c.kind,
    events.c.recorded_at,
    events.c.reviewer,
    events.c.item_id,
    events.c.record,
    events.c.content,
)
_DRAWN = (
    "seq",
    "reviewer",
    "drawn_at",
    "draw",
    "item_id",
    "id_type",
    "content_hash",
    "model_version",
    "plan_version",
    "chosen_by",
    "selection_probability",
    "pool_size",
)
_DRAWS = sa.select(*(draws.c[name] for name in (*_DRAWN, "kind", "content")))
_ERASED: Mapping[str, Any] = {"prediction": None, "confidence": None, "slices": {}}


def _parsed(texts: Iterable[str | None]) -> list[Any]:
    # One parse for many rows: the keys, the same in every row, are then kept once.
    parsed: list[Any] = json.loads("[" + ",".join(["null" if text is None else text for text in texts]) + "]")
    return parsed
