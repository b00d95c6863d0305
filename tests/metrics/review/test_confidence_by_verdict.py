"""Verdicts by confidence, counted by hand."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from hitl_notebook.errors import BadColumn
from hitl_notebook.metrics import confidence_by_verdict
from hitl_notebook.metrics.columns import UNWEIGHTED


def decided(confidence: list[float | None], action: list[str], item_id: list[int] | None = None) -> pd.DataFrame:
    return pd.DataFrame(
        {"item_id": item_id or range(len(action)), "confidence": pd.Series(confidence, dtype=float), "action": action}
    )


def test_0_and_1_land_in_a_bin_and_an_edge_belongs_to_the_bin_below():
    table = confidence_by_verdict(decided([0.0, 0.5, 0.500001, 1.0], ["accept"] * 4), n_bins=2)
    accepted = table[table["verdict"] == "accept"]
    assert accepted[["bin_low", "bin_high", "n"]].to_numpy().tolist() == [[0, 0.5, 2], [0.5, 1, 2]]


def test_three_tenths_land_where_one_tenth_and_two_tenths_land():
    table = confidence_by_verdict(decided([0.3, 0.1 + 0.2], ["accept", "flag"]), n_bins=10)
    assert table["n"].tolist() == [1, 0, 1]


def test_confidences_of_single_precision_lie_where_those_of_double_precision_do():
    tenths = np.arange(1, 10) / 10
    table, single = (
        confidence_by_verdict(decided(tenths, ["accept"] * 9).astype({"confidence": kind}), n_bins=10) for kind in "df"
    )
    assert single.equals(table)
    assert single["bin_high"].unique() == pytest.approx(tenths)


def test_each_share_is_of_its_bin_and_has_wilsons_interval():
    # of ten at 0.9, seven accepted, two corrected, one flagged
    table = confidence_by_verdict(decided([0.9] * 10, ["accept"] * 7 + ["correct"] * 2 + ["flag"]))
    assert table["verdict"].tolist() == ["accept", "correct", "flag"]
    assert table["share"].tolist() == [0.7, 0.2, 0.1]
    for row, count in enumerate((7, 2, 1)):
        expected = proportion_confint(count, 10, method="wilson")
        assert tuple(table.loc[row, ["low", "high"]]) == pytest.approx(expected)


def test_five_decisions_on_one_item_say_no_more_of_the_model_than_one():
    once = confidence_by_verdict(decided([0.9, 0.9], ["accept", "flag"], [1, 2]))
    often = confidence_by_verdict(decided([0.9] * 10, ["accept"] * 5 + ["flag"] * 5, [1] * 5 + [2] * 5))
    assert often["n"].tolist() == [5, 0, 5]
    assert often[["share", "low", "high"]].to_numpy() == pytest.approx(once[["share", "low", "high"]].to_numpy())


def test_missing_confidences_are_left_out_and_counted():
    table = confidence_by_verdict(decided([0.9, None, None], ["accept", "accept", "flag"]))
    assert table["n"].tolist() == [1, 0, 0]
    assert table.attrs["note"] == f"2 of 3 without a confidence left out; {UNWEIGHTED}"


@pytest.mark.parametrize("rows", [decided([], []), decided([None], ["accept"])])
def test_nothing_with_a_confidence_is_a_table_without_rows(rows):
    table = confidence_by_verdict(rows)
    assert list(table) == ["bin_low", "bin_high", "verdict", "n", "share", "low", "high"]
    assert len(table) == 0


def test_rows_that_were_taken_out_before_change_nothing():
    rows = decided([0.1, 0.9, 0.9], ["flag", "accept", "flag"]).iloc[1:]
    assert confidence_by_verdict(rows)["n"].tolist() == [1, 0, 1]


def test_what_is_no_confidence_and_no_action_is_refused():
    with pytest.raises(BadColumn, match="row 1 has 90"):
        confidence_by_verdict(decided([0.5, 90], ["accept", "flag"]))
    with pytest.raises(BadColumn, match="'skip' is none"):
        confidence_by_verdict(decided([0.5], ["skip"]))


def test_every_decision_is_in_one_bin():
    rng = np.random.default_rng(3)
    rows = decided(rng.random(500).round(2).tolist(), rng.choice(["accept", "correct", "flag"], 500).tolist())
    table = confidence_by_verdict(rows)
    assert table["n"].sum() == 500
    assert table.groupby("bin_low")["share"].sum().to_numpy() == pytest.approx(1)


def test_what_is_as_near_to_0_or_1_as_rounding_leaves_it_is_taken_for_it():
    table = confidence_by_verdict(decided([1 + 9e-7, -9e-7], ["accept", "accept"]), n_bins=2)
    assert table.loc[table["verdict"] == "accept", "n"].tolist() == [1, 1]
    with pytest.raises(BadColumn, match=r"row 0 has 1\.00001"):
        confidence_by_verdict(decided([1.00001], ["accept"]))
