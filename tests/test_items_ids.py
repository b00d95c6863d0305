"""Ids: every kind that is taken keeps its type, every other is refused by row."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl_notebook.errors import BadColumn, UnknownItem
from hitl_notebook.items import Items, read_items, typed_id
from hitl_notebook.tasks import Classification
from tests.libraries import LIBRARIES

TASK = Classification(["ham", "spam"])
MOMENT = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20).filter(
    str.strip
)
typed_ids = (
    texts
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.uuids()
    | st.dates()
    | st.datetimes()
    | st.times()
)


def read(ids: Any, library: str = "pandas") -> Items:
    return read_items(LIBRARIES[library]({"id": ids, "text": ["hello"] * len(ids)}), task=TASK, item_id="id")


def objects(*ids: Any) -> pd.DataFrame:
    return pd.DataFrame({"id": pd.Series(ids, dtype=object), "text": "hello"})


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(
    ("ids", "key", "kind"),
    [
        (["t1", "t2"], "t1", "str"),
        ([17, -3], "17", "int"),
        ([2**53 + 1, 2**53], "9007199254740993", "int"),
        ([1.5, 2.0], "1.5", "float"),
        ([MOMENT, datetime(2027, 1, 1, tzinfo=UTC)], "2026-01-02T03:04:05.000678+00:00", "datetime"),
        ([date(2026, 1, 2), date(2026, 1, 3)], "2026-01-02", "date"),
        ([time(1, 2), time(3)], "01:02:00", "time"),
    ],
)
def test_an_id_is_text_on_the_wire_and_keeps_its_type_in_python(
    library: str, ids: list[Any], key: str, kind: str
) -> None:
    items = read(ids, library)
    assert items.key(0) == key
    assert items.keys([1, 0])[1] == key
    assert items.id_type(0) == kind
    assert items.item_id(0) == ids[0]
    assert items.position(key) == 0
    assert items.position_of(ids[1]) == 1
    assert typed_id(key, kind) == ids[0]


def test_uuids_and_integers_of_any_size_are_ids() -> None:
    number = UUID(int=7)
    items = read_items(objects(number, UUID(int=8)), task=TASK, item_id="id")
    assert (items.key(0), items.id_type(0), items.position_of(number)) == (str(number), "uuid", 0)
    items = read_items(objects(10**300, 5), task=TASK, item_id="id")
    assert items.position(str(10**300)) == 0


@given(st.lists(typed_ids, min_size=1, max_size=12, unique=True))
def test_whatever_the_ids_each_key_leads_back_to_one_item(ids: list[Any]) -> None:
    try:
        items = read_items(objects(*ids), task=TASK, item_id="id")
    except BadColumn as refused:
        assert "reads like" in str(refused)  # "int:1" beside 1
        return
    keys = items.keys(range(len(ids)))
    assert len(set(keys)) == len(ids)
    assert [items.position(key) for key in keys] == list(range(len(ids)))
    for position, id_ in enumerate(ids):
        assert items.position_of(id_) == position
        assert typed_id(keys[position], items.id_type(position)) == items.item_id(position) == id_


def test_text_and_numbers_that_read_alike_stay_two_items() -> None:
    items = read_items(objects("17", 17, "int:18"), task=TASK, item_id="id")
    assert items.keys([0, 1, 2]) == ["17", "int:17", "int:18"]
    assert [items.position_of(id_) for id_ in ("17", 17, "int:18")] == [0, 1, 2]


@pytest.mark.parametrize(
    ("ids", "rows"),
    [
        (["a", None], "row 1: None, missing"),
        (["a", float("nan")], "row 1: .*missing"),
        (["a", " "], "row 1: ' ', blank"),
        (["a", ""], "row 1: '', blank"),
        (["a", "\u200b"], r"row 1: '\\u200b', blank"),
        (["é", "\u3164\u2060 "], "row 1: .*, blank"),
        ([1, "\ufeff"], "row 1: .*, blank"),
        (["a", "b", "a"], "row 2: 'a', the same as row 0"),
        ([1, 1.0], "row 1: 1.0, the same as row 0"),
        ([1, True], "row 1: True, a bool"),
        ([True, False], "a bool"),
        (["a", ["b"]], r"row 1: \['b'\], list"),
        (["a", {"b": 1}], "row 1: {'b': 1}, dict"),
        (["a", b"b"], "row 1: b'b', bytes"),
        (["a", "b\0"], "row 1: .*NUL"),
        (["a", "b\ud800"], "row 1: .*surrogate"),
        ([1.0, float("inf")], "row 1: inf, infinite"),
        (["a", "x" * 1_001], "row 1: .*longer than 1,000"),
        (["a", "é" * 1_000 + "x"], "row 1: .*longer than 1,000"),
        (["a", "字" * 667], "row 1: .*2,000 bytes"),
        (["a", "😀" * 501], "row 1: .*2,000 bytes"),
        ([1, "字" * 667], "row 1: .*2,000 bytes"),
        ([1, 10**1_000], "row 1: .*thousand digits"),
        ([17, "int:17"], "reads like row 0"),
    ],
)
def test_an_id_that_cannot_be_used_is_refused_by_row(ids: list[Any], rows: str) -> None:
    with pytest.raises(BadColumn, match=rows) as raised:
        read_items(objects(*ids), task=TASK, item_id="id")
    assert "item_id='id'" in str(raised.value)


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("ids", [["a", None], ["a", " "], ["a", "a"], [1, None], [1, 1], [1.0, float("inf")], [b"a"]])
def test_bad_ids_are_refused_in_every_library(library: str, ids: list[Any]) -> None:
    with pytest.raises(BadColumn, match="item_id='id'"):
        read(ids, library)


def test_five_offending_rows_are_named_and_all_counted() -> None:
    with pytest.raises(BadColumn, match="9 of 10 ids") as raised:
        read(["a"] * 10)
    assert str(raised.value).count("the same as row 0") == 5


@pytest.mark.parametrize("library", LIBRARIES)
def test_without_an_id_column_the_rows_number_is_the_id(library: str) -> None:
    items = read_items(LIBRARIES[library]({"text": ["a", "b", "c"]}), task=TASK)
    assert items.id_column is None
    assert items.keys([2, 0]) == ["2", "0"]
    assert (items.item_id(1), items.id_type(1), items.position("1"), items.position_of(np.int64(1))) == (1, "int", 1, 1)
    assert [items.position(key) for key in ("3", "-1", "01", "1.0", "", "²", "１", "9" * 5_000)] == [None] * 8
    for unknown in (3, -1, "1", True, None, [1]):
        with pytest.raises(UnknownItem):
            items.position_of(unknown)


@pytest.mark.parametrize(
    "index", [["x", "x", "x"], [2, 0, 1], pd.MultiIndex.from_product([["a"], [1, 2, 3]]), [None, 1, "b"]]
)
def test_any_index_will_do(index: Any) -> None:
    frame = pd.DataFrame({"id": ["a", "b", "c"], "text": ["1", "2", "3"], "p": [0.1, 0.2, 0.3]}, index=index)
    items = read_items(frame, task=TASK, item_id="id")
    assert items.keys([0, 1, 2]) == ["a", "b", "c"]
    assert items.row(1)["text"] == "2"
    assert items.frame_rows([2, 0])["text"].tolist() == ["3", "1"]


def test_numpy_scalars_and_timestamps_find_their_item() -> None:
    assert read([5, 6]).position_of(np.int32(6)) == 1
    assert read([5, 6]).position_of(6.0) == 1
    assert read([MOMENT]).position_of(pd.Timestamp(MOMENT)) == 0
    assert read(["a", "b"]).position_of(np.str_("b")) == 1


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("zone", [None, "UTC", "Europe/Berlin"])
def test_times_a_nanosecond_apart_are_two_items_and_come_back_exactly(library: str, zone: str | None) -> None:
    ids = pd.Series(pd.to_datetime([1, 2, 1_000], unit="ns", utc=zone is not None))
    if zone is not None:
        ids = ids.dt.tz_convert(zone)
    frame = pd.DataFrame({"id": ids, "text": "hello"})
    given = {"pandas": frame, "polars": pl.from_pandas(frame), "pyarrow": pa.Table.from_pandas(frame)}
    items = read_items(given.get(library, frame.to_dict("records")), task=TASK, item_id="id")
    assert [items.position_of(id_) for id_ in ids] == [0, 1, 2]
    assert [typed_id(key, "datetime") for key in items.keys([0, 1, 2])] == ids.tolist()
    assert [items.item_id(at) for at in range(3)] == ids.tolist()
    assert items.row(1)["id"] == ids[1]


def hours_of_a_clock_that_is_put_back(library: str) -> list[datetime]:
    hours = [datetime(2020, 10, 24, 22, tzinfo=UTC) + timedelta(hours=hour) for hour in range(4)]
    in_zone = [hour.astimezone(ZoneInfo("Europe/Berlin")) for hour in hours]
    return pd.Series(in_zone).tolist() if library == "pandas" else in_zone


@pytest.mark.parametrize("library", ["pandas", "python"])
def test_both_times_in_the_hour_that_a_clock_repeats_are_items(library: str) -> None:
    hours = hours_of_a_clock_that_is_put_back(library)
    items = read_items(objects(*hours), task=TASK, item_id="id")
    keys = items.keys(range(4))
    assert keys[2:] == ["2020-10-25T02:00:00+02:00", "2020-10-25T02:00:00+01:00"]
    assert [items.position_of(hour) for hour in hours] == [0, 1, 2, 3]
    assert [items.position_of(hour.astimezone(UTC)) for hour in hours] == [0, 1, 2, 3]
    assert [items.position_of(typed_id(key, "datetime")) for key in keys] == [0, 1, 2, 3]
    assert {typed_id(key, "datetime") for key in keys} == {items.item_id(at) for at in range(4)}


def test_one_moment_in_two_zones_is_one_id() -> None:
    there = hours_of_a_clock_that_is_put_back("python")[3]
    with pytest.raises(BadColumn, match=r"row 1: .*the same as row 0"):
        read_items(objects(there, there.astimezone(UTC)), task=TASK, item_id="id")


def test_times_that_python_cannot_hold_are_refused_as_ids() -> None:
    far = pd.DataFrame({"id": np.array(["12000-01-01"], dtype="datetime64[s]"), "text": "hello"})
    with pytest.raises(BadColumn, match=r"row 0: .*outside the years 1 to 9999"):
        read_items(far, task=TASK, item_id="id")
    fine = pa.table({"id": pa.array([1_000, 1_001], type=pa.time64("ns")), "text": ["a", "b"]})
    for frame in (fine, pl.from_arrow(fine), fine.to_pandas(types_mapper=pd.ArrowDtype)):
        with pytest.raises(BadColumn, match=r"row 1: .*nanoseconds"):
            read_items(frame, task=TASK, item_id="id")
    coarse = pa.table({"id": pa.array([1, 2], type=pa.time32("s")), "text": ["a", "b"]})
    assert read_items(coarse, task=TASK, item_id="id").keys([0]) == ["00:00:01"]


def test_an_unknown_id_is_an_error_with_a_hint() -> None:
    with pytest.raises(UnknownItem, match="perhaps 'ticket-17'"):
        read(["ticket-17", "other"]).position_of("ticket_17")
    with pytest.raises(UnknownItem, match=r"did you mean 17 \(int\)"):
        read([17]).position_of("17")
    for unknown in (True, None, ["a"], float("nan")):
        with pytest.raises(UnknownItem):
            read([1, 2]).position_of(unknown)


@pytest.mark.parametrize("key", ["1", "01", "+1", "1 ", "-0", "１", "1_0", "9" * 5_000, "", "nan"])
def test_only_the_exact_key_finds_a_number(key: str) -> None:
    assert read([1, 10, 0]).position(key) == (0 if key == "1" else None)


@pytest.mark.parametrize(
    "id_", ["__proto__", "constructor", "<b>x</b>", "é", "e\u0301", "Ａ", "A", " a", "a\u200b", "=1+1"]
)
def test_text_is_neither_folded_nor_normalised(id_: str) -> None:
    items = read([id_, "other"])
    assert items.position(id_) == items.position_of(id_) == 0
    assert read(["é", "e\u0301", "Ａ", "A", "a", " a"]).keys([0, 5]) == ["é", " a"]


def test_categories_and_enums_are_ids_by_their_text() -> None:
    assert read_items(pd.DataFrame({"id": pd.Categorical(["b", "a"]), "t": 1}), task=TASK, item_id="id").key(0) == "b"
    frame = pl.DataFrame({"id": pl.Series(["b", "a"], dtype=pl.Enum(["a", "b"])), "t": [1, 2]})
    assert read_items(frame, task=TASK, item_id="id").key(0) == "b"


def test_ids_are_those_of_the_time_of_reading() -> None:
    frame = pd.DataFrame({"id": ["a", "b"], "text": ["1", "2"]})
    items = read_items(frame, task=TASK, item_id="id")
    frame.loc[0, "id"] = "changed"
    assert items.key(0) == "a"
