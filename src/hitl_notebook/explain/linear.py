"""What each word, column or pixel did for the answer of a linear model, exactly."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from hitl_notebook.errors import CannotExplain
from hitl_notebook.explain.coefficients import coefficients, decisions
from hitl_notebook.explain.contrast import Contrast
from hitl_notebook.explain.contrasting import Contrasting
from hitl_notebook.explain.inputs import Inputs, as_pixels
from hitl_notebook.explain.instead import INSTEAD
from hitl_notebook.explain.marked import Span, marked
from hitl_notebook.explain.rows import as_frame, chosen_columns, in_rows, in_short, known_cells, known_texts
from hitl_notebook.explain.steps import traced
from hitl_notebook.explain.trace import Trace
from hitl_notebook.fields.explained import Contrasted
from hitl_notebook.quoted import quoted

__all__ = ["Linear"]


@dataclass(frozen=True)
class _Weighed:
    """A row's features that are not zero, and what they contribute to its decision."""

    row: int
    places: npt.NDArray[np.intp]
    contributions: npt.NDArray[np.float64]


class Linear(Contrasting):
    """Explains a fitted scikit-learn model whose decision is a sum of features times coefficients.

    A linear classifier or regressor by itself or at the end of a ``Pipeline``, with ``ColumnTransformer`` and
    ``FeatureUnion``, scalers, imputers, one-hot encoding and bins, ``CountVectorizer``, ``TfidfVectorizer`` and
    ``HashingVectorizer``, selection of features, ``TruncatedSVD`` and ``PCA``; linear classifiers in a
    ``OneVsRestClassifier`` too. A feature's contribution is its value, as the last step sees it, times its coefficient:
    of the predicted class less that of the runner-up, which is what the prediction hangs on. It goes back whole to the
    column or the n-gram that the feature came from; an n-gram's in equal parts to the places where it stands in the
    text, and there to its words. Nothing is approximated, and the contributions and a rest add up to the decision: see
    ``sums``.

    Parameters
    ----------
    model : a fitted estimator, a fitted Pipeline that ends in one, or a search that found one
    text : name of a column, optional
        Explain by the words of this text: values of ``fields.TokenWeights``. Needed where the model reads nothing else.
    image : name of a column of arrays, optional
        Explain by pixels, which the model was given as one flat row an image: values of ``fields.HeatMap``.
    columns : names, optional
        The columns that the model was fitted on, in order, where it was fitted on an array. Without ``text`` and
        ``image`` the explanations are values of ``fields.Contributions``, one part a column.
    prediction : name of a column, optional
        What was predicted. Left out or missing: the class with the largest decision. Say it where the prediction was
        made otherwise, as by a threshold.
    contrast : bool
        False: what speaks for the predicted class by itself, and not against the runner-up. Of two classes, and of
        numbers, both are the same; of a number, contributions above zero raise it.

    Raises
    ------
    CannotExplain
        Something in the model cannot be taken apart; the error says what, and what to use instead. Or ``columns`` are
        not those that it was fitted on; their order is the model's own where it knows their names.

    Examples
    --------
    >>> from sklearn.linear_model import Ridge
    >>> prices = pd.DataFrame({"rooms": [1, 2, 3, 4], "floor": [1, 0, 1, 0]})
    >>> model = Ridge(alpha=1e-9).fit(prices, [22, 30, 42, 50])  # 10 for each room, 2 for the floor, and 10
    >>> (explanation,) = Linear(model).explain(prices[:1])
    >>> {name: (round(weight, 3), value) for name, (weight, value) in explanation.items()}
    {'rooms': (10.0, 1), 'floor': (2.0, 1)}
    >>> Linear(model).sums(prices[:1]).round(3)
       explained  rest  decision
    0       12.0  10.0      22.0
    """

    def __init__(
        self,
        model: Any,
        *,
        text: Hashable | None = None,
        image: Hashable | None = None,
        columns: Sequence[Hashable] | None = None,
        prediction: Hashable | None = None,
        contrast: bool = True,
    ) -> None:
        model = getattr(model, "best_estimator_", model)  # of a search among models
        *steps, last = (step for _, step in model.steps) if hasattr(model, "steps") else (model,)
        weights, intercept = coefficients(last)
        self._model = model
        self._inputs = Inputs.of(model, text=text, image=image, columns=columns)
        self._text = text
        self._prediction = prediction
        trace = Trace.of_columns(self._inputs.width)
        for step in steps:
            trace = traced(step, trace)
        self._parts, self._origins = trace.parts, trace.origins
        self._weights = weights if trace.mixing is None else np.asarray((trace.mixing @ weights.T).T)
        self._intercept = intercept if isinstance(trace.shift, float) else trace.shift @ weights.T + intercept
        classes = getattr(last, "classes_", None)
        self._classes = None if classes is None else list(classes)
        self._against_runner_up = contrast or len(intercept) == 2
        self._is_told = np.ones(len(self._origins), dtype=bool)
        if text is not None:
            read = self._inputs.place(text)
            self._is_told = (self._origins.reader >= 0) & (self._origins.column == read)
            if read not in {column for column, _ in self._origins.readers}:
                raise CannotExplain(f"the model does not read the words of column {quoted(text)} with a vectorizer")

    def explain_contrasts(self, rows: Any) -> list[Contrasted]:
        frame = as_frame(rows)
        known = self._readable(frame)
        found = {}
        if len(known):
            weighed, contrast = self._weighed(frame, known)
            for at, one in enumerate(weighed):
                if self._text is None:
                    explanation = self._in_columns(frame, one)
                else:
                    explanation = self._in_words(frame[self._text].iloc[one.row], one)
                found[one.row] = Contrasted(explanation, contrast.sides(at))
        return in_rows(found, len(frame))

    def sums(self, rows: Any) -> pd.DataFrame:
        """What the explanations rest on, a row each: ``explained``, ``rest`` and the model's own ``decision``.

        ``explained`` is the sum of an explanation's weights; ``rest`` the intercept, what the model's steps add, and
        the columns that the explanation does not speak of; ``decision`` is the decision function of the predicted
        class less that of the runner-up. They add up: ``explained + rest == decision``, to within rounding (of a model
        fitted on numbers in single precision, which answers in it, to within that). NaN where there is none.
        """
        frame = as_frame(rows)
        table = pd.DataFrame(np.nan, index=range(len(frame)), columns=["explained", "rest", "decision"])
        known = self._readable(frame)
        if not len(known):
            return table
        weighed, contrast = self._weighed(frame, known)
        is_told = [self._is_told[one.places] for one in weighed]
        explained = [one.contributions[told].sum() for one, told in zip(weighed, is_told, strict=True)]
        untold = [one.contributions[~told].sum() for one, told in zip(weighed, is_told, strict=True)]
        decision = decisions(self._model, self._inputs.of_model(self._table(frame, known)))
        constant = contrast.margin(np.broadcast_to(self._intercept, decision.shape))
        table.iloc[known] = np.stack([explained, constant + untold, contrast.margin(decision)], axis=1)
        return table

    def _readable(self, frame: pd.DataFrame) -> npt.NDArray[np.intp]:
        """The rows whose texts, or image, are there."""
        read = np.unique(self._origins.column[self._origins.reader >= 0])
        needed = [self._inputs.names[place] for place in read] if self._inputs.image is None else [self._inputs.image]
        known = set(range(len(frame))).intersection(
            *(known_texts(frame, name) if name == self._text else known_cells(frame, name) for name in needed)
        )
        return np.array(sorted(known), dtype=np.intp)

    def _table(self, frame: pd.DataFrame, known: npt.NDArray[np.intp]) -> Any:
        return self._inputs.table(frame.iloc[known], np.unique(self._origins.column).tolist())

    def _weighed(self, frame: pd.DataFrame, known: npt.NDArray[np.intp]) -> tuple[list[_Weighed], Contrast]:
        features = self._features(self._table(frame, known))
        predicted = None
        if self._prediction is not None:
            predicted = chosen_columns(frame, [self._prediction]).iloc[known, 0].tolist()
        contrast = Contrast.of(
            features @ self._weights.T + self._intercept,
            classes=self._classes,
            predicted=predicted,
            against_runner_up=self._against_runner_up,
        )
        weighed = []
        for at, row in enumerate(known.tolist()):
            one = features[[at], :]
            weights = contrast.of_row(at, self._weights[:, one.indices].T)
            weighed.append(_Weighed(row, one.indices, one.data * weights))
        return weighed, contrast

    def _features(self, table: Any) -> sparse.csr_array:
        values = self._parts(table)
        if not sparse.issparse(values):
            values = np.asarray(values, dtype=np.float64)
        if values.shape[1] != len(self._origins):
            raise CannotExplain(
                f"a step of the model gives {values.shape[1]:,} features where {len(self._origins):,} were expected, "
                f"so that it cannot be told which column each came from: {INSTEAD}"
            )
        return sparse.csr_array(values)

    def _in_words(self, text: str, weighed: _Weighed) -> list[tuple[str, float]]:
        is_told = self._is_told[weighed.places]
        origins = self._origins.take(weighed.places[is_told])
        contributions = weighed.contributions[is_told]
        weights: list[tuple[Span, float]] = []
        cuts: list[Span] = []
        for number, (_, reader) in enumerate(origins.readers):
            is_read = origins.reader == number
            if is_read.any():
                standing = reader.places(text)
                cuts += reader.cuts(text)
                for term, contribution in zip(origins.term[is_read], contributions[is_read], strict=True):
                    found = standing[int(term)]
                    weights += [(span, contribution / len(found) / len(place)) for place in found for span in place]
        return marked(text, weights, cuts)

    def _in_columns(self, frame: pd.DataFrame, weighed: _Weighed) -> Any:
        columns = self._origins.column
        totals = np.bincount(columns[weighed.places], weights=weighed.contributions, minlength=self._inputs.width)
        if self._inputs.image is not None:
            weights = totals.reshape(as_pixels(frame[self._inputs.image].iloc[weighed.row]).shape)
            return weights if weights.ndim == 2 else weights.sum(axis=2)
        names = [(self._inputs.names[place], float(totals[place])) for place in np.unique(columns)]
        return {name: (weight, in_short(frame[name].iloc[weighed.row])) for name, weight in names}
