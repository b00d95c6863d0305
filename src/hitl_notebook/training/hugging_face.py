"""A training set as a data set of Hugging Face."""

from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import pandas as pd

from hitl_notebook.errors import BadColumn, MissingExtra
from hitl_notebook.tasks.task import Task
from hitl_notebook.training.reviewed_rows import TrainingSet

if TYPE_CHECKING:
    from datasets import Dataset

__all__ = ["hugging_face_dataset"]

_OURS = ("label", "item_id", "sample_weight")


def hugging_face_dataset(rows: TrainingSet, task: Task) -> "Dataset":
    """The rows as a ``datasets.Dataset``, for its own trainers.

    Columns are those of a frame, ``text`` for a list of texts, or ``features`` for an array; then ``label``,
    ``item_id`` as text and ``sample_weight``. Where a value is one of the task's outcomes, ``label`` is a
    ``ClassLabel`` with their names in the declared order; of sets of labels it is a list of 0 and 1 in that order.

    Raises
    ------
    MissingExtra
        Without the library: ``pip install "hitl-notebook[hf]"``.
    BadColumn
        A sparse matrix, or a frame with a column of one of these names.
    """
    try:
        from datasets import ClassLabel, Dataset
    except ImportError as error:
        raise MissingExtra('a data set needs the library datasets: pip install "hitl-notebook[hf]"') from error

    columns = _columns(rows.X)
    taken = [name for name in _OURS if name in columns]
    if taken:
        raise BadColumn(f"column {taken[0]!r} is what the data set calls something else: rename it in X")
    one_of = task.exclusive and task.outcomes is not None
    outcomes = list(task.outcomes or ())
    label = [outcomes.index(value) for value in rows.values] if one_of else rows.y.tolist()
    ours = {
        "label": label,
        "item_id": [text for _, text in rows.manifest.items],
        "sample_weight": rows.sample_weight.tolist(),
    }
    dataset = Dataset.from_dict({**columns, **ours})
    if one_of:
        dataset = dataset.cast_column("label", ClassLabel(names=list(map(str, outcomes))))
    dataset.info.description = str(rows)
    return dataset


def _columns(X: Any) -> dict[str, list[Any]]:
    if hasattr(X, "tocsr"):
        raise BadColumn("a sparse matrix has no form in a data set: give the texts themselves, or X.toarray()")
    if isinstance(X, pd.DataFrame):
        return {str(name): X[name].tolist() for name in X}
    if nw.dependencies.is_into_dataframe(X):
        frame = nw.from_native(X, eager_only=True)
        return {name: frame[name].to_list() for name in frame.columns}
    cells = X.tolist() if isinstance(X, np.ndarray | pd.Series) else list(X)
    return {"text" if all(isinstance(cell, str) for cell in cells) else "features": cells}
