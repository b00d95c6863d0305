"""Items: what there is to review, by position, by key and by the user's own id."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from hitl_notebook.errors import UnknownItem
from hitl_notebook.fields.explained import AWAITED, Explained
from hitl_notebook.fields.field import Field
from hitl_notebook.items.content import content_hash
from hitl_notebook.items.frame import Column, Frame, Positions
from hitl_notebook.items.ids import Ids, RowNumbers
from hitl_notebook.items.scores import Floats
from hitl_notebook.items.slices import json_of_slice
from hitl_notebook.items.version import hashed_texts, version_of
from hitl_notebook.tasks.task import Cells, Task

if TYPE_CHECKING:
    from hitl_notebook.protocol import Block, Candidate

__all__ = ["Items"]

_HASHED_AT_ONCE = 10_000
_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, eq=False, kw_only=True)
class Items:
    """A snapshot of the user's frame, made by ``read_items``.

    Items are counted from 0, in the order of the frame. Arrays are in that order and cannot be written to.
    """

    frame: Frame
    ids: Ids | RowNumbers
    id_column: Any
    """Name of the column of ids; None where the rows' numbers are the ids."""
    model_columns: Sequence[Any]
    """Names of the columns in which the model speaks: prediction, confidence, probabilities and explanations."""
    task: Task
    """The task, completed with what the user left out."""
    predictions: Cells
    """Canonical values, None where missing."""
    confidence: Floats
    """In [0, 1], NaN where unknown."""
    probabilities: Floats | None
    """One row an item, one column an outcome of the task; rows of NaN where unknown."""
    gold: Cells | None
    """Known answers, canonical, None where unknown: never for the page."""
    gold_column: Any
    slices: Mapping[str, Cells]
    fields: Sequence[Field]
    explanation_fields: Sequence[Field]
    warnings: Sequence[str]
    """What the user should know of these items, in sentences."""

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def has_predictions(self) -> bool:
        """Whether any item has a prediction."""
        return any(prediction is not None for prediction in self.predictions)

    @property
    def has_confidence(self) -> bool:
        """Whether any item has a confidence."""
        return not bool(np.isnan(self.confidence).all())

    @property
    def shown(self) -> list[str]:
        """The names of the columns that the reviewer sees, explanations not among them."""
        return [str(name) for field in self.fields for name in field.columns]

    @cached_property
    def shown_of_the_model(self) -> list[Any]:
        """The names of shown columns in which the model speaks."""
        return [name for field in self.fields for name in field.columns if name in self.model_columns]

    @cached_property
    def model_version(self) -> str:
        """A short hash of ids, predictions and confidences, the same whatever the order of the rows."""
        to_json = self.task.to_json
        # A few values once each, not a million items, where it is known that equal values are the same.
        if self.task.outcomes is not None and self.task.exclusive:
            said = list(map({outcome: to_json(outcome) for outcome in self.task.outcomes}.get, self.predictions))
        elif self.task.outcomes is not None:
            texts = {parts: json.dumps(to_json(parts)) for parts in set(self.predictions) if parts is not None}
            said = list(map(texts.get, self.predictions))
        else:
            said = [None if prediction is None else to_json(prediction) for prediction in self.predictions]
        return version_of(self.id_hashes, said, self.confidence)

    def with_task(self, task: Task) -> Self:
        """These items under a task that has all outcomes of this one, and perhaps more: those have probability 0."""
        before, after = list(self.task.outcomes or ()), list(task.outcomes or ())
        if before == after:
            return replace(self, task=task)
        probabilities = self.probabilities
        if probabilities is not None:
            probabilities = np.zeros((len(self), len(after)))
            probabilities[:, [after.index(outcome) for outcome in before]] = self.probabilities
        return replace(
            self,
            task=task,
            # Read again, since a label found as 3.0 may have been 3 before.
            predictions=task.read_predictions(self.predictions, "prediction"),
            gold=None if self.gold is None else task.read_predictions(self.gold, "gold"),
            probabilities=probabilities,
        )

    @cached_property
    def explainers(self) -> Sequence[Explained]:
        """The places of explanations that are made on the way, each with its explainer."""
        return [field for field in self.explanation_fields if isinstance(field, Explained)]

    # ------------------------------------------------------------ which item

    def item_id(self, position: int) -> Any:
        """The user's own id, with its type."""
        return self.ids.id(position)

    def id_type(self, position: int) -> str:
        """The type of the id, as the store names it: "str", "int", "float", "uuid", "datetime", "date" or "time"."""
        return self.ids.kind(position)

    def key(self, position: int) -> str:
        """The id as text: on the wire and in the store."""
        return self.ids.keys([position])[0]

    def keys(self, positions: Positions) -> list[str]:
        """The ids as text, many at once."""
        return self.ids.keys(positions)

    def position(self, key: str) -> int | None:
        """Where the item with this key stands; None where there is none."""
        return self.ids.position(key)

    def position_of(self, item_id: Any) -> int:
        """Where the item with the user's own id stands; raises UnknownItem."""
        position = self.ids.find(item_id)
        if position is None:
            raise UnknownItem(self.ids.unknown(item_id))
        return position

    def find(self, item_id: Any) -> int | None:
        """Where the item with the user's own id stands; None where there is none."""
        return self.ids.find(item_id)

    @cached_property
    def id_hashes(self) -> npt.NDArray[np.uint64]:
        """A hash of each item's id: the same in any process, and in any frame that has the item."""
        return hashed_texts(self.ids.keys(range(len(self))))

    # ------------------------------------------------------------ what is known of it

    def slices_at(self, position: int) -> dict[str, Any]:
        """The item's slices as strict JSON."""
        return {name: json_of_slice(cells[position]) for name, cells in self.slices.items()}

    def candidates(self, position: int, limit: int = 12) -> "list[Candidate]":
        """The outcomes to choose from as JSON, most probable first; of equal ones the first declared."""
        if self.probabilities is None or np.isnan(self.probabilities[position]).any():
            prediction, confidence = self.predictions[position], float(self.confidence[position])
            if prediction is None or not self.task.exclusive:
                return []
            probability = None if np.isnan(confidence) else confidence
            return [{"value": self.task.to_json(prediction), "probability": probability}]
        outcomes = self.task.outcomes or ()
        row = self.probabilities[position]
        best = np.argsort(-row, kind="stable")[:limit]
        return [{"value": self.task.outcome_to_json(outcomes[at]), "probability": float(row[at])} for at in best]

    def content_hashes(self, positions: Positions, salt: bytes) -> list[str]:
        """A hash of each item's shown cells, keyed by ``salt``: the same cells have the same one in any library."""
        hashes: list[str] = []
        for start in range(0, len(positions), _HASHED_AT_ONCE):
            some = positions[start : start + _HASHED_AT_ONCE]
            cells = [column.take(some) for column in self._content]
            rows = zip(*cells, strict=True) if cells else ((),) * len(some)
            hashes += [content_hash(row, salt) for row in rows]
        return hashes

    @cached_property
    def _content(self) -> list[Column]:
        # By name, so that another order on the card is not another content.
        names = dict.fromkeys(name for field in self.fields for name in field.columns)
        return [self.frame.column(name) for name in sorted(names, key=str)]

    # ------------------------------------------------------------ what is shown of it

    def freeze(self, positions: Positions) -> None:
        """Keep what nested cells hold now, whatever the user does to them later."""
        self.frame.freeze(positions)

    def payload(
        self, position: int, *, is_explained: bool = True, made: Mapping[str, Any] = _NOTHING
    ) -> "tuple[list[Block], list[Block], list[bytes]]":
        """The item's blocks, its explanation's blocks, and the buffers that both point into.

        ``made`` has what explainers have said of the item, by the names of their fields.
        """
        buffers: list[bytes] = []
        blocks = [field.block(self._cell(field, position), buffers) for field in self.fields]
        explaining = self.explanation_fields if is_explained else ()
        explanation = [field.block(self._cell(field, position, made), buffers) for field in explaining]
        return blocks, explanation, buffers

    def full_text(
        self,
        position: int,
        part: Literal["blocks", "explanation"],
        index: int,
        message: int | None = None,
        *,
        made: Mapping[str, Any] = _NOTHING,
    ) -> str:
        """All of the text of a block that was cut; raises InvalidField where the block is none of text."""
        field = (self.fields if part == "blocks" else self.explanation_fields)[index]
        return field.full_text(self._cell(field, position, made), message)

    def _cell(self, field: Field, position: int, made: Mapping[str, Any] = _NOTHING) -> Any:
        if isinstance(field, Explained):
            return made.get(field.name, AWAITED)
        cells = {str(name): self.frame.column(name).take([position])[0] for name in field.columns}
        return cells if isinstance(field.column, tuple) else next(iter(cells.values()))

    def rows_to_explain(self, positions: Positions) -> pd.DataFrame:
        """Every column of these items but that of known answers, as pandas, in this order, with a new index."""
        rows = self.frame.rows(positions)
        return rows if self.gold_column is None else rows.drop(columns=self.gold_column)

    # ------------------------------------------------------------ the frame behind it

    def row(self, position: int) -> dict[Any, Any]:
        """Every column's cell, with the user's own values."""
        return self.frame.row(position)

    def frame_rows(self, positions: Positions) -> pd.DataFrame:
        """Every column of these items as pandas, in this order, with a new index."""
        return self.frame.rows(positions)

    def native_frame(self, without: Sequence[Any] = ()) -> Any:
        """The whole snapshot in the user's own library, some columns left out."""
        return self.frame.native(without)
