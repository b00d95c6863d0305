"""What each column of a table does for any model's answer."""

from collections.abc import Hashable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from hitl_notebook.errors import CannotExplain
from hitl_notebook.explain.contrasting import Contrasting
from hitl_notebook.explain.inputs import fitted_columns
from hitl_notebook.explain.occlusion import Occlusion
from hitl_notebook.explain.rows import as_frame, chosen_columns, in_short
from hitl_notebook.explain.trace import as_fitted
from hitl_notebook.fields.explained import Contrasted

__all__ = ["OccludedColumns"]


class OccludedColumns(Contrasting):
    """Puts the values of other rows in a column's place, and says by how much the answer of any model falls on average.

    The answer is the score of the predicted class less that of the runner-up: above zero, what the column holds
    speaks for the prediction. Columns are judged each by itself: of two that say the same, neither seems to matter;
    and what is put together may be a row such as there is none. Explanations are values of ``fields.Contributions``.

    Parameters
    ----------
    model : a function, or an object with ``predict_proba``, ``decision_function`` or ``predict``
        Takes a DataFrame (an array, where a scikit-learn model was fitted on one); answers with a score for each class,
        or one number, a row.
    background : DataFrame or list of dicts
        Rows to take the other values from, such as the training data. As many of them as the budget allows are drawn
        once, by ``seed``, so that all items are judged by the same.
    columns : names, optional
        What the model reads, in order; left out, the columns that it was fitted on, or all of the background. Of a
        model that was fitted on names, these, in whatever order.
    budget, batch : int
        How many rows the model is asked about for one item, and how many at once.
    classes : labels, optional
        The classes in the order of the scores, of a function; left out, the model's ``classes_``. Of one number, which
        speaks for the second, the two.
    prediction : name of a column, optional
        The predicted class; left out or missing, the one with the largest score.
    contrast : bool
        False: by how much the predicted class's own score falls.

    Raises
    ------
    CannotExplain
        The budget is less than one row for each column and one for the item, there is no background, or ``columns`` are
        not those that the model was fitted on; there is a prediction, and it is not known which score is that class's.

    Examples
    --------
    >>> model = lambda table: 2 * table["rooms"] + table["floor"]
    >>> background = [{"rooms": 1, "floor": 0}, {"rooms": 3, "floor": 0}]  # on average 2 rooms, floor 0
    >>> OccludedColumns(model, background).explain([{"rooms": 5, "floor": 1}])
    [{'rooms': (6.0, 5), 'floor': (1.0, 1)}]
    """

    def __init__(
        self,
        model: Any,
        background: Any,
        *,
        columns: Sequence[Hashable] | None = None,
        budget: int = 200,
        batch: int = 64,
        seed: int = 0,
        classes: Sequence[Any] | None = None,
        prediction: Hashable | None = None,
        contrast: bool = True,
    ) -> None:
        self._occlusion = Occlusion(model, budget, batch, classes, prediction, contrast)
        others = as_frame(background)
        fitted = fitted_columns(model, columns)
        self._columns = list(others.columns) if fitted is None else fitted
        drawn = min((budget - 1) // max(len(self._columns), 1), len(others))
        if not len(others):
            raise CannotExplain("there is no background to take other values from")
        if drawn == 0:
            raise CannotExplain(
                f"a budget of {budget:,} rows an item is not enough for {len(self._columns):,} columns: give at least "
                f"budget={len(self._columns) + 1}"
            )
        places = np.random.default_rng(seed).choice(len(others), drawn, replace=False)
        self._others = chosen_columns(others, self._columns).iloc[places]

    def explain_contrasts(self, rows: Any) -> list[Contrasted]:
        frame = as_frame(rows)
        if not len(frame):
            return []
        given = chosen_columns(frame, self._columns)
        pool = pd.concat([given, self._others], ignore_index=True)
        width, drawn = len(self._columns), len(self._others)

        def inputs() -> Iterator[npt.NDArray[np.intp]]:
            """Of each input, and of each of its columns, the row of the pool that it is from."""
            for row in range(len(frame)):
                asked = np.full((1 + width * drawn, width), row, dtype=np.intp)
                for at in range(width):
                    asked[1 + at * drawn : 1 + (at + 1) * drawn, at] = len(frame) + np.arange(drawn)
                yield asked

        def gathered(asked: list[npt.NDArray[np.intp]]) -> Any:
            places = np.stack(asked)
            cells = {
                name: pool[name].iloc[places[:, at]].reset_index(drop=True) for at, name in enumerate(self._columns)
            }
            table = pd.DataFrame(cells)
            return (
                as_fitted(self._occlusion.model, table) if hasattr(self._occlusion.model, "n_features_in_") else table
            )

        def in_columns(row: int, weights: npt.NDArray[np.float64]) -> dict[Hashable, tuple[float, Any]]:
            means = weights.reshape(width, drawn).mean(axis=1)
            return {
                name: (float(mean), in_short(given[name].iloc[row]))
                for name, mean in zip(self._columns, means, strict=True)
            }

        effects = self._occlusion.effects(frame, inputs(), gathered)
        return [Contrasted(in_columns(row, weights), sides) for row, (weights, sides) in enumerate(effects)]
