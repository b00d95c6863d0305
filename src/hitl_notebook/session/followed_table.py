"""The table of what is decided: read once, then followed."""

import logging
import weakref
from threading import RLock, Timer

from hitl_notebook.frames import DecisionTable, Standing
from hitl_notebook.items import typed_id
from hitl_notebook.session.review import Review
from hitl_notebook.tasks import Task

__all__ = ["FollowedTable"]

_log = logging.getLogger(__name__)

_AHEAD_SECONDS = 1.0  # a card that was just shown has its first items to ask for


class FollowedTable:
    """The effective decisions of a review as a `DecisionTable`. Safe from any thread."""

    def __init__(self, review: Review) -> None:
        self._review = review
        self._reading = RLock()
        self._table: DecisionTable | None = None
        self._timer: Timer | None = None

    def now(self, task: Task) -> DecisionTable:
        """What is decided, from the table of an earlier call and what is new since."""
        with self._reading:
            earlier = self._table
            if earlier is not None and earlier.task is not task:
                earlier = None
            with self._review.ledger.lock:
                standing = Standing.now(self._review.verdicts, None if earlier is None else earlier.standing)
            # The task's own rules are the user's code: nobody who decides waits for them.
            self._table = DecisionTable(standing, task, typed_id) if earlier is None else earlier.extended(standing)
            return self._table

    def read_ahead(self, task: Task) -> None:
        """Read it on a thread of its own soon, so that the first chart does not wait for it: ten seconds a million."""
        if self._table is None and self._timer is None:
            self._timer = Timer(_AHEAD_SECONDS, _read_ahead, [weakref.ref(self), task])
            self._timer.name, self._timer.daemon = "hitl_notebook decisions", True
            self._timer.start()

    def close(self) -> None:
        """Begin nothing any more."""
        if self._timer is not None:
            self._timer.cancel()


def _read_ahead(followed: "weakref.ref[FollowedTable]", task: Task) -> None:
    """A session that was let go of meanwhile is not held for this."""
    table = followed()
    if table is None:
        return
    try:
        table.now(task)
    except Exception:
        _log.exception("could not read the decisions ahead")
