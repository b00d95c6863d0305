"""What counts as missing, in whichever library the cell came from."""

from decimal import Decimal, InvalidOperation
from math import isnan
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["are_missing", "is_missing"]


def is_missing(cell: Any) -> bool:
    """Whether a cell says nothing: None, NaN, NaT or NA. Never looks into lists, arrays or mappings.

    >>> [is_missing(cell) for cell in (None, float("nan"), "", 0, [None])]
    [True, True, False, False, False]
    """
    if cell is None or cell is pd.NA or cell is pd.NaT:
        return True
    if isinstance(cell, float | np.floating):
        return isnan(cell)
    if isinstance(cell, Decimal):
        return cell.is_nan()
    return isinstance(cell, np.datetime64 | np.timedelta64) and bool(np.isnat(cell))


def are_missing(cells: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    """``is_missing`` of each."""
    try:
        return pd.isna(cells)
    except InvalidOperation:  # pandas compares decimals, of which a signaling NaN is compared with nothing
        return np.fromiter(map(is_missing, cells), dtype=bool, count=len(cells))
