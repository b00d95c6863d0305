"""What the tasks whose answers are made of labels have in common."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from typing import Any, Self

from hitl_notebook.errors import InvalidTask
from hitl_notebook.tasks.label_set import Label, LabelSet
from hitl_notebook.tasks.task import Cells, Json, Task

__all__ = ["LabelTask"]


class LabelTask(Task):
    """A task over a list of labels, which may be left out and is then taken from the predictions."""

    _found_in_predictions = False

    def __init__(self, labels: Iterable[Label] | None = None) -> None:
        self._labels = None if labels is None else LabelSet(labels)

    @property
    def labels(self) -> list[Label] | None:
        """The labels in their declared order; None as long as they have not been taken from the predictions."""
        return None if self._labels is None else list(self._labels.labels)

    @property
    def outcomes(self) -> Sequence[Label] | None:
        return None if self._labels is None else self._labels.labels

    def __repr__(self) -> str:
        return f"{type(self).__name__}({'' if self.labels is None else self.labels})"

    def spec(self) -> dict[str, Json]:
        return {"labels": None if self._labels is None else self._labels.spec()}

    @classmethod
    def from_spec(cls, spec: Mapping[str, Json]) -> Self:
        return cls(None if spec["labels"] is None else LabelSet.from_spec(spec["labels"]).labels)

    def outcome_to_json(self, outcome: Label) -> str:
        return str(outcome)

    def editor(self) -> dict[str, Json]:
        """The labels and the key of each, as ``LabelSet.with_keys`` gives them."""
        return {"labels": self._known.with_keys()}

    def extends(self, earlier: Task) -> bool:
        """Whether this task has all labels of the earlier one."""
        if type(earlier) is not type(self):
            return False
        return earlier._labels is None or (self._labels is not None and self._labels.has_all_of(earlier._labels))

    def completed(self, predictions: Cells) -> Self:
        if self._labels is not None:
            return self
        return self._with(LabelSet.found_in(self.labels_in(predictions)))

    def joined(self, earlier: Self) -> Self:
        if not self._found_in_predictions or self._labels is None or earlier._labels is None:
            return self
        return self._with(self._labels.after(earlier._labels))

    def gaining(self, later: Self) -> Self:
        task = copy(self)
        task._labels = later._labels if self._labels is None else self._labels.gaining(later._known)
        return task

    @abstractmethod
    def labels_in(self, predictions: Cells) -> Sequence[Any]:
        """Every label in the predictions, None where one is missing."""

    @property
    def _known(self) -> LabelSet:
        if self._labels is None:
            raise InvalidTask(f"{self!r} has no labels yet: name them, as in labels=[...], or give it predictions")
        return self._labels

    def _with(self, labels: LabelSet) -> Self:
        """This task, whatever else a subclass keeps in it, with labels that were found."""
        task = copy(self)
        task._labels = labels
        task._found_in_predictions = True
        return task
