"""Figures computed beside whatever else the kernel does, while somebody looks at them."""

import logging
from collections.abc import Callable, Iterable, Mapping
from threading import Event, RLock, Thread
from time import monotonic
from typing import Any, Protocol

from hitl_notebook.widgets.figure_drawing import DrawableFigure, FigureDrawing

__all__ = ["FigureSource", "FigureWorker"]

_log = logging.getLogger(__name__)

_POLL_SECONDS = 1.0
_LEAST_SECONDS = 0.3  # between two rounds: a few times a second is as much as a person can follow
_ALARM_SECONDS = 5.0
_LOOKS_FOR_SECONDS = 60.0  # a page that has not said for so long that it looks is gone


class FigureSource(Protocol):
    """What a dashboard is made from, as far as it matters here; `hitl_notebook.figures.FigureSource` is one."""

    @property
    def figures(self) -> Mapping[str, DrawableFigure]:
        """Those that there are now, by name, those of a tab together."""

    def reviewed(self) -> Any:
        """What has been reviewed by now; it has ``decisions``."""

    def alarms(self, reviewed: Any, /) -> list[str]:
        """What somebody should look at, in sentences."""

    def listen(self, callback: Callable[[], None], /) -> Callable[[], None]:
        """Call back after whatever is recorded here; the way to end it."""

    def refresh(self) -> None:
        """Take in what others have recorded."""

    def enqueue(self, item_ids: Iterable[Any], /) -> list[Any]:
        """Put items next; those that were put there."""


class FigureWorker:
    """A thread that keeps the figures of one tab up to date, and tells what is new of them.

    Nothing is computed while nobody looks, nor of any other tab. ``tell`` is given messages for the page, ``after`` is
    called at the end of each round; both on this thread.
    """

    def __init__(self, source: FigureSource, tell: Callable[[dict[str, Any]], None], after: Callable[[], None]) -> None:
        self._source = source
        self._tell = tell
        self._after = after
        self._lock = RLock()
        self._news = Event()
        self._is_stale = True
        self._is_asked_for_all = False
        self._closing = Event()
        self._looking: dict[str, float] = {}
        self._tab: str | None = None
        self._tabs: list[str] = []
        self._alarms: list[str] = []
        self._alarms_of: Any = None
        self._alarms_due = 0.0
        self._problem: str | None = None
        self.reviewed: Any = None
        self.drawings: dict[str, FigureDrawing] = {}
        self._stop_listening = source.listen(self._hear)
        self._thread = Thread(target=self._run, name="hitl_notebook dashboard", daemon=True)
        self._thread.start()

    @property
    def is_at_work(self) -> bool:
        """Whether its thread lives."""
        return self._thread.is_alive()

    @property
    def is_watched(self) -> bool:
        """Whether some page shows it."""
        with self._lock:
            now = monotonic()
            return any(until > now for until in self._looking.values())

    @property
    def tab(self) -> str | None:
        """The one that is open."""
        return self._tab

    def watch(self, page: str, *, is_visible: bool, lacks_all: bool) -> None:
        """A page says whether it can be seen, and whether it has nothing yet."""
        with self._lock:
            now = monotonic()
            self._looking = {name: until for name, until in self._looking.items() if until > now and name != page}
            if is_visible:
                self._looking[page] = now + _LOOKS_FOR_SECONDS
            self._is_asked_for_all |= lacks_all
        self._news.set()

    def open(self, tab: str) -> None:
        """Go on with the figures of another tab."""
        with self._lock:
            if tab not in self._tabs:
                return
            self._tab = tab
            self._is_stale = self._is_asked_for_all = True
        self._news.set()

    def close(self) -> None:
        """End the thread, once the round is over that it is in."""
        self._closing.set()
        self._stop_listening()
        self._news.set()

    # ------------------------------------------------------------ on the thread

    def _hear(self) -> None:
        self._is_stale = True
        self._news.set()

    def _run(self) -> None:
        polled = 0.0
        while not self._closing.is_set():
            self._news.wait(self._patience())
            self._news.clear()
            if self._closing.is_set() or not self.is_watched:
                continue
            began, has_computed = monotonic(), False
            try:
                if began - polled >= _POLL_SECONDS:
                    polled = began
                    self._source.refresh()
                has_computed = self._round()
                self._say(None)
            except Exception as error:
                _log.exception("could not bring a dashboard up to date")
                self._is_stale = True
                has_computed = True
                self._say(f"The figures cannot be brought up to date: {error}")
            rest = _LEAST_SECONDS - (monotonic() - began)
            if has_computed and rest > 0:
                self._closing.wait(rest)

    def _patience(self) -> float | None:
        """For how long there is nothing to do unless there are news."""
        if not self.is_watched:
            return None
        return _POLL_SECONDS if all(drawing.is_settled for drawing in self.drawings.values()) else 0

    def _round(self) -> bool:
        """Bring the open tab up to date; whether there was anything to do at once."""
        with self._lock:
            is_stale, self._is_stale = self._is_stale, False
            whole, self._is_asked_for_all = self._is_asked_for_all, False
        if not is_stale and not whole:
            if self._settle():
                self._look_for_alarms()
            return False
        if is_stale or self.reviewed is None:
            self.reviewed = self._source.reviewed()
        figures = self._source.figures
        self._tell_tabs(figures, whole=whole)
        names = [name for name, figure in figures.items() if figure.tab == self._tab]
        for name in names:
            if self._closing.is_set():
                break
            drawing = self.drawings.setdefault(name, FigureDrawing(figures[name]))
            if is_stale:
                drawing.follow(self.reviewed)
                if not whole:
                    self._tell_news(drawing)  # the chart first: words take as long again
                drawing.put_in_words(self.reviewed)
            self._tell_news(drawing, whole=whole)
        self._tell({"kind": "round", "tab": self._tab, "names": names})
        self._after()
        if whole:
            self._look_for_alarms(whole=True)
        return True

    def _settle(self) -> bool:
        """Draw anew what only had its rows exchanged, until there are news; whether all is done."""
        for drawing in self.drawings.values():
            if self._is_stale or self._closing.is_set():
                return False
            if drawing.is_settled:
                continue
            drawing.settle()
            self._tell_news(drawing)
        return True

    def _tell_news(self, drawing: FigureDrawing, *, whole: bool = False) -> None:
        message = drawing.message(whole=whole)
        if message is not None:
            self._tell(message)

    def _tell_tabs(self, figures: Mapping[str, DrawableFigure], *, whole: bool) -> None:
        tabs = list(dict.fromkeys(figure.tab for figure in figures.values()))
        with self._lock:
            is_new = tabs != self._tabs or whole
            self._tabs = tabs
            if self._tab not in tabs:
                self._tab = tabs[0] if tabs else None
        if is_new:
            self._tell({"kind": "tabs", "tabs": tabs, "open": self._tab})

    def _look_for_alarms(self, *, whole: bool = False) -> None:
        """Alarms come from the whole course of a review: they are looked for less often, and after all else."""
        is_new, began = False, monotonic()
        if self.reviewed is not self._alarms_of and began >= self._alarms_due:
            words = self._source.alarms(self.reviewed)
            is_new, self._alarms, self._alarms_of = words != self._alarms, words, self.reviewed
            ended = monotonic()
            self._alarms_due = ended + max(_ALARM_SECONDS, 10 * (ended - began))
        if is_new or whole:
            self._tell({"kind": "alarms", "words": self._alarms})

    def _say(self, problem: str | None) -> None:
        if problem != self._problem:
            self._problem = problem
            self._tell({"kind": "problem", "words": problem})
