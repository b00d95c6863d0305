"""One file a task: what a value is, its check, its equality, its editor's name."""

from collections.abc import Mapping
from typing import Any

from hitl_notebook.errors import InvalidTask
from hitl_notebook.tasks.classification import Classification
from hitl_notebook.tasks.multi_label import MultiLabel
from hitl_notebook.tasks.regression import Regression
from hitl_notebook.tasks.task import Task

__all__ = ["EDITORS", "Classification", "MultiLabel", "Regression", "Task", "task_from_spec"]

_TASKS: Mapping[str, type[Task]] = {task.name: task for task in (Classification, MultiLabel, Regression)}

# As in js/src/editors/index.ts: each task of the package has one, and there are no others.
EDITORS = tuple(task.editor_name for task in _TASKS.values())


def task_from_spec(name: str, spec: Mapping[str, Any]) -> Task:
    """The task of that name that ``spec`` describes.

    Raises
    ------
    InvalidTask
        A task of the user's own, which has to be given.
    """
    if name not in _TASKS:
        raise InvalidTask(
            f"the task {name!r} is not one of this package ({', '.join(_TASKS)}): give the one that the review was "
            "made with, as in ReviewSession.open(store, task=MyTask(...))"
        )
    return _TASKS[name].from_spec(spec)
