"""An image: as an array, bytes, a Pillow image or a path under a directory."""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from os.path import normpath
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL.Image import Image as Pillow

from hitl_notebook.errors import InvalidField
from hitl_notebook.fields.field import Field, Unreadable
from hitl_notebook.fields.picture import (
    LARGEST_FILE,
    Picture,
    has_image_header,
    picture_of_array,
    picture_of_bytes,
    picture_of_pillow,
)
from hitl_notebook.quoted import quoted

if TYPE_CHECKING:
    from hitl_notebook.protocol import Block

__all__ = ["Image", "is_image"]

_SCHEME = re.compile(r"\s*(?:([a-zA-Z][a-zA-Z0-9+.-]+):|(//))")
_DATA_URL = re.compile(r"\s*data:image/(?:png|jpeg|webp|gif);base64,")
_LOOKED_AT_TOGETHER = 1_000
_WAYS_OUT = ("..", ":", "\0", "\n/", "\n\\")


def is_image(cell: Any) -> bool:
    """Whether a cell can be taken for an image without being told: not a path, which may be any text."""
    if isinstance(cell, Pillow):
        return True
    if isinstance(cell, bytes | bytearray | memoryview):
        return has_image_header(bytes(cell[:16]))
    if not isinstance(cell, np.ndarray) or cell.dtype.kind not in "buif":
        return False
    return (cell.ndim == 2 and min(cell.shape) > 1) or (cell.ndim == 3 and bool({1, 3, 4} & {*cell.shape[::2]}))


@dataclass(frozen=True)
class Image(Field):
    """An image, made smaller where it is large; URLs are never fetched.

    A cell is an array, bytes (PNG, JPEG, WebP, GIF, BMP, TIFF), a Pillow image, a ``data:`` URL, or a path under
    ``root``. An array has one, three or four channels, last or first. Bytes are shown as they are, True as white,
    floats between 0 and 1 from black to white, other numbers up to 255 as bytes, all others between their least and
    their greatest.

    Parameters
    ----------
    root : path, optional
        The directory that the paths in the column start from. A path that leads out of it is an error.
    max_side : int
        The most pixels that are shown along one side.
    value_range : (number, number), optional
        What is black and what is white in an array, as (0, 16) for scikit-learn's digits.
    """

    _: KW_ONLY
    root: str | Path | None = None
    max_side: int = 1_024
    value_range: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.root is not None:
            root = Path(self.root).resolve()
            if not root.is_dir():
                raise InvalidField(f"Image root={quoted(str(self.root))} is no directory; here is {Path.cwd()}")
            object.__setattr__(self, "root", root)
        if not 1 <= self.max_side <= 4_096:
            raise InvalidField(f"Image max_side is between 1 and 4,096, not {self.max_side}")

    def read(self, cell: Any, buffers: list[bytes]) -> "Block":
        picture = self._picture(cell)
        buffers.append(picture.data)
        return {
            "type": "image",
            "field": self.name,
            "buffer": len(buffers) - 1,
            "mime": picture.mime,
            "width": picture.width,
            "height": picture.height,
        }

    def refused(self, cells: Sequence[Any]) -> dict[int, str]:
        refused = {}
        for start in range(0, len(cells), _LOOKED_AT_TOGETHER):
            some = cells[start : start + _LOOKED_AT_TOGETHER]
            # Following links costs a look at the disk for each path: the first ones are followed now, and every one
            # again when it is opened.
            follow = start == 0
            if not follow and _stay_inside(some):
                continue
            for row, cell in enumerate(some, start):
                if fault := self._fault(cell, follow=follow):
                    refused[row] = fault
        return refused

    def _fault(self, cell: Any, *, follow: bool) -> str | None:
        if not isinstance(cell, str | Path):
            return None
        scheme = _scheme(cell)
        if scheme == "file":
            return "a file: URL; give paths under root= instead"
        if not scheme and isinstance(self.root, Path) and not _is_under(self.root, str(cell), follow=follow):
            return f"outside of root={str(self.root)!r}"
        return None

    def _picture(self, cell: Any) -> Picture:
        if isinstance(cell, Pillow):
            return picture_of_pillow(cell.copy(), self.max_side)
        if isinstance(cell, bytes | bytearray | memoryview):
            return picture_of_bytes(bytes(cell), self.max_side)
        if isinstance(cell, str | Path):
            return picture_of_bytes(self._bytes_at(cell), self.max_side)
        return picture_of_array(np.asarray(cell), self.max_side, self.value_range)

    def _bytes_at(self, place: str | Path) -> bytes:
        text = str(place)
        if text.lstrip()[:5].lower() == "<svg ":
            return text.encode()
        if (data_url := _DATA_URL.match(text)) is not None:
            try:
                return b64decode(text[data_url.end() :], validate=True)
            except Base64Error:
                raise Unreadable("a data: URL that is not base64") from None
        if _scheme(place):
            raise Unreadable("an image elsewhere is not fetched: download it first, or give its bytes")
        if not isinstance(self.root, Path):
            raise Unreadable(f"a path is opened under a directory only: Image({self.name!r}, root=...)")
        if not _is_under(self.root, text, follow=True):
            raise Unreadable("the path leads out of the directory that was allowed")
        path = self.root / text
        if not path.is_file():
            raise Unreadable("no such file")
        if path.stat().st_size > LARGEST_FILE:
            raise Unreadable("the file is too large to be opened")
        return path.resolve().read_bytes()


def _scheme(place: str | Path) -> str:
    """What a URL begins with, one without a scheme of its own included; nothing for a path."""
    found = _SCHEME.match(place) if isinstance(place, str) else None
    return (found[1] or found[2]).lower() if found else ""


def _stay_inside(cells: Sequence[Any]) -> bool:
    """Whether no path among the cells can leave the directory it starts from but by a link.

    As most cannot: they are looked at together, since there may be a million before a session starts.
    """
    if any(isinstance(cell, Path) for cell in cells):
        return False
    text = "\n".join(["", *(cell for cell in cells if isinstance(cell, str))])
    return not any(way_out in text for way_out in _WAYS_OUT)


def _is_under(root: Path, text: str, *, follow: bool) -> bool:
    if "\0" in text:
        return False
    if not Path(normpath(root / text)).is_relative_to(root):
        return False
    return not follow or (root / text).resolve().is_relative_to(root)
