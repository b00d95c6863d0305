"""Rows of whatever a model takes: arrays, frames, sparse matrices, lists of texts."""

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import Any, TypeAlias

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from hitl_notebook.errors import Misaligned
from hitl_notebook.items.content import canonical_bytes

__all__ = ["Rows", "row_count", "row_digests", "stacked", "take_rows"]

Rows: TypeAlias = npt.NDArray[np.intp]

_AT_ONCE = 4_096


def row_count(X: Any, name: str = "X") -> int:
    """How many rows there are; raises Misaligned for what has none."""
    shape = getattr(X, "shape", None)
    if shape is not None and len(shape):
        return int(shape[0])
    if isinstance(X, Sequence) and not isinstance(X, str | bytes):
        return len(X)
    raise Misaligned(
        f"{name} is an array, a frame, a sparse matrix or a list of one row an item, not {type(X).__name__}"
    )


def take_rows(X: Any, rows: Rows) -> Any:
    """These rows, in this order, in the type that they came in."""
    if isinstance(X, pd.DataFrame | pd.Series):
        return X.iloc[rows]
    if _is_sparse(X):
        return X.tocsr()[rows]
    if isinstance(X, list | tuple):
        return [X[row] for row in rows.tolist()]
    if nw.dependencies.is_polars_dataframe(X) or nw.dependencies.is_polars_series(X):
        return X[rows.tolist()]
    return X[rows]


def stacked(above: Any, below: Any) -> Any:
    """The rows of two of one type, one below the other; raises Misaligned where they cannot be."""
    try:
        if isinstance(above, pd.DataFrame) and isinstance(below, pd.DataFrame):
            if set(above.columns) != set(below.columns):
                raise Misaligned(f"base has the columns {list(above.columns)} and X has {list(below.columns)}")
            return pd.concat([above, below[above.columns]], ignore_index=True)
        if isinstance(above, pd.Series) and isinstance(below, pd.Series):
            return pd.concat([above, below], ignore_index=True)
        if _is_sparse(above) and _is_sparse(below):
            from scipy import sparse

            return sparse.vstack([above, below], format="csr")
        if isinstance(above, list | tuple) and isinstance(below, list | tuple):
            return [*above, *below]
        if nw.dependencies.is_polars_dataframe(above) and nw.dependencies.is_polars_dataframe(below):
            return above.vstack(below.select(above.columns))
        if isinstance(above, np.ndarray) and isinstance(below, np.ndarray):
            return np.concatenate([above, below])
    except ValueError as error:
        raise Misaligned(f"base and X do not go together: {error}") from error
    raise Misaligned(
        f"base is {type(above).__name__} and X {type(below).__name__}: give both in one type, so that their "
        "rows can be put together"
    )


def row_digests(X: Any) -> list[bytes]:
    """Sixteen bytes for each row: the same for the same cells. Numbers are compared as floats of 64 bits."""
    return [blake2b(row, digest_size=16).digest() for row in _row_bytes(X)]


def _row_bytes(X: Any) -> Iterator[bytes]:
    if isinstance(X, pd.DataFrame):
        yield from _frame_bytes(X)
    elif _is_sparse(X):
        yield from _sparse_bytes(X)
    elif nw.dependencies.is_polars_dataframe(X):
        yield from map(canonical_bytes, X.rows())
    elif isinstance(X, list | tuple | pd.Series) or nw.dependencies.is_polars_series(X):
        yield from map(canonical_bytes, X)
    else:
        cells = np.asarray(X)
        if cells.dtype.kind in "biuf":
            yield from _number_bytes(cells)
        else:
            yield from map(canonical_bytes, cells.tolist())


def _number_bytes(cells: npt.NDArray[Any]) -> Iterator[bytes]:
    for start in range(0, len(cells), _AT_ONCE):
        some = np.ascontiguousarray(cells[start : start + _AT_ONCE], dtype="<f8") + 0.0  # there is one zero
        yield from (row.tobytes() for row in some)


def _frame_bytes(frame: pd.DataFrame) -> Iterator[bytes]:
    places = range(frame.shape[1])
    numeric = [
        at for at in places if frame.dtypes.iloc[at].kind in "biuf" and isinstance(frame.dtypes.iloc[at], np.dtype)
    ]
    others = [frame.iloc[:, at].tolist() for at in places if at not in numeric]
    numbers = _number_bytes(frame.iloc[:, numeric].to_numpy(dtype=np.float64))
    for row, beside in zip(numbers, zip(*others, strict=True) if others else [()] * len(frame), strict=True):
        yield row + b"".join(map(canonical_bytes, beside))


def _sparse_bytes(X: Any) -> Iterator[bytes]:
    rows = X.tocsr().copy()
    rows.sum_duplicates()
    rows.eliminate_zeros()
    for start, end in zip(rows.indptr[:-1], rows.indptr[1:], strict=True):
        yield rows.indices[start:end].astype("<i8").tobytes() + rows.data[start:end].astype("<f8").tobytes()


def _is_sparse(X: Any) -> bool:
    return hasattr(X, "tocsr")
