"""Alarms looked for beside the charts of a dashboard."""

import logging
from collections.abc import Callable
from threading import Event, Thread
from time import monotonic
from typing import Any

__all__ = ["AlarmWatch"]

_log = logging.getLogger(__name__)

_REST_SECONDS = 5.0
_RESTS = 10  # times as long as it looked


class AlarmWatch:
    """A thread that looks for alarms now and then: they come from the whole course of a review, and no chart waits.

    ``look`` gives the alarms of what has been reviewed, in sentences; ``tell`` is given the message for the page.
    """

    def __init__(self, look: Callable[[Any], list[str]], tell: Callable[[dict[str, Any]], None]) -> None:
        self._look = look
        self._tell = tell
        self.words: list[str] = []
        """The alarms that it told last."""
        self._newest: Any = None
        self._news = Event()
        self._closing = Event()
        self._thread = Thread(target=self._run, name="hitl_notebook alarms", daemon=True)
        self._thread.start()

    @property
    def is_at_work(self) -> bool:
        """Whether its thread lives."""
        return self._thread.is_alive()

    def follow(self, reviewed: Any) -> None:
        """Look at this next, unless it is what was looked at last."""
        if reviewed is not self._newest:
            self._newest = reviewed
            self._news.set()

    def repeat(self) -> None:
        """Tell a page that knows nothing yet."""
        self._tell({"kind": "alarms", "words": self.words})

    def close(self) -> None:
        """End the thread, once it has looked."""
        self._closing.set()
        self._news.set()

    def _run(self) -> None:
        while self._news.wait() and not self._closing.is_set():
            self._news.clear()
            began = monotonic()
            words = self._in_words(self._newest)
            if words != self.words:
                self.words = words
                self.repeat()
            self._closing.wait(max(_REST_SECONDS, _RESTS * (monotonic() - began)))

    def _in_words(self, reviewed: Any) -> list[str]:
        try:
            return self._look(reviewed)
        except Exception as error:
            _log.exception("could not look for alarms")
            return [f"Alarms cannot be looked for: {error}"]
