"""Figures computed beside whatever else the kernel does, while somebody looks at them."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from threading import Event, RLock, Thread
from time import monotonic, thread_time
from typing import Any, Protocol

from hitl_notebook.widgets.alarm_watch import AlarmWatch
from hitl_notebook.widgets.figure_drawing import DrawableFigure, FigureDrawing

__all__ = ["FigureSource", "FigureWorker"]

_log = logging.getLogger(__name__)

_POLL_SECONDS = 1.0
_LEAST_SECONDS = 0.3  # between two rounds: a few times a second is as much as a person can follow
_LISTENS_FOR_SECONDS = 0.01  # to whoever has just recorded: their answer goes first, or both take turns and are slower
_SENDS_FOR_SECONDS = 0.003  # what was told leaves on another thread, which gets its turn late where this one goes on
_SETTLES_AFTER_SECONDS = 3.0  # without news: it takes the page and the kernel from a reviewer who is about to decide
_SETTLES_WITHIN_SECONDS = 10.0  # where many review there is no moment without news
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

    def undecided(self, reviewed: Any, item_ids: Sequence[Any], /) -> list[Any]:
        """Those of the items that can be put next."""

    def enqueue(self, item_ids: Iterable[Any], /) -> list[Any]:
        """Put items next; those that were put there."""


class FigureWorker:
    """A thread that keeps the figures of one tab up to date, and tells what is new of them.

    The first tab is drawn while its page is loading; from then on nothing is while nobody looks, nor of any other tab.
    ``tell`` is given messages for the page, on this thread and that of the alarms; ``after`` is called at the end of
    each round.
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
        self._problem: str | None = None
        self.reviewed: Any = None
        self.drawings: dict[str, FigureDrawing] = {}
        self._seconds: dict[str, float] = {}
        self._settled_at = self._news_at = monotonic()
        self._alarms = AlarmWatch(source.alarms, tell)
        self._stop_listening = source.listen(self._hear)
        self._thread = Thread(target=self._run, name="hitl_notebook dashboard", daemon=True)
        self._thread.start()

    @property
    def is_at_work(self) -> bool:
        """Whether a thread of it lives."""
        return self._thread.is_alive() or self._alarms.is_at_work

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

    @property
    def alarms(self) -> list[str]:
        """Those that were told last, in sentences."""
        return self._alarms.words

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
        self._alarms.close()
        self._stop_listening()
        self._news.set()

    # ------------------------------------------------------------ on the thread

    def _hear(self) -> None:
        self._is_stale = True
        self._news.set()

    def _run(self) -> None:
        self._get_ready()
        polled = 0.0
        while not self._closing.is_set():
            if self._news.wait(self._patience()):
                self._closing.wait(_LISTENS_FOR_SECONDS)
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
        return _POLL_SECONDS if self.is_watched else None

    def _get_ready(self) -> None:
        """Draw what will be asked for first; a page that asks meanwhile is told of each figure as it is drawn."""
        try:
            self.reviewed = self._source.reviewed()
            figures = self._source.figures
            self._choose_tab(figures)
            for figure in self._of_tab(self._tab, figures):
                if self.is_watched or self._closing.is_set():
                    break
                drawing = self._drawing_of(figure)
                if self._draw(drawing):
                    drawing.put_in_words()
        except Exception:
            _log.exception("could not get a dashboard ready")  # the first round says so on the page

    def _round(self) -> bool:
        """Bring the open tab up to date; whether there was anything to do at once."""
        with self._lock:
            is_stale, self._is_stale = self._is_stale, False
            whole, self._is_asked_for_all = self._is_asked_for_all, False
        if not is_stale and not whole:
            if monotonic() - self._news_at >= _SETTLES_AFTER_SECONDS:
                self._settle(at_rest=True)
            return False
        self._news_at = monotonic()
        if is_stale or self.reviewed is None:
            self.reviewed = self._source.reviewed()
        figures = self._source.figures
        if self._choose_tab(figures) or whole:
            self._tell({"kind": "tabs", "tabs": self._tabs, "open": self._tab})
        tab = self._tab  # another may be opened before the round is over
        shown = self._of_tab(tab, figures)
        if whole:
            self._show_whole(shown)
        else:
            self._follow_shown(shown)
        self._tell({"kind": "round", "tab": tab, "names": [figure.name for figure in shown]})
        self._after()
        if whole:
            self._alarms.repeat()
            self._alarms.follow(self.reviewed)
        elif monotonic() - self._settled_at >= _SETTLES_WITHIN_SECONDS:
            self._settle(at_rest=False)
        return True

    def _show_whole(self, figures: list[DrawableFigure]) -> None:
        """Each with its words at once: none is moved by words that come later."""
        for figure in figures:
            if self._closing.is_set():
                return
            drawing = self._drawing_of(figure)
            if self._draw(drawing, whole=True):
                drawing.put_in_words()
            else:
                drawing.settle()
            self._tell_news(drawing, whole=True)

    def _follow_shown(self, figures: list[DrawableFigure]) -> None:
        """All charts before all words: no chart waits for a slower one, nor for words, which may take as long again."""
        drawn = []
        for figure in sorted(figures, key=lambda figure: self._seconds.get(figure.name, 0.0)):
            if self._closing.is_set():
                return
            drawing = self._drawing_of(figure)
            if self._draw(drawing):
                drawn.append(drawing)
                self._tell_news(drawing)
                self._closing.wait(_SENDS_FOR_SECONDS)
        for drawing in drawn:
            if self._closing.is_set():
                return
            drawing.put_in_words()
            self._tell_news(drawing)

    def _of_tab(self, tab: str | None, figures: Mapping[str, DrawableFigure]) -> list[DrawableFigure]:
        return [figure for figure in figures.values() if figure.tab == tab]

    def _drawing_of(self, figure: DrawableFigure) -> FigureDrawing:
        return self.drawings.setdefault(figure.name, FigureDrawing(figure))

    def _draw(self, drawing: FigureDrawing, *, whole: bool = False) -> bool:
        """Draw what has been reviewed, without words; False where that is what it shows."""
        if drawing.reviewed is self.reviewed:
            return False
        began = thread_time()
        drawing.follow(self.reviewed, whole=whole)
        self._seconds[drawing.figure.name] = thread_time() - began
        return True

    def _settle(self, *, at_rest: bool) -> None:
        """Draw anew what only had its rows exchanged, and look for alarms; ``at_rest`` until there are news."""
        for drawing in self.drawings.values():
            if (at_rest and self._is_stale) or self._closing.is_set():
                return
            if drawing.is_settled:
                continue
            drawing.settle()
            self._tell_news(drawing)
        self._settled_at = monotonic()
        self._alarms.follow(self.reviewed)

    def _tell_news(self, drawing: FigureDrawing, *, whole: bool = False) -> None:
        message = drawing.message(whole=whole)
        if message is not None:
            self._tell(message)

    def _choose_tab(self, figures: Mapping[str, DrawableFigure]) -> bool:
        """Keep to the open tab, or open the first; whether there are others than before."""
        tabs = list(dict.fromkeys(figure.tab for figure in figures.values()))
        with self._lock:
            is_new, self._tabs = tabs != self._tabs, tabs
            if self._tab not in tabs:
                self._tab = tabs[0] if tabs else None
        return is_new

    def _say(self, problem: str | None) -> None:
        if problem != self._problem:
            self._problem = problem
            self._tell({"kind": "problem", "words": problem})
