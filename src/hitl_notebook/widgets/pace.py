"""How fast messages go to a page: a server drops what comes faster than it lets through, and says nothing of it."""

from collections.abc import Callable
from time import monotonic

__all__ = ["Pace"]

_AT_ONCE = 1_000  # messages; servers commonly let 3,000 through in three seconds, of all that a notebook shows
_EACH_SECOND = 200


class Pace:
    """What may go at once, and how soon the next may.

    >>> pace = Pace(clock=lambda: 0.0)
    >>> pace.allows(600), pace.allows(600), pace.allows(400)
    (True, False, True)
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._left = float(_AT_ONCE)
        self._counted_at = clock()

    def allows(self, messages: int) -> bool:
        """Whether so many may go now, which are counted then."""
        now = self._clock()
        self._left = min(self._left + (now - self._counted_at) * _EACH_SECOND, _AT_ONCE)
        self._counted_at = now
        if messages > self._left:
            return False
        self._left -= messages
        return True
