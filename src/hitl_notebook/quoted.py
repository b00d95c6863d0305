"""How a value of the user's stands in an error message or in a sentence."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any
from unicodedata import bidirectional

__all__ = ["close_match", "isolated", "quoted"]

_LONGEST = 60
_MOST_COMPARED = 5_000
# Letters of Hebrew and of Arabic, Arabic digits, and what makes any others run that way.
_FROM_THE_RIGHT = {"R", "AL", "AN", "RLE", "RLO", "RLI"}


def quoted(value: Any) -> str:
    """``value`` in short and on one line; never raises, whatever its class does.

    >>> quoted("refund")
    "'refund'"
    >>> quoted("x" * 100)
    "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx... (100 characters)"
    """
    if isinstance(value, str):
        return _cut(repr(value[:_LONGEST]), len(value) if len(value) > _LONGEST else 0)
    try:
        text = repr(value)
    except Exception as error:  # the repr of a cell is the user's code
        return f"<{type(value).__name__}, whose repr fails with {type(error).__name__}>"
    return _cut(" ".join(text.split()), len(text) if len(text) > _LONGEST else 0)


def _cut(text: str, characters: int) -> str:
    printable = text.encode("utf-8", "backslashreplace").decode()
    return f"{printable[:_LONGEST]}... ({characters:,} characters)" if characters else printable


def isolated(name: Any) -> str:
    """A name within a sentence; what is written from the right is kept from turning the numbers beside it around.

    >>> isolated("ada")
    'ada'
    >>> isolated("דוד") == "\\u2068דוד\\u2069"
    True
    """
    text = str(name)
    from_the_right = any(bidirectional(character) in _FROM_THE_RIGHT for character in text)
    return f"\u2068{text}\u2069" if from_the_right else text


def close_match(text: str, among: Iterable[str]) -> str:
    """``", perhaps '...'"`` where one of the first few thousand of ``among`` is close, else nothing.

    >>> close_match("subjct", ["subject", "body"])
    ", perhaps 'subject'"
    """
    compared = [name for name, _ in zip(among, range(_MOST_COMPARED), strict=False)]
    folded = {name.strip().casefold(): name for name in reversed(compared)}
    same = folded.get(text.strip().casefold())
    close = [same] if same is not None else get_close_matches(text[:_LONGEST], compared, n=1)
    return f", perhaps {quoted(close[0])}" if close else ""
