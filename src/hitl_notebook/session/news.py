"""What has happened to a review that those who follow it have not heard of yet."""

import logging
from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import TypeAlias

from hitl_notebook.decisions import Event

__all__ = ["Listener", "News"]

_log = logging.getLogger(__name__)

Listener: TypeAlias = Callable[[list[Event] | None], None]


class News:
    """Events on their way to listeners: gathered under whatever lock, told when none is held."""

    def __init__(self, session: str) -> None:
        self._session = session
        self._lock = Lock()
        self._untold: list[Event] | None = []
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` after each change with the new events, or None when all may have changed.

        Returns the way to end it.
        """
        self._listeners.append(listener)

        def stop() -> None:
            with suppress(ValueError):
                self._listeners.remove(listener)

        return stop

    def add(self, events: list[Event] | None) -> None:
        """Keep these events for ``announce``, or with None that all may have changed."""
        with self._lock:
            self._untold = None if events is None or self._untold is None else self._untold + events

    def announce(self) -> None:
        """Tell the listeners what they have not heard of. Call it with no lock held."""
        with self._lock:
            untold, self._untold = self._untold, []
        if untold is None or untold:
            for listener in list(self._listeners):
                # What is recorded is recorded, whoever fails to hear of it.
                try:
                    listener(untold)
                except Exception:
                    _log.exception("a listener of session %s failed", self._session)
