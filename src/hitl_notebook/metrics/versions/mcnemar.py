"""McNemar's exact test, and how many pairs it takes."""

from math import ceil, sqrt
from statistics import NormalDist

import numpy as np

__all__ = ["mcnemar_p", "mcnemar_power", "pairs_needed"]

_STANDARD_DEVIATIONS = 8
_MOST_TRIED = 100_000


def mcnemar_p(wins: float, losses: float) -> float:
    """Probability of so uneven a split, or more, where either version is as likely to win: two-sided, exact.

    Ties say nothing. Without wins and losses it is 1. Counts may be effective ones, not whole numbers.

    References
    ----------
    McNemar (1947), Psychometrika 12(2).

    Examples
    --------
    Five to nothing: 2 / 2**5.

    >>> mcnemar_p(5, 0), mcnemar_p(3, 3), mcnemar_p(0, 0)
    (0.0625, 1.0, 1.0)
    """
    from scipy.special import betainc

    most, least = max(wins, losses), min(wins, losses)
    return min(1.0, 2 * float(betainc(most, least + 1, 0.5))) if most > 0 else 1.0


def mcnemar_power(pairs: int, discordant: float, difference: float, level: float = 0.95) -> float:
    """Probability that so many pairs show the difference, by McNemar's exact test and in its right direction.

    Parameters
    ----------
    pairs : int
        Pairs reviewed.
    discordant : float in (0, 1]
        Share of pairs in which one version is right and the other wrong.
    difference : float
        Share of wins minus share of losses, at most ``discordant`` in size.

    Examples
    --------
    Five pairs cannot be uneven enough; of six all have to be wins, which happens in 0.9**6.

    >>> mcnemar_power(5, 1.0, 0.8), round(mcnemar_power(6, 1.0, 0.8), 6), round(0.9**6, 6)
    (0.0, 0.531441, 0.531441)
    """
    from scipy.stats import binom  # type: ignore[attr-defined]  # public, absent from its __all__

    spread = _STANDARD_DEVIATIONS * sqrt(pairs * discordant * (1 - discordant)) + 1
    fewest, most = max(0, int(pairs * discordant - spread)), min(pairs, ceil(pairs * discordant + spread))
    split = np.arange(fewest, most + 1)
    winning = (discordant + abs(difference)) / (2 * discordant)
    enough = binom.isf((1 - level) / 2, split, 0.5) + 1
    return float(binom.pmf(split, pairs, discordant) @ binom.sf(enough - 1, split, winning))


def pairs_needed(discordant: float, difference: float, *, power: float = 0.8, level: float = 0.95) -> int:
    """How many pairs show a difference above 0 with that power: Connor's formula, then the exact test's own power.

    References
    ----------
    Connor (1987), Biometrics 43(1).

    Examples
    --------
    Of nine pairs eight have to be wins: 0.9**9 + 9 * 0.1 * 0.9**8 is 0.775.

    >>> pairs_needed(1.0, 0.8, power=0.75)
    9
    """
    normal = NormalDist()
    alpha, beta = normal.inv_cdf((1 + level) / 2), normal.inv_cdf(power)
    root = alpha * sqrt(discordant) + beta * sqrt(max(discordant - difference**2, 0))
    enough = max(1, ceil(root**2 / difference**2))
    if enough > _MOST_TRIED:
        return enough  # of so many the formula and the test ask for the same, all but a few
    below = enough * 9 // 10
    fewest = below if mcnemar_power(below, discordant, difference, level) < power else 0
    while mcnemar_power(enough, discordant, difference, level) < power:
        fewest, enough = enough, enough + enough // 4 + 1
    while enough - fewest > 1:
        middle = (fewest + enough) // 2
        if mcnemar_power(middle, discordant, difference, level) < power:
            fewest = middle
        else:
            enough = middle
    return enough
