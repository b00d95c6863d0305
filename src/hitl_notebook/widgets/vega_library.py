"""What draws charts in the page: too large to come with every chart, it is sent once to a page that asks for it."""

from functools import cache
from hashlib import sha256
from typing import Any

from hitl_notebook.widgets.bundle import packed_bundle

__all__ = ["library_name", "library_parcel"]


@cache
def _packed() -> bytes:
    return packed_bundle("vega.js.gz")


@cache
def library_name() -> str:
    """By which pages know whether they have this one already."""
    return sha256(_packed()).hexdigest()[:16]


def library_parcel() -> tuple[dict[str, Any], list[bytes]]:
    """The answer to a page that has none: a message, and its buffers."""
    return {"kind": "library", "library": library_name()}, [_packed()]
