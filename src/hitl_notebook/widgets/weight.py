"""What a message weighs on its way to the page."""

import json
from collections.abc import Iterable
from typing import Any

__all__ = ["BETWEEN", "weight"]

BETWEEN = 2
"""Bytes of the comma and the blank after a part of a list."""


def weight(content: Any, buffers: Iterable[bytes] = ()) -> int:
    """Bytes of ``content`` as JSON in the longest way that a server writes it, and of its buffers.

    >>> weight({"text": "abc"}, [b"1234"]), weight("ä")
    (19, 8)
    """
    return len(json.dumps(content)) + sum(map(len, buffers))
