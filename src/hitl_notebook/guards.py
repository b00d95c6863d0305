"""The check at the door for what comes up from a page: known kind, known keys, right types, bounded lengths.

The twin of ``js/src/guards.ts``.
"""

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any, TypeAlias, TypeGuard

from hitl_notebook.errors import InvalidMessage
from hitl_notebook.protocol import Message

__all__ = ["is_event_id", "read_message"]

_LONGEST_ID = 1_000
_LONGEST_EVENT_ID = 100
_LONGEST_TEXT = 100_000
_LONGEST_VALUE_DEPTH = 6
_LARGEST_WANT = 1_000
_LARGEST_INTEGER = 2**53

Check: TypeAlias = Callable[[Any], bool]


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_ID


def is_event_id(value: Any) -> TypeGuard[str]:
    """Whether this may be the id of a page's event: those that were saved are part of what every page is told."""
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_EVENT_ID and value.isascii() and value.isprintable()


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST_INTEGER


def _is_seconds(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and _is_finite(value) and value >= 0


def _is_finite(value: float) -> bool:
    try:
        return isfinite(value)
    except OverflowError:  # an integer of hundreds of digits
        return False


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_TEXT


def _is_time(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 40 and value.isascii()


def _or_none(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _one_of(*allowed: str) -> Check:
    return lambda value: isinstance(value, str) and value in allowed


def _is_value(value: Any, depth: int = _LONGEST_VALUE_DEPTH) -> bool:
    """Bounded strict JSON: what is right beyond that, the task says."""
    if value is None or isinstance(value, bool):
        return True
    if isinstance(value, str):
        return len(value) <= _LONGEST_TEXT
    if isinstance(value, int | float):
        return _is_finite(value)
    if depth == 0:
        return False
    if isinstance(value, list):
        return len(value) <= 10_000 and all(_is_value(part, depth - 1) for part in value)
    if isinstance(value, dict):
        return len(value) <= 10_000 and all(_is_value(part, depth - 1) for part in value.values())
    return False


def _is_item_ids(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= _LARGEST_WANT and all(_is_id(item) for item in value)


_EVENT: Mapping[str, Check] = {
    "event_id": is_event_id,
    "client_id": _is_id,
    "client_seq": _is_count,
    "session_id": _is_id,
    "reviewer": _is_id,
}
_ON_ITEM: Mapping[str, Check] = {
    "item_id": _is_id,
    "content_hash": _is_id,
    "shown_at": _is_time,
    "decided_at": _is_time,
    "seconds": _is_seconds,
}
_MESSAGES: Mapping[str, Mapping[str, Check]] = {
    "want": {"request_id": _is_id, "item_ids": _is_item_ids},
    "history": {"request_id": _is_id, "before": _or_none(_is_count), "limit": _is_count},
    "full": {
        "request_id": _is_id,
        "item_id": _is_id,
        "part": _one_of("blocks", "explanation"),
        "index": _is_count,
        "message": _or_none(_is_count),
    },
    "shown": {"item_id": _is_id, "content_hash": _is_id},
    "library": {"library": _is_id},
    "decide": {
        **_EVENT,
        **_ON_ITEM,
        "model_version": _is_id,
        "action": _one_of("accept", "correct", "flag"),
        "value": _is_value,
        "first_value": _is_value,
        "reason": _or_none(_is_text),
        "comment": _or_none(_is_text),
        "replaces": _or_none(_is_id),
        "blind": _is_bool,
        "explained": _is_bool,
    },
    "skip": {**_EVENT, **_ON_ITEM},
    "undo": {**_EVENT, "replaces": _is_id},
}


def read_message(content: Any) -> Message:
    """The message in ``content`` as it came from a page, checked.

    Raises
    ------
    InvalidMessage
        Unknown kind, a missing or an unknown key, a wrong type, or a text beyond its limit.

    Examples
    --------
    >>> read_message({"kind": "shown", "item_id": "t1", "content_hash": "9f"})["item_id"]
    't1'
    >>> read_message({"kind": "shown", "item_id": 1, "content_hash": "9f"})
    Traceback (most recent call last):
    hitl_notebook.errors.InvalidMessage: shown: item_id is not what it has to be
    """
    kind = content.get("kind") if isinstance(content, dict) else None
    checks = _MESSAGES.get(kind) if isinstance(kind, str) else None
    if checks is None:
        raise InvalidMessage(f"a message's kind is one of {', '.join(_MESSAGES)}")
    keys = content.keys() - {"kind"}
    if keys != checks.keys():
        missing, unknown = sorted(checks.keys() - keys), sorted(map(str, keys - checks.keys()))[:5]
        raise InvalidMessage(f"{kind}: missing keys {missing}, unknown keys {unknown}")
    for key, check in checks.items():
        if not check(content[key]):
            raise InvalidMessage(f"{kind}: {key} is not what it has to be")
    return content  # type: ignore[no-any-return]  # the checks above are this type
