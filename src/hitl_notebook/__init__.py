"""Review model outputs where the model lives: in the notebook, one key an item, every decision on disk."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

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
    "Classification": "hitl_notebook.tasks",
    "Estimate": "hitl_notebook.estimate",
    "LiveChart": "hitl_notebook.widgets",
    "MultiLabel": "hitl_notebook.tasks",
    "Regression": "hitl_notebook.tasks",
    "ReviewPlan": "hitl_notebook.review_queue",
    "ReviewSession": "hitl_notebook.session",
    "Task": "hitl_notebook.tasks",
}
_ROOMS = ("charts", "errors", "explain", "fields", "metrics", "simulate", "training")


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return import_module(f"hitl_notebook.{name}")
    if name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'hitl_notebook' has no attribute {name!r}")


def __dir__() -> list[str]:
    return list(__all__)
