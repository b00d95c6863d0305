"""The door: a frame is taken whole or refused, with an error that names column, row and remedy."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np

from hitl_notebook.errors import BadColumn, InvalidField, InvalidTask
from hitl_notebook.fields.detection import CELLS_LOOKED_AT, explanation_field, shown_field
from hitl_notebook.fields.explained import Explained
from hitl_notebook.fields.field import Field
from hitl_notebook.fields.table import Table
from hitl_notebook.items.frame import Column, Frame, Name
from hitl_notebook.items.ids import RowNumbers, read_ids
from hitl_notebook.items.items import Items
from hitl_notebook.items.scores import Floats, read_confidence, read_probabilities
from hitl_notebook.items.slices import read_slices
from hitl_notebook.quoted import quoted
from hitl_notebook.tasks.task import SHOWN_ROWS, Cells, Task
from hitl_notebook.tasks.trial import try_out

__all__ = ["read_items", "read_named_items"]

_ANSWERS = frozenset(
    [
        "actual",
        "answer",
        "class",
        "expected",
        "gold",
        "gold_label",
        "ground_truth",
        "groundtruth",
        "label",
        "labels",
        "target",
        "targets",
        "true_label",
        "truth",
        "y",
        "y_true",
        "ytrue",
    ]
)


def read_items(
    frame: Any,
    *,
    task: Task,
    item_id: Name | None = None,
    prediction: Name | None = None,
    confidence: Name | None = None,
    probabilities: Any = None,
    show: Any = None,
    explanation: Any = None,
    slices: Any = None,
    gold: Name | None = None,
) -> Items:
    """What there is to review, checked and snapshotted.

    Parameters
    ----------
    frame : pandas, polars or pyarrow table, or list of dicts
        One row an item; never modified, and later changes to it have no effect.
    task : Task
    item_id : column, unique
        Left out, a row's number is its id, whatever the index.
    prediction : column
        Values of the task, missing where nothing was predicted. Left out, the most probable outcome.
    confidence : column in [0, 1]
        The probability that the prediction is right. Left out, the predicted outcome's probability.
    probabilities : list of columns, column of dicts or lists, or array or frame of one row an item
        In the order of the task's outcomes, or named as they are.
    show, explanation : column, field, or a list of these
        Left out, every column is shown that has no other part; numbers and dates together as one table.
        ``explanation`` takes explainers too, which are not asked here.
    slices : column or list of columns
    gold : column
        Known answers, missing where unknown.

    Raises
    ------
    BadFrame, MissingColumn, BadColumn, InvalidField, InvalidTask
        Each names the column, up to five rows, and what would be right. Rows are counted from 0.

    Examples
    --------
    >>> from hitl_notebook.tasks import Classification
    >>> rows = [{"id": "t1", "text": "Where is my money?", "predicted": "refund"}]
    >>> items = read_items(rows, task=Classification(["refund", "card lost"]), item_id="id", prediction="predicted")
    >>> items.payload(items.position("t1"))[0]
    [{'type': 'text', 'field': 'text', 'text': 'Where is my money?'}]
    """
    if not isinstance(task, Task):
        raise InvalidTask(f"task is one such as Classification(labels), not {quoted(task)}")
    snapshot = Frame.snapshot(frame)
    _check_names(item_id=item_id, prediction=prediction, confidence=confidence, gold=gold)
    ids = RowNumbers(len(snapshot)) if item_id is None else read_ids(snapshot.column(item_id, "item_id"))
    stated = _cells(snapshot, prediction, "prediction")
    task = task.completed(np.full(len(snapshot), None, dtype=object) if stated is None else stated)
    predictions = None if stated is None else task.read_predictions(stated, str(prediction))
    rows = _probabilities(snapshot, probabilities, task, predictions)
    if predictions is None:
        predictions = _most_probable(task, rows, len(snapshot))
    try_out(task, predictions)
    known = _cells(snapshot, gold, "gold")
    hidden = [] if gold is None else [gold]
    others = [item_id, prediction, confidence, gold, *_list(slices), *_names_in(probabilities), *_named_by(explanation)]
    shown = _fields(snapshot, show, "show", hidden) if show is not None else _everything_but(snapshot, others)
    explained = _fields(snapshot, explanation, "explanation", hidden)
    return Items(
        frame=snapshot,
        ids=ids,
        id_column=item_id,
        model_columns=_model_columns(snapshot, prediction, confidence, probabilities, explained),
        task=task,
        predictions=_fixed(predictions),
        confidence=_fixed(_confidence(snapshot, confidence, task, predictions, rows)),
        probabilities=None if rows is None else _fixed(rows),
        gold=None if known is None else _fixed(task.read_predictions(known, str(gold))),
        gold_column=gold,
        slices=read_slices(snapshot, _list(slices)),
        fields=shown,
        explanation_fields=explained,
        warnings=_warnings(shown, prediction),
    )


def read_named_items(frame: Any, *, task: Task, columns: Mapping[str, Any]) -> Items:
    """``read_items`` with the columns as a log names them: in text, whatever they are called by in the frame."""
    snapshot = Frame.snapshot(frame)
    named = {str(name): name for name in snapshot.names} | {n: n for n in snapshot.names if isinstance(n, str)}

    def called(recorded: Any) -> Any:
        if isinstance(recorded, list):
            return [called(name) for name in recorded]
        return None if recorded is None else named.get(str(recorded), recorded)

    return read_items(snapshot, task=task, **{part: called(recorded) for part, recorded in columns.items()})


def _check_names(**given: Any) -> None:
    for role, name in given.items():
        if not isinstance(name, Hashable) or isinstance(name, list | Field):
            raise BadColumn(f"{role} takes the name of one column, not {type(name).__name__}")


def _cells(frame: Frame, name: Name | None, role: str) -> Cells | None:
    return None if name is None else frame.column(name, role).cells()


def _list(given: Any) -> list[Any]:
    if given is None:
        return []
    return list(given) if isinstance(given, list | tuple) else [given]


def _fixed(array: Any) -> Any:
    array.flags.writeable = False
    return array


# ---------------------------------------------------------------- how sure


def _probabilities(frame: Frame, given: Any, task: Task, predictions: Cells | None) -> Floats | None:
    if given is None:
        return None
    if task.outcomes is None:
        raise BadColumn(f"probabilities are for tasks whose outcomes can be counted, which those of {task.name} cannot")
    texts = [str(task.outcome_to_json(outcome)) for outcome in task.outcomes]
    unpredicted = None if predictions is None else np.fromiter((p is None for p in predictions), bool, len(predictions))
    return read_probabilities(frame, given, task.outcomes, texts, unpredicted, exclusive=task.exclusive)


def _most_probable(task: Task, rows: Floats | None, count: int) -> Cells:
    predictions: Cells = np.full(count, None, dtype=object)
    if rows is not None and task.outcomes is not None:
        known = ~np.isnan(rows).any(axis=1)
        predictions[known] = task.most_probable(rows[known])
    return predictions


def _confidence(frame: Frame, name: Name | None, task: Task, predictions: Cells, rows: Floats | None) -> Floats:
    if name is not None:
        column = frame.column(name, "confidence")
        if len(frame) and all(prediction is None for prediction in predictions):
            raise BadColumn(
                f"confidence={name!r} says how likely a prediction is right, but no item has one: name prediction="
            )
        return read_confidence(column)
    confidence = np.full(len(frame), np.nan)
    if rows is not None and task.outcomes is not None and task.exclusive:
        places = {outcome: place for place, outcome in enumerate(task.outcomes)}
        chosen = np.fromiter((places.get(p, -1) for p in predictions), dtype=np.intp, count=len(predictions))
        predicted = np.flatnonzero(chosen >= 0)
        confidence[predicted] = rows[predicted, chosen[predicted]]
    return confidence


def _names_in(probabilities: Any) -> list[Any]:
    if isinstance(probabilities, list | tuple):
        return [name for name in probabilities if isinstance(name, Hashable)]
    return [probabilities] if isinstance(probabilities, str | int) else []


def _model_columns(
    frame: Frame, prediction: Name | None, confidence: Name | None, probabilities: Any, explained: Sequence[Field]
) -> list[Any]:
    stated = [name for name in (prediction, confidence) if name is not None]
    explaining = [name for field in explained for name in field.columns]
    probable = [name for name in _names_in(probabilities) if name in frame.names]
    return list(dict.fromkeys([*stated, *probable, *explaining]))


# ---------------------------------------------------------------- what is shown


def _named_by(fields: Any) -> list[Any]:
    given = [field for field in _list(fields) if not _is_explainer(field)]
    return [name for field in given for name in (field.columns if isinstance(field, Field) else (field,))]


def _is_explainer(given: Any) -> bool:
    return not isinstance(given, type | Field) and callable(getattr(given, "explain", None))


def _fields(frame: Frame, given: Any, role: str, hidden: Sequence[Any]) -> list[Field]:
    fields: list[Field] = []
    for name in _list(given):
        if role == "explanation" and _is_explainer(name):
            fields.append(Explained(_name_of(name, _list(given)), explainer=name))
            continue
        if not isinstance(name, Field) and (
            isinstance(name, type) or not isinstance(name, Hashable) or callable(name) or _is_explainer(name)
        ):
            raise _no_field(name, role)
        field = name if isinstance(name, Field) else None
        for column_name in field.columns if field is not None else (name,):
            if column_name in hidden:
                raise InvalidField(
                    f"{role}: {quoted(column_name)} is the column of known answers (gold), which is never shown"
                )
            column = frame.column(column_name, role)
            if field is not None:
                _check_field(field, column, role)
        find = shown_field if role == "show" else explanation_field
        fields.append(field or find(name, frame.column(name, role).first(CELLS_LOOKED_AT)))
    return fields


def _no_field(given: Any, role: str) -> InvalidField:
    hint = ""
    if hasattr(given, "explain"):
        hint = ": make one of that class" if isinstance(given, type) else ": that is for explanation="
    return InvalidField(
        f"{role} takes names of columns and fields such as fields.Text('body'), not {quoted(given)}{hint}"
    )


def _name_of(explainer: Any, among: Sequence[Any]) -> str:
    """What the page calls an explainer's part: by its class and number where there are several."""
    if len(among) == 1:
        return "explanation"
    name = type(explainer).__name__
    alike = [other for other in among if type(other) is type(explainer)]
    places = [place for place, other in enumerate(alike, 1) if other is explainer]
    return name if len(alike) == 1 else f"{name} {places[0]}"


def _check_field(field: Field, column: Column, role: str) -> None:
    unsuited = [cell for cell in column.first(1) if not field.suits(cell)]
    if unsuited:
        raise InvalidField(
            f"{role}: {type(field).__name__}({quoted(column.name)}) cannot show {quoted(unsuited[0])}: it wants lists "
            "or mappings; where the column holds JSON as text, read it with json.loads first"
        )
    if type(field).refused is Field.refused:
        return
    cells = column.cells()
    refused = field.refused(cells.tolist())
    if refused:
        named = "; ".join(
            f"row {row}: {quoted(cells[row])}, {fault}" for row, fault in list(refused.items())[:SHOWN_ROWS]
        )
        raise BadColumn(f"{role}: column {column.name!r}: {len(refused):,} cells cannot be shown ({named})")


def _everything_but(frame: Frame, others: Sequence[Any]) -> list[Field]:
    """A field for each column that has no other part; numbers and dates, where there are several, in one table."""
    columns = [frame.column(name, "show") for name in frame.names if name not in others]
    numbers = [column.name for column in columns if column.is_measure]
    if len(numbers) < 2:
        numbers = []
    fields = [shown_field(c.name, c.first(CELLS_LOOKED_AT)) for c in columns if c.name not in numbers]
    return [*fields, Table(numbers)] if numbers else fields


def _warnings(shown: Sequence[Field], prediction: Name | None) -> list[str]:
    names = [name for field in shown for name in field.columns]
    warnings = [
        f"The shown column {quoted(name)} is named like an answer: a reviewer who sees it will not judge alone. "
        "Where it is one, leave it out of show=, or name it as gold="
        for name in names
        if str(name).strip().casefold() in _ANSWERS
    ]
    if prediction is not None and prediction in names:
        warnings.append(f"The shown column {quoted(prediction)} is the prediction: it is seen with the item")
    if not names:
        warnings.append("No column is left to show: reviewers will see the prediction alone. Name some in show=")
    return warnings
