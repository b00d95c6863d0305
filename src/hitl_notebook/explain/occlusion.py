"""What a model's answer loses when a part of its input is taken away: any model, asked in batches within a budget."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from hitl_notebook.errors import CannotExplain
from hitl_notebook.explain.contrast import Contrast, two_sided
from hitl_notebook.explain.rows import chosen_columns
from hitl_notebook.fields.explained import Sides

__all__ = ["Occlusion"]

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Occlusion:
    """A model and how it is asked.

    ``model`` is asked by ``predict_proba``, ``decision_function``, by calling it, or by ``predict``: the first that it
    has. It answers with a score for each class, or one number, a row. ``classes`` are these in order, where the model
    has no ``classes_``. ``budget`` is how many rows it is asked about for one item, the item itself included; ``batch``
    how many of them at once.
    """

    model: Any
    budget: int
    batch: int
    classes: Sequence[Any] | None
    prediction: Hashable | None
    contrast: bool

    def __post_init__(self) -> None:
        if self.budget < 2 or self.batch < 1:
            raise CannotExplain("a budget of 2 rows an item and a batch of 1 row are the least there can be")
        self._asked()

    def effects(
        self,
        frame: pd.DataFrame,
        inputs: Iterable[Any],
        gather: Callable[[list[Any]], Any],
        alike: Callable[[Any], Hashable] = type,
    ) -> Iterator[tuple[Scores, Sides | None]]:
        """For each row of ``frame``, what the answer loses by each of its inputs but the first, the row itself; and
        between which classes that weighs.

        The answer is the score of the predicted class less that of the runner-up of the whole item. ``gather`` makes of
        several inputs what the model takes; only those that are ``alike`` go together.
        """
        if not len(frame):
            return
        counts: list[int] = []

        def one_after_another() -> Iterator[Any]:
            for own in inputs:
                counts.append(len(own))
                yield from own

        answers = [self._scores(gather(chunk), len(chunk)) for chunk in self._chunks(one_after_another(), alike)]
        scores = np.concatenate(answers)
        ends = np.cumsum(counts)
        predicted = None if self.prediction is None else chosen_columns(frame, [self.prediction]).iloc[:, 0].tolist()
        contrast = Contrast.of(
            scores[ends - counts],
            classes=self._known_classes,
            predicted=predicted,
            against_runner_up=self.contrast,
        )
        for row, end in enumerate(ends.tolist()):
            margins = contrast.of_row(row, scores[end - counts[row] : end])
            yield margins[0] - margins[1:], contrast.sides(row)

    def _chunks(self, inputs: Iterable[Any], alike: Callable[[Any], Hashable]) -> Iterator[list[Any]]:
        for _, same in groupby(inputs, key=alike):
            chunk: list[Any] = []
            for one in same:
                chunk.append(one)
                if len(chunk) == self.batch:
                    yield chunk
                    chunk = []
            if chunk:
                yield chunk

    @property
    def _known_classes(self) -> Sequence[Any] | None:
        return getattr(self.model, "classes_", None) if self.classes is None else self.classes

    def _asked(self) -> Callable[[Any], Any]:
        for name in ("predict_proba", "decision_function", "__call__", "predict"):
            if hasattr(self.model, name):
                asked: Callable[[Any], Any] = getattr(self.model, name)
                return asked
        raise CannotExplain(
            f"a model is a function, or has predict_proba or predict; {type(self.model).__name__} has none"
        )

    def _scores(self, given: Any, count: int) -> Scores:
        answer = self._asked()(given)
        try:
            scores = np.asarray(answer, dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise CannotExplain(
                f"the model answers with {type(answer).__name__}, which is no array of scores"
            ) from error
        if scores.ndim not in (1, 2) or len(scores) != count or not np.isfinite(scores).all():
            raise CannotExplain(
                f"for {count:,} rows the model answers with an array of shape {scores.shape}: wanted are finite "
                "scores, a row for each, with a column for each class or one number"
            )
        if scores.ndim == 2:
            return scores
        is_of_two = self._known_classes is not None and len(self._known_classes) == 2
        return two_sided(scores) if is_of_two else scores[:, np.newaxis]
