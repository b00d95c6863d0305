"""What models are compared on, and what is said of it."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from hitl_notebook.training import retrain
from tests.training.sessions import SILENT, numbers, review_in_turn, session_over

LEFT = "were drawn from what a queue by score had left"


@pytest.mark.parametrize(
    ("order", "rows", "is_said"),
    [("least_confident", 120, True), ("random", 120, False), ("least_confident", 4_000, False)],
    ids=["half of a queue by score", "a queue at random", "little of a long queue by score"],
)
def test_a_difference_on_what_a_queue_by_score_had_left_is_not_said_to_be_over_all(order, rows, is_said):
    X, truth = numbers(rows)
    with session_over(rows, order=order) as session:
        review_in_turn(session, truth, 60)
        found = retrain(LogisticRegression(), session, X, say=SILENT)
    assert (LEFT in found.comparison.difference.note) is is_said
    assert np.isfinite(found.comparison.difference.value)
