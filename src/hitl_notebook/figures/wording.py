"""Figures in sentences."""

from collections.abc import Sequence
from math import isnan
from typing import Any

import pandas as pd

__all__ = ["and_so_on", "counted", "noted", "rate", "score"]

_LEVEL = 0.95  # of the metrics' tables, as the figures have them: their rows do not say it


def rate(what: str, row: Any, *, part_of: str = "", of: str = "items", about: str = "") -> str:
    """A share with its interval and n, from anything with ``value``, ``low``, ``high`` and ``n``.

    >>> from hitl_notebook import Estimate
    >>> rate("Accuracy", Estimate(value=0.8727, low=0.841, high=0.9, n=412), about="a random sample")
    'Accuracy 87.3 % (95 % interval 84.1 to 90.0, 412 items, a random sample).'
    >>> rate("Accuracy", Estimate(value=0.8727, low=0.852, high=0.892, level=0.8, n=412))
    'Accuracy 87.3 % (80 % interval 85.2 to 89.2, 412 items).'
    >>> rate("Accuracy", Estimate.missing("nothing has been reviewed"))
    'Accuracy: not known, nothing has been reviewed.'
    >>> rate("ada and bo agree:", Estimate.missing("they have no item in common"))
    'ada and bo agree: not known, they have no item in common.'
    """
    return _sentence(what, row, 100, 1, f" % {part_of}".rstrip(), of, about)


def score(what: str, row: Any, *, digits: int = 2, of: str = "items", about: str = "") -> str:
    """The same of what is no share, such as a coefficient."""
    return _sentence(what, row, 1, digits, "", of, about)


def noted(row: Any, *, besides: str = "") -> list[str]:
    """What a reader of a figure has to know, as a sentence, less what the end of its note says ``besides``.

    >>> from hitl_notebook import Estimate
    >>> noted(Estimate(value=0.1, note="no interval; 1 of 9 left out"), besides="1 of 9 left out")
    ['No interval.']
    >>> noted(Estimate(value=0.1))
    []
    """
    said = row.note.removesuffix(besides).removesuffix("; ")
    return [f"{said[0].upper()}{said[1:]}."] if said and not pd.isna(row.value) else []


def counted(n: int, noun: str) -> str:
    """
    >>> counted(1, "item"), counted(1200, "item")
    ('1 item', '1,200 items')
    """
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def and_so_on(parts: Sequence[str], most: int = 5) -> str:
    """
    >>> and_so_on(["ada", "bo", "cy"], most=2)
    'ada, bo and 1 more'
    """
    shown = ", ".join(parts[:most])
    return shown if len(parts) <= most else f"{shown} and {len(parts) - most} more"


def _sentence(what: str, row: Any, times: int, digits: int, unit: str, of: str, about: str) -> str:
    if pd.isna(row.value):
        return f"{what.rstrip(',:')}: not known, {getattr(row, 'note', '') or 'nothing to compute it from'}."
    facts = [f"{int(row.n):,} {of if row.n != 1 else of.removesuffix('s')}", *([about] if about else [])]
    if not isnan(row.low) and row.low < row.high:
        level = 100 * getattr(row, "level", _LEVEL)
        facts = [f"{level:.10g} % interval {row.low * times:.{digits}f} to {row.high * times:.{digits}f}", *facts]
    return f"{what} {row.value * times:.{digits}f}{unit} ({', '.join(facts)})."
