"""Drafts as a review makes them, for the tests of the store."""

from hitl_notebook.decisions import Draft
from hitl_notebook.review_queue import Draw

CONTENT = {"prediction": "refund", "confidence": 0.9, "value": "refund", "comment": "zwölf \x00 \ud800 😀"}


def decide(session_id, number, reviewer="ada", replaces=None, prefix="e", selection=None):
    record = {
        "client_id": "0198f3c2-0000-7000-8000-00000000000a",
        "client_seq": number,
        "content_hash": "9f" * 16,
        "id_type": "str",
        "action": "accept",
        "replaces": replaces,
        "model_version": "v1",
        "plan_version": "p1",
        "guidelines_version": "g1",
        "decision_kind": "regular",
        "blind": False,
        "explained": True,
        "shown_at": "2026-11-21T09:30:00.120Z",
        "decided_at": "2026-11-21T09:30:02.480Z",
        "seconds": 2.36,
        "origin": "page",
        "selection": selection,
        "tool_version": "0.1.0",
    }
    content = {
        **CONTENT,
        "shown_prediction": "refund",
        "first_value": None,
        "reason": None,
        "slices": {"channel": "mail"},
    }
    return Draft(f"{prefix}{number}", session_id, "decide", reviewer, f"t{number}", record, content)


def undo(session_id, event_id, replaces, reviewer="ada"):
    return Draft(event_id, session_id, "undo", reviewer, None, {"replaces": replaces, "origin": "api"})


def draw(number, **changes):
    facts = {
        "draw": number,
        "item_id": f"t{number}",
        "id_type": "str",
        "content_hash": "9f" * 16,
        "model_version": "v1",
        "plan_version": "p1",
        "chosen_by": "random",
        "selection_probability": 0.1,
        "pool_size": 10,
        "prediction": "refund",
        "confidence": 0.9,
        "slices": {"channel": "mail"},
    }
    return Draw(**{**facts, **changes})


def selection_of(drawn):
    return {
        "draw": drawn.draw,
        "probability": drawn.selection_probability,
        "pool_size": drawn.pool_size,
        "chosen_by": drawn.chosen_by,
    }


def ids(events):
    return [event.event_id for event in events]
