"""Rows of whatever a model takes: arrays, frames, sparse matrices, lists of texts."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from hashlib import blake2b
from numbers import Real
from typing import Any, TypeAlias

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import is_numeric_dtype

from hitl_notebook.errors import Misaligned
from hitl_notebook.items.content import canonical_bytes
from hitl_notebook.libraries import pandas_column, pandas_frame
from hitl_notebook.missing import is_missing

__all__ = ["Rows", "alike", "has_rows", "row_count", "row_digests", "stacked", "take_rows"]

Rows: TypeAlias = npt.NDArray[np.intp]

_AT_ONCE = 4_096


def row_count(X: Any, name: str = "X") -> int:
    """How many rows there are; raises Misaligned for what has none."""
    if has_rows(X):
        return int(X.shape[0]) if hasattr(X, "shape") else len(X)
    raise Misaligned(
        f"{name} is an array, a frame, a sparse matrix or a list of one row an item, not {type(X).__name__}"
    )


def has_rows(X: Any) -> bool:
    """Whether it is an array, a frame, a sparse matrix or a list, and no single id or text.

    >>> has_rows([1.0]), has_rows("ham"), has_rows(np.int64(1))
    (True, False, False)
    """
    shape = getattr(X, "shape", None)
    return len(shape) > 0 if shape is not None else isinstance(X, Sequence) and not isinstance(X, str | bytes)


def take_rows(X: Any, rows: Rows) -> Any:
    """These rows, in this order, in the type that they came in."""
    if isinstance(X, pd.DataFrame | pd.Series):
        return X.iloc[rows]
    if _is_sparse(X):
        return X.tocsr()[rows]
    if isinstance(X, list | tuple):
        return [X[row] for row in rows.tolist()]
    if nw.dependencies.is_into_dataframe(X) or nw.dependencies.is_into_series(X):
        return nw.from_native(X, eager_only=True, allow_series=True)[rows.tolist()].to_native()
    return X[rows]


def alike(rows: Any, X: Any, name: str) -> Any:
    """The rows of a base or a holdout with their columns as X has them.

    Raises
    ------
    Misaligned
        They are of another type than X, have other columns or another shape: equal rows could not be told.
    """
    if _kind(rows) != _kind(X):
        raise Misaligned(
            f"{name} is {type(rows).__name__} and X {type(X).__name__}: give both in one type, so that their rows can "
            "be compared and put together"
        )
    have, wanted = _columns(rows), _columns(X)
    if have != wanted:
        if set(have) != set(wanted) or len(have) != len(set(wanted)):
            raise Misaligned(f"{name} has the columns {have} and X has {wanted}")
        return rows[wanted] if isinstance(rows, pd.DataFrame) else nw.from_native(rows).select(wanted).to_native()
    shapes = [tuple(getattr(part, "shape", ()))[1:] for part in (rows, X)]
    if shapes[0] != shapes[1]:
        raise Misaligned(f"{name} and X do not go together: rows of shape {shapes[0]} and of shape {shapes[1]}")
    return rows


def stacked(above: Any, below: Any) -> Any:
    """The rows of two that are alike, one below the other; raises Misaligned where they cannot be."""
    try:
        if isinstance(above, pd.DataFrame | pd.Series):
            return pd.concat([above, below], ignore_index=True)
        if _is_sparse(above):
            from scipy import sparse

            return sparse.vstack([above, below], format="csr")
        if isinstance(above, list | tuple):
            return [*above, *below]
        if nw.dependencies.is_into_dataframe(above):
            upper, lower = (nw.from_native(part, eager_only=True) for part in (above, below))
            if upper.schema != lower.schema:
                raise Misaligned(
                    f"base has columns of type {dict(upper.schema)} and X of {dict(lower.schema)}: cast one"
                )
            return nw.concat([upper, lower]).to_native()
        if isinstance(above, np.ndarray):
            return np.concatenate([above, below])
    except ValueError as error:
        raise Misaligned(f"base and X do not go together: {error}") from error
    raise Misaligned(f"base and X are {type(above).__name__}, of which rows cannot be put together: give arrays")


def row_digests(X: Any) -> list[bytes]:
    """Sixteen bytes for each row: the same for the same cells, in whichever type of column they came.

    Numbers are compared as floats of 64 bits, which integers above 2**53 are rounded to; a bool is 0 or 1. What is
    missing is one, and so is zero.
    """
    return [blake2b(row, digest_size=16).digest() for row in _row_bytes(X)]


def _row_bytes(X: Any) -> Iterator[bytes]:
    if _is_sparse(X):
        yield from _sparse_bytes(X)
    elif isinstance(X, list | tuple):
        yield from (canonical_bytes(row.tolist() if isinstance(row, np.ndarray) else row) for row in X)
    elif nw.dependencies.is_into_dataframe(X):
        yield from _frame_bytes(pandas_frame(X))
    elif nw.dependencies.is_into_series(X):
        yield from _frame_bytes(pandas_column(X).to_frame())
    else:
        cells = np.asarray(X)
        if cells.dtype.kind in "biuf":
            yield from _number_bytes(cells)
        elif cells.dtype.names:
            yield from _frame_bytes(pd.DataFrame(cells))
        elif len(cells):
            yield from _frame_bytes(pd.DataFrame(cells.reshape(len(cells), -1)))


def _number_bytes(cells: npt.NDArray[Any]) -> Iterator[bytes]:
    for start in range(0, len(cells), _AT_ONCE):
        yield from (row.tobytes() for row in _plain(cells[start : start + _AT_ONCE]))


def _frame_bytes(frame: pd.DataFrame) -> Iterator[bytes]:
    """A float for each cell, missing where it is no number, and then the cells that are none, each with its place."""
    numbers = np.empty(frame.shape, dtype=np.float64)
    beside: dict[int, list[bytes]] = {}
    for at in range(frame.shape[1]):
        column = frame.iloc[:, at]
        if is_numeric_dtype(column.dtype) and column.dtype.kind != "c":
            numbers[:, at] = column.to_numpy(dtype=np.float64, na_value=np.nan)
            continue
        read = list(map(_number_or_cell, column.tolist()))
        numbers[:, at] = [number for number, _ in read]
        for row, (_, cell) in enumerate(read):
            if cell is not None:
                beside.setdefault(row, []).append(b"%d:%b" % (at, cell))
    for row, cells in enumerate(_number_bytes(numbers)):
        yield cells + b"".join(beside.get(row, ()))


def _number_or_cell(cell: Any) -> tuple[float, bytes | None]:
    """A cell as a float, or NaN and its canonical bytes."""
    if type(cell) is str:
        return np.nan, canonical_bytes(cell)
    if is_missing(cell):
        return np.nan, None
    if isinstance(cell, Real | Decimal | np.bool_):
        try:
            return float(cell), None
        except OverflowError:
            pass
    return np.nan, canonical_bytes(cell)


def _sparse_bytes(X: Any) -> Iterator[bytes]:
    rows = X.tocsr().copy()
    rows.sum_duplicates()
    rows.eliminate_zeros()
    numbers = _plain(rows.data)
    for start, end in zip(rows.indptr[:-1], rows.indptr[1:], strict=True):
        yield rows.indices[start:end].astype("<i8").tobytes() + numbers[start:end].tobytes()


def _plain(cells: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Floats of 64 bits with one zero and one NaN, whose signs are no difference."""
    plain = np.ascontiguousarray(cells, dtype="<f8") + 0.0
    plain[np.isnan(plain)] = np.nan
    return plain


def _columns(X: Any) -> list[Any]:
    """The names of a frame's columns; none of what has none."""
    if isinstance(X, pd.DataFrame):
        return X.columns.tolist()
    return nw.from_native(X, eager_only=True).columns if nw.dependencies.is_into_dataframe(X) else []


def _kind(X: Any) -> str:
    """What can be told from X's type about how rows of it are compared and put together."""
    if _is_sparse(X):
        return "sparse"
    for kind in (pd.DataFrame, pd.Series, np.ndarray, list | tuple):
        if isinstance(X, kind):
            return str(kind)
    return f"{type(X).__module__}.{type(X).__qualname__}"


def _is_sparse(X: Any) -> bool:
    return hasattr(X, "tocsr")
