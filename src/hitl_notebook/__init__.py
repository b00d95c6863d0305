"""Review model outputs where the model lives: in the notebook, one key an item, every decision on disk."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from hitl_notebook.first_use import on_first_use
from hitl_notebook.version import __version__

if TYPE_CHECKING:
    from hitl_notebook import charts, errors, explain, fields, metrics, simulate, training
    from hitl_notebook.estimate import Estimate
    from hitl_notebook.review_queue import ReviewPlan
    from hitl_notebook.session import ReviewSession
    from hitl_notebook.tasks import Classification, MultiLabel, Regression, Task
    from hitl_notebook.widgets import LiveChart

__all__ = [
    "Classification",
    "Estimate",
    "LiveChart",
    "MultiLabel",
    "Regression",
    "ReviewPlan",
    "ReviewSession",
    "Task",
    "__version__",
    "charts",
    "errors",
    "explain",
    "fields",
    "metrics",
    "simulate",
    "training",
]

# Imported on first use: a session brings pandas, SQLAlchemy and the widget with it.
_HOMES = {
    "Classification": "tasks",
    "Estimate": "estimate",
    "LiveChart": "widgets",
    "MultiLabel": "tasks",
    "Regression": "tasks",
    "ReviewPlan": "review_queue",
    "ReviewSession": "session",
    "Task": "tasks",
}
_ROOMS = ("charts", "errors", "explain", "fields", "metrics", "simulate", "training")


_of_a_room = on_first_use(__name__, _HOMES)


def __getattr__(name: str) -> Any:
    return import_module(f"{__name__}.{name}") if name in _ROOMS else _of_a_room(name)


def __dir__() -> list[str]:
    return list(__all__)
