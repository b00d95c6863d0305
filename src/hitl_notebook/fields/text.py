"""Cells shown as text: plain, as Markdown, as code."""

import json
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from hitl_notebook.fields.field import Field, Unreadable
from hitl_notebook.fields.visible import visible

if TYPE_CHECKING:
    from hitl_notebook.protocol import Block

__all__ = ["CLIPPED_AT", "Code", "Markdown", "Text", "Written", "text_of"]

CLIPPED_AT = 20_000
_JSON_KEYS = (str, int, float, bool, type(None))


def text_of(cell: Any) -> str:
    """A cell as text: itself, JSON of lists and mappings, ``str()`` of the rest; raises Unreadable where that fails."""
    if type(cell) is str:
        return cell
    if isinstance(cell, str):
        return str.__str__(cell)
    try:
        if isinstance(cell, Mapping | list | tuple):
            return _json_text(cell)
        if isinstance(cell, bytes | bytearray | memoryview):
            return bytes(cell).decode("utf-8", "backslashreplace")
        return str(cell)
    except ValueError as error:
        reason = "it contains itself" if "ircular" in str(error) else f"its text cannot be had: {type(error).__name__}"
    except RecursionError:
        reason = "it is nested too deep"
    except Exception as error:
        reason = f"its text cannot be had: {type(error).__name__}"
    raise Unreadable(f"this {type(cell).__name__} cannot be shown: {reason}")


def _json_text(cell: Any) -> str:
    try:
        return json.dumps(cell, ensure_ascii=False, indent=2, default=_of_part)
    except TypeError:  # a key that JSON has no form for
        return json.dumps(_with_text_keys(cell), ensure_ascii=False, indent=2, default=_of_part)


class _TextKeys(dict[Any, Any]):
    """A mapping to be written with its keys as text; two that are spelled alike, as 1 of numpy's and "1", are both."""

    def items(self) -> Any:
        return [(key if isinstance(key, _JSON_KEYS) else str(key), value) for key, value in super().items()]


def _with_text_keys(part: Any) -> Any:
    if isinstance(part, Mapping):
        return _TextKeys({key: _with_text_keys(value) for key, value in part.items()})
    if isinstance(part, list | tuple):
        return [_with_text_keys(value) for value in part]
    if isinstance(part, np.ndarray):
        return _with_text_keys(_of_part(part))
    return part


def _of_part(part: Any) -> Any:
    if isinstance(part, np.ndarray) and part.dtype.kind == "M":
        return [_of_part(value) for value in part] if part.ndim else _of_part(part[()])
    if isinstance(part, np.datetime64) and isinstance(part.tolist(), int):
        return str(pd.Timestamp(part))  # of which numpy gives a count of its units
    if isinstance(part, np.ndarray | np.generic):
        return part.tolist()
    return dict(part) if isinstance(part, Mapping) else str(part)


@dataclass(frozen=True)
class Written(Field):
    """A cell whose text is shown, cut where it is long."""

    def _block(self, kind: Literal["text", "markdown", "code", "html"], cell: Any) -> "Block":
        text = text_of(cell)
        block: Block = {"type": kind, "field": self.name, "text": visible(text[:CLIPPED_AT])}
        if len(text) > CLIPPED_AT:
            block["clipped"] = len(text)
        return block

    def full_text(self, cell: Any, message: int | None = None) -> str:
        return visible(text_of(cell))


@dataclass(frozen=True)
class Text(Written):
    """Plain text, as it is; lists and mappings as JSON, anything else as ``str()`` has it.

    >>> Text("subject").block("Where is my money?", [])
    {'type': 'text', 'field': 'subject', 'text': 'Where is my money?'}
    """

    def read(self, cell: Any, buffers: list[bytes]) -> "Block":
        return self._block("text", cell)


@dataclass(frozen=True)
class Markdown(Written):
    """Text with Markdown's marks; HTML in it is shown as text."""

    def read(self, cell: Any, buffers: list[bytes]) -> "Block":
        return self._block("markdown", cell)


@dataclass(frozen=True)
class Code(Written):
    """Source code, in ``language`` where it is known."""

    _: KW_ONLY
    language: str | None = None

    def read(self, cell: Any, buffers: list[bytes]) -> "Block":
        return self._block("code", cell) | {"language": self.language}
