"""Decisions as a table of items by reviewers."""

import pandas as pd
import pytest

from hitl_notebook.errors import MissingColumn
from hitl_notebook.metrics import agreement_coefficients, pairwise_agreement, ratings


def decided(*rows: tuple[object, str, object, object]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["item_id", "reviewer", "value", "prediction"]).astype({"value": object})


THREE = decided(
    ("t2", "bo", "spam", "ham"), ("t1", "ada", "ham", "ham"), ("t2", "ada", "ham", "ham"), ("t3", "bo", None, "spam")
)  # fmt: skip


def test_items_and_reviewers_come_in_the_order_of_their_first_decisions():
    table = ratings(THREE)
    assert table.index.tolist() == ["t2", "t1", "t3"]
    assert table.columns.tolist() == ["bo", "ada"]
    # flagged and not reviewed are both gaps
    assert table.to_numpy().tolist() == [["spam", "ham"], [None, "ham"], [None, None]]


def test_the_model_is_one_more_reviewer():
    table = ratings(THREE, with_model=True)
    assert table["model"].tolist() == ["ham", "ham", "spam"]
    # with the model: of bo 0 of 1 agree, of ada 2 of 2
    pairs = pairwise_agreement(table, statistic="percent_agreement").set_index(["reviewer", "other"])["value"]
    assert pairs["bo", "model"] == 0
    assert pairs["ada", "model"] == 1


def test_a_reviewer_called_model_is_not_the_model():
    table = ratings(decided(("t1", "model", "ham", "spam")), with_model=True)
    assert table.iloc[0].to_dict() == {"model": "ham", "model's prediction": "spam"}


def test_the_newest_prediction_known_is_the_models():
    assert ratings(decided(("t1", "ada", "a", "old"), ("t1", "bo", "a", "new")), with_model=True)["model"].tolist() == [
        "new"
    ]
    assert ratings(decided(("t1", "ada", "a", "b"), ("t1", "bo", "a", None)), with_model=True)["model"].tolist() == [
        "b"
    ]


def test_sets_of_labels_and_ids_that_are_tuples_stay_whole():
    table = ratings(decided((("a", 1), "ada", ("x", "y"), None), (("a", 2), "ada", (), None)))
    assert table.index.tolist() == [("a", 1), ("a", 2)]
    assert table["ada"].tolist() == [("x", "y"), ()]


def test_nothing_decided_yet_is_a_table_without_rows_that_agreement_takes():
    for with_model in (False, True):
        table = ratings(decided(), with_model=with_model)
        assert len(table) == 0
        assert agreement_coefficients(table)["value"].isna().all()


def test_a_column_that_is_needed_is_named():
    with pytest.raises(MissingColumn, match="no prediction among 'item_id', 'reviewer', 'value'"):
        ratings(THREE.drop(columns="prediction"), with_model=True)
