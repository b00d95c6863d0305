"""How many values pass before a chart raises a false alarm, on average: its in-control run length.

By the integral equations of the two charts on Gauss-Legendre nodes (Crowder 1987, Technometrics 29(4), of the EWMA;
Goel and Wu 1971, Technometrics 13(2), of the CUSUM), which agree with the Markov chain of Brook and Evans (1972,
Biometrika 59(3)) as its states become many. Values are independent and normal, sigma is 1.
"""

from collections.abc import Callable
from functools import lru_cache
from math import ceil, inf, log, log1p, pi, sqrt

import numpy as np
from scipy.special import ndtr

from hitl_notebook.errors import UnknownChoice
from hitl_notebook.metrics.columns import Array

__all__ = [
    "cusum_limit",
    "cusum_run_length",
    "ewma_run_length",
    "ewma_width",
    "fixed_ewma_run_length",
]

SHORTEST, LONGEST = 2.0, 1e7
# Beyond this a run length is the inverse of a rounding error.
ENDLESS = 1e11
NODES_PER_SIGMA = 2
FEWEST_NODES = 24
# How exactly a limit is found, in sigmas, or the run length as a share.
PRECISION = 1e-7
# The limits of an EWMA chart have stopped widening where they are this near to their end.
SETTLED = 1e-6


@lru_cache(maxsize=256)
def cusum_run_length(k: float, h: float, shift: float = 0.0) -> float:
    """Average run length of a two-sided CUSUM from zero, the values lying ``shift`` sigmas off the target.

    >>> round(cusum_run_length(0.5, 5.0))
    465
    """
    alarms = 1 / _one_sided(k, h, shift) + 1 / _one_sided(k, h, -shift)
    return 1 / alarms if alarms else inf


@lru_cache(maxsize=256)
def cusum_limit(k: float, run_length: float) -> float:
    """The limit h of a two-sided CUSUM that has this in-control run length.

    Raises
    ------
    UnknownChoice
        A run length that is out of reach: less than a chart has that alarms at any value beyond k, or too long.
    """
    _check(run_length)
    least = cusum_run_length(k, 1e-6)
    if run_length <= least:
        raise UnknownChoice(f"in_control_run_length={run_length:g}: with k={k:g} it is above {least:.3g}")
    highest = 1.0
    while cusum_run_length(k, highest) < run_length:
        highest *= 2
    return _solved(lambda h: cusum_run_length(k, h), run_length, 1e-6, highest)


@lru_cache(maxsize=256)
def ewma_run_length(smoothing: float, width: float) -> float:
    """Average in-control run length of an EWMA chart whose limits widen from the start.

    ``width`` is the half-width of the limits in units of the EWMA's own sigma at each moment. The limits settle after
    a while; from there on it is `fixed_ewma_run_length` from wherever the EWMA then is.
    """
    unit, weights = _legendre(-1.0, 1.0, _ewma_nodes(smoothing, width))
    at, limit = np.zeros(1), 0.0
    mass = np.ones(1)
    total = 0.0
    for step in range(1, _steps(smoothing) + 1):
        total += float(mass.sum())
        limit = width * sqrt(smoothing / (2 - smoothing) * (1 - (1 - smoothing) ** (2 * step)))
        mass = limit * weights * (mass @ _ewma_density(at, limit * unit, smoothing))
        at = limit * unit
    return _finite(total + float(mass @ _fixed_from(at, limit * weights, smoothing)))


def fixed_ewma_run_length(smoothing: float, width: float, shift: float = 0.0) -> float:
    """Average run length of an EWMA chart whose limits are wide from the start, the values lying ``shift`` off.

    >>> round(fixed_ewma_run_length(0.1, 2.814))
    500
    """
    limit = width * sqrt(smoothing / (2 - smoothing))
    nodes, weights = _legendre(-limit, limit, _ewma_nodes(smoothing, width))
    onward = _fixed_from(nodes, weights, smoothing, shift)
    return 1 + float((weights * onward) @ _ewma_density(np.zeros(1), nodes, smoothing, shift)[0])


@lru_cache(maxsize=256)
def ewma_width(smoothing: float, run_length: float) -> float:
    """The width of the widening limits of an EWMA chart that has this in-control run length.

    Raises
    ------
    UnknownChoice
        A run length below 2 or above 10 million.
    """
    _check(run_length)
    return _solved(lambda width: ewma_run_length(smoothing, width), run_length, 0.05, 6.5)


def _one_sided(k: float, h: float, shift: float) -> float:
    """From zero: the sum is zero again with some chance, and else somewhere between zero and the limit."""
    nodes, weights = _legendre(0.0, h, FEWEST_NODES + ceil(NODES_PER_SIGMA * h))
    at = np.append(nodes, 0.0)
    moves = np.empty((len(at), len(at)))
    moves[:, :-1] = weights * _density(nodes - at[:, None] + k - shift)
    moves[:, -1] = ndtr(k - shift - at)
    return _finite(float(np.linalg.solve(np.eye(len(at)) - moves, np.ones(len(at)))[-1]))


def _fixed_from(at: Array, weights: Array, smoothing: float, shift: float = 0.0) -> Array:
    """The run length that remains from each node, once the limits no longer move."""
    moves = weights * _ewma_density(at, at, smoothing, shift)
    return np.asarray(np.linalg.solve(np.eye(len(at)) - moves, np.ones(len(at))), dtype=np.float64)


def _ewma_density(here: Array, there: Array, smoothing: float, shift: float = 0.0) -> Array:
    """Density of the next EWMA, a row for each place where it is now."""
    return _density((there - (1 - smoothing) * here[:, None]) / smoothing - shift) / smoothing


def _ewma_nodes(smoothing: float, width: float) -> int:
    # Places lie apart by a part of how far one value moves the EWMA, which is smoothing.
    return FEWEST_NODES + ceil(NODES_PER_SIGMA * 2 * width / sqrt(smoothing * (2 - smoothing)))


def _steps(smoothing: float) -> int:
    return 1 if smoothing == 1 else ceil(log(SETTLED) / (2 * log1p(-smoothing)))


def _legendre(low: float, high: float, number: int) -> tuple[Array, Array]:
    nodes, weights = _unit_legendre(number)
    half = (high - low) / 2
    return low + half * (nodes + 1), half * weights


@lru_cache(maxsize=64)
def _unit_legendre(number: int) -> tuple[Array, Array]:
    nodes, weights = np.polynomial.legendre.leggauss(number)
    return nodes, weights


def _density(x: Array) -> Array:
    return np.exp(-0.5 * x * x) / sqrt(2 * pi)


def _finite(run_length: float) -> float:
    return run_length if 0 < run_length < ENDLESS else inf


def _solved(of: Callable[[float], float], run_length: float, low: float, high: float) -> float:
    """Where ``of``, which rises nearly like an exponential, has the run length: false position, the Illinois way."""
    # scipy.optimize would do, and takes longer to import than a first chart may take to be drawn.
    at_low, at_high = (log(min(of(end), ENDLESS) / run_length) for end in (low, high))
    side = 0
    while high - low > PRECISION:
        middle = high - at_high * (high - low) / (at_high - at_low)
        at_middle = log(min(of(middle), ENDLESS) / run_length)
        if abs(at_middle) < PRECISION:
            return middle
        if at_middle > 0:
            high, at_high = middle, at_middle
            at_low *= 0.5 if side > 0 else 1
            side = 1
        else:
            low, at_low = middle, at_middle
            at_high *= 0.5 if side < 0 else 1
            side = -1
    return high


def _check(run_length: float) -> None:
    if not SHORTEST <= run_length <= LONGEST:
        raise UnknownChoice(
            f"in_control_run_length={run_length!r}: how many values lie between two false alarms on average, from "
            f"{SHORTEST:g} to {LONGEST:,.0f}"
        )
