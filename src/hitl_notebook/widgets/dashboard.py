"""The live figures of a review: tabs of charts that follow the decisions as they come in."""

import logging
from collections.abc import Sequence
from threading import RLock
from typing import Any

import anywidget
import pandas as pd
import traitlets

from hitl_notebook.errors import HitlError
from hitl_notebook.widgets.bundle import bundle
from hitl_notebook.widgets.cells import close_former_card
from hitl_notebook.widgets.chart_messages import WantedLibrary
from hitl_notebook.widgets.dashboard_messages import Open, Pictures, Queue, Select, Watch, read_dashboard_message
from hitl_notebook.widgets.figure_worker import FigureSource, FigureWorker
from hitl_notebook.widgets.kept_output import KeptOutput, Picture, Title
from hitl_notebook.widgets.marimo_comm import close_cards_taken_away, was_taken_away
from hitl_notebook.widgets.page_libraries import library_name, library_parcel

__all__ = ["Dashboard"]

_log = logging.getLogger(__name__)

# What figures tell decisions apart by, beside the columns of ``session.decisions``.
_FOR_FIGURES = ("key", "id", "slices", "item_number", "reviewer_number")
_WITHOUT_KERNEL = "The figures of a review: run the cell with a kernel to see them as they are now."


class Dashboard(anywidget.AnyWidget):
    """What the reviews say, live. Make it with ``ReviewSession.dashboard()``.

    Figures are computed in a thread of their own: the first tab's while its page is loading, from then on those of the
    open tab only, and only while a page shows them. Alarms have another thread.

    Parameters
    ----------
    source : FigureSource
        Where figures come from, and what is heard of new decisions.

    Attributes
    ----------
    selected : pandas.DataFrame
        The decisions on the items behind the bin, cell or point that is selected; items without one have missing
        values. A frame without rows where nothing is selected. Observe it with ``observe(callback, "selected")``.
    """

    _esm = bundle("dashboard.js")
    _css = bundle("dashboard.css")

    library = traitlets.Unicode().tag(sync=True)
    selected = traitlets.Instance(pd.DataFrame, (), read_only=True)

    def __init__(self, source: FigureSource) -> None:
        self._source = source
        self._turn = RLock()
        self._select = Select("", [], "UTC")
        self._behind: list[Any] = []
        self._told = ("", 0, 0, False)
        self._kept: KeptOutput | None = None
        self._closed = False
        super().__init__(library=library_name("vega"))
        close_cards_taken_away(self)
        self._worker = FigureWorker(source, self._tell, self._find_items)
        self.on_msg(self._on_message)

    @property
    def is_closed(self) -> bool:
        """Whether it is off the page for good."""
        return self._closed or was_taken_away(self)

    def close(self) -> None:
        """Take the dashboard off the page, and end what it runs."""
        if self._closed:
            return
        self._closed = True
        self._worker.close()
        layout = self.layout
        super().close()
        layout.close()  # a widget of its own, which nobody else lets go of

    # ------------------------------------------------------------ messages

    def _tell(self, content: dict[str, Any], buffers: Sequence[bytes] = ()) -> None:
        if not self._closed:
            self.send(content, buffers=list(buffers) or None)

    def _on_message(self, _widget: Any, content: Any, buffers: Any) -> None:
        match read_dashboard_message(content, buffers):
            case WantedLibrary(name):
                if (parcel := library_parcel(name)) is not None:
                    self._tell(*parcel)
            case Watch(page, is_visible, lacks_all):
                self._worker.watch(page, is_visible=is_visible, lacks_all=lacks_all)
            case Open(tab):
                self._worker.open(tab)
            case Select() as select:
                with self._turn:
                    if select.points or select.name == self._select.name:
                        self._select = select
                        self._find_items()
            case Queue():
                self._queue()
            case Pictures() as pictures:
                self._keep(pictures)
            case None:
                _log.warning("refused a message of unknown shape from a dashboard's page")

    # ------------------------------------------------------------ the items behind a selection

    def _find_items(self) -> None:
        """Which items the selection means now; what is selected stays so while figures change."""
        with self._turn:
            name, drawing = self._select.name, self._worker.drawings.get(self._select.name)
            reviewed = self._worker.reviewed
            ids: list[Any] = []
            if drawing is not None and reviewed is not None and self._select.points:
                rows = drawing.selected(self._select.points, self._select.zone)
                ids = drawing.figure.behind(reviewed, rows) if len(rows) else []
            self._behind = ids
            decisions = _decisions_on(ids, reviewed)
            if not decisions.equals(self.selected):
                self.set_trait("selected", decisions)
            undecided = len(self._source.undecided(reviewed, ids)) if ids else 0
            told = name, len(ids), undecided, bool(self._select.points)
            if told == self._told:
                return
            self._told = told
            which = "" if drawing is None else drawing.figure.which
        behind = {"count": told[1], "undecided": told[2], "which": which, "selected": told[3]}
        self._tell({"kind": "behind", "name": name, **behind})

    def _queue(self) -> None:
        try:
            count = len(self._source.enqueue(self._behind))
        except HitlError as error:
            self._tell({"kind": "queued", "words": f"They could not be queued: {error}"})
            return
        left = len(self._behind) - count
        why = f" {left:,} left out: decided by you, or no longer in the frame." if left else ""
        coming = f"{count:,} {'item comes' if count == 1 else 'items come'}" if count else "No item comes"
        self._tell({"kind": "queued", "words": f"{coming} next.{why}"})

    # ------------------------------------------------------------ in the notebook

    def _keep(self, pictures: Pictures) -> None:
        if self._kept is None:
            return
        content: list[str | Title | Picture] = []
        if alarms := self._worker.alarms:
            content += [Title("Look at this"), *alarms]
        content.append(f"{pictures.tab}, as it was last:")
        for name, picture in pictures.pictures.items():
            drawing = self._worker.drawings.get(name)
            if drawing is not None:
                content += [Title(drawing.title), *drawing.words, *drawing.notes]
                content.append(Picture(picture.png, picture.width, picture.height, drawing.title))
        self._kept.renew(content)

    def _ipython_display_(self) -> None:
        """Show it, and under it its last pictures and words, hidden by its own style, for readers without a kernel."""
        from IPython.display import display

        close_former_card(self)
        data, metadata = self._repr_mimebundle_()
        display(data, metadata=metadata, raw=True)
        self._kept = KeptOutput("hitl-kept-dashboard")
        self._kept.show([_WITHOUT_KERNEL])

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The widget, named in words where it cannot be shown."""
        made = super()._repr_mimebundle_(**options)
        data, metadata = made if isinstance(made, tuple) else (made, {})
        return {**(data or {}), "text/plain": _WITHOUT_KERNEL}, metadata


def _decisions_on(ids: list[Any], reviewed: Any) -> pd.DataFrame:
    if reviewed is None:
        return pd.DataFrame()
    decisions: pd.DataFrame = reviewed.decisions
    chosen = pd.DataFrame({"item_id": ids}).merge(decisions, on="item_id", how="left") if ids else decisions.head(0)
    return chosen.drop(columns=list(_FOR_FIGURES), errors="ignore")
