"""Subgroups by which figures are broken down."""

import json
from collections.abc import Hashable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd

from hitl_notebook.errors import BadColumn
from hitl_notebook.items.frame import Frame
from hitl_notebook.quoted import quoted
from hitl_notebook.tasks.task import SHOWN_ROWS, Cells

__all__ = ["json_of_slice", "read_slices"]

_NO_GROUPS = (list, dict, set, np.ndarray)
_PLAIN = {str, float, bool, type(None), datetime, date, time, pd.Timestamp, Decimal, UUID}


def read_slices(frame: Frame, names: Sequence[Any]) -> Mapping[str, Cells]:
    """The columns' cells by name; raises BadColumn where a cell cannot stand for a group."""
    slices = {}
    for name in names:
        if not isinstance(name, Hashable):
            raise BadColumn(f"slices takes the name of a column or a list of them, not {quoted(name)}")
        column = frame.column(name, "slices")
        cells = column.cells()
        if not column.is_measure and not set(map(type, cells)) <= _PLAIN:
            odd = [row for row, cell in enumerate(cells) if type(cell) in _NO_GROUPS or not _is_json(cell)]
            if odd:
                named = "; ".join(f"row {row}: {quoted(cells[row])}" for row in odd[:SHOWN_ROWS])
                raise BadColumn(
                    f"slices={name!r}: a group is text, a number or a date, not a list or a mapping, nor what cannot "
                    f"be written as text ({named})"
                )
        cells.flags.writeable = False
        slices[str(name)] = cells
    return slices


def _is_json(cell: Any) -> bool:
    try:
        json.dumps(json_of_slice(cell))
    except Exception:  # a cell's methods are the user's code, and an integer may have too many digits to be written
        return False
    return True


def json_of_slice(cell: Any) -> Any:
    """A cell as strict JSON: text, number, bool or null.

    >>> [json_of_slice(cell) for cell in ("mail", np.int64(3), float("inf"), date(2026, 1, 2))]
    ['mail', 3, None, '2026-01-02']
    """
    plain = cell.item() if isinstance(cell, np.generic) else cell
    if plain is None or isinstance(plain, bool | int | str):
        return plain
    if isinstance(plain, float):
        return plain if isfinite(plain) else None
    return plain.isoformat() if isinstance(plain, date | time) else str(plain)
