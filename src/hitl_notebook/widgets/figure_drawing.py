"""One figure of a review as it was drawn last, and how it follows what comes in."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

import pandas as pd

from hitl_notebook.charts.dataset import MOST_ROWS, dataset
from hitl_notebook.widgets.chart_rows import Row, too_large
from hitl_notebook.widgets.chart_selection import Points, matching
from hitl_notebook.widgets.chart_spec import ChartSpec, read_chart
from hitl_notebook.widgets.seen_rows import as_drawn

__all__ = ["DrawableFigure", "FigureDrawing"]

_log = logging.getLogger(__name__)

_UNSENT = object()


class DrawableFigure(Protocol):
    """A figure, as far as it matters here; `hitl_notebook.figures.Figure` is one."""

    @property
    def name(self) -> str:
        """Which it is."""

    @property
    def title(self) -> str:
        """What it answers."""

    @property
    def tab(self) -> str:
        """Where it is shown."""

    def table(self, reviewed: Any, /) -> pd.DataFrame:
        """What is drawn."""

    def at_once(self, reviewed: Any, earlier: pd.DataFrame, /) -> pd.DataFrame | None:
        """What can be drawn before that, with as much of an earlier table as hardly changes; None where nothing can."""

    def chart(self, table: pd.DataFrame, /) -> Any:
        """The drawing, an Altair chart with one dataset."""

    def words(self, reviewed: Any, table: pd.DataFrame, /) -> list[str]:
        """The figure in sentences."""

    def behind(self, reviewed: Any, rows: pd.DataFrame, /) -> list[Any]:
        """The ids of the items behind rows of the chart's data."""

    @property
    def which(self) -> str:
        """Which of the items of these rows they are, where they are not all."""


class FigureDrawing:
    """What a page needs to draw a figure, with what is new of it since it was sent last."""

    def __init__(self, figure: DrawableFigure) -> None:
        self.figure = figure
        self.title = figure.title
        self.words: list[str] = []
        self.notes: list[str] = []
        """What a reader of the chart has to know, where the chart says it below its name."""
        self.reviewed: Any = None
        """What is drawn."""
        self.problem: str | None = None
        self.is_settled = True
        """Whether it is drawn as the figure draws it now, not in an earlier drawing's form."""
        self._table = pd.DataFrame()
        self._is_whole = True
        self._chart = ChartSpec({}, {})
        self._columns: list[str] | None = None
        self._sent: dict[str, Any] = {}

    def follow(self, reviewed: Any, *, whole: bool = False) -> None:
        """Draw it anew, at first in the form that its drawing has; what goes wrong is said in its place.

        ``whole``: with nothing of what was computed earlier, which may be long ago. Nor is anything kept of a drawing
        of no decisions, whose notes say that there is nothing.
        """
        anew = whole or self.reviewed is None or not len(self.reviewed.decisions)
        self.reviewed = reviewed
        with self._saying_problems():
            table = None if whole or self._columns is None else self.figure.at_once(reviewed, self._table)
            self._is_whole = table is None
            self._table = self.figure.table(reviewed) if table is None else table
            self.is_settled = False
            if anew or not self._exchange_rows():
                self._draw_all()

    def put_in_words(self) -> None:
        """Say anew what was drawn."""
        if self.problem is None:
            with self._saying_problems():
                self.words = self.figure.words(self.reviewed, self._table)

    def settle(self) -> None:
        """Draw it anew where only its rows have been exchanged: there may be more to it, as a note below its title.

        Where not all was computed that it shows, it is now, and put in words.
        """
        if self.is_settled:
            return
        is_whole = self._is_whole
        with self._saying_problems():
            self._draw_all()
        if not is_whole:
            self.put_in_words()

    def message(self, *, whole: bool = False) -> dict[str, Any] | None:
        """What a page that has what was sent last lacks, or everything; None where that is nothing."""
        problem = self.problem
        state: dict[str, Any] = {"title": self.title, "words": self.words, "notes": self.notes}
        if problem is None and (whole or self._sent.get("rows") != self._chart.rows):
            problem = too_large(self._chart.rows)
        if problem is None:
            state |= {"spec": self._chart.spec or None, "rows": self._chart.rows}
        state["problem"] = problem
        news = {name: part for name, part in state.items() if whole or self._sent.get(name, _UNSENT) != part}
        self._sent |= state
        return {"kind": "figure", "name": self.figure.name, "tab": self.figure.tab, **news} if news else None

    def selected(self, points: Points, zone: str) -> pd.DataFrame:
        """The rows of the chart's data that a selection means."""
        rows = next(iter(self._chart.rows.values()), [])
        return pd.DataFrame([rows[position] for position in matching(rows, points, zone)])

    @contextmanager
    def _saying_problems(self) -> Iterator[None]:
        try:
            yield
            self.problem = None
        except Exception as error:
            _log.exception("could not draw %s", self.figure.name)
            self.problem = f"This figure cannot be drawn: {error}"

    def _exchange_rows(self) -> bool:
        """Whether the table's rows alone could be exchanged: making a chart takes ten times as long."""
        if self._columns is None or not 0 < len(self._table) <= MOST_ROWS:
            return False
        rows = dataset(self._table, self._columns, nothing="").rows
        drawn = next(iter(self._chart.rows.values()))
        self._chart = ChartSpec(self._chart.spec, dict.fromkeys(self._chart.rows, as_drawn(rows, drawn)))
        return True

    def _draw_all(self) -> None:
        self.is_settled = True
        if not self._is_whole:
            self._table, self._is_whole = self.figure.table(self.reviewed), True
        self._draw()

    def _draw(self) -> None:
        # Altair would look once more at whether Vega-Lite allows it, in as long again; that is seen to by the tests.
        chart = read_chart(self.figure.chart(self._table).to_dict(validate=False))
        spec = dict(chart.spec)
        title = spec.pop("title", None)
        # Name and notes stand above the chart, as text: notes have counts in them, and the drawing is to stay.
        self.title = chart.title or self.figure.title
        self.notes = _lines(title.get("subtitle")) if isinstance(title, Mapping) else []
        spec["description"] = self.title
        self._chart = ChartSpec(spec, chart.rows)
        self._columns = self._columns_of(list(chart.rows.values()))

    def _columns_of(self, datasets: list[list[Row]]) -> list[str] | None:
        """The columns of the table that are the chart's data; None where it has made something else of it."""
        if len(datasets) != 1 or not datasets[0] or not len(self._table):
            return None
        columns = list(datasets[0][0])
        if not set(columns) <= set(self._table.columns):
            return None
        return columns if dataset(self._table, columns, nothing="").rows == datasets[0] else None


def _lines(said: Any) -> list[str]:
    """What is written on lines that were broken to a width, in one piece."""
    lines = said if isinstance(said, list) else [said or ""]
    return [text] if (text := " ".join(map(str, lines)).strip()) else []
