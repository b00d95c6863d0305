"""What a reviewer is shown of an item, as JSON that can be read without the frame: for who asks to keep it."""

import json
from base64 import b64encode
from collections.abc import Sequence
from typing import Any, Literal

from hitl_notebook.fields.explained import Explained
from hitl_notebook.items import Items

__all__ = ["kept_content"]


def kept_content(items: Items, position: int) -> dict[str, Any]:
    """An item's ``blocks`` and those of its ``explanation``, as the page gets them and whole.

    A text that the page gets cut is here in full. What the page gets as bytes, a picture or a heat map, is base64 in
    the block's ``data``. What is beyond the card's reach (rows, messages and examples that are only counted) is not
    here either. An explanation is one that came in a column: what an explainer makes
    beside the review is not there yet when an item is drawn.
    """
    blocks, explanation, buffers = items.payload(position)
    explained = [
        _whole(items, position, "explanation", index, block, buffers)
        for index, (field, block) in enumerate(zip(items.explanation_fields, explanation, strict=True))
        if not isinstance(field, Explained)
    ]
    shown = [_whole(items, position, "blocks", index, block, buffers) for index, block in enumerate(blocks)]
    return {"blocks": shown, "explanation": explained}


def _whole(
    items: Items,
    position: int,
    part: Literal["blocks", "explanation"],
    index: int,
    block: Any,
    buffers: Sequence[bytes],
) -> dict[str, Any]:
    whole = _with_data(block, buffers)
    if "clipped" in whole:
        del whole["clipped"]
        text = items.full_text(position, part, index)
        whole |= {"tokens": json.loads(text)} if "tokens" in whole else {"text": text}
    if "cut" in whole:
        rows = [list(row) for row in whole["rows"]]
        for cell, _ in whole.pop("cut"):
            row, column = divmod(cell, len(rows[0]))
            rows[row][column] = items.full_text(position, part, index, cell)
        whole["rows"] = rows
    if "messages" in whole:
        whole["messages"] = [
            {"role": message["role"], "text": items.full_text(position, part, index, number)}
            for number, message in enumerate(whole["messages"])
        ]
    if "examples" in whole:
        whole["examples"] = [_with_data(example, buffers) for example in whole["examples"]]
    return whole


def _with_data(holder: Any, buffers: Sequence[bytes]) -> dict[str, Any]:
    if "buffer" not in holder:
        return dict(holder)
    data = b64encode(buffers[holder["buffer"]]).decode("ascii")
    return {name: value for name, value in holder.items() if name != "buffer"} | {"data": data}
