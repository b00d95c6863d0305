"""Which rows of a table a selection in the page means."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd

from hitl_notebook.widgets.chart_rows import Row

__all__ = ["Points", "matching"]

Points: TypeAlias = Sequence[Sequence[Mapping[str, Any]]]
"""Rows are meant that meet all conditions of any of these: of one of the values ``any``, or ``from`` a number ``to``
another, which is left out where the range is ``open``."""

_DATE_LENGTH = len("2026-11-21")


def matching(rows: Sequence[Row], points: Points, zone: str = "UTC") -> list[int]:
    """The positions of the rows that are meant, in their order.

    ``zone`` is the page's: by it a browser reads times that name none, and it tells times as milliseconds of UTC.

    >>> rows = [{"bin": 0.1, "n": 4}, {"bin": 0.2, "n": 9}, {"bin": 0.3, "n": 1}]
    >>> matching(rows, [[{"field": "bin", "any": [0.2]}], [{"field": "n", "from": 0, "to": 4, "open": True}]])
    [1, 2]
    """
    return [
        number
        for number, row in enumerate(rows)
        if any(all(_meets(row, one, zone) for one in point) for point in points)
    ]


def _meets(row: Row, condition: Mapping[str, Any], zone: str) -> bool:
    if condition["field"] not in row:
        return False
    cell = row[condition["field"]]
    if "any" in condition:
        wanted = condition["any"]
        return cell in wanted or (isinstance(cell, str) and _any_number(wanted) and _milliseconds(cell, zone) in wanted)
    value = _milliseconds(cell, zone) if isinstance(cell, str) else cell
    if not isinstance(value, int | float):  # lists and mappings have no place in a range
        return False
    low, high = condition["from"], condition["to"]
    return bool(low <= value < high if condition["open"] else low <= value <= high)


def _any_number(values: Sequence[Any]) -> bool:
    return any(isinstance(value, int | float) for value in values)


def _milliseconds(text: str, zone: str) -> float | None:
    """A time as a browser counts it; None where it is none."""
    try:
        time = pd.Timestamp(text)
        if pd.isna(time):
            return None
        if time.tzinfo is None:
            # A date alone is taken for UTC, a time for the browser's own zone.
            time = time.tz_localize("UTC" if len(text) == _DATE_LENGTH else _zone(zone), ambiguous=True)
        return time.value // 1_000_000
    except ValueError:
        return None


def _zone(name: str) -> Any:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
