"""A task tried out before anything is reviewed under it: a fault in one of one's own shows at once, not later."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hitl_notebook.errors import InvalidTask
from hitl_notebook.quoted import close_match, quoted
from hitl_notebook.tasks import EDITORS
from hitl_notebook.tasks.task import Cells, Json, Task

__all__ = ["try_out"]

_TRIED = 5


def try_out(task: Task, predictions: Cells) -> None:
    """Make the task from its spec, and the first predictions from their JSON, as a log that is read later will.

    Raises
    ------
    InvalidTask
        Names the method that fails, or that does not give back what it was given; a task without a name, or with an
        editor that the page does not have.

    Examples
    --------
    >>> import numpy as np
    >>> from hitl_notebook.tasks import Regression
    >>> class Short(Regression):
    ...     name = "short"
    ...     def __init__(self):
    ...         super().__init__(unit="kg")
    >>> try_out(Short(), np.array([], dtype=object))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    hitl_notebook.errors.InvalidTask: Short.from_spec fails: TypeError(...unexpected keyword argument 'unit'...
    """
    if not hasattr(task, "name"):
        raise InvalidTask(
            f"{type(task).__name__} has no name to be known by in the store: give it one, as in name = 'x'"
        )
    if task.editor_name and task.editor_name not in EDITORS:
        raise InvalidTask(
            f"the page has no editor {quoted(task.editor_name)}{close_match(str(task.editor_name), EDITORS)}: "
            f"editor_name is one of {', '.join(EDITORS)}, or left out"
        )
    with _blaming(task, "spec"):
        spec = _strict(task.spec())
    with _blaming(task, "from_spec"):
        again = type(task).from_spec(spec)
        if _strict(again.spec()) != spec:
            raise InvalidTask(f"it makes a task with the spec {quoted(again.spec())} of {quoted(spec)}")
    with _blaming(task, "editor"):
        _strict(task.editor())
    for value in [prediction for prediction in predictions[:1_000] if prediction is not None][:_TRIED]:
        with _blaming(task, "to_json"):
            data = _strict(task.to_json(value))
        with _blaming(task, "from_json"):
            restored = again.from_json(data)
            if _strict(task.to_json(restored)) != data:
                raise InvalidTask(
                    f"it makes {quoted(restored)} of {quoted(data)}, which to_json made of {quoted(value)}"
                )
        with _blaming(task, "equal"):
            if not task.equal(value, restored):
                raise InvalidTask(f"it says that {quoted(value)} and {quoted(restored)}, read again, differ")


@contextmanager
def _blaming(task: Task, method: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # the user's code
        said = str(error) if isinstance(error, InvalidTask) else repr(error)
        raise InvalidTask(
            f"{type(task).__name__}.{method} fails: {said}. What is reviewed now is read by it later, from strict JSON"
        ) from error


def _strict(data: Json) -> Any:
    """``data`` as it comes back from the log and from the page."""
    return json.loads(json.dumps(data, allow_nan=False))
