"""What identifies the content of an item: the same bytes for the same cells, in whichever library they came."""

import re
import struct
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date, time, timedelta
from decimal import Decimal
from hashlib import blake2b
from typing import Any

import numpy as np
import pandas as pd
from PIL.Image import Image

from hitl_notebook.missing import is_missing

__all__ = ["canonical_bytes", "content_hash"]

_DEEPEST = 100
_MOST_PARTS = 1_000_000
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


def content_hash(cells: Iterable[Any], salt: bytes) -> str:
    """A hash of the cells' canonical bytes, one after another, that says nothing to whoever lacks the salt."""
    return blake2b(b"".join(map(canonical_bytes, cells)), key=salt, digest_size=16).hexdigest()


def canonical_bytes(cell: Any) -> bytes:
    """The bytes that stand for a cell: a letter for its kind, the length of what follows, and that.

    =====================  ==========================================================================================
    kind                   what follows
    =====================  ==========================================================================================
    n missing              nothing: None, NaN, NaT and NA are one
    s text                 UTF-8, lone surrogates passed through
    b bool                 ``1`` or ``0``
    i integer              hexadecimal digits; floats and decimals with an integer's value too, since pandas makes
                           floats of integers where some are missing
    f other float          eight bytes, big-endian; a decimal that equals no float has its digits after a ``d``
    y bytes                themselves
    t time                 ISO 8601 text of a datetime, a date, a time; nanoseconds of a timedelta
    l list, tuple          the bytes of each part
    m mapping              the bytes of each key and its value, sorted by the key's bytes
    e set                  the bytes of each part, sorted
    a array                type, shape and raw bytes, little-endian, row by row
    p PIL image            mode, size and raw bytes
    o any other            class and ``str()``, memory addresses left out
    x none of these        its class: a cell that contains itself, is a hundred deep, has a million parts, or whose
                           ``str()`` fails
    =====================  ==========================================================================================

    >>> canonical_bytes("ham")
    b's3:ham'
    >>> canonical_bytes(3.0) == canonical_bytes(3) == b"i3:0x3"
    True
    """
    if type(cell) is str:
        return _tagged(b"s", cell.encode("utf-8", "surrogatepass"))
    try:
        return _Cell().canonical(cell)
    except Exception:  # a cell's methods are the user's code
        return _tagged(b"x", type(cell).__qualname__.encode())


def _tagged(kind: bytes, body: bytes) -> bytes:
    return b"%b%d:%b" % (kind, len(body), body)


class _Cell:
    """One walk through a cell, with what keeps it from going on for ever."""

    def __init__(self) -> None:
        self._parts = 0
        self._around: list[int] = []

    def canonical(self, cell: Any) -> bytes:
        self._parts += 1
        if self._parts > _MOST_PARTS or len(self._around) > _DEEPEST or id(cell) in self._around:
            raise RecursionError
        flat = _canonical_of_flat(cell)
        if flat is not None:
            return flat
        self._around.append(id(cell))
        nested = self._nested(cell)
        self._around.pop()
        return nested

    def _nested(self, cell: Any) -> bytes:
        if isinstance(cell, Mapping):
            pairs = sorted((self.canonical(key), self.canonical(value)) for key, value in cell.items())
            return _tagged(b"m", b"".join(key + value for key, value in pairs))
        if isinstance(cell, Set):
            return _tagged(b"e", b"".join(sorted(map(self.canonical, cell))))
        if isinstance(cell, Sequence | np.ndarray):
            return _tagged(b"l", b"".join(map(self.canonical, cell)))
        text = _ADDRESS.sub("", str(cell)).encode("utf-8", "surrogatepass")
        return _tagged(b"o", type(cell).__qualname__.encode() + b" " + text)


def _canonical_of_flat(cell: Any) -> bytes | None:
    if is_missing(cell):
        return b"n0:"
    if isinstance(cell, str):
        return _tagged(b"s", str.__str__(cell).encode("utf-8", "surrogatepass"))
    if isinstance(cell, np.generic) and not isinstance(cell, np.datetime64 | np.timedelta64):
        cell = cell.item()
    if isinstance(cell, bool):
        return b"b1:1" if cell else b"b1:0"
    if isinstance(cell, int | float | Decimal):
        return _number(cell)
    if isinstance(cell, bytes | bytearray | memoryview):
        return _tagged(b"y", bytes(cell))
    if isinstance(cell, date | time | timedelta | np.datetime64 | np.timedelta64):
        return _tagged(b"t", _time(cell).encode())
    if isinstance(cell, np.ndarray) and cell.dtype != object:
        little = np.ascontiguousarray(cell, dtype=cell.dtype.newbyteorder("<"))
        return _tagged(b"a", f"{little.dtype.str}{cell.shape}".encode() + little.tobytes())
    if isinstance(cell, Image):
        return _tagged(b"p", f"{cell.mode}{cell.size}".encode() + cell.tobytes())
    return None


def _number(cell: int | float | Decimal) -> bytes:
    if isinstance(cell, int) or (cell == cell.to_integral_value() if isinstance(cell, Decimal) else cell.is_integer()):
        return _tagged(b"i", hex(int(cell)).encode())
    if isinstance(cell, float) or float(cell) == cell:
        return _tagged(b"f", struct.pack(">d", cell))
    return _tagged(b"f", b"d" + str(cell.normalize()).encode())


def _time(cell: Any) -> str:
    if isinstance(cell, np.datetime64):
        cell = pd.Timestamp(cell)
    elif isinstance(cell, np.timedelta64):
        cell = pd.Timedelta(cell)
    if isinstance(cell, timedelta):
        seconds = cell.days * 86_400 + cell.seconds
        return str(seconds * 10**9 + cell.microseconds * 1_000 + getattr(cell, "nanoseconds", 0))
    return str(cell.isoformat())
