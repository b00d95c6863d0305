"""What a session of an earlier day demands of the task and the items it goes on with."""

from collections.abc import Mapping
from typing import Any

from hitl_notebook.errors import InvalidTask, SessionMismatch
from hitl_notebook.items import Items
from hitl_notebook.session.settings import Settings
from hitl_notebook.tasks import task_from_spec
from hitl_notebook.tasks.task import Task

__all__ = ["extended", "going_on", "task_of"]


def task_of(settings: Settings, given: Task | None, name: str) -> Task:
    """The task under whose rules the decisions are read."""
    if given is None:
        return task_from_spec(settings.task, settings.task_spec)
    if given.name == settings.task and given.extends(type(given).from_spec(settings.task_spec)):
        return given
    raise SessionMismatch(
        f"session {name!r} was reviewed with the task {settings.task} {_shortened(settings.task_spec)}, under which "
        f"{given.name} {_shortened(given.spec())} cannot read its decisions: give that one"
    )


def going_on(items: Items, earlier: Settings, name: str) -> Items:
    """The items under the task that the session has had, with what the new one adds."""
    if items.task.name == earlier.task:
        before = type(items.task).from_spec(earlier.task_spec)
        task = items.task.joined(before)
        if task.extends(before):
            return items.with_task(task)
    raise SessionMismatch(
        f"session {name!r} was begun with the task {earlier.task} {_shortened(earlier.task_spec)} and decisions "
        f"may rest on it: it may gain labels and not lose any. Give another name, as in name={name + '-2'!r}."
    )


def extended(task: Task, settings: Settings) -> Task | None:
    """The task with what another notebook has added to it; None where only the user's own code could tell."""
    try:
        later = task_from_spec(settings.task, settings.task_spec)
    except InvalidTask:
        return None
    return task.gaining(later) if later.extends(task) and not task.extends(later) else task


def _shortened(spec: Mapping[str, Any]) -> str:
    text = str(dict(spec))
    return text if len(text) < 200 else text[:200] + "…"
