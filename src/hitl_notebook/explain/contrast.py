"""What an explanation speaks for, and against what: the prediction and its runner-up."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from hitl_notebook.errors import BadColumn, CannotExplain
from hitl_notebook.fields.explained import Sides
from hitl_notebook.missing import is_missing
from hitl_notebook.quoted import quoted

__all__ = ["Contrast", "two_sided"]


@dataclass(frozen=True)
class Contrast:
    """Of each row the place of the class that was predicted, and of the one it is held against: none where None.

    ``classes`` are what they are called, where that is known.

    >>> scores = np.array([[0.2, 0.7, 0.1], [0.5, 0.1, 0.4]])
    >>> Contrast.of(scores).margin(scores)
    array([0.5, 0.1])
    """

    chosen: npt.NDArray[np.intp]
    rival: npt.NDArray[np.intp] | None
    classes: Sequence[Any] | None = None

    @classmethod
    def of(
        cls,
        scores: npt.NDArray[np.float64],
        *,
        classes: Sequence[Any] | None = None,
        predicted: Sequence[Any] | None = None,
        against_runner_up: bool = True,
    ) -> "Contrast":
        """The contrast of rows with a score for each class, or with one number, which has nothing to be held against.

        ``predicted`` are labels among ``classes``; where missing, it is the class with the largest score. The runner-up
        is the best of the others. Of equal scores the class that is named first counts as larger.

        Raises
        ------
        BadColumn
            A prediction that is none of the classes.
        CannotExplain
            Not a class for each score, or a prediction where the classes are not known.
        """
        n_rows, n_classes = scores.shape
        if classes is not None and n_classes > 1 and len(classes) != n_classes:
            raise CannotExplain(f"for {n_classes:,} scores a row there are {len(classes):,} classes: name one for each")
        chosen = scores.argmax(axis=1)
        said = {row: label for row, label in enumerate(() if predicted is None else predicted) if not is_missing(label)}
        if said and n_classes > 1:
            if classes is None:
                label = next(iter(said.values()))
                raise CannotExplain(
                    f"which of the {n_classes:,} scores is that of {quoted(label)} is not known: name classes=[...], "
                    "in the order of the scores, or leave the predictions out"
                )
            place = {_key(label): at for at, label in enumerate(classes)}
            for row, label in said.items():
                chosen[row] = _place(label, place, classes)
        if not against_runner_up or n_classes == 1:
            return cls(chosen, None, classes)
        others = scores.copy()
        others[np.arange(n_rows), chosen] = -np.inf
        return cls(chosen, others.argmax(axis=1), classes)

    def margin(self, scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Of scores of shape (rows, classes), the predicted class's less the other's."""
        return np.array([self.of_row(row, own) for row, own in enumerate(scores)], dtype=np.float64)

    def of_row(self, row: int, scores: npt.NDArray[np.float64]) -> Any:
        """Of an array whose last axis is the classes, the part of the row's predicted class less the other's."""
        chosen = scores[..., self.chosen[row]]
        return chosen if self.rival is None else chosen - scores[..., self.rival[row]]

    def sides(self, row: int) -> Sides | None:
        """The row's predicted class and the other by name.

        >>> Contrast.of(np.array([[0.2, 0.7, 0.1]]), classes=["bug", "wish", "praise"]).sides(0)
        ('wish', 'bug')
        """
        if self.rival is None or self.classes is None:
            return None
        return self.classes[self.chosen[row]], self.classes[self.rival[row]]


def two_sided(score: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """One score for the second of two classes as a score for each, half of it for and half against."""
    return np.stack([-score / 2, score / 2], axis=-1)


def _key(label: Any) -> Hashable:
    plain = label.item() if isinstance(label, np.generic) else label
    return isinstance(plain, bool), plain


def _place(label: Any, place: dict[Hashable, int], classes: Sequence[Any]) -> int:
    try:
        return place[_key(label)]
    except (KeyError, TypeError):
        some = ", ".join(map(quoted, list(classes)[:5])) + (", ..." if len(classes) > 5 else "")
        raise BadColumn(f"the prediction {quoted(label)} is none of the model's classes {some}") from None
