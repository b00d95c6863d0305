"""Rows that grow: what was given out stays as it was, and nothing is copied that need not be."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from hitl_notebook.frames import growing
from hitl_notebook.frames.growing import GrowingRows


def columns(numbers):
    return {
        "number": np.array(numbers, dtype=np.int64),
        "object": pd.Series([(number,) if number % 2 else "even" for number in numbers], dtype=object),
        "text": pd.array([None if number % 3 else str(number) for number in numbers], dtype="str"),
        "flag": pd.array([None if number % 5 == 0 else number % 2 == 0 for number in numbers], dtype="boolean"),
        "at": pd.to_datetime(numbers, unit="s", utc=True).as_unit("us").array,
    }


def expected(numbers):
    return GrowingRows(columns(numbers)).frame


@given(st.lists(st.tuples(st.integers(0, 20), st.lists(st.integers(0, 99), max_size=3)), max_size=30))
def test_every_rows_are_those_of_their_own_additions(steps):
    # Each step adds to any of the rows there are: rows that had been added to before are copied.
    known = [(GrowingRows(columns([1, 2])), [1, 2])]
    for which, numbers in steps:
        rows, of = known[which % len(known)]
        known.append((rows.added(GrowingRows(columns(numbers))), of + numbers))
    for rows, of in known:
        pd.testing.assert_frame_equal(rows.frame, expected(of))


def test_what_numpy_holds_is_not_copied_while_there_is_room():
    rows = GrowingRows(columns([1, 2])).added(GrowingRows(columns([3])))
    more = rows.added(GrowingRows(columns([4])))
    other = rows.added(GrowingRows(columns([5])))
    for name in ("number", "object"):
        assert np.shares_memory(rows[name], more[name])
        assert not np.shares_memory(more[name], other[name])


def test_many_pieces_are_joined(monkeypatch):
    monkeypatch.setattr(growing, "_MOST_PIECES", 5)
    rows = GrowingRows(columns([0]))
    pieces = []
    for number in range(1, 20):
        rows = rows.added(GrowingRows(columns([number])))
        pieces.append(rows["text"].__arrow_array__().num_chunks)
    assert max(pieces) <= 5
    pd.testing.assert_frame_equal(rows.frame, expected(list(range(20))))


def test_rows_of_other_columns_or_types_are_not_taken():
    rows = GrowingRows(columns([1]))
    assert rows.can_take(GrowingRows(columns([2])))
    assert not rows.can_take(GrowingRows(columns([2]) | {"number": np.array([0.5])}))
    assert not rows.can_take(GrowingRows(columns([2]) | {"other": np.array([0.5])}))
