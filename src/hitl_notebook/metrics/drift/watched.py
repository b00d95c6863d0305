"""The values that a control chart watches, and what they scatter around while nothing changes."""

from dataclasses import dataclass
from math import isfinite, nan, pi, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from hitl_notebook.errors import BadColumn, UnknownChoice
from hitl_notebook.metrics.columns import Array, numbers

__all__ = ["Watched", "read_values", "watch"]

# The mean gap between two neighbours that are drawn from the same normal distribution, in units of its sigma.
MEAN_GAP = 2 / sqrt(pi)


@dataclass(frozen=True)
class Watched:
    """Values in their order with the level and the spread of one alone while nothing changes."""

    value: Array
    target: float
    sigma: float
    note: str

    @property
    def known(self) -> npt.NDArray[np.bool_]:
        return ~np.isnan(self.value)

    def carried(self, of_known: Array, at_first: float) -> Array:
        """A statistic of the known values, on every row: where a value is missing it stays as it was."""
        return np.concatenate([[at_first], of_known])[np.cumsum(self.known)]


def read_values(values: Any) -> Array:
    """Values as floats, missing as NaN.

    Raises
    ------
    BadColumn
        Text, or a value that is infinite.
    """
    value = numbers(values, "values")
    infinite = np.flatnonzero(np.isinf(value))
    if len(infinite):
        raise BadColumn(f"values are finite or missing; row {infinite[0]} has {value[infinite[0]]}")
    return value


def watch(values: Any, target: float | None, sigma: float | None) -> Watched:
    """The values with target and sigma, from the values themselves where they are not given.

    Raises
    ------
    BadColumn
        As `read_values`.
    UnknownChoice
        A target that is not finite, or a sigma that is not above zero.
    """
    value = read_values(values)
    if target is not None and not isfinite(target):
        raise UnknownChoice(f"target={target!r}: the level of the values while nothing changes, a finite number")
    if sigma is not None and not (isfinite(sigma) and sigma > 0):
        raise UnknownChoice(f"sigma={sigma!r}: how far single values scatter around the target, above zero")
    known = value[~np.isnan(value)]
    notes = []
    if len(known) < len(value):
        notes.append(f"{len(value) - len(known):,} of {len(value):,} values missing")
    if target is None and len(known):
        notes.append("target is the mean of these values")
    if sigma is None and len(known) > 1:
        notes.append("sigma is from the gaps between neighbours")
    centre = target if target is not None else float(known.mean()) if len(known) else nan
    spread = sigma if sigma is not None else _from_gaps(known)
    if not len(known):
        notes.append("no values")
    elif spread != spread:
        notes.append("no limits: " + ("one value has no spread" if len(known) == 1 else "the values do not vary"))
    return Watched(value, centre, spread, "; ".join(notes))


def _from_gaps(known: Array) -> float:
    # Not the standard deviation, which a change would widen: the chart would then hide what it is made to show.
    spread = float(np.abs(np.diff(known)).mean()) / MEAN_GAP if len(known) > 1 else 0.0
    return spread or nan
