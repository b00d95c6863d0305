"""Frames and columns of whichever library, as pandas."""

from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
from narwhals.typing import IntoDataFrame

from hitl_notebook.errors import BadFrame

__all__ = ["IntoDataFrame", "pandas_column", "pandas_frame", "pandas_table"]


def pandas_frame(data: IntoDataFrame) -> pd.DataFrame:
    """A pandas frame as it is, one of polars or pyarrow as a pandas frame of its own.

    Raises
    ------
    BadFrame
        It is no frame.
    """
    if isinstance(data, pd.DataFrame):
        return data
    try:
        frame = nw.from_native(data, eager_only=True)
    except (TypeError, nw.exceptions.DuplicateError) as error:
        raise BadFrame(f"a frame of pandas, polars or pyarrow is expected, and this is none: {error}") from error
    return pd.DataFrame({name: _cells(frame[name]) for name in frame.columns})


def pandas_table(data: Any) -> pd.DataFrame:
    """The same of what else has rows and columns: arrays, lists of rows; raises ValueError for what has none."""
    return pandas_frame(data) if nw.dependencies.is_into_dataframe(data) else pd.DataFrame(data)


def pandas_column(values: Any) -> Any:
    """A column of polars or pyarrow as pandas' Series; pandas' own, arrays and lists as they are, masked cells missing.

    >>> pandas_column(["ham", None])
    ['ham', None]
    """
    if isinstance(values, np.ma.MaskedArray) and values.ndim == 1:
        return np.fromiter(values.tolist(), dtype=object, count=len(values))  # a masked cell as None
    if isinstance(values, pd.Series | np.ndarray | list):
        return values
    arrow = nw.dependencies.get_pyarrow()
    if arrow is not None and isinstance(values, arrow.Array):
        values = arrow.chunked_array([values])
    series = nw.from_native(values, series_only=True, pass_through=True)
    return pd.Series(_cells(series)) if isinstance(series, nw.Series) else values


def _cells(series: "nw.Series[Any]") -> Any:
    """Cells that pandas can tell apart and compare; lists, which it cannot, as tuples."""
    dtype, gaps = series.dtype, series.null_count()
    if dtype.is_float() or (not gaps and (dtype.is_integer() or dtype == nw.Boolean)):
        return series.to_numpy()
    if dtype.is_integer():
        return pd.array(series.to_list(), dtype="UInt64" if dtype.is_unsigned_integer() else "Int64")
    if dtype == nw.Boolean:
        return pd.array(series.to_list(), dtype="boolean")
    cells = series.to_list()
    if dtype in (nw.List, nw.Array):
        cells = [None if cell is None else tuple(cell) for cell in cells]
    column = pd.Series(np.fromiter(cells, dtype=object, count=len(cells)), dtype=object)
    return column.infer_objects().array if dtype.is_temporal() else column.to_numpy()
