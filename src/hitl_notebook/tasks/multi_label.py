"""Any number of labels an item, out of a list."""

import json
from collections.abc import Sequence, Set
from itertools import islice
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from hitl_notebook.errors import InvalidTask, InvalidValue
from hitl_notebook.tasks.label_set import Label, shown
from hitl_notebook.tasks.label_task import LabelTask
from hitl_notebook.tasks.task import Cells, Json

__all__ = ["MultiLabel"]

Labels = tuple[Label, ...]


class MultiLabel(LabelTask):
    """Any number of labels an item, out of a list; none at all is an answer too.

    A value is a tuple of labels in their declared order: unlike a set it reads the same every time, and unlike a list
    it can be grouped by, counted and compared in a DataFrame. ``()`` says that no label holds; a missing value says
    that nobody has said anything. Two values are equal when they have the same labels.

    Parameters
    ----------
    labels : list of str, int, float or bool, or None
        In the order in which the page lists them; unique as text. Left out, they are taken from the predictions and
        sorted.

    Notes
    -----
    Predictions are lists, tuples, sets or one-dimensional arrays of labels, in any order, or missing.
    ``probabilities`` are one for each label, each in [0, 1]; they need not sum to 1. Where no prediction is given, it
    is the labels of 0.5 or more. No confidence follows from them, since how likely a whole set is right depends on how
    the labels hang together: give it as ``confidence=`` where the model has one.

    Raises
    ------
    InvalidTask
        Labels that are no list, empty, blank, missing, of another type, or two that read or compare the same.

    Examples
    --------
    >>> task = MultiLabel(["billing", "shipping", "praise"])
    >>> task.check({"praise", "billing"})
    ('billing', 'praise')
    >>> task.check([])
    ()
    >>> task.check(["billing", "shiping"])
    Traceback (most recent call last):
    hitl_notebook.errors.InvalidValue: 'shiping' is not one of the 3 labels; did you mean 'shipping'?
    """

    name: ClassVar[str] = "multi_label"
    editor_name: ClassVar[str] = "multi_label"
    exclusive: ClassVar[bool] = False

    def check(self, value: Any) -> Labels:
        parts = _parts(value)
        found = self._known.find_all(parts)
        if None in found:
            raise InvalidValue(self._refusal(parts, parts[found.index(None)]))
        return self._in_order(found)

    def to_json(self, value: Labels) -> list[str]:
        return [str(label) for label in value]

    def from_json(self, data: Json) -> Labels:
        if not isinstance(data, list):
            raise InvalidValue(f"{shown(data)} is no list of labels")
        found = [self._known.of_text(text) for text in data]
        if None in found:
            raise InvalidValue(self._known.refusal(data[found.index(None)]))
        if len(set(found)) < len(found):
            raise InvalidValue(f"{shown(data)} names a label twice")
        return self._in_order(found)

    def recorded(self, data: Json) -> Any:
        value = super().recorded(data)
        return tuple(value) if isinstance(value, list) else value  # of labels that this task does not know yet

    def labels_in(self, predictions: Cells) -> Sequence[Any]:
        try:
            return [part for cell in predictions if cell is not None for part in _parts(cell)]
        except InvalidValue as error:
            raise InvalidTask(f"the labels cannot be taken from the predictions: {error}") from None

    def most_probable(self, probabilities: npt.NDArray[np.float64]) -> Cells:
        labels = self._known.labels
        likely = probabilities >= 0.5
        holding = (labels[place] for place in likely.nonzero()[1].tolist())  # row by row
        sets = (tuple(islice(holding, count)) for count in likely.sum(axis=1).tolist())
        return np.fromiter(sets, dtype=object, count=len(probabilities))

    def read_predictions(self, cells: Cells, column: str) -> Cells:
        try:
            parts = [() if cell is None else _parts(cell) for cell in cells]
        except InvalidValue:
            return super().read_predictions(cells, column)  # which names the rows
        found = self._known.find_all([part for some in parts for part in some])
        if None in found:
            return super().read_predictions(cells, column)
        labels = iter(found)
        # Few sets differ: a million rows are a million look-ups, not a million sorted sets.
        known: dict[tuple[Label | None, ...], Labels] = {}
        read: Cells = np.full(len(cells), None, dtype=object)
        for row, some in enumerate(parts):
            if cells[row] is not None:
                said = tuple(islice(labels, len(some)))
                read[row] = known.get(said) or known.setdefault(said, self._in_order(said))
        return read

    def _in_order(self, found: Sequence[Label | None]) -> Labels:
        chosen = set(found)
        return tuple(label for label in self._known.labels if label in chosen)

    def _refusal(self, parts: Sequence[Any], wrong: Any) -> str:
        said = self._known.refusal(wrong)
        if len(parts) == len(self._known.labels) and all(isinstance(part, int | np.integer) for part in parts):
            return f"{said}. A row of 0 and 1 is turned into labels by MultiLabelBinarizer.inverse_transform"
        return said


def _parts(value: Any) -> Sequence[Any]:
    if isinstance(value, list | tuple):
        return value
    if isinstance(value, Set) or (isinstance(value, np.ndarray) and value.ndim == 1):
        return list(value)
    if isinstance(value, str) and _is_list_of_labels(value):
        raise InvalidValue(
            f"{shown(value)} is a list as a CSV file has it: read the file by hitl_notebook.exchange.read_frame(path)"
        )
    if isinstance(value, str):
        raise InvalidValue(
            f"{shown(value)} is one text, not a list of labels: write [{shown(value)}], or split it first, as with "
            "frame[column].str.split(',')"
        )
    raise InvalidValue(f"{shown(value)} is no list of labels")


def _is_list_of_labels(text: str) -> bool:
    try:
        return isinstance(json.loads(text), list)
    except (ValueError, RecursionError):
        return False
