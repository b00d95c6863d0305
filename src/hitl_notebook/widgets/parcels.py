"""Items, histories and long texts as messages to the page, none of them larger than a server lets through."""

import re
from collections.abc import Iterator
from typing import Any

from hitl_notebook import protocol
from hitl_notebook.decisions import Event
from hitl_notebook.errors import UnknownItem
from hitl_notebook.session.earlier import Earlier
from hitl_notebook.session.material import Material
from hitl_notebook.session.review import Review
from hitl_notebook.widgets.shares import shared
from hitl_notebook.widgets.weight import weight

__all__ = ["entry", "full_text_parcels", "history_parcels", "item_parcels"]

Parcel = tuple[Any, list[bytes]]

_LARGEST_PARCEL = 700_000  # bytes; servers commonly close a socket at some megabytes, and others wait behind it
_FIRST_PARCEL = 150_000  # the first items are waited for
_LARGEST_BLOCKS = 540_000  # of one item: a picture as large as a picture may be goes as it is
_LARGEST_EXPLANATION = 180_000  # apart, so that what is shown stays as it is when the explanation comes
_LONGEST_PART = 50_000  # characters, each of which may take twelve bytes
_LARGEST_HISTORY = 500
_HALF_A_PAIR = re.compile("[\ud800-\udfff]")


def item_parcels(review: Review, reviewer: str, message: protocol.Want) -> Iterator[Parcel]:
    """The items asked for, in their order, in as many messages as their size needs; at least one."""
    request_id = message["request_id"]
    items: list[protocol.Item] = []
    buffers: list[bytes] = []
    missing: list[str] = []
    size, largest = 0, _FIRST_PARCEL
    for key in message["item_ids"]:
        try:
            item, own = _item(review, reviewer, key)
        except UnknownItem:
            missing.append(key)
            continue
        each = weight(item, own)
        if items and size + each > largest:
            yield protocol.Items(kind="items", request_id=request_id, items=items, missing=missing), buffers
            items, buffers, missing, size, largest = [], [], [], 0, _LARGEST_PARCEL
        for block in (*item["blocks"], *item["explanation"]):
            _shift(block, len(buffers))
        items.append(item)
        buffers += own
        size += each
    yield protocol.Items(kind="items", request_id=request_id, items=items, missing=missing), buffers


def history_parcels(review: Review, reviewer: str, message: protocol.History) -> Iterator[Parcel]:
    """A page of the reviewer's standing events, newest first: as many as one message holds, at least one."""
    limit = min(message["limit"], _LARGEST_HISTORY)
    with review.ledger.lock:
        events = review.verdicts.history(reviewer, before=message["before"], limit=limit + 1)
    entries: list[protocol.Entry] = []
    size = 0
    for event in events[:limit]:
        told = entry(event)
        size += weight(told)
        if entries and size > _LARGEST_PARCEL:
            break
        entries.append(told)
    page = protocol.HistoryPage(
        kind="history", request_id=message["request_id"], entries=entries, complete=len(entries) == len(events)
    )
    yield page, []


def full_text_parcels(review: Review, reviewer: str, message: protocol.Full) -> Iterator[Parcel]:
    """The whole of a text that was clipped, in parts."""
    material = review.material
    items, key = material.items, message["item_id"]
    position = items.position(key)
    if position is None:
        raise UnknownItem("this item is no longer in the frame")
    if message["part"] == "explanation" and not review.sight(reviewer, key).is_explained:
        raise UnknownItem("this item is shown without its explanation")
    made = review.explaining.made(material, key)
    text = items.full_text(position, message["part"], message["index"], message["message"], made=made)
    parts = [text[start : start + _LONGEST_PART] for start in range(0, len(text), _LONGEST_PART)] or [""]
    for part, piece in enumerate(parts):
        yield (
            protocol.FullText(kind="full", request_id=message["request_id"], part=part, parts=len(parts), text=piece),
            [],
        )


def entry(event: Event) -> protocol.Entry:
    """A standing decision or skip as the page knows it."""
    content = event.content or {}
    return protocol.Entry(
        seq=event.seq,
        event_id=event.event_id,
        kind="decide" if event.kind == "decide" else "skip",
        item_id=event.item_id or "",
        content_hash=event.record["content_hash"],
        action=event.record.get("action"),
        value=content.get("value"),
        reason=_sendable(content.get("reason")),
        comment=_sendable(content.get("comment")),
        replaces=event.record.get("replaces"),
        recorded_at=event.recorded_at,
    )


def _sendable(words: str | None) -> str | None:
    """Without half of a surrogate pair, which no message can hold; code may have written one."""
    return None if words is None else _HALF_A_PAIR.sub("\ufffd", words)


def _item(review: Review, reviewer: str, key: str) -> tuple[protocol.Item, list[bytes]]:
    """One item with its buffers, small enough for a message of its own."""
    material = review.material
    position = material.items.position(key)
    if position is None:
        raise UnknownItem(key)
    content_hash = review.content_hash(reviewer, key)
    if material.content_hashes([position]) != [content_hash]:
        raise UnknownItem(key)  # as it is elsewhere now
    sight = review.sight(reviewer, key)
    whole, explained, all_buffers = material.items.payload(
        position, is_explained=sight.is_explained, made=review.explaining.made(material, key)
    )
    blocks, buffers = shared(whole, all_buffers, _LARGEST_BLOCKS)
    explanation, of_explanation = shared(explained, all_buffers, _LARGEST_EXPLANATION)
    for block in explanation:
        _shift(block, len(buffers))
    prediction = None if sight.is_blind else material.prediction(position)
    earlier = None if sight.is_blind else material.earlier(position)
    candidates = [] if sight.is_blind else material.items.candidates(position)
    item = protocol.Item(
        item_id=key,
        content_hash=content_hash,
        model_version=material.settings.model_version,
        blind=sight.is_blind,
        blocks=blocks,
        prediction=None
        if prediction is None
        else protocol.Prediction(value=prediction, confidence=material.confidence(position)),
        earlier=None if earlier is None else _earlier(material, earlier),
        candidates=[protocol.Candidate(**candidate) for candidate in candidates],
        explanation=explanation,
    )
    return item, [*buffers, *of_explanation]


def _earlier(material: Material, earlier: Earlier) -> protocol.EarlierPrediction:
    said = earlier.prediction
    value = None if said is None else material.items.task.to_json(said)
    return protocol.EarlierPrediction(model_version=earlier.model_version, value=value)


def _shift(block: Any, by: int) -> None:
    """Count a block's buffers from where they stand in the message."""
    for holder in (block, *block.get("examples", ())):
        if "buffer" in holder:
            holder["buffer"] += by
