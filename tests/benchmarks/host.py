"""What a virtual machine's host takes of the processors' time, where Linux tells it.

What a page does within a frame cannot be told while another machine has the processor.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

__all__ = ["Rounds", "processor_ticks", "taken_by_the_host"]

LITTLE = 0.03

Played = TypeVar("Played")


def processor_ticks() -> list[int]:
    """What Linux has counted of all processors' time so far: user, nice, system, idle, iowait, irq, softirq, steal."""
    counts = Path("/proc/stat")
    return [int(count) for count in counts.read_text().splitlines()[0].split()[1:9]] if counts.exists() else []


def share_taken(before: list[int], after: list[int]) -> float:
    """The share of the time between two counts; 0 where it is not told."""
    spent = [now - then for then, now in zip(before, after, strict=True)]
    return spent[7] / max(sum(spent), 1) if spent else 0.0


def taken_by_the_host(before: list[int], after: list[int]) -> str:
    return f", {share_taken(before, after):.0%} of the time taken by the host" if before else ""


class Rounds:
    """Rounds of a benchmark, all contestants in each: those in which the host took much are played again.

    After ``patience`` seconds of a kind none of that kind is played again: then fewer count, as the table says.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._shares: list[float] = []

    def calm(self, wanted: int, most: int, play: Callable[[], Played]) -> list[Played]:
        """What so many rounds gave in which the host took little; ``most`` are played at most."""
        kept: list[Played] = []
        ends = time.monotonic() + self._patience
        for played in range(most):
            if len(kept) >= wanted or (played >= wanted and time.monotonic() > ends):
                break
            before = processor_ticks()
            result = play()
            self._shares.append(share_taken(before, processor_ticks()))
            if self._shares[-1] <= LITTLE:
                kept.append(result)
        return kept

    def __str__(self) -> str:
        kept = [share for share in self._shares if share <= LITTLE]
        if len(kept) == len(self._shares):
            return f"the host took {max(kept, default=0):.0%} of the processors' time at most in any round"
        again = len(self._shares) - len(kept)
        return f"{again} of {len(self._shares)} rounds left out, in which the host took more than {LITTLE:.0%}"
