"""How far the reviewers have come."""

import numpy as np
import pandas as pd

from hitl_notebook.libraries import IntoDataFrame
from hitl_notebook.metrics.columns import check_count, require
from hitl_notebook.metrics.review.decided import ACTIONS, actions_of, groups_of, in_time, in_turn, milestones

__all__ = ["progress"]

COUNTS = ["accepted", "corrected", "flagged"]  # of the actions, in their order


def progress(decisions: IntoDataFrame, *, total: int | None = None, points: int = 400) -> pd.DataFrame:
    """How many items each reviewer had accepted, corrected and flagged, as the review went on.

    Parameters
    ----------
    decisions : DataFrame
        Columns ``reviewer``, ``action`` and ``recorded_at``, as in ``session.decisions``: the decisions that stand.
        Each reviewer's are counted in the order of their times, as clocks may have been set back and tables joined; one
        without a time comes after the row before it.
    total : int, optional
        How many items each reviewer is to meet; left out: not known.
    points : int
        How many rows at most over all reviewers, but for the last of each, which is always there.

    Returns
    -------
    DataFrame, by reviewer in the order of their first decisions: ``reviewer``, ``at`` (when a decision was recorded),
    ``accepted``, ``corrected``, ``flagged`` and ``reviewed`` (their sum) by then, and ``total``, missing where it is
    not known. One row a decision where there are few, at round counts where there are many. No rows where nothing was
    decided. Counts, not estimates: they have no interval.

    Raises
    ------
    MissingColumn, BadColumn
        A column that is needed is not there; an action that is none of accept, correct and flag; times that cannot be
        compared.
    UnknownChoice
        ``points`` is no whole number, or below 1.

    Examples
    --------
    >>> decided = pd.DataFrame({"reviewer": ["ada", "bo", "ada"], "action": ["accept", "flag", "correct"],
    ...                         "recorded_at": [1, 2, 3]})
    >>> progress(decided, total=5)[["reviewer", "at", "accepted", "corrected", "flagged", "reviewed", "total"]]
      reviewer  at  accepted  corrected  flagged  reviewed  total
    0      ada   1         1          0        0         1      5
    1      ada   3         1          1        0         2      5
    2       bo   2         0          0        1         1      5
    """
    check_count(points, "points")
    decisions = require(decisions, "reviewer", "action", "recorded_at")
    reviewers = groups_of(decisions["reviewer"])
    action = actions_of(decisions)
    rows, counts = [], []
    for of_reviewer in in_time(in_turn(reviewers), decisions["recorded_at"]):
        ends = milestones(len(of_reviewer), max(points // len(reviewers.names), 1)) - 1
        rows.append(of_reviewer[ends])
        done = action[of_reviewer, None] == np.arange(len(ACTIONS))
        counts.append(np.cumsum(done, axis=0)[ends])
    shown = np.concatenate([np.empty(0, dtype=np.intp), *rows])
    table = pd.DataFrame(np.concatenate([np.empty((0, len(ACTIONS)), dtype=np.int64), *counts]), columns=COUNTS)
    for place, name in enumerate(("reviewer", "at")):
        source = decisions["recorded_at" if name == "at" else name]
        table.insert(place, name, source.take(shown).reset_index(drop=True))
    table["reviewed"] = table[COUNTS].sum(axis=1)
    table["total"] = pd.Series(total, index=table.index, dtype="Int64")
    return table
