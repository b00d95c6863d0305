"""Code that only some pages need: each page that asks for it is sent it once, and keeps it."""

from functools import cache
from hashlib import sha256
from typing import Any, Literal, TypeAlias, get_args

from hitl_notebook.protocol import SentLibrary
from hitl_notebook.widgets.bundle import packed_bundle

__all__ = ["library_name", "library_parcel"]

Library: TypeAlias = Literal["markdown", "vega"]


@cache
def _packed(library: Library) -> bytes:
    return packed_bundle(f"{library}.js.gz")


@cache
def library_name(library: Library) -> str:
    """By which pages ask for it, and know whether they have this one already: another content has another name."""
    return f"{library}-{sha256(_packed(library)).hexdigest()[:16]}"


def library_parcel(name: str) -> tuple[Any, list[bytes]] | None:
    """The answer to a page that has none: a message, and its buffers. None where no library has this name."""
    for library in get_args(Library):
        if library_name(library) == name:
            return SentLibrary(kind="library", library=name), [_packed(library)]
    return None
