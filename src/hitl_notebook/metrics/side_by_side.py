"""Parts of one computation on all cores: numpy and Arrow let other threads go on while they count."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

__all__ = ["side_by_side"]

Part = TypeVar("Part")
Result = TypeVar("Result")

# Of fewer cells a thread takes as long to start as it saves.
LONG = 50_000


def side_by_side(compute: Callable[[Part], Result], parts: Sequence[Part], *, cells: int) -> list[Result]:
    """What ``compute`` gives for each part, in their order, where together they have so many ``cells``.

    >>> side_by_side(abs, [-1, 2], cells=2)
    [1, 2]
    """
    threads = min(len(parts), os.cpu_count() or 1)
    if threads < 2 or cells < LONG:
        return [compute(part) for part in parts]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(compute, parts))
