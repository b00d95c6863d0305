"""Accuracy by slice, counted by hand."""

import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from hitl_notebook.errors import MissingColumn
from hitl_notebook.metrics import sample_accuracy, slice_accuracy
from hitl_notebook.metrics.review.slice_accuracy import REVIEWED_ONLY


def decided(agreed: list[bool | None], item_id: list[int] | None = None, **columns: list[object]) -> pd.DataFrame:
    return pd.DataFrame(
        {"item_id": item_id or list(range(len(agreed))), "agreed": pd.array(agreed, dtype="boolean"), **columns}
    )


def test_each_part_has_its_share_and_wilsons_interval():
    table = slice_accuracy(decided([True] * 4 + [False] + [True] * 2, slice_channel=[*"mmmmmww"]))
    assert table[["slice", "part", "value", "n"]].to_numpy().tolist() == [
        ["channel", "m", 0.8, 5],
        ["channel", "w", 1, 2],
    ]
    for row, (right, of) in enumerate(((4, 5), (2, 2))):
        assert tuple(table.loc[row, ["low", "high"]]) == pytest.approx(proportion_confint(right, of, method="wilson"))


def test_an_item_of_several_reviewers_counts_once():
    # item 1: one of two lets it stand; item 2: all three do: (1/2 + 1) / 2
    table = slice_accuracy(decided([True, False, True, True, True], [1, 1, 2, 2, 2], slice_channel=["m"] * 5))
    assert (table["value"][0], table["n"][0]) == (0.75, 2)
    assert tuple(table.loc[0, ["low", "high"]]) == pytest.approx(proportion_confint(1.5, 2, method="wilson"))


def test_flags_and_what_has_no_part_are_told_apart_from_the_rest():
    table = slice_accuracy(decided([True, None, False], slice_channel=["m", "m", None]))
    assert table[["part", "value", "n"]].to_numpy().tolist() == [["m", 1, 1], ["(missing)", 0, 1]]
    assert table.attrs["note"].startswith("1 of 3 decisions without a verdict or a weight left out")


def test_parts_are_sorted_as_what_they_are():
    table = slice_accuracy(decided([True] * 3, slice_size=[10, 9, 100], slice_new=[True, False, True]))
    assert table["slice"].tolist() == ["size"] * 3 + ["new"] * 2
    assert table["part"].tolist() == ["9", "10", "100", "False", "True"]


def test_slices_can_be_chosen_and_unknown_ones_are_refused():
    rows = decided([True], slice_a=["x"], slice_b=["y"])
    assert slice_accuracy(rows, slices=["b"])["part"].tolist() == ["y"]
    with pytest.raises(MissingColumn, match="no slice 'c' in the decisions; there are a, b"):
        slice_accuracy(rows, slices=["c"])


def test_items_of_a_sample_count_for_what_they_stand_for():
    # 1 / 0.5 + 1 / 0.5 = 4 of the weight are right, 1 / 0.25 = 4 wrong; 8^2 / (4 + 4 + 16) = 8/3 items
    drawn = {"selection_probability": [0.5, 0.5, 0.25], "pool_size": [4, 4, 4], "chosen_by": ["sample"] * 3}
    table = slice_accuracy(decided([True, True, False], slice_channel=["m"] * 3, **drawn))
    assert table["value"][0] == pytest.approx(0.5)
    assert tuple(table.loc[0, ["low", "high"]]) == pytest.approx(proportion_confint(4 / 3, 8 / 3, method="wilson"))
    assert table.attrs["note"] == ""


def test_an_even_sample_gives_each_part_the_figure_of_a_random_sample():
    drawn = {"selection_probability": [0.1] * 10, "pool_size": [100] * 10, "chosen_by": ["sample"] * 10}
    table = slice_accuracy(decided([True] * 7 + [False] * 3, slice_channel=["m"] * 10, **drawn))
    plain = sample_accuracy([True] * 7 + [False] * 3)
    assert tuple(table.loc[0, ["value", "low", "high"]]) == pytest.approx((plain.value, plain.low, plain.high))


def test_items_chosen_by_hand_stand_for_nobody_else_and_weigh_nothing_beside_a_sample():
    drawn = {"selection_probability": [0.5, None], "pool_size": [4, None], "chosen_by": ["sample", "hand"]}
    table = slice_accuracy(decided([True, False], slice_channel=["m", "m"], **drawn))
    assert table[["value", "n"]].to_numpy().tolist() == [[1, 1]]
    assert "1 of 2 decisions without a verdict or a weight left out" in table.attrs["note"]


@pytest.mark.parametrize(
    "drawn",
    [
        {},
        {"selection_probability": [None] * 2, "pool_size": [None] * 2, "chosen_by": ["hand"] * 2},
        {"selection_probability": [1.0, 1.0], "pool_size": [9, 8], "chosen_by": ["order"] * 2},
    ],
    ids=["as given", "all by hand", "by score and never at random"],
)
def test_what_was_not_drawn_speaks_of_the_reviewed_items_only_and_says_so(drawn):
    table = slice_accuracy(decided([True, False], slice_channel=["m", "m"], **drawn))
    assert table[["value", "n"]].to_numpy().tolist() == [[0.5, 2]]
    assert table.attrs["note"] == REVIEWED_ONLY


@pytest.mark.parametrize(
    "rows", [decided([]), decided([], slice_channel=[]), decided([None], slice_channel=["m"]), decided([True])]
)
def test_nothing_to_judge_is_a_table_without_rows(rows):
    table = slice_accuracy(rows)
    assert list(table) == ["slice", "part", "value", "low", "high", "n"]
    assert len(table) == 0


def test_decisions_without_an_item_are_left_out():
    table = slice_accuracy(decided([True, False, True], [None, 2, 3], slice_channel=["m"] * 3))
    assert (table["value"][0], table["n"][0]) == (0.5, 2)
    assert table.attrs["note"].startswith("1 of 3 decisions without an item left out")


def test_one_slice_may_be_named_by_itself():
    rows = pd.DataFrame({"item_id": [1, 2], "agreed": [True, False], "slice_channel": ["a", "b"]})
    pd.testing.assert_frame_equal(slice_accuracy(rows, slices="channel"), slice_accuracy(rows, slices=["channel"]))


def test_parts_that_read_alike_are_one_part():
    rows = decided([True, False, True, True], slice_channel=pd.Series([1, "1", "b", None], dtype=object))
    table = slice_accuracy(rows)
    assert table[["part", "value", "n"]].values.tolist() == [["1", 0.5, 2], ["b", 1, 1], ["(missing)", 1, 1]]
