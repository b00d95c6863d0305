"""What a page says of its charts, checked; the twin of js/src/chart/messages.ts."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, TypeAlias

from hitl_notebook.widgets.chart_selection import Points

__all__ = ["ChartMessage", "Selected", "SentPicture", "WantedLibrary", "read_chart_message", "read_points", "read_size"]

_LARGEST_PICTURE = 1_000_000  # bytes
_LARGEST_SIDE = 10_000  # pixels
_PNG = b"\x89PNG\r\n\x1a\n"
_MOST_POINTS = 10_000


@dataclass(frozen=True)
class WantedLibrary:
    """The page lacks the library that draws."""

    name: str


@dataclass(frozen=True)
class Selected:
    """Something else is selected."""

    points: Points
    zone: str


@dataclass(frozen=True)
class SentPicture:
    """What is drawn now."""

    png: bytes
    width: int
    height: int


ChartMessage: TypeAlias = WantedLibrary | Selected | SentPicture


def read_chart_message(content: Any, buffers: Sequence[Any] | None) -> ChartMessage | None:
    """The message, None where it has no known shape."""
    match content:
        case {"kind": "library", "library": str(name)}:
            return WantedLibrary(name)
        case {"kind": "selected", "points": points, "zone": str(zone)}:
            read = read_points(points)
            return None if read is None else Selected(read, zone)
        case {"kind": "picture"} if buffers:
            return read_size(content, buffers[0])
    return None


def read_size(content: Any, buffer: Any) -> SentPicture | None:
    """A picture of the size that the message says; None where it is none."""
    match content:
        case {"width": int(width), "height": int(height)} if 0 < width <= _LARGEST_SIDE and 0 < height <= _LARGEST_SIDE:
            png = bytes(buffer)
            if png.startswith(_PNG) and len(png) <= _LARGEST_PICTURE:
                return SentPicture(png, width, height)
    return None


def read_points(points: Any) -> Points | None:
    """A selection; None where it has no known shape."""
    if not isinstance(points, list) or len(points) > _MOST_POINTS:
        return None
    is_known = all(isinstance(point, list) and point and all(map(_is_condition, point)) for point in points)
    return points if is_known else None


def _is_condition(condition: Any) -> bool:
    match condition:
        case {"field": str(), "any": list()}:
            return True
        case {"field": str(), "from": int() | float() as low, "to": int() | float() as high, "open": bool()}:
            return isfinite(low) and isfinite(high)
    return False
