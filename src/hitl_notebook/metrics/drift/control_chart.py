"""The points of a control chart: rolling figures, and what would be expected of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from hitl_notebook.metrics.columns import Array
from hitl_notebook.metrics.drift.baseline import Baseline
from hitl_notebook.metrics.drift.decided import Codes, Decided
from hitl_notebook.metrics.drift.ewma import smoothed, spread_of_smoothed
from hitl_notebook.metrics.drift.run_length import ewma_width
from hitl_notebook.metrics.drift.track import Track
from hitl_notebook.metrics.review.decided import milestones
from hitl_notebook.metrics.wilson import wilson_intervals

__all__ = ["LEVEL", "RUN_LENGTH", "SMOOTHING", "WINDOW", "ControlChart", "places_shown", "points_as_table"]

WINDOW = 50
SMOOTHING = 0.05
RUN_LENGTH = 10_000.0
LEVEL = 0.95

FIGURES = ("value", "low", "high", "n", "ewma", "centre", "lower_limit", "upper_limit", "alarm")
# Of what is smoothed no more than this is left of a value that is passed over.
FADED = 1e-15


@dataclass(frozen=True)
class ControlChart:
    """How the values of a track become the points of a chart.

    Attributes
    ----------
    span : int or Timedelta
        Over how many of the last values a rolling figure is, or over those of how long.
    smoothing : float
        Weight of the newest value in the moving average.
    width : float
        Of the limits, in sigmas of the average.
    level : float
        Of the rolling figures' intervals.
    """

    span: int | pd.Timedelta
    smoothing: float
    width: float
    level: float

    @classmethod
    def usual(cls) -> "ControlChart":
        """That of somebody who asks for nothing else."""
        return cls(WINDOW, SMOOTHING, ewma_width(SMOOTHING, RUN_LENGTH), LEVEL)

    def points(self, track: Track, places: Codes) -> dict[str, Array]:
        """At these places of the track, which are in order. Of places near its end only that is looked at."""
        if not len(places):
            return {name: np.empty(0) for name in FIGURES if name != "alarm"}
        return self._rolling(track, places) | self._limits(track, places)

    def _rolling(self, track: Track, places: Codes) -> dict[str, Array]:
        first = self._starts(track, places)
        n = places + 1 - first
        mean = _windows(track.value, first, places) / n
        if track.is_rate:
            mean = np.clip(mean, 0, 1)  # a difference of sums can end a rounding error beyond
            low, high = wilson_intervals(mean, n.astype(float), self.level)
            return {"value": mean, "low": low, "high": high, "n": n.astype(float)}
        off = track.value - track.value.mean()  # which takes most of the rounding out of a difference of squares
        around = _windows(off * off, first, places) - _windows(off, first, places) ** 2 / n
        freedom = np.where(n > 1, n - 1.0, np.nan)
        half = stdtrit(freedom, (1 + self.level) / 2) * np.sqrt(np.maximum(around, 0) / freedom / n)
        with np.errstate(over="ignore"):  # of two times far apart the upper limit is beyond all numbers
            low, high = np.exp(mean - half), np.exp(mean + half)
        return {"value": np.exp(mean), "low": low, "high": high, "n": n.astype(float)}

    def _starts(self, track: Track, places: Codes) -> Codes:
        """Where the window that ends with each place begins."""
        if isinstance(self.span, int):
            return np.maximum(places + 1 - self.span, 0)
        # Clocks may go back; a window does not.
        at = track.measured.decided.decided_at
        time = at.iloc[track.row].ffill().bfill().cummax().to_numpy(dtype="datetime64[ns]")
        return np.searchsorted(time, time[places] - self.span.to_timedelta64(), side="right")

    def _limits(self, track: Track, places: Codes) -> dict[str, Array]:
        begin = max(int(places[0]) - self._reach, 0)
        usual, value, places = track.usual_since(begin), track.value[begin:], places - begin
        first = float(usual.expected[0])
        ewma = smoothed(value, first, self.smoothing, places)
        centre = smoothed(usual.expected, first, self.smoothing, places)
        spread = spread_of_smoothed(usual.spread**2, self.smoothing, places)
        skew = self._skew(usual, spread, places) if track.is_rate else np.zeros(len(places))
        lower, upper = (centre + _skewed(side, skew) * spread for side in (-self.width, self.width))
        limits = {"ewma": ewma, "centre": centre, "lower_limit": lower, "upper_limit": upper}
        return {name: np.clip(at, 0, 1) if track.is_rate else np.exp(at) for name, at in limits.items()}

    @property
    def _reach(self) -> int:
        """How far back a value is seen in the average."""
        return ceil(log(FADED) / log(1 - self.smoothing)) if self.smoothing < 1 else 1

    def _skew(self, usual: Baseline, spread: Array, places: Codes) -> Array:
        third = usual.spread**2 * (1 - 2 * usual.expected)
        kept = (1 - self.smoothing) ** 3
        return self.smoothing**3 / (1 - kept) * smoothed(third, 0.0, 1 - kept, places) / spread**3


def places_shown(track: Track, points: int, *, charts: int) -> Codes:
    """Where a track has points, of which there are so many over so many charts."""
    return milestones(len(track), max(points // max(charts, 1), 1)) - 1


def points_as_table(
    decided: Decided, charts: Sequence[Track], shown: Sequence[Codes], figures: Sequence[dict[str, Array]]
) -> pd.DataFrame:
    """The figures at the places of each chart that are shown, one row a point."""
    chart = np.repeat(np.arange(len(charts)), [len(places) for places in shown])
    row = _joined([track.row[places] for track, places in zip(charts, shown, strict=True)])
    count = _joined([track.decision[places] for track, places in zip(charts, shown, strict=True)])
    table = pd.DataFrame(
        {
            "reviewer": pd.Series([track.reviewer for track in charts], dtype=object).take(chart).to_numpy(),
            "measure": pd.Series([track.measure for track in charts], dtype=object).take(chart).to_numpy(),
            "decision": count.astype(np.int64),
            "decided_at": decided.decided_at.take(row.astype(np.intp)).array,
            **{name: _joined([of_chart[name] for of_chart in figures]) for name in FIGURES},
        }
    )
    return table.astype({"n": np.int64, "alarm": np.bool_})


def _windows(values: Array, first: Codes, last: Codes) -> Array:
    """The sum of the values of each window, the first of which begins first."""
    begin = first[0]
    total = np.concatenate([[0.0], np.cumsum(values[begin:])])
    sums: Array = total[last + 1 - begin] - total[first - begin]
    return sums


def _skewed(z: float, skew: Array) -> Array:
    """How many sigmas off lies what is as far out as z of a normal distribution, of a gamma one with this skew."""
    sixth = np.where(np.abs(skew) < 1e-6, 1e-6, skew) / 6
    return (np.maximum(1 + sixth * (z - sixth), 0) ** 3 - 1) / (3 * sixth)


def _joined(parts: Sequence[Array | Codes]) -> Array:
    return np.concatenate([np.empty(0), *parts])
