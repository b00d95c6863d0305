"""What stands of a log, as rows of a DataFrame."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from operator import itemgetter
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from hitl_notebook.decisions import Event, Reprediction
from hitl_notebook.frames.columns import inferred, objects, texts, times
from hitl_notebook.tasks.task import Json, Task

__all__ = ["TEXTS", "VALUES", "Decision", "TypedId", "decision_rows", "inferred_columns", "is_slice"]

Decision: TypeAlias = tuple[Event, Reprediction | None]
"""A standing decision with the newest prediction on its item, where that came after it."""
TypedId: TypeAlias = Callable[[str, str], Any]

VALUES = ("prediction", "value", "first_value", "shown_prediction")
_OF_RECORD = (
    *("action", "plan_version", "guidelines_version", "origin", "content_hash", "shown_at", "decided_at", "blind"),
    *("explained", "decision_kind", "model_version", "seconds", "selection", "id_type"),
)
_OF_CONTENT = ("prediction", "confidence", "value", "first_value", "reason", "comment", "slices")
_OF_SELECTION = ("probability", "pool_size", "chosen_by")
_NOTHING: Mapping[str, Any] = {}
TEXTS = (
    *("reviewer", "action", "reason", "comment", "kind", "model_version", "chosen_by", "plan_version"),
    *("guidelines_version", "shown_model_version", "origin", "content_hash", "event_id"),
)


def decision_rows(decisions: Sequence[Decision], task: Task, typed_id: TypedId) -> dict[str, Any]:
    """The columns of a ``DecisionTable``, and three that they follow from: ``key``, ``id`` and ``slices``."""
    events = [event for event, _ in decisions]
    record = _columns([event.record for event in events], _OF_RECORD)
    content = _columns([event.content or _NOTHING for event in events], _OF_CONTENT)
    selection = _columns([selected or _NOTHING for selected in record["selection"]], _OF_SELECTION)
    shown, prediction, confidence = content["prediction"], list(content["prediction"]), list(content["confidence"])
    model_version = list(record["model_version"])
    for place, (_, newer) in enumerate(decisions):
        if newer is not None:
            model_version[place], prediction[place], confidence[place] = newer
    values = _Values(task)
    agreed = [
        None if action == "flag" or now is None or event.content is None else values.equal(value, now)
        for event, action, value, now in zip(events, record["action"], content["value"], prediction, strict=True)
    ]
    planted = [
        event.content["shown_prediction"] if event.content and "shown_prediction" in event.content else said
        for event, said in zip(events, shown, strict=True)
    ]
    keys = [event.item_id or "" for event in events]
    rows = {
        "seq": np.array([event.seq for event in events], dtype=np.int64),
        "event_id": texts([event.event_id for event in events]),
        "reviewer": texts([event.reviewer for event in events]),
        "recorded_at": times([event.recorded_at for event in events]),
        **{name: texts(record[name]) for name in ("action", "plan_version", "guidelines_version")},
        **{name: texts(record[name]) for name in ("origin", "content_hash")},
        **{name: times(record[name]) for name in ("shown_at", "decided_at")},
        **{name: pd.array(record[name], dtype="boolean") for name in ("blind", "explained")},
        "kind": texts(record["decision_kind"]),
        "shown_model_version": texts(record["model_version"]),
        "seconds": np.array(record["seconds"], dtype=np.float64),
        "selection_probability": np.array(selection["probability"], dtype=np.float64),
        "pool_size": pd.array(selection["pool_size"], dtype="Int64"),
        "chosen_by": texts(selection["chosen_by"]),
        **{name: texts(content[name]) for name in ("reason", "comment")},
        **{name: objects(list(map(values.value, content[name]))) for name in ("value", "first_value")},
        "shown_prediction": objects(list(map(values.value, planted))),
        "prediction": objects(list(map(values.value, prediction))),
        "confidence": np.array(confidence, dtype=np.float64),
        "model_version": texts(model_version),
        "agreed": pd.array(agreed, dtype="boolean"),
        "key": objects(keys),
        "id": objects(list(map(typed_id, keys, record["id_type"]))),
        "slices": objects([of_item or _NOTHING for of_item in content["slices"]]),
    }
    return rows | inferred_columns(rows)


def is_slice(name: Hashable) -> bool:
    """Whether a column of these rows is a slice's."""
    return str(name).startswith("slice_")


def inferred_columns(rows: Mapping[str, Any] | pd.DataFrame) -> dict[str, Any]:
    """The columns whose types their cells decide, ids and slices, where the rows lack them."""
    columns: dict[str, Any] = {} if "item_id" in rows else {"item_id": inferred(rows["id"].tolist())}
    slices = rows["slices"].tolist()
    for name in sorted({name for names in set(map(tuple, slices)) for name in names}):
        if f"slice_{name}" not in rows:
            columns[f"slice_{name}"] = inferred([of_item.get(name) for of_item in slices])
    return columns


def _columns(parts: Sequence[Mapping[str, Any]], names: Sequence[str]) -> dict[str, Sequence[Any]]:
    """What the parts have under each of the names, None where they have nothing; each part is looked at once."""
    if not parts:
        return dict.fromkeys(names, ())
    try:
        cells = zip(*map(itemgetter(*names), parts), strict=True)
    except KeyError:  # events of another origin, or from before there was such a thing
        cells = zip(*[[part.get(name) for name in names] for part in parts], strict=True)
    return dict(zip(names, cells, strict=True))


class _Values:
    """Values as the task reads them, each text once: of labels there are a few for a hundred thousand decisions."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._read: dict[str, Any] = {}
        self._equal: dict[tuple[str, str], bool] = {}

    def value(self, data: Json) -> Any:
        if data is None:
            return None
        if type(data) is not str:
            return self._task.recorded(data)
        if data not in self._read:
            self._read[data] = self._task.recorded(data)
        return self._read[data]

    def equal(self, a: Json, b: Json) -> bool:
        if type(a) is not str or type(b) is not str:
            return self._task.recorded_alike(a, b)
        known = self._equal.get((a, b))
        if known is None:
            known = self._equal[a, b] = self._task.recorded_alike(a, b)
        return known
