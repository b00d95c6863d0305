"""All charts of a session, by name."""

import html
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hitl_notebook.errors import UnknownChoice
from hitl_notebook.figures.figure import Figure
from hitl_notebook.figures.source import FigureSource
from hitl_notebook.quoted import close_match

__all__ = ["Charts"]


class Charts:
    """Every chart that there is of a review, each a function that draws it as things stand.

    Examples
    --------
    >>> import hitl_notebook as hitl
    >>> session = hitl.ReviewSession([{"text": "Win a prize!", "said": "spam"}], prediction="said", store=":memory:")
    >>> [name for name in dir(session.charts) if "confusion" in name]
    ['confusion']
    """

    def __init__(self, source: FigureSource, figures: Mapping[str, Figure]) -> None:
        self._source = source
        self._figures = figures

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_") or name not in self._figures:
            raise AttributeError(
                f"no chart {name!r}{close_match(name, self._figures)}: there are {', '.join(dir(self))}"
            )
        figure = self._figures[name]

        def draw(*, reviewer: str | Sequence[str] | None = None, **options: Any) -> Any:
            reviewed = self._source.reviewed()
            why = figure.lacks(reviewed)
            if why:
                raise UnknownChoice(f"there is no chart {name} of this review: {why}")
            return figure.of(reviewed.of(reviewer), **options)

        draw.__name__ = draw.__qualname__ = name
        draw.__doc__ = (
            f"{figure.title}\n\nA plain Altair chart of the session's data now. ``reviewer=`` takes one reviewer or "
            f"some of them; other options go to ``hitl.charts.{figure.draws or name}``, whose help says how to read "
            "it, and to its metric."
        )
        return draw

    def __dir__(self) -> list[str]:
        return list(self._source.figures)

    def __repr__(self) -> str:
        figures = self._source.figures
        width = max(map(len, figures))
        lines = (f"  {name:{width}}  {figure.title}" for name, figure in figures.items())
        return "\n".join(["Charts of this session, each drawn by calling it:", *lines])

    def _repr_html_(self) -> str:
        left = ' style="text-align: left"'  # notebooks put numbers, and so all cells, to the right
        rows = "".join(
            f"<tr><td{left}>{html.escape(figure.tab)}</td><td{left}><code>{html.escape(name)}()</code></td>"
            f"<td{left}>{html.escape(figure.title)}</td></tr>"
            for name, figure in self._source.figures.items()
        )
        head = "".join(f"<th{left}>{name}</th>" for name in ("About", "Chart", "Shows"))
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
