"""What explains a model that cannot be taken apart."""

__all__ = ["INSTEAD"]

INSTEAD = (
    "hitl.explain.OccludedWords, OccludedColumns and OccludedPatches explain any model, "
    "hitl.explain.Shap those that the library shap has an explainer for"
)
