"""Calibration error without bins."""

from typing import Any

import numpy as np

from hitl_notebook.estimate import Estimate
from hitl_notebook.metrics.calibration.bins import Cells, totals
from hitl_notebook.metrics.calibration.chance import gaps_by_chance
from hitl_notebook.metrics.calibration.gap_estimate import gap_estimate
from hitl_notebook.metrics.calibration.resampling import Resampling
from hitl_notebook.metrics.calibration.reviewed_pairs import ReviewedPairs, reviewed_pairs
from hitl_notebook.metrics.columns import Array, check_level

__all__ = ["smooth_calibration_error"]

METHOD = "smooth calibration error, reflected Gaussian kernel at its fixed point"
# The kernel's width is the error itself: 1e-3 and more in all but the largest samples. A cell is far below that; what
# the interval is made from may be coarser, as only differences within it count.
CELLS, COARSE_CELLS = 2**16, 2**10
REPLICATES = 200
HALVINGS = 30


def smooth_calibration_error(
    confidence: Any, agreed: Any, sample_weight: Any = None, *, level: float = 0.95, seed: int = 0
) -> Estimate:
    """How far the model's confidence is from how often it was right, without bins that could hide or make a gap.

    Parameters
    ----------
    confidence : array of shape (n,) in [0, 1]
        Missing rows are left out.
    agreed : array of shape (n,), True, False or missing
        Whether the reviewer's value equals the prediction. Missing (flagged) rows carry no verdict and are left out.
    sample_weight : array of shape (n,), optional
        1 / selection probability of items that were chosen, not drawn evenly. Rows of weight zero are left out.
    level : float in (0, 1)
        Of the interval.
    seed : int
        Of the draws that the interval and the bound in the note are made from: equal seeds give equal figures.

    Returns
    -------
    Estimate in [0, 1]. The gaps are smoothed along the confidence by a Gaussian kernel that is reflected at 0 and 1,
    and their size is integrated; the kernel's width is where it equals that error, so there is nothing to choose. Up
    to constants it is the distance to the nearest calibrated model. Confidences are rounded to 1/65,536. Interval and
    note as in ``expected_calibration_error``, made at a resolution of 1/1,024. NaN with a note where no row can be
    judged.

    Raises
    ------
    BadColumn, UnknownChoice
        As ``brier_score``.

    References
    ----------
    Blasiok and Nakkiran (2023), Smooth ECE: principled reliability diagrams via kernel smoothing, arXiv:2309.12236.

    Examples
    --------
    All at 0.5, 9 of 10 right: the gap of 0.4 is the same however it is smoothed.

    >>> round(smooth_calibration_error([0.5] * 10, [True] * 9 + [False]).value, 4)
    0.4
    """
    check_level(level)
    pairs = reviewed_pairs(confidence, agreed, sample_weight)
    if not pairs.n:
        return Estimate.missing(pairs.why_empty, method=METHOD)
    share = pairs.weight / pairs.weight.sum()
    value = float(_at_fixed_point(_by_cell(pairs, share * pairs.residual, CELLS)))
    coarse = _by_cell(pairs, share * pairs.residual, COARSE_CELLS)
    place = _cell(pairs, COARSE_CELLS)
    resampling = Resampling(pairs.n, seed, REPLICATES)
    total = resampling.sums(np.zeros_like(place), share, 1)
    replicates = _at_fixed_point(resampling.sums(place, share * pairs.residual, COARSE_CELLS) / total)
    chance = gaps_by_chance(pairs, place, COARSE_CELLS, REPLICATES, seed) / pairs.weight.sum()
    by_chance, centre = _at_fixed_point(chance), float(_at_fixed_point(coarse))
    return gap_estimate(value, replicates, by_chance, centre=centre, pairs=pairs, level=level, method=METHOD)


def _cell(pairs: ReviewedPairs, cells: int) -> Cells:
    return np.minimum((pairs.confidence * cells).astype(np.intp), cells - 1)


def _by_cell(pairs: ReviewedPairs, values: Array, cells: int) -> Array:
    return totals(_cell(pairs, cells), values, cells)


def _at_fixed_point(gaps: Array) -> Array:
    """The integral of the smoothed gaps' size where it equals the kernel's width; one for each row.

    Smoothing by a Gaussian that is reflected at both ends multiplies each cosine of the gaps by
    ``exp(-(pi k width)^2 / 2)``. The integral falls as the width grows, so halving finds where they meet.
    """
    from scipy.fft import dct, idct

    cells = gaps.shape[-1]
    cosines = dct(gaps, type=2, axis=-1, norm="ortho")
    decay = -0.5 * (np.pi * np.arange(cells)) ** 2
    low, high = np.zeros(gaps.shape[:-1]), np.ones(gaps.shape[:-1])
    for _ in range(HALVINGS):
        width = (low + high) / 2
        smoothed = idct(cosines * np.exp(decay * width[..., None] ** 2), type=2, axis=-1, norm="ortho")
        wider = np.abs(smoothed).sum(axis=-1) > width
        low, high = np.where(wider, width, low), np.where(wider, high, width)
    return np.asarray((low + high) / 2, dtype=np.float64)
