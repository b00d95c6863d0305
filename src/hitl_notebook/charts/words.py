"""Expressions that put a cell into words: what is missing reads as a dash, where Vega alone would write 0."""

import json
from collections.abc import Mapping

__all__ = ["interval_in_words", "name_in_words", "number_in_words", "time_in_words"]


def number_in_words(field: str, form: str, unit: str = "") -> str:
    """
    >>> number_in_words("value", ".0%")
    "(isValid(datum.value) ? format(datum.value, '.0%') + '' : '–')"
    """
    return f"(isValid(datum.{field}) ? format(datum.{field}, '{form}') + '{unit}' : '–')"


def interval_in_words(form: str, unit: str = "", low: str = "low", high: str = "high") -> str:
    """
    >>> interval_in_words(".0%").split(" ? ")[1]
    "format(datum.low, '.0%') + ' to ' + format(datum.high, '.0%') + '' : '–'"
    """
    return (
        f"isValid(datum.{low}) && isValid(datum.{high}) ? "
        f"format(datum.{low}, '{form}') + ' to ' + format(datum.{high}, '{form}') + '{unit}' : '–'"
    )


def time_in_words(field: str) -> str:
    """
    >>> time_in_words("at")
    "isValid(datum.at) ? timeFormat(toDate(datum.at), '%-d %b %Y, %H:%M') : '–'"
    """
    return f"isValid(datum.{field}) ? timeFormat(toDate(datum.{field}), '%-d %b %Y, %H:%M') : '–'"


def name_in_words(value: str, names: Mapping[str, str]) -> str:
    """A value by its name where it has one; compared one by one, as a lookup would find what every object has.

    >>> name_in_words("datum.value", {"accept": "accepts, %"})
    '(datum.value === "accept" ? "accepts, %" : datum.value)'
    """
    known = (f"{value} === {json.dumps(key)} ? {json.dumps(name)} : " for key, name in names.items())
    return f"({''.join(known)}{value})"
