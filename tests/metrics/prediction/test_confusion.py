"""Prediction against value: scikit-learn's counts, and cases small enough to follow by hand."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix
from statsmodels.stats.proportion import proportion_confint

from hitl_notebook.errors import BadColumn, InvalidValue
from hitl_notebook.metrics import confusion
from hitl_notebook.metrics.columns import UNWEIGHTED

LABELS = ["bug", "ham", "spam"]
ROWS = st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS), st.integers(1, 4)), min_size=1)


def square(table: pd.DataFrame, column: str) -> np.ndarray:
    """Predictions down, values across."""
    return table.pivot(index="prediction", columns="value", values=column).to_numpy()


@given(ROWS)
def test_counts_and_shares_are_those_of_scikit_learn(rows):
    prediction, value, weight = (list(column) for column in zip(*rows, strict=True))
    table = confusion(prediction, value, LABELS, weight)
    # scikit-learn has the truth down and the prediction across, and gives 0 for a row without any
    assert (square(table, "n") == confusion_matrix(value, prediction, labels=LABELS).T).all()
    shares = confusion_matrix(value, prediction, labels=LABELS, sample_weight=weight, normalize="pred").T
    assert np.nan_to_num(square(table, "share")) == pytest.approx(shares)


def test_each_cell_has_wilsons_interval_of_its_row():
    # of 10 predicted ham, 8 were ham and 2 spam
    table = confusion(["ham"] * 10, ["ham"] * 8 + ["spam"] * 2, ["ham", "spam"])
    assert table[["n", "share"]].to_numpy()[:2].tolist() == [[8, 0.8], [2, 0.2]]
    for row, count in ((0, 8), (1, 2)):
        expected = proportion_confint(count, 10, method="wilson")
        assert tuple(table.loc[row, ["low", "high"]]) == pytest.approx(expected)


def test_a_label_that_was_never_predicted_has_no_shares():
    table = confusion(["ham"], ["ham"], ["ham", "spam"])
    assert table["n"].tolist() == [1, 0, 0, 0]
    assert table["share"].tolist()[:2] == [1, 0]
    assert table.loc[2:, ["share", "low", "high"]].isna().all(axis=None)


def test_weighted_rows_count_for_what_they_stand_for():
    # weights 3 and 1: 3/4 of the weight; (3 + 1)^2 / (9 + 1) = 1.6 items drawn evenly
    table = confusion(["ham", "ham"], ["ham", "spam"], sample_weight=[3, 1])
    assert table["share"].tolist()[:2] == [0.75, 0.25]
    assert tuple(table.loc[0, ["low", "high"]]) == pytest.approx(proportion_confint(1.2, 1.6, method="wilson"))


def test_missing_labels_and_weights_of_zero_are_left_out_and_counted():
    table = confusion(["ham", None, "ham", "ham"], ["ham", "ham", float("nan"), "spam"], sample_weight=[1, 1, 1, 0])
    assert (table["prediction"] + " " + table["value"]).tolist() == ["ham ham", "ham spam", "spam ham", "spam spam"]
    assert table["n"].tolist() == [1, 0, 0, 0]
    assert table.attrs["note"] == (
        "1 of 4 without a prediction left out; 1 of 4 without a value left out; 1 of 4 without a weight left out"
    )


def test_without_weights_it_speaks_of_the_reviewed_items_and_says_so():
    assert confusion(["ham"], ["ham"]).attrs["note"] == UNWEIGHTED
    assert confusion(["ham"], ["ham"], sample_weight=[2]).attrs["note"] == ""


def test_one_class_is_one_cell():
    assert confusion(["ham"] * 3, ["ham"] * 3)[["n", "share"]].to_numpy().tolist() == [[3, 1]]


@pytest.mark.parametrize("labels", [None, LABELS])
def test_nothing_reviewed_yet_is_a_table_without_counts(labels):
    table = confusion([], [], labels)
    assert list(table) == ["prediction", "value", "n", "share", "low", "high"]
    assert table["n"].sum() == 0
    assert len(table) == len(labels or []) ** 2


def test_labels_keep_their_declared_order_and_their_type():
    table = confusion(pd.Series([2, 10]), pd.Series([10, 10]), [10, 2])
    assert table["prediction"].tolist() == [10, 10, 2, 2]
    assert all(type(label) is int for label in table["prediction"])


def test_a_set_of_labels_counts_as_a_whole():
    table = confusion([("a", "b"), ()], [("a",), ()])
    seen = table[table["n"] > 0]
    assert list(zip(seen["prediction"], seen["value"], strict=True)) == [((), ()), (("a", "b"), ("a",))]


def test_of_a_great_many_labels_only_what_occurs_is_listed():
    labels = [f"label {place:03}" for place in range(101)]
    table = confusion([labels[3], labels[3], labels[9]], [labels[3], labels[4], labels[9]], labels)
    assert table["value"].tolist() == [labels[3], labels[4], labels[9]]
    assert table["share"].tolist() == [0.5, 0.5, 1]


def test_what_does_not_fit_together_is_refused():
    with pytest.raises(BadColumn, match="prediction has 1 rows and value 2"):
        confusion(["ham"], ["ham", "ham"])
    with pytest.raises(InvalidValue, match="'eggs' is not among"):
        confusion(["ham"], ["eggs"], ["ham", "spam"])
    with pytest.raises(BadColumn, match="sample_weight"):
        confusion(["ham"], ["ham"], sample_weight=[-1])


def test_an_ordered_category_of_pandas_has_declared_the_labels():
    scale = pd.CategoricalDtype(["low", "middle", "high"], ordered=True)
    said = pd.Series(["low", "high"], dtype=scale)
    assert confusion(said, said)["prediction"].unique().tolist() == ["low", "middle", "high"]
    assert confusion(said, ["high", "high"])["value"].unique().tolist() == ["low", "middle", "high"]
    # Of two orders neither counts, nor one that knows not all labels, nor categories without an order.
    other = pd.Series(["low", "high"], dtype=pd.CategoricalDtype(["high", "low"], ordered=True))
    for columns in (
        (said, other),
        (said, ["none", "high"]),
        (said.astype("category").cat.as_unordered(), said.tolist()),
    ):
        labels = confusion(*columns)["prediction"].unique().tolist()
        assert labels == sorted(labels)


def test_a_table_of_nothing_speaks_of_nobody():
    assert confusion(["a"], [None], ["a", "b"]).attrs["note"] == (
        "no item has both a prediction and a value; 1 of 1 without a value left out"
    )


@pytest.mark.parametrize("table", [lambda frame: frame, pl.from_pandas, lambda frame: frame.to_numpy()])
def test_a_table_where_a_column_is_meant_is_refused(table):
    frame = pd.DataFrame({"prediction": ["a", "b"], "value": ["a", "a"]})
    with pytest.raises(BadColumn, match=r"give one column, as in frame\['prediction'\]"):
        confusion(table(frame[["prediction"]]), table(frame[["value"]]))
