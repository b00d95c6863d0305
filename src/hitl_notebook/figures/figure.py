"""One figure of a review, from the decisions to its chart and back to the items behind a mark."""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import signature
from typing import Any

import pandas as pd

from hitl_notebook.figures.reviewed import Reviewed

__all__ = ["Figure", "always", "nothing_behind", "wordless"]


def wordless(reviewed: Reviewed, table: pd.DataFrame) -> list[str]:
    """The chart says it all."""
    return []


def nothing_behind(reviewed: Reviewed, rows: pd.DataFrame) -> list[Any]:
    """Its marks do not stand for items."""
    return []


def always(reviewed: Reviewed) -> str:
    """There is nothing that it needs."""
    return ""


def from_scratch(reviewed: Reviewed, earlier: pd.DataFrame) -> None:
    """Nothing of an earlier table is of use."""


def as_usual(table: pd.DataFrame) -> dict[str, Any]:
    """The chart's own titles fit."""
    return {}


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What one chart of a review shows.

    Attributes
    ----------
    name : str
        Of the chart, as in ``session.charts.<name>()``.
    title : str
        What it answers, as a question or in a line.
    tab : str
        Where the dashboard has it.
    table : function of what was reviewed, and of keyword options
        The table behind it, whose metric takes the options.
    at_once : function of what was reviewed and an earlier table
        What can be told before the table is there: the earlier one where only what has most likely changed is
        computed anew; None where the whole table is as soon there.
    draws : str
        The function of `hitl_notebook.charts` that draws the table; left out: that of the figure's name.
    drawn_with : function of the table
        Options of the chart, where its own titles do not fit.
    words : function of what was reviewed and the table
        The figure in sentences, each with its interval and n.
    behind : function of what was reviewed and rows of the table
        The ids of the items that these rows stand for, each once.
    which : str
        Which of the items that a row is computed from these are, where they are not all of them.
    lacks : function of what was reviewed
        Why there is no such figure of it, in words; "" where there is.
    """

    name: str
    title: str
    tab: str
    table: Callable[..., pd.DataFrame]
    at_once: Callable[[Reviewed, pd.DataFrame], pd.DataFrame | None] = from_scratch
    draws: str = ""
    drawn_with: Callable[[pd.DataFrame], dict[str, Any]] = as_usual
    words: Callable[[Reviewed, pd.DataFrame], list[str]] = wordless
    behind: Callable[[Reviewed, pd.DataFrame], list[Any]] = nothing_behind
    which: str = ""
    lacks: Callable[[Reviewed], str] = always

    def chart(self, table: pd.DataFrame, **options: Any) -> Any:
        """The table as a plain Altair chart."""
        return self._draw(table, **{**self.drawn_with(table), **options})

    def of(self, reviewed: Reviewed, **options: Any) -> Any:
        """The chart of what was reviewed; options go to the chart where it takes them, else to the metric."""
        known = signature(self._draw).parameters
        drawing = {name: options.pop(name) for name in list(options) if name in known}
        return self.chart(self.table(reviewed, **options), **drawing)

    @property
    def _draw(self) -> Callable[..., Any]:
        from hitl_notebook import charts  # Altair takes seconds

        drawn: Callable[..., Any] = getattr(charts, self.draws or self.name)
        return drawn
