"""What a model reads of a row: columns, one text, or the pixels of an image."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from hitl_notebook.errors import BadColumn, CannotExplain
from hitl_notebook.explain.instead import INSTEAD
from hitl_notebook.explain.rows import chosen_columns, listed
from hitl_notebook.explain.trace import as_fitted
from hitl_notebook.quoted import quoted

__all__ = ["Inputs", "as_pixels", "fitted_columns"]


@dataclass(frozen=True)
class Inputs:
    """The inputs of a fitted scikit-learn model by name, in the order in which it was fitted on them."""

    model: Any
    names: tuple[Hashable, ...]
    reads_texts: bool = False
    """The model takes a list of texts, and no table."""
    image: Hashable | None = None
    """The column of images whose pixels are the inputs."""

    @classmethod
    def of(
        cls, model: Any, *, text: Hashable | None, image: Hashable | None, columns: Sequence[Hashable] | None
    ) -> "Inputs":
        """Raises CannotExplain where the names of the inputs are not known, or ``columns`` are not they."""
        if _reads_texts(model):
            if text is None:
                raise CannotExplain("the model reads a text: name its column, as in Linear(model, text='body')")
            return cls(model, (text,), reads_texts=True)
        first = _first(model)
        width = getattr(first, "n_features_in_", None)
        if width is None:
            raise CannotExplain(f"{type(first).__name__} does not say which columns it reads: {INSTEAD}")
        if image is not None:
            return cls(model, tuple(range(width)), image=image)
        names = fitted_columns(first, columns)
        if names is None or len(names) != width:
            named = "without names" if names is None else f"of {width:,} columns, not {len(names):,}"
            raise CannotExplain(
                f"the model was fitted on an array {named}: name what it read in order, as in "
                "Linear(model, columns=[...])"
            )
        return cls(model, tuple(names))

    @property
    def width(self) -> int:
        return len(self.names)

    def place(self, name: Hashable) -> int:
        """The position of an input; raises CannotExplain where the model does not read it."""
        if name not in self.names:
            raise CannotExplain(
                f"the model does not read column {quoted(name)}, but {', '.join(map(quoted, self.names))}"
            )
        return self.names.index(name)

    def table(self, frame: pd.DataFrame, needed: Iterable[int]) -> Any:
        """What the first step of the model is given; of inputs that are not ``needed``, any column may be absent."""
        if self.image is not None:
            return self._pixels(frame)
        chosen_columns(frame, [self.names[place] for place in needed])
        return chosen_columns(frame, [name for name in self.names if name in frame.columns]).reindex(
            columns=list(self.names)
        )

    def of_model(self, table: Any) -> Any:
        """The same as the model itself takes it."""
        return table.iloc[:, 0].tolist() if self.reads_texts else as_fitted(_first(self.model), table)

    def _pixels(self, frame: pd.DataFrame) -> npt.NDArray[np.float64]:
        images = [as_pixels(cell).ravel() for cell in chosen_columns(frame, [self.image]).iloc[:, 0]]
        for row, pixels in enumerate(images):
            if len(pixels) != self.width:
                raise BadColumn(
                    f"the image in row {row} of column {quoted(self.image)} has {len(pixels):,} values, the "
                    f"model reads {self.width:,}"
                )
        return np.stack(images)


def fitted_columns(model: Any, columns: Sequence[Hashable] | None) -> list[Hashable] | None:
    """The columns that a model was fitted on, in that order: ``columns`` where it was fitted without names.

    Raises
    ------
    CannotExplain
        The model knows their names, and ``columns`` are not the same.
    """
    names = getattr(model, "feature_names_in_", None)
    # LightGBM gives these names to the columns of an array.
    if names is None or list(names) == [f"Column_{at}" for at in range(len(names))]:
        return None if columns is None else list(columns)
    if columns is not None and (len(columns) != len(names) or set(columns) != set(names)):
        raise CannotExplain(
            f"the model was fitted on the columns {listed(list(names))}, and columns= names {listed(list(columns))}: "
            "give the rows the names that it was fitted on, and leave columns= out"
        )
    return list(names)


def as_pixels(cell: Any) -> npt.NDArray[Any]:
    """An image (an array, a list of lists, a Pillow image) as an array of (height, width), or with channels."""
    pixels = np.asarray(cell)
    if pixels.ndim not in (2, 3) or pixels.dtype.kind not in "buif":
        raise BadColumn(f"an image is an array of (height, width) or (height, width, channels), not {quoted(cell)}")
    return pixels


def _first(model: Any) -> Any:
    """The first step that does something."""
    from sklearn.pipeline import Pipeline

    while isinstance(model, Pipeline):
        model = next(step for _, step in model.steps if step is not None and not isinstance(step, str))
    return model


def _reads_texts(model: Any) -> bool:
    from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer
    from sklearn.pipeline import FeatureUnion

    first = _first(model)
    if isinstance(first, FeatureUnion):
        return any(_reads_texts(inner) for _, inner in first.transformer_list if not isinstance(inner, str))
    return isinstance(first, CountVectorizer | HashingVectorizer)
