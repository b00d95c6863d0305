"""The user's frame as it was when the session began: any library, any index, never modified."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from copy import deepcopy
from decimal import InvalidOperation
from functools import cached_property
from itertools import islice
from typing import Any, TypeAlias

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from hitl_notebook.errors import BadColumn, BadFrame, MissingColumn
from hitl_notebook.missing import are_missing, is_missing
from hitl_notebook.quoted import close_match, quoted
from hitl_notebook.tasks.task import Cells

__all__ = ["Column", "Frame", "Name", "Positions"]

Name: TypeAlias = Hashable  # a column's name; text, except where pandas has numbers there
Positions: TypeAlias = Sequence[int] | npt.NDArray[np.intp]

_CONTAINERS = (list, tuple, dict, set, np.ndarray)
_FLAT = (str, bytes, int, float, complex, bool, type(None))
_NEVER_NAN = (nw.String, nw.Int64, nw.Int32, nw.Int16, nw.Int8, nw.UInt64, nw.UInt32, nw.UInt16, nw.UInt8, nw.Boolean)
_NAMED = 20  # columns that an error lists
_PANDAS_COPIES_ON_WRITE = int(pd.__version__.split(".")[0]) >= 3


class Column:
    """One column of the snapshot."""

    def __init__(self, name: Name, series: "nw.Series[Any]") -> None:
        self.name = name
        self._series = series
        self._frozen: dict[int, Any] = {}

    def __len__(self) -> int:
        return len(self._series)

    @property
    def dtype(self) -> nw.dtypes.DType:
        return self._series.dtype

    @property
    def is_array(self) -> bool:
        """Whether each cell is an array of one shape, which polars has a type for."""
        return self.dtype == nw.Array

    @property
    def is_measure(self) -> bool:
        """Whether each cell is a number, a bool, a date or a time."""
        return self.dtype.is_numeric() or self.dtype.is_temporal() or self.dtype == nw.Boolean

    @cached_property
    def is_nested(self) -> bool:
        """Whether a cell may be an object that the user can still change."""
        if self.is_array:
            return True  # a view of the user's own array, perhaps
        native = self._series.to_native()
        holds_objects = self.dtype == nw.Object or (isinstance(native, pd.Series) and native.dtype == object)
        return holds_objects and not all(isinstance(cell, _FLAT) for cell in native.to_list())

    def cells(self) -> Cells:
        """Every cell as a Python object, None where missing."""
        if self.dtype == nw.String and not self._series.implementation.is_polars():
            cells = self._series.to_numpy().astype(object)
        else:
            # numpy would make fixed-width text of polars' strings, and one two-dimensional array of equal lists.
            cells = np.fromiter(_listed(self._series), dtype=object, count=len(self))
        if self.dtype in _NEVER_NAN and self._series.null_count() == 0:
            return cells
        missing = are_missing(cells)
        if missing.any():
            cells = cells.copy()
            cells[missing] = None
        return cells

    def cut_times(self) -> list[int]:
        """The rows whose time of day is cut in ``cells``: where it has nanoseconds, which Python's times have not."""
        if self.dtype != nw.Time:
            return []
        if not self._series.implementation.is_polars() and self._series.to_arrow().type.unit != "ns":
            return []
        since_midnight = self._series.cast(nw.Int64).to_numpy().astype(np.float64)
        return [int(row) for row in np.flatnonzero(since_midnight % 1_000 > 0)]

    def floats(self) -> npt.NDArray[np.float64] | None:
        """Every cell as a float, NaN where missing; None where the column's type is not a number's."""
        if not self.dtype.is_numeric() or self.dtype == nw.Decimal:
            return None
        return np.array(self._series.to_numpy(), dtype=np.float64)

    def take(self, positions: Positions) -> list[Any]:
        """The cells at ``positions`` as they are, those that were frozen as they were then."""
        chosen = self._series[np.asarray(positions, dtype=np.intp)]
        cells: list[Any] = list(chosen.to_numpy()) if self.is_array and chosen.null_count() == 0 else _listed(chosen)
        if self._frozen:
            cells = [self._frozen.get(int(at), cell) for at, cell in zip(positions, cells, strict=True)]
        return cells

    def copies(self, positions: Positions) -> list[Any]:
        """The cells of ``take`` for someone who may change them; an object of the user's own is handed on as it is."""
        cells = self.take(positions)
        return [_copy(cell) if isinstance(cell, _CONTAINERS) else cell for cell in cells] if self.is_nested else cells

    def freeze(self, positions: Positions) -> None:
        """Keep what the cells at ``positions`` hold now, whatever the user does to them later."""
        if not self.is_nested:
            return
        waiting = [int(at) for at in positions if int(at) not in self._frozen]
        for at, cell in zip(waiting, self.take(waiting), strict=True):
            self._frozen.setdefault(at, _copy(cell))

    def first(self, count: int) -> list[Any]:
        """The first ``count`` cells that are not missing."""
        try:
            present = np.flatnonzero(~self._series.is_null().to_numpy().astype(bool))
        except InvalidOperation:  # a decimal that is compared with nothing, as pandas does
            present = np.arange(len(self))
        if len(present) == 0:
            return []
        cells = (self.take([at])[0] for at in present.tolist())
        return list(islice((cell for cell in cells if not is_missing(cell)), count))


class Frame:
    """The columns of the user's frame, by name; one name may stand for several as long as nothing uses it."""

    def __init__(self, native: Any, names: Sequence[Name], series: Callable[[int], Any], length: int) -> None:
        self._native = native
        self._names = list(names)
        self._series = series
        self._length = length
        self._columns: dict[Name, Column] = {}

    @classmethod
    def snapshot(cls, given: Any) -> "Frame":
        """A snapshot of pandas, polars or pyarrow data, or of a list of dicts; raises BadFrame for anything else."""
        if isinstance(given, Frame):
            return given
        if isinstance(given, list | tuple):
            given = _of_records(given)
        if isinstance(given, pd.DataFrame):
            # pandas 3 copies on write, so that a shallow copy is a snapshot; before that only a deep one is.
            copy = pd.DataFrame(given, copy=not _PANDAS_COPIES_ON_WRITE)
            if isinstance(copy.columns, pd.MultiIndex):
                raise BadFrame(
                    "the frame's columns have several levels; make one of them, as in "
                    "frame.columns = ['_'.join(map(str, names)) for names in frame.columns]"
                )
            frame = cls(copy, list(copy.columns), lambda at: copy.iloc[:, at], len(copy))
        elif nw.dependencies.is_polars_dataframe(given):
            clone = _polars_snapshot(given)
            frame = cls(clone, clone.columns, clone.to_series, len(clone))
        elif nw.dependencies.is_pyarrow_table(given):
            table = _pyarrow_snapshot(given)
            frame = cls(table, table.column_names, table.column, len(table))
        else:
            raise BadFrame(_not_a_frame(given))
        if not frame._names:
            raise BadFrame("the frame has no columns: there is nothing to show")
        return frame

    def __len__(self) -> int:
        return self._length

    @property
    def names(self) -> list[Name]:
        """Every column's name, in order."""
        return list(self._names)

    def native(self, without: Sequence[Name] = ()) -> Any:
        """The snapshot in the user's own library, safe to hand to the user's code, some columns left out."""
        if isinstance(self._native, pd.DataFrame):
            kept = self._native.drop(columns=list(without))
            return kept.copy(deep=not _PANDAS_COPIES_ON_WRITE)
        return nw.from_native(self._native, eager_only=True).drop(list(without)).to_native()

    def column(self, name: Name, role: str = "") -> Column:
        """The column called ``name``; raises MissingColumn or BadFrame, naming the ``role`` it was asked for."""
        places = self._places.get(_key(name), [])
        asked = f"{quoted(name)} ({role})" if role else quoted(name)
        if not places:
            named = ", ".join(map(quoted, self._names[:_NAMED])) + (", ..." if len(self._names) > _NAMED else "")
            raise MissingColumn(
                f"no column {asked}{close_match(str(name), map(str, self._names))}; the frame has {named}"
            )
        if len(places) > 1:
            raise BadFrame(f"{len(places)} columns are called {asked}: rename them, so that it is clear which is meant")
        place = places[0]
        if place not in self._columns:
            self._columns.setdefault(place, Column(name, nw.from_native(self._series(place), series_only=True)))
        return self._columns[place]

    def freeze(self, positions: Positions) -> None:
        """Keep what every column's nested cells at ``positions`` hold now."""
        for name in self.distinct_names:
            self.column(name).freeze(positions)

    def row(self, position: int) -> dict[Name, Any]:
        """The cells at ``position``, by ``distinct_names``; nested ones are copies."""
        return {name: self.column(name).copies([position])[0] for name in self.distinct_names}

    def rows(self, positions: Positions) -> pd.DataFrame:
        """The rows at ``positions`` with the columns of ``distinct_names``, as pandas with a new index.

        Nested cells are copies.
        """
        chosen = np.asarray(positions, dtype=np.intp)
        columns = {name: self.column(name) for name in self.distinct_names}
        if not isinstance(self._native, pd.DataFrame):
            return pd.DataFrame({name: pd.Series(column.copies(chosen)) for name, column in columns.items()})
        places = [self._places[_key(name)][0] for name in columns]
        rows = self._native.iloc[chosen, places].reset_index(drop=True)
        nested = {name: column for name, column in columns.items() if column.is_nested}
        for name, column in nested.items():
            rows[name] = np.fromiter(column.copies(chosen), dtype=object, count=len(chosen))
        return rows

    @cached_property
    def distinct_names(self) -> list[Name]:
        """The names that one column has; columns that share a name cannot be told apart, and are left out."""
        return [name for name in self._names if len(self._places[_key(name)]) == 1]

    @cached_property
    def _places(self) -> dict[tuple[bool, Name], list[int]]:
        places: dict[tuple[bool, Name], list[int]] = {}
        for place, name in enumerate(self._names):
            places.setdefault(_key(name), []).append(place)
        return places


def _listed(series: "nw.Series[Any]") -> list[Any]:
    dtype = series.dtype
    if not (isinstance(dtype, nw.Datetime) and dtype.time_unit == "ns" and series.implementation.is_polars()):
        return series.to_list()
    # polars would make datetimes of these, without their nanoseconds.
    moments = pd.Series(series.to_numpy(), dtype="datetime64[ns]")
    if dtype.time_zone is not None:
        moments = moments.dt.tz_localize("UTC").dt.tz_convert(dtype.time_zone)
    return [None if pd.isna(moment) else moment for moment in moments]


def _key(name: Name) -> tuple[bool, Name]:
    # As keys of a dict, the column names 1 and True would be one.
    return isinstance(name, bool), name


def _copy(cell: Any) -> Any:
    try:
        return deepcopy(cell)
    except Exception:
        # What cannot be copied (an open file, a lock, a list a thousand deep) is shown as it is when its turn comes.
        return cell


# A column of numbers made of a numpy array or a pandas column may still be the user's memory, which they can write to,
# and nothing says so. Others, as text, were copied when they were made.


def _polars_snapshot(given: Any) -> Any:
    numbers = [series for series in given.get_columns() if series.dtype.is_numeric() or series.dtype.is_temporal()]
    every_row = np.arange(len(given), dtype=np.uint32)  # polars counts rows so too: other numbers it would convert
    return given.with_columns([series.gather(every_row) for series in numbers])


def _pyarrow_snapshot(given: Any) -> Any:
    arrow = nw.dependencies.get_pyarrow()
    columns = [_arrow_column(name, column) for name, column in zip(given.column_names, given.columns, strict=True)]
    fields = [field.with_type(column.type) for field, column in zip(given.schema, columns, strict=True)]
    return arrow.Table.from_arrays(columns, schema=arrow.schema(fields, metadata=given.schema.metadata))


def _arrow_column(name: str, column: Any) -> Any:
    """A column of which pyarrow can take some rows, as it cannot of every type that it has."""
    arrow = nw.dependencies.get_pyarrow()
    if arrow.types.is_primitive(column.type) and column.num_chunks:
        return arrow.chunked_array([arrow.concat_arrays(column.chunks)], type=column.type)
    try:
        if arrow.types.is_run_end_encoded(column.type):
            from pyarrow.compute import run_end_decode  # type: ignore[attr-defined]  # pyarrow makes it as it is imported

            decoded = [run_end_decode(chunk) for chunk in column.chunks]
            column = arrow.chunked_array(decoded, type=column.type.value_type)
        takeable = _takeable(column.type)
        column = column if takeable == column.type else column.cast(takeable)
        column.slice(0, 1).take(arrow.array([0][: len(column)], type=arrow.int64()))
    except (arrow.ArrowNotImplementedError, arrow.ArrowInvalid):
        raise BadColumn(
            f"column {quoted(name)} is of pyarrow's type {quoted(str(column.type))}, of which pyarrow can take no "
            "single rows: cast it to another first, or leave the column out"
        ) from None
    return column


def _takeable(type_: Any) -> Any:
    """A type of the same values, of which pyarrow can take rows: views of text and of bytes are copied."""
    arrow = nw.dependencies.get_pyarrow()
    types = arrow.types
    if types.is_string_view(type_):
        return arrow.large_string()
    if types.is_binary_view(type_):
        return arrow.large_binary()
    if types.is_list(type_) or types.is_large_list(type_):
        made = arrow.list_ if types.is_list(type_) else arrow.large_list
        return made(type_.value_field.with_type(_takeable(type_.value_type)))
    if types.is_fixed_size_list(type_):
        return arrow.list_(type_.value_field.with_type(_takeable(type_.value_type)), type_.list_size)
    if types.is_struct(type_):
        return arrow.struct([field.with_type(_takeable(field.type)) for field in type_])
    if types.is_map(type_):
        return arrow.map_(_takeable(type_.key_type), _takeable(type_.item_type), type_.keys_sorted)
    return type_


def _of_records(records: Sequence[Any]) -> pd.DataFrame:
    for row, record in enumerate(records):
        if not isinstance(record, Mapping):
            raise BadFrame(f"a list of predictions holds one dict a row; row {row} is {quoted(record)}")
    if not records:
        raise BadFrame("an empty list has no columns: pass a frame that has them, and no rows")
    rows = [record if type(record) is dict else dict(record) for record in records]
    try:
        return pd.DataFrame(rows)
    except UnicodeEncodeError:  # half a surrogate pair does not fit into a text column, nor into a name
        for name in dict.fromkeys(name for row in rows for name in row if isinstance(name, str)):
            if name != name.encode(errors="ignore").decode():
                raise BadFrame(f"the name of column {quoted(name)} holds half of a surrogate pair: rename it") from None
        return pd.DataFrame(rows, dtype=object)


def _not_a_frame(given: Any) -> str:
    remedies = {
        "LazyFrame": "call its collect()",
        "Series": "call its to_frame()",
        "RecordBatch": "make it a table with pyarrow.Table.from_batches([it])",
        "dict": "make it a frame with pandas.DataFrame(it)",
        "ndarray": "make it a frame with pandas.DataFrame(it, columns=[...])",
        "str": "read the file first, as with pandas.read_csv",
        "PosixPath": "read the file first, as with pandas.read_csv",
    }
    remedy = remedies.get(type(given).__name__, "make it one of these first")
    return f"predictions is a pandas, polars or pyarrow table or a list of dicts, not {type(given).__name__}: {remedy}"
