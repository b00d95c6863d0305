"""The user's ids and the keys made of them: text on the wire and in the store, typed in Python."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timezone
from functools import cached_property
from math import isfinite
from operator import itemgetter
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd

from hitl_notebook.blank import is_blank
from hitl_notebook.errors import BadColumn
from hitl_notebook.items.frame import Column, Positions
from hitl_notebook.missing import is_missing
from hitl_notebook.quoted import close_match, quoted
from hitl_notebook.tasks.task import SHOWN_ROWS

__all__ = ["Ids", "RowNumbers", "plain_id", "read_ids", "read_moment", "typed_id"]

LONGEST = 1_000  # what a message from the page may carry as an id
LONGEST_BYTES = 2_000  # what the store's indexes hold
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,999}", re.ASCII)
_MOST_BITS = 3_000  # of an integer with fewer digits than that
_NANOSECONDS = re.compile(r"\.\d{6}(\d{3})")

# A datetime is a date and a bool an int: the narrower type comes first.
_KINDS: Mapping[type, tuple[str, Callable[[Any], str]]] = {
    str: ("str", str.__str__),
    int: ("int", int.__repr__),
    float: ("float", float.__repr__),
    UUID: ("uuid", str),
    datetime: ("datetime", lambda id_: id_.isoformat()),
    date: ("date", lambda id_: id_.isoformat()),
    time: ("time", lambda id_: id_.isoformat()),
}


def read_moment(text: str) -> datetime:
    """The date and time behind an ISO 8601 text, a pandas Timestamp where it has nanoseconds; raises ValueError.

    >>> read_moment("2026-01-02T03:04:05.000000007")
    Timestamp('2026-01-02 03:04:05.000000007')
    """
    moment, nanoseconds = datetime.fromisoformat(text), _NANOSECONDS.search(text)
    if nanoseconds is None:
        return moment  # which would cut them off
    return pd.Timestamp(moment).as_unit("ns") + pd.Timedelta(int(nanoseconds[1]), "ns")


_READ: Mapping[str, Callable[[str], Any]] = {
    "str": str,
    "int": int,
    "float": float,
    "uuid": UUID,
    "datetime": read_moment,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
}


class RowNumbers:
    """The ids of a frame that names no id column: where each row stands, whatever its index."""

    def __init__(self, length: int) -> None:
        self._length = length

    def id(self, position: int) -> int:
        return range(self._length)[position]

    def kind(self, position: int) -> str:
        return "int"

    def keys(self, positions: Positions) -> list[str]:
        return list(map(str, np.asarray(positions).tolist()))

    def position(self, key: str) -> int | None:
        if not (key.isascii() and key.isdigit() and len(key) <= len(str(self._length))):
            return None
        position = int(key)
        return position if position < self._length and str(position) == key else None

    def find(self, id_: Any) -> int | None:
        plain = plain_id(id_)
        return plain if type(plain) is int and 0 <= plain < self._length else None

    def unknown(self, id_: Any) -> str:
        return f"no item {quoted(id_)}: without item_id= an item's id is its row's number, 0 to {self._length - 1:,}"


class Ids:
    """The ids of a column, checked: each is there, none is twice."""

    def __init__(self, ids: list[Any], kinds: set[str]) -> None:
        self._ids = ids
        self._kinds = kinds

    def id(self, position: int) -> Any:
        return self._ids[position]

    def kind(self, position: int) -> str:
        return _kind_of(type(self._ids[position]))[0]

    def keys(self, positions: Positions) -> list[str]:
        chosen: list[int] = np.asarray(positions, dtype=np.intp).tolist()
        return self._keys_of([self._ids[at] for at in chosen])

    def _keys_of(self, ids: list[Any]) -> list[str]:
        if len(self._kinds) > 1:
            return list(map(self.key_of, ids))
        return list(map(_text_of_kind(next(iter(self._kinds))), ids)) if ids else []

    def position(self, key: str) -> int | None:
        if self._kinds == {"int"}:
            # Without a second index of a million texts.
            return self._by_id.get(int(key)) if _INTEGER.fullmatch(key) else None
        return self._by_key.get(key)

    def find(self, id_: Any) -> int | None:
        plain = plain_id(id_)
        try:
            return None if type(plain) is bool else self._by_id.get(plain)
        except TypeError:
            return None

    def unknown(self, id_: Any) -> str:
        id_ = plain_id(id_)
        same = self._by_key.get(str(id_)) if isinstance(id_, str | int | float) else None
        if same is not None:
            return f"no item {quoted(id_)}; did you mean {quoted(self._ids[same])} ({self.kind(same)})?"
        return f"no item {quoted(id_)}{close_match(str(id_), map(str, self._ids))}"

    def key_of(self, id_: Any) -> str:
        """The key of one of these ids."""
        kind, text = _kind_of(type(id_))
        # In a column that also holds text, "17" and 17 are two items.
        return text(id_) if kind == "str" or len(self._kinds) == 1 else f"{kind}:{text(id_)}"

    @cached_property
    def _by_id(self) -> dict[Any, int]:
        return dict(zip(self._ids, range(len(self._ids)), strict=True))

    @cached_property
    def _by_key(self) -> dict[str, int]:
        if self._kinds <= {"str"}:
            return self._by_id
        return dict(zip(self._keys_of(self._ids), range(len(self._ids)), strict=True))


def typed_id(key: str, id_type: str) -> Any:
    """The id behind a key, with its type: for decisions whose frame is not at hand.

    >>> typed_id("17", "int"), typed_id("int:17", "int"), typed_id("17", "str")
    (17, 17, '17')
    """
    return _READ[id_type](key.removeprefix(f"{id_type}:") if id_type != "str" else key)


def read_ids(column: Column) -> Ids:
    """The ids in ``column``; raises BadColumn for one that is missing, twice, or cannot be an id."""
    ids = column.cells().tolist()
    _refuse_any(column, dict.fromkeys(column.cut_times(), "cut: its nanoseconds fit into no time of Python's"), ids)
    types = set(map(type, ids))
    if not types <= {str, int, float}:
        ids = [plain_id(id_) for id_ in ids]
        types = set(map(type, ids))
    if not _plainly_right(ids, types):
        _refuse_any(column, {row: fault for row, id_ in enumerate(ids) if (fault := _fault(id_)) is not None}, ids)
    if len(set(ids)) < len(ids):
        _refuse_any(column, _repeated(ids, lambda id_: id_), ids)
    checked = Ids(ids, {_kind_of(type_)[0] for type_ in types})
    if len(types) > 1 and len(set(checked.keys(range(len(ids))))) < len(ids):
        _refuse_any(column, _repeated(ids, checked.key_of), ids)
    return checked


def _plainly_right(ids: list[Any], types: set[type]) -> bool:
    """Whether ids of one common type are all right, at the speed of C; False where a closer look is needed."""
    if types == {str}:
        text = "".join(ids)
        is_right = all(map(str.strip, ids)) and "\0" not in text and _is_unicode(text)
        return is_right and not _is_any_too_long(text, ids) and not _is_any_blank(text, ids)
    if types == {int}:
        least, greatest = min(ids), max(ids)
        return bool(greatest.bit_length() <= _MOST_BITS and least.bit_length() <= _MOST_BITS)
    return not ids or (types == {float} and all(map(isfinite, ids)))


def _fault(id_: Any) -> str | None:
    if is_missing(id_):
        return "missing"
    if isinstance(id_, bool):
        return "a bool; ids are text, numbers, UUIDs, dates or times"
    if isinstance(id_, str):
        if is_blank(id_):
            return "blank"
        if "\0" in id_:
            return "holds a NUL character"
        if not _is_unicode(id_):
            return "holds half a surrogate pair"
        return f"longer than {LONGEST:,} characters, or {LONGEST_BYTES:,} bytes" if _is_too_long(id_) else None
    if isinstance(id_, int):
        return "an integer of a thousand digits" if id_.bit_length() > _MOST_BITS else None
    if isinstance(id_, float):
        return None if isfinite(id_) else "infinite"
    if isinstance(id_, datetime):
        return None if MINYEAR <= id_.year <= MAXYEAR else "outside the years 1 to 9999"
    if not isinstance(id_, tuple(_KINDS)):
        return f"{type(id_).__name__}; ids are text, numbers, UUIDs, dates or times"
    return None


def _repeated(ids: list[Any], same: Callable[[Any], Any]) -> dict[int, str]:
    first: dict[Any, int] = {}
    repeated = {}
    for row, id_ in enumerate(ids):
        before = first.setdefault(same(id_), row)
        if before != row:
            repeated[row] = f"{'the same as' if ids[before] == id_ else 'reads like'} row {before}"
    return repeated


def _refuse_any(column: Column, faults: Mapping[int, str], ids: Sequence[Any]) -> None:
    if not faults:
        return
    named = "; ".join(f"row {row}: {quoted(ids[row])}, {fault}" for row, fault in list(faults.items())[:SHOWN_ROWS])
    raise BadColumn(
        f"item_id={column.name!r}: {len(faults):,} of {len(ids):,} ids cannot be used ({named}). Each item needs an id "
        "of its own; leave item_id out to use the rows' numbers"
    )


def _text_of_kind(kind: str) -> Callable[[Any], str]:
    return next(text for known, text in _KINDS.values() if known == kind)


def _kind_of(type_: type) -> tuple[str, Callable[[Any], str]]:
    return _KINDS.get(type_) or next(kind for known, kind in _KINDS.items() if issubclass(type_, known))


def _is_any_blank(text: str, ids: list[str]) -> bool:
    # As few first characters: what is blank begins with one that is.
    return not text.isascii() and any(map(is_blank, set(map(itemgetter(0), ids)))) and any(map(is_blank, ids))


def _is_any_too_long(text: str, ids: list[str]) -> bool:
    longest = max(map(len, ids))
    # As one text: a character has more bytes than one only where it is not ASCII, and never more than four.
    if text.isascii() or longest * 4 <= LONGEST_BYTES:
        return longest > LONGEST
    return any(map(_is_too_long, ids))


def _is_too_long(id_: str) -> bool:
    return len(id_) > LONGEST or len(id_.encode()) > LONGEST_BYTES


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def plain_id(id_: Any) -> Any:
    """An id as decisions have it: the Python value that a numpy scalar, or a str, int or float of a subclass, equals.

    A time in a zone has the zone's offset at that time: within a zone Python calls two moments equal in the hour that
    a clock repeats, and in another zone it finds neither.
    """
    if isinstance(id_, np.datetime64):
        return pd.Timestamp(id_)
    if isinstance(id_, datetime):
        return _at_offset(id_)
    if isinstance(id_, np.generic):
        return id_.item()
    for plain in (str, int, float):
        if isinstance(id_, plain) and type(id_) not in (plain, bool):
            return str.__str__(id_) if plain is str else plain(id_)
    return id_


def _at_offset(moment: datetime) -> datetime:
    if moment.tzinfo is None or isinstance(moment.tzinfo, timezone):
        return moment
    try:
        return read_moment(moment.isoformat())
    except ValueError:  # the year 12,000, which pandas knows
        return moment
