"""Confidences beside the reviewers' verdicts, checked once: what every figure on calibration rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from hitl_notebook.errors import BadColumn, UnknownChoice

__all__ = ["Array", "ReviewedPairs", "check_level", "numbers", "read_weights", "reviewed_pairs"]

Array = npt.NDArray[np.float64]

UNWEIGHTED = "unweighted: speaks of the reviewed items only, unless they were drawn at random"
# Confidences come through JSON and single precision: what is this near to 0 or 1 was meant to be there.
TOLERANCE = 1e-6


@dataclass(frozen=True)
class ReviewedPairs:
    """The rows that carry a confidence, a verdict and a weight above zero."""

    confidence: Array
    agreed: Array
    weight: Array
    weighted: bool
    note: str

    @property
    def n(self) -> int:
        return len(self.confidence)

    @property
    def effective_n(self) -> float:
        """So many items, drawn evenly, would say as much (Kish)."""
        return float(self.weight.sum() ** 2 / (self.weight @ self.weight))

    @property
    def too_few(self) -> str:
        """Why there is no interval, where there is none."""
        if self.n == 1:
            return "one verdict has no interval"
        # By weight nearly all of it is one item.
        return "the weights leave one verdict in effect: no interval" if self.effective_n < 1.5 else ""

    @property
    def residual(self) -> Array:
        """Verdict minus confidence."""
        return self.agreed - self.confidence

    @property
    def why_empty(self) -> str:
        """What to say where there is nothing to compute from."""
        return "; ".join(filter(None, ["no item carries both a confidence and a verdict", self.note]))


def reviewed_pairs(confidence: Any, agreed: Any, sample_weight: Any = None) -> ReviewedPairs:
    """The rows that figures on calibration rest on, and a note on those that were left out.

    Raises
    ------
    BadColumn
        The columns differ in length, a confidence lies outside [0, 1], a verdict is neither true nor false, or a
        weight is negative or infinite.

    Examples
    --------
    >>> pairs = reviewed_pairs([0.9, None, 0.4], [True, True, None])
    >>> pairs.n, pairs.note
    (1, '1 of 3 without a verdict left out; 1 of 3 without a confidence left out; unweighted: speaks of the reviewed \
items only, unless they were drawn at random')
    """
    score, verdict = numbers(confidence, "confidence"), _verdicts(agreed)
    weight = read_weights(sample_weight, len(score))
    if len(verdict) != len(score):
        raise BadColumn(f"confidence has {len(score):,} rows and agreed {len(verdict):,}: they go row by row")
    outside = np.flatnonzero((score < -TOLERANCE) | (score > 1 + TOLERANCE))
    if len(outside):
        raise BadColumn(f"confidence lies in [0, 1]; row {outside[0]} has {score[outside[0]]:g}{_hint(score)}")
    reasons = {"verdict": np.isnan(verdict), "confidence": np.isnan(score), "weight": ~(weight > 0)}
    notes = [
        f"{count:,} of {len(score):,} without a {what} left out"
        for what, rows in reasons.items()
        if (count := int(rows.sum()))
    ]
    if sample_weight is None:
        notes.append(UNWEIGHTED)
    if len(notes) > (sample_weight is None):
        kept = ~np.logical_or.reduce(list(reasons.values()))
        score, verdict, weight = score[kept], verdict[kept], weight[kept]
    return ReviewedPairs(np.clip(score, 0, 1), verdict, weight, sample_weight is not None, "; ".join(notes))


def numbers(column: Any, name: str) -> Array:
    """A column as floats, missing cells as NaN."""
    cells = column.array if isinstance(column, pd.Series) else column
    try:
        if isinstance(cells, pd.api.extensions.ExtensionArray):
            return cells.to_numpy(dtype=np.float64, na_value=np.nan)
        return np.array([np.nan if cell is pd.NA else cell for cell in cells] if _boxed(cells) else cells, dtype=float)
    except (TypeError, ValueError) as error:
        raise BadColumn(f"{name} is a column of numbers, missing where unknown ({error})") from error


def read_weights(sample_weight: Any, rows: int) -> Array:
    """One weight a row, all 1 where none are given; missing becomes NaN."""
    if sample_weight is None:
        return np.ones(rows)
    weight = numbers(sample_weight, "sample_weight")
    if len(weight) != rows:
        raise BadColumn(f"sample_weight has {len(weight):,} rows, the columns that it weighs {rows:,}")
    refused = np.flatnonzero((weight < 0) | np.isinf(weight))
    if len(refused):
        raise BadColumn(
            f"sample_weight is 1 / selection probability, finite and not negative; row {refused[0]} has "
            f"{weight[refused[0]]:g}"
        )
    return weight


def check_level(level: float) -> None:
    """Refuse a confidence level that is no share, as 95 instead of 0.95."""
    if not 0 < level < 1:
        raise UnknownChoice(f"level={level!r}: a share between 0 and 1, as 0.95")


def _verdicts(agreed: Any) -> Array:
    cells: Any = agreed.array if isinstance(agreed, pd.Series) else agreed
    if isinstance(cells, Sequence):
        cells = np.array(cells, dtype=object)
    try:
        verdicts: Array = pd.array(cells, dtype=pd.BooleanDtype()).to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise BadColumn("agreed says True, False, or nothing where there is no verdict") from error
    return verdicts


def _boxed(cells: Any) -> bool:
    return isinstance(cells, Sequence) or (isinstance(cells, np.ndarray) and cells.dtype.kind == "O")


def _hint(score: Array) -> str:
    return " (percent? divide by 100)" if np.nanmax(score) <= 100 and np.nanmin(score) >= 0 else ""
