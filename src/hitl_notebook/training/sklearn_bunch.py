"""A training set as scikit-learn's own example data come."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from hitl_notebook.tasks.task import Task
from hitl_notebook.training.reviewed_rows import TrainingSet

if TYPE_CHECKING:
    from sklearn.utils import Bunch

__all__ = ["bunch"]


def bunch(rows: TrainingSet, task: Task) -> "Bunch":
    """The rows as a ``sklearn.utils.Bunch``, as ``load_digits()`` gives one.

    Returns
    -------
    Bunch with ``data``, ``target``, ``target_names`` (the task's outcomes; empty for numbers), ``feature_names`` (of a
    frame; else None), ``sample_weight``, ``groups``, ``item_ids`` and ``DESCR``.

    Examples
    --------
    >>> import numpy as np, hitl_notebook as hitl
    >>> session = hitl.ReviewSession([{"text": "Win!", "said": "spam"}], prediction="said", store=":memory:")
    >>> session.accept(0)
    >>> rows = hitl.training.training_set(session, np.eye(1), say=lambda said: None)
    >>> bunch(rows, session.task).target_names
    ['spam']
    """
    from sklearn.utils import Bunch

    names: Any = list(map(str, rows.X.columns)) if isinstance(rows.X, pd.DataFrame) else None
    return Bunch(
        data=rows.X,
        target=rows.y,
        target_names=list(task.outcomes or ()),
        feature_names=names,
        sample_weight=rows.sample_weight,
        groups=rows.groups,
        item_ids=rows.item_ids,
        DESCR=str(rows),
    )
