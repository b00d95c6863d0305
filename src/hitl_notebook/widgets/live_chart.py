"""An Altair chart whose data is exchanged in place."""

import logging
from collections.abc import Mapping
from threading import RLock
from typing import Any

import anywidget
import pandas as pd
import traitlets

from hitl_notebook.errors import InvalidChart
from hitl_notebook.widgets.bundle import bundle
from hitl_notebook.widgets.cells import close_former_card
from hitl_notebook.widgets.chart_messages import ChartMessage, Selected, SentPicture, read_chart_message
from hitl_notebook.widgets.chart_rows import Row, as_pandas, chart_rows, too_large
from hitl_notebook.widgets.chart_selection import Points, matching
from hitl_notebook.widgets.chart_spec import ChartSpec, is_chart, read_chart
from hitl_notebook.widgets.kept_output import KeptOutput, Picture
from hitl_notebook.widgets.page_libraries import library_name, library_parcel

__all__ = ["LiveChart"]

_log = logging.getLogger(__name__)

_WITHOUT_KERNEL = "A live chart: it is drawn while its kernel runs."


class LiveChart(anywidget.AnyWidget):
    """An Altair chart in the notebook whose data is exchanged in place: nothing flickers, zoom and selection stay.

    All that it needs comes with the package; nothing is loaded from a network. It takes the notebook's colours, light
    or dark, where the chart names none of its own. What cannot be drawn is said in its place and stops no cell. A saved
    notebook that is opened without a kernel shows what was drawn last.

    Parameters
    ----------
    chart : altair chart
        Single, layered, concatenated or faceted. ``width="container"`` follows the width of the page.

    Attributes
    ----------
    selected : pandas.DataFrame
        The rows of the newest data that the chart's point selection named "selected", or that of a chart of
        `hitl_notebook.charts`, means by its fields; none where nothing is selected. Of several datasets they are those
        of the first that has such rows. Observe it with ``observe(callback, "selected")``.

    Raises
    ------
    InvalidChart
        It is no chart.

    Examples
    --------
    >>> import altair as alt
    >>> import pandas as pd
    >>> clicked = alt.selection_point(name="selected", fields=["day"])
    >>> data = pd.DataFrame({"day": ["Mon", "Tue"], "items": [3, 5]})
    >>> live = LiveChart(alt.Chart(data).mark_bar().encode(x="day", y="items").add_params(clicked))
    >>> live.update(pd.DataFrame({"day": ["Mon", "Tue", "Wed"], "items": [3, 5, 8]}))
    >>> live.selected
    Empty DataFrame
    Columns: [day, items]
    Index: []
    """

    _esm = bundle("chart.js")
    _css = bundle("chart.css")

    library = traitlets.Unicode().tag(sync=True)
    spec = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    rows = traitlets.Dict().tag(sync=True)
    problem = traitlets.Unicode(allow_none=True, default_value=None).tag(sync=True)
    keeps = traitlets.Bool(False).tag(sync=True)
    selected = traitlets.Instance(pd.DataFrame, (), read_only=True)

    def __init__(self, chart: Any) -> None:
        if not is_chart(chart):
            raise InvalidChart(f"an Altair chart is needed; this is {type(chart).__name__}")
        self._turn = RLock()
        self._points: Points = []
        self._zone = "UTC"
        self._kept: KeptOutput | None = None
        problem = None
        try:
            self._chart = read_chart(chart)
        except InvalidChart as error:
            self._chart, problem = ChartSpec({}, {}), str(error)
        self._frames = {name: pd.DataFrame(rows) for name, rows in self._chart.rows.items()}
        data = getattr(chart, "data", None)
        if len(self._frames) == 1 and isinstance(data, pd.DataFrame):
            # As it was given: with the types that JSON has no words for.
            (name,) = self._frames
            self._frames[name] = as_pandas(data)
            self._chart = ChartSpec(self._chart.spec, {name: chart_rows(self._frames[name])})
        problem = problem or too_large(self._chart.rows)
        super().__init__(
            library=library_name("vega"),
            spec=None if problem else self._chart.spec,
            rows={} if problem else self._chart.rows,
            problem=problem,
        )
        self.set_trait("selected", self._selection())
        self.on_msg(self._on_message)

    def update(self, data: Any) -> None:
        """Exchange the chart's data in place.

        Parameters
        ----------
        data : DataFrame (pandas, polars or pyarrow), list of dicts, or a dict of them by dataset
            A chart that draws several datasets takes a dict, also of some of them only. What has no rows and no columns
            (``[]``) is nothing for now. Data that cannot be drawn is
            said in the chart, which keeps what it had.

        Raises
        ------
        InvalidChart
            The chart draws several datasets and the data does not say which it is, or names one that it has not.
        """
        frames = self._named(data)
        with self._turn:
            try:
                new = {name: self._as_frame(name, table) for name, table in frames.items()}
                rows = {**self._chart.rows, **{name: chart_rows(frame) for name, frame in new.items()}}
                problem = self._missing_columns(new) or too_large(rows)
            except (TypeError, ValueError) as error:
                problem = f"The new data cannot be drawn: {error}"
            if problem is None:
                self._frames |= new
                self._chart = ChartSpec(self._chart.spec, rows)
            with self.hold_sync():
                self.problem = problem
                if problem is None and self._chart.spec:
                    self.spec, self.rows = self._chart.spec, rows
            self.set_trait("selected", self._selection())

    # ------------------------------------------------------------ data

    def _named(self, data: Any) -> Mapping[str, Any]:
        names = list(self._frames)
        if isinstance(data, Mapping):
            unknown = [str(name) for name in data if name not in self._frames]
            if unknown:
                raise InvalidChart(f"this chart has no data named {', '.join(unknown)}; it has {', '.join(names)}")
            return data
        if len(names) != 1:
            raise InvalidChart(
                f"this chart draws {len(names)} datasets, {', '.join(names)}: say which is new, as in "
                f"update({{{names[0]!r}: frame}})"
                if names
                else "this chart draws no data that could be exchanged"
            )
        return {names[0]: data}

    def _as_frame(self, name: str, table: Any) -> pd.DataFrame:
        frame = as_pandas(table)
        # With the columns that it had: what comes next is held against them.
        return self._frames[name].head(0) if frame.shape == (0, 0) else frame

    def _missing_columns(self, new: Mapping[str, pd.DataFrame]) -> str | None:
        """What the chart draws of the data that it has, and would not find in the new."""
        for name, frame in new.items():
            drawn = [column for column in self._frames[name].columns if column in self._chart.fields]
            missing = [str(column) for column in drawn if column not in frame]
            if missing:
                return (
                    f"The new data has no column {', '.join(missing)}, which this chart draws; "
                    f"it has {', '.join(map(str, frame.columns))}."
                )
        return None

    def _selection(self) -> pd.DataFrame:
        for name, frame in self._frames.items():
            rows: list[Row] = self._chart.rows[name]
            positions = matching(rows, self._points, self._zone)
            if positions or len(self._frames) == 1:
                return frame.iloc[positions].reset_index(drop=True)
        return pd.DataFrame()

    # ------------------------------------------------------------ messages come up

    def _on_message(self, _widget: Any, content: Any, buffers: Any) -> None:
        message: ChartMessage | None = read_chart_message(content, buffers)
        if message is None:
            _log.warning("refused a message of unknown shape from a chart's page")
        elif isinstance(message, Selected):
            with self._turn:
                self._points, self._zone = message.points, message.zone
                self.set_trait("selected", self._selection())
        elif isinstance(message, SentPicture):
            if self._kept is not None:
                words = f"{self._chart.title or 'Chart'}, as it was drawn last"
                self._kept.renew([Picture(message.png, message.width, message.height, words)])
        elif (parcel := library_parcel(message.name)) is not None:
            library, packed = parcel
            self.send(library, buffers=packed)

    # ------------------------------------------------------------ in the notebook

    def _ipython_display_(self) -> None:
        """Show the chart, and under it a picture that the chart's own style hides, for readers without a kernel."""
        from IPython.display import display

        close_former_card(self)
        self.keeps = True
        data, metadata = self._repr_mimebundle_()
        display(data, metadata=metadata, raw=True)
        self._kept = KeptOutput("hitl-kept-chart")
        self._kept.show([_WITHOUT_KERNEL])

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The widget, named in words where it cannot be shown."""
        made = super()._repr_mimebundle_(**options)
        data, metadata = made if isinstance(made, tuple) else (made, {})
        return {**(data or {}), "text/plain": _WITHOUT_KERNEL}, metadata
