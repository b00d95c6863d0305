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


def test_nothing_decided_yet_is_a_table_without_rows():
    table = progress(decided(), total=5)
    assert list(table) == ["reviewer", "at", *COUNTS, "total"]
    assert len(table) == 0


def test_an_action_that_is_none_is_refused():
    with pytest.raises(BadColumn, match="'skip' is none"):
        progress(decided(("ada", "skip")))
