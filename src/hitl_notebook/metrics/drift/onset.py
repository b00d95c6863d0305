"""With which value a change most likely began.

The place at which two levels, one before it and one from it on, fit the values best: Hinkley and Hinkley (1970),
Biometrika 57(3), for rates; Hinkley (1970), Biometrika 57(1), for means.
"""

import numpy as np

from hitl_notebook.metrics.columns import Array
from hitl_notebook.metrics.drift.baseline import LEARNING

__all__ = ["onset"]


def onset(value: Array, lean: Array, *, is_rate: bool, rising: bool) -> int:
    """Where the second level begins, ``LEARNING`` at the earliest.

    ``lean`` is how much more than usual is to be expected of each value; it is taken off, so that items that change
    are no change of level.

    >>> onset(np.repeat([1.0, 0.0], [1_000, 6]), np.zeros(1_006), is_rate=True, rising=False)
    1000
    """
    level = value - lean + lean.mean()
    total = np.cumsum(level)
    before = np.arange(LEARNING, len(level))
    after = len(level) - before
    first, second = total[LEARNING - 1 : -1] / before, (total[-1] - total[LEARNING - 1 : -1]) / after
    if is_rate:
        fit = before * _fit_of_rate(first) + after * _fit_of_rate(second)
    else:
        fit = (second - first) ** 2 * before * after
    return int(LEARNING + np.argmax(np.where((second > first) == rising, fit, -np.inf)))


def _fit_of_rate(rate: Array) -> Array:
    """The mean log-likelihood of decisions with this rate under it."""
    parts = np.stack([np.clip(rate, 0, 1), np.clip(1 - rate, 0, 1)])
    logs = np.zeros(parts.shape)
    np.log(parts, out=logs, where=parts > 0)
    fit: Array = (parts * logs).sum(axis=0)
    return fit
