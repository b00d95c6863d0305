"""Columns as numbers: what every figure reads its rows with."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from hitl_notebook.counts import is_count
from hitl_notebook.errors import BadColumn, MissingColumn, UnknownChoice
from hitl_notebook.libraries import IntoDataFrame, pandas_column, pandas_frame
from hitl_notebook.quoted import quoted

__all__ = [
    "UNWEIGHTED",
    "Array",
    "check_count",
    "check_level",
    "dot",
    "numbers",
    "read_confidence",
    "read_seconds",
    "read_verdicts",
    "read_weights",
    "require",
]

Array = npt.NDArray[np.float64]
# Confidences come through JSON and single precision: what is this near to 0 or 1 was meant to be there.
TOLERANCE = 1e-6
LIGHTEST, HEAVIEST = 1e-100, 1e100
UNWEIGHTED = "unweighted: speaks of the reviewed items only, unless they were drawn at random"


def require(decisions: IntoDataFrame, *columns: str) -> pd.DataFrame:
    """The table as pandas has it; one that has not the columns that are needed is refused."""
    decisions = pandas_frame(decisions)
    missing = [name for name in columns if name not in decisions]
    if missing:
        has = ", ".join(quoted(name) for name in decisions.columns)
        raise MissingColumn(f"decisions are session.decisions or have its columns: no {', '.join(missing)} among {has}")
    return decisions


def dot(one: Array, other: Array) -> float:
    """The sum of the products. Not by ``@``, whose threads wait for each other, ten milliseconds where cores are busy.

    >>> dot(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    11.0
    """
    return float(np.einsum("i,i", one, other))


def numbers(column: Any, name: str) -> Array:
    """A column as floats, missing cells as NaN; raises BadColumn for others, of times and durations too."""
    cells = _read(column)
    if getattr(getattr(cells, "dtype", None), "kind", None) in ("m", "M"):
        raise BadColumn(f"{name} is a column of numbers, not of {cells.dtype}: say in which unit, as in seconds")
    try:
        found = _floats(cells)
    except (TypeError, ValueError) as error:
        raise BadColumn(f"{name} is a column of numbers, missing where unknown ({error})") from error
    if found.ndim != 1:
        raise BadColumn(f"{name} is one column of numbers; this has the shape {found.shape}")
    return found


def _floats(cells: Any) -> Array:
    if isinstance(cells, pd.api.extensions.ExtensionArray):
        if pd.api.types.is_string_dtype(cells.dtype):
            raise TypeError("these are text")
        return cells.to_numpy(dtype=np.float64, na_value=np.nan)
    if _boxed(cells):
        cells = [np.nan if cell is pd.NA else cell for cell in cells]
        if any(isinstance(cell, str | complex) for cell in cells):  # which numpy would read as numbers, or cut
            raise TypeError("some are text or complex")
    elif getattr(getattr(cells, "dtype", None), "kind", "") in ("U", "S", "c"):
        raise TypeError(f"these are {cells.dtype}")
    return np.array(cells, dtype=float)


def read_seconds(column: "pd.Series[Any]") -> Array:
    """A column of seconds, as numbers or durations, missing cells as NaN."""
    return numbers(column.dt.total_seconds() if column.dtype.kind == "m" else column, "seconds")


def read_confidence(confidence: Any) -> Array:
    """A column of confidences in [0, 1], missing cells as NaN."""
    score = numbers(confidence, "confidence")
    outside = np.flatnonzero((score < -TOLERANCE) | (score > 1 + TOLERANCE))
    if len(outside):
        percent = np.nanmax(score) <= 100 and np.nanmin(score) >= 0
        hint = " (percent? divide by 100)" if percent else ""
        raise BadColumn(f"confidence lies in [0, 1]; row {outside[0]} has {score[outside[0]]:g}{hint}")
    return np.clip(score, 0, 1)


def read_weights(sample_weight: Any, rows: int) -> Array:
    """One weight a row, all 1 where none are given, in a unit that can be reckoned with; missing becomes NaN."""
    if sample_weight is None:
        return np.ones(rows)
    weight = numbers(sample_weight, "sample_weight")
    if len(weight) != rows:
        raise BadColumn(f"sample_weight has {len(weight):,} rows, the columns that it weighs {rows:,}")
    refused = np.flatnonzero((weight < 0) | np.isinf(weight))
    if len(refused):
        raise BadColumn(
            f"sample_weight is 1 / selection probability, finite and not negative; row {refused[0]} has "
            f"{weight[refused[0]]:g}"
        )
    return _within_squares(weight)


def _within_squares(weight: Array) -> Array:
    """Weights whose squares are numbers too: only how they are to each other counts."""
    some = weight[weight > 0]
    if not len(some) or (some.min() >= LIGHTEST and some.max() <= HEAVIEST):
        return weight
    # By a power of two, which rounds nothing.
    scaled = np.ldexp(weight, -np.frexp(some.max())[1])
    return np.asarray(np.where(weight > 0, np.maximum(scaled, LIGHTEST), scaled), dtype=np.float64)


def read_verdicts(agreed: Any) -> Array:
    """A column of True and False as 1 and 0, missing cells as NaN; raises BadColumn for others, and for a table."""
    cells = _read(agreed)
    if isinstance(cells, Sequence):
        cells = np.array(cells, dtype=object)
    if np.ndim(cells) != 1:
        raise BadColumn(f"agreed is one column of verdicts; this has the shape {np.shape(cells)}")
    try:
        verdicts: Array = pd.array(cells, dtype=pd.BooleanDtype()).to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise BadColumn("agreed says True, False, or nothing where there is no verdict") from error
    return verdicts


def check_level(level: float) -> None:
    """Refuse a confidence level that is no share, as 95 instead of 0.95."""
    if not 0 < level < 1:
        raise UnknownChoice(f"level={level!r}: a share between 0 and 1, as 0.95")


def check_count(number: int, name: str) -> None:
    """Refuse how many there are to be of something where that is no whole number, 1 or more."""
    if not is_count(number, 1):
        raise UnknownChoice(f"{name}={number!r}: a whole number, 1 or more")


def _read(column: Any) -> Any:
    cells = pandas_column(column)
    return cells.array if isinstance(cells, pd.Series) else cells


def _boxed(cells: Any) -> bool:
    return isinstance(cells, Sequence) or (isinstance(cells, np.ndarray) and cells.dtype.kind == "O")
