"""What a page says of its dashboard, checked; the twin of js/src/dashboard/messages.ts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from hitl_notebook.widgets.chart_messages import SentPicture, WantedLibrary, read_points, read_size
from hitl_notebook.widgets.chart_selection import Points

__all__ = ["DashboardMessage", "Open", "Pictures", "Queue", "Select", "Watch", "read_dashboard_message"]

_MOST_PICTURES = 50


@dataclass(frozen=True)
class Watch:
    """Whether a page shows the dashboard, and whether it has nothing yet."""

    page: str
    is_visible: bool
    lacks_all: bool


@dataclass(frozen=True)
class Open:
    """Another tab."""

    tab: str


@dataclass(frozen=True)
class Select:
    """Something else is selected in a figure."""

    name: str
    points: Points
    zone: str


@dataclass(frozen=True)
class Queue:
    """The items behind the selection are to come next."""


@dataclass(frozen=True)
class Pictures:
    """What is drawn in a tab now, by the figures' names."""

    tab: str
    pictures: dict[str, SentPicture]


DashboardMessage: TypeAlias = WantedLibrary | Watch | Open | Select | Queue | Pictures


def read_dashboard_message(content: Any, buffers: Sequence[Any] | None) -> DashboardMessage | None:
    """The message, None where it has no known shape."""
    match content:
        case {"kind": "library", "library": str(name)}:
            return WantedLibrary(name)
        case {"kind": "watch", "page": str(page), "visible": bool(visible), "lacks_all": bool(lacks_all)}:
            return Watch(page, visible, lacks_all)
        case {"kind": "open", "tab": str(tab)}:
            return Open(tab)
        case {"kind": "select", "name": str(name), "points": points, "zone": str(zone)}:
            read = read_points(points)
            return None if read is None else Select(name, read, zone)
        case {"kind": "queue"}:
            return Queue()
        case {"kind": "pictures", "tab": str(tab), "figures": list(figures)} if len(figures) <= _MOST_PICTURES:
            return _pictures(tab, figures, buffers or ())
    return None


def _pictures(tab: str, figures: list[Any], buffers: Sequence[Any]) -> Pictures | None:
    if len(figures) != len(buffers):
        return None
    pictures = {}
    for figure, buffer in zip(figures, buffers, strict=True):
        picture = read_size(figure, buffer)
        if picture is None or not isinstance(figure.get("name"), str):
            return None
        pictures[figure["name"]] = picture
    return Pictures(tab, pictures)
