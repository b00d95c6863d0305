"""Charts of what `hitl_notebook.metrics` computes: a table in, a plain Altair chart out.

Each takes the table of the metric of its name and draws it, and nothing else: the chart's one dataset is that table, so
that a live chart can be given the next one. Restyle, combine and save them as any Altair chart; the name of what is
selected in one is another for each, as ``chart.params[0].name``.
"""

from typing import TYPE_CHECKING

from hitl_notebook.first_use import on_first_use

if TYPE_CHECKING:
    from hitl_notebook.charts.agreement.agreement_coefficients import agreement_coefficients
    from hitl_notebook.charts.agreement.agreement_over_time import agreement_over_time
    from hitl_notebook.charts.agreement.pairwise_agreement import pairwise_agreement
    from hitl_notebook.charts.calibration.confidence_by_verdict import confidence_by_verdict
    from hitl_notebook.charts.calibration.corp_curve import corp_curve
    from hitl_notebook.charts.calibration.reliability import reliability
    from hitl_notebook.charts.prediction.class_scores import class_scores
    from hitl_notebook.charts.prediction.compare_versions import compare_versions
    from hitl_notebook.charts.prediction.confusion import confusion
    from hitl_notebook.charts.prediction.slice_accuracy import slice_accuracy
    from hitl_notebook.charts.review.progress import progress
    from hitl_notebook.charts.review.reviewer_drift import reviewer_drift
    from hitl_notebook.charts.review.time_per_item import time_per_item

__all__ = [
    "agreement_coefficients",
    "agreement_over_time",
    "class_scores",
    "compare_versions",
    "confidence_by_verdict",
    "confusion",
    "corp_curve",
    "pairwise_agreement",
    "progress",
    "reliability",
    "reviewer_drift",
    "slice_accuracy",
    "time_per_item",
]

# Imported on first use, as Altair takes seconds.
_ROOMS = {
    "agreement_coefficients": "agreement",
    "agreement_over_time": "agreement",
    "class_scores": "prediction",
    "compare_versions": "prediction",
    "confidence_by_verdict": "calibration",
    "confusion": "prediction",
    "corp_curve": "calibration",
    "pairwise_agreement": "agreement",
    "progress": "review",
    "reliability": "calibration",
    "reviewer_drift": "review",
    "slice_accuracy": "prediction",
    "time_per_item": "review",
}


__getattr__ = on_first_use(__name__, {name: f"{room}.{name}" for name, room in _ROOMS.items()})


def __dir__() -> list[str]:
    return list(__all__)
