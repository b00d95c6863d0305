"""The rule that admits a new event to the log."""

from hitl_notebook.decisions.event import Draft, Event
from hitl_notebook.decisions.verdicts import Verdicts
from hitl_notebook.errors import Conflict

__all__ = ["admit"]

_LONGEST_QUOTE = 60
_PAST = {"accept": "accepted", "correct": "corrected", "flag": "flagged"}


def admit(verdicts: Verdicts, draft: Draft) -> Event | None:
    """The rule for every new event, whoever sends it: None when ``draft`` is to be appended.

    Ask under the store's write lock, with ``verdicts`` extended to the end of the log.

    Returns
    -------
    The event already recorded under this id, so that sending twice is harmless; otherwise None.

    Raises
    ------
    Conflict
        The draft was made on a state that no longer stands: it changes a decision that is not the standing one,
        undoes an event that is not the last, skips a decided item, or speaks of an earlier content of the item.
        Or its id belongs to another event.
    """
    known = verdicts.knows(draft.event_id)
    if known is not None:
        if (known.kind, known.reviewer, known.item_id) != (draft.kind, draft.reviewer, draft.item_id):
            raise Conflict(f"The id {_quoted(draft.event_id)} was already used for another event; nothing was stored.")
        return known
    reviewer, item_id = draft.reviewer or "", draft.item_id or ""
    replaces = draft.record.get("replaces")
    if draft.kind in ("decide", "skip"):
        current = verdicts.content_hash(item_id)
        if current is not None and draft.record.get("content_hash") not in (None, current):
            raise Conflict(f"Item {_quoted(item_id)} has changed since it was shown. Look at it again, then decide.")
        stands = verdicts.decision(reviewer, item_id)
        if draft.kind == "skip":
            if stands is not None:
                raise Conflict(f"Item {_quoted(item_id)} is already decided: {_in_words(stands)}. It was not skipped.")
        elif replaces != (stands.event_id if stands else None):
            now = f"what stands now: {_in_words(stands)}" if stands else "no decision of yours stands on it now"
            raise Conflict(f"Item {_quoted(item_id)} was decided or undone elsewhere meanwhile; {now}. Decide again.")
    elif draft.kind == "undo":
        last = verdicts.last_standing(reviewer)
        if last is None:
            raise Conflict("There is nothing left to undo.")
        if replaces != last.event_id:
            raise Conflict(
                f"Your last step is now another one: item {_quoted(last.item_id or '')}, {_in_words(last)}. "
                "Nothing was undone; undo again to take that one back."
            )
    return None


def _quoted(text: str) -> str:
    return f"“{text}”" if len(text) <= _LONGEST_QUOTE else f"“{text[:_LONGEST_QUOTE]}…”"


def _in_words(event: Event) -> str:
    # Without the value and the reason: a refusal is part of the state that a notebook saves.
    return "skipped" if event.kind == "skip" else _PAST[event.record["action"]]
