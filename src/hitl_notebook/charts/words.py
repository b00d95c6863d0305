"""Expressions that put a cell into words: what is missing reads as a dash, where Vega alone would write 0."""

import json
from collections.abc import Mapping

__all__ = [
    "LETTER",
    "WIDE_LETTER",
    "interval_in_words",
    "name_in_words",
    "number_in_words",
    "shortened",
    "time_in_words",
]

LETTER, WIDE_LETTER = 6.4, 10  # pixels of a name beside a chart; as wide as they are high are those of Chinese, say
# Han, kana, Hangul and their full-width signs, and words in capitals, which are nearly as wide.
WIDE = r"[\\u1100-\\u115f\\u2e80-\\ua4cf\\uac00-\\ud7a3\\uf900-\\ufaff\\ufe30-\\ufe6f\\uff00-\\uff60]|\\p{Lu}{4}"
HALF_A_LETTER = r"[\\ud800-\\udfff]"


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


def shortened(value: str, pixels: float, *, bold: bool = False) -> str:
    """A name in about so many pixels, cut in its middle: those that begin alike are told apart by how they end.

    >>> "? 16 : 25, 'center')" in shortened("datum.label", 160)
    True
    """
    room = pixels / (1.1 if bold else 1)
    letters = f"test(regexp('{WIDE}', 'u'), {value}) ? {int(room / WIDE_LETTER)} : {int(room / LETTER)}"
    # A cut may go through a letter that JavaScript has as two.
    return f"replace(truncate({value}, {letters}, 'center'), regexp('{HALF_A_LETTER}', 'gu'), '')"
