"""Which widgets are shown in which cell."""

import weakref
from typing import Any, NamedTuple, Protocol

__all__ = ["Closable", "close_former_card"]


class Closable(Protocol):
    """A card or another widget, as far as it matters here."""

    def close(self) -> None:
        """Take it off the page."""


class _Shown(NamedTuple):
    run: str | None
    widgets: "weakref.WeakSet[Any]"


_SHOWN: dict[str, _Shown] = {}


def close_former_card(card: Closable) -> None:
    """Close the widgets that the running cell showed when it ran before; those of this run stay beside the new one.

    Their views are gone with the cell's output, yet their models would live on in page and kernel. Hosts that do not
    tell cells apart keep them.
    """
    cell, run = _running_cell()
    if cell is None:
        return
    former = _SHOWN.get(cell)
    if former is not None and former.run == run:
        former.widgets.add(card)
        return
    _SHOWN[cell] = _Shown(run, weakref.WeakSet([card]))
    for widget in () if former is None else list(former.widgets):
        if widget is not card:
            widget.close()


def _running_cell() -> tuple[str | None, str | None]:
    """The cell that runs, and which of its runs it is."""
    from IPython import get_ipython

    shell = get_ipython()
    parent = (shell.get_parent() if hasattr(shell, "get_parent") else None) or {}
    cell = parent.get("metadata", {}).get("cellId")
    return (cell if isinstance(cell, str) else None), parent.get("header", {}).get("msg_id")
