"""How much speaks for a change of level somewhere in a row of values, against none.

A bet on a change: at each value the stake is multiplied by how much likelier the value is after a change than before,
and a little is staked anew, in case the change begins here. Where nothing changes, no bet can expect to win: the sum
of all stakes ever made is 1, so the chance that the holding ever reaches x is at most 1/x (Ville 1939), however often
one looks and however long the review goes on. That is so of values of which it is known what to expect. Here it is
learned from those before, and what the items lead one to expect from all decisions there are: as far as that is off,
the chance is too, which simulations show to be little.

Shiryaev (1963), Theory of Probability and its Applications 8(1), and Roberts (1966), Technometrics 8(3), for the sum
over all places where a change may begin; Shin, Ramdas and Rinaldo (2024), New England Journal of Statistics in Data
Science 2(2), for the bet; Steiner, Cook, Farewell and Treasure (2000), Biostatistics 1(4), for odds of a rate that are
multiplied by the same factor whatever is expected of the item.
"""

from functools import lru_cache

import numpy as np

from hitl_notebook.metrics.columns import Array
from hitl_notebook.metrics.drift.baseline import LEARNING, Baseline

__all__ = ["holdings"]

# What a change is taken to be, falling before rising: the factor of the odds of a rate, the shift of a mean in sigmas.
ODDS = np.array([1 / 4, 1 / 1.6, 1.6, 4])
SHIFTS = np.array([-0.75, -0.25, 0.25, 0.75])
FALLING, RISING = slice(0, 2), slice(2, 4)
# Half of all stakes are placed by so many decisions after those: where most reviews are watched most closely.
HALF_STAKED = 200
# Single values this far off say no more than this.
FARTHEST = 3.0
# Values in a row that are multiplied without going over: at most e^2 each.
BLOCK = 128
MOST = 1e100
CHUNK = 32


def holdings(value: Array, usual: Baseline, *, is_rate: bool) -> Array:
    """What bets on a fall and on a rise hold after each value, rows of an array of shape (2, n).

    The bets are against the values being what those before them, and what their items lead one to expect, say.
    """
    holding = np.empty((2, len(value)))
    stakes = _stakes(len(value))
    last = np.zeros(len(ODDS))
    # So many at a time as stay in the processor's cache.
    for begin in range(0, len(value), CHUNK * BLOCK):
        part = slice(begin, begin + CHUNK * BLOCK)
        ratio = _ratios(value[part], usual.expected[part], usual.spread[part], is_rate=is_rate)
        of_each = _holdings(ratio, stakes[part], last)
        holding[0, part] = of_each[FALLING].sum(axis=0)
        holding[1, part] = of_each[RISING].sum(axis=0)
        last = np.minimum(of_each[:, -1], MOST)  # beyond all doubt there is no need to count on
    holding /= len(ODDS)
    return holding


def _ratios(value: Array, expected: Array, spread: Array, *, is_rate: bool) -> Array:
    """How much likelier each value is after each change that is bet on than before."""
    if is_rate:
        # In between 0 and 1 the ratio is drawn straight, so that its mean is 1 for every value with this mean.
        more = (ODDS - 1)[:, None]
        return np.asarray((1 + more * value) / (1 + more * expected))
    off = np.zeros(len(value))
    np.divide(value - expected, spread, out=off, where=spread > 0)
    shift = SHIFTS[:, None]
    return np.asarray(np.exp(shift * np.clip(off, -FARTHEST, FARTHEST) - shift**2 / 2))


@lru_cache(maxsize=8)
def _stakes(n: int) -> Array:
    """What is staked anew at each of n values: nothing while learning, then ever less, 1 in all if it went on."""
    place = np.arange(n) - LEARNING
    stakes = HALF_STAKED / ((place + HALF_STAKED) * (place + HALF_STAKED + 1.0))
    stakes[:LEARNING] = 0
    stakes.flags.writeable = False
    return stakes


def _holdings(ratio: Array, stakes: Array, before: Array) -> Array:
    """``holding = ratio * (holding before + stake)`` all along each row, in blocks whose products stay in range."""
    rows, n = ratio.shape
    shape = rows, -(-n // BLOCK), BLOCK
    padded, staked = np.ones(shape), np.zeros(shape[1:])
    padded.reshape(rows, -1)[:, :n] = ratio
    staked.reshape(-1)[:n] = stakes
    product = np.cumprod(padded, axis=2)
    worth = staked * padded
    worth /= product
    np.cumsum(worth, axis=2, out=worth)
    brought = []
    for row, ends in enumerate(zip(product[:, :, -1].tolist(), worth[:, :, -1].tolist(), strict=True)):
        at = float(before[row])
        for factor, own in zip(*ends, strict=True):
            brought.append(at)
            at = min(factor * (at + own), MOST)
    worth += np.array(brought).reshape(rows, -1, 1)
    worth *= product
    return worth.reshape(rows, -1)[:, :n]
