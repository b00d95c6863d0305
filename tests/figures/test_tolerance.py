"""Reviewers agree where the task says so, also where the rule does not carry over from pair to pair."""

import pandas as pd
import pytest

import hitl_notebook as hitl
from hitl_notebook.figures import FIGURES

SAID = {
    # Within 1: all the same; each two neighbours, but not the ends; two who differ.
    "ada": [3.0, 3.0, 3.0],
    "bo": [4.0, 4.0, 5.0],
    "cy": [3.5, 5.0, None],
}


def reviewed(task):
    frame = pd.DataFrame({"id": ["near", "in a row", "far"], "text": list("xyz"), "said": [9.0, 9.0, 9.0]})
    made = hitl.ReviewSession(frame, task, item_id="id", prediction="said", show=["text"], store=":memory:")
    for reviewer, values in SAID.items():
        for item, value in zip(frame["id"], values, strict=True):
            if value is not None:
                made.decide(item, "correct", value=value, reviewer=reviewer)
    return made._figure_source().reviewed()


@pytest.fixture
def tolerant():
    return reviewed(hitl.Regression(tolerance=1))


def test_items_differ_where_two_of_their_values_are_farther_apart_than_the_tolerance(tolerant):
    figure = FIGURES["agreement_over_time"]
    assert figure.behind(tolerant, figure.table(tolerant).tail(1)) == ["in a row", "far"]


@pytest.mark.parametrize(("pair", "items"), [("ada bo", ["far"]), ("bo cy", []), ("ada cy", ["in a row"])])
def test_two_reviewers_differ_by_the_tolerance(tolerant, pair, items):
    reviewer, other = pair.split()
    rows = pd.DataFrame({"reviewer": [reviewer], "other": [other]})
    assert FIGURES["pairwise_agreement"].behind(tolerant, rows) == items


def test_a_reviewer_agrees_with_the_others_by_the_tolerance(tolerant):
    table = FIGURES["reviewer_drift"].table(tolerant, measures=["agree"], window=1)
    agree = {name: rows["value"].tolist() for name, rows in table.groupby("reviewer")}
    assert agree == {"ada": [1, 1 / 2, 0], "bo": [1, 1, 0], "cy": [1, 1 / 2]}


def test_without_a_tolerance_another_number_is_another_answer():
    exact = reviewed(hitl.Regression())
    assert exact.equal is None
    figure = FIGURES["agreement_over_time"]
    assert figure.behind(exact, figure.table(exact).tail(1)) == ["near", "in a row", "far"]


def test_a_task_of_ones_own_brings_its_own_rule():
    class Rounded(hitl.Regression):
        name = "rounded"

        def equal(self, a, b):
            return int(a) == int(b)

    ours = reviewed(Rounded())
    rows = pd.DataFrame({"reviewer": ["ada"], "other": ["cy"]})
    assert FIGURES["pairwise_agreement"].behind(ours, rows) == ["in a row"]
