"""Human values as what an estimator learns, and what it predicts as values again."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from hitl_notebook.errors import InvalidValue, Misaligned
from hitl_notebook.libraries import pandas_column, pandas_frame
from hitl_notebook.missing import are_missing, is_missing
from hitl_notebook.quoted import quoted
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
    """What an estimator predicted, as canonical values; raises Misaligned or InvalidValue for what is none."""
    if not _is_of_parts(task):
        return [task.check(value) for value in np.asarray(predicted, dtype=object).ravel().tolist()]
    sets = _sets_of(task, predicted, "a prediction")
    if None in sets:
        raise InvalidValue(f"a prediction: row {sets.index(None)} says nothing of any label")
    return sets


def read_values(task: Task, y: Any, rows: int, name: str) -> list[Any]:
    """A user's column of values, canonical, None where missing; raises Misaligned or InvalidValue.

    Sets of labels may come as a matrix of 0 and 1: a frame's columns by their names, an array's in the order of the
    labels. A row of it that is missing altogether is a missing value.
    """
    if _is_of_parts(task) and (nw.dependencies.is_into_dataframe(y) or getattr(y, "ndim", 1) == 2):
        values = _sets_of(task, y, name)
    elif nw.dependencies.is_into_dataframe(y):
        raise Misaligned(f"{name} is a frame: name its column of values, as in frame['value']")
    else:
        y = pandas_column(y)
        cells: Iterable[Any] = y.tolist() if hasattr(y, "tolist") else y
        values = [None if is_missing(cell) else task.check(cell) for cell in cells]
    if len(values) != rows:
        raise Misaligned(f"{name} has {len(values):,} values for {rows:,} rows")
    return values


def _sets_of(task: Task, matrix: Any, name: str) -> list[Any]:
    """Each row of 0 and 1 as a set of outcomes, None for one that is missing."""
    outcomes = list(task.outcomes or ())
    if nw.dependencies.is_into_dataframe(matrix):
        matrix = _by_outcome(outcomes, pandas_frame(matrix), name).to_numpy()
    elif hasattr(matrix, "toarray"):
        matrix = matrix.toarray()
    cells = np.array(matrix, dtype=getattr(matrix, "dtype", object))
    if cells.ndim != 2 or cells.shape[1] != len(outcomes):
        raise Misaligned(
            f"{name} has the shape {cells.shape}: sets of labels are rows of 0 and 1 for each of the {len(outcomes):,} "
            "labels, in the order of session.task.outcomes"
        )
    if cells.dtype.kind not in "biuf":
        cells = cells.astype(object)
    missing = are_missing(cells.ravel()).reshape(cells.shape)
    is_blank = missing.sum(axis=1) == len(outcomes)
    cells[missing] = 0
    for is_wrong, why in (
        ((cells != 0) & (cells != 1), "is neither 0 nor 1"),
        (missing & ~is_blank[:, None], "is missing, and others of its row are not"),
    ):
        if is_wrong.any():
            row, at = np.argwhere(is_wrong)[0].tolist()
            said = "" if missing[row, at] else f", {quoted(cells[row].tolist()[at])},"
            raise InvalidValue(f"{name}, row {row}: the cell of label {quoted(outcomes[at])}{said} {why}")
    return [
        None if blank else task.check([outcomes[at] for at in np.flatnonzero(row)])
        for row, blank in zip(cells, is_blank, strict=True)
    ]


def _by_outcome(outcomes: Sequence[Any], frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """The columns in the order of the outcomes that they are named for; as text, as some frames have all names."""
    columns, named = list(map(str, frame.columns)), list(map(str, outcomes))
    absent, beyond = Counter(named) - Counter(columns), Counter(columns) - Counter(named)
    faults = [
        f"{why}: {', '.join(map(quoted, some))}" for why, some in (("missing", absent), ("no label", beyond)) if some
    ]
    if faults:
        raise Misaligned(f"{name} is to have a column of 0 and 1 for each label, named for it; {'; '.join(faults)}")
    return frame.iloc[:, [columns.index(text) for text in named]]


def _is_of_parts(task: Task) -> bool:
    """Whether a value is a set of outcomes, each of which holds or does not."""
    return not task.exclusive and task.outcomes is not None
