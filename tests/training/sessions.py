"""Small real sessions to train from."""

import numpy as np
import pandas as pd

import hitl_notebook as hitl

__all__ = ["SILENT", "numbers", "review_in_turn", "session_over"]


def SILENT(_):
    """Says nothing."""


def numbers(rows, seed=0):
    """Two columns of noise around a class: 0 below, 1 above."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, rows)
    return rng.normal(truth[:, None] * 2.0, 1.0, (rows, 2)), np.where(truth == 1, "yes", "no")


def session_over(rows, *, predicted="no", order="random", gold=None, task=None, store=":memory:", **options):
    frame = pd.DataFrame({"text": [f"item {row}" for row in range(rows)], "predicted": predicted})
    frame["p"] = np.linspace(0.5, 0.99, rows)
    if gold is not None:
        frame["known"] = gold
        options["gold"] = "known"
    return hitl.ReviewSession(
        frame,
        task or hitl.Classification(["no", "yes"]),
        prediction="predicted",
        confidence="p",
        show="text",
        plan=hitl.ReviewPlan(order=order, seed=4, random_share=0.3),
        reviewer="ada",
        store=store,
        **options,
    )


def review_in_turn(session, values, count, reviewer="ada"):
    """Decide the next items with their values."""
    for _ in range(count):
        item = session.next_item(reviewer)
        if item is None:
            return
        session.correct(item, values[item], reviewer=reviewer)
