"""What counts as missing, in whichever library the cell came from."""

from decimal import Decimal
from math import isnan
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["is_missing"]


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
