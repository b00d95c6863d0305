"""A table's cells as strict JSON: what pandas, numpy and users put into tables, one by one."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from hitl_notebook.charts.dataset import dataset, words
from hitl_notebook.errors import BadFrame

CELLS = [
    *((missing, None) for missing in (None, np.nan, pd.NA, pd.NaT, Decimal("NaN"), np.datetime64("NaT"))),
    *((endless, None) for endless in (np.inf, -np.inf, np.float32("inf"))),
    (np.int64(3), 3),
    (np.float32(0.5), 0.5),
    (Decimal("0.25"), 0.25),
    (np.True_, True),
    (True, True),
    (2**53, 2**53),
    (2**53 + 1, "9007199254740993"),
    ("a\ud800b", "a?b"),
    (pd.Timestamp("2026-01-05 10:00", tz="Europe/Berlin"), "2026-01-05T10:00:00+01:00"),
    (datetime(2026, 1, 5, 10), "2026-01-05T10:00:00+00:00"),
    (datetime(2026, 1, 5, 10, tzinfo=UTC), "2026-01-05T10:00:00+00:00"),
    (np.datetime64("2026-01-05T10:00"), "2026-01-05T10:00:00+00:00"),
    (date(2026, 1, 5), "2026-01-05"),
    (timedelta(seconds=90), 90.0),
    (np.timedelta64(90, "s"), 90.0),
    (("ham", "spam"), "ham, spam"),
    (frozenset({"spam", "ham"}), "ham, spam"),
    (np.array([1, 2]), "1, 2"),
    (1 + 2j, "(1+2j)"),
]


@pytest.mark.parametrize(("cell", "drawn"), CELLS, ids=[f"{type(cell).__name__} {drawn!r}" for cell, drawn in CELLS])
def test_a_cell_is_what_json_has_for_it(cell, drawn):
    column = pd.Series([None], dtype=object)
    column[0] = cell
    ((found,),) = [row.values() for row in dataset(pd.DataFrame({"a": column}), ["a"], nothing="").rows]
    assert (found, type(found)) == (drawn, type(drawn))
    json.dumps(found, allow_nan=False).encode()


PLAIN = [
    np.array([0.5, np.nan, np.inf, -np.inf]),
    np.array([0.1, np.nan], dtype=np.float32),
    np.array([True, False]),
    np.array([-128, 127], dtype=np.int8),
    np.array([0, 2**53 + 1, -(2**63)]),
    np.array([2**64 - 1], dtype=np.uint64),
    np.array([], dtype=np.int64),
]


@pytest.mark.parametrize("column", PLAIN, ids=[f"{column.dtype} {column.tolist()}" for column in PLAIN])
def test_plain_numbers_of_a_column_are_what_each_is_by_itself(column):
    drawn = [row["a"] for row in dataset(pd.DataFrame({"a": column}), ["a"], nothing="").rows]
    by_itself = [row["a"] for row in dataset(pd.DataFrame({"a": column.astype(object)}), ["a"], nothing="").rows]
    assert list(map(repr, drawn)) == list(map(repr, by_itself))


@pytest.mark.parametrize("dtype", ["category", "string", "boolean", "Int64", "Float64"])
def test_columns_of_every_type_have_gaps(dtype):
    cells = {"category": "a", "string": "a", "boolean": True, "Int64": 1, "Float64": 0.5}
    table = pd.DataFrame({"a": pd.Series([cells[dtype], None], dtype=dtype)})
    assert dataset(table, ["a"], nothing="").rows == [{"a": cells[dtype]}, {"a": None}]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
def test_numbers_of_any_length_are_python_s(dtype):
    rows = dataset(pd.DataFrame({"a": np.array([0.5, np.nan, np.inf], dtype=dtype)}), ["a"], nothing="").rows
    assert json.dumps(rows, allow_nan=False) == '[{"a": 0.5}, {"a": null}, {"a": null}]'


def test_sets_of_labels_that_differ_read_differently():
    assert len({words(of) for of in [("a", "b"), ("a, b",), ("a",), ()]}) == 4


def test_two_columns_of_one_name_are_refused_where_they_are_drawn():
    table = pd.DataFrame([[1, 2, 3]], columns=["a", "a", "b"])
    with pytest.raises(BadFrame, match="one name: a;"):
        dataset(table, ["a", "b"], nothing="")
    assert dataset(table, ["b"], nothing="").rows == [{"b": 3}]


def test_only_the_columns_that_are_drawn_are_there_in_their_order():
    table = pd.DataFrame({"c": [1], "b": [2], "a": [3]})
    assert dataset(table, ["a", "c"], nothing="").rows == [{"a": 3, "c": 1}]


def test_the_note_of_a_table_is_kept_and_an_empty_one_says_what_it_lacks():
    table = pd.DataFrame({"a": [1]})
    table.attrs["note"] = "2 of 3 left out"
    assert dataset(table, ["a"], nothing="none yet").notes == ("2 of 3 left out",)
    assert dataset(table.head(0), ["a"], nothing="none yet").notes == ("none yet",)


def test_a_chart_of_panels_has_one_blank_panel_where_there_is_nothing():
    table = pd.DataFrame({"panel": [], "value": []})
    assert dataset(table, ["panel", "value"], nothing="", panels=["panel"]).rows == [{"panel": "", "value": None}]


def test_a_long_table_keeps_its_ends_and_what_must_be_kept():
    table = pd.DataFrame({"at": range(20_000), "alarm": [place in (7, 11) for place in range(20_000)]})
    drawn = dataset(table, ["at"], nothing="", keep="alarm")
    at = [row["at"] for row in drawn.rows]
    assert len(at) <= 5_000
    assert (at[0], at[-1]) == (0, 19_999)
    assert {7, 11} <= set(at)
    assert at == sorted(at)
    assert max(np.diff(at)) <= 8
    assert drawn.notes == (f"{len(at):,} of 20,000 points are drawn",)


def test_a_table_in_which_all_must_be_kept_is_still_cut():
    table = pd.DataFrame({"at": range(6_000), "alarm": True})
    assert len(dataset(table, ["at"], nothing="", keep="alarm").rows) == 5_000
