"""The predicted class and its runner-up."""

import numpy as np
import pytest

from hitl_notebook.errors import BadColumn, CannotExplain
from hitl_notebook.explain.contrast import Contrast, two_sided

SCORES = np.array([[0.2, 0.7, 0.1], [0.4, 0.4, 0.2], [0.0, -1.0, -2.0]])


def test_the_largest_score_is_predicted_and_the_next_is_its_rival_the_first_of_equals_first() -> None:
    contrast = Contrast.of(SCORES)
    assert (contrast.chosen.tolist(), contrast.rival.tolist()) == ([1, 0, 0], [0, 1, 1])
    assert contrast.margin(SCORES) == pytest.approx([0.5, 0.0, 1.0])


def test_what_was_predicted_is_held_against_the_best_of_the_others() -> None:
    contrast = Contrast.of(SCORES, classes=["a", "b", "c"], predicted=["c", None, "b"])
    assert (contrast.chosen.tolist(), contrast.rival.tolist()) == ([2, 0, 1], [1, 1, 0])


def test_what_was_predicted_of_classes_without_names_is_refused() -> None:
    with pytest.raises(CannotExplain, match=r"which of the 3 scores is that of 'c' is not known: name classes=\[...\]"):
        Contrast.of(SCORES, predicted=[None, "c", "b"])
    assert Contrast.of(SCORES, predicted=[None, float("nan"), None]).chosen.tolist() == [1, 0, 0]


def test_there_is_a_class_for_each_score() -> None:
    with pytest.raises(CannotExplain, match="for 3 scores a row there are 2 classes"):
        Contrast.of(SCORES, classes=["a", "b"])


def test_a_single_score_has_no_rival() -> None:
    contrast = Contrast.of(SCORES[:, :1], classes=["a"], predicted=["b", "b", "b"])
    assert contrast.rival is None
    assert contrast.margin(SCORES[:, :1]).tolist() == [0.2, 0.4, 0.0]


def test_one_score_for_two_classes_is_half_for_the_second_and_half_against_the_first() -> None:
    assert two_sided(np.array([3.0, -1.0])).tolist() == [[-1.5, 1.5], [0.5, -0.5]]
    assert Contrast.of(two_sided(np.array([3.0, -1.0]))).margin(two_sided(np.array([3.0, -1.0]))).tolist() == [3.0, 1.0]


def test_labels_are_found_whatever_their_type_and_numbers_are_no_truths() -> None:
    contrast = Contrast.of(SCORES, classes=np.array([0, 1, 2]), predicted=[np.int64(2), 1, 0.0])
    assert contrast.chosen.tolist() == [2, 1, 0]
    with pytest.raises(BadColumn, match="True is none of the model's classes 0, 1, 2"):
        Contrast.of(SCORES, classes=[0, 1, 2], predicted=[True, 1, 1])


def test_the_sides_are_named_where_there_are_two_that_have_names() -> None:
    named = Contrast.of(SCORES, classes=["a", "b", "c"], predicted=["c", None, "b"])
    assert [named.sides(row) for row in range(3)] == [("c", "b"), ("a", "b"), ("b", "a")]
    assert Contrast.of(SCORES).sides(0) is None
    assert Contrast.of(SCORES, classes=["a", "b", "c"], against_runner_up=False).sides(0) is None
    assert Contrast.of(SCORES[:, :1]).sides(0) is None
