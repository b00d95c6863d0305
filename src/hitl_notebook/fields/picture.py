"""Pictures as the page can take them: checked before they are decoded, and small."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    ImageOps,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)
from PIL.Image import Image as Pillow
from PIL.Image import Resampling, fromarray

from hitl_notebook.fields.field import Unreadable

__all__ = [
    "LARGEST_FILE",
    "Picture",
    "has_image_header",
    "picture_of_array",
    "picture_of_bytes",
    "picture_of_pillow",
    "smaller_picture",
]

LARGEST_FILE = 64 * 2**20
_LARGEST_BUFFER = 512 * 2**10
_SMALLEST_BUFFER = 4 * 2**10
_MOST_PIXELS = 50_000_000
_ORIENTATION = 0x0112

# Pillow's own open() would try every format it knows, and warn of a decompression bomb where an error is wanted.
_READERS: Mapping[bytes, tuple[str | None, Any]] = {
    b"\x89PNG\r\n\x1a\n": ("image/png", PngImagePlugin.PngImageFile),
    b"\xff\xd8\xff": ("image/jpeg", JpegImagePlugin.JpegImageFile),
    b"GIF8": ("image/gif", GifImagePlugin.GifImageFile),
    b"RIFF": ("image/webp", WebPImagePlugin.WebPImageFile),
    b"BM": (None, BmpImagePlugin.BmpImageFile),
    b"II*\x00": (None, TiffImagePlugin.TiffImageFile),
    b"MM\x00*": (None, TiffImagePlugin.TiffImageFile),
}


@dataclass(frozen=True)
class Picture:
    data: bytes
    mime: str
    width: int
    height: int


def has_image_header(data: bytes) -> bool:
    """Whether the bytes begin as an image does that can be shown; two letters alone (BMP) do not say enough."""
    return any(data.startswith(signature) for signature in _READERS if len(signature) > 2)


def picture_of_bytes(data: bytes, max_side: int) -> Picture:
    """The image in ``data``: itself where the page can show it and it is small, else a smaller copy."""
    head = data[:1_000].lstrip().lower()
    if head.startswith((b"<svg", b"<?xml", b"<!doctype svg")) or b"<svg" in head:
        raise Unreadable("an SVG is not shown, since it can hold scripts: convert it to PNG")
    mime, reader = _reader(data)
    if reader is None:
        raise Unreadable("not an image that can be read")
    try:
        image = reader(BytesIO(data))
        _check_size(image)
        image.load()
    except Unreadable:
        raise
    except Exception:  # Pillow raises a dozen kinds for a broken file
        raise Unreadable("not an image that can be read: the file is broken") from None
    if mime is not None and len(data) <= _LARGEST_BUFFER and max(image.size) <= max_side:
        turned = image.getexif().get(_ORIENTATION, 1) >= 5
        width, height = reversed(image.size) if turned else image.size
        return Picture(data, mime, width, height)
    return picture_of_pillow(image, max_side)


def picture_of_pillow(image: Pillow, max_side: int) -> Picture:
    """A Pillow image as PNG or, where that is too large, as JPEG."""
    _check_size(image)
    if image.mode.startswith(("I", "F")):
        return picture_of_array(np.asarray(image), max_side, None)
    return _encoded(_as_shown(image), max_side)


def picture_of_array(array: npt.NDArray[Any], max_side: int, value_range: tuple[float, float] | None) -> Picture:
    """An array of one, three or four channels, last or first; see ``fields.Image`` for what its numbers mean."""
    if array.dtype.kind not in "buif" or array.ndim not in (2, 3) or 0 in array.shape:
        raise Unreadable(f"an array of shape {array.shape} and type {array.dtype} is no image")
    if array.ndim == 3 and array.shape[2] not in (1, 3, 4):
        if array.shape[0] not in (1, 3, 4):
            raise Unreadable(f"an array of shape {array.shape} is no image: one, three or four channels come last")
        array = np.moveaxis(array, 0, 2)
    # Far more points than are shown are thinned first: the rest of the work is done in floats.
    step = max(1, max(array.shape[:2]) // (4 * max_side))
    array = array[::step, ::step]
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    return _encoded(fromarray(np.ascontiguousarray(_as_bytes(array, value_range))), max_side)


def smaller_picture(data: bytes, largest: int) -> Picture:
    """A picture that the page can show, lossy and as small as it has to be to take no more than ``largest`` bytes."""
    if largest < _SMALLEST_BUFFER:
        raise Unreadable(f"a picture in {largest:,} bytes is none")
    image: Pillow = _reader(data)[1](BytesIO(data))
    if image.mode.startswith(("I", "F")):
        image = fromarray(_as_bytes(np.asarray(image), None))
    image = _as_shown(image)
    return _encoded(image, max(image.size), largest, [_lossy(image)])


def _as_bytes(array: npt.NDArray[Any], value_range: tuple[float, float] | None) -> npt.NDArray[np.uint8]:
    if array.dtype == np.bool_:
        return array.astype(np.uint8) * np.uint8(255)
    if value_range is None and array.dtype == np.uint8:
        return array
    numbers = array.astype(np.float64)
    finite = numbers[np.isfinite(numbers)]
    low, high = value_range or _range_of(finite, whole=array.dtype.kind in "ui")
    numbers = np.nan_to_num(numbers, nan=low, posinf=high, neginf=low)
    # Halved first, so that the distance between the two largest floats is still a float.
    spread = high / 2 - low / 2 or 0.5
    return np.rint(np.clip((numbers / 2 - low / 2) / spread, 0, 1) * 255).astype(np.uint8)


def _range_of(finite: npt.NDArray[np.float64], *, whole: bool) -> tuple[float, float]:
    if not finite.size:
        return 0, 1
    low, high = float(finite.min()), float(finite.max())
    if low >= 0 and high <= 1 and not whole:
        return 0, 1
    return (0, 255) if low >= 0 and high <= 255 else (low, high)


def _check_size(image: Pillow) -> None:
    width, height = image.size
    if width * height > _MOST_PIXELS:
        raise Unreadable(f"an image of {width:,} × {height:,} pixels is too large to be opened")


def _reader(data: bytes) -> tuple[str | None, Any]:
    """The MIME type and the reader of an image in ``data``, where there are any."""
    return next((found for signature, found in _READERS.items() if data.startswith(signature)), (None, None))


def _as_shown(image: Pillow) -> Pillow:
    """The image turned as it is meant to be seen, in a mode that every format takes."""
    image = ImageOps.exif_transpose(image)
    if image.mode not in ("L", "RGB", "RGBA"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image


def _encoded(
    image: Pillow, max_side: int, largest: int = _LARGEST_BUFFER, kinds: Sequence[str] | None = None
) -> Picture:
    """The image in the first of these formats in which it is small enough: PNG, or else lossy; or else smaller."""
    image.thumbnail((max_side, max_side), Resampling.LANCZOS)
    if kinds is None:
        kinds = ("PNG", _lossy(image))
    while True:
        for kind in kinds:
            buffer = BytesIO()
            image.save(buffer, format=kind)
            if buffer.tell() <= largest:
                return Picture(buffer.getvalue(), f"image/{kind.lower()}", *image.size)
        share = 0.9 * (largest / buffer.tell()) ** 0.5
        image = image.resize((max(1, int(image.width * share)), max(1, int(image.height * share))), Resampling.LANCZOS)


def _lossy(image: Pillow) -> str:
    return "WEBP" if image.mode == "RGBA" else "JPEG"
