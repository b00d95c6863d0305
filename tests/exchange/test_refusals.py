"""What a file cannot hold is refused before there is a file; what is no such file is refused in words."""

import sys
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hitl_notebook.errors import BadColumn, BadFrame, FileProblem, MissingExtra, UnknownChoice
from hitl_notebook.exchange import read_frame, write_frame
from hitl_notebook.exchange.csv_file import read_csv
from hitl_notebook.exchange.jsonl_file import read_jsonl
from hitl_notebook.exchange.parquet_file import parquet_chunks, read_parquet

FORMATS = ("csv", "jsonl", "parquet")


class Colour(Enum):
    RED = 1


def circle() -> list[Any]:
    cell: list[Any] = []
    cell.append(cell)
    return cell


REFUSED = {
    "an object": object(),
    "an enum": Colour.RED,
    "a set": {1},
    "a complex number": 1j,
    "NaN in a list": [1.0, float("nan")],
    "a key that is no text": {1: "a"},
    "a set in a list": [{1}],
    "a circle": circle(),
}


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("cell", REFUSED.values(), ids=REFUSED)
def test_a_cell_without_a_form_is_named_before_there_is_a_file(tmp_path: Path, format_: str, cell: Any) -> None:
    frame = pd.DataFrame({"fine": ["a", "b"], "odd one": pd.Series(["text", cell], dtype=object)})
    with pytest.raises(BadColumn, match="column 'odd one', row 1"):
        write_frame(frame, tmp_path / f"out.{format_}")
    assert list(tmp_path.iterdir()) == []


BEYOND_PYTHON = {
    "the year 12000": np.array(["2020-01-01", "12000-01-01"], dtype="M8[s]"),
    "the year 0": np.array(["2020-01-01", "0000-12-31"], dtype="M8[s]"),
    "a year and text": pd.Series(["text", pd.Timestamp(np.datetime64("12000-01-01", "s"))], dtype=object),
    "a thousand years": np.array([1, 2**35], dtype="m8[s]"),
    "all of Python's time": pd.Series([timedelta(1), timedelta.max], dtype=object),
}


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("cells", BEYOND_PYTHON.values(), ids=BEYOND_PYTHON)
def test_a_time_that_would_not_be_read_again_is_named_before_there_is_a_file(
    tmp_path: Path, format_: str, cells: Any
) -> None:
    frame = pd.DataFrame({"when": cells})
    try:
        written = write_frame(frame, tmp_path / f"out.{format_}")
    except BadColumn as error:
        assert "column 'when'" in str(error)
        assert list(tmp_path.iterdir()) == []
    else:
        assert format_ == "parquet"
        assert frame["when"].dtype != object
        assert read_frame(written.path)["when"].tolist() == frame["when"].tolist()


@pytest.mark.parametrize(
    ("names", "named"),
    [
        ([1, "a"], "column 1"),
        ([("a", "b"), "c"], r"column \('a', 'b'\)"),
        (["a", "a"], "column 'a': 2 columns"),
        (["item_id", "id_type"], "column 'id_type'"),
        (["value", "value:type"], "column 'value:type'"),
    ],
)
@pytest.mark.parametrize("format_", FORMATS)
def test_names_that_a_file_cannot_keep_are_refused(tmp_path: Path, format_: str, names: list[Any], named: str) -> None:
    frame = pd.DataFrame([["x", "y"]])
    frame.columns = pd.Index(names, tupleize_cols=False)
    with pytest.raises(BadColumn, match=named):
        write_frame(frame, tmp_path / f"out.{format_}")
    assert list(tmp_path.iterdir()) == []


def test_parquet_names_the_column_with_half_a_surrogate_pair(tmp_path: Path) -> None:
    frame = pd.DataFrame({"fine": ["a"], "half": pd.Series(["\ud800"], dtype=object)})
    with pytest.raises(BadColumn, match=r"column 'half'.*write JSONL"):
        write_frame(frame, tmp_path / "out.parquet")
    assert list(tmp_path.iterdir()) == []


PANDAS = {
    "categories": pd.Categorical(["b", None, "b"], categories=["a", "b"], ordered=True),
    "nullable": pd.array([2**62 + 1, None, 3], dtype="Int64"),
    "unsigned": pd.array([2**64 - 1, 0, 1], dtype="uint64"),
    "half floats": np.array([0.5, 1, 2], dtype="float16"),
    "Berlin": pd.DatetimeIndex(["2026-10-25 00:30", None, "2026-10-25 01:30"], tz="UTC").tz_convert("Europe/Berlin"),
    "nanoseconds": pd.to_datetime([1, 2, 3], unit="ns"),
    "durations": pd.to_timedelta([1, None, 3], unit="us"),
    "periods": pd.period_range("2026-01", periods=3, freq="M"),
    "intervals": pd.interval_range(0, 3),
    "text": pd.array(["a\0b", None, ""], dtype="string"),
    "flags": pd.array([True, None, False], dtype="boolean"),
}


@pytest.mark.parametrize("cells", PANDAS.values(), ids=PANDAS)
def test_parquet_keeps_pandas_types(tmp_path: Path, cells: Any) -> None:
    frame = pd.DataFrame({"column": cells})
    pd.testing.assert_frame_equal(read_frame(write_frame(frame, tmp_path / "out.parquet").path), frame)


def test_parquet_keeps_the_numbers_that_categories_stand_for(tmp_path: Path) -> None:
    frame = pd.DataFrame({"column": pd.Categorical([2**62 + 1, None, 1])})
    back = read_frame(write_frame(frame, tmp_path / "out.parquet").path)["column"]
    assert back.tolist() == [2**62 + 1, pd.NA, 1]


@pytest.mark.parametrize("format_", ["csv", "jsonl"])
@pytest.mark.parametrize("cells", PANDAS.values(), ids=PANDAS)
def test_csv_and_jsonl_keep_the_cells_of_pandas_types_or_name_the_column(
    tmp_path: Path, format_: str, cells: Any
) -> None:
    frame = pd.DataFrame({"column": cells})
    if isinstance(cells, pd.PeriodIndex | pd.IntervalIndex):
        with pytest.raises(BadColumn, match="column 'column', row 0"):
            write_frame(frame, tmp_path / f"out.{format_}")
        return
    back = read_frame(write_frame(frame, tmp_path / f"out.{format_}").path)["column"]
    present = frame["column"].notna()
    assert back.notna().tolist() == present.tolist()
    assert back[present].tolist() == frame["column"][present].tolist()


def test_parquet_keeps_the_keys_that_each_mapping_had(tmp_path: Path) -> None:
    cells = [{"a": 1}, {"b": [1, "x", None]}, {}, None]
    frame = pd.DataFrame({"record": pd.Series(cells, dtype=object)})
    assert read_frame(write_frame(frame, tmp_path / "out.parquet").path)["record"].tolist() == cells


def test_a_parquet_file_without_pyarrow_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtra, match=r"pip install 'hitl-notebook\[parquet\]'"):
        write_frame(pd.DataFrame({"a": [1]}), tmp_path / "out.parquet")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_ending_or_format_names_the_three(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": [1]})
    with pytest.raises(UnknownChoice, match=r"\.csv, \.parquet, \.jsonl"):
        write_frame(frame, tmp_path / "out.xlsx")
    with pytest.raises(UnknownChoice, match="csv, parquet, jsonl"):
        write_frame(frame, tmp_path / "out.csv", format="feather")
    assert write_frame(frame, tmp_path / "OUT.CSV").format == "csv"
    assert write_frame(frame, tmp_path / "out.txt", format="jsonl").format == "jsonl"
    assert read_frame(tmp_path / "out.txt", format="jsonl")["a"].tolist() == [1]


def test_a_frame_without_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFrame, match="no columns"):
        write_frame(pd.DataFrame(), tmp_path / "out.csv")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("in.csv", b"", "the file is empty"),
        ("in.csv", b"a,b\r\n1,2,3\r\n", "row 0 has 3 cells, the header 2"),
        ("in.csv", b'a\r\n"never closed\r\n', "line 2"),
        ("in.csv", b"a,a\r\n1,2\r\n", "a name of its own"),
        ("in.csv", "é".encode("latin-1"), "not UTF-8"),
        ("in.jsonl", b'{"a": 1}\n{"a": NaN}\n', "line 2 is no strict JSON: NaN"),
        ("in.jsonl", b"[1]\n", "line 1 is list"),
        ("in.jsonl", b"[" * 100_000, "line 1 is no strict JSON"),
        ("in.jsonl", b'{"a": ' + b"9" * 5_000 + b"}", "line 1 is no strict JSON"),
        ("in.jsonl", b"\xff", "not UTF-8"),
        ("in.parquet", b"PAR1 no, it is not", "no Parquet file"),
    ],
)
def test_what_is_no_such_file_is_refused_in_words(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(BadFrame, match=said):
        read_frame(tmp_path / name)


def test_a_cell_that_is_not_what_its_type_says_is_named(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text('item_id,id_type\n17,"int"\n"no",uuid\n')
    with pytest.raises(BadColumn, match="column 'item_id', row 1: 'no' is no uuid"):
        read_frame(tmp_path / "in.csv")


@pytest.mark.parametrize("path", [None, 5, b"out.csv", "a\0b.csv", "~nobody-of-that-name/out.csv"])
def test_what_is_no_path_is_refused_by_name(path: Any) -> None:
    for use in (lambda: read_frame(path), lambda: write_frame(pd.DataFrame({"a": [1]}), path)):
        with pytest.raises(FileProblem, match="path="):
            use()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match=r"gone\.csv could not be read"):
        read_frame(tmp_path / "gone.csv")


def test_a_csv_file_from_elsewhere_is_read_with_what_its_cells_spell(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes(b"\xef\xbb\xbfitem_id,value,zip,note\n1,ham,0017,\n2,spam,10115,a''b\n\n")
    frame = read_frame(tmp_path / "in.csv")
    assert frame["item_id"].tolist() == [1, 2]
    assert frame["zip"].tolist() == ["0017", "10115"]
    assert frame["note"].dropna().tolist() == ["a''b"]
    assert frame["value"].tolist() == ["ham", "spam"]


def test_ids_of_which_a_csv_file_from_elsewhere_has_some_in_quotes_are_all_text(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text('item_id,value\n"7","7"\n17,17\n')
    frame = read_frame(tmp_path / "in.csv")
    assert frame["item_id"].tolist() == ["7", "17"]
    assert frame["value"].tolist() == ["7", 17]


def test_an_apostrophe_of_a_csv_file_from_elsewhere_stays_where_it_is_doubled(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("item_id,note\n1,'tis\n2,''tis\n3,o'clock\n")
    assert read_frame(tmp_path / "in.csv")["note"].tolist() == ["tis", "'tis", "o'clock"]


PIECES = [b'"', b",", b"\r\n", b"\n", b"'", b"17", b"1.5", b"2026-02-31", b"25:00:00", b"int", b"json", b"=", b"\xff"]
PIECES += [b"item_id", b"id_type", b"{", b"}", b"[", b"]", b":", b'"a"', b"null", b"9" * 5_000, "␛dfff".encode()]


@pytest.mark.parametrize("format_", FORMATS)
@settings(max_examples=300, deadline=None)
@given(data=st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join) | st.binary(max_size=40))
def test_any_bytes_are_a_frame_or_refused_in_words(format_: str, data: bytes) -> None:
    try:
        frame = {"csv": read_csv, "jsonl": read_jsonl, "parquet": read_parquet}[format_](data)
    except (BadFrame, BadColumn) as error:
        assert str(error)
    else:
        assert isinstance(frame, pd.DataFrame)


INTACT = b"".join(parquet_chunks(pd.DataFrame({"item_id": [1, "1"], "value": ["ham", None]})))


@settings(max_examples=300, deadline=None)
@given(at=st.integers(0, len(INTACT) - 1), byte=st.integers(0, 255), end=st.integers(0, len(INTACT)) | st.none())
def test_a_damaged_parquet_file_is_a_frame_or_refused_in_words(at: int, byte: int, end: int | None) -> None:
    damaged = bytearray(INTACT)
    damaged[at] = byte
    try:
        assert isinstance(read_parquet(bytes(damaged[:end])), pd.DataFrame)
    except (BadFrame, BadColumn) as error:
        assert str(error)
