"""What stands of a log, as rows of a DataFrame."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import pandas as pd

from hitl_notebook.decisions import Event, Reprediction
from hitl_notebook.frames.columns import inferred, objects, texts, times
from hitl_notebook.tasks.task import Json, Task

__all__ = ["TEXTS", "VALUES", "Decision", "TypedId", "decision_rows", "is_slice", "with_inferred"]

Decision: TypeAlias = tuple[Event, Reprediction | None]
"""A standing decision with the newest prediction on its item, where that came after it."""
TypedId: TypeAlias = Callable[[str, str], Any]

VALUES = ("prediction", "value", "first_value", "shown_prediction")
TEXTS = (
    *("reviewer", "action", "reason", "comment", "kind", "model_version", "chosen_by", "plan_version"),
    *("guidelines_version", "shown_model_version", "origin", "content_hash", "event_id"),
)


def decision_rows(decisions: Sequence[Decision], task: Task, typed_id: TypedId) -> pd.DataFrame:
    """The columns of a ``DecisionTable``, and three that they follow from: ``key``, ``id`` and ``slices``."""
    events = [event for event, _ in decisions]
    records = [event.record for event in events]
    contents: list[Mapping[str, Any]] = [event.content or {} for event in events]
    selections: list[Mapping[str, Any]] = [record.get("selection") or {} for record in records]
    shown = [
        Reprediction(record["model_version"], content.get("prediction"), content.get("confidence"))
        for record, content in zip(records, contents, strict=True)
    ]
    newest = [then if newer is None else newer for then, (_, newer) in zip(shown, decisions, strict=True)]
    values = _Values(task)
    agreed = [
        values.equal(content.get("value"), now.prediction)
        if event.record["action"] != "flag" and now.prediction is not None and event.content is not None
        else None
        for event, content, now in zip(events, contents, newest, strict=True)
    ]
    keys = [event.item_id or "" for event in events]
    rows = {
        "seq": pd.Series([event.seq for event in events], dtype="int64"),
        "event_id": texts([event.event_id for event in events]),
        "reviewer": texts([event.reviewer for event in events]),
        "recorded_at": times([event.recorded_at for event in events]),
        **{name: texts(_each(records, name)) for name in ("action", "plan_version", "guidelines_version")},
        **{name: texts(_each(records, name)) for name in ("origin", "content_hash")},
        **{name: times(_each(records, name)) for name in ("shown_at", "decided_at")},
        **{name: pd.Series(_each(records, name), dtype="boolean") for name in ("blind", "explained")},
        "kind": texts(_each(records, "decision_kind")),
        "shown_model_version": texts(_each(records, "model_version")),
        "seconds": pd.Series(_each(records, "seconds"), dtype="float64"),
        "selection_probability": pd.Series(_each(selections, "probability"), dtype="float64"),
        "pool_size": pd.Series(_each(selections, "pool_size"), dtype="Int64"),
        "chosen_by": texts(_each(selections, "chosen_by")),
        **{name: texts(_each(contents, name)) for name in ("reason", "comment")},
        **{name: objects(list(map(values.value, _each(contents, name)))) for name in ("value", "first_value")},
        "shown_prediction": objects(
            [values.value(content.get("shown_prediction", content.get("prediction"))) for content in contents]
        ),
        "prediction": objects([values.value(now.prediction) for now in newest]),
        "confidence": pd.Series([now.confidence for now in newest], dtype="float64"),
        "model_version": texts([now.model_version for now in newest]),
        "agreed": pd.Series(agreed, dtype="boolean"),
        "key": objects(keys),
        "id": objects([typed_id(key, record["id_type"]) for key, record in zip(keys, records, strict=True)]),
        "slices": objects([content.get("slices") or {} for content in contents]),
    }
    return with_inferred(pd.DataFrame(rows))


def is_slice(name: Hashable) -> bool:
    """Whether a column of these rows is a slice's."""
    return str(name).startswith("slice_")


def with_inferred(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the columns whose types their cells decide, ids and slices, where they lack them."""
    columns = {} if "item_id" in rows else {"item_id": inferred(rows["id"].tolist())}
    slices = rows["slices"].tolist()
    for name in sorted({name for names in set(map(tuple, slices)) for name in names}):
        if f"slice_{name}" not in rows:
            columns[f"slice_{name}"] = inferred([of_item.get(name) for of_item in slices])
    return rows.assign(**columns)


def _each(parts: Iterable[Mapping[str, Any]], name: str) -> list[Any]:
    return [part.get(name) for part in parts]


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
            return self._task.from_json(data)
        if data not in self._read:
            self._read[data] = self._task.from_json(data)
        return self._read[data]

    def equal(self, a: Json, b: Json) -> bool:
        if type(a) is not str or type(b) is not str:
            return self._task.equal(self.value(a), self.value(b))
        if (a, b) not in self._equal:
            self._equal[a, b] = self._task.equal(self.value(a), self.value(b))
        return self._equal[a, b]
