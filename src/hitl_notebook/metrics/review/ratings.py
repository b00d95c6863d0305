"""Decisions as the table that agreement is computed from."""

from typing import Any

import numpy as np
import pandas as pd

from hitl_notebook.libraries import IntoDataFrame
from hitl_notebook.metrics.columns import require
from hitl_notebook.metrics.review.decided import Groups, groups_of

__all__ = ["ratings", "ratings_of"]


def ratings(decisions: IntoDataFrame, *, with_model: bool = False) -> pd.DataFrame:
    """What each reviewer says of each item.

    Parameters
    ----------
    decisions : DataFrame
        Columns ``item_id``, ``reviewer`` and ``value``, as in ``session.decisions``; with the model, ``prediction``
        too. Of two rows of one reviewer on one item the later one counts.
    with_model : bool
        A last column ``model`` with the predictions (``model's prediction`` where a reviewer goes by that name): the
        model as one more reviewer.

    Returns
    -------
    DataFrame of objects with one row an item and one column a reviewer, both in the order of their first decisions.
    None where there is no value: not reviewed by that one, or flagged. The agreement functions take it as it is, and
    leave out what is all gaps.

    Raises
    ------
    MissingColumn
        A column that is needed is not there.

    Examples
    --------
    >>> decided = pd.DataFrame({"item_id": [7, 8, 7], "reviewer": ["ada", "ada", "bo"], "value": ["ham", None, "spam"]})
    >>> ratings(decided).rename_axis(None)
    reviewer   ada    bo
    7          ham  spam
    8         None  None
    """
    decisions = require(decisions, "item_id", "reviewer", "value", *(["prediction"] if with_model else []))
    items, reviewers = groups_of(decisions["item_id"]), groups_of(decisions["reviewer"])
    return ratings_of(items, reviewers, decisions["value"], decisions["prediction"] if with_model else None)


def ratings_of(
    items: Groups, reviewers: Groups, value: "pd.Series[Any]", prediction: "pd.Series[Any] | None" = None
) -> pd.DataFrame:
    """The same of decisions whose items and reviewers have been told apart before; ``prediction`` for the model's."""
    named = (items.code >= 0) & (reviewers.code >= 0)
    names = list(reviewers.names)
    cells = np.full((len(names) + (prediction is not None), len(items.names)), None, dtype=object)
    _put(cells, value, reviewers.code, items.code, named)
    if prediction is not None:
        _put(cells, prediction, np.full(len(prediction), len(names)), items.code, items.code >= 0)
        names.append("model's prediction" if "model" in names else "model")
    index = pd.Index(items.names, name="item_id", tupleize_cols=False)
    columns = pd.Index(names, name="reviewer", dtype=object, tupleize_cols=False)
    return pd.DataFrame(cells.T, index=index, columns=columns, dtype=object)


def _put(cells: Any, column: "pd.Series[Any]", row: Any, item: Any, chosen: Any) -> None:
    there = chosen & column.notna().to_numpy()
    cells[row[there], item[there]] = column.to_numpy(dtype=object)[there]
