"""Decisions as columns and as numbered groups: what every figure on a review begins with."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from hitl_notebook.errors import BadColumn
from hitl_notebook.quoted import quoted

__all__ = [
    "ACTIONS",
    "Groups",
    "Positions",
    "actions_of",
    "factorized",
    "first_of_each",
    "groups_of",
    "in_time",
    "in_turn",
    "milestones",
    "turns",
]

ACTIONS = ("accept", "correct", "flag")
Positions = npt.NDArray[np.intp]


class Groups(NamedTuple):
    """Which group each row is in, groups being numbered as they come, and their names; -1 where there is no name."""

    code: Positions
    names: Any  # a list or a column


def actions_of(decisions: pd.DataFrame) -> Positions:
    """Each decision's action, by its place in ``ACTIONS``."""
    named = groups_of(decisions["action"])
    place = [ACTIONS.index(name) if name in ACTIONS else -1 for name in named.names]
    action = np.array([*place, -1], dtype=np.intp)[named.code]
    none = np.flatnonzero(action < 0)
    if len(none):
        raise BadColumn(f"an action is {', '.join(ACTIONS)}; {quoted(decisions['action'].iloc[none[0]])} is none")
    return action


def groups_of(column: "pd.Series[Any]") -> Groups:
    """Rows by the value of a column; raises BadColumn for values that cannot be told apart, as lists.

    >>> groups_of(pd.Series(["bo", "ada", None, "bo"])).code.tolist()
    [0, 1, -1, 0]
    """
    try:
        code, names = factorized(column)
    except TypeError as error:
        raise BadColumn(f"{column.name} is a column of names that can be told apart ({error})") from error
    return Groups(code, names.tolist())


def factorized(column: "pd.Series[Any]") -> tuple[Positions, Any]:
    """``pandas.factorize``, at once where the cells count from 0 as they come first, as the numbers of items do.

    >>> [part.tolist() for part in factorized(pd.Series([0, 1, 0, 2]))]
    [[0, 1, 0, 2], [0, 1, 2]]
    """
    if column.dtype == np.intp and len(column):
        number = column.to_numpy()
        top = np.maximum.accumulate(number)
        if number.min() == number[0] == 0 and (np.diff(top) <= 1).all():
            return number, np.arange(top[-1] + 1)
    cells: Any = column.array if column.dtype.kind in "mM" else column.values  # an array of numpy's has no zone
    return pd.factorize(cells)


def first_of_each(code: Positions) -> Positions:
    """Where each group comes first, groups being numbered as they come.

    >>> first_of_each(np.array([0, 0, 1, 0, 2])).tolist()
    [0, 2, 4]
    """
    return np.flatnonzero(np.diff(np.maximum.accumulate(code), prepend=-1))


def in_turn(groups: Groups) -> list[Positions]:
    """For each group its rows, in their order."""
    order = np.argsort(groups.code, kind="stable")
    ends = np.cumsum(np.bincount(groups.code + 1, minlength=len(groups.names) + 1))
    return np.split(order, ends)[1:-1]


def in_time(rows_of: Sequence[Positions], at: "pd.Series[Any]") -> list[Positions]:
    """Each group's rows by their times; those of one time stay in their order, and one without keeps to the row before.

    Raises BadColumn for times that cannot be compared.

    >>> [rows.tolist() for rows in in_time([np.arange(4), np.array([4, 5])], pd.Series([30, 10, None, 20, 2, 1]))]
    [[1, 2, 3, 0], [5, 4]]
    """
    if at.is_monotonic_increasing:
        return list(rows_of)
    try:
        time, _ = pd.factorize(at, sort=True)
    except TypeError as error:
        raise BadColumn(f"{at.name} is a column of times that can be compared ({error})") from error
    return [_by(time[rows], rows) for rows in rows_of]


def _by(time: Positions, rows: Positions) -> Positions:
    known = np.maximum.accumulate(np.where(time < 0, 0, np.arange(len(time))))
    carried = time[known]
    return rows if (np.diff(carried) >= 0).all() else rows[np.argsort(carried, kind="stable")]


def turns(groups: Groups) -> Positions:
    """For each row, how many of its group came before.

    >>> turns(groups_of(pd.Series(["bo", "ada", "bo", "bo"]))).tolist()
    [0, 0, 1, 2]
    """
    order = np.argsort(groups.code, kind="stable")
    number = np.bincount(groups.code + 1)
    turn = np.empty(len(order), dtype=np.intp)
    turn[order] = np.arange(len(order)) - np.repeat(np.cumsum(number) - number, number)
    return turn


def milestones(count: int, most: int) -> Positions:
    """Where to look at something that has grown to ``count``: its end, and before that multiples of a round step.

    At most ``most`` of them, and one for the end. Round, so that what has been drawn stays where it is as more comes.

    >>> milestones(7, 3).tolist(), milestones(1_003, 5).tolist(), milestones(0, 5).tolist()
    ([5, 7], [500, 1000, 1003], [])
    """
    step = next(size * 10**power for power in range(19) for size in (1, 2, 5) if size * 10**power * most >= count)
    points = np.arange(step, count + 1, step, dtype=np.intp)
    return points if not count or (len(points) and points[-1] == count) else np.append(points, count)
