"""Explanations for the reviewer: what spoke for a prediction, against its runner-up.

An explainer is any object with ``explain(rows)`` that gives one explanation a row, as ``hitl.fields`` shows it.
"""

from hitl_notebook.explain.linear import Linear

__all__ = ["Linear"]
