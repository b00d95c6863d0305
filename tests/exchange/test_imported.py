"""Decisions made elsewhere: taken whole, or refused in words that say where and what to do."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from hitl_notebook.errors import BadColumn, BadFrame, BadName, MissingColumn
from hitl_notebook.exchange import ImportedDecision, read_decisions, read_frame, write_frame
from hitl_notebook.tasks import Classification

TASK = Classification(["ham", "spam"])
COUNTS = Classification([0, 1, 2])

ROWS = [
    {"item_id": "t1", "action": "accept", "value": "ham", "reason": None, "seconds": 1.5, "prediction": "ham"},
    {"item_id": "t2", "action": "correct", "value": "spam", "reason": None, "seconds": None, "prediction": "ham"},
    {"item_id": "t3", "action": "flag", "value": None, "reason": "unreadable", "seconds": 3.0, "prediction": "ham"},
]


def read(rows: Any, task: Classification = TASK, reviewer: str | None = "ada") -> list[ImportedDecision]:
    return read_decisions(rows, task=task, reviewer=reviewer)


def one(**cells: Any) -> ImportedDecision:
    (decision,) = read([{"item_id": "t1", "value": "ham", **cells}])
    return decision


@pytest.mark.parametrize("frame", [list, pd.DataFrame, pl.DataFrame, pa.Table.from_pylist], ids=str)
def test_every_kind_of_frame_says_the_same(frame: Callable[[Any], Any]) -> None:
    decisions = read(frame(ROWS))
    assert [(row.item_id, row.action, row.value, row.reason, row.seconds) for row in decisions] == [
        ("t1", "accept", "ham", None, 1.5),
        ("t2", "correct", "spam", None, None),
        ("t3", "flag", None, "unreadable", 3.0),
    ]
    assert {row.reviewer for row in decisions} == {"ada"}
    assert decisions == read(ROWS)


def test_a_value_alone_leaves_the_action_open() -> None:
    assert (one().action, one().value) == (None, "ham")


def test_an_accept_needs_no_value() -> None:
    (decision,) = read([{"item_id": "t1", "action": "accept"}])
    assert (decision.action, decision.value) == ("accept", None)


def test_values_and_ids_keep_their_types() -> None:
    ids = [17, "17", 1.5, UUID(int=17), date(2026, 11, 21)]
    decisions = read(pd.DataFrame({"item_id": pd.Series(ids, dtype=object), "value": [0, 1, 2, 0, 1]}), COUNTS)
    assert [row.item_id for row in decisions] == ids
    assert [row.value for row in decisions] == [0, 1, 2, 0, 1]


@pytest.mark.parametrize("ids", [[1, 2], [UUID(int=1), UUID(int=2)], [1, "1"], ["1", "=2"]], ids=str)
@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_what_was_written_here_can_be_imported(tmp_path: Path, ids: list[Any], ending: str) -> None:
    frame = pd.DataFrame({"item_id": pd.Series(ids, dtype=object), "value": [0, 2], "reviewer": ["ada", "bo"]})
    frame["decided_at"] = pd.to_datetime(["2026-11-21T09:30:00Z", None])
    path = write_frame(frame, tmp_path / f"out.{ending}").path
    decisions = read(read_frame(path), COUNTS, reviewer=None)
    assert [(row.item_id, type(row.item_id), row.reviewer, row.value) for row in decisions] == [
        (ids[0], type(ids[0]), "ada", 0),
        (ids[1], type(ids[1]), "bo", 2),
    ]
    assert [row.decided_at for row in decisions] == ["2026-11-21T09:30:00.000000Z", None]


def test_ids_that_another_reader_made_text_are_restored_by_their_types(tmp_path: Path) -> None:
    frame = pd.DataFrame({"item_id": [UUID(int=1), UUID(int=2)], "value": ["ham", "spam"]})
    path = write_frame(frame, tmp_path / "out.csv").path
    assert [row.item_id for row in read(pd.read_csv(path))] == [UUID(int=1), UUID(int=2)]


def test_reviewers_come_from_the_frame_and_else_from_the_caller() -> None:
    rows = [{"item_id": "t1", "value": "ham", "reviewer": " Bo "}, {"item_id": "t1", "value": "ham", "reviewer": None}]
    assert [row.reviewer for row in read(rows)] == ["Bo", "ada"]
    with pytest.raises(BadColumn, match=r"column 'reviewer': 1 row .*row 1: nobody.*reviewer='ada'"):
        read(rows, reviewer=None)
    with pytest.raises(BadName):
        read(rows, reviewer=" ")


@pytest.mark.parametrize(
    "cell",
    [
        "2026-11-21T09:30:00Z",
        "2026-11-21T10:30:00.000+01:00",
        datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
        datetime(2026, 11, 21, 4, 0, tzinfo=timezone(-timedelta(hours=5, minutes=30))),
        pd.Timestamp("2026-11-21T09:30:00", tz="UTC"),
    ],
    ids=str,
)
def test_times_become_utc(cell: Any) -> None:
    assert one(decided_at=cell).decided_at == "2026-11-21T09:30:00.000000Z"


def test_an_id_made_here_follows_from_the_content() -> None:
    decision = one(comment="sure")
    assert decision == one(comment="sure")
    assert UUID(decision.event_id).version == 5
    others = [
        one(),
        one(comment="sure", reason="x"),
        one(comment="sure", seconds=1),
        one(comment="sure", value="spam"),
        one(comment="sure", reviewer="bo"),
        one(comment="sure", action="accept"),
        one(comment="sure", decided_at="2026-11-21T09:30:00Z"),
        one(comment="sure", item_id="t2"),
        one(comment="sure", item_id=1),
        one(comment="sure", item_id=1.0),
    ]
    assert len({decision.event_id, *(other.event_id for other in others)}) == len(others) + 1
    # What it was said of may change with the model's version; the decision is the same.
    assert one(comment="sure", prediction="spam") == decision


def test_an_id_that_is_given_is_kept() -> None:
    assert one(event_id="e-1").event_id == "e-1"
    assert one(event_id=UUID(int=1)).event_id == str(UUID(int=1))
    assert replace(one(event_id="e-1"), event_id="") == replace(one(), event_id="")


def test_a_row_that_repeats_another_exactly_is_one_decision() -> None:
    assert read([*ROWS, *ROWS]) == read(ROWS)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"action": "reject"}, "column 'action'.*row 1: 'reject'.*accept, correct, flag"),
        ({"action": ["accept"]}, "column 'action'"),
        ({"value": "hma"}, "column 'value'.*row 1: 'hma' is not one of the 2 labels; did you mean 'ham'"),
        ({"value": None}, "column 'value'.*row 1: missing"),
        ({"action": "correct", "value": None}, "column 'value'.*row 1: missing"),
        ({"action": "flag", "value": None}, "column 'reason'.*row 1: a flag without a reason"),
        ({"action": "flag", "value": None, "reason": " "}, "column 'reason'.*a flag without a reason"),
        ({"action": "flag", "reason": "odd"}, "column 'value'.*row 1: a flag with a value"),
        ({"item_id": None}, "column 'item_id'.*row 1: None"),
        ({"item_id": ["t2"]}, "column 'item_id'"),
        ({"item_id": True}, "column 'item_id'"),
        ({"item_id": float("inf")}, "column 'item_id'"),
        ({"item_id": "no", "id_type": "uuid"}, "column 'item_id'.*'no' as 'uuid'"),
        ({"item_id": "t0", "value": "spam"}, "column 'item_id'.*'t0' again, decided by 'ada' in row 0"),
        ({"reviewer": "a\nb"}, "column 'reviewer'.*row 1: .*control characters"),
        ({"reason": 5}, "column 'reason'.*row 1: 5"),
        ({"comment": "x" * 100_001}, "column 'comment'.*100,000 characters"),
        ({"seconds": -1.0}, "column 'seconds'.*row 1: -1.0"),
        ({"seconds": "3"}, "column 'seconds'.*row 1: '3'"),
        ({"seconds": True}, "column 'seconds'"),
        ({"seconds": float("inf")}, "column 'seconds'.*row 1: inf"),
        ({"decided_at": "yesterday"}, "column 'decided_at'.*'yesterday'.*a time has a zone"),
        ({"decided_at": "2026-11-21T09:30:00"}, "column 'decided_at'.*a time has a zone"),
        ({"decided_at": datetime.min.replace(tzinfo=timezone(timedelta(hours=1)))}, "column 'decided_at'"),
        ({"decided_at": date(2026, 11, 21)}, "column 'decided_at'"),
        ({"event_id": ""}, "column 'event_id'"),
        ({"event_id": "\0"}, "column 'event_id'"),
        ({"event_id": "e0"}, "column 'event_id'.*row 1: 'e0', as in row 0"),
    ],
    ids=str,
)
def test_a_row_that_cannot_be_taken_is_named_and_none_is_taken(cells: dict[str, Any], said: str) -> None:
    first = {"item_id": "t0", "value": "ham", "event_id": "e0"}
    second = {"item_id": "t1", "value": "ham", **cells}
    names = dict.fromkeys([*first, *second])
    frame = pd.DataFrame({name: pd.Series([first.get(name), second.get(name)], dtype=object) for name in names})
    with pytest.raises(BadColumn, match=said) as refused:
        read(frame)
    assert "Nothing was imported" in str(refused.value)


def test_of_many_bad_rows_five_are_named() -> None:
    with pytest.raises(BadColumn, match="1,000 rows cannot be taken") as refused:
        read([{"item_id": row, "value": "eggs"} for row in range(1000)])
    assert str(refused.value).count("'eggs'") == 5


def test_what_is_missing_altogether_is_said() -> None:
    with pytest.raises(MissingColumn, match="'item_id'"):
        read([{"itemid": "t1", "value": "ham"}])
    with pytest.raises(MissingColumn, match="'action' and no column 'value'"):
        read([{"item_id": "t1"}])
    with pytest.raises(BadFrame):
        read(17)


def test_a_frame_without_rows_has_no_decisions() -> None:
    assert read(pd.DataFrame({"item_id": [], "value": []})) == []
