"""The log as DataFrames."""

from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from hitl_notebook.decisions import Event, Verdicts
from hitl_notebook.tasks.task import Task

__all__ = ["DECISION_COLUMNS", "LOG_COLUMNS", "decisions_frame", "log_frame"]

TypedId = Callable[[str, str], Any]

DECISION_COLUMNS = (
    "item_id",
    "reviewer",
    "action",
    "prediction",
    "confidence",
    "value",
    "agreed",
    "reason",
    "comment",
    "kind",
    "model_version",
    "first_value",
    "blind",
    "explained",
    "shown_at",
    "decided_at",
    "recorded_at",
    "seconds",
    "selection_probability",
    "pool_size",
    "chosen_by",
    "plan_version",
    "guidelines_version",
    "shown_prediction",
    "shown_model_version",
    "origin",
    "content_hash",
    "seq",
    "event_id",
)
LOG_COLUMNS = (
    "seq",
    "recorded_at",
    "kind",
    "reviewer",
    "item_id",
    "action",
    "value",
    "replaces",
    "event_id",
    "record",
    "content",
)

_TIMES = ("shown_at", "decided_at", "recorded_at")
_NUMBERS = ("confidence", "seconds", "selection_probability")
_AS_THEY_ARE = ("prediction", "value", "first_value", "shown_prediction")


def decisions_frame(verdicts: Verdicts, task: Task, typed_id: TypedId) -> pd.DataFrame:
    """One row per reviewer and item with a standing decision, in the order of the log.

    ``prediction``, ``confidence`` and ``model_version`` are the newest ones known for the item, ``agreed`` follows
    them: True, False, or missing where flagged or without a prediction. ``shown_prediction`` and
    ``shown_model_version`` are what the reviewer saw. Slices come as columns ``slice_<name>``.
    """
    rows = [_decision_row(event, verdicts, task, typed_id) for event, _ in verdicts.effective()]
    slices = list(dict.fromkeys(name for row in rows for name in row if name.startswith("slice_")))
    columns = {name: [row.get(name) for row in rows] for name in (*DECISION_COLUMNS, *slices)}
    return _typed(columns)


def _decision_row(event: Event, verdicts: Verdicts, task: Task, typed_id: TypedId) -> dict[str, Any]:
    record, content = event.record, event.content or {}
    item_id = event.item_id or ""
    shown_prediction = content.get("prediction")
    prediction, confidence, model_version = shown_prediction, content.get("confidence"), record["model_version"]
    newer = verdicts.predictions.get(item_id)
    if newer is not None:
        model_version, prediction, confidence = newer
    selection = record.get("selection") or {}
    typed = {
        "prediction": _value(task, prediction),
        "shown_prediction": _value(task, content.get("shown_prediction", shown_prediction)),
        "value": _value(task, content.get("value")),
        "first_value": _value(task, content.get("first_value")),
    }
    judged = record["action"] != "flag" and prediction is not None and event.content is not None
    return {
        **{f"slice_{name}": value for name, value in (content.get("slices") or {}).items()},
        **typed,
        "item_id": typed_id(item_id, record["id_type"]),
        "reviewer": event.reviewer,
        "action": record["action"],
        "confidence": confidence,
        "agreed": task.equal(typed["value"], typed["prediction"]) if judged else None,
        "reason": content.get("reason"),
        "comment": content.get("comment"),
        "kind": record["decision_kind"],
        "model_version": model_version,
        "blind": record["blind"],
        "explained": record["explained"],
        "shown_at": record["shown_at"],
        "decided_at": record["decided_at"],
        "recorded_at": event.recorded_at,
        "seconds": record["seconds"],
        "selection_probability": selection.get("probability"),
        "pool_size": selection.get("pool_size"),
        "chosen_by": selection.get("chosen_by"),
        "plan_version": record["plan_version"],
        "guidelines_version": record["guidelines_version"],
        "shown_model_version": record["model_version"],
        "origin": record["origin"],
        "content_hash": record["content_hash"],
        "seq": event.seq,
        "event_id": event.event_id,
    }


def _value(task: Task, data: Any) -> Any:
    return None if data is None else task.from_json(data)


def _typed(columns: dict[str, list[Any]]) -> pd.DataFrame:
    series: dict[str, pd.Series[Any]] = {}
    for name, cells in columns.items():
        if name in _TIMES:
            # A page's clock is the page's claim: what is no time at all is missing.
            series[name] = pd.to_datetime(pd.Series(cells, dtype=object), utc=True, format="ISO8601", errors="coerce")
        elif name in _NUMBERS:
            series[name] = pd.Series(cells, dtype="float64")
        elif name in ("agreed", "blind", "explained"):
            series[name] = pd.Series(cells, dtype="boolean")
        elif name == "pool_size":
            series[name] = pd.Series(cells, dtype="Int64")
        elif name in _AS_THEY_ARE:
            series[name] = pd.Series(cells, dtype=object)
        else:
            series[name] = pd.Series(cells, dtype=object).infer_objects() if cells else pd.Series(cells, dtype=object)
    return pd.DataFrame(series)


def log_frame(events: Iterable[Event]) -> pd.DataFrame:
    """Every event, one row each, in the order of the log; ``record`` and ``content`` hold what has no column."""
    rows = [
        {
            "seq": event.seq,
            "recorded_at": event.recorded_at,
            "kind": event.kind,
            "reviewer": event.reviewer,
            "item_id": event.item_id,
            "action": event.record.get("action"),
            "value": (event.content or {}).get("value"),
            "replaces": event.record.get("replaces"),
            "event_id": event.event_id,
            "record": event.record,
            "content": event.content,
        }
        for event in events
    ]
    frame = pd.DataFrame(rows, columns=list(LOG_COLUMNS))
    frame["recorded_at"] = pd.to_datetime(frame["recorded_at"], utc=True, format="ISO8601")
    return frame
