"""Figures from what was decided: arrays and tables in, an ``Estimate`` or a table out."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hitl_notebook.metrics.calibration.brier import brier_score
    from hitl_notebook.metrics.calibration.log_loss import log_loss
    from hitl_notebook.metrics.calibration.reliability import reliability

__all__ = [
    "brier_score",
    "log_loss",
    "reliability",
]

# Imported on first use, as each brings its own libraries.
_HOMES = {
    "brier_score": "calibration.brier",
    "log_loss": "calibration.log_loss",
    "reliability": "calibration.reliability",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(__all__)
