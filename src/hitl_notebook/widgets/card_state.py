"""The state of a review card: what its page is told as traits, from the review as it is now."""

from collections.abc import Iterable
from itertools import accumulate, takewhile
from math import isnan
from typing import Any, TypeVar

from hitl_notebook import protocol
from hitl_notebook.estimate import Estimate
from hitl_notebook.fields import Chat, Markdown
from hitl_notebook.fields.visible import visible
from hitl_notebook.items import Items
from hitl_notebook.session import Review, reviewed_accuracy
from hitl_notebook.version import __version__
from hitl_notebook.widgets.page_libraries import library_name
from hitl_notebook.widgets.weight import BETWEEN, weight

__all__ = ["AHEAD", "card_state"]

T = TypeVar("T")

_WINDOW = 400  # entries of the queue that the page knows
AHEAD = 200  # and no fewer than these, while there are more to draw and their ids are not too long for one message
_LARGEST_QUEUE = 200_000  # bytes: it is sent again and again
_LARGEST_NAMES = 10_000
_LONGEST_NAME = 200  # characters


def card_state(review: Review, reviewer: str) -> dict[str, Any]:
    """The traits of a reviewer's card, by name; items are drawn as far as its page needs to know them."""
    upcoming = review.upcoming(reviewer, _WINDOW, ahead=AHEAD)
    entries = _fitting([list(pair) for pair in upcoming], min(review.material.queue_room, _LARGEST_QUEUE))
    progress = review.progress(reviewer)
    with review.ledger.lock:
        newest = review.verdicts.seq
    return {
        "session": _session_state(review, reviewer),
        "queue": protocol.Queue(
            entries=entries,
            more=max(progress["remaining"] - len(entries) - review.withheld(reviewer), 0),
        ),
        "progress": protocol.Progress(**progress, seconds_per_item=review.seconds_per_item(reviewer)),
        "summary": None if upcoming else _summary(review, reviewer),
        "last_seq": newest,
    }


def _session_state(review: Review, reviewer: str) -> protocol.SessionState:
    settings, items = review.material.settings, review.material.items
    order = "; ".join([review.order_in_words(reviewer), *_newer_elsewhere(review, reviewer)])
    return protocol.SessionState(
        store_id=review.store.store_id,
        session_id=review.row.session_id,
        name=review.row.name,
        reviewer=reviewer,
        keeps=review.store.keeps,
        task=items.task.editor_name,
        editor=items.task.editor(),
        shown=_named(items.shown),
        slices=_named(visible(str(name)) for name in items.slices),
        guidelines=None if settings.guidelines is None else visible(settings.guidelines),
        formatted=settings.guidelines is not None or _has_markdown(items),
        model_version=settings.model_version,
        plan_version=settings.plan_version,
        order=order,
        blind=review.is_blind_at_work(reviewer),
        libraries={"markdown": library_name("markdown")},
        tool_version=__version__,
    )


def _named(names: Iterable[str]) -> list[str]:
    """The names of columns as far as a page has room for them."""
    told = [name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME] + "…" for name in names]
    fitting = _fitting(told, _LARGEST_NAMES)
    return fitting if len(fitting) == len(told) else [*fitting, "…"]


def _fitting(parts: list[T], largest: int) -> list[T]:
    """The first of these, as many as weigh no more than ``largest`` together, and one in any case."""
    if weight(parts) <= largest:
        return parts
    weights = accumulate(weight(part) + BETWEEN for part in parts)
    return parts[: max(1, sum(1 for _ in takewhile(lambda so_far: so_far <= largest, weights)))]


def _has_markdown(items: Items) -> bool:
    return any(isinstance(field, Markdown | Chat) for field in (*items.fields, *items.explanation_fields))


def _summary(review: Review, reviewer: str) -> protocol.Summary:
    progress = review.progress(reviewer)
    steps = []
    between = review.material.settings.changed_between
    if between is not None:
        before, after = (repr(visible(version)) for version in between)
        steps.append(
            f"hitl.metrics.compare_versions(session.decisions, {before}, {after}, items=update.predictions)"
            "   # update is what update_predictions returned"
        )
    if progress["corrected"]:
        steps.append(f"session.corrections   # the {progress['corrected']} you corrected, with their columns")
    if progress["flagged"]:
        steps.append(f"session.flags   # the {progress['flagged']} you flagged, with your reasons")
    if progress["reviewed"]:
        steps += ["session.labels()   # one row an item, the value that holds", 'session.export("decisions.csv")']
    return protocol.Summary(
        accuracy=_figure(reviewed_accuracy(review, reviewer)),
        changed=len(review.verdicts.waiting),
        next_steps=[*_newer_elsewhere(review, reviewer), *steps],
    )


def _newer_elsewhere(review: Review, reviewer: str) -> list[str]:
    """What another notebook goes on with and this one lacks, and how to have it here, in words."""
    count, words = review.withheld(reviewer), []
    if count:
        items = "1 item" if count == 1 else f"{count:,} items"
        words.append(
            f"another notebook has newer content of {items}: run the cell again with the newer frame to go on with it"
        )
    if review.lacks_of_the_task:
        words.append("another notebook has extended the task: run the cell again with that task to go on with it")
    return words


def _figure(estimate: Estimate) -> protocol.Figure:
    value, low, high = (None if isnan(x) else x for x in (estimate.value, estimate.low, estimate.high))
    return protocol.Figure(
        value=value,
        low=low,
        high=high,
        level=estimate.level,
        n=estimate.n,
        method=estimate.method,
        note=estimate.note,
    )
