"""The review card: traits go down to the page, messages come up, and every message has an outcome."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from threading import RLock, Thread, Timer
from typing import Any, Literal

import anywidget
import traitlets

from hitl_notebook import protocol
from hitl_notebook.decisions import Event
from hitl_notebook.errors import (
    Conflict,
    HitlError,
    InvalidMessage,
    InvalidValue,
    NewerContent,
    StoreProblem,
    UnknownItem,
)
from hitl_notebook.guards import is_event_id, read_message
from hitl_notebook.session import Claims, Review, Seen
from hitl_notebook.widgets.bundle import bundle
from hitl_notebook.widgets.card_state import AHEAD, card_state
from hitl_notebook.widgets.cells import close_former_card
from hitl_notebook.widgets.kept_output import KeptOutput
from hitl_notebook.widgets.kept_summary import kept_summary
from hitl_notebook.widgets.marimo_comm import close_cards_taken_away, is_replayed, was_taken_away
from hitl_notebook.widgets.pace import Pace
from hitl_notebook.widgets.page_libraries import library_parcel
from hitl_notebook.widgets.parcels import Parcel, entry, full_text_parcels, history_parcels, item_parcels
from hitl_notebook.widgets.weight import weight

__all__ = ["ReviewCard"]

_log = logging.getLogger(__name__)

_SAVED = 500
_REFUSED = 100
_LARGEST_REFUSED = 20_000  # bytes
_LONGEST_REFUSAL = 1_000  # characters
_PATIENCE_SECONDS = 0.5  # that a page which opens is kept waiting for the store
_NO_VALUE = "The value is not one that the task allows; the kernel's log says why."
_TOLD = ("decide", "skip", "undo")
_TOLD_AT_ONCE = 100  # events; of more at once the newest are told, and the page reads the rest where it needs it
_TOLD_AGAIN_AFTER = 0.25  # seconds
_OPENED = 20  # pages whose queue at opening is remembered until a queue goes to all
_CLAIMED = frozenset(field.name for field in fields(Claims)) - {"origin"}


class ReviewCard(anywidget.AnyWidget):
    """The widget of one reviewer in one session. Make it with ``ReviewSession``, whose ``widget`` it is.

    State is traits, written here only; a decision is a message, sent by the page only. Handlers may run on another
    thread than the cell that is running.
    """

    _esm = bundle("review.js")
    _css = bundle("review.css")

    session = traitlets.Dict().tag(sync=True)
    queue = traitlets.Dict().tag(sync=True)
    progress = traitlets.Dict().tag(sync=True)
    saved: traitlets.List[str] = traitlets.List().tag(sync=True)
    refused: traitlets.List[Any] = traitlets.List().tag(sync=True)
    problem = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    summary = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    last_seq = traitlets.Int(0).tag(sync=True)

    _is_made = False

    def __init__(self, review: Review, reviewer: str) -> None:
        self._review = review
        self._reviewer = reviewer
        self._publishing = RLock()
        self._answering = RLock()
        self._opened_with: list[list[list[str]]] = []
        self._closed = False
        self._catching_up: Thread | None = None
        self._pace = Pace()
        self._untold: list[Event] = []
        self._changed: set[str] = set()
        self._all_may_have_changed = False
        self._has_news = False
        self._telling: Timer | None = None
        super().__init__(**card_state(self._review, self._reviewer))
        close_cards_taken_away(self)
        self.on_msg(self._on_message)
        self._stop_listening = review.news.listen(self._on_news)
        self._stop_explaining = review.explaining.follow(reviewer, self._on_explained)
        self._is_made = True

    @property
    def is_closed(self) -> bool:
        """Whether it is off the page for good."""
        return self._closed or was_taken_away(self)

    def close(self) -> None:
        """Take the card off the page."""
        self._closed = True
        if not self._is_made:
            return  # ipywidgets closes what could not be made, too
        self._stop_listening()
        self._stop_explaining()
        with self._publishing:
            if self._telling is not None:
                self._telling.cancel()
        layout = self.layout
        super().close()
        layout.close()  # a widget of its own, which nobody else lets go of

    # ------------------------------------------------------------ state goes down

    def get_state(self, key: Any = None, **options: Any) -> Any:
        """The state for a page that has just opened: with what other processes have recorded, and the newest queue, not
        the one sent last.
        """
        if key is None:
            self._catch_up()
        state = super().get_state(key, **options)
        if key is None:
            try:
                with self._publishing:
                    state |= card_state(self._review, self._reviewer)
                    self._opened_with.append(state["queue"]["entries"])
            except StoreProblem:
                pass  # the page says so once it sends something
            except Exception:
                # The kernel answers for all its widgets at once: one that fails would leave every page empty.
                _log.exception("could not bring the queue of session %s up to date", self._review.row.name)
        return state

    def _catch_up(self) -> None:
        """Take in what other processes have recorded. Where the store does not answer soon it is told as news."""
        if self._catching_up is None or not self._catching_up.is_alive():
            self._catching_up = Thread(target=self._refresh, name="hitl_notebook catching up", daemon=True)
            self._catching_up.start()
        self._catching_up.join(_PATIENCE_SECONDS)

    def _refresh(self) -> None:
        try:
            self._review.refresh()
        except StoreProblem:
            pass  # the page says so once it sends something
        except Exception:
            _log.exception("could not take in what others have recorded in session %s", self._review.row.name)

    def _publish(self, *, is_queue_new: bool) -> None:
        """Bring the traits up to date; a queue to which the pages come by themselves, from events, is not sent."""
        with self._publishing:
            state = card_state(self._review, self._reviewer)
            if not is_queue_new and self._pages_know(state["queue"]) and not is_replayed(self):
                del state["queue"]
            is_again = state.get("queue") == self.queue
            with self.hold_sync():
                for name, value in state.items():
                    setattr(self, name, value)
            if is_again:
                # News to a page that opened when it was another one, though not to the trait.
                self.send_state(["queue", "last_seq"])
            if "queue" in state:
                self._opened_with.clear()

    def _pages_know(self, queue: protocol.Queue) -> bool:
        """Whether every page comes to this queue by itself, from what it was sent and the events told since."""
        entries = queue["entries"]
        wanted = {key for key, _ in entries}
        # Where few fit, a page that has half of them left can wait: to send them with every decision would be much.
        few = queue["more"] > 0 and len(entries) < AHEAD
        least = len(entries) // 2 if few else min(AHEAD, len(entries))
        for sent in (self.queue.get("entries", []), *self._opened_with):
            left = [pair for pair in sent if pair[0] in wanted]
            if left != entries[: len(left)] or len(left) < least:
                return False
        return len(self._opened_with) < _OPENED

    def _on_news(self, events: list[Event] | None) -> None:
        own = [event for event in events or () if event.reviewer == self._reviewer and event.kind in _TOLD]
        with self._publishing:
            self._untold += own
            self._changed.update(event.item_id or "" for event in events or () if event.kind == "item_changed")
            self._all_may_have_changed |= events is None
            self._has_news = True
            if self._telling is None and not self._pace.allows(min(len(own), _TOLD_AT_ONCE) + 2):
                self._telling = Timer(_TOLD_AGAIN_AFTER, self._tell_later)
                self._telling.daemon = True
                self._telling.start()
            if self._telling is not None:
                return
        self._tell_news()

    def _tell_later(self) -> None:
        try:
            self._tell_news()
        except Exception:
            if not self._closed:
                _log.exception("could not tell the page what is new in session %s", self._review.row.name)

    def _tell_news(self) -> None:
        with self._publishing:
            if self._telling is not None:
                self._telling.cancel()
                self._telling = None
            if not self._has_news or self._closed:
                return
            untold, is_much = self._untold, self._all_may_have_changed or len(self._untold) > _TOLD_AT_ONCE
            changed = self._review.newer_elsewhere(self._reviewer, self._changed)
            is_much |= len(changed) < len(self._changed)  # some are again as they are here
            self._untold, self._changed, self._all_may_have_changed, self._has_news = [], set(), False, False
            if changed:
                self.send(protocol.Items(kind="items", request_id="changed", items=[], missing=changed))
            for event in untold[-_TOLD_AT_ONCE:]:
                self._tell(event)
            self._publish(is_queue_new=is_much)
            if is_much:
                # Last: what the page reads then is not older than the queue it has.
                self.send(protocol.Outdated(kind="outdated"))
        self._review.explaining.look_ahead()

    def _on_explained(self, keys: list[str]) -> None:
        """Send these items again, now that they are explained, to who may see that."""
        seen = [key for key in keys if self._sees_explanation(key)]
        if seen:
            again = protocol.Want(kind="want", request_id="explained", item_ids=seen)
            self._answer(again, self._items(again))

    def _sees_explanation(self, key: str) -> bool:
        try:
            return self._review.sight(self._reviewer, key).is_explained
        except UnknownItem:  # asked of somebody else
            return False

    def _tell(self, event: Event) -> None:
        if event.kind == "decide" and event.record["blind"] and event.record["replaces"] is None:
            # The answer is in the log: what it was given without may be seen, before the page hears of anything else.
            reveal = protocol.Want(kind="want", request_id=event.event_id, item_ids=[event.item_id or ""])
            self._answer(reveal, self._items(reveal))
        elif event.kind != "undo":
            self._review.explaining.look_away(self._reviewer, event.item_id or "")
        if event.kind != "undo":
            told = protocol.Recorded(
                kind="recorded", seq=event.seq, event_id=event.event_id, entry=entry(event), undone=None, restored=None
            )
        else:
            stands = self._review.verdicts.standing(self._reviewer, event.item_id or "")
            told = protocol.Recorded(
                kind="recorded",
                seq=event.seq,
                event_id=event.event_id,
                entry=None,
                undone=event.record["replaces"],
                restored=None if stands is None else entry(stands),
            )
        self.send(told)

    # ------------------------------------------------------------ messages come up

    def _on_message(self, _widget: Any, content: Any, _buffers: Any) -> None:
        try:
            message = read_message(content)
        except InvalidMessage as error:
            _log.warning("refused a message from the page: %s", error)
            self._refuse(content, "invalid", str(error))
            return
        match message["kind"]:
            case "want":
                self._answer(message, self._items(message))
            case "history":
                self._answer(message, history_parcels(self._review, self._reviewer, message))
            case "full":
                self._answer(message, full_text_parcels(self._review, self._reviewer, message))
            case "shown":
                self._review.explaining.look_at(self._reviewer, message["item_id"])
            case "library":
                self._send_library(message["library"])
            case _:
                self._take(message)

    def _answer(self, message: protocol.Request, parcels: Iterable[Parcel]) -> None:
        try:
            # One at a time: an item made ready before its explanation was there must not arrive after it.
            with self._answering:
                for content, buffers in parcels:
                    self.send(content, buffers=buffers)
        except Exception as error:
            _log.exception("could not answer the page's %s", message["kind"])
            words = str(error) if isinstance(error, HitlError) else "the kernel could not prepare this; see its log"
            self.send(protocol.Failed(kind="failed", request_id=message["request_id"], message=words))

    def _items(self, message: protocol.Want) -> Iterator[Parcel]:
        """The items asked for, made again where others took their place before the last of them was sent."""
        while True:
            material = self._review.material
            for parcel in item_parcels(self._review, self._reviewer, message):
                if self._review.material is not material:
                    break
                yield parcel
            if self._review.material is material:
                return

    def _send_library(self, name: str) -> None:
        parcel = library_parcel(name)
        if parcel is None:
            _log.warning("a page asked for a library that there is not: %.60r", name)
            return
        library, packed = parcel
        self.send(library, buffers=packed)

    def _take(self, message: protocol.Recordable) -> None:
        """Record an event; it is acknowledged after the commit, refused for good, or left with the page."""
        event_id = message["event_id"]
        try:
            self._check_sender(message)
            self._record(message)
        except (StoreProblem, NewerContent) as problem:
            _log.warning("could not record %s: %s", event_id, problem)
            self._set(problem=protocol.Problem(message=problem.message, remedy=problem.remedy))
        except Conflict as conflict:
            self._refuse(message, "conflict", str(conflict))
        except HitlError as error:
            _log.warning("refused %s: %s", event_id, error)
            # The reviewer's own value is no part of the state that a notebook saves.
            words = _NO_VALUE if isinstance(error, InvalidValue) else str(error)
            self._refuse(message, "invalid", words)
        except Exception:
            # Not the page's fault: the event stays in its outbox and is sent again.
            _log.exception("could not record %s", event_id)
            self._set(
                problem=protocol.Problem(
                    message="The kernel met an error while it recorded a decision.",
                    remedy="The kernel's log has the details; decisions wait in this browser.",
                )
            )
        else:
            # First what became of it: a page lets go of a decision once it is saved, and goes by the state then.
            self._tell_news()
            with self._publishing:
                is_again = self.saved[-1:] == [event_id]
                saved = [known for known in self.saved if known != event_id]
                self._set(saved=[*saved, event_id][-_SAVED:], problem=None)
                if is_again:
                    self.send_state("saved")  # no news to the trait, but to a page that sends it again

    def _check_sender(self, message: protocol.Recordable) -> None:
        if message["session_id"] != self._review.row.session_id or message["reviewer"] != self._reviewer:
            raise InvalidMessage("this event belongs to another session or another reviewer")

    def _record(self, message: protocol.Recordable) -> None:
        review = self._review
        match message["kind"]:
            case "undo":
                review.undo(self._claims(message), message["replaces"])
            case "skip":
                review.skip(self._claims(message), message["item_id"], message["content_hash"])
            case "decide":
                task = review.task
                value = message["value"]
                review.decide(
                    self._claims(message),
                    message["item_id"],
                    message["action"],
                    None if value is None else task.from_json(value),
                    reason=message["reason"],
                    comment=message["comment"],
                    seen=Seen(message["content_hash"], message["model_version"], message["replaces"]),
                )

    def _claims(self, message: protocol.Recordable) -> Claims:
        said: Mapping[str, Any] = {name: value for name, value in message.items() if name in _CLAIMED}
        return Claims(origin="page", **said)

    def _refuse(self, content: Any, reason: Literal["conflict", "invalid"], words: str) -> None:
        event_id = content.get("event_id") if isinstance(content, dict) else None
        if is_event_id(event_id):
            refusal = protocol.Refusal(event_id=event_id, reason=reason, message=words[:_LONGEST_REFUSAL])
            with self._publishing:
                refused = [*self.refused, refusal][-_REFUSED:]
                while weight(refused) > _LARGEST_REFUSED:
                    del refused[0]
                self._set(refused=refused)

    def _set(self, **traits: Any) -> None:
        with self._publishing, self.hold_sync():
            for name, value in traits.items():
                setattr(self, name, value)

    # ------------------------------------------------------------ without a kernel

    def _ipython_display_(self) -> None:
        """Show the card, and under it a plain summary that the card's own style hides: it is what a reader sees where
        no kernel runs, in a notebook by mail as on a page made of it.
        """
        from IPython.display import display

        close_former_card(self)
        data, metadata = self._repr_mimebundle_()
        display(data, metadata=metadata, raw=True)
        KeptOutput("hitl-kept-summary").show(kept_summary(self._review, self._reviewer))

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The widget, named in words where it cannot be shown; no content."""
        made = super()._repr_mimebundle_(**options)
        data, metadata = made if isinstance(made, tuple) else (made, {})
        name = f"Review “{self._review.row.name}”: it needs a running kernel."
        return {**(data or {}), "text/plain": name}, metadata
