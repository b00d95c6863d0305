"""Precision and recall: scikit-learn's, and cases small enough to follow by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import precision_score, recall_score
from statsmodels.stats.proportion import proportion_confint

from hitl_notebook.metrics import class_scores

LABELS = ["bug", "ham", "spam"]
ROWS = st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS), st.integers(1, 4)), min_size=1)


@given(ROWS)
def test_scores_are_those_of_scikit_learn(rows):
    prediction, value, weight = (list(column) for column in zip(*rows, strict=True))
    table = class_scores(prediction, value, LABELS, weight)
    for measure, score in (("precision", precision_score), ("recall", recall_score)):
        theirs = score(value, prediction, labels=LABELS, average=None, sample_weight=weight, zero_division=np.nan)
        ours = table[table["measure"] == measure]
        assert ours["label"].tolist() == LABELS
        assert ours["value"].to_numpy() == pytest.approx(theirs, nan_ok=True)


def test_each_score_has_wilsons_interval_over_what_it_is_a_part_of():
    # ham: predicted 4 times, 3 right; given 5 times, 3 of them predicted
    table = class_scores(["ham"] * 4 + ["spam"] * 2, ["ham"] * 3 + ["spam"] + ["ham"] * 2)
    precision, recall = table.iloc[0], table.iloc[1]
    assert (precision["value"], precision["n"], recall["value"], recall["n"]) == (3 / 4, 4, 3 / 5, 5)
    assert (precision["low"], precision["high"]) == pytest.approx(proportion_confint(3, 4, method="wilson"))
    assert (recall["low"], recall["high"]) == pytest.approx(proportion_confint(3, 5, method="wilson"))


def test_weighted_scores_rest_on_fewer_effective_rows():
    # ham predicted with weights 1, 1 and 2, right in the first two: 2 of 4; 4^2 / (1 + 1 + 4) = 8/3 rows
    table = class_scores(["ham"] * 3, ["ham", "ham", "spam"], sample_weight=[1, 1, 2])
    assert (table["value"][0], table["n"][0]) == (0.5, 3)
    expected = proportion_confint(4 / 3, 8 / 3, method="wilson")
    assert (table["low"][0], table["high"][0]) == pytest.approx(expected)


def test_a_label_that_nobody_predicted_has_no_precision_and_one_that_nobody_gave_no_recall():
    table = class_scores(["ham"], ["spam"], ["ham", "spam"])
    assert table["value"].tolist() == pytest.approx([0, np.nan, np.nan, 0], nan_ok=True)
    assert table["n"].tolist() == [1, 0, 0, 1]
    assert table["low"].isna().tolist() == [False, True, True, False]


def test_one_class_is_always_right():
    assert class_scores(["ham"] * 2, ["ham"] * 2)["value"].tolist() == [1, 1]


def test_missing_labels_and_weights_of_zero_have_no_say():
    table = class_scores(["ham", "ham", None, "ham"], ["ham", None, "ham", "spam"], sample_weight=[1, 1, 1, 0])
    assert table.loc[:1, ["value", "n"]].to_numpy().tolist() == [[1, 1], [1, 1]]
    assert "1 of 4 without a value left out" in table.attrs["note"]


def test_nothing_reviewed_yet_is_a_table_that_says_nothing_of_each_label():
    assert len(class_scores([], [])) == 0
    declared = class_scores([None], [None], ["ham", "spam"])
    assert declared["value"].isna().all()
    assert declared["n"].tolist() == [0, 0, 0, 0]
