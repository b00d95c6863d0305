"""Rows as they are given to an explainer, and the columns that it needs of them."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from hitl_notebook.errors import BadColumn, BadFrame, MissingColumn
from hitl_notebook.fields.explained import Contrasted
from hitl_notebook.items.frame import Frame
from hitl_notebook.missing import is_missing
from hitl_notebook.quoted import close_match, quoted

__all__ = ["as_frame", "chosen_columns", "in_rows", "in_short", "known_cells", "known_texts", "listed"]

_NAMED = 20
_LONGEST = 60
_FOUR_DIGITS, _READABLE = 1e4, 1e15


def as_frame(rows: Any) -> pd.DataFrame:
    """The rows as pandas: a DataFrame as it is, polars, pyarrow or a list of dicts read."""
    if isinstance(rows, pd.DataFrame):
        return rows
    if isinstance(rows, list | tuple) and not rows:
        return pd.DataFrame()
    frame = Frame.snapshot(rows)
    return frame.rows(range(len(frame)))


def chosen_columns(frame: pd.DataFrame, names: Iterable[Hashable]) -> pd.DataFrame:
    """These columns, in this order; raises MissingColumn or, where a name stands for several, BadFrame."""
    wanted = list(names)
    for name in wanted:
        if name not in frame.columns:
            near = close_match(str(name), map(str, frame.columns))
            there = listed(frame.columns)
            raise MissingColumn(f"no column {quoted(name)}{near}, which the explainer reads; the rows have {there}")
    chosen = frame[wanted]
    if chosen.shape[1] != len(wanted):
        twice = [name for name in wanted if (frame.columns == name).sum() > 1]
        raise BadFrame(
            f"several columns are called {quoted(twice[0])}: rename them, so that it is clear which is meant"
        )
    return chosen


def listed(names: "pd.Index[Any] | Sequence[Hashable]") -> str:
    """The names as an error quotes them, of many the first.

    >>> listed(["age", "amount"])
    "'age', 'amount'"
    """
    return ", ".join(map(quoted, names[:_NAMED])) + (", ..." if len(names) > _NAMED else "")


def known_cells(frame: pd.DataFrame, column: Hashable) -> dict[int, Any]:
    """The cells of a column that are not missing, by the numbers of their rows; where there are no rows, none.

    >>> known_cells(pd.DataFrame({"body": ["one", None, "three"]}), "body")
    {0: 'one', 2: 'three'}
    """
    if not len(frame):
        return {}
    cells = chosen_columns(frame, [column]).iloc[:, 0].tolist()
    return {row: cell for row, cell in enumerate(cells) if not is_missing(cell)}


def known_texts(frame: pd.DataFrame, column: Hashable) -> dict[int, str]:
    """The same of a column of texts; raises BadColumn for a cell that is none."""
    cells = known_cells(frame, column)
    for row, cell in cells.items():
        if not isinstance(cell, str):
            raise BadColumn(
                f"row {row} of column {quoted(column)} is no text but {quoted(cell)}: make it text, or None, which has "
                "no explanation"
            )
    return cells


def in_rows(found: Mapping[int, Contrasted], count: int) -> list[Contrasted]:
    """What was found of some rows, and nothing of the others."""
    return [found.get(row, Contrasted(None)) for row in range(count)]


def in_short(cell: Any) -> Any:
    """A cell as it stands beside its contribution: numbers to four digits, long text cut.

    >>> in_short(0.123456), in_short(12345.678), in_short(True), in_short("x" * 70)[55:]
    ('0.1235', '12346', True, 'xxxxx…')
    """
    plain = cell.item() if isinstance(cell, np.generic) else cell
    if isinstance(plain, float):
        return f"{plain:.0f}" if _FOUR_DIGITS <= abs(plain) < _READABLE else f"{plain:.4g}"
    if isinstance(plain, str) and len(plain) > _LONGEST:
        return plain[:_LONGEST] + "…"
    return plain
