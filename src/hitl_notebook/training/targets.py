"""Human values as what an estimator learns, and what it predicts as values again."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from hitl_notebook.errors import Misaligned
from hitl_notebook.missing import is_missing
from hitl_notebook.tasks.task import Task

__all__ = ["Targets", "read_values", "targets_of", "values_of"]

Targets = npt.NDArray[Any]


def targets_of(task: Task, values: Sequence[Any]) -> Targets:
    """Canonical values as an array: of one type where they have one; sets of labels as a row of 0 and 1 for each.

    >>> from hitl_notebook.tasks import MultiLabel
    >>> targets_of(MultiLabel(["late", "rude"]), [("rude",), ()]).tolist()
    [[0, 1], [0, 0]]
    """
    if _is_of_parts(task):
        outcomes = list(task.outcomes or ())
        return np.array([[part in value for part in outcomes] for value in values], dtype=np.int8).reshape(
            -1, len(outcomes)
        )
    if len({type(value) for value in values}) == 1 and isinstance(values[0], str | int | float | bool):
        return np.array(values)
    return np.fromiter(values, dtype=object, count=len(values))


def values_of(task: Task, predicted: Any) -> list[Any]:
    """What an estimator predicted, as canonical values; raises InvalidValue for what the task does not allow."""
    if _is_of_parts(task):
        outcomes = list(task.outcomes or ())
        rows = np.asarray(predicted.toarray() if hasattr(predicted, "toarray") else predicted)
        return [task.check([outcomes[at] for at in np.flatnonzero(row)]) for row in rows]
    return [task.check(value) for value in np.asarray(predicted, dtype=object).ravel().tolist()]


def read_values(task: Task, y: Any, rows: int, name: str) -> list[Any]:
    """A user's column of values, canonical, None where missing; raises Misaligned or InvalidValue."""
    if _is_of_parts(task) and getattr(y, "ndim", 1) == 2:
        values = values_of(task, y)
    else:
        cells: Iterable[Any] = y.tolist() if hasattr(y, "tolist") else y
        values = [None if is_missing(cell) else task.check(cell) for cell in cells]
    if len(values) != rows:
        raise Misaligned(f"{name} has {len(values):,} values for {rows:,} rows")
    return values


def _is_of_parts(task: Task) -> bool:
    """Whether a value is a set of outcomes, each of which holds or does not."""
    return not task.exclusive and task.outcomes is not None
