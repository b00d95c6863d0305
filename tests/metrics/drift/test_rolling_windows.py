"""Windows of so many decisions, and of so long a time."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from hitl_notebook.errors import MissingColumn, UnknownChoice
from hitl_notebook.metrics import reviewer_drift

MINUTES = [0, 1, 2, 10, 11]
ACTIONS = ["accept", "flag", "flag", "accept", "accept"]


def decided(minutes=MINUTES, **columns):
    at = [None if minute is None else pd.Timestamp(f"2026-01-05 09:{minute:02}", tz="UTC") for minute in minutes]
    return pd.DataFrame({"reviewer": "ada", "action": ACTIONS, "decided_at": at} | columns)


def accepting(window, frame=None):
    table = reviewer_drift(decided() if frame is None else frame, ["accept"], window)
    return table["value"].round(3).tolist(), table["n"].tolist()


@pytest.mark.parametrize("window", ["5min", timedelta(minutes=5)])
def test_a_window_of_five_minutes_has_what_was_decided_in_them(window):
    # Of minutes 0 to 2: 1 of 1, 1 of 2, 1 of 3. Minute 10 stands alone, 11 has it beside it.
    assert accepting(window) == ([1, 0.5, 0.333, 1, 1], [1, 2, 3, 1, 2])


def test_what_is_just_so_long_ago_is_no_longer_in_the_window():
    assert accepting("1min") == ([1, 0, 0, 1, 1], [1, 1, 1, 1, 1])
    assert accepting("61s")[1] == [1, 2, 2, 1, 2]


def test_a_window_longer_than_the_review_is_one_of_as_many_decisions():
    assert accepting("1D") == accepting(5)


def test_clocks_that_go_back_and_times_that_are_missing_leave_the_order_as_it_is():
    # The third was decided no earlier than the second, and the last with the one before it.
    frame = decided([0, 2, 1, 10, None])
    assert accepting("2min", frame) == ([1, 0, 0, 1, 1], [1, 1, 2, 1, 2])


def test_times_that_are_recorded_will_do():
    frame = decided().rename(columns={"decided_at": "recorded_at"})
    assert accepting("5min", frame) == accepting("5min")


def test_seconds_have_the_window_too():
    table = reviewer_drift(decided(seconds=[2.0, 8.0, 4.0, 5.0, 5.0]), ["seconds"], "90s")
    # Geometric means: 2; of 2 and 8; of 8 and 4; 5; of 5 and 5.
    assert table["value"].tolist() == pytest.approx([2, 4, 32**0.5, 5, 5])


def test_a_number_of_decisions_is_any_integer():
    # The last two of five: 1; 1, 0; 0, 0; 0, 1; 1, 1.
    for window in (2, np.int64(2), np.uint8(2)):
        assert accepting(window) == ([1, 0.5, 0, 0.5, 1], [1, 2, 2, 2, 2])


@pytest.mark.parametrize("window", [0, -1, "0s", "-1h", "soon", 1.5, None, True, np.int64(0)])
def test_what_is_no_window_is_refused(window):
    with pytest.raises(UnknownChoice, match="window="):
        reviewer_drift(decided(), ["accept"], window)


def test_a_time_takes_times():
    with pytest.raises(MissingColumn, match="decided_at"):
        accepting("1h", decided().drop(columns="decided_at"))
    assert len(reviewer_drift(decided().head(0), ["accept"], "1h")) == 0
