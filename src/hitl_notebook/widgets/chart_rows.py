"""A table as a chart in the page takes it: rows of strict JSON."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from math import isfinite
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from hitl_notebook.charts.dataset import EXACT_INTEGERS, words
from hitl_notebook.libraries import pandas_frame
from hitl_notebook.missing import is_missing

__all__ = ["Row", "as_pandas", "chart_rows", "json_cell", "too_large"]

Row: TypeAlias = dict[str, Any]

_LARGEST = 900_000  # bytes of JSON: servers commonly close a socket at some megabytes, and others wait behind it


def as_pandas(data: Any) -> pd.DataFrame:
    """A pandas, polars or pyarrow table, or a list of dicts, as a pandas frame of its own.

    An index that has a name is a column, unless there is one of that name.

    Raises
    ------
    BadFrame
        It is none of these.
    """
    if isinstance(data, pd.DataFrame):
        named = [name for name in data.index.names if name is not None and name not in data.columns]
        return data.reset_index(named).reset_index(drop=True)
    if isinstance(data, list):
        try:
            return pd.DataFrame(data)
        except UnicodeEncodeError:
            return pd.DataFrame([{_encodable(name): _encodable(cell) for name, cell in row.items()} for row in data])
    return pandas_frame(data)


def chart_rows(frame: pd.DataFrame) -> list[Row]:
    """The rows of a frame as Altair encodes them, with null for every cell that says nothing.

    Raises
    ------
    ValueError
        Altair knows no way to draw a column: names that are no text, durations, several levels.

    Examples
    --------
    >>> chart_rows(pd.DataFrame({"at": pd.to_datetime(["2026-11-21 09:30", None]), "p": [0.5, float("inf")]}))
    [{'at': '2026-11-21T09:30:00', 'p': 0.5}, {'at': None, 'p': None}]
    """
    from altair.utils import sanitize_pandas_dataframe

    try:
        plain = sanitize_pandas_dataframe(frame)
    except UnicodeEncodeError:
        frame = frame.map(_encodable)
        plain = sanitize_pandas_dataframe(frame)
    for name, dtype in frame.dtypes.items():
        if str(dtype).startswith(("datetime", "timestamp")):
            plain[name] = plain[name].astype(object).where(frame[name].notna(), None)
    return [
        {words(str(name)): json_cell(cell) for name, cell in row.items()} for row in plain.to_dict(orient="records")
    ]


def json_cell(cell: Any) -> Any:
    """A cell as strict JSON: null for what is missing or endless, text for what JSON has no word for.

    Half a surrogate pair, which no message can be sent with, is a question mark.
    """
    if isinstance(cell, str):
        return words(cell)
    if isinstance(cell, int) and abs(cell) > EXACT_INTEGERS:
        return str(cell)  # as a number of the page's two of them could be one
    if cell is None or isinstance(cell, bool | int):
        return cell
    if isinstance(cell, np.generic):
        return json_cell(cell.item()) if not is_missing(cell) else None
    if is_missing(cell):
        return None
    if isinstance(cell, float):
        return cell if isfinite(cell) else None
    if isinstance(cell, date | datetime):
        return cell.isoformat()
    if isinstance(cell, Mapping):
        return {words(str(name)): json_cell(part) for name, part in cell.items()}
    if isinstance(cell, list | tuple | set | frozenset | np.ndarray):
        return [json_cell(part) for part in cell]
    return words(str(cell))


def _encodable(name: Any) -> Any:
    return words(name) if isinstance(name, str) else name


def too_large(rows: Mapping[str, list[Row]]) -> str | None:
    """What to do about rows that are too many for one message; None where they are not."""
    size = len(json.dumps(rows))
    if size <= _LARGEST:
        return None
    return (
        f"This data is too large to be drawn live: {size / 1e6:.1f} MB, and {_LARGEST / 1e6} MB are the most. "
        "Aggregate it first, or leave out the columns that are not drawn."
    )
