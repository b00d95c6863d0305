"""Parquet, through pyarrow.

- Columns of one of pandas' types keep it: numbers, nullable ones, text, categories of text, times with their zone,
  periods, intervals. Objects of one kind (text, numbers, True and False, times, dates, bytes) become a column of that
  type; so do categories of anything but text, which Parquet does not keep.
- Lists and mappings, mixed kinds, UUIDs, decimals and integers of more than 64 bits are written as text, with a column
  of types beside them (see ``kinds``): Arrow's own nested types would add keys and take types away.
- The frame's index is not written. Of a file from elsewhere a named one is read as a column; one without a name is not,
  and rows stand as they do in the file.
"""

from collections.abc import Iterator
from importlib import import_module
from io import BytesIO
from typing import Any

import pandas as pd

from hitl_notebook.errors import BadColumn, BadFrame, MissingExtra
from hitl_notebook.exchange.columns import (
    AsWritten,
    Column,
    check_names,
    read_column,
    restored_frame,
    spelled,
    types_beside,
)
from hitl_notebook.exchange.kinds import KINDS, series_of, type_column
from hitl_notebook.missing import is_missing
from hitl_notebook.quoted import quoted

__all__ = ["parquet_chunks", "read_parquet"]

_BYTES_A_CHUNK = 2**20
_OF_OBJECTS = frozenset({"str", "bool", "int", "float", "datetime", "timedelta", "date", "time", "bytes"})


def parquet_chunks(frame: pd.DataFrame) -> Iterator[bytes]:
    """The bytes of the file; raises before there is any byte."""
    columns: dict[str, pd.Series[Any]] = {}
    for name in check_names(frame):
        series = frame[name].reset_index(drop=True)
        if series.dtype != object and not _has_categories_but_text(series):
            columns[name] = _checked(name, series)
            continue
        column = read_column(name, series)
        if _is_of_one_type(column):
            columns[name] = _checked(name, series_of(column.cells))
        else:
            columns[name] = _checked(name, _texts(spelled(column, lambda kind, cell: KINDS[kind].spell(cell))))
            columns[type_column(name)] = _texts(types_beside(column).cells)
    return _parts(_file(pd.DataFrame(columns)))


def _parts(file: BytesIO) -> Iterator[bytes]:
    file.seek(0)
    while part := file.read(_BYTES_A_CHUNK):
        yield part


def _pyarrow(module: str) -> Any:
    try:
        return import_module(module)
    except ImportError as error:
        raise MissingExtra(
            "Parquet files need pyarrow: pip install 'hitl-notebook[parquet]', or write CSV or JSONL"
        ) from error


def _has_categories_but_text(series: "pd.Series[Any]") -> bool:
    return isinstance(series.dtype, pd.CategoricalDtype) and not pd.api.types.is_string_dtype(
        series.dtype.categories.dtype
    )


def _is_of_one_type(column: Column) -> bool:
    kinds = set(column.kinds) - {None}
    if len(kinds) > 1 or not kinds <= _OF_OBJECTS:
        return False
    present = [cell for cell in column.cells if cell is not None]
    if kinds == {"int"}:
        return all(-(2**63) <= cell < 2**63 for cell in present)
    if kinds == {"datetime"}:
        return len({cell.tzinfo is None for cell in present}) == 1
    return kinds != {"time"} or all(cell.tzinfo is None for cell in present)


def _texts(cells: list[Any]) -> "pd.Series[Any]":
    return pd.Series(cells, dtype=object)


def _checked(name: str, series: "pd.Series[Any]") -> "pd.Series[Any]":
    """The series, if a file of it alone gives back the same cells; raises BadColumn."""
    arrow = _pyarrow("pyarrow")
    try:
        file = _file(pd.DataFrame({name: series}))
        # Of pandas' own types these are known to come back; of the others one cell in a million may not.
        same = series.dtype.kind in "biufM" or series.dtype == "str" or _same(series, _frame(file)[name])
        reason = "would not come back as it is"
    except (ValueError, TypeError, NotImplementedError, OverflowError, arrow.ArrowException) as error:
        same, reason = False, str(error)
    if not same:
        raise BadColumn(
            f"column {quoted(name)} cannot be written to Parquet ({reason}); write JSONL, or make the column text "
            f"first, as with frame[{quoted(name)}].astype(str)"
        )
    return series


def _same(series: "pd.Series[Any]", back: "pd.Series[Any]") -> bool:
    if not (series.isna() == back.isna()).all():
        return False
    present = series.notna()
    return bool(series[present].tolist() == back[present].tolist())


def _file(frame: pd.DataFrame) -> BytesIO:
    file = BytesIO()
    table = _pyarrow("pyarrow").Table.from_pandas(frame, preserve_index=False)
    _pyarrow("pyarrow.parquet").write_table(table, file, write_page_checksum=True)
    return file


def _frame(file: BytesIO) -> pd.DataFrame:
    parquet = _pyarrow("pyarrow.parquet").ParquetFile(file, page_checksum_verification=True)
    return parquet.read().to_pandas()  # type: ignore[no-any-return]


def _flat(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its rows counted from 0, and named parts of its index as its first columns."""
    named = {
        name: frame.index.get_level_values(level)
        for level, name in enumerate(frame.index.names)
        if name is not None and name not in frame.columns
    }
    flat = frame.reset_index(drop=True)
    for at, (name, cells) in enumerate(named.items()):
        flat.insert(at, name, cells)
    return flat


def read_parquet(data: bytes) -> pd.DataFrame:
    """The frame in a Parquet file, from here or elsewhere; raises BadFrame where it is none."""
    _pyarrow("pyarrow")
    try:
        frame = _flat(_frame(BytesIO(data)))
    except Exception as error:  # pyarrow and pandas raise whatever the first byte out of place leads them to
        raise BadFrame(f"the file is no Parquet file, or a damaged one ({error})") from error
    typed = [name for name in frame.columns if type_column(str(name)) in frame.columns]
    restored = restored_frame(
        {
            str(name): AsWritten(cells, cells)
            for name in [*typed, *map(type_column, typed)]
            for cells in [[None if is_missing(cell) else cell for cell in frame[name]]]
        }
    )
    kept = [name for name in frame.columns if name not in map(type_column, restored.columns)]
    return frame[kept].assign(**{name: restored[name] for name in restored.columns if name in typed})
