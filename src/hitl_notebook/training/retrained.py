"""What a training made, and what it is worth."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from hitl_notebook.errors import NothingToJudge
from hitl_notebook.metrics.versions.version_comparison import VersionComparison
from hitl_notebook.training.manifest import Manifest
from hitl_notebook.training.reviewed_rows import TrainingSet

__all__ = ["Retrained"]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Retrained:
    """An estimator that has learned from the reviews, beside the one before.

    Attributes
    ----------
    estimator : the new one, fitted
    training : TrainingSet
        The reviewed rows that it learned from, besides the base.
    predictions : DataFrame
        One row for each row of X: item_id, prediction, confidence (the largest of ``predict_proba``, missing where
        there is none) and role: "trained on", "held out", or "rest", which neither learned from nor were compared on.
    comparison : VersionComparison or None
        Before against after on what neither learned from; ``parts`` has each class under the slice ``"value"``. None
        where nothing was held out.
    manifest : Manifest
        What ``rebuild`` makes the reviewed rows from again, and how the estimator was fitted.
    """

    estimator: Any
    training: TrainingSet
    predictions: pd.DataFrame
    comparison: VersionComparison | None
    manifest: Manifest

    @property
    def repairs(self) -> pd.DataFrame:
        """Held-out items that are right now and were wrong before."""
        return self._changes("repaired")

    @property
    def new_errors(self) -> pd.DataFrame:
        """Held-out items that were right before and are wrong now, the most frequent confusion first."""
        return self._changes("new error")

    def chart(self) -> Any:
        """Before against after, over all that was compared and by class and slice, as a plain Altair chart.

        Raises
        ------
        NothingToJudge
            Nothing was held out.
        """
        from hitl_notebook.charts import compare_versions

        if self.comparison is None:
            raise NothingToJudge("nothing was held out, so there is no comparison to draw")
        return compare_versions(self.comparison.table)

    @property
    def words(self) -> list[str]:
        """What was learned from and what it is worth, in sentences."""
        judged = ["Nothing was held out: whether it is better is not known."]
        return [*self.training.words, *(judged if self.comparison is None else self.comparison.words)]

    def __str__(self) -> str:
        return "\n".join(self.words)

    def __repr__(self) -> str:
        return str(self)

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """As a cell's last line: the change, drawn live; in words where nothing was compared or no widget is shown."""
        data: dict[str, Any] = {}
        metadata: dict[str, Any] = {}
        if self.comparison is not None:
            from hitl_notebook.widgets import LiveChart

            data, metadata = LiveChart(self.chart())._repr_mimebundle_(**options)
        return {**data, "text/plain": str(self)}, metadata

    def _changes(self, outcome: str) -> pd.DataFrame:
        if self.comparison is None:
            return pd.DataFrame(columns=["item_id", "outcome", "value", "before", "after", "weight"])
        changes = self.comparison.changes
        return changes[changes["outcome"] == outcome].reset_index(drop=True)
