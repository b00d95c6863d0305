"""Simulated reviewers at work in a session, each on their own queue."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from heapq import merge
from typing import Any, NamedTuple

import numpy as np
from tqdm.auto import tqdm

from hitl_notebook.counts import is_count
from hitl_notebook.decisions import Draft
from hitl_notebook.errors import BadColumn, UnknownChoice
from hitl_notebook.missing import is_missing
from hitl_notebook.quoted import quoted
from hitl_notebook.session import Claims, Remarks, Review, ReviewSession, Seen
from hitl_notebook.simulate.reviewer import Answer, Case, Reviewer
from hitl_notebook.tasks.task import SHOWN_ROWS, Cells, Task

__all__ = ["review"]

_AT_ONCE = 100  # decisions recorded in one transaction: few enough for a live chart to move, many enough to be quick
_MOST_VALUES = 1_000
_NO_REASON = "simulated: cannot be told"


class _Decision(NamedTuple):
    """What a simulated reviewer is going to say of an item, ``at`` so many seconds after all began."""

    at: float
    seconds: float
    reviewer: str
    key: str
    content_hash: str
    answer: Answer
    is_blind: bool
    is_explained: bool


def review(
    session: ReviewSession,
    reviewers: Sequence[Reviewer],
    truth: Any,
    *,
    n_items: int | None = None,
    seed: int = 0,
    ended_at: datetime | None = None,
) -> None:
    """Let simulated reviewers decide, each on the next items of their own queue.

    Their decisions go the way of the page's: checked, recorded and folded by the same code, in the order of their
    clocks, and marked ``simulated`` in the column ``origin`` of ``decisions``. Each begins a sitting of their own, all
    at one time and rested. Which items they meet, and which of them blind, is the session's plan; where that has a
    seed, the same call on a new session gives the same decisions, and another reviewer beside them changes none of
    the others'.

    Parameters
    ----------
    session : ReviewSession
    reviewers : list of Reviewer
        Each of another name.
    truth : mapping of item ids to values, or one value an item in the order of the frame
        Of the session's task, none missing. A Series goes by its order, not its index.
    n_items : int from 0, optional
        How many items each decides, fewer where their queue ends; left out: all that they have left.
    seed : int from 0
        Makes what they say, and how long they take, repeatable.
    ended_at : datetime, optional
        When the last of them decides on the last item; left out: now. One without a time zone is in UTC.

    Notes
    -----
    What can be said at all, in guesses and mistakes: the outcomes of a task whose value is exactly one of them, such as
    the labels of a ``Classification``; otherwise the values among truth and predictions, the first 1,000 that differ.

    Raises
    ------
    BadColumn
        The truth of an item is missing, or no value of the task.
    InvalidValue
        A reviewer's bias is for no value of the task.
    UnknownChoice
        Two reviewers of one name, or a seed or a number of items that is no integer of 0 or greater.

    Examples
    --------
    >>> import hitl_notebook as hitl
    >>> rows = [{"text": "Win a prize!", "predicted": "spam"}, {"text": "See you at ten", "predicted": "spam"}]
    >>> session = hitl.ReviewSession(rows, hitl.Classification(["ham", "spam"]), prediction="predicted",
    ...                              plan=hitl.ReviewPlan(order="given"), store=":memory:")
    >>> review(session, [Reviewer("ada", skill=1), Reviewer("bo", anchoring=1)], truth=["spam", "ham"])
    >>> session.decisions.pivot(index="item_id", columns="reviewer", values="value").values.tolist()
    [['spam', 'spam'], ['ham', 'spam']]
    """
    names = [reviewer.name for reviewer in reviewers]
    if len(set(names)) < len(names):
        raise UnknownChoice(f"two of the reviewers have one name: {names}")
    if not is_count(seed):
        raise UnknownChoice(f"seed={quoted(seed)}: an integer, 0 or greater")
    if n_items is not None and not is_count(n_items):
        raise UnknownChoice(f"n_items={quoted(n_items)}: an integer, 0 or greater; left out, all that they have left")
    desk = session._review  # what the page's card is given too
    truths = _truths(desk, truth)
    values = _values(desk.task, [*truths, *desk.material.items.predictions])
    sittings = [_sitting(desk, _checked(reviewer, desk.task), truths, values, n_items, seed) for reviewer in reviewers]
    decisions = list(merge(*sittings, key=lambda decision: decision.at))
    if not decisions:
        return
    ended_at = datetime.now(UTC) if ended_at is None else ended_at
    began_at = ended_at - timedelta(seconds=decisions[-1].at)
    # No bar for what is done in a moment.
    with tqdm(total=len(decisions), desc="simulated reviews", unit="decision", delay=1, leave=False) as bar:
        for start in range(0, len(decisions), _AT_ONCE):
            batch = decisions[start : start + _AT_ONCE]
            _record(desk, batch, began_at)
            bar.update(len(batch))


def _truths(desk: Review, truth: Any) -> Cells:
    items, task = desk.material.items, desk.task
    if isinstance(truth, Mapping):
        given = [truth.get(items.item_id(position)) for position in range(len(items))]
    else:
        given = list(truth)
        if len(given) != len(items):
            raise BadColumn(
                f"truth has {len(given):,} values for {len(items):,} items: one an item, or a mapping of ids"
            )
    missing = [items.item_id(position) for position, cell in enumerate(given) if is_missing(cell)]
    if missing:
        shown = ", ".join(quoted(item_id) for item_id in missing[:SHOWN_ROWS])
        raise BadColumn(f"truth is missing of {len(missing):,} of {len(items):,} items: {shown}")
    return task.read_predictions(np.fromiter(given, dtype=object, count=len(given)), "truth")


def _values(task: Task, said: Sequence[Any]) -> Sequence[Any]:
    if task.exclusive and task.outcomes is not None:
        return task.outcomes
    different: dict[str, Any] = {}
    for value in said:
        if value is not None and len(different) < _MOST_VALUES:
            different.setdefault(json.dumps(task.to_json(value)), value)
    return list(different.values())


def _checked(reviewer: Reviewer, task: Task) -> Reviewer:
    return replace(reviewer, bias={task.check(value): share for value, share in reviewer.bias.items()})


def _sitting(
    desk: Review, reviewer: Reviewer, truths: Cells, values: Sequence[Any], n_items: int | None, seed: int
) -> Iterator[_Decision]:
    """What the reviewer is going to say of the next items of their queue."""
    items, task = desk.material.items, desk.task
    random = np.random.default_rng([seed, *reviewer.name.encode()])
    left = desk.progress(reviewer.name)["remaining"]
    count = left if n_items is None else min(int(n_items), left)
    at = 0.0
    for decided, (key, content_hash) in enumerate(desk.upcoming(reviewer.name, count, ahead=count)):
        position, sight = items.position(key), desk.sight(reviewer.name, key)
        case = Case(truths[position], items.predictions[position], sight.is_blind, values, task.equal)
        seconds = reviewer.seconds(decided, random)
        at += seconds
        answer = reviewer.answer(case, decided, random)
        yield _Decision(at, seconds, reviewer.name, key, content_hash, answer, sight.is_blind, sight.is_explained)


def _record(desk: Review, batch: Sequence[_Decision], began_at: datetime) -> None:
    """Record decisions; after a blind one, what it was changed to once the prediction was seen, as the page does."""
    drafts = []
    for decision in batch:
        first = _draft(desk, decision, began_at, decision.answer.first)
        drafts.append(first)
        if decision.is_blind and _is_changed(decision.answer, desk.task):
            drafts.append(_draft(desk, decision, began_at, decision.answer.value, changed=first))
    desk.record_all(drafts)


def _is_changed(answer: Answer, task: Task) -> bool:
    return answer.value is not None and not task.equal(answer.first, answer.value)


def _draft(desk: Review, decision: _Decision, began_at: datetime, value: Any, changed: Draft | None = None) -> Draft:
    decided_at = began_at + timedelta(seconds=decision.at)
    claims = Claims(
        session_id=desk.row.session_id,
        reviewer=decision.reviewer,
        origin="simulated",
        shown_at=(decided_at - timedelta(seconds=decision.seconds)).isoformat(),
        decided_at=decided_at.isoformat(),
        seconds=decision.seconds,
        blind=decision.is_blind,
        explained=decision.is_explained,
    )
    replaces = None if changed is None else changed.event_id
    seen = Seen(decision.content_hash, desk.material.settings.model_version, replaces)
    if value is None:
        return desk.decision_draft(claims, decision.key, "flag", None, Remarks(reason=_NO_REASON), seen)
    return desk.decision_draft(claims, decision.key, "correct", value, Remarks(), seen, changed=changed)
