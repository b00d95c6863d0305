"""Where in an image the prediction came from."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from PIL.Image import Resampling, fromarray

from hitl_notebook.fields.field import Field, Unreadable, is_list

if TYPE_CHECKING:
    from hitl_notebook.protocol import Block

__all__ = ["HeatMap", "is_heat_map"]

_MOST_SIDE = 64
_STEPS = 127


def is_heat_map(cell: Any) -> bool:
    """Whether a cell is a rectangle of numbers: an array, or a list of equally long lists."""
    if isinstance(cell, list | tuple):
        if not all(map(is_list, cell)) or len(set(map(len, cell))) != 1:
            return False
        cell = np.asarray(cell)
    return isinstance(cell, np.ndarray) and cell.ndim == 2 and cell.size > 0 and cell.dtype.kind in "buif"


@dataclass(frozen=True)
class HeatMap(Field):
    """A rectangle of weights drawn over the first image: for the prediction above zero, against it below.

    A cell is a two-dimensional array or a list of equally long lists. Above 64 by 64 it is averaged down.

    >>> buffers = []
    >>> HeatMap("heat").block([[0.5, -0.25]], buffers)["scale"], list(memoryview(buffers[0]).cast("b"))
    (0.5, [127, -64])
    """

    def read(self, cell: Any, buffers: list[bytes]) -> "Block":
        if not is_heat_map(cell):
            raise Unreadable("a heat map is a rectangle of numbers")
        weights = np.asarray(cell, dtype=np.float64)
        if not np.isfinite(weights).all():
            raise Unreadable("a weight of the heat map is not finite")
        largest = float(np.abs(weights).max())
        # Scaled before anything is summed: the sum of two weights of 1e308 is infinite.
        unit = _averaged_down((weights / largest if largest else weights).astype(np.float32))
        shown = float(np.abs(unit).max())
        steps = np.rint(unit / shown * _STEPS if shown else unit).astype(np.int8)
        buffers.append(steps.tobytes())
        return {
            "type": "heat_map",
            "field": self.name,
            "buffer": len(buffers) - 1,
            "width": steps.shape[1],
            "height": steps.shape[0],
            "scale": shown * largest,
        }

    def suits(self, cell: Any) -> bool:
        return not isinstance(cell, str | bytes | int | float)


def _averaged_down(unit: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    height, width = unit.shape
    if max(height, width) <= _MOST_SIDE:
        return unit
    share = _MOST_SIDE / max(height, width)
    size = max(1, round(width * share)), max(1, round(height * share))
    return np.asarray(fromarray(np.ascontiguousarray(unit)).resize(size, Resampling.BOX))
