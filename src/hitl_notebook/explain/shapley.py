"""Explanations by the library shap, as the page shows them."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from hitl_notebook.errors import CannotExplain, MissingExtra
from hitl_notebook.explain.contrast import Contrast, two_sided
from hitl_notebook.explain.contrasting import Contrasting
from hitl_notebook.explain.inputs import as_pixels, fitted_columns
from hitl_notebook.explain.instead import INSTEAD
from hitl_notebook.explain.rows import as_frame, chosen_columns, in_rows, in_short, known_cells, known_texts
from hitl_notebook.explain.trace import as_fitted
from hitl_notebook.fields.explained import Contrasted

__all__ = ["Shap", "from_shap"]


class Shap(Contrasting):
    """Asks an explainer of the library shap, and takes of its answer what speaks for the prediction.

    Where the model has a score for each class, that is the part of the predicted class less that of the runner-up.
    Explanations are values of ``fields.Contributions``, ``TokenWeights`` or ``HeatMap``.

    Parameters
    ----------
    explainer : a shap explainer, or any function that gives a ``shap.Explanation``
    columns : names
        What it explains: it is given a DataFrame of these columns. Or else:
    text : name of a column of texts
        It is given a list of texts.
    image : name of a column of images
        It is given an array of images.
    classes : labels, optional
        The classes in the order of the explainer's outputs; for one output, which speaks for the second, the two.
    prediction : name of a column, optional
        The predicted class, among ``classes``; left out or missing, the one with the largest score.
    contrast : bool
        False: what speaks for the predicted class by itself.
    """

    def __init__(
        self,
        explainer: Callable[[Any], Any],
        *,
        columns: Sequence[Hashable] | None = None,
        text: Hashable | None = None,
        image: Hashable | None = None,
        classes: Sequence[Any] | None = None,
        prediction: Hashable | None = None,
        contrast: bool = True,
    ) -> None:
        if sum(given is not None for given in (columns, text, image)) != 1:
            raise CannotExplain("say what the explainer is given: columns=[...], or text= or image= with one column")
        self._explainer = explainer
        self._names = [text if text is not None else image] if columns is None else list(columns)
        self._is_text, self._is_image = text is not None, image is not None
        self._classes, self._prediction, self._contrast = classes, prediction, contrast

    @classmethod
    def trees(
        cls,
        model: Any,
        *,
        columns: Sequence[Hashable] | None = None,
        prediction: Hashable | None = None,
        contrast: bool = True,
        **options: Any,
    ) -> "Shap":
        """Of a fitted forest or of boosted trees, by ``shap.TreeExplainer(model, **options)``.

        ``columns`` is what the model was fitted on, in order, where it was fitted on an array.

        Raises
        ------
        MissingExtra
            shap is not installed.
        CannotExplain
            shap has no explainer for this model, or ``columns`` are not those that it was fitted on.
        """
        try:
            import shap
        except ImportError as error:
            raise MissingExtra('explaining trees needs shap: pip install "hitl-notebook[explain]"') from error
        try:
            explainer = shap.TreeExplainer(model, **options)
        except (TypeError, ValueError) as error:
            raise CannotExplain(f"shap does not explain this {type(model).__name__} ({error}): {INSTEAD}") from error
        names = fitted_columns(model, columns)
        if names is None:
            raise CannotExplain("the model was fitted on an array without names: say columns=[...], in order")
        return cls(
            lambda table: explainer(as_fitted(model, table)),
            columns=names,
            classes=getattr(model, "classes_", None),
            prediction=prediction,
            contrast=contrast,
        )

    def explain_contrasts(self, rows: Any) -> list[Contrasted]:
        frame = as_frame(rows)
        is_table = not (self._is_text or self._is_image)
        if is_table:
            known = list(range(len(frame)))
        else:
            known = list((known_texts if self._is_text else known_cells)(frame, self._names[0]))
        if not known:
            return in_rows({}, len(frame))
        given: Any = chosen_columns(frame, self._names).iloc[known]
        if self._is_text:
            given = given.iloc[:, 0].tolist()
        elif self._is_image:
            given = np.stack([as_pixels(cell) for cell in given.iloc[:, 0]])
        predicted = None
        if self._prediction is not None:
            predicted = chosen_columns(frame, [self._prediction]).iloc[known, 0].tolist()
        found = _contrasted(
            self._explainer(given),
            names=self._names if is_table else None,
            classes=self._classes,
            predicted=predicted,
            contrast=self._contrast,
        )
        return in_rows(dict(zip(known, found, strict=True)), len(frame))


def from_shap(
    explanation: Any,
    *,
    names: Sequence[Hashable] | None = None,
    classes: Sequence[Any] | None = None,
    predicted: Sequence[Any] | None = None,
    contrast: bool = True,
) -> list[Any]:
    """The rows of a ``shap.Explanation``, each as the page shows it: a column for ``explanation=``.

    Of texts values of ``fields.TokenWeights``, of images of ``HeatMap``, of tables of ``Contributions``, by ``names``
    where given, else by the explanation's ``feature_names``. ``classes`` and ``contrast`` are as in ``Shap``;
    ``predicted`` has a label a row.

    Raises
    ------
    CannotExplain
        An explanation of a single row: take ``explanation[:1]`` and not ``explanation[0]``. Or a score for each class,
        and ``predicted`` without ``classes``.
    """
    return [
        one.explanation
        for one in _contrasted(explanation, names=names, classes=classes, predicted=predicted, contrast=contrast)
    ]


def _contrasted(
    explanation: Any,
    *,
    names: Sequence[Hashable] | None,
    classes: Sequence[Any] | None,
    predicted: Sequence[Any] | None,
    contrast: bool,
) -> list[Contrasted]:
    data = explanation.data
    parts = [np.asarray(row, dtype=np.float64) for row in explanation.values]
    if not parts:
        return []
    has_outputs = parts[0].ndim == (1 if data is None else np.ndim(data[0])) + 1
    if parts[0].ndim == int(has_outputs):
        raise CannotExplain("this is the explanation of one row: give several, as in explanation[:1]")
    if not has_outputs:
        is_of_two = classes is not None and len(classes) == 2
        parts = [two_sided(row) if is_of_two else row[..., np.newaxis] for row in parts]
    scores = _base(explanation.base_values, parts, has_outputs) + [
        row.reshape(-1, row.shape[-1]).sum(0) for row in parts
    ]
    speaking = Contrast.of(scores, classes=classes, predicted=predicted, against_runner_up=contrast)
    weights = [speaking.of_row(at, row) for at, row in enumerate(parts)]
    values = _shown(explanation, weights, names)
    return [Contrasted(value, speaking.sides(at)) for at, value in enumerate(values)]


def _shown(
    explanation: Any, weights: Sequence[npt.NDArray[np.float64]], names: Sequence[Hashable] | None
) -> Sequence[Any]:
    """Each row's weights as the page shows them."""
    data = explanation.data
    if weights[0].ndim > 1:
        return [heat if heat.ndim == 2 else heat.sum(axis=2) for heat in weights]
    if data is not None and _is_of_tokens(data):
        return [list(zip(map(str, words), row.tolist(), strict=True)) for words, row in zip(data, weights, strict=True)]
    named = explanation.feature_names if names is None else names
    if named is None:
        named = [f"column {at}" for at in range(len(weights[0]))]
    cells = data if explanation.display_data is None else explanation.display_data
    table = [[None] * len(named)] * len(weights) if cells is None else np.asarray(cells, dtype=object)
    return [
        {name: (weight, in_short(cell)) for name, weight, cell in zip(named, row.tolist(), own, strict=True)}
        for row, own in zip(weights, table, strict=True)
    ]


def _base(given: Any, parts: Sequence[npt.NDArray[np.float64]], has_outputs: bool) -> npt.NDArray[np.float64]:
    """What each output is before anything is known of a row: (rows, outputs)."""
    shape = len(parts), parts[0].shape[-1]
    base = np.zeros(()) if given is None else np.asarray(given, dtype=np.float64)
    if has_outputs:
        return np.broadcast_to(base, shape)
    one = np.broadcast_to(base.reshape(-1) if base.ndim else base, shape[:1])
    return two_sided(one) if shape[1] == 2 else one[:, np.newaxis]


def _is_of_tokens(data: Any) -> bool:
    is_ragged = isinstance(data, list | tuple) or (isinstance(data, np.ndarray) and data.ndim == 1)
    return is_ragged and all(isinstance(word, str) for row in data for word in row)
