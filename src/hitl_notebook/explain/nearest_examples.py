"""Items like the one under review, and what people said of them."""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from hitl_notebook.errors import CannotExplain, MissingExtra
from hitl_notebook.explain.rows import as_frame, chosen_columns
from hitl_notebook.items.ids import plain_id
from hitl_notebook.missing import is_missing

__all__ = ["NearestExamples"]


class NearestExamples:
    """Finds the reviewed or training items that are most like an item, with their human value, the nearest first.

    Parameters
    ----------
    examples : DataFrame or list of dicts
        Items whose value is known. One without a value, as a flagged one, is no example.
    value : name of a column of ``examples``
        What people said of them.
    vectors : function of rows, or name of a column of vectors
        Where items lie: a function takes a DataFrame and gives an array or a sparse matrix with a row for each, as
        ``model[:-1].transform`` of a Pipeline does, or a text encoder.
    text : name of a column, or a function of an example as a dict
        What is shown of an example.
    image : name of a column, optional
    item_id : name of a column, optional
        An item among the examples is not shown as its own example: one with the same id, 1 and "1" being the same.
    n : int
        How many are shown.
    metric : "euclidean", "cosine" or another of scikit-learn's
        The similarity is 1 - distance for "cosine", and 1 / (1 + distance) otherwise.

    Examples
    --------
    >>> examples = [{"size": 1, "kind": "small"}, {"size": 9, "kind": "large"}, {"size": 2, "kind": "small"}]
    >>> near = NearestExamples(
    ...     examples, value="kind", vectors=lambda rows: rows[["size"]], text=lambda row: f"size {row['size']}", n=2
    ... )
    >>> near.explain([{"size": 2}])
    [[{'text': 'size 2', 'label': 'small', 'similarity': 1.0}, {'text': 'size 1', 'label': 'small', 'similarity': 0.5}]]
    """

    def __init__(
        self,
        examples: Any,
        *,
        value: Hashable,
        vectors: Callable[[pd.DataFrame], Any] | Hashable,
        text: Callable[[Mapping[Hashable, Any]], str] | Hashable | None = None,
        image: Hashable | None = None,
        item_id: Hashable | None = None,
        n: int = 5,
        metric: str = "euclidean",
    ) -> None:
        if text is None and image is None:
            raise CannotExplain(
                "what is to be shown of an example? Name the column, as in text='body' or image='photo'"
            )
        frame = as_frame(examples)
        self._examples = frame[~chosen_columns(frame, [value]).iloc[:, 0].map(is_missing).astype(bool)]
        self._value, self._text, self._image, self._item_id = value, text, image, item_id
        self._vectors = vectors
        self._ids = self._ids_of(self._examples)
        self._n, self._metric = n, metric
        self._neighbours = self._fitted() if len(self._examples) else None

    def explain(self, rows: Any) -> list[Any]:
        """One value of ``fields.Similar`` a row, None where there is no example.

        ``rows`` is a DataFrame (pandas, polars, pyarrow) or a list of dicts.
        """
        frame = as_frame(rows)
        if self._neighbours is None or not len(frame):
            return [None] * len(frame)
        # An item may be among the examples several times, once for each reviewer.
        more = max(Counter(id_ for id_ in self._ids if id_ is not None).values(), default=0)
        asked = min(self._n + more, len(self._examples))
        distances, places = self._neighbours.kneighbors(self._places(frame), n_neighbors=asked)
        return [
            [
                self._example(place, distance)
                for place, distance in zip(near, away, strict=True)
                if item is None or self._ids[place] != item
            ][: self._n]
            or None
            for near, away, item in zip(places.tolist(), distances.tolist(), self._ids_of(frame), strict=True)
        ]

    def _ids_of(self, frame: pd.DataFrame) -> list[str | None]:
        """The ids as text, so that 1 and "1" are one item, as they may be after a file; None where there is none."""
        if self._item_id is None:
            return [None] * len(frame)
        return list(map(_as_text, chosen_columns(frame, [self._item_id]).iloc[:, 0]))

    def _fitted(self) -> Any:
        try:
            from sklearn.neighbors import NearestNeighbors
        except ImportError as error:
            raise MissingExtra('similar examples need scikit-learn: pip install "hitl-notebook[explain]"') from error
        return NearestNeighbors(metric=self._metric).fit(self._places(self._examples))

    def _places(self, frame: pd.DataFrame) -> Any:
        found = (
            self._vectors(frame)
            if callable(self._vectors)
            else np.stack(chosen_columns(frame, [self._vectors]).iloc[:, 0].tolist())
        )
        return found if sparse.issparse(found) else np.asarray(found)

    def _example(self, place: int, distance: float) -> dict[str, Any]:
        row: dict[Any, Any] = {name: self._examples[name].iloc[place] for name in self._examples.columns}
        shown: dict[str, Any] = {}
        if self._text is not None:
            shown["text"] = self._text(row) if callable(self._text) else row[self._text]
        if self._image is not None:
            shown["image"] = row[self._image]
        similarity = 1 - distance if self._metric == "cosine" else 1 / (1 + distance)
        return {**shown, "label": row[self._value], "similarity": similarity}


def _as_text(id_: Any) -> str | None:
    if is_missing(id_):
        return None
    plain = plain_id(id_)
    # A column of integers with a gap is one of floats.
    return str(int(plain)) if isinstance(plain, float) and plain.is_integer() else str(plain)
