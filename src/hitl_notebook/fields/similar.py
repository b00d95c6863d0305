"""Items like this one, and what they were."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

from hitl_notebook.fields.field import Field, Unreadable, is_list
from hitl_notebook.fields.image import Image
from hitl_notebook.fields.text import text_of
from hitl_notebook.fields.visible import visible
from hitl_notebook.fields.weights import is_weight
from hitl_notebook.missing import is_missing
from hitl_notebook.quoted import quoted

if TYPE_CHECKING:
    from hitl_notebook.protocol import Block

__all__ = ["Similar", "is_similar"]

_MOST_EXAMPLES = 10
_LONGEST = 2_000
_THUMBNAIL = 128
_KEYS = {"text", "label", "similarity", "image"}


def is_similar(cell: Any) -> bool:
    """Whether a cell is a list of mappings that each have a text or an image, and a label or a similarity."""
    return (
        is_list(cell)
        and len(cell) > 0
        and all(
            isinstance(example, Mapping)
            and {"text", "image"} & example.keys()
            and {"label", "similarity"} & example.keys()
            for example in cell
        )
    )


@dataclass(frozen=True)
class Similar(Field):
    """Examples in the order given, at most ten: mappings with ``text``, ``label``, ``similarity`` and ``image``.

    >>> Similar("near").block([{"text": "money back?", "label": "refund"}], [])["examples"]
    [{'text': 'money back?', 'label': 'refund', 'similarity': None}]
    """

    def read(self, cell: Any, buffers: list[bytes]) -> "Block":
        if not is_list(cell) or not all(isinstance(part, Mapping) for part in cell):
            raise Unreadable("similar examples are a list of mappings with a text, a label and a similarity")
        examples = [self._example(example, buffers) for example in cell[:_MOST_EXAMPLES]]
        block: Block = {"type": "similar", "field": self.name, "examples": examples}
        if len(cell) > _MOST_EXAMPLES:
            block["more"] = len(cell) - _MOST_EXAMPLES
        return block

    def suits(self, cell: Any) -> bool:
        return not isinstance(cell, str | bytes | int | float)

    def _example(self, example: Mapping[Any, Any], buffers: list[bytes]) -> dict[str, Any]:
        label, similarity = example.get("label"), example.get("similarity")
        shown: dict[str, Any] = {
            "text": _short(example.get("text")),
            "label": None if is_missing(label) else _short(label),
            "similarity": None if is_missing(similarity) else _finite(similarity),
        }
        if not is_missing(image := example.get("image")):
            block = Image(self.column, max_side=_THUMBNAIL).block(image, buffers)
            if block["type"] == "image":
                shown |= {"buffer": block["buffer"], "mime": block["mime"]}
            else:
                shown["text"] = f"{shown['text']} [{block['message']}]".strip()
        return shown


def _short(part: Any) -> str:
    text = "" if is_missing(part) else text_of(part)
    return visible(text[:_LONGEST]) + (f"… ({len(text):,} characters)" if len(text) > _LONGEST else "")


def _finite(similarity: Any) -> float:
    if not is_weight(similarity) or not isfinite(similarity):
        raise Unreadable(f"the similarity {quoted(similarity)} is no finite number")
    return float(similarity)
