"""The CORP curve: how often the model was right at each confidence, without bins."""

from typing import Any

import numpy as np
import pandas as pd

from hitl_notebook.metrics.calibration.bins import Cells
from hitl_notebook.metrics.calibration.chance import rates_by_chance
from hitl_notebook.metrics.calibration.isotonic import RatesByConfidence, never_falling, rates_by_confidence
from hitl_notebook.metrics.calibration.reviewed_pairs import ReviewedPairs, reviewed_pairs
from hitl_notebook.metrics.columns import Array, check_level

__all__ = ["corp_curve", "within_its_band"]

MOST_ROWS = 1_000
# Many more than the curve has bends by chance, of which there are as many as the cube root of the items.
GROUPS = 300
DRAWS = 500
COLUMNS = ("confidence", "n", "recalibrated", "low", "high")
# One more of so many items moves the band by less than a thousandth of its width.
BAND_HOLDS_FROM = 1_000


def corp_curve(
    confidence: Any, agreed: Any, sample_weight: Any = None, *, level: float = 0.95, seed: int = 0
) -> pd.DataFrame:
    """How often the model was right at each confidence, as the best fit that never falls; no bins to choose.

    Parameters
    ----------
    confidence : array of shape (n,) in [0, 1]
        Missing rows are left out.
    agreed : array of shape (n,), True, False or missing
        Whether the reviewer's value equals the prediction. Missing (flagged) rows carry no verdict and are left out.
    sample_weight : array of shape (n,), optional
        1 / selection probability of items that were chosen, not drawn evenly. Rows of weight zero are left out.
    level : float in (0, 1)
        How much of what is simulated the band holds at each confidence.
    seed : int
        Of the simulated reviews: equal seeds give equal bands.

    Returns
    -------
    DataFrame, rising in ``confidence``, with ``n`` (items of just that confidence), ``recalibrated`` (the isotonic
    fit) and ``low`` and ``high``, the consistency band: where the fit of a perfectly calibrated model with these
    confidences lies in ``level`` of 500 simulated reviews, point by point. A curve outside its band is not calibrated
    there. Up to 1,000 distinct confidences have a row each; of more there are rows where the curve bends, and 500
    between, and the band is simulated on 300 groups of neighbouring confidences, smaller towards both ends. ``attrs``
    has ``note``, ``level`` and ``method``. No rows where nothing has been reviewed.

    Raises
    ------
    BadColumn, UnknownChoice
        As ``brier_score``.

    References
    ----------
    Dimitriadis, Gneiting and Jordan (2021), Stable reliability diagrams for probabilistic classifiers, PNAS 118(8).

    Examples
    --------
    >>> corp_curve([0.1, 0.4, 0.6, 0.9], [False, True, False, True])[["confidence", "recalibrated"]]
       confidence  recalibrated
    0         0.1           0.0
    1         0.4           0.5
    2         0.6           0.5
    3         0.9           1.0
    """
    check_level(level)
    pairs = reviewed_pairs(confidence, agreed, sample_weight)
    rates = rates_by_confidence(pairs)
    table = pd.DataFrame(dict.fromkeys(COLUMNS, np.empty(0)))
    if pairs.n:
        table = _table(rates, *_consistency_band(pairs, rates, level, seed))
    table.attrs = {
        "note": pairs.note if pairs.n else pairs.why_empty,
        "level": level,
        "method": f"CORP: isotonic regression, consistency band of {DRAWS} draws",
    }
    return table


def within_its_band(
    earlier: pd.DataFrame, confidence: Any, agreed: Any, sample_weight: Any = None
) -> pd.DataFrame | None:
    """The curve now within the band of an ``earlier`` table, which is what takes time; None where it may have moved."""
    pairs = reviewed_pairs(confidence, agreed, sample_weight)
    if pairs.n < BAND_HOLDS_FROM or not len(earlier):
        return None
    band = (earlier[name].to_numpy() for name in ("confidence", "low", "high"))
    table = _table(rates_by_confidence(pairs), *band)
    table.attrs = {**earlier.attrs, "note": pairs.note}
    return table


def _table(rates: RatesByConfidence, at: Array, low: Array, high: Array) -> pd.DataFrame:
    shown = _shown(rates)
    at_shown = rates.confidence[shown]
    band = np.interp(at_shown, at, low), np.interp(at_shown, at, high)
    return pd.DataFrame(dict(zip(COLUMNS, (at_shown, rates.n[shown], rates.recalibrated[shown], *band), strict=True)))


def _shown(rates: RatesByConfidence) -> Any:
    rows = len(rates.confidence)
    if rows <= MOST_ROWS:
        return np.arange(rows)
    bends = np.flatnonzero(np.diff(rates.recalibrated) != 0)
    between = np.linspace(0, rows - 1, MOST_ROWS // 2).astype(np.intp)
    return np.unique(np.concatenate([bends, bends + 1, between]))


def _consistency_band(
    pairs: ReviewedPairs, rates: RatesByConfidence, level: float, seed: int
) -> tuple[Array, Array, Array]:
    cell_of_row = _groups(rates)
    cells = int(cell_of_row[-1]) + 1
    cell = cell_of_row[rates.place]
    at, weight, drawn = rates_by_chance(pairs, cell, cells, DRAWS, seed)
    fits = np.array([never_falling(rate, weight) for rate in drawn])
    low, high = np.quantile(fits, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return at, np.minimum(low, at), np.maximum(high, at)


def _groups(rates: RatesByConfidence) -> Cells:
    """For each row its group. The ends of a curve rest on few items, which a large group would hide."""
    if len(rates.confidence) <= MOST_ROWS:
        return np.arange(len(rates.confidence))
    below = (np.cumsum(rates.n) - rates.n) / rates.n.sum()
    place = np.floor(GROUPS * np.arcsin(np.sqrt(below)) / (np.pi / 2))
    return np.cumsum(np.diff(place, prepend=place[0]) > 0)
