"""What is written is what is read, whatever the cells hold; and other readers find the same rows."""

import csv
import io
import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pandas as pd
import polars as pl
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hitl_notebook.exchange import read_frame, write_frame
from hitl_notebook.exchange.csv_file import csv_chunks, read_csv
from hitl_notebook.exchange.jsonl_file import jsonl_chunks, read_jsonl
from hitl_notebook.exchange.parquet_file import parquet_chunks, read_parquet
from hitl_notebook.missing import is_missing

FORMATS = ("csv", "jsonl", "parquet")


def there_and_back(frame: pd.DataFrame, format_: str) -> pd.DataFrame:
    match format_:
        case "csv":
            return read_csv(b"".join(csv_chunks(frame, defuse=True)[0]))
        case "jsonl":
            return read_jsonl(b"".join(jsonl_chunks(frame)))
        case _:
            return read_parquet(b"".join(parquet_chunks(frame)))


def typed(cells: list[Any]) -> list[tuple[type, Any]]:
    """Cells with their types, so that 1, 1.0, True and "1" differ, and None for all that is missing."""
    plain = [None if is_missing(cell) else cell for cell in cells]
    return [
        (next((known for known in (datetime, timedelta) if isinstance(cell, known)), type(cell)), cell)
        for cell in plain
    ]


HOSTILE = st.text(st.sampled_from("'=+@-＝␛ \t\r\n\",;\0\u200b\u2028\x85{[]}0123TZ:aé🎈"), max_size=12)
ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=20)  # half surrogate pairs too
UNICODE = st.text(max_size=20)
TIMES = ["2026-11-21", "2026-11-21T09:30:00+00:00", "2026-11-21T09:30:00", "09:30:00"]
NUMBERS = ["17", "0017", "-1", "1.5", "1e5", "inf", "NaN"]
LOOK_ALIKES = st.sampled_from(
    [*TIMES, *NUMBERS, "", "True", "null", "str", "[]", '{"a": 1}', "[1, 2]", "6f0e2b1c-8d4f-5b43-9c1e-0a6a3d0f7b52"]
)
WHOLE = st.integers(-(10**30), 10**30)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
OFFSETS = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45)), timezone(-timedelta(hours=3))])
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1))
AWARE = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=OFFSETS)
DATES = st.dates(date(1900, 1, 1), date(2200, 1, 1))
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=3)
NESTED = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | FINITE | UNICODE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(UNICODE, inner, max_size=3),
    max_leaves=6,
).filter(lambda value: isinstance(value, list | dict))

IDS = [HOSTILE | LOOK_ALIKES, UNICODE, WHOLE, FINITE, st.uuids(), DATES, MOMENTS, AWARE, st.times()]
IDS.append(st.one_of(*IDS))
CELLS = [*IDS, LOOK_ALIKES, st.booleans(), NESTED, DECIMALS, st.binary(max_size=8), st.floats(allow_nan=False)]
CELLS += [st.timedeltas(timedelta(days=-99), timedelta(days=99)), st.one_of(*CELLS)]

LEAN = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def column(cells: "list[st.SearchStrategy[Any]]") -> "st.SearchStrategy[list[Any]]":
    return st.one_of([st.lists(strategy | st.none(), min_size=1, max_size=6) for strategy in cells])


@pytest.mark.parametrize("format_", FORMATS)
@LEAN
@given(ids=st.one_of([st.lists(strategy, max_size=6) for strategy in IDS]))
def test_ids_come_back_with_their_types_in_their_order(format_: str, ids: list[Any]) -> None:
    frame = pd.DataFrame({"item_id": pd.Series(ids, dtype=object), "row": pd.Series(range(len(ids)))})
    back = there_and_back(frame, format_)
    if ids or format_ != "jsonl":
        assert list(back.columns) == ["item_id", "row"]
        assert typed(back["item_id"].tolist()) == typed(ids)
        assert back["row"].tolist() == list(range(len(ids)))
    assert len(back) == len(ids)


@pytest.mark.parametrize("format_", FORMATS)
@LEAN
@given(cells=column(CELLS), name=st.sampled_from(["item_id", "value", "decided_at", "=header", ""]))
def test_cells_come_back_with_their_types(format_: str, cells: list[Any], name: str) -> None:
    back = there_and_back(pd.DataFrame({name: pd.Series(cells, dtype=object)}), format_)
    assert typed(back[name].tolist()) == typed(cells)
    assert list(back.columns) == [name]


@pytest.mark.parametrize("format_", ["csv", "jsonl"])
@LEAN
@given(cells=st.lists(ANY_TEXT | HOSTILE | LOOK_ALIKES | st.none(), min_size=1, max_size=6), name=ANY_TEXT)
def test_any_text_comes_back_in_cells_and_headers(format_: str, cells: list[Any], name: str) -> None:
    frame = pd.DataFrame({"": pd.Series(cells, dtype=object)})
    frame.columns = pd.Index([name], dtype=object)
    back = there_and_back(frame, format_)
    assert list(back.columns) == [name]
    assert typed(back[name].tolist()) == typed(cells)


@LEAN
@given(frames=st.lists(column([HOSTILE, WHOLE, FINITE, st.booleans(), NESTED]), min_size=1, max_size=4))
def test_json_lines_are_strict_and_say_the_same_to_another_reader(frames: list[list[Any]]) -> None:
    rows = min(map(len, frames))
    frame = pd.DataFrame({f"c{at}": pd.Series(cells[:rows], dtype=object) for at, cells in enumerate(frames)})

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    text = b"".join(jsonl_chunks(frame)).decode()
    lines = [json.loads(line, parse_constant=refuse) for line in text.splitlines()]
    assert lines == [dict(zip(frame.columns, row, strict=True)) for row in frame.itertuples(index=False, name=None)]


@LEAN
@given(texts=st.lists(HOSTILE, min_size=1, max_size=6))
def test_another_csv_reader_finds_the_same_rows(texts: list[str]) -> None:
    data = b"".join(csv_chunks(pd.DataFrame({"number": range(len(texts)), "text": texts}), defuse=False)[0]).decode()
    rows = list(csv.DictReader(io.StringIO(data, newline="")))
    assert [int(row["number"]) for row in rows] == list(range(len(texts)))
    plain = [(row["text"], text) for row, text in zip(rows, texts, strict=True) if not set(text) & set("'␛\0")]
    assert [read for read, _ in plain] == [text for _, text in plain]


DECISIONS = pd.DataFrame(
    {
        "item_id": [1, 2, 3],
        "reviewer": ["ada", "ada", "bo"],
        "action": ["accept", "correct", "flag"],
        "prediction": pd.Series([3, 4, 5], dtype=object),
        "confidence": [0.9, 0.5, float("nan")],
        "value": pd.Series([3, 5, None], dtype=object),
        "agreed": pd.array([True, False, None], dtype="boolean"),
        "comment": [None, "=1+1", "two\nlines"],
        "decided_at": pd.to_datetime(["2026-11-21T09:30:00.000001Z", None, "2026-11-21T09:30:00Z"], format="ISO8601"),
        "pool_size": pd.array([2**60 + 1, None, 3], dtype="Int64"),
    }
)


@pytest.mark.parametrize("format_", FORMATS)
def test_decisions_come_back_as_they_were(tmp_path: Path, format_: str) -> None:
    written = write_frame(DECISIONS, tmp_path / f"decisions.{format_}")
    back = read_frame(written.path)
    assert written.rows == len(back) == 3
    assert {name: typed(back[name].tolist()) for name in back} == {
        name: typed(DECISIONS[name].tolist()) for name in DECISIONS
    }
    assert back["pool_size"].dtype == "Int64"
    assert str(back["decided_at"].dtype).endswith("UTC]")


def test_each_format_s_own_reader_finds_the_rows_the_ids_and_the_labels(tmp_path: Path) -> None:
    paths = {format_: write_frame(DECISIONS, tmp_path / f"decisions.{format_}").path for format_ in FORMATS}
    others = {
        "pandas csv": pd.read_csv(paths["csv"]),
        "polars csv": pl.read_csv(paths["csv"]).to_pandas(),
        "pandas jsonl": pd.read_json(paths["jsonl"], lines=True),
        "polars jsonl": pl.read_ndjson(paths["jsonl"]).to_pandas(),
        "pandas parquet": pd.read_parquet(paths["parquet"]),
        "polars parquet": pl.read_parquet(paths["parquet"]).to_pandas(),
        "pyarrow parquet": pyarrow.parquet.read_table(paths["parquet"]).to_pandas(),
    }
    for reader, frame in others.items():
        assert frame["item_id"].tolist() == [1, 2, 3], reader
        assert frame["action"].tolist() == ["accept", "correct", "flag"], reader
        assert typed(frame["value"].tolist())[2] == (type(None), None), reader
        assert frame["value"].tolist()[:2] == [3, 5], reader


@pytest.mark.parametrize("format_", FORMATS)
def test_a_frame_without_rows_has_no_rows(tmp_path: Path, format_: str) -> None:
    path = write_frame(DECISIONS.iloc[:0], tmp_path / f"none.{format_}").path
    back = read_frame(path)
    assert len(back) == 0
    assert list(back.columns) == ([] if format_ == "jsonl" else list(DECISIONS.columns))


@pytest.mark.parametrize("format_", FORMATS)
def test_rows_keep_their_order_whatever_the_index(format_: str) -> None:
    frame = DECISIONS.iloc[[2, 0, 1]].set_index(pd.Index(["x", "x", "y"]))
    assert there_and_back(frame, format_)["item_id"].tolist() == [3, 1, 2]


TYPED = pd.DataFrame({"item_id": [UUID(int=17), UUID(int=3), UUID(int=8)], "value": [["late"], [], ["late", "rude"]]})


@pytest.mark.parametrize(
    "change",
    [
        lambda frame: frame.iloc[[2, 0, 1]],
        lambda frame: frame.iloc[1:],
        lambda frame: frame.iloc[[2, 0]].set_index(pd.Index([0, 0])),
        lambda frame: frame.iloc[[2, 0, 1]].set_index("item_id"),
        lambda frame: frame.iloc[[2, 0]].set_index(pd.MultiIndex.from_arrays([["b", "a"], [1, 2]], names=["n", None])),
    ],
    ids=["shuffled", "filtered", "repeated", "indexed by id", "indexed by several"],
)
def test_values_stay_with_their_ids_in_a_parquet_file_that_pandas_changed(tmp_path: Path, change: Any) -> None:
    changed = change(pd.read_parquet(write_frame(TYPED, tmp_path / "out.parquet").path))
    changed.to_parquet(tmp_path / "changed.parquet")
    back = read_frame(tmp_path / "changed.parquet")
    values = dict(zip(TYPED["item_id"], TYPED["value"], strict=True))
    ids = changed.reset_index()["item_id"].map(UUID).tolist()
    assert back.index.equals(pd.RangeIndex(len(changed)))
    assert back["item_id"].tolist() == ids
    assert back["value"].tolist() == [values[id_] for id_ in ids]
    assert [name for name in back.columns if name != "n"] == ["item_id", "value"]


def test_of_a_parquet_file_from_elsewhere_a_named_index_is_a_column(tmp_path: Path) -> None:
    frame = pd.DataFrame({"score": [0.5, 0.25]}, index=pd.Index(["b", "a"], name="ticket"))
    frame.to_parquet(tmp_path / "named.parquet")
    assert read_frame(tmp_path / "named.parquet").to_dict("list") == {"ticket": ["b", "a"], "score": [0.5, 0.25]}
    frame.rename_axis("score").to_parquet(tmp_path / "twice.parquet")
    assert read_frame(tmp_path / "twice.parquet").to_dict("list") == {"score": [0.5, 0.25]}


@pytest.mark.parametrize("format_", FORMATS)
def test_the_frame_itself_is_never_changed(format_: str) -> None:
    frame = pd.DataFrame({"item_id": [UUID(int=1), "=1"], "tokens": [["a"], {"b": [Decimal(1), ()][1:]}]})
    before = frame.copy(deep=True)
    there_and_back(frame, format_)
    pd.testing.assert_frame_equal(frame, before)


def test_mixed_ids_say_their_types_in_a_column_of_their_own() -> None:
    ids = pd.DataFrame({"item_id": pd.Series([17, "17", UUID(int=17), date(2026, 11, 21), time(9, 30)], dtype=object)})
    data = b"".join(jsonl_chunks(ids)).decode().splitlines()
    assert json.loads(data[1]) == {"item_id": "17", "id_type": "str"}
    assert [json.loads(line)["id_type"] for line in data] == ["int", "str", "uuid", "date", "time"]
