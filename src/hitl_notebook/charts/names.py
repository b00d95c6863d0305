"""Names of selections: no two alike where charts stand side by side, and lasting where one chart is drawn again."""

import re
from collections.abc import Iterator
from itertools import count
from typing import Any

__all__ = ["new_selection_name", "with_lasting_names"]

_numbers = count(1)
_NEW = re.compile(r"(hitl_selected_\d+)(.*)")


def new_selection_name() -> str:
    """A name that no other selection has; what is named after one begins with it."""
    return f"hitl_selected_{next(_numbers)}"


def with_lasting_names(spec: Any) -> Any:
    """A specification in which such names are the same whenever it is made: ``selected``, ``selected_2`` and so on.

    >>> with_lasting_names({"params": [{"name": "hitl_selected_17", "views": ["hitl_selected_17_bins"]}]})
    {'params': [{'name': 'selected', 'views': ['selected_bins']}]}
    """
    names = list(dict.fromkeys(found[1] for name in _names(spec) if (found := _NEW.fullmatch(name))))
    first = 2 if "selected" in _names(spec) else 1
    lasting = {name: f"selected_{place}" if place > 1 else "selected" for place, name in enumerate(names, first)}
    return _renamed(spec, lasting)


def _names(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        name = part.get("name")
        yield from [name] if isinstance(name, str) else []
        for value in part.values():
            yield from _names(value)
    elif isinstance(part, list):
        for value in part:
            yield from _names(value)


def _renamed(part: Any, lasting: dict[str, str]) -> Any:
    if isinstance(part, dict):
        return {key: _renamed(value, lasting) for key, value in part.items()}
    if isinstance(part, list):
        return [_renamed(value, lasting) for value in part]
    found = _NEW.fullmatch(part) if isinstance(part, str) else None
    return lasting.get(found[1], found[1]) + found[2] if found else part
