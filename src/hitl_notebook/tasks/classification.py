"""One label an item, out of a list."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from hitl_notebook.errors import BadColumn, InvalidValue
from hitl_notebook.tasks.label_set import Label, shown
from hitl_notebook.tasks.label_task import LabelTask
from hitl_notebook.tasks.task import SHOWN_ROWS, Cells, Json

__all__ = ["Classification"]


class Classification(LabelTask):
    """One label an item, out of a list.

    Parameters
    ----------
    labels : list of str, int, float or bool, or None
        In the order in which the page lists them; unique as text. Left out, they are taken from the predictions and
        sorted. Labels keep their type: a correction to ``3`` comes back as ``3``, not as ``"3"``.

    Raises
    ------
    InvalidTask
        Labels that are no list, empty, blank, missing, of another type, or two that read or compare the same.

    Examples
    --------
    >>> task = Classification(["refund", "card lost"])
    >>> task.check("refund")
    'refund'
    >>> task.check("refnud")
    Traceback (most recent call last):
    hitl_notebook.errors.InvalidValue: 'refnud' is not one of the 2 labels; did you mean 'refund'?
    """

    name: ClassVar[str] = "classification"
    editor_name: ClassVar[str] = "classification"

    def check(self, value: Any) -> Label:
        label = self._known.find(value)
        if label is None:
            raise InvalidValue(self._known.refusal(value))
        return label

    def to_json(self, value: Label) -> str:
        return str(value)

    def from_json(self, data: Json) -> Label:
        label = self._known.of_text(data)
        if label is None:
            raise InvalidValue(self._known.refusal(data))
        return label

    def equal(self, a: Label, b: Label) -> bool:
        return type(a) is type(b) and a == b

    def labels_in(self, predictions: Cells) -> Sequence[Any]:
        labels: list[Any] = predictions.tolist()
        return labels

    def read_predictions(self, cells: Cells, column: str) -> Cells:
        values: list[Any] = cells.tolist()
        found = self._known.find_all(values)
        if found.count(None) != values.count(None):
            refused = [row for row, label in enumerate(found) if label is None and values[row] is not None]
            raise BadColumn(self._refused_rows(column, refused, values))
        return np.fromiter(found, dtype=object, count=len(found))

    def _refused_rows(self, column: str, rows: list[int], values: list[Any]) -> str:
        named = "; ".join(f"row {row}: {shown(values[row])}" for row in rows[:SHOWN_ROWS])
        return (
            f"column {column!r}: {len(rows):,} of {len(values):,} rows hold no label of this task ({named}); "
            f"{self._known.refusal(values[rows[0]])}. Where it is one, add it to the task's labels."
        )
