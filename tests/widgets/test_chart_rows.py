"""A table becomes rows of strict JSON, as Altair encodes them."""

import datetime
import json
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from hitl_notebook.widgets.chart_rows import as_pandas, chart_rows

NOTHING = [None, np.nan, pd.NaT, pd.NA]


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pd.Series([0.5, np.nan, np.inf, -np.inf]), [0.5, None, None, None]),
        (pd.Series([1, None], dtype="Int64"), [1, None]),
        (pd.Series([2**53, 2**60 + 1]), [2**53, "1152921504606846977"]),
        (pd.Series([True, None], dtype="boolean"), [True, None]),
        (pd.Series(["a", None], dtype="str"), ["a", None]),
        (pd.Series(["a", None], dtype="category"), ["a", None]),
        (pd.Series(NOTHING, dtype=object), [None] * 4),
        (pd.to_datetime(pd.Series(["2026-11-21 09:30", None])), ["2026-11-21T09:30:00", None]),
        (pd.to_datetime(pd.Series(["2026-11-21 09:30", None]), utc=True), ["2026-11-21T09:30:00+00:00", None]),
        (pd.Series([datetime.date(2026, 11, 21), None], dtype=object), ["2026-11-21", None]),
        (pd.Series([[1.0, np.nan], np.array([2]), ("a", None)], dtype=object), [[1.0, None], [2], ["a", None]]),
        (pd.Series([{"p": np.float64("nan"), "n": np.int64(3)}], dtype=object), [{"p": None, "n": 3}]),
        (pd.Series([Decimal("0.5"), pd.Interval(0, 1)], dtype=object), ["0.5", "(0, 1]"]),
    ],
)
def test_a_cell_is_strict_json_and_null_where_it_says_nothing(column, expected):
    rows = chart_rows(pd.DataFrame({"x": column}))
    assert [row["x"] for row in rows] == expected
    json.dumps(rows, allow_nan=False)


def test_a_time_is_encoded_as_altair_does():
    import altair as alt

    frame = pd.DataFrame({"at": pd.date_range("2026-11-21 09:30", periods=3, freq="h", tz="Europe/Berlin")})
    assert chart_rows(frame) == alt.to_values(frame)["values"]


@pytest.mark.parametrize("made", [pl.DataFrame, pa.table, lambda columns: [{"x": 1, "y": "a"}, {"x": 2, "y": None}]])
def test_a_table_of_another_library_has_the_same_rows(made):
    assert chart_rows(as_pandas(made({"x": [1, 2], "y": ["a", None]}))) == [{"x": 1, "y": "a"}, {"x": 2, "y": None}]


def test_an_index_is_a_column_where_it_has_a_name_of_its_own():
    frame = pd.DataFrame({"x": [1, 2]}, index=pd.Index(["a", "b"], name="y"))
    assert chart_rows(as_pandas(frame)) == [{"y": "a", "x": 1}, {"y": "b", "x": 2}]
    assert chart_rows(as_pandas(frame.rename_axis("x"))) == [{"x": 1}, {"x": 2}]
    assert chart_rows(as_pandas(frame.rename_axis(None))) == [{"x": 1}, {"x": 2}]
    levels = frame.set_index([pd.Index([3, 4]), "x"]).assign(z=0)
    assert chart_rows(as_pandas(levels)) == [{"x": 1, "z": 0}, {"x": 2, "z": 0}]
    several = frame.assign(z=0).set_index("x", append=True)
    assert chart_rows(as_pandas(several)) == [{"y": "a", "x": 1, "z": 0}, {"y": "b", "x": 2, "z": 0}]


def test_the_frame_is_not_changed():
    frame = pd.DataFrame({"x": [0.5, np.nan]}, index=[7, 8])
    kept = frame.copy()
    chart_rows(as_pandas(frame))
    pd.testing.assert_frame_equal(frame, kept)


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (pd.DataFrame({"x": [pd.Timedelta("1s")]}), "timedelta"),
        (pd.DataFrame({3: [1], "x": [2]}), "3"),
        (pd.DataFrame({("a", "b"): [1]}), "ierarchical|a"),
    ],
)
def test_what_altair_cannot_draw_is_said(frame, words):
    with pytest.raises(ValueError, match=words):
        chart_rows(frame)


def test_what_is_no_table_is_refused():
    with pytest.raises(TypeError):
        as_pandas(3)
