"""What explainers have in common that hold a prediction against its runner-up."""

from abc import ABC, abstractmethod
from typing import Any

from hitl_notebook.fields.explained import Contrasted

__all__ = ["Contrasting"]


class Contrasting(ABC):
    """An explainer that knows between which classes its explanations weigh."""

    def explain(self, rows: Any) -> list[Any]:
        """One explanation a row; None where what it is about is missing.

        ``rows`` is a DataFrame (pandas, polars, pyarrow) or a list of dicts. Raises BadColumn for a cell that is no
        text, or no image, where it is to be one.
        """
        return [one.explanation for one in self.explain_contrasts(rows)]

    @abstractmethod
    def explain_contrasts(self, rows: Any) -> list[Contrasted]:
        """The same, each with the classes between which it weighs: what a session asks for."""
