"""Agreement of each two reviewers, with the overlap of each."""

import math

import numpy as np
import pandas as pd
import pytest

from hitl_notebook.errors import UnknownChoice
from hitl_notebook.metrics import cohen_kappa, gwet_ac1, krippendorff_alpha, pairwise_agreement

RATINGS = pd.DataFrame(
    {
        "ada": ["ham", "ham", "spam", "spam", None],
        "bo": ["ham", "ham", "ham", "spam", "ham"],
        "cy": ["spam", None, None, None, "ham"],
        "nobody": [None] * 5,
    }
)


def test_each_two_reviewers_have_a_row_with_their_overlap():
    table = pairwise_agreement(RATINGS, statistic="percent_agreement")
    # ada and bo: 3 of 4; ada and cy: 0 of 1; bo and cy: 1 of 2
    assert table[["reviewer", "other", "value", "n"]].values.tolist() == [
        *(["ada", "bo", 0.75, 4], ["ada", "cy", 0.0, 1], ["bo", "cy", 0.5, 2]),
    ]


def test_cohens_kappa_is_what_is_computed_unless_said_otherwise():
    first = pairwise_agreement(RATINGS).iloc[0]
    alone = cohen_kappa(RATINGS["ada"], RATINGS["bo"])
    assert (first["value"], first["low"], first["high"]) == (alone.value, alone.low, alone.high)
    assert first["method"] == alone.method


def test_categories_are_those_of_the_whole_table():
    ratings = pd.DataFrame({"ada": ["a", "b"], "bo": ["a", "b"], "cy": ["a", "c"]})
    table = pairwise_agreement(ratings, statistic="brennan_prediger")
    # of three categories, also for ada and cy: (1/2 - 1/3) / (1 - 1/3)
    assert table["value"].tolist() == pytest.approx([1, 0.25, 0.25])


def test_a_function_gets_two_columns_without_gaps():
    table = pairwise_agreement(RATINGS, statistic=lambda pair: gwet_ac1(pair, categories=["ham", "spam"]))
    named = pairwise_agreement(RATINGS, statistic="gwet_ac1", categories=["ham", "spam"])
    pd.testing.assert_frame_equal(table, named)


def test_reviewers_of_sets_of_labels_can_be_paired():
    ratings = pd.DataFrame({"ada": [("a",), ("a", "b"), ()], "bo": [("a",), ("b",), ()]})
    table = pairwise_agreement(ratings, statistic=lambda pair: krippendorff_alpha(pair, lambda a, b: float(a != b)))
    assert table["value"].tolist() == pytest.approx([krippendorff_alpha(ratings).value])


@pytest.mark.parametrize("ratings", [[], [["ham"]], pd.DataFrame({"ada": ["ham"], "bo": [None]})])
def test_fewer_than_two_reviewers_have_no_rows_and_all_columns(ratings):
    table = pairwise_agreement(ratings)
    assert (len(table), list(table)[:3]) == (0, ["reviewer", "other", "value"])


def test_two_who_met_no_item_have_a_row_that_says_so():
    row = pairwise_agreement([["ham", None], [None, "ham"]]).iloc[0]
    assert (row["n"], math.isnan(row["value"])) == (0, True)
    assert row["note"] == "no item has ratings of two reviewers"


def test_ac1_of_pairs_takes_weights_as_it_does_by_itself():
    ratings = pd.DataFrame({"ada": [1, 2, 3], "bo": [1, 3, 3]})
    one, other = (pairwise_agreement(ratings, statistic=name, weights="linear") for name in ("gwet_ac1", "gwet_ac2"))
    pd.testing.assert_frame_equal(one, other)


@pytest.mark.parametrize(("statistic", "weights"), [("kappa", None), ("gwet_ac2", None)], ids=str)
def test_a_statistic_that_is_none_is_refused(statistic, weights):
    with pytest.raises(UnknownChoice, match="gwet_ac"):
        pairwise_agreement(RATINGS, statistic=statistic, weights=weights)


def test_columns_of_an_array_are_named_by_their_places():
    assert pairwise_agreement(np.array([[1, 1], [2, 2]]))[["reviewer", "other"]].values.tolist() == [[0, 1]]
