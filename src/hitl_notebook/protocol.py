"""The wire between the kernel and the page: state goes down as traits, messages come up.

The twin of ``js/src/protocol.ts``; both sides read the examples in ``tests/protocol/``. What comes up is hostile until
``guards.read_message`` has checked it.
"""

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict

__all__ = [
    "Block",
    "Candidate",
    "Decide",
    "Down",
    "EarlierPrediction",
    "Entry",
    "Full",
    "FullText",
    "History",
    "HistoryPage",
    "Item",
    "ItemCounts",
    "Items",
    "Message",
    "Outdated",
    "Prediction",
    "Problem",
    "Progress",
    "Queue",
    "Recordable",
    "Recorded",
    "Refusal",
    "Request",
    "SentLibrary",
    "SessionState",
    "Shown",
    "Skip",
    "Summary",
    "Undo",
    "Want",
    "WantedLibrary",
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
    formatted: bool  # whether they or a field are Markdown, as far as can be told beforehand
    model_version: str
    plan_version: str
    order: str  # in words, for the card's foot
    blind: bool  # whether items are answered before their prediction is shown, some or all
    libraries: dict[Literal["markdown"], str]  # what the page may need beyond the card: the name to ask for it by
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
    clipped: NotRequired[int]  # characters in all, where the text was cut, or the text that the tokens are
    language: NotRequired[str | None]
    rendered: NotRequired[str | None]  # sanitised HTML; None where it is too long
    mime: NotRequired[str]
    width: NotRequired[int]
    height: NotRequired[int]
    buffer: NotRequired[int]
    message: NotRequired[str]  # why there is nothing to show
    columns: NotRequired[list[str] | None]
    rows: NotRequired[list[Any]]
    cut: NotRequired[list[list[int]]]  # [cell, characters in all] of each cell whose text was cut, counted row by row
    more: NotRequired[int]  # rows, messages, words, features or examples left out
    messages: NotRequired[list[dict[str, Any]]]
    tokens: NotRequired[list[dict[str, Any]]]
    scale: NotRequired[float]
    sides: NotRequired[list[str]]  # of weights, where known: the class above zero and the one below
    examples: NotRequired[list[dict[str, Any]]]


class Candidate(TypedDict):
    value: Any
    probability: float | None


class Prediction(TypedDict):
    value: Any
    confidence: float | None


class EarlierPrediction(TypedDict):
    model_version: str
    value: Any  # None where that version said nothing


class Item(TypedDict):
    """One item as the page shows it; its images are in the message's buffers."""

    item_id: str
    content_hash: str
    model_version: str
    blind: bool  # prediction, candidates and explanation come once the reviewer has answered
    blocks: list[Block]
    prediction: Prediction | None
    earlier: EarlierPrediction | None  # what the version before said, where that was something else
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
    """Standing events, newest first: fewer than were asked for where they are large, at least one if there is one."""

    kind: Literal["history"]
    request_id: str
    entries: list[Entry]
    complete: bool  # whether nothing lies before them


class Recorded(TypedDict):
    """A new event of this reviewer, from whichever tab, cell or process."""

    kind: Literal["recorded"]
    seq: int
    event_id: str
    entry: Entry | None  # None for an undo
    undone: str | None  # the event that an undo took back
    restored: Entry | None  # what stands on that item again


class Outdated(TypedDict):
    """More was recorded at once than is told event by event: what is known of the history is to be read again."""

    kind: Literal["outdated"]


class FullText(TypedDict):
    """A part of a text; of words by weight, of a JSON list of all of them."""

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


class SentLibrary(TypedDict):
    """Code that only some pages need; in the buffer, compressed."""

    kind: Literal["library"]
    library: str


Down: TypeAlias = Items | HistoryPage | Recorded | Outdated | FullText | Failed | SentLibrary

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
    message: int | None  # of a chat; of a table the cell, counted row by row; None for any other text


class Shown(TypedDict):
    kind: Literal["shown"]
    item_id: str
    content_hash: str


class WantedLibrary(TypedDict):
    kind: Literal["library"]
    library: str


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
Message: TypeAlias = Request | Shown | WantedLibrary | Recordable
