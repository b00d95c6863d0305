"""Reviews drawn at random: any items, any steps of two reviewers, gold items and catch trials among them."""

from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import strategies as st

from hitl_notebook.errors import HitlError
from hitl_notebook.session.material import Material
from tests.training.sessions import session_over

__all__ = ["ITEMS", "SESSIONS", "STEPS", "aside", "carry_out", "drawn_review", "features", "kept_out"]

ITEMS = st.lists(st.integers(0, 14), max_size=3)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["decide", "decide", "decide", "flag", "undo", "hand"]),
        st.sampled_from(["ada", "bo"]),
        st.integers(0, 14),
        st.sampled_from(["no", "yes"]),
    ),
    min_size=3,
    max_size=30,
)
SESSIONS = st.fixed_dictionaries(
    {
        "rows": st.integers(3, 15),
        "gold": st.sets(st.integers(0, 14), max_size=4),
        "catch": st.sets(st.integers(0, 14), max_size=4),
        "twins": st.dictionaries(st.integers(0, 14), st.integers(0, 14), max_size=4),
        "order": st.sampled_from(["random", "given", "least_confident"]),
        "given": st.booleans(),
        "holdout": st.sampled_from(["random", 0.5, None]) | st.sets(st.integers(0, 14), max_size=4),
        "resolve": st.sampled_from(["latest", "majority"]),
    }
)


def carry_out(session, steps, rows):
    for what, reviewer, item, value in steps:
        try:
            if what == "undo":
                session.undo(reviewer=reviewer)
                continue
            chosen = item % rows if what == "hand" else session.next_item(reviewer)
            if chosen is None:
                continue
            if what == "flag":
                session.flag(chosen, "unclear", reviewer=reviewer)
            else:
                session.correct(chosen, value, reviewer=reviewer)
        except HitlError:
            continue


def kind_with_catch_trials(catch):
    """What a plan that plants catch trials would record of these draws."""
    kind = Material._kind
    return lambda self, selection: "catch" if selection.position in catch else kind(self, selection)


@contextmanager
def drawn_review(drawn, steps):
    """The session after these steps, with rows of features (some of them alike), values for all, and the gold items."""
    rows, catch = drawn["rows"], {item for item in drawn["catch"] if item < drawn["rows"]}
    gold = {item for item in drawn["gold"] if item < rows}
    X = np.random.default_rng(7).random((rows, 2))
    for one, other in drawn["twins"].items():
        X[one % rows] = X[other % rows]
    answers = ["yes" if item in gold else None for item in range(rows)] if gold else None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Material, "_kind", kind_with_catch_trials(catch))
        with session_over(rows, order=drawn["order"], gold=answers) as session:
            carry_out(session, steps, rows)
            yield session, X, ["no"] * rows if drawn["given"] else None, gold


def kept_out(session, gold):
    """Gold items, and those that somebody met in a catch trial."""
    decisions = session.decisions
    return gold | set(decisions.loc[decisions["kind"] == "catch", "item_id"])


def aside(holdout, found):
    """What is held out: as named, else as the training set says."""
    return set(found.held_out) if isinstance(holdout, str | float) else set(holdout or ())


def features(X, items):
    return {X[item].tobytes() for item in items if item < len(X)}
