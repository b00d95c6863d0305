"""The labels of a task: checked when they are declared, found by value and by text, each with its key."""

from collections.abc import Iterable, Mapping, Sequence, Set
from difflib import get_close_matches
from math import isfinite
from typing import Any, Self, TypeAlias
from unicodedata import east_asian_width

import numpy as np

from hitl_notebook.blank import is_blank
from hitl_notebook.errors import InvalidTask
from hitl_notebook.tasks.task import SHOWN_ROWS, Json

__all__ = ["Label", "LabelSet", "shown"]

Label: TypeAlias = str | int | float | bool

_TYPES: Mapping[str, type] = {"str": str, "int": int, "float": float, "bool": bool}
_LONGEST = 1_000
_MOST_FOUND = 10_000
_SHOWN_CHARACTERS = 60
_CARD_KEYS = frozenset("acfsu/?")
_POSITIONS = 9
_DIGITS = tuple(str(digit) for digit in range(1, _POSITIONS + 1))


class LabelSet:
    """Labels in their declared order, unique as text and as values.

    Raises
    ------
    InvalidTask
        Labels that are no list, empty, blank, missing, of another type, or two that read or compare the same.
    """

    def __init__(self, labels: Iterable[Any]) -> None:
        self.labels = _checked(labels)
        self._settled: Sequence[str | None] = ()  # the keys that the first of them have already
        self._of_text = {str(label): label for label in self.labels}
        self._of_type = _lookups(self.labels)

    @classmethod
    def found_in(cls, values: Sequence[Any]) -> Self:
        """The distinct values that are not None, sorted; raises InvalidTask where they do not look like labels."""
        try:
            distinct = set(zip(map(type, values), values, strict=True))
        except TypeError:
            raise InvalidTask(
                "the predictions hold lists or mappings, which are no labels; lists of labels are for MultiLabel()"
            ) from None
        found = {(type(label), label): label for label in (_plain(value) for _, value in distinct if value is not None)}
        if not found:
            raise InvalidTask("no predictions to take the labels from: name them, as in labels=[...]")
        if len(found) > _MOST_FOUND:
            raise InvalidTask(
                f"the predictions hold {len(found):,} different values: this does not look like a column of labels; "
                "where it is one, name them, as in labels=[...]; numbers are for Regression()"
            )
        labels = sorted(_checked(list(found.values())), key=lambda label: (type(label).__name__, label))
        if (type(None), None) in distinct and all(type(label) is float and label.is_integer() for label in labels):
            labels = [int(label) for label in labels]  # pandas has made floats of integers, some being missing
        return cls(labels)

    @classmethod
    def from_spec(cls, spec: Json) -> Self:
        """The labels that ``spec`` describes."""
        return cls([_of_text(label["text"], label["type"]) for label in spec])

    def spec(self) -> Json:
        """The labels with their types, as strict JSON."""
        return [{"text": str(label), "type": type(label).__name__} for label in self.labels]

    @property
    def texts(self) -> list[str]:
        """What the labels read as, in their declared order."""
        return list(self._of_text)

    def find(self, value: Any) -> Label | None:
        """The label that ``value`` is; None where it is none."""
        plain = _plain(value)
        try:
            return self._of_type[type(plain)].get(plain)
        except (KeyError, TypeError):
            return None

    def find_all(self, values: Sequence[Any]) -> list[Label | None]:
        """The label that each of the values is, None where it is none."""
        types = set(map(type, values)) - {type(None)}
        if len(types) == 1 and (lookup := self._of_type.get(types.pop())) is not None:
            # One look-up table for all of a column of one type: a million rows in a tenth of a second.
            return list(map(lookup.get, values))
        return list(map(self.find, values))

    def of_text(self, text: Any) -> Label | None:
        """The label that reads as ``text``; None where none does, or where it is no text."""
        return self._of_text.get(text) if isinstance(text, str) else None

    def refusal(self, value: Any) -> str:
        """Why ``value`` is no label, and which may have been meant."""
        said = f"{shown(value)} is not one of the {len(self._of_text):,} labels"
        value = _plain(value)
        text = str(value)[:_LONGEST] if isinstance(value, Label) else ""
        same = self._of_text.get(text)
        if same is not None:
            return f"{said}; the label {same!r} is {type(same).__name__}, not {type(value).__name__}"
        close = get_close_matches(text, list(self._of_text)[:_MOST_FOUND], n=1)
        if close:
            return f"{said}; did you mean {shown(self._of_text[close[0]])}?"
        few = ", ".join(shown(label) for label in self.labels[:SHOWN_ROWS])
        return f"{said}: {few}{', ...' if len(self.labels) > SHOWN_ROWS else ''}"

    def has_all_of(self, earlier: Self) -> bool:
        """Whether every one of the earlier labels is one of these, with the same type."""
        typed = {(str(label), type(label)) for label in self.labels}
        return typed.issuperset((str(label), type(label)) for label in earlier.labels)

    def after(self, earlier: Self) -> Self:
        """The earlier labels, and then those of these that are new."""
        return type(self)([*earlier.labels, *(label for label in self.labels if label not in earlier.labels)])

    def gaining(self, later: Self) -> Self:
        """These labels, with the keys they have, and then those of the later ones that are new."""
        more = later.after(self)
        more._settled = self._keys()
        return more

    def with_keys(self) -> Json:
        """The labels as the page has them: each one's text and its key, in lower case.

        Keys are compared without regard to case, so that Caps Lock never turns a label into another verdict. A label
        of one character is its own key unless the card or an earlier label has it, or no keyboard has a key for it.
        Up to nine labels, each other one gets the digit of its position, or the first free one where that is taken;
        beyond nine the digits that are left pick from the candidates shown.
        """
        return [{"value": text, "key": key} for text, key in zip(self.texts, self._keys(), strict=True)]

    def _keys(self) -> list[str | None]:
        return _keys(self.texts, self._settled)


def shown(value: Any) -> str:
    """``value`` as an error message can hold it: short, on one line, and never raising."""
    value = _plain(value)
    try:
        text = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    except Exception as error:  # the repr of a cell is code of the user's
        return f"<{type(value).__name__}, whose repr fails with {type(error).__name__}>"
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}... ({len(text):,} characters)"


def _plain(value: Any) -> Any:
    """A numpy scalar, or a str or int of a subclass, as the Python value it equals."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, str) and type(value) is not str:
        return str.__str__(value)
    if isinstance(value, int) and type(value) not in (int, bool):
        return int(value)
    return value


def _checked(labels: Iterable[Any]) -> tuple[Label, ...]:
    if isinstance(labels, str | bytes):
        raise InvalidTask(f"labels is a list, not the one text {shown(labels)}: write labels=[{shown(labels)}]")
    if isinstance(labels, Mapping | Set):
        raise InvalidTask(f"labels is a list: a {type(labels).__name__} has no order to show them in")
    try:
        given = [_plain(label) for label in labels]
    except TypeError:
        raise InvalidTask(f"labels is a list, not {type(labels).__name__}") from None
    if not given:
        raise InvalidTask("labels is empty: a decision needs at least one label to choose")
    texts: dict[str, Label] = {}
    for place, label in enumerate(given):
        reason = _fault(label)
        if reason is not None:
            raise InvalidTask(f"labels[{place}] is {shown(label)}: {reason}")
        if str(label) in texts:
            raise InvalidTask(f"labels[{place}] is {shown(label)}, which reads the same as {shown(texts[str(label)])}")
        texts[str(label)] = label
    if len(set(given)) < len(given):
        seen: dict[Label, Label] = {}
        first, second = next((seen[label], label) for label in given if seen.setdefault(label, label) is not label)
        raise InvalidTask(f"the labels {first!r} and {second!r} are equal in Python: no decision could tell them apart")
    return tuple(given)


def _fault(label: Any) -> str | None:
    if not isinstance(label, Label):
        return "a label is a str, int, float or bool"
    if isinstance(label, float) and not isfinite(label):
        return "a label that is a number is finite"
    if isinstance(label, int) and label.bit_length() > _LONGEST:
        return "a label has at most 300 digits"
    if isinstance(label, str):
        if is_blank(label):
            return "a label is not blank"
        if len(label) > _LONGEST:
            return f"a label has at most {_LONGEST:,} characters"
        try:
            label.encode()
        except UnicodeEncodeError:
            return "a label with half a surrogate pair cannot be sent to a page"
    return None


def _lookups(labels: Sequence[Label]) -> Mapping[type, Mapping[Any, Label]]:
    """The label for each value, by the value's type: to a dict alone, True and 1 are one key."""
    numbers = {label: label for label in labels if type(label) in (int, float)}
    return {
        str: {label: label for label in labels if type(label) is str},
        bool: {label: label for label in labels if type(label) is bool},
        # pandas makes floats of integers where some are missing, so 3.0 is taken for the label 3.
        int: numbers,
        float: numbers,
    }


def _of_text(text: str, kind: str) -> Label:
    if kind == "bool":
        return text == "True"
    label: Label = _TYPES[kind](text)
    return label


def _keys(texts: Sequence[str], settled: Sequence[str | None]) -> list[str | None]:
    """The key of each label; the first ones keep theirs, and the digits that pick from candidates go to no other."""
    new = range(len(settled), len(texts))
    keys = [*settled, *[None] * len(new)]
    taken = _CARD_KEYS.union(key for key in settled if key is not None)
    if len(settled) > _POSITIONS:
        taken = taken.union(_DIGITS)
    for place in new:
        text, own = texts[place], texts[place].lower()
        if len(text) == len(own) == 1 and own not in taken and own.isprintable() and east_asian_width(own) not in "WF":
            keys[place] = own
            taken |= {own}
    if len(texts) > _POSITIONS:
        return keys
    for place in new:
        digit = str(place + 1)
        if keys[place] is None and digit not in taken:
            keys[place] = digit
            taken |= {digit}
    free = (digit for digit in _DIGITS if digit not in taken)
    return [next(free) if key is None else key for key in keys]
