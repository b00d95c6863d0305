"""A conversation: messages with a role and a text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hitl_notebook.errors import InvalidField
from hitl_notebook.fields.field import Field, Unreadable, is_list
from hitl_notebook.fields.text import CLIPPED_AT, text_of
from hitl_notebook.fields.visible import visible
from hitl_notebook.missing import is_missing

if TYPE_CHECKING:
    from hitl_notebook.protocol import Block

__all__ = ["Chat", "is_chat"]

_MOST_MESSAGES = 100
_MOST_CHARACTERS = 200_000
_LONGEST_ROLE = 100


def is_chat(cell: Any) -> bool:
    """Whether a cell is a list of mappings that each have a role and a content."""
    return (
        is_list(cell)
        and len(cell) > 0
        and all(isinstance(message, Mapping) and {"role", "content"} <= message.keys() for message in cell)
    )


@dataclass(frozen=True)
class Chat(Field):
    """A list of ``{"role": ..., "content": ...}``; content may be text or a list of parts with a ``text`` each.

    >>> Chat("messages").block([{"role": "user", "content": "hello"}], [])["messages"]
    [{'role': 'user', 'text': 'hello'}]
    """

    def read(self, cell: Any, buffers: list[bytes]) -> "Block":
        said = _messages(cell)
        messages: list[dict[str, Any]] = []
        characters = 0
        for role, text in said[:_MOST_MESSAGES]:
            message: dict[str, Any] = {"role": visible(role[:_LONGEST_ROLE]), "text": visible(text[:CLIPPED_AT])}
            if len(text) > CLIPPED_AT:
                message["clipped"] = len(text)
            messages.append(message)
            characters += len(message["text"])
            if characters > _MOST_CHARACTERS:
                break
        block: Block = {"type": "chat", "field": self.name, "messages": messages}
        if len(said) > len(messages):
            block["more"] = len(said) - len(messages)
        return block

    def full_text(self, cell: Any, message: int | None = None) -> str:
        said = _messages(cell)
        if message is None or message >= len(said):
            raise InvalidField(f"{self.name} has messages 0 to {len(said) - 1}, and no {message}")
        return visible(said[message][1])

    def suits(self, cell: Any) -> bool:
        return not isinstance(cell, str | bytes | int | float)


def _messages(cell: Any) -> list[tuple[str, str]]:
    if not isinstance(cell, Sequence | np.ndarray) or isinstance(cell, str | bytes):
        raise Unreadable(f"a chat is a list of messages, not {type(cell).__name__}")
    messages = []
    for message in cell:
        if not isinstance(message, Mapping) or "content" not in message:
            raise Unreadable("each message of a chat is a mapping with a role and a content")
        messages.append((text_of(message.get("role", "")), _content(message["content"])))
    return messages


def _content(content: Any) -> str:
    if is_missing(content):
        return ""
    if isinstance(content, list | tuple):
        return "\n".join(
            text_of(part["text"]) if isinstance(part, Mapping) and "text" in part else text_of(part) for part in content
        )
    return text_of(content)
