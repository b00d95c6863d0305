"""Which values of an item say the same, by a rule that need not carry over from pair to pair."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["Codes", "Equal", "alike", "pairs_within"]

Codes: TypeAlias = npt.NDArray[np.intp]
Equal: TypeAlias = Callable[[Any, Any], bool] | None
"""Whether two values say the same, as a task's ``equal``; None where that is ``==``.

With a tolerance 10 is 12 and 12 is 14, but 10 is not 14: there are no groups of equal values then, and nothing is
counted but pairs.
"""


def alike(one: Codes, other: Codes, values: Sequence[Any], equal: Equal) -> npt.NDArray[np.bool_]:
    """Which pairs of values say the same; both are given as places in ``values``.

    The rule is asked once for each two different values that meet.

    >>> alike(np.array([0, 0, 1]), np.array([1, 2, 1]), [10, 12, 14], lambda a, b: abs(a - b) <= 2).tolist()
    [True, False, True]
    """
    same: npt.NDArray[np.bool_] = one == other
    if equal is None or same.all():
        return same
    low, high = np.minimum(one, other)[~same], np.maximum(one, other)[~same]
    pairs, place = np.unique(low * len(values) + high, return_inverse=True)
    firsts, seconds = (part.tolist() for part in np.divmod(pairs, len(values)))
    found = (equal(values[first], values[second]) for first, second in zip(firsts, seconds, strict=True))
    same[~same] = np.fromiter(found, dtype=bool, count=len(pairs))[place]
    return same


def pairs_within(group: Codes) -> tuple[Codes, Codes]:
    """The rows of each two that are in one group, every pair once.

    >>> [rows.tolist() for rows in pairs_within(np.array([7, 8, 7, 7]))]
    [[0, 2, 0], [2, 3, 3]]
    """
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    firsts, seconds = [np.empty(0, dtype=np.intp)], [np.empty(0, dtype=np.intp)]
    for apart in range(1, len(group)):
        both = np.flatnonzero(ordered[apart:] == ordered[:-apart])
        if not len(both):
            break
        firsts.append(order[both])
        seconds.append(order[both + apart])
    return np.concatenate(firsts), np.concatenate(seconds)
