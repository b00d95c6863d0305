"""Whether a reviewer changes in the course of a review."""

from hitl_notebook.metrics.drift.adwin import adwin
from hitl_notebook.metrics.drift.alarms import drift_alarms
from hitl_notebook.metrics.drift.cusum import cusum_chart
from hitl_notebook.metrics.drift.ewma import ewma_chart
from hitl_notebook.metrics.drift.page_hinkley import page_hinkley
from hitl_notebook.metrics.drift.reviewer_drift import reviewer_drift

__all__ = ["adwin", "cusum_chart", "drift_alarms", "ewma_chart", "page_hinkley", "reviewer_drift"]
