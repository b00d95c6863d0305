"""How far reviewers have come, counted by hand."""

import pandas as pd
import pytest

from hitl_notebook.errors import BadColumn
from hitl_notebook.metrics import progress

COUNTS = ["accepted", "corrected", "flagged", "reviewed"]


def decided(*rows: tuple[str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["reviewer", "action"])
    return frame.assign(recorded_at=pd.date_range("2026-11-21", periods=len(rows), freq="min", tz="UTC"))


def test_every_decision_adds_one_to_its_reviewers_counts():
    decisions = decided(("ada", "accept"), ("bo", "flag"), ("ada", "correct"), ("ada", "accept"))
    table = progress(decisions, total=10)
    assert table["reviewer"].tolist() == ["ada", "ada", "ada", "bo"]
    assert table[COUNTS].to_numpy().tolist() == [[1, 0, 0, 1], [1, 1, 0, 2], [2, 1, 0, 3], [0, 0, 1, 1]]
    assert table["at"].tolist() == decisions["recorded_at"].iloc[[0, 2, 3, 1]].tolist()
    assert table["total"].tolist() == [10] * 4


def test_how_many_there_are_in_all_may_be_unknown():
    assert progress(decided(("ada", "accept")))["total"].isna().all()


def test_of_many_decisions_a_few_hundred_rows_are_shown_and_each_last_one():
    table = progress(decided(*[("ada", "accept"), ("bo", "flag")] * 1_501), points=100)
    of_ada = table[table["reviewer"] == "ada"]
    # at most 50 of 1,501: one every 50, and the end
    assert of_ada["accepted"].tolist() == [*range(50, 1_501, 50), 1_501]
    assert len(table) == 62


def test_decisions_are_counted_in_the_order_of_their_times():
    at = pd.to_datetime(
        ["2026-11-21 10:03", "2026-11-21 10:09", None, "2026-11-21 10:01", "2026-11-21 10:05"], utc=True
    )
    decisions = decided(*[("ada", action) for action in ("accept", "correct", "accept", "flag", "correct")])
    table = progress(decisions.assign(recorded_at=at))
    # The one without a time stays behind the row before it.
    assert table["at"].tolist()[:4] == [*at[[3, 0, 4, 1]]]
    assert table["at"].isna().tolist() == [False] * 4 + [True]
    assert table[COUNTS].to_numpy().tolist() == [[0, 0, 1, 1], [1, 0, 1, 2], [1, 1, 1, 3], [1, 2, 1, 4], [2, 2, 1, 5]]


def test_who_comes_first_is_as_in_the_log_and_others_times_do_not_matter():
    decisions = decided(("ada", "accept"), ("bo", "flag"), ("ada", "correct"))
    table = progress(decisions.assign(recorded_at=[5, 1, 7]))
    assert table[["reviewer", "at", "reviewed"]].to_numpy().tolist() == [["ada", 5, 1], ["ada", 7, 2], ["bo", 1, 1]]


def test_times_that_cannot_be_compared_are_refused():
    at = [pd.Timestamp("2026-11-21", tz="UTC"), pd.Timestamp("2026-11-20")]
    with pytest.raises(BadColumn, match="recorded_at is a column of times that can be compared"):
        progress(decided(("ada", "accept"), ("ada", "flag")).assign(recorded_at=pd.Series(at, dtype=object)))


def test_nothing_decided_yet_is_a_table_without_rows():
    table = progress(decided(), total=5)
    assert list(table) == ["reviewer", "at", *COUNTS, "total"]
    assert len(table) == 0


def test_an_action_that_is_none_is_refused():
    with pytest.raises(BadColumn, match="'skip' is none"):
        progress(decided(("ada", "skip")))
