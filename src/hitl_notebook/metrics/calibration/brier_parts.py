"""What the Brier score is made of."""

from dataclasses import dataclass, replace
from functools import cached_property
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd

from hitl_notebook.metrics.calibration.bins import Cells, totals
from hitl_notebook.metrics.calibration.brier import brier_score_of
from hitl_notebook.metrics.calibration.chance import rates_by_chance
from hitl_notebook.metrics.calibration.isotonic import RatesByConfidence, never_falling, rates_by_confidence
from hitl_notebook.metrics.calibration.reviewed_pairs import ReviewedPairs, reviewed_pairs
from hitl_notebook.metrics.columns import Array, check_level
from hitl_notebook.metrics.wilson import wilson

__all__ = ["brier_decomposition"]

PARTS = ("miscalibration", "discrimination", "uncertainty")
MOST_CELLS = 200
DRAWS = 200


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
    ``high``. The first two are biased upward, as a fit is judged on its own items. Their intervals take that out: they
    are normal ones, with the bias and the spread of 200 draws (``seed``) of the verdicts with the recalibrated
    confidences, on at most 200 groups of neighbouring confidences, so that the value may lie above its interval, which
    the note says. They begin at 0 where verdicts drawn with the confidences as they are, or with the overall rate each,
    show as much in more than (1 - ``level``) / 2 of the draws. Of simulated reviews of 50 to 20,000 items 95 %
    intervals held the truth in 83 to 100 %: least of discrimination with 50 items, and of miscalibration where the
    confidences tell next to nothing. That of uncertainty is Wilson's of the overall rate. ``attrs`` has ``note``,
    ``n``, ``level`` and ``method``. NaN where no row can be scored.

    Raises
    ------
    BadColumn, UnknownChoice
        As ``brier_score``.

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
    values, intervals, notes = np.full(3, np.nan), np.full((3, 2), np.nan), [score.note]
    if pairs.n:
        rates = rates_by_confidence(pairs)
        values = _parts(rates.weight, rates.rate, rates.confidence, rates.recalibrated)
    if pairs.n and not pairs.too_few:
        intervals = _Drawn(pairs, rates, seed).intervals(level)
        above = [part for part, value, high in zip(PARTS, values, intervals[:, 1], strict=True) if value > high]
        notes += [f"{part} above its interval: a fit judged on its own items makes it larger" for part in above]
    low, high = intervals.T
    table = pd.DataFrame(
        {"value": [*values, score.value], "low": [*low, score.low], "high": [*high, score.high]},
        index=[*PARTS, "brier score"],
    )
    note = "; ".join(filter(None, notes))
    table.attrs = {"note": note, "n": pairs.n, "level": level, "method": "CORP decomposition"}
    return table


@dataclass(frozen=True)
class _Drawn:
    """The parts on groups of neighbouring confidences: as they are, and with the verdicts drawn.

    The bootstrap over items does not hold of an isotonic fit: it fits what was drawn twice as if it were two items.
    """

    pairs: ReviewedPairs
    rates: RatesByConfidence
    seed: int

    def intervals(self, level: float) -> Array:
        """A row a part: low and high."""
        pairs, weight = self.pairs, self._sums(self.pairs.weight)
        rate = np.clip(self._sums(pairs.weight * pairs.agreed) / weight, 0, 1)
        recalibrated = never_falling(rate, weight)
        seen = _parts(weight, rate, self._confidence, recalibrated)[:2]
        fitted = recalibrated[self._cell]
        true = _parts(weight, recalibrated, self._confidence, recalibrated)[:2]
        off = self._parts_drawn_with(fitted) - true
        overall = float(weight @ rate / weight.sum())
        share = pairs.weight / pairs.weight.sum()
        each = np.stack([(pairs.confidence - fitted) ** 2, (overall - fitted) ** 2])
        of_other_items = (share**2 * (each - each @ share[:, None]) ** 2).sum(axis=1)
        half = NormalDist().inv_cdf((1 + level) / 2) * np.sqrt(off.var(axis=0) + of_other_items)
        middle = seen - off.mean(axis=0)
        low, high = np.maximum(middle - half, 0), np.maximum(middle + half, 0)
        for part, without in enumerate((pairs.confidence, np.full(pairs.n, overall))):
            by_chance = self._parts_drawn_with(without)[:, part]
            if seen[part] <= np.quantile(by_chance, (1 + level) / 2, method="inverted_cdf"):
                low[part] = 0.0
        two = np.minimum(np.stack([low, high], axis=1), np.array([[1.0], [0.25]]))
        return np.array([*two, _uncertainty(overall, pairs, level)])

    def _parts_drawn_with(self, probability: Array) -> Array:
        """Miscalibration and discrimination, a row a draw of each pair's verdict with its own probability."""
        pairs = replace(self.pairs, confidence=probability)
        drawn = rates_by_chance(pairs, self._cell, len(self._confidence), DRAWS, self.seed)
        return np.array(
            [_parts(drawn.weight, rate, self._confidence, never_falling(rate, drawn.weight))[:2] for rate in drawn.rate]
        )

    @cached_property
    def _cell(self) -> Cells:
        return self.rates.cells(MOST_CELLS)[self.rates.place]

    @cached_property
    def _confidence(self) -> Array:
        return self._sums(self.pairs.weight * self.pairs.confidence) / self._sums(self.pairs.weight)

    def _sums(self, values: Array) -> Array:
        return totals(self._cell, values, int(self._cell.max()) + 1)


def _uncertainty(overall: float, pairs: ReviewedPairs, level: float) -> tuple[float, float]:
    """Of the rates that the overall one may be: their spread is largest at 1/2."""
    low, high = wilson(overall, pairs.effective_n, level)
    ends = low * (1 - low), high * (1 - high)
    return min(ends), 0.25 if low <= 0.5 <= high else max(ends)


def _parts(weight: Array, rate: Array, confidence: Array, recalibrated: Array) -> Array:
    share = weight / weight.sum()
    overall = float(share @ rate)
    # Within a point all forms of the score share the verdicts' spread, so only its rate is needed.
    left = share @ (recalibrated - rate) ** 2
    miscalibration = share @ (confidence - rate) ** 2 - left
    discrimination = share @ (overall - rate) ** 2 - left
    return np.array([max(miscalibration, 0), max(discrimination, 0), overall * (1 - overall)])
