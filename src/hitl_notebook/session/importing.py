"""Decisions made elsewhere, taken into a session's log and marked as such."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from hitl_notebook.decisions import Draft
from hitl_notebook.errors import InvalidDecision
from hitl_notebook.review_queue import Draw
from hitl_notebook.session.drafts import Claims, Remarks
from hitl_notebook.session.review import Review

if TYPE_CHECKING:
    from hitl_notebook.exchange import ImportedDecision

__all__ = ["import_rows"]

Keyed = tuple[str, "ImportedDecision"]


def import_rows(review: Review, rows: Sequence[Keyed]) -> dict[str, int]:
    """Record decisions by item key, all or none; counts of ``imported``, ``known`` and ``kept``.

    ``known`` are those the log has already, imported before or made here and exported; ``kept`` those of reviewers who
    have a decision on the item here, which stays.

    Raises
    ------
    InvalidDecision
        Accepts of items that have no prediction, naming the rows.
    """
    from hitl_notebook.exchange import not_taken

    review.refresh()
    new = [(key, row) for key, row in rows if not _is_known(review, row)]
    fresh = [(key, row) for key, row in new if review.verdicts.decision(row.reviewer, key) is None]
    draws = {
        reviewer: review.draws(reviewer, [key for key, row in fresh if row.reviewer == reviewer])
        for reviewer in dict.fromkeys(row.reviewer for _, row in fresh)
    }
    drafts: list[Draft] = []
    faults: dict[int, object] = {}
    for key, row in fresh:
        try:
            drafts.append(_draft(review, draws[row.reviewer][key], row))
        except InvalidDecision as fault:
            faults[row.row] = fault
    if faults:
        raise InvalidDecision(f"{not_taken(faults, len(faults))}. Nothing was imported")
    review.record_all(drafts)
    return {"imported": len(fresh), "known": len(rows) - len(new), "kept": len(new) - len(fresh)}


def _draft(review: Review, draw: Draw, row: "ImportedDecision") -> Draft:
    claims = Claims(
        session_id=review.row.session_id,
        reviewer=row.reviewer,
        origin="import",
        event_id=_event_id(review, row),
        decided_at=row.decided_at,
        seconds=row.seconds,
    )
    remarks = Remarks(reason=row.reason, comment=row.comment)
    # A decision that was made here meanwhile stays.
    seen = review.seen_now(row.reviewer, draw)._replace(replaces=None)
    return review.decision_draft(claims, draw.item_id, row.action or "correct", row.value, remarks, seen, draw=draw)


def _is_known(review: Review, row: "ImportedDecision") -> bool:
    return any(review.verdicts.knows(event_id) is not None for event_id in (row.event_id, _event_id(review, row)))


def _event_id(review: Review, row: "ImportedDecision") -> str:
    """The id of an imported decision's event: the one it came with belongs to the log it was made in."""
    return str(uuid5(UUID(review.row.session_id), row.event_id))
