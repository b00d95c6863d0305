"""Expressions that put a cell into words: what is missing reads as a dash, where Vega alone would write 0."""

__all__ = ["interval_in_words", "number_in_words", "time_in_words"]


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
