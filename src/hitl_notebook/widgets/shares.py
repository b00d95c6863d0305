"""An item's blocks within what one message may carry: the largest of them give way."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from hitl_notebook.fields.field import Unreadable
from hitl_notebook.fields.picture import smaller_picture
from hitl_notebook.protocol import Block
from hitl_notebook.widgets.weight import BETWEEN, weight

__all__ = ["shared"]

Held: TypeAlias = tuple[Any, list[bytes]]
"""A block, or a part of one, and the buffers that it points into, counted from 0."""

_TOO_LARGE = "too large to be shown beside the rest of this item"


def shared(blocks: Iterable[Block], buffers: Sequence[bytes], largest: int) -> tuple[list[Block], list[bytes]]:
    """The blocks with the buffers they point into, together no heavier than ``largest``.

    What is lighter than an equal share stays as it is and leaves the others more. Of what is heavier, a text is cut and
    says how long it is, so that the page can ask for all of it; a picture is made smaller; of a list fewer parts come,
    and how many more there are is said. What cannot give way is replaced by words that say so.
    """
    held = [_held(block, buffers) for block in blocks]
    share = _share([weight(*one) + BETWEEN for one in held], largest)
    return _joined([_within(one, share - BETWEEN) for one in held])


def _share(weights: Sequence[int], largest: int) -> int:
    """The most that one of these may weigh, so that all of them together weigh no more than ``largest``."""
    left = largest
    for lighter, each in enumerate(sorted(weights)):
        share = left // (len(weights) - lighter)
        if each > share:
            return share
        left -= each
    return largest


def _within(held: Held, largest: int) -> Held:
    if weight(*held) <= largest:
        return held
    block, _ = held
    give_way = _WAYS.get(block["type"])
    if give_way is not None:
        try:
            smaller = give_way(held, largest)
        except Unreadable:
            smaller = held
        if weight(*smaller) <= largest:
            return smaller
    return {"type": "unreadable", "field": block["field"], "message": _TOO_LARGE}, []


# ---------------------------------------------------------------- each in its own way


def _text(held: Held, largest: int) -> Held:
    block, _ = held
    if block.get("rendered") is not None:
        block = block | {"rendered": None}
    return (block if weight(block) <= largest else _cut(block, largest)), []


def _picture(held: Held, largest: int) -> Held:
    block, (data,) = held
    small = smaller_picture(data, largest - weight(block))
    return block | {"mime": small.mime, "width": small.width, "height": small.height}, [small.data]


def _chat(held: Held, largest: int) -> Held:
    return _list(held, largest, "messages", lambda message, share: (_cut(message[0], share), []), least=500)


def _similar(held: Held, largest: int) -> Held:
    return _list(held, largest, "examples", _smaller_example, least=7_000)


def _rows(held: Held, largest: int) -> Held:
    return _list(held, largest, "rows")


def _tokens(held: Held, largest: int) -> Held:
    """The first of them; as those of a cut text, the page can ask for all."""
    block, buffers = held
    whole = block.get("clipped", sum(len(token["text"]) for token in block["tokens"]))
    fewer, own = _list((block | {"clipped": whole}, buffers), largest, "tokens")
    del fewer["more"]
    return fewer | ({"more": block["more"]} if "more" in block else {}), own


_WAYS: Mapping[str, Callable[[Held, int], Held]] = {
    "text": _text,
    "markdown": _text,
    "code": _text,
    "html": _text,
    "image": _picture,
    "chat": _chat,
    "similar": _similar,
    "table": _rows,
    "contributions": _rows,
    "token_weights": _tokens,
}


def _cut(block: Any, largest: int) -> Any:
    """The block, or the message of a chat, with as much of its text as fits."""
    text, whole = block["text"], block.get("clipped", len(block["text"]))
    block = block | {"text": "", "clipped": whole}
    room = largest - weight(block)
    fits, too_many = 0, len(text) + 1
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        if weight(text[:middle]) - weight("") <= room:
            fits = middle
        else:
            too_many = middle
    return block | {"text": text[:fits]}


def _smaller_example(held: Held, largest: int) -> Held:
    example, buffers = held
    if buffers:
        small = smaller_picture(buffers[0], largest - weight(example))
        example, buffers = example | {"mime": small.mime}, [small.data]
    return example, buffers


def _list(
    held: Held, largest: int, key: str, give_way: Callable[[Held, int], Held] | None = None, least: int = 0
) -> Held:
    """The block with as many of its parts as fit; where they can ``give_way``, to no less than ``least``, they do."""
    block, buffers = held
    parts = [_held(part, buffers) if isinstance(part, dict) else (part, []) for part in block[key]]
    total = len(parts) + block.get("more", 0)
    room = largest - weight(block | {key: [], "more": total})
    weights = [weight(*part) + BETWEEN for part in parts]
    if give_way is not None:
        parts = parts[: max(1, room // least)]
        weights = weights[: len(parts)]
        share = _share(weights, room)
        parts = [
            give_way(part, share - BETWEEN) if each > share else part for part, each in zip(parts, weights, strict=True)
        ]
        weights = [weight(*part) + BETWEEN for part in parts]
    kept = 0
    while kept < len(parts) and weights[kept] <= room:
        room -= weights[kept]
        kept += 1
    shown, own = _joined(parts[:kept])
    return block | {key: shown} | ({"more": total - kept} if total > kept else {}), own


# ---------------------------------------------------------------- buffers


def _held(block: Any, buffers: Sequence[bytes]) -> Held:
    """A block of many apart from the others, with its own buffers."""
    own: list[bytes] = []
    apart = dict(block)
    if "examples" in apart:
        apart["examples"] = [_taken(example, buffers, own) for example in apart["examples"]]
    return _taken(apart, buffers, own), own


def _taken(holder: Any, buffers: Sequence[bytes], own: list[bytes]) -> Any:
    if "buffer" not in holder:
        return holder
    own.append(buffers[holder["buffer"]])
    return holder | {"buffer": len(own) - 1}


def _joined(held: Iterable[Held]) -> tuple[list[Any], list[bytes]]:
    """Many blocks together, their buffers in one list."""
    blocks: list[Any] = []
    buffers: list[bytes] = []
    for block, own in held:
        first = len(buffers)
        for holder in (block, *(block.get("examples", ()) if isinstance(block, dict) else ())):
            if isinstance(holder, dict) and "buffer" in holder:
                holder["buffer"] += first
        blocks.append(block)
        buffers += own
    return blocks, buffers
