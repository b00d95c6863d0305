"""Content hashes: the same for the same cells, another for any other."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from hashlib import blake2b
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from hitl_notebook.items import read_items
from hitl_notebook.items.content import canonical_bytes, content_hash
from hitl_notebook.tasks import Classification

TASK = Classification(["ham"])

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary()
cells = st.recursive(scalars, lambda part: st.lists(part, max_size=4) | st.dictionaries(st.text(), part, max_size=4))


def test_the_bytes_are_what_they_are_said_to_be() -> None:
    assert canonical_bytes({"b": [True, None], "a": "é"}) == b"m23:s1:as2:\xc3\xa9s1:bl7:b1:1n0:"
    assert content_hash(["é", 3], b"salt") == blake2b(b"s2:\xc3\xa9i3:0x3", key=b"salt", digest_size=16).hexdigest()


@given(cells, cells)
def test_different_cells_have_different_bytes(a: Any, b: Any) -> None:
    def told(cell: Any) -> Any:
        """What two cells have to differ in: 1 is 1.0, and neither is True."""
        if isinstance(cell, bool | str | bytes) or cell is None:
            return type(cell).__name__, cell
        if isinstance(cell, dict):
            return "dict", sorted((key, told(value)) for key, value in cell.items())
        return ("list", [told(part) for part in cell]) if isinstance(cell, list) else ("number", cell)

    assert (canonical_bytes(a) == canonical_bytes(b)) == (repr(told(a)) == repr(told(b)) or told(a) == told(b))


@given(st.lists(scalars, max_size=4), st.lists(scalars, max_size=4))
def test_cells_do_not_run_into_one_another(a: list[Any], b: list[Any]) -> None:
    same = [canonical_bytes(cell) for cell in a] == [canonical_bytes(cell) for cell in b]
    assert (content_hash(a, b"s") == content_hash(b, b"s")) == same


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (3, 3.0),
        (3, np.int8(3)),
        (0.5, np.float32(0.5)),
        (Decimal("0.50"), 0.5),
        (Decimal("3.0"), 3),
        (-0.0, 0),
        (None, float("nan")),
        (pd.NaT, pd.NA),
        (np.datetime64("NaT"), None),
        ("a", np.str_("a")),
        ((1, 2), [1, 2]),
        (np.array([1, "a"], dtype=object), [1, "a"]),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({1, 2}, {2, 1}),
        (pd.Timestamp("2026-01-02 03:04:05.000006"), datetime(2026, 1, 2, 3, 4, 5, 6)),
        (pd.Timestamp("2026-01-02", tz="UTC"), datetime(2026, 1, 2, tzinfo=UTC)),
        (pd.Timedelta(1, "s"), timedelta(seconds=1)),
        (np.timedelta64(1, "s"), timedelta(seconds=1)),
        (bytearray(b"a"), b"a"),
        (np.arange(4, dtype=">i4"), np.arange(4, dtype="<i4")),
        (np.arange(6).reshape(2, 3).T, np.ascontiguousarray(np.arange(6).reshape(2, 3).T)),
        (object(), object()),
    ],
)
def test_equal_cells_have_the_same_bytes(a: Any, b: Any) -> None:
    assert canonical_bytes(a) == canonical_bytes(b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (1, True),
        (1, "1"),
        ("a", b"a"),
        ("", None),
        ([], {}),
        ([[1], 2], [1, [2]]),
        ("\ud800", "\ufffd"),
        (np.zeros((2, 3)), np.zeros((3, 2))),
        (np.zeros(2, np.int32), np.zeros(2, np.int64)),
        (Image.new("L", (2, 3)), Image.new("L", (3, 2))),
        (date(2026, 1, 2), datetime(2026, 1, 2)),
        (time(1), timedelta(hours=1)),
        (UUID(int=1), UUID(int=2)),
        ([10**5_000], [10**5_000 + 1]),
        (float("inf"), float("-inf")),
    ],
)
def test_other_cells_have_other_bytes(a: Any, b: Any) -> None:
    assert canonical_bytes(a) != canonical_bytes(b)


@pytest.mark.parametrize(
    "cells",
    [
        ["a", None],
        [1, None],
        [0.5, None],
        [True, None],
        [datetime(2026, 1, 2, 3, 4, 5), None],
        [datetime(2026, 1, 2, tzinfo=UTC), None],
        [date(2026, 1, 2), None],
        [time(1, 2, 3), None],
        [timedelta(seconds=3), None],
        [b"a", None],
        [[1, 2], None],
        [{"a": 1, "b": "c"}, None],
        [[{"role": "user", "content": "a"}], None],
        [Decimal("1.25"), None],
    ],
    ids=lambda cells: type(cells[0]).__name__,
)
def test_the_library_that_brings_a_cell_does_not_matter(cells: list[Any]) -> None:
    frames = [
        pd.DataFrame({"cell": cells}),
        pd.DataFrame({"cell": pd.Series(cells, dtype=object)}),
        pl.DataFrame({"cell": cells}),
        pa.table({"cell": cells}),
        pa.table({"cell": cells}).to_pandas(types_mapper=pd.ArrowDtype),
    ]
    hashes = [tuple(read_items(frame, task=TASK).content_hashes([0, 1], b"salt")) for frame in frames]
    assert len(set(hashes)) == 1


def test_a_hash_is_of_the_shown_cells_alone_and_not_of_their_order_on_the_card() -> None:
    frame = pd.DataFrame({"a": ["x"], "b": ["y"], "why": ["z"], "p": [0.5], "predicted": ["ham"]})

    def of(frame: pd.DataFrame, show: Any, salt: bytes = b"s") -> list[str]:
        items = read_items(frame, task=TASK, show=show, prediction="predicted", confidence="p", explanation="why")
        return items.content_hashes([0], salt)

    assert of(frame, ["a", "b"]) == of(frame, ["b", "a"]) == of(frame.assign(why="other", p=0.25), ["a", "b"])
    assert len({*of(frame, ["a", "b"]), *of(frame, "a"), *of(frame, "b"), *of(frame, ["a", "b"], b"t")}) == 4
    assert of(frame.assign(b="other"), ["a", "b"]) != of(frame, ["a", "b"])


def test_hashes_come_in_the_order_asked_for_and_across_many_rows() -> None:
    items = read_items(pd.DataFrame({"a": [str(number % 7) for number in range(25_000)]}), task=TASK)
    hashes = items.content_hashes(range(24_999, -1, -1), b"s")
    assert len(set(hashes)) == 7
    assert hashes[0] == items.content_hashes([24_999 % 7], b"s")[0]


def test_what_would_never_end_has_bytes_of_its_class() -> None:
    circle: list[Any] = []
    circle += [circle, circle]
    laughs: Any = "ha"
    for _ in range(40):
        laughs = [laughs] * 10
    assert canonical_bytes(circle) == canonical_bytes(laughs) == b"x4:list"
