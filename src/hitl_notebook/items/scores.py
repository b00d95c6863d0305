"""How sure the model was: confidences and probabilities, checked."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NoReturn, TypeAlias

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from hitl_notebook.errors import BadColumn
from hitl_notebook.items.frame import Column, Frame, Name
from hitl_notebook.missing import is_missing
from hitl_notebook.quoted import close_match, quoted
from hitl_notebook.tasks.task import SHOWN_ROWS

__all__ = ["are_columns", "read_confidence", "read_probabilities"]

Floats: TypeAlias = npt.NDArray[np.float64]

TOLERANCE = 1e-6
SUM_TOLERANCE = 1e-3
_PERCENT = 100
_PERCENT_FROM = 10  # of what is in percent some are as great; what is little above 1 is not


def read_confidence(column: Column) -> Floats:
    """The confidences in [0, 1], NaN where missing; raises BadColumn for any other."""
    said = f"confidence={column.name!r}"
    values = _numbers(column, said)
    outside = np.flatnonzero((values < -TOLERANCE) | (values > 1 + TOLERANCE))
    if len(outside):
        hint = "a confidence is a probability, in [0, 1]"
        if np.nanmin(values) >= 0 and _PERCENT_FROM <= np.nanmax(values) <= _PERCENT:
            hint += "; these look like percent: divide them by 100"
        _refuse(said, outside, values, hint)
    return np.clip(values, 0, 1)


def _numbers(column: Column, said: str) -> Floats:
    floats = column.floats()
    if floats is not None:
        return floats
    cells = column.cells()
    odd = [row for row, cell in enumerate(cells) if cell is not None and not _is_number(cell)]
    if odd:
        _refuse(said, odd, cells, "a confidence is a number in [0, 1], or missing")
    return np.array([np.nan if cell is None else float(cell) for cell in cells], dtype=np.float64)


def _is_number(cell: Any) -> bool:
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal | Fraction | np.integer | np.floating):
        return False
    try:
        float(cell)
    except OverflowError:  # hundreds of digits
        return False
    return True


def are_columns(given: Any) -> bool:
    """Whether probabilities come with the frame, in one column of it or in several, and not as a table beside it."""
    return _are_names(given) or (not isinstance(given, list | tuple | np.ndarray) and isinstance(given, Name))


def read_probabilities(
    frame: Frame,
    given: Any,
    outcomes: Sequence[Any],
    texts: Sequence[str],
    may_miss: npt.NDArray[np.bool_] | None,
    *,
    exclusive: bool = True,
) -> Floats:
    """One row of probabilities an item, in the order of ``outcomes``; NaN in a row that is missing as a whole.

    ``given`` is a list of columns, one column of dicts or lists, or an array or a frame of one row an item. Columns are
    taken in the order of the outcomes, unless their names are the outcomes' own. A row of columns or of an array may be
    missing where ``may_miss`` says that its prediction is; a cell of dicts or lists may always. What is masked in an
    array is missing. Where the outcomes are ``exclusive``, a row sums to 1.
    """
    if _are_names(given):
        said = f"probabilities={quoted(given)}"
        values = _of_columns([frame.column(name, "probabilities") for name in given], texts)
    elif not are_columns(given):
        said = "probabilities"
        values = _of_table(given, texts)
    else:
        said = f"probabilities={given!r}"
        values = _of_cells(frame.column(given, "probabilities"), said, outcomes, texts)
        may_miss = np.array([cell is None for cell in frame.column(given).cells()], dtype=bool)
    if values.shape != (len(frame), len(outcomes)):
        raise BadColumn(
            f"{said}: one probability for each of {len(outcomes):,} labels is wanted for each of {len(frame):,} items, "
            f"{(len(frame), len(outcomes))}; the shape is {values.shape}. Where the model knows more labels than it "
            "predicted, name them all in the task"
        )
    _check(values, said, may_miss, exclusive=exclusive)
    return np.clip(values, 0, 1)


def _are_names(given: Any) -> bool:
    return isinstance(given, list | tuple) and bool(given) and not isinstance(given[0], list | tuple | np.ndarray)


def _of_columns(columns: Sequence[Column], texts: Sequence[str]) -> Floats:
    by_name = {str(column.name): column for column in columns}
    if len(by_name) == len(columns) and by_name.keys() == set(texts):
        columns = [by_name[text] for text in texts]  # named as the labels: the names, not the order, say which is which
    return np.column_stack([_numbers(column, f"probabilities={column.name!r}") for column in columns])


def _of_table(given: Any, texts: Sequence[str]) -> Floats:
    if isinstance(given, pd.DataFrame) or nw.dependencies.is_into_dataframe(given):
        table = Frame.snapshot(given)
        return _of_columns([table.column(name, "probabilities") for name in table.names], texts)
    if isinstance(given, np.ma.MaskedArray) and given.dtype.kind in "fiu":
        given = np.ma.filled(given.astype(np.float64), np.nan)
    try:
        values = np.asarray(given)
        numbers = values.dtype.kind in "fiu"
    except ValueError:  # rows of different lengths
        numbers = False
    if not numbers:
        raise BadColumn(
            "probabilities is a list of columns, one column of dicts or lists, or an array of numbers, one row an item"
        )
    return np.array(values, dtype=np.float64)


def _of_cells(column: Column, said: str, outcomes: Sequence[Any], texts: Sequence[str]) -> Floats:
    places = {text: place for place, text in enumerate(texts)} | {label: place for place, label in enumerate(outcomes)}
    cells = column.cells()
    values = np.full((len(cells), len(outcomes)), np.nan)
    faults: dict[int, str] = {}
    for row, cell in enumerate(cells):
        if cell is None:
            continue
        try:
            values[row] = _of_cell(cell, places, texts)
        except ValueError as error:
            faults[row] = str(error)
            if len(faults) == SHOWN_ROWS:
                break
    if faults:
        named = "; ".join(f"row {row}: {fault}" for row, fault in faults.items())
        raise BadColumn(f"{said}: a cell holds one probability for each label, in a dict or in a list ({named})")
    return values


def _of_cell(cell: Any, places: Mapping[Any, int], texts: Sequence[str]) -> Sequence[Any]:
    if isinstance(cell, Mapping):
        unknown = [label for label in cell if label not in places]
        if unknown:
            raise ValueError(f"unknown label {quoted(unknown[0])}{close_match(str(unknown[0]), texts)}")
        in_order: list[Any] = [None] * len(texts)
        for label, value in cell.items():
            in_order[places[label]] = value
    elif isinstance(cell, list | tuple) or (isinstance(cell, np.ndarray) and cell.ndim == 1):
        in_order = list(cell)
        if len(in_order) != len(texts):
            raise ValueError(f"{len(in_order)} probabilities for {len(texts)} labels")
    else:
        raise ValueError(f"{quoted(cell)} is neither a dict nor a list")
    for text, value in zip(texts, in_order, strict=True):
        if is_missing(value):
            raise ValueError(f"none for label {quoted(text)}")
        if not _is_number(value):
            raise ValueError(f"{quoted(value)} for label {quoted(text)} is no number")
    return in_order


def _check(values: Floats, said: str, may_miss: npt.NDArray[np.bool_] | None, *, exclusive: bool) -> None:
    missing = np.isnan(values)
    partly = missing.any(axis=1)
    if may_miss is not None:
        partly &= ~(missing.all(axis=1) & may_miss)
    if partly.any():
        _refuse(
            said,
            np.flatnonzero(partly),
            values,
            "NaN is no probability; a row may lack them all where it has no prediction",
        )
    sums = values.sum(axis=1)
    outside = ((values < -TOLERANCE) | (values > 1 + TOLERANCE)).any(axis=1)
    if outside.any():
        function = "softmax" if exclusive else "sigmoid"
        hint = f"these look like scores, not probabilities: apply a {function} first"
        if not (values < 0).any() and _look_like_percent(values, sums, exclusive=exclusive):
            hint = "these look like percent: divide them by 100"
        _refuse(said, np.flatnonzero(outside), values, f"a probability is in [0, 1]; {hint}")
    if not exclusive:
        return
    off = np.abs(sums - 1) > SUM_TOLERANCE
    if off.any():
        _refuse(said, np.flatnonzero(off), values, "the probabilities of an item sum to 1: divide each row by its sum")


def _look_like_percent(values: Floats, sums: Floats, *, exclusive: bool) -> bool:
    if exclusive:
        return np.allclose(sums[~np.isnan(sums)], _PERCENT, atol=1)
    return bool(_PERCENT_FROM <= np.nanmax(values) <= _PERCENT)


def _refuse(said: str, rows: Sequence[int] | npt.NDArray[np.intp], values: Any, hint: str) -> NoReturn:
    named = "; ".join(f"row {row}: {_of_row(values[row])}" for row in list(rows)[:SHOWN_ROWS])
    raise BadColumn(f"{said}: {len(rows):,} of {len(values):,} rows cannot be used ({named}): {hint}")


def _of_row(value: Any) -> str:
    return quoted(value.tolist() if isinstance(value, np.ndarray | np.generic) else value)
