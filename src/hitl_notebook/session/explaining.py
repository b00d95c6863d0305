"""Explanations made ahead of the reviewers by the user's own explainers, on a thread beside everything else."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from threading import Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from hitl_notebook.errors import CannotExplain, HitlError
from hitl_notebook.fields.explained import Contrasted, Explainer, Unmade
from hitl_notebook.items.frame import Frame
from hitl_notebook.session.material import Material

if TYPE_CHECKING:
    from hitl_notebook.session.review import Review

__all__ = ["Explaining"]

_log = logging.getLogger(__name__)

_AHEAD = 20
_KEPT = 1_000  # items; of those before it the page has the explanation, or asks again
_SHORT = 0.25  # seconds, within which more items are asked for at once
_LONGEST = 500  # characters of an error


class _Follower(NamedTuple):
    reviewer: str
    tell: Callable[[list[str]], None]


class Explaining:
    """What the explainers of a review have said so far, for the items that its followers are about to be shown.

    The item on the screen comes first, then the next ones in their order. The thread lives while there is something to
    explain; no lock is held while the user's code runs.
    """

    def __init__(self, review: "Review") -> None:
        self._review = review
        self._lock = Lock()
        self._followers: list[_Follower] = []
        self._looking: dict[str, str] = {}  # reviewer -> key of the item on the screen
        self._frame: Frame | None = None  # that what was made is about
        self._made: dict[str, dict[str, Any]] = {}  # key -> field -> explanation, the newest last
        self._at_once = 1
        self._thread: Thread | None = None
        self._has_news = False
        self._is_closed = False

    def follow(self, reviewer: str, tell: Callable[[list[str]], None]) -> Callable[[], None]:
        """Explain ahead of this reviewer; ``tell`` is given the keys of what is explained, on the thread.

        Returns the way to end it.
        """
        follower = _Follower(reviewer, tell)
        with self._lock:
            self._followers.append(follower)
        self.look_ahead()

        def stop() -> None:
            with self._lock:
                self._followers = [other for other in self._followers if other is not follower]

        return stop

    def look_at(self, reviewer: str, key: str) -> None:
        """This item is on the reviewer's screen."""
        with self._lock:
            self._looking[reviewer] = key
        self.look_ahead()

    def look_away(self, reviewer: str, key: str) -> None:
        """The reviewer is done with this item, whether it was explained or not."""
        with self._lock:
            if self._looking.get(reviewer) == key:
                del self._looking[reviewer]

    def look_ahead(self) -> None:
        """Other items may be about to be shown."""
        if not self._review.has_material or not self._review.material.items.explainers:
            return
        with self._lock:
            if self._is_closed:
                return
            self._has_news = True
            if self._thread is None:
                self._thread = Thread(target=self._run, name="hitl_notebook explanations", daemon=True)
                self._thread.start()

    def made(self, material: Material, key: str) -> Mapping[str, Any]:
        """What has been made for an item by now, by the name of its field."""
        with self._lock:
            return dict(self._made.get(key, {})) if material.items.frame is self._frame else {}

    def close(self) -> None:
        """End the thread, once the call of an explainer is over that it is in."""
        with self._lock:
            self._is_closed = True
            self._followers = []

    # ------------------------------------------------------------ on the thread

    def _run(self) -> None:
        while self._goes_on():
            try:
                while self._explain_some():
                    pass
            except BaseException:  # nobody else is on this thread, and the next items are to be explained
                if not self._is_closed:
                    _log.exception("could not explain ahead in session %s", self._review.row.name)

    def _goes_on(self) -> bool:
        with self._lock:
            if self._is_closed or not self._has_news:
                self._thread = None
                return False
            self._has_news = False
            return True

    def _explain_some(self) -> bool:
        """Explain the first few items that lack it; False where none does."""
        material = self._review.material
        with self._lock:
            if material.items.frame is not self._frame:
                self._frame, self._made, self._at_once = material.items.frame, {}, 1
        keys = [key for key, _ in zip(self._lacking(material), range(self._at_once), strict=False)]
        if not keys:
            return False
        began, items = monotonic(), material.items
        positions = [position for key in keys if (position := items.position(key)) is not None]
        for field in items.explainers:
            cells = _explanations(field.explainer, items.rows_to_explain(positions))
            for follower in self._keep(material, keys, field.name, cells):
                follower.tell(keys)
        is_short = monotonic() - began < _SHORT
        self._at_once = min(2 * self._at_once, _AHEAD) if is_short else max(self._at_once // 2, 1)
        return True

    def _lacking(self, material: Material) -> Iterator[str]:
        """Keys of items about to be shown, the first one first.

        What is hidden until its reviewer has answered is made beforehand too: telling is another matter.
        """
        with self._lock:
            followers, looking, made = self._followers, dict(self._looking), set(self._made)
        names = {field.name for field in material.items.explainers}
        for reviewer, _ in followers:
            ahead = [key for key, _ in self._review.upcoming(reviewer, _AHEAD, ahead=0)]
            on_screen = [looking[reviewer]] if reviewer in looking else []
            for key in dict.fromkeys([*on_screen, *ahead]):
                is_made = key in made and self.made(material, key).keys() == names
                if is_made or material.items.position(key) is None:
                    continue
                if self._review.is_explained(reviewer, key):
                    yield key

    def _keep(self, material: Material, keys: list[str], field: str, cells: list[Any]) -> list[_Follower]:
        """Remember what was made; who is to be told, nobody where the session has gone on without it."""
        with self._lock:
            if self._is_closed or self._review.material.items.frame is not material.items.frame:
                return []
            for key, cell in zip(keys, cells, strict=True):
                self._made[key] = {**self._made.pop(key, {}), field: cell}
            for key in list(self._made)[:-_KEPT]:
                del self._made[key]
            return list(self._followers)


def _explanations(explainer: Explainer, rows: pd.DataFrame) -> list[Any]:
    """One for each row, or why there is none."""
    try:
        return _asked(explainer, rows)
    except BaseException as error:  # the explainer is the user's code, which may end the thread that it runs on
        if len(rows) > 1:
            # The items beside the one at fault have theirs.
            alone = [rows.iloc[[at]].reset_index(drop=True) for at in range(len(rows))]
            return [cell for row in alone for cell in _explanations(explainer, row)]
        _log.warning("an explanation could not be made", exc_info=True)
        return [Unmade(f"The explanation could not be made: {_in_words(error)}")]


def _asked(explainer: Explainer, rows: pd.DataFrame) -> list[Any]:
    contrasts: Callable[[pd.DataFrame], Iterable[Contrasted]] | None = getattr(explainer, "explain_contrasts", None)
    given = explainer.explain(rows) if contrasts is None else contrasts(rows)
    if isinstance(given, str | bytes | Mapping | pd.DataFrame) or not hasattr(given, "__iter__"):
        raise CannotExplain(
            f"explain gave one {type(given).__name__}: wanted is a list with an explanation for each row"
        )
    cells = list(given)
    if len(cells) != len(rows):
        raise CannotExplain(f"explain gave {len(cells):,} explanations for {len(rows):,} rows")
    return cells


def _in_words(error: BaseException) -> str:
    try:
        words = str(error)
    except BaseException:  # its words are the user's code too
        words = ""
    if not isinstance(error, HitlError):
        words = f"{type(error).__name__}: {words}" if words else type(error).__name__
    return words if len(words) <= _LONGEST else words[:_LONGEST] + "…"
