"""Decisions, skips and undos as drafts for the log: the one place that fills in their records."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias
from uuid import uuid4

from hitl_notebook.decisions import Draft
from hitl_notebook.errors import InvalidDecision
from hitl_notebook.review_queue import Draw
from hitl_notebook.tasks.task import Task
from hitl_notebook.version import __version__

__all__ = ["Claims", "Origin", "Remarks", "decide_draft", "drawn_as", "event_draft", "skip_draft", "undo_draft"]

Origin: TypeAlias = Literal["page", "api", "import", "simulated"]

_LONGEST_REMARK = 100_000


@dataclass(frozen=True, kw_only=True)
class Claims:
    """Who sends an event, and what they say of it that the kernel cannot know: times are claims, never an order."""

    session_id: str
    reviewer: str
    origin: Origin = "api"
    event_id: str | None = None
    client_id: str | None = None
    client_seq: int | None = None
    shown_at: str | None = None
    decided_at: str | None = None
    seconds: float | None = None
    blind: bool = False
    explained: bool = False

    def draft(
        self, kind: str, item_id: str | None, record: Mapping[str, Any], content: Mapping[str, Any] | None = None
    ) -> Draft:
        return Draft(
            event_id=self.event_id or str(uuid4()),
            session_id=self.session_id,
            kind=kind,
            reviewer=self.reviewer,
            item_id=item_id,
            record={
                "client_id": self.client_id,
                "client_seq": self.client_seq,
                "origin": self.origin,
                "tool_version": __version__,
                **record,
            },
            content=content or {},
        )


@dataclass(frozen=True, kw_only=True)
class Remarks:
    """What a reviewer says beside the verdict."""

    reason: str | None = None
    comment: str | None = None
    first_value: Any = None

    def check(self) -> None:
        """Raises InvalidDecision for a remark that is no text, or too long."""
        for name, text in (("reason", self.reason), ("comment", self.comment)):
            if text is not None and (not isinstance(text, str) or len(text) > _LONGEST_REMARK):
                raise InvalidDecision(f"{name} is text of at most {_LONGEST_REMARK:,} characters")


def decide_draft(
    claims: Claims,
    draw: Draw,
    task: Task,
    *,
    action: str,
    value: Any,
    prediction: Any,
    confidence: float | None,
    model_version: str,
    guidelines_version: str | None,
    replaces: str | None,
    content_hash: str,
    remarks: Remarks,
    blind: bool,
) -> Draft:
    """A decision on a drawn item; ``value`` and ``prediction`` are canonical.

    The action follows from the value: equal to the prediction by the task's own rule it is an accept, else a
    correction. ``blind`` says that ``remarks.first_value`` was answered before the prediction was shown.

    Raises
    ------
    InvalidDecision
        A flag without a reason or with a value, an accept without a prediction, a correction without a value.
    """
    action = _settled(action, value, prediction, remarks.reason, task)
    if action == "accept":
        value = prediction
    remarks.check()
    record = {
        **_on_item(claims, draw, content_hash),
        **_selection(draw),
        "action": action,
        "replaces": replaces,
        "model_version": model_version,
        "guidelines_version": guidelines_version,
        "blind": blind,
        "explained": claims.explained,
    }
    content = {
        "prediction": _json(task, prediction),
        "shown_prediction": _json(task, prediction),
        "confidence": confidence,
        "value": _json(task, value),
        "first_value": _json(task, remarks.first_value),
        "reason": remarks.reason,
        "comment": remarks.comment,
        "slices": dict(draw.slices),
    }
    return claims.draft("decide", draw.item_id, record, content)


def drawn_as(draft: Draft, draw: Draw) -> Draft:
    """The draft with how its item came to be asked; only a decision says that."""
    return replace(draft, record={**draft.record, **_selection(draw)}) if draft.kind == "decide" else draft


def skip_draft(claims: Claims, draw: Draw, content_hash: str) -> Draft:
    """A skip: the item comes back at the end."""
    return claims.draft("skip", draw.item_id, _on_item(claims, draw, content_hash))


def undo_draft(claims: Claims, replaces: str, item_id: str | None) -> Draft:
    """The reviewer takes back their last standing event, ``replaces``."""
    return claims.draft("undo", item_id, {"replaces": replaces})


def event_draft(
    session_id: str,
    reviewer: str,
    kind: str,
    item_id: str | None,
    record: Mapping[str, Any],
    content: Mapping[str, Any],
) -> Draft:
    """Something that happens to the session or to an item without a reviewer's verdict."""
    return Claims(session_id=session_id, reviewer=reviewer).draft(kind, item_id, record, content)


def _on_item(claims: Claims, draw: Draw, content_hash: str) -> dict[str, Any]:
    return {
        "content_hash": content_hash,
        "id_type": draw.id_type,
        "shown_at": claims.shown_at,
        "decided_at": claims.decided_at,
        "seconds": claims.seconds,
    }


def _selection(draw: Draw) -> dict[str, Any]:
    return {
        "plan_version": draw.plan_version,
        "decision_kind": draw.kind,
        "selection": {
            "draw": draw.draw,
            "probability": draw.selection_probability,
            "pool_size": draw.pool_size,
            "chosen_by": draw.chosen_by,
        },
    }


def _settled(action: str, value: Any, prediction: Any, reason: str | None, task: Task) -> str:
    match action:
        case "flag":
            if not (isinstance(reason, str) and reason.strip()):
                raise InvalidDecision("a flag needs a reason: say why, as in session.flag(item, 'unreadable')")
            if value is not None:
                raise InvalidDecision("a flag has no value: correct the item, or flag it")
            return action
        case "accept":
            if prediction is None:
                raise InvalidDecision("there is no prediction to accept on this item: give a value with correct")
            if value is None or task.equal(value, prediction):
                return action
            return "correct"
        case "correct":
            if value is None:
                raise InvalidDecision("a correction needs a value")
            return "accept" if prediction is not None and task.equal(value, prediction) else action
        case _:
            raise InvalidDecision(f"action={action!r}: one of accept, correct, flag")


def _json(task: Task, value: Any) -> Any:
    return None if value is None else task.to_json(value)
