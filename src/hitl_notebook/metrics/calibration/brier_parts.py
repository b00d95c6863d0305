"""What the Brier score is made of."""

from typing import Any

import numpy as np
import pandas as pd

from hitl_notebook.metrics.calibration.bins import totals
from hitl_notebook.metrics.calibration.brier import brier_score_of
from hitl_notebook.metrics.calibration.isotonic import never_falling, rates_by_confidence
from hitl_notebook.metrics.calibration.resampling import Resampling, mirrored_interval
from hitl_notebook.metrics.calibration.reviewed_pairs import reviewed_pairs
from hitl_notebook.metrics.columns import Array, check_level

__all__ = ["brier_decomposition"]

PARTS = ("miscalibration", "discrimination", "uncertainty")
MOST_CELLS = 200
REPLICATES = 200


def brier_decomposition(
    confidence: Any, agreed: Any, sample_weight: Any = None, *, level: float = 0.95, seed: int = 0
) -> pd.DataFrame:
    """What the Brier score is made of: score = miscalibration - discrimination + uncertainty, exactly.

    The CORP decomposition, which has no bins to choose, and not Murphy's of 1973, whose parts depend on them.

    Parameters
    ----------
    confidence, agreed, sample_weight
        As in ``brier_score``.

    Returns
    -------
    DataFrame with the rows ``miscalibration`` (what recalibrating by isotonic regression would take off the score),
    ``discrimination`` (what the recalibrated confidences are better than saying the overall rate each time),
    ``uncertainty`` (the score of saying that rate) and ``brier score``, and the columns ``value``, ``low`` and
    ``high``. The first two are biased upward in small samples, as a fit is judged on its own items; their intervals,
    mirrored bootstraps over items with ``seed`` on at most 200 groups of neighbouring confidences, take that out.
    ``attrs`` has ``note``, ``n``, ``level`` and ``method``. NaN where no row can be scored.

    References
    ----------
    Dimitriadis, Gneiting and Jordan (2021), PNAS 118(8). Murphy (1973), Journal of Applied Meteorology 12(4).

    Examples
    --------
    >>> brier_decomposition([0.5, 0.5, 1.0, 1.0], [False, True, True, True])["value"]
    miscalibration    0.0000
    discrimination    0.0625
    uncertainty       0.1875
    brier score       0.1250
    Name: value, dtype: float64
    """
    check_level(level)
    pairs = reviewed_pairs(confidence, agreed, sample_weight)
    score = brier_score_of(pairs, level)
    values, intervals = np.full(3, np.nan), np.full((3, 2), np.nan)
    if pairs.n:
        rates = rates_by_confidence(pairs)
        values = _parts(rates.weight, rates.rate, rates.confidence, rates.recalibrated)
    if pairs.n and not pairs.too_few:
        cell_of_row = rates.cells(MOST_CELLS)
        cell, cells = cell_of_row[rates.place], int(cell_of_row[-1]) + 1
        resampling = Resampling(pairs.n, seed, REPLICATES)
        columns = [pairs.weight, pairs.weight * pairs.agreed, pairs.weight * pairs.confidence]
        sums = [totals(cell, column, cells) for column in columns]
        centre = _parts_of_sums(*sums)
        replicates = np.array(
            [
                _parts_of_sums(*row)
                for row in zip(*(resampling.sums(cell, column, cells) for column in columns), strict=True)
            ]
        )
        for part in range(3):
            intervals[part] = mirrored_interval(values[part], replicates[:, part], centre[part], level)
        intervals = np.clip(intervals, 0, np.array([[1], [0.25], [0.25]]))
    low, high = intervals.T
    table = pd.DataFrame(
        {"value": [*values, score.value], "low": [*low, score.low], "high": [*high, score.high]},
        index=[*PARTS, "brier score"],
    )
    table.attrs = {"note": score.note, "n": pairs.n, "level": level, "method": "CORP decomposition"}
    return table


def _parts(weight: Array, rate: Array, confidence: Array, recalibrated: Array) -> Array:
    share = weight / weight.sum()
    overall = float(share @ rate)
    # Within a point all forms of the score share the verdicts' spread, so only its rate is needed.
    left = share @ (recalibrated - rate) ** 2
    miscalibration = share @ (confidence - rate) ** 2 - left
    discrimination = share @ (overall - rate) ** 2 - left
    return np.array([max(miscalibration, 0), max(discrimination, 0), overall * (1 - overall)])


def _parts_of_sums(weight: Array, agreed: Array, confidence: Array) -> Array:
    rate = np.clip(agreed / weight, 0, 1)
    return _parts(weight, rate, confidence / weight, never_falling(rate, weight))
