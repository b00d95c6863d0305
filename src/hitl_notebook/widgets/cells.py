"""Which card is shown in which cell."""

import weakref
from typing import Any, Protocol

__all__ = ["Closable", "close_former_card"]


class Closable(Protocol):
    """A card, as far as it matters here."""

    def close(self) -> None:
        """Take it off the page."""


_SHOWN: weakref.WeakValueDictionary[str, Any] = weakref.WeakValueDictionary()


def close_former_card(card: Closable) -> None:
    """Close the card that the running cell showed when it ran before.

    Its view is gone with the cell's output, yet its model would live on in page and kernel. Hosts that do not tell
    cells apart keep it.
    """
    cell = _running_cell()
    if cell is None:
        return
    former = _SHOWN.get(cell)
    _SHOWN[cell] = card
    if former is not None and former is not card:
        former.close()


def _running_cell() -> str | None:
    from IPython import get_ipython

    shell = get_ipython()
    parent = shell.get_parent() if hasattr(shell, "get_parent") else {}
    cell = (parent or {}).get("metadata", {}).get("cellId")
    return cell if isinstance(cell, str) else None
