"""A plan is checked when it is made, and says in words what it does."""

import numpy as np
import pytest

from hitl_notebook import ReviewPlan
from hitl_notebook.errors import BadPlan


@pytest.mark.parametrize(
    "options",
    [
        {"order": "by mood"},
        {"sample": 0},
        {"sample": -3},
        {"sample": 2.5},
        {"sample": True},
        {"sample": "10"},
        {"by": "channel"},
        {"random_share": 1.5},
        {"random_share": float("nan")},
        {"reveal": "never"},
        {"blind_share": 1.1},
        {"reveal": "after", "blind_share": 0.5},
        {"explanation_share": -0.1},
        {"sample": float("inf")},
        {"sample": float("nan")},
        {"sample": 10**400},
        {"sample": 2, "by": ["channel"]},
        {"random_share": "x"},
        {"random_share": None},
        {"blind_share": [0.5]},
        {"explanation_share": "all"},
        {"seed": -1},
        {"seed": "x"},
        {"seed": 1.5},
        {"seed": True},
        {"seed": np.int64(-3)},
    ],
)
def test_a_plan_that_cannot_be_carried_out_is_refused(options):
    with pytest.raises(BadPlan, match=next(reversed(options))):
        ReviewPlan(**options)


def test_any_integer_is_a_seed():
    assert ReviewPlan(seed=np.int64(3)) == ReviewPlan(seed=3)
    assert type(ReviewPlan(seed=np.int64(2**40)).seed) is int
    assert ReviewPlan(seed=2**70).seed == 2**70


def test_unknown_options_are_refused():
    with pytest.raises(TypeError):
        ReviewPlan(overlap_of_something=2)


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (ReviewPlan(), "least confident first, 10% drawn at random"),
        (ReviewPlan(random_share=0), "least confident first"),
        (ReviewPlan(order="given"), "in the order of the frame"),
        (ReviewPlan(sample=0.25, order="random"), "a random sample of 25%, in random order"),
        (ReviewPlan(order=len), "in the order of len, 10% drawn at random"),
        (
            ReviewPlan(reveal="after"),
            "in random order, since an item's place would betray its prediction, predictions shown after the answer",
        ),
        (
            ReviewPlan(order="given", reveal="after", explanation_share=0.5),
            "in the order of the frame, predictions shown after the answer, 50% with explanation",
        ),
        (
            ReviewPlan(blind_share=0.2),
            "least confident first, 20% drawn at random, 20% answered before the prediction is shown",
        ),
        (
            ReviewPlan(sample=20, blind_share=0.2),
            "a random sample of 20, in random order, since an item's place would betray its prediction, "
            "20% answered before the prediction is shown",
        ),
    ],
)
def test_a_plan_says_what_it_does(plan, words):
    assert plan.words == words


def test_without_confidences_the_order_says_that_it_is_random():
    words = ReviewPlan(sample=20).words_for(has_confidence=False)
    assert words == "a random sample of 20, in random order, since there are no confidences to order by"


def test_the_version_follows_the_rule_and_the_seed():
    assert ReviewPlan().version(1) == ReviewPlan().version(1)
    assert len({ReviewPlan().version(1), ReviewPlan().version(2), ReviewPlan(random_share=0.2).version(1)}) == 3
