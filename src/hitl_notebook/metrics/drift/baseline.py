"""What a reviewer's next decision is expected to be, by their own earlier ones."""

from dataclasses import dataclass

import numpy as np

from hitl_notebook.metrics.columns import Array

__all__ = ["LEARNING", "Baseline", "baseline"]

# So many decisions say what is usual before a change can be told from it.
LEARNING = 30

# How far a reviewer goes along with what the item leads one to expect is learned from their decisions. Before there
# are many, fully: this is the sum of squares that it weighs.
PRIOR_SQUARES = 2.0
# How far one value goes on in the next is learned likewise. What is more than this is no mood but a change of level.
PRIOR_PAIRS = 20.0
MOST_CORRELATED = 0.5
# Values that are all the same scatter by rounding alone, which is no spread to measure a change in.
ROUNDING = 1e-9
TINY = np.finfo(float).tiny


@dataclass(frozen=True)
class Baseline:
    """Expected value of each decision and the standard deviation around it, from the decisions before it alone."""

    expected: Array
    spread: Array


def baseline(value: Array, lean: Array, *, is_rate: bool, since: int = 0) -> Baseline:
    """Each value as a line of ``lean`` fitted to the values before it would have it.

    The first ones lean on one pseudo-value at the mean of those that nobody bets on: what is expected of a value must
    not know it, or who looks again later would see other bets. A rate stays half a decision away from 0 and 1, as none
    in ten decisions is no proof of never (Krichevsky and Trofimov 1981).

    ``since``: of the values from there on alone, which of a rate is soon there.
    """
    if since and not is_rate:
        whole = baseline(value, lean, is_rate=False)
        return Baseline(whole.expected[since:], whole.spread[since:])
    count = np.arange(since, len(value)) + 1.0
    middle = value[:LEARNING].mean()
    y, x = value - middle, lean - lean[:LEARNING].mean()
    level, along = _before(y, since) / count, _before(x, since) / count
    squares = _before(x * x, since) - count * along * along
    together = _before(x * y, since) - count * along * level
    slope = (together + PRIOR_SQUARES) / (np.maximum(squares, 0) + PRIOR_SQUARES)
    expected = middle + level + slope * (x[since:] - along)
    if is_rate:
        edge = 0.5 / (count + 1)
        expected = np.clip(expected, edge, 1 - edge)
        return Baseline(expected, np.sqrt(expected * (1 - expected)))
    expected = expected + _carried_on(value - expected)
    off = value - expected
    # The level is known only so well: what is expected of a value from n others is 1 + 1/n times as far off.
    spread = np.sqrt((_before(off * off) + off[:LEARNING].var()) / count * (1 + 1 / count))
    return Baseline(expected, np.where(spread > ROUNDING, spread, 0.0))


def _carried_on(off: Array) -> Array:
    """What the value before says of the next: who was slow with one item is likely to be slow with the next one too.

    Their correlation is learned from the values before, as none until there are many, and never taken for negative.
    """
    previous = np.concatenate([[0.0], off[:-1]])
    scale = off[:LEARNING].var()
    correlation = _before(off * previous) / (_before(previous * previous) + PRIOR_PAIRS * scale + TINY)
    carried: Array = np.clip(correlation, 0, MOST_CORRELATED) * previous
    return carried


def _before(x: Array, since: int = 0) -> Array:
    """At each place, or each from ``since`` on, the sum of those before it."""
    total = np.empty(len(x) - since)
    total[:1] = x[:since].sum()
    total[1:] = x[since:-1]
    return np.cumsum(total, out=total)
