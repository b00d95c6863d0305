"""Effective decisions as a table that follows the log."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from hitl_notebook.collector import collector_at_rest
from hitl_notebook.decisions import Verdicts
from hitl_notebook.frames.columns import Column, are_unchangeable, own_copy, texts
from hitl_notebook.frames.decision_rows import (
    TEXTS,
    VALUES,
    Decision,
    TypedId,
    decision_rows,
    inferred_columns,
    is_slice,
)
from hitl_notebook.frames.growing import GrowingRows
from hitl_notebook.tasks.task import Task

__all__ = ["DECISION_COLUMNS", "DecisionTable", "Standing"]

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


class Standing(NamedTuple):
    """The decisions that stand at one moment: all of them, or what is not as it was at an earlier one."""

    verdicts: Verdicts
    seq: int
    again: frozenset[str] | None
    """The items whose decisions are all read again, as they were not only added to; None for all there are."""
    decisions: Sequence[Decision]
    """In the order of the log."""

    @classmethod
    def now(cls, verdicts: Verdicts, since: "Standing | None" = None) -> Self:
        """What stands now; ask under the lock that the verdicts are extended under."""
        with collector_at_rest():
            if since is None or since.verdicts is not verdicts:
                again, events = None, verdicts.effective()
            else:
                news = verdicts.news(since.seq)
                again = frozenset(item for item, only_adds in news.items() if not only_adds)
                standing = (event for item in news for event in verdicts.on_item(item))
                new = [event for event in standing if event.seq > since.seq or event.item_id in again]
                events = sorted(new, key=lambda event: event.seq)
            newer = verdicts.predictions
            decisions = [(event, newer.get(event.item_id or "") if newer else None) for event in events]
        return cls(verdicts, verdicts.seq, again, decisions)


class DecisionTable:
    """One row per reviewer and item with a standing decision, in the order of the log.

    ``prediction``, ``confidence`` and ``model_version`` are the newest ones known for the item, ``agreed`` follows
    them: True, False, or missing where flagged or without a prediction. ``shown_prediction`` and
    ``shown_model_version`` are what the reviewer saw. Slices come as columns ``slice_<name>``, by name.

    A table never changes: ``extended`` gives another one, equal to a table of all that stands then.
    """

    def __init__(
        self, standing: Standing, task: Task, typed_id: TypedId, *, after: "DecisionTable | None" = None
    ) -> None:
        self.standing = standing
        self.task = task
        self._typed_id = typed_id
        with collector_at_rest():
            rows = decision_rows(standing.decisions, task, typed_id)
        self._changeable = {name for name in VALUES if not are_unchangeable(rows[name])}
        # On from those of an earlier table: what is there keeps its number.
        self._numbers: dict[str, dict[str, int]] = {"key": {}, "reviewer": {}} if after is None else after._numbers
        for number, name in (("item_number", "key"), ("reviewer_number", "reviewer")):
            rows[number] = _numbered(rows[name], self._numbers[name])
        self._rows = GrowingRows(rows)

    def extended(self, standing: Standing) -> "DecisionTable":
        """The table after the news of ``standing``, which was asked for with this table's as ``since``."""
        if standing.again is not None and not standing.again and not standing.decisions:
            return self
        if standing.again is None:
            return DecisionTable(standing, self.task, self._typed_id)
        table = DecisionTable(standing, self.task, self._typed_id, after=self)
        new = table._rows
        if not standing.again and self._rows.can_take(new) and _keep_their_types(self._rows, new):
            table._rows = self._rows.added(new)
        else:
            joined = _joined(self._rows.frame, standing.again, new.frame)
            table._rows = GrowingRows({str(name): column for name, column in joined.items()})
        table._changeable |= self._changeable
        return table

    def frame(self) -> pd.DataFrame:
        """The table as a frame of the caller's own: changing it changes nothing here."""
        rows = self._rows.frame
        slices = sorted(str(name) for name in rows if is_slice(name))
        frame = rows[[*DECISION_COLUMNS, *slices]].copy(deep=True)
        for name in self._changeable:
            frame[name] = own_copy(frame[name])
        return frame

    def rows(self) -> pd.DataFrame:
        """The same rows for someone who only reads, which costs nothing: cells are shared, and columns not in order.

        Beside those of ``frame`` there are ``key``, ``id`` and ``slices``, which others follow from, and numbers that
        tell items and reviewers apart: ``item_number`` and ``reviewer_number``.
        """
        return self._rows.frame.copy(deep=False)


def _joined(earlier: pd.DataFrame, again: frozenset[str], new: pd.DataFrame) -> pd.DataFrame:
    """The earlier rows, but those read again, and the new ones, in the order of the log, as if read all at once."""
    stays = np.ones(len(earlier), dtype=bool) if not again else ~earlier["key"].isin(list(again)).to_numpy()
    if not stays.any():
        return new
    parts = [earlier, new] if len(new) else [earlier]
    names = [
        name
        for name in earlier
        if all(name in part and _keeps_its_type(str(name), earlier[name], part[name]) for part in parts)
    ]
    is_whole = all(len(names) == len(part.columns) for part in (earlier, *parts))
    rows = pd.concat(parts if is_whole else [part[names] for part in parts], ignore_index=True)
    if again:
        places = np.concatenate([np.flatnonzero(stays), np.arange(len(earlier), len(rows))])
        rows = rows.take(places[np.argsort(rows["seq"].to_numpy()[places])]).reset_index(drop=True)
    dtypes = rows.dtypes  # of all at once: to take each column out of its frame takes longer than to join them
    for name in TEXTS:
        if pd.api.types.is_object_dtype(dtypes[name]):
            rows[name] = texts([cell if isinstance(cell, str) else None for cell in rows[name]])
    # Where no column was left out above, none has to be inferred from all cells again.
    return rows if is_whole else rows.assign(**inferred_columns(rows))


def _numbered(column: Column, numbers: dict[str, int]) -> npt.NDArray[np.intp]:
    """Each cell's number; those that have none are given the next ones."""
    code, found = pd.factorize(column)
    return np.array([numbers.setdefault(name, len(numbers)) for name in found.tolist()], dtype=np.intp)[code]


def _keep_their_types(earlier: GrowingRows, new: GrowingRows) -> bool:
    return all(_keeps_its_type(name, earlier[name], new[name]) for name in earlier.names)


def _keeps_its_type(name: str, column: Any, new: Any) -> bool:
    """Whether the column has the same type with the new cells and without any of its own."""
    if name != "item_id" and not is_slice(name):
        return True
    if new.dtype != column.dtype or pd.isna(column).any():
        return False
    # Other types may be those of a mixture: without one of its cells, floats may be integers.
    return column.dtype in ("int64", "bool", "str")
