"""Decisions that were made elsewhere: in a spreadsheet, in another tool, in another store."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from math import isfinite
from typing import Any, NoReturn, TypeAlias
from uuid import UUID, uuid5

from hitl_notebook.decisions import canonical_json
from hitl_notebook.errors import BadColumn, BadName, InvalidValue, MissingColumn
from hitl_notebook.exchange.kinds import KINDS, kind_of, plain, type_column
from hitl_notebook.items.frame import Frame
from hitl_notebook.items.ids import plain_id
from hitl_notebook.names import reviewer_name
from hitl_notebook.quoted import quoted
from hitl_notebook.tasks.task import SHOWN_ROWS, Task

__all__ = ["ImportedDecision", "not_taken", "read_decisions"]

Read: TypeAlias = Callable[[Any], Any]

_NAMESPACE = UUID("6f0e2b1c-8d4f-5b43-9c1e-0a6a3d0f7b52")
_ACTIONS = ("accept", "correct", "flag")
_IDS = frozenset({"str", "int", "float", "uuid", "datetime", "date", "time"})
_LONGEST_ID = 1_000
_LONGEST_REMARK = 100_000


@dataclass(frozen=True, slots=True)
class ImportedDecision:
    """One row, checked. ``action`` is None where it was not given: it follows from the value and the prediction."""

    item_id: Any
    reviewer: str
    action: str | None
    value: Any
    reason: str | None
    comment: str | None
    decided_at: str | None
    seconds: float | None
    event_id: str
    row: int = field(compare=False)
    """Where it stood in the frame, counted from 0."""


def read_decisions(frame: Any, *, task: Task, reviewer: str | None) -> list[ImportedDecision]:
    """The decisions in ``frame``, all of them or an error.

    Parameters
    ----------
    frame : pandas, polars or pyarrow DataFrame, or list of dicts
        ``item_id``; ``action`` (accept, correct, flag), ``value``, or both; and where there are such: ``reviewer``,
        ``reason`` (a flag needs one), ``comment``, ``decided_at`` (with its time zone), ``seconds``, ``event_id``, and
        ``id_type``, which says what ids were that have become text. Other columns are passed over.
    reviewer : str, optional
        Who decided where the frame does not say.

    Returns
    -------
    One for each row; a row that repeats another exactly is left out. A row without an ``event_id`` gets one that
    follows from its content, so that importing it twice stores it once.

    Raises
    ------
    MissingColumn
        No ``item_id``, or neither ``action`` nor ``value``.
    BadColumn
        Cells that are no such thing, naming column and rows; two decisions of one reviewer on one item.
    """
    table = _Table(frame, task)
    if "action" not in table and "value" not in table:
        raise MissingColumn("no column 'action' and no column 'value': a decision has at least one of them")
    item_ids = table.item_ids()
    actions = table.read("action", _action, f"an action is one of {', '.join(_ACTIONS)}")
    values = table.read("value", task.check, "a value is one that the task allows")
    reviewers = table.read("reviewer", reviewer_name, "a reviewer is a name, as in 'ada'", reviewer)
    reasons = table.read("reason", _remark, f"a reason is text of at most {_LONGEST_REMARK:,} characters")
    comments = table.read("comment", _remark, f"a comment is text of at most {_LONGEST_REMARK:,} characters")
    times = table.read("decided_at", _moment, "a time has a zone, as in 2026-11-21T09:30:00+00:00")
    seconds = table.read("seconds", _seconds, "seconds are a number, 0 or more")
    event_ids = table.read(
        "event_id", _event_id, f"an event's id is printable text of at most {_LONGEST_ID:,} characters"
    )

    table.refuse_where(
        "reviewer", [name is None for name in reviewers], "nobody", "say who decided with reviewer='ada'"
    )
    _check_verdicts(table, actions, values, reasons)
    columns = (item_ids, reviewers, actions, values, reasons, comments, times, seconds, event_ids, range(len(item_ids)))
    rows = [ImportedDecision(*cells) for cells in zip(*columns, strict=True)]
    rows = [row if row.event_id else replace(row, event_id=_id_of_content(row, task)) for row in rows]
    return table.distinct(rows)


class _Table:
    """The frame, read column by column."""

    def __init__(self, frame: Any, task: Task) -> None:
        self._frame = Frame.snapshot(frame)
        self._task = task

    def __contains__(self, name: str) -> bool:
        return name in self._frame.names

    def cells(self, name: str) -> list[Any]:
        return [plain(cell) for cell in self._frame.column(name).cells()]

    def read(self, name: str, read: Read, expected: str, otherwise: Any = None) -> list[Any]:
        """Each cell as ``read`` gives it, ``otherwise`` where it is missing; raises BadColumn."""
        otherwise = None if otherwise is None else read(otherwise)
        if name not in self:
            return [otherwise] * len(self._frame)
        cells = self.cells(name)
        found: list[Any] = []
        faults: dict[int, str] = {}
        for row, cell in enumerate(cells):
            try:
                found.append(otherwise if cell is None else read(cell))
            except (InvalidValue, BadName) as error:
                faults[row] = str(error)
            except (ValueError, TypeError, OverflowError):
                faults[row] = quoted(cell)
        if faults:
            _refuse(name, faults, expected)
        return found

    def item_ids(self) -> list[Any]:
        cells = self.cells("item_id")
        types = self.cells(type_column("item_id")) if type_column("item_id") in self else [None] * len(cells)
        ids: list[Any] = []
        faults: dict[int, str] = {}
        for row, (cell, kind) in enumerate(zip(cells, types, strict=True)):
            try:
                ids.append(_item_id(cell, kind))
            except (ValueError, TypeError):
                faults[row] = f"{quoted(cell)} as {quoted(kind)}" if kind else quoted(cell)
        if faults:
            _refuse("item_id", faults, "ids are text, numbers, UUIDs, dates or times, and none is missing")
        return ids

    def refuse_where(self, name: str, wrong: Sequence[bool], what: str, remedy: str) -> None:
        rows = [row for row, is_wrong in enumerate(wrong) if is_wrong]
        if rows:
            _refuse(name, dict.fromkeys(rows, what), remedy)

    def distinct(self, rows: list[ImportedDecision]) -> list[ImportedDecision]:
        """The rows but for exact repetitions; raises BadColumn for two that cannot both be."""
        by_item: dict[tuple[str, type, Any], int] = {}
        by_event: dict[str, int] = {}
        kept: list[ImportedDecision] = []
        clashes: dict[str, dict[int, str]] = {"item_id": {}, "event_id": {}}
        for number, row in enumerate(rows):
            first = by_item.setdefault((row.reviewer, type(row.item_id), row.item_id), number)
            if first != number and rows[first] == row:
                continue
            if first != number:
                clashes["item_id"][number] = (
                    f"{quoted(row.item_id)} again, decided by {quoted(row.reviewer)} in row {first}"
                )
            elif (same := by_event.setdefault(row.event_id, number)) != number:
                clashes["event_id"][number] = f"{quoted(row.event_id)}, as in row {same}"
            kept.append(row)
        if clashes["item_id"]:
            _refuse("item_id", clashes["item_id"], "a reviewer has one decision on an item: keep the one that holds")
        if clashes["event_id"]:
            _refuse(
                "event_id",
                clashes["event_id"],
                "each decision has an id of its own; leave the column out to get new ones",
            )
        return kept


def _check_verdicts(table: _Table, actions: list[Any], values: list[Any], reasons: list[Any]) -> None:
    flags = [action == "flag" for action in actions]
    table.refuse_where(
        "reason",
        [flag and not (reason or "").strip() for flag, reason in zip(flags, reasons, strict=True)],
        "a flag without a reason",
        "say why, as in 'unreadable'",
    )
    table.refuse_where(
        "value",
        [flag and value is not None for flag, value in zip(flags, values, strict=True)],
        "a flag with a value",
        "leave the value out, or make the action correct",
    )
    table.refuse_where(
        "value",
        [action in (None, "correct") and value is None for action, value in zip(actions, values, strict=True)],
        "missing",
        "a decision has a value, unless its action is accept, or flag with a reason",
    )


def not_taken(faults: Mapping[int, object], count: int) -> str:
    """How many rows cannot be imported, and of five of them at most, why.

    >>> not_taken({3: "no item 'zz'"}, 1)
    "1 row cannot be taken (row 3: no item 'zz')"
    """
    named = "; ".join(f"row {row}: {fault}" for row, fault in list(faults.items())[:SHOWN_ROWS])
    more = ", ..." if count > SHOWN_ROWS else ""
    return f"{'1 row' if count == 1 else f'{count:,} rows'} cannot be taken ({named}{more})"


def _refuse(name: str, faults: Mapping[int, str], remedy: str) -> NoReturn:
    raise BadColumn(f"column {name!r}: {not_taken(faults, len(faults))}; {remedy}. Nothing was imported")


def _item_id(cell: Any, kind: Any) -> Any:
    if isinstance(cell, str) and kind in _IDS - {"str"}:
        cell = KINDS[kind].restore(cell)
    if cell is None or kind_of(type(cell)) not in _IDS:
        raise ValueError
    if isinstance(cell, float) and not isfinite(cell):
        raise ValueError
    return plain_id(cell)


def _action(cell: Any) -> str:
    if cell not in _ACTIONS:
        raise ValueError
    return str(cell)


def _remark(cell: Any) -> str:
    if not isinstance(cell, str) or len(cell) > _LONGEST_REMARK:
        raise ValueError
    return cell


def _moment(cell: Any) -> str:
    moment = datetime.fromisoformat(cell) if isinstance(cell, str) else cell
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise ValueError
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _seconds(cell: Any) -> float:
    if isinstance(cell, bool) or not isinstance(cell, int | float) or not (isfinite(cell) and cell >= 0):
        raise ValueError
    return float(cell)


def _event_id(cell: Any) -> str:
    text = str(cell) if isinstance(cell, UUID) else cell
    if not isinstance(text, str) or not text.isprintable() or not 0 < len(text) <= _LONGEST_ID:
        raise ValueError
    return text


def _id_of_content(row: ImportedDecision, task: Task) -> str:
    kind = kind_of(type(row.item_id)) or ""
    value = None if row.value is None else task.to_json(row.value)
    content = [kind, KINDS[kind].spell(row.item_id), value, row.reviewer, row.action]
    return str(uuid5(_NAMESPACE, canonical_json([*content, row.reason, row.comment, row.decided_at, row.seconds])))
