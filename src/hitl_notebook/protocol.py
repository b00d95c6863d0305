"""The wire between the kernel and the page: state goes down as traits, messages come up.

The twin of ``js/src/protocol.ts``; both sides read the examples in ``tests/protocol/``. What comes up is hostile until
``read_message`` has checked it: known kind, known keys, right types, bounded lengths.
"""

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any, Literal, NotRequired, TypeAlias, TypedDict

from hitl_notebook.errors import InvalidMessage

__all__ = [
    "Block",
    "Candidate",
    "Decide",
    "Down",
    "Entry",
    "Full",
    "FullText",
    "History",
    "HistoryPage",
    "Item",
    "ItemCounts",
    "Items",
    "Message",
    "Prediction",
    "Problem",
    "Progress",
    "Queue",
    "Recordable",
    "Recorded",
    "Refusal",
    "Request",
    "SessionState",
    "Shown",
    "Skip",
    "Summary",
    "Undo",
    "Want",
    "read_message",
]

Action: TypeAlias = Literal["accept", "correct", "flag"]

# ---------------------------------------------------------------- state: traits, written by Python only


class SessionState(TypedDict):
    """Trait ``session``: what does not change while a review goes on."""

    store_id: str
    session_id: str
    name: str
    reviewer: str
    keeps: bool  # False for ":memory:"
    task: str  # names the editor
    editor: dict[str, Any]
    shown: list[str]  # field names, for the card's foot
    slices: list[str]
    guidelines: str | None
    model_version: str
    plan_version: str
    order: str  # in words, for the card's foot
    blind: bool  # whether items are answered before their prediction is shown, some or all
    tool_version: str


class Queue(TypedDict):
    """Trait ``queue``: the reviewer's next items in order, the item to decide first."""

    entries: list[list[str]]  # [item_id, content_hash]
    more: int  # items that come after these


class ItemCounts(TypedDict):
    """How far a reviewer is: counts of items."""

    total: int
    reviewed: int
    accepted: int
    corrected: int
    flagged: int
    skipped: int
    remaining: int


class Progress(ItemCounts):
    """Trait ``progress``: the counts, and the median time of recent decisions."""

    seconds_per_item: float | None


class Refusal(TypedDict):
    """One of trait ``refused``: an event that will never be stored, and why."""

    event_id: str
    reason: Literal["conflict", "invalid"]
    message: str


class Problem(TypedDict):
    """Trait ``problem``: the store cannot take decisions now; they stay in the outbox."""

    message: str
    remedy: str


class Figure(TypedDict):
    """An estimate in the summary, ready to be read."""

    value: float | None
    low: float | None
    high: float | None
    level: float
    n: int
    method: str
    note: str


class Summary(TypedDict):
    """Trait ``summary``: what stands at the end of a queue; None until then."""

    accuracy: Figure
    changed: int  # items asked again because their content had changed
    next_steps: list[str]  # lines of code, or words


# ---------------------------------------------------------------- messages down


class Block(TypedDict):
    """One shown field: ``type`` says which of the keys below are there (see js/src/protocol.ts)."""

    type: str
    field: str
    text: NotRequired[str]
    clipped: NotRequired[int]  # characters in all, where the text was cut
    language: NotRequired[str | None]
    rendered: NotRequired[str | None]  # sanitised HTML; None where it is too long
    mime: NotRequired[str]
    width: NotRequired[int]
    height: NotRequired[int]
    buffer: NotRequired[int]
    message: NotRequired[str]
    columns: NotRequired[list[str] | None]
    rows: NotRequired[list[Any]]
    more: NotRequired[int]  # rows, messages or examples left out
    messages: NotRequired[list[dict[str, Any]]]
    tokens: NotRequired[list[dict[str, Any]]]
    scale: NotRequired[float]
    examples: NotRequired[list[dict[str, Any]]]


class Candidate(TypedDict):
    value: Any
    probability: float | None


class Prediction(TypedDict):
    value: Any
    confidence: float | None


class Item(TypedDict):
    """One item as the page shows it; its images are in the message's buffers."""

    item_id: str
    content_hash: str
    model_version: str
    blind: bool  # prediction, candidates and explanation come once the reviewer has answered
    blocks: list[Block]
    prediction: Prediction | None
    candidates: list[Candidate]
    explanation: list[Block]


class Entry(TypedDict):
    """One standing decision or skip of this reviewer."""

    seq: int
    event_id: str
    kind: Literal["decide", "skip"]
    item_id: str
    content_hash: str
    action: Action | None
    value: Any
    reason: str | None
    comment: str | None
    replaces: str | None
    recorded_at: str


class Items(TypedDict):
    kind: Literal["items"]
    request_id: str
    items: list[Item]
    missing: list[str]


class HistoryPage(TypedDict):
    """Standing events, newest first."""

    kind: Literal["history"]
    request_id: str
    entries: list[Entry]
    complete: bool


class Recorded(TypedDict):
    """A new event of this reviewer, from whichever tab, cell or process."""

    kind: Literal["recorded"]
    seq: int
    event_id: str
    entry: Entry | None  # None for an undo
    undone: str | None  # the event that an undo took back
    restored: Entry | None  # what stands on that item again


class FullText(TypedDict):
    kind: Literal["full"]
    request_id: str
    part: int
    parts: int
    text: str


class Failed(TypedDict):
    """The answer to a request that could not be answered."""

    kind: Literal["failed"]
    request_id: str
    message: str


Down: TypeAlias = Items | HistoryPage | Recorded | FullText | Failed

# ---------------------------------------------------------------- messages up


class Want(TypedDict):
    kind: Literal["want"]
    request_id: str
    item_ids: list[str]


class History(TypedDict):
    kind: Literal["history"]
    request_id: str
    before: int | None  # a seq; None for the newest
    limit: int


class Full(TypedDict):
    kind: Literal["full"]
    request_id: str
    item_id: str
    part: Literal["blocks", "explanation"]
    index: int
    message: int | None  # of a chat; None for any other text


class Shown(TypedDict):
    kind: Literal["shown"]
    item_id: str
    content_hash: str


class Decide(TypedDict):
    kind: Literal["decide"]
    event_id: str
    client_id: str
    client_seq: int
    session_id: str
    reviewer: str
    item_id: str
    content_hash: str
    model_version: str
    action: Action
    value: Any
    first_value: Any
    reason: str | None
    comment: str | None
    replaces: str | None
    blind: bool
    explained: bool
    shown_at: str
    decided_at: str
    seconds: float


class Skip(TypedDict):
    kind: Literal["skip"]
    event_id: str
    client_id: str
    client_seq: int
    session_id: str
    reviewer: str
    item_id: str
    content_hash: str
    shown_at: str
    decided_at: str
    seconds: float


class Undo(TypedDict):
    kind: Literal["undo"]
    event_id: str
    client_id: str
    client_seq: int
    session_id: str
    reviewer: str
    replaces: str


Request: TypeAlias = Want | History | Full
Recordable: TypeAlias = Decide | Skip | Undo
Message: TypeAlias = Request | Shown | Recordable

# ---------------------------------------------------------------- the check at the door

_LONGEST_ID = 1_000
_LONGEST_TEXT = 100_000
_LONGEST_VALUE_DEPTH = 6
_LARGEST_WANT = 1_000
_LARGEST_INTEGER = 2**53

Check: TypeAlias = Callable[[Any], bool]


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_ID


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
    "event_id": _is_id,
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
