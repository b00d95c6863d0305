"""What is different where marimo carries a card's messages; nothing of marimo is imported."""

import weakref
from threading import Lock
from typing import Any, Protocol

__all__ = ["MarimoCard", "close_cards_taken_away", "is_replayed", "was_taken_away"]


class MarimoCard(Protocol):
    """A card, as far as it matters here."""

    comm: Any

    def close(self) -> None:
        """Take it off the page."""


_MADE: weakref.WeakSet[Any] = weakref.WeakSet()
_MAKING = Lock()  # marimo runs each visitor of an app in a thread of one process


def is_replayed(card: MarimoCard) -> bool:
    """Whether a page that opens later is given the traits as they were sent, without a word to the kernel."""
    return getattr(card.comm, "kernel", None) == "marimo"


def was_taken_away(card: MarimoCard) -> bool:
    """Whether the cell that showed the card first has been run again: with that, marimo closes its comm for good."""
    return is_replayed(card) and card.comm.comm_id not in card.comm.comm_manager.comms


def close_cards_taken_away(card: MarimoCard) -> None:
    """Close every card before this one that was taken away: nobody told it, and it would listen on."""
    with _MAKING:
        former = [made for made in _MADE if was_taken_away(made)]
        _MADE.difference_update(former)
        _MADE.add(card)
    for one in former:
        one.close()
