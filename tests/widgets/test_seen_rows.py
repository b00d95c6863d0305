"""Which rows a page is told of as others than those that it shows."""

import hypothesis.strategies as st
from hypothesis import given

from hitl_notebook.widgets.seen_rows import UNSEEN, as_drawn

CELLS = st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.floats(-2, 2), st.sampled_from(["a", "b"]))
ROWS = st.lists(st.fixed_dictionaries({"at": CELLS, "p": CELLS}), max_size=4)


def is_seen(cell, before):
    if type(cell) is type(before) is float:
        return abs(cell - before) > UNSEEN * min(abs(cell), abs(before))
    return cell != before


@given(ROWS, ROWS)
def test_each_row_is_the_new_one_or_looks_like_it(rows, drawn):
    found = as_drawn(rows, drawn)
    assert len(found) == len(rows)
    for row, new in zip(found, rows, strict=True):
        assert not any(is_seen(new[name], row[name]) for name in new)


@given(ROWS)
def test_what_has_not_changed_stays_the_very_row(rows):
    assert all(row is before for row, before in zip(as_drawn([{**row} for row in rows], rows), rows, strict=True))


def test_by_hand():
    drawn = [{"n": 1, "p": 0.5}, {"n": 2, "p": 0.5}, {"n": 3, "p": 0.0}, {"n": 4, "p": None}]
    rows = [{"n": 1, "p": 0.50004}, {"n": 2, "p": 0.50006}, {"n": 3, "p": 1e-9}, {"n": 4, "p": 0.1}]
    assert as_drawn(rows, drawn) == [drawn[0], *rows[1:]]


def test_whole_numbers_and_other_kinds_are_compared_exactly():
    drawn = [{"n": 10_000, "is": True, "p": 1.0}]
    for row in ({"n": 10_001, "is": True, "p": 1.0}, {"n": 10_000, "is": 1.0001, "p": 1.0}, {"n": 10_000, "is": True}):
        assert as_drawn([row], drawn) == [row]
