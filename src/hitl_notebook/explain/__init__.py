"""Explanations for the reviewer: what spoke for a prediction, against its runner-up.

An explainer is any object with ``explain(rows)`` that gives one explanation a row, as ``hitl.fields`` shows it.
"""

from hitl_notebook.explain.linear import Linear
from hitl_notebook.explain.nearest_examples import NearestExamples
from hitl_notebook.explain.occluded_columns import OccludedColumns
from hitl_notebook.explain.occluded_patches import OccludedPatches
from hitl_notebook.explain.occluded_words import OccludedWords
from hitl_notebook.explain.shapley import Shap, from_shap

__all__ = ["Linear", "NearestExamples", "OccludedColumns", "OccludedPatches", "OccludedWords", "Shap", "from_shap"]
