"""Decisions of one or several reviewers as one row an item, and the accuracy that follows."""

import numpy as np
import pandas as pd
import pytest

from hitl_notebook.errors import UnknownChoice
from hitl_notebook.figures import Reviewed

LABELS = ["ham", "spam"]


def reviewed(*rows, population=100, **facts):
    """Decisions as (item, reviewer, prediction, value); drawn at random out of a hundred items."""
    frame = pd.DataFrame(rows, columns=["item_id", "reviewer", "prediction", "value"])
    agreed = [None if value is None else value == said for _, _, said, value in rows]
    pool = 100 - pd.factorize(frame["item_id"])[0]
    return Reviewed(
        decisions=frame.assign(
            value=pd.Series([row[-1] for row in rows], dtype=object),
            agreed=pd.array(agreed, dtype="boolean"),
            confidence=0.9,
            chosen_by="random",
            selection_probability=1 / pool,
            pool_size=pool,
            slice_channel="mail",
        ),
        categories=LABELS,
        population=population,
        **facts,
    )


def test_of_one_reviewer_each_decision_is_an_item():
    found = reviewed(("t1", "ada", "ham", "ham"), ("t2", "ada", "ham", "spam"))
    assert found.items["agreed"].tolist() == [True, False]
    assert found.values.tolist() == ["ham", "spam"]


def test_of_several_reviewers_most_decide_and_a_tie_decides_nothing():
    found = reviewed(
        *(("t1", name, "ham", value) for name, value in zip("abc", ["ham", "ham", "spam"], strict=True)),
        *(("t2", name, "ham", value) for name, value in zip("ab", ["ham", "spam"], strict=True)),
        *(("t3", name, "ham", value) for name, value in zip("abc", ["spam", "spam", None], strict=True)),
        ("t4", "a", "ham", None),
    )
    assert found.items["item_id"].tolist() == ["t1", "t2", "t3", "t4"]
    assert [None if pd.isna(verdict) else verdict for verdict in found.items["agreed"]] == [True, None, False, None]
    assert found.values.tolist() == ["ham", None, "spam", None]
    # t1 is right and t3 is wrong; neither t2 nor t4 has a verdict
    assert (found.accuracy.value, found.accuracy.n) == (0.5, 2)


def test_an_items_row_is_that_of_its_first_decision():
    found = reviewed(("t2", "ada", "ham", "ham"), ("t1", "bo", "spam", "ham"), ("t2", "bo", "ham", "ham"))
    assert found.items["prediction"].tolist() == ["ham", "spam"]
    assert found.items["pool_size"].tolist() == [100, 99]


def test_accuracy_of_every_item_has_no_sampling_error():
    found = reviewed(("t1", "ada", "ham", "ham"), ("t2", "ada", "ham", "spam"), population=2)
    assert (found.accuracy.value, found.accuracy.low, found.accuracy.high) == (0.5, 0.5, 0.5)


def test_accuracy_of_a_random_sample_has_its_interval():
    found = reviewed(*((f"t{number}", "ada", "ham", "ham" if number < 8 else "spam") for number in range(10)))
    # Wilson's interval of 8 in 10
    assert round(found.accuracy.low, 4) == 0.4902
    assert found.accuracy.value == 0.8


def test_accuracy_of_weighted_items_counts_each_for_as_many_as_it_stands_for():
    found = reviewed(("t1", "ada", "ham", "ham"), ("t2", "ada", "ham", "ham"), ("t3", "ada", "ham", "spam"))
    strata = found.decisions.assign(chosen_by="sample", selection_probability=[0.5, 0.5, 0.25], pool_size=4)
    found = Reviewed(decisions=strata, categories=LABELS, population=100, asked=3)
    # 2 and 2 items are right, 4 are wrong
    assert np.isclose(found.accuracy.value, 0.5)
    assert found.evenly_drawn["selection_probability"].tolist() == pytest.approx([1, 1, 0.5])


def test_where_nothing_is_known_of_others_the_columns_on_drawing_are_left_out():
    found = reviewed(("t1", "ada", "ham", "ham"))
    by_score = found.decisions.assign(chosen_by="order", selection_probability=1.0)
    found = Reviewed(decisions=by_score, categories=LABELS, population=100)
    assert found.weight is None
    assert "chosen_by" not in found.evenly_drawn
    assert (found.accuracy.value, found.accuracy.low, found.accuracy.high) == (1, 1, 1)
    assert found.accuracy.method == "share of the reviewed items"


def test_one_reviewers_part():
    found = reviewed(("t1", "ada", "ham", "ham"), ("t1", "bo", "ham", "spam"), ("t2", "bo", "ham", "ham"))
    assert found.of(None) is found
    assert found.of("ada").items["agreed"].tolist() == [True]
    assert found.of(["bo"]).items["agreed"].tolist() == [False, True]
    assert found.of(["ada", "bo"]).reviewers == ["ada", "bo"]
    with pytest.raises(UnknownChoice, match="'cy' has decided nothing here; there is 'ada', 'bo'"):
        found.of("cy")


def test_nothing_reviewed_yet():
    found = reviewed()
    assert len(found.items) == len(found.values) == 0
    assert found.reviewers == []
    assert np.isnan(found.accuracy.value)
    assert found.accuracy.note
    with pytest.raises(UnknownChoice, match="there is nobody"):
        found.of("ada")
