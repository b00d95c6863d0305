"""How long reviewers take for an item, and whether that changes."""

import numpy as np
import pandas as pd

from hitl_notebook.counts import is_count
from hitl_notebook.errors import UnknownChoice
from hitl_notebook.libraries import IntoDataFrame
from hitl_notebook.metrics.columns import Array, check_count, check_level, read_seconds, require
from hitl_notebook.metrics.review.decided import Positions, groups_of, in_turn, milestones, turns

__all__ = ["time_per_item"]


def time_per_item(
    decisions: IntoDataFrame, *, window: int = 50, points: int = 400, level: float = 0.95
) -> pd.DataFrame:
    """Median and quartiles of the seconds per item, over each reviewer's last decisions at moments of the review.

    Parameters
    ----------
    decisions : DataFrame
        Columns ``reviewer`` and ``seconds``, numbers or durations, as in ``session.decisions``, in the order of the
        log. Seconds count only while the item was on the screen, but a reviewer may have looked elsewhere: hence
        medians.
    window : int
        Over how many of a reviewer's timed decisions; near the beginning, over those there are.
    points : int
        How many windows at most over all reviewers, but for the last of each.
    level : float
        Of each median's interval by itself: windows overlap.

    Returns
    -------
    DataFrame, by reviewer in the order of their first decisions: ``reviewer``; ``decision``, the reviewer's count of
    decisions at the end of the window, the first being 1; ``median``, ``low`` and ``high`` in seconds: the interval
    between two of the window's own times, which holds the median at least that often whatever the times look like, and
    is missing below 6 of them (at 0.95); ``lower_quartile``, ``upper_quartile`` and ``n``, the times in the window.
    Decisions without a finite time (from code, imported) are counted and not timed; who has none at all is not there.

    Raises
    ------
    MissingColumn, BadColumn, UnknownChoice
        A column that is needed is not there; seconds that are no numbers; a window or a level that is none.

    References
    ----------
    Thompson (1936), Annals of Mathematical Statistics 7(3): the interval by the sign test.

    Examples
    --------
    >>> decided = pd.DataFrame({"reviewer": ["ada"] * 3, "seconds": [2.0, 40.0, 4.0]})
    >>> time_per_item(decided)[["decision", "median", "lower_quartile", "upper_quartile", "n"]]
       decision  median  lower_quartile  upper_quartile  n
    0         1     2.0             2.0             2.0  1
    1         2    21.0            11.5            30.5  2
    2         3     4.0             3.0            22.0  3
    """
    check_level(level)
    if not is_count(window, 1):
        raise UnknownChoice(f"window={window!r}: a number of decisions, 1 or more")
    check_count(points, "points")
    window = int(window)
    decisions = require(decisions, "reviewer", "seconds")
    reviewers, seconds = groups_of(decisions["reviewer"]), read_seconds(decisions["seconds"])
    shown, times = [np.empty(0, dtype=np.intp)], [np.empty((0, window))]
    for rows in in_turn(reviewers):
        timed = rows[np.isfinite(seconds[rows])]
        ends = milestones(len(timed), max(points // len(reviewers.names), 1))
        shown.append(timed[ends - 1])
        place = ends[:, None] - 1 - np.arange(window)
        times.append(np.where(place >= 0, seconds[timed][np.maximum(place, 0)], np.nan))
    row = np.concatenate(shown)
    table = decisions[["reviewer"]].take(row).reset_index(drop=True)
    table["decision"] = turns(reviewers)[row] + 1
    return table.join(_figures(np.sort(np.concatenate(times), axis=1), level))


def _figures(times: Array, level: float) -> pd.DataFrame:
    """Of each row's times, which are sorted with gaps last."""
    n = np.count_nonzero(~np.isnan(times), axis=1)
    outer, row = _ranks_outside(n, level), np.arange(len(times))
    return pd.DataFrame(
        {
            "median": _quantile(times, n, 0.5),
            "low": np.where(outer > 0, times[row, outer - 1], np.nan),
            "high": np.where(outer > 0, times[row, np.minimum(n - outer, times.shape[1] - 1)], np.nan),
            "lower_quartile": _quantile(times, n, 0.25),
            "upper_quartile": _quantile(times, n, 0.75),
            "n": n,
        }
    )


def _quantile(times: Array, n: Positions, share: float) -> Array:
    """Of each row's first ``n`` times, which are sorted, with the straight line between two of them."""
    row, at = np.arange(len(times)), (n - 1) * share
    below = np.floor(at).astype(np.intp)
    lower, upper = times[row, below], times[row, np.minimum(below + 1, n - 1)]
    between: Array = lower + (at - below) * (upper - lower)
    return between


def _ranks_outside(n: Positions, level: float) -> Positions:
    """The rank, from either end, of the times between which the median lies; 0 where there are too few for that.

    Each time is below the median half of the time, so how many are is binomial.
    """
    from scipy.special import bdtr

    sizes, which = np.unique(n, return_inverse=True)
    ranks = np.array(
        [int(np.sum(bdtr(np.arange(size), size, 0.5) <= (1 - level) / 2)) for size in sizes], dtype=np.intp
    )
    return ranks[which]
