"""Confidences beside the reviewers' verdicts, checked once: what every figure on calibration rests on."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from hitl_notebook.errors import BadColumn
from hitl_notebook.metrics.columns import UNWEIGHTED, Array, dot, read_confidence, read_verdicts, read_weights

__all__ = ["ReviewedPairs", "reviewed_pairs"]


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
        return float(self.weight.sum() ** 2 / dot(self.weight, self.weight))

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
        left_out = self.note.removesuffix(UNWEIGHTED).removesuffix("; ")  # where there is nothing it speaks of nobody
        needed = "a confidence, a verdict and a weight above 0" if self.weighted else "both a confidence and a verdict"
        return "; ".join(filter(None, [f"no item carries {needed}", left_out]))


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
    score, verdict = read_confidence(confidence), read_verdicts(agreed)
    weight = read_weights(sample_weight, len(score))
    if len(verdict) != len(score):
        raise BadColumn(f"confidence has {len(score):,} rows and agreed {len(verdict):,}: they go row by row")
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
    return ReviewedPairs(score, verdict, weight, sample_weight is not None, "; ".join(notes))
