"""What a cell is, how it is spelled as text, and the cell behind the text.

Files know fewer types than Python. A cell of a type that a format has no form for is written as text, and a column
beside its own says what it was: ``id_type`` for ``item_id``, ``value:type`` for ``value``. The words there are the
kinds below, nothing where the cell is missing.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
import pandas as pd

from hitl_notebook.items.ids import read_moment

__all__ = ["KINDS", "Kind", "kind_of", "plain", "series_of", "strict_json", "type_column"]


class Kind(NamedTuple):
    """How cells of one kind become text and come back.

    ``spell`` raises ValueError for a cell that would not come back, ``restore`` for what is no such text.
    """

    spell: Callable[[Any], str]
    restore: Callable[[str], Any]


def strict_json(value: Any) -> Any:
    """``value`` as what JSON has: tuples and arrays become lists, numpy's numbers become Python's.

    Raises
    ------
    ValueError
        NaN or infinity, a key that is not text, another type, nesting without end.
    """
    try:
        return _strict(value)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _strict(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        value = value.tolist()
    elif isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        if not np.isfinite(value):
            raise ValueError(f"{value} in a nested cell, which JSON has no form for")
        return value
    if isinstance(value, list | tuple):
        return [_strict(part) for part in value]
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise ValueError(  # noqa: TRY004  # one error for all that JSON lacks
                    f"the key {key!r} in a nested cell; keys in JSON are text"
                )
        return {key: _strict(part) for key, part in value.items()}
    raise ValueError(f"{type(value).__name__} in a nested cell, which JSON has no form for")


def _json_text(value: Any) -> str:
    return json.dumps(strict_json(value), ensure_ascii=False, allow_nan=False)


def _json_value(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _bool(text: str) -> bool:
    return {"True": True, "False": False}[text]


def _iso(cell: Any) -> str:
    return cell.isoformat()  # type: ignore[no-any-return]


def _iso_moment(cell: Any) -> str:
    if not MINYEAR <= cell.year <= MAXYEAR:  # which pandas' times may be
        raise ValueError(f"{cell}, which is outside the years 1 to 9999")
    return _iso(cell)


def _iso_duration(cell: Any) -> str:
    try:
        return pd.Timedelta(cell).as_unit("ns").isoformat()
    except (OverflowError, pd.errors.OutOfBoundsTimedelta):
        raise ValueError(f"{cell}, which is longer than 292 years") from None


KINDS: Mapping[str, Kind] = {
    "str": Kind(str.__str__, str),
    "bool": Kind(str, _bool),
    "int": Kind(int.__repr__, int),
    "float": Kind(float.__repr__, float),
    "decimal": Kind(str, Decimal),
    "uuid": Kind(str, UUID),
    "datetime": Kind(_iso_moment, read_moment),
    "date": Kind(_iso, date.fromisoformat),
    "time": Kind(_iso, time.fromisoformat),
    "timedelta": Kind(_iso_duration, pd.Timedelta),
    "bytes": Kind(lambda cell: b64encode(cell).decode("ascii"), lambda text: b64decode(text, validate=True)),
    "json": Kind(_json_text, _json_value),
}

# A bool is an int and a datetime a date: the narrower type comes first.
_TYPES: Mapping[type, str] = {
    str: "str",
    bool: "bool",
    int: "int",
    float: "float",
    Decimal: "decimal",
    UUID: "uuid",
    datetime: "datetime",
    date: "date",
    time: "time",
    timedelta: "timedelta",
    bytes: "bytes",
    list: "json",
    dict: "json",
    tuple: "json",
    np.ndarray: "json",
}


def kind_of(type_: type) -> str | None:
    """The kind of cells of that type; None where there is none."""
    known = _TYPES.get(type_)
    return known or next((kind for parent, kind in _TYPES.items() if issubclass(type_, parent)), None)


def plain(cell: Any) -> Any:
    """A numpy scalar, or a str, int or float of a subclass, as the Python value it equals."""
    if isinstance(cell, np.datetime64):
        return pd.Timestamp(cell)
    if isinstance(cell, np.timedelta64):
        return pd.Timedelta(cell)
    if isinstance(cell, np.generic):
        return cell.item()
    for type_ in (str, int, float):
        if isinstance(cell, type_) and type(cell) not in (type_, bool):
            return str.__str__(cell) if type_ is str else type_(cell)
    return cell


def type_column(name: str) -> str:
    """The column that says of what kind the cells of column ``name`` are.

    >>> type_column("item_id"), type_column("value")
    ('id_type', 'value:type')
    """
    return "id_type" if name == "item_id" else f"{name}:type"


def series_of(cells: Sequence[Any]) -> "pd.Series[Any]":
    """The cells, None where missing, in the narrowest of pandas' types that holds them all unchanged."""
    kinds = {kind_of(type(cell)) for cell in cells if cell is not None}
    missing = any(cell is None for cell in cells)
    as_they_are = pd.Series(list(cells), dtype=object)
    try:
        match kinds.pop() if len(kinds) == 1 else None:
            case "int":
                return as_they_are.astype("Int64" if missing else "int64")
            case "float":
                return as_they_are.astype("float64")
            case "bool":
                return as_they_are.astype("boolean" if missing else "bool")
            case "str":
                return as_they_are.infer_objects()
            case "datetime" if len({cell.tzinfo is None for cell in cells if cell is not None}) == 1:
                aware = any(cell is not None and cell.tzinfo is not None for cell in cells)
                return pd.to_datetime(as_they_are, utc=aware)
            case "timedelta":
                return pd.to_timedelta(as_they_are)
    except (OverflowError, ValueError):
        pass  # more than 64 bits, the year 5000, half a surrogate pair: Python's own objects hold it
    return as_they_are
