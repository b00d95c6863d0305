"""A figure of gaps without sign, with an interval that takes its upward bias out."""

from math import nan

import numpy as np

from hitl_notebook.estimate import Estimate
from hitl_notebook.metrics.calibration.resampling import mirrored_interval
from hitl_notebook.metrics.calibration.reviewed_pairs import ReviewedPairs
from hitl_notebook.metrics.columns import Array

__all__ = ["gap_estimate"]

# Few items can show few figures: one that is just as large as the bound is not above it.
ROUNDING = 1e-8


def gap_estimate(
    value: float,
    replicates: Array,
    by_chance: Array,
    *,
    pairs: ReviewedPairs,
    centre: float | None = None,
    level: float,
    method: str,
) -> Estimate:
    """``value`` with the mirrored bootstrap interval, which begins at 0 where chance alone shows as much.

    That is what a perfectly calibrated model exceeds in (1 - level) / 2 of such samples, of which ``by_chance`` has a
    thousand or so; ``centre`` is the figure that the replicates scatter around where that is not ``value``.
    """
    chance = float(np.quantile(by_chance, (1 + level) / 2, method="inverted_cdf"))
    notes = [f"a perfectly calibrated model shows up to {chance:.3g} by chance", pairs.note]
    low = high = nan
    if pairs.too_few:
        notes.insert(0, pairs.too_few)
    else:
        low, high = mirrored_interval(value, replicates, value if centre is None else centre, level)
        low = 0.0 if value <= chance + ROUNDING else max(low, 0.0)
        high = min(max(high, low), 1.0)
        if high == low:
            notes.insert(0, "the interval has no width, as these items do not differ; others may")
        elif high < value:
            notes.insert(0, "value above its interval: chance makes gaps without sign larger")
    return Estimate(
        value=value,
        low=low,
        high=high,
        level=level,
        n=pairs.n,
        method=method + ", mirrored bootstrap over items",
        note="; ".join(filter(None, notes)),
    )
