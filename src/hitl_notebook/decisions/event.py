"""The events of a review, and the bytes behind their hashes.

The bytes behind the hashes, so that anyone can check a log without this package: ``canonical_json`` of an object, in
ASCII, after a line that names what is hashed (``DOMAIN``), through SHA-256, as lowercase hex.

=================  ==========================================================================================
content digest     ``b"hitl_notebook content 1\\n"``, the 16 bytes of the salt, the content column's text
event hash         ``b"hitl_notebook event 1\\n"``, canonical JSON of every column of the event but ``content``,
                   ``salt`` and ``hash``; ``record`` goes in as the text it is stored as
draw hash          ``b"hitl_notebook draw 1\\n"``, the same of a draw's columns, ``shown`` being a content too
session hash       ``b"hitl_notebook session 1\\n"``, canonical JSON of every column of the session's row but ``hash``;
                   each ``start`` event of the session has it in its record, with the name
previous hash      the hash of the event, or draw, with the sequence number before; ``GENESIS`` for the first
=================  ==========================================================================================
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

__all__ = ["GENESIS", "Draft", "Event", "canonical_json", "content_digest", "event_hash", "row_hash"]

DOMAIN = "hitl_notebook {what} 1\n"
GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Draft:
    """An event as someone wants it recorded: without a place in the log yet."""

    event_id: str
    session_id: str
    kind: str
    reviewer: str | None
    item_id: str | None
    record: Mapping[str, Any]
    content: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the log. ``content`` is None once it has been erased."""

    seq: int
    event_id: str
    session_id: str
    kind: str
    recorded_at: str
    reviewer: str | None
    item_id: str | None
    record: dict[str, Any]
    content: dict[str, Any] | None


def canonical_json(value: Any) -> str:
    """The one text of ``value`` as JSON: ASCII, keys sorted, no spaces; NaN and infinities are refused.

    Examples
    --------
    >>> canonical_json({"b": 0.1, "a": ["é", None]})
    '{"a":["\\\\u00e9",null],"b":0.1}'
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def row_hash(what: str, columns: Mapping[str, Any]) -> str:
    """The hash of one row of kind ``what`` over the columns given."""
    return sha256((DOMAIN.format(what=what) + canonical_json(columns)).encode("ascii")).hexdigest()


def content_digest(salt: str, content_text: str) -> str:
    """What the chain keeps of a content, so that the content and its salt (32 hex digits) can be erased later."""
    return sha256(DOMAIN.format(what="content").encode() + bytes.fromhex(salt) + content_text.encode()).hexdigest()


def event_hash(
    *,
    seq: int,
    event_id: str,
    session_id: str,
    kind: str,
    recorded_at: str,
    reviewer: str | None,
    item_id: str | None,
    record: str,
    content_digest: str,
    previous_hash: str,
) -> str:
    """The hash of one event; ``record`` is its canonical text."""
    return row_hash(
        "event",
        {
            "seq": seq,
            "event_id": event_id,
            "session_id": session_id,
            "kind": kind,
            "recorded_at": recorded_at,
            "reviewer": reviewer,
            "item_id": item_id,
            "record": record,
            "content_digest": content_digest,
            "previous_hash": previous_hash,
        },
    )
