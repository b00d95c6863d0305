"""Subgroups by which figures are broken down."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from math import isfinite
from typing import Any

import numpy as np

from hitl_notebook.errors import BadColumn
from hitl_notebook.items.frame import Frame
from hitl_notebook.quoted import quoted
from hitl_notebook.tasks.task import SHOWN_ROWS, Cells

__all__ = ["json_of_slice", "read_slices"]

_NO_GROUPS = (list, dict, set, np.ndarray)


def read_slices(frame: Frame, names: Sequence[Any]) -> Mapping[str, Cells]:
    """The columns' cells by name; raises BadColumn where a cell cannot stand for a group."""
    slices = {}
    for name in names:
        cells = frame.column(name, "slices").cells()
        if not set(map(type, cells)).isdisjoint(_NO_GROUPS):
            nested = [row for row, cell in enumerate(cells) if type(cell) in _NO_GROUPS]
            named = "; ".join(f"row {row}: {quoted(cells[row])}" for row in nested[:SHOWN_ROWS])
            raise BadColumn(f"slices={name!r}: a group is text, a number or a date, not a list or a mapping ({named})")
        cells.flags.writeable = False
        slices[str(name)] = cells
    return slices


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
