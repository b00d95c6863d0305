"""What most reviewers say of each item."""

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from hitl_notebook.metrics.agreement.ratings import Table, as_cells, as_frame, read_codes

__all__ = ["majority_vote"]


def majority_vote(ratings: Table, categories: Sequence[Hashable] | None = None) -> "pd.Series[Any]":
    """The label that most reviewers gave each item; missing where two labels lead together.

    Labels are equal or not. Where values of a task can agree without being the same (a tolerance, a case), the vote is
    taken by the task's own rule: ``session.labels("majority")``, which says the same of plain labels.

    Parameters
    ----------
    ratings : DataFrame, array or list of rows of shape (items, reviewers)
        One row an item, one column a reviewer. None, NaN and NA are gaps and no votes; a set of labels is a tuple and
        counts as a whole.
    categories : list, optional
        All that can be said; a rating that is not among them is refused.

    Returns
    -------
    Series named ``majority`` with the index of the table, None where nobody rated the item or the vote is tied: a coin
    flip would make two runs disagree. One vote is a majority.

    Raises
    ------
    BadFrame, InvalidValue
        As `percent_agreement`.

    Examples
    --------
    >>> majority_vote([["ham", "ham", "spam"], ["ham", "spam", None]]).tolist()
    ['ham', None]
    """
    frame = as_frame(ratings)
    codes, known = read_codes([as_cells(column) for _, column in frame.items()], categories)
    winner = np.full(len(frame), -1)
    most = np.zeros(len(frame), dtype=np.intp)
    for candidate in codes.T:
        votes = np.count_nonzero(codes == candidate[:, None], axis=1) * (candidate >= 0)
        # Before or after a tie, a label with more votes takes the lead; another one with as many takes it away.
        winner = np.where(votes > most, candidate, np.where((votes == most) & (candidate != winner), -1, winner))
        most = np.maximum(most, votes)
    names = np.empty(len(known) + 1, dtype=object)
    names[:-1] = known
    return pd.Series(names[winner], index=frame.index, name="majority", dtype=object)
