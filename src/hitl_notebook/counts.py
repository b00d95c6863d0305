"""Whole numbers that somebody gives."""

from numbers import Integral
from typing import Any

__all__ = ["is_count"]


def is_count(number: Any, least: int = 0) -> bool:
    """Whether it is a whole number, no less than ``least``; True and 2.0 are none.

    >>> is_count(3), is_count(0, 1), is_count(True), is_count(2.0)
    (True, False, False, False)
    """
    return isinstance(number, Integral) and not isinstance(number, bool) and int(number) >= least
