"""Parts of a computation beside one another."""

import threading

import pytest

from hitl_notebook.metrics import side_by_side as module
from hitl_notebook.metrics.side_by_side import LONG, side_by_side


@pytest.mark.parametrize("cells", [0, LONG])
def test_results_come_in_the_order_of_the_parts(cells):
    assert side_by_side(lambda part: part * 10, range(50), cells=cells) == [part * 10 for part in range(50)]


def test_many_cells_are_computed_at_once_and_few_are_not(monkeypatch):
    monkeypatch.setattr(module.os, "cpu_count", lambda: 2)
    meeting = threading.Barrier(2, timeout=30)
    assert sorted(side_by_side(lambda _: meeting.wait(), range(2), cells=LONG)) == [0, 1]
    here = threading.get_ident()
    assert side_by_side(lambda _: threading.get_ident(), range(2), cells=LONG - 1) == [here, here]


def test_what_goes_wrong_in_a_part_is_raised():
    with pytest.raises(ZeroDivisionError):
        side_by_side(lambda part: 1 // part, [1, 0], cells=LONG)
