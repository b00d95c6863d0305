"""What each part of an image does for any model's answer."""

from collections.abc import Hashable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from hitl_notebook.errors import CannotExplain
from hitl_notebook.explain.contrasting import Contrasting
from hitl_notebook.explain.inputs import as_pixels
from hitl_notebook.explain.occlusion import Occlusion
from hitl_notebook.explain.rows import as_frame, in_rows, known_cells
from hitl_notebook.fields.explained import Contrasted

__all__ = ["OccludedPatches"]


class OccludedPatches(Contrasting):
    """Covers an image patch by patch, and says by how much the answer of any model falls.

    The answer is the score of the predicted class less that of the runner-up: above zero, what is in the patch speaks
    for the prediction. Explanations are values of ``fields.HeatMap``, a weight for each patch. After Zeiler and Fergus
    (2014), Visualizing and Understanding Convolutional Networks, 4.2.

    Parameters
    ----------
    model : a function, or an object with ``predict_proba``, ``decision_function`` or ``predict``
        Takes an array of images, (n, height, width) or (n, height, width, channels); answers with a score for each
        class, or one number, an image. Images of different shapes are given to it apart.
    image : name of the column of images: arrays or Pillow images
    grid : int
        The image is cut into so many rows of patches, and as many columns; one with fewer pixels, into its pixels.
    cover : number, optional
        What the pixels of a covered patch are set to; left out, the mean of the image, of each channel.
    budget, batch : int
        How many images the model is asked about for one item, and how many at once.
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
        The budget is less than one image for each patch and one for the item; there is a prediction, and it is not
        known which score is that class's.

    Examples
    --------
    >>> model = lambda images: images[:, 0, 0]
    >>> OccludedPatches(model, image="scan", grid=2, cover=0).explain([{"scan": np.array([[3, 1], [1, 1]])}])
    [array([[3., 0.],
           [0., 0.]])]
    """

    def __init__(
        self,
        model: Any,
        *,
        image: Hashable,
        grid: int = 8,
        cover: float | None = None,
        budget: int = 200,
        batch: int = 64,
        classes: Sequence[Any] | None = None,
        prediction: Hashable | None = None,
        contrast: bool = True,
    ) -> None:
        self._occlusion = Occlusion(model, budget, batch, classes, prediction, contrast)
        if grid < 1 or grid * grid >= budget:
            raise CannotExplain(
                f"a grid of {grid:,} by {grid:,} patches needs a budget of "
                f"{grid * grid + 1:,} images an item, not {budget:,}"
            )
        self._image = image
        self._grid = grid
        self._cover = cover

    def explain_contrasts(self, rows: Any) -> list[Contrasted]:
        frame = as_frame(rows)
        images = {row: as_pixels(cell) for row, cell in known_cells(frame, self._image).items()}
        covered = (list(self._covered(pixels)) for pixels in images.values())
        effects = self._occlusion.effects(frame.iloc[list(images)], covered, np.stack, np.shape)
        found = {}
        for (row, pixels), (weights, sides) in zip(images.items(), effects, strict=True):
            height, width = pixels.shape[:2]
            heat = weights.reshape(min(self._grid, height), min(self._grid, width))
            found[row] = Contrasted(heat, sides)
        return in_rows(found, len(frame))

    def _covered(self, pixels: npt.NDArray[Any]) -> Iterator[npt.NDArray[Any]]:
        """The image, and then with each of its patches covered."""
        yield pixels
        cover = pixels.mean(axis=(0, 1)).astype(pixels.dtype) if self._cover is None else self._cover
        down, across = (_edges(length, self._grid) for length in pixels.shape[:2])
        for top, bottom in pairwise(down):
            for left, right in pairwise(across):
                covered = pixels.copy()
                covered[top:bottom, left:right] = cover
                yield covered


def _edges(length: int, grid: int) -> list[int]:
    edges: list[int] = np.linspace(0, length, min(grid, length) + 1).round().astype(int).tolist()
    return edges
