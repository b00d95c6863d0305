"""Confidences that mean what they say, learned from the reviewers' verdicts."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np

from hitl_notebook.errors import UnknownChoice
from hitl_notebook.metrics.calibration.isotonic import rates_by_confidence
from hitl_notebook.metrics.calibration.reviewed_pairs import ReviewedPairs, reviewed_pairs
from hitl_notebook.metrics.columns import Array, read_confidence

__all__ = ["Recalibration", "recalibrate"]

# The logit of 0 and 1 is infinite; nearer than this a rounded confidence would decide the whole fit.
NEAREST = 1e-6
# Where the verdicts are told apart without error no temperature is the coldest: it stops here.
COLDEST, WARMEST = 0.01, 100.0
NEWTON_STEPS = 100


@dataclass(frozen=True, kw_only=True, eq=False)
class Recalibration:
    """A rule from the model's confidence to one that fits the verdicts it was learned from.

    Attributes
    ----------
    method : str
        ``"isotonic"``, ``"platt"`` or ``"temperature"``.
    n : int
        How many verdicts it was learned from.
    parameters : dict of str to float
        ``temperature``; or ``slope`` and ``intercept`` on the logit; nothing for isotonic.
    note : str
        What was left out, or why ``predict`` gives NaN.

    Examples
    --------
    A temperature of 2 halves the logit: sure at 0.9, odds of 9, the model is right at odds of 3, 3 times of 4.

    >>> fit = recalibrate([0.9] * 4, [True, True, True, False], method="temperature")
    >>> fit.method, fit.n, round(fit.parameters["temperature"], 6), fit.predict([0.9, None]).round(6).tolist()
    ('temperature', 4, 2.0, [0.75, nan])
    """

    method: str
    n: int
    parameters: dict[str, float]
    note: str
    _rule: Callable[[Array], Array]

    def predict(self, confidence: Any) -> Array:
        """Recalibrated confidences, in [0, 1]; missing stays missing.

        Never judge them on the items that they were learned from: on those an isotonic fit has no calibration error
        at all, whatever it is worth.

        Raises
        ------
        BadColumn
            A confidence that is no number in [0, 1].
        """
        return self._rule(read_confidence(confidence))


def recalibrate(
    confidence: Any,
    agreed: Any,
    sample_weight: Any = None,
    *,
    method: Literal["isotonic", "platt", "temperature"] = "isotonic",
) -> Recalibration:
    """Learn from the verdicts what the model's confidence should have been.

    The result is not to be judged on the items it was learned from: keep some reviewed items apart, recalibrate on the
    others, and take the figures of ``predict`` on those kept apart.

    Parameters
    ----------
    confidence : array of shape (n,) in [0, 1]
        Missing rows are left out.
    agreed : array of shape (n,), True, False or missing
        Whether the reviewer's value equals the prediction. Missing (flagged) rows carry no verdict and are left out.
    sample_weight : array of shape (n,), optional
        1 / selection probability of items that were chosen, not drawn evenly. Rows of weight zero are left out.
    method
        ``"isotonic"``: any rule that never falls, straight between the confidences seen and level beyond them; wants
        hundreds of verdicts or more. ``"platt"``: a logistic curve of two parameters on the logit of the confidence,
        with Platt's targets, for few verdicts; weighted verdicts count in them as Kish's effective number, whatever the
        unit of the weights. ``"temperature"``: the logit divided by one number, above 1 where the model is
        overconfident. It acts on this confidence alone, as if there were two classes, and not on all logits. The last
        two take confidences within 1e-6 of 0 or 1 as that far away.

    Returns
    -------
    Recalibration, with ``predict``. It gives NaN, and ``note`` says why, where nothing can be learned: no verdict, or
    for a temperature none that agrees, none that does not, or no confidence but 0.5. Temperatures are tried from 0.01
    to 100; ``note`` says where one beyond would fit better still.

    Raises
    ------
    BadColumn
        As ``brier_score``.
    UnknownChoice
        A method that is none of the three.

    References
    ----------
    Zadrozny and Elkan (2002), KDD (isotonic). Platt (1999), Advances in Large Margin Classifiers. Guo, Pleiss, Sun and
    Weinberger (2017), ICML (temperature).

    Examples
    --------
    Always sure at 0.9, right 3 times of 4.

    >>> fit = recalibrate([0.9] * 4, [True, True, True, False])
    >>> fit.predict([0.9]).tolist()
    [0.75]
    """
    rules = {"isotonic": _isotonic, "platt": _platt, "temperature": _temperature}
    if method not in rules:
        raise UnknownChoice(f"method={method!r}: one of {', '.join(rules)}")
    pairs = reviewed_pairs(confidence, agreed, sample_weight)
    why_not = "" if pairs.n else pairs.why_empty
    if pairs.n and method == "temperature":
        why_not = _no_temperature(pairs)
    if why_not:
        return Recalibration(method=method, n=pairs.n, parameters={}, note=why_not, _rule=_unknown)
    parameters, rule = rules[method](pairs)
    note = "; ".join(filter(None, [_at_the_end(**parameters), pairs.note]))
    return Recalibration(method=method, n=pairs.n, parameters=parameters, note=note, _rule=rule)


def _no_temperature(pairs: ReviewedPairs) -> str:
    """Why none fits best, where none does."""
    why = ""
    if pairs.agreed.min() == pairs.agreed.max():
        why = f"verdicts are all {bool(pairs.agreed[0])}: no temperature fits best"
    elif (pairs.confidence == 0.5).all():
        why = "confidences are all 0.5, which every temperature leaves as it is: none fits best"
    return "; ".join(filter(None, [why, pairs.note])) if why else ""


def _at_the_end(temperature: float = 1.0, **_others: float) -> str:
    if temperature not in (COLDEST, WARMEST):
        return ""
    colder = "a lower" if temperature == COLDEST else "a higher"
    return f"{temperature:g} is as far as temperatures are tried: {colder} one would fit better still"


def _unknown(confidence: Array) -> Array:
    return np.full(len(confidence), np.nan)


def _isotonic(pairs: ReviewedPairs) -> tuple[dict[str, float], Callable[[Array], Array]]:
    rates = rates_by_confidence(pairs)
    return {}, partial(_straight_between, seen=rates.confidence, recalibrated=rates.recalibrated)


def _straight_between(confidence: Array, *, seen: Array, recalibrated: Array) -> Array:
    return np.asarray(np.interp(confidence, seen, recalibrated), dtype=np.float64)


def _logit(confidence: Array) -> Array:
    inside = np.clip(confidence, NEAREST, 1 - NEAREST)
    return np.asarray(np.log(inside / (1 - inside)), dtype=np.float64)


def _logistic(confidence: Array, *, slope: float, intercept: float) -> Array:
    from scipy.special import expit

    return np.asarray(expit(slope * _logit(confidence) + intercept), dtype=np.float64)


def _platt(pairs: ReviewedPairs) -> tuple[dict[str, float], Callable[[Array], Array]]:
    """Newton's method on the log loss against targets drawn in from 0 and 1, by which it has a finite minimum."""
    from scipy.special import expit

    # A weight of 100 is no hundred verdicts: the targets rest on as many as there are in effect.
    share = float(pairs.weight @ pairs.agreed) / float(pairs.weight.sum())
    yes, no = pairs.effective_n * share, pairs.effective_n * (1 - share)
    target = np.where(pairs.agreed == 1, (yes + 1) / (yes + 2), 1 / (no + 2))
    logit = _logit(pairs.confidence)

    def loss(at: Array) -> float:
        score = at[0] * logit + at[1]
        return float(pairs.weight @ (np.logaddexp(0, score) - target * score))

    fitted, now = np.zeros(2), np.inf
    for _ in range(NEWTON_STEPS):
        given = expit(fitted[0] * logit + fitted[1])
        off, bent = pairs.weight * (given - target), pairs.weight * given * (1 - given)
        slope = np.array([off @ logit, off.sum()])
        along = bent @ logit
        bend = np.array([[(bent * logit) @ logit, along], [along, bent.sum()]])
        # Of one confidence alone the curve is known at one point only: the least squares step is the shortest.
        step = np.linalg.lstsq(bend, slope, rcond=None)[0]
        then = loss(fitted - step)
        while then > now and np.abs(step).max() > 1e-12:
            step = step / 2
            then = loss(fitted - step)
        fitted, now = fitted - step, then
        if np.abs(step).max() < 1e-10:
            break
    at, intercept = float(fitted[0]), float(fitted[1])
    return {"slope": at, "intercept": intercept}, partial(_logistic, slope=at, intercept=intercept)


def _temperature(pairs: ReviewedPairs) -> tuple[dict[str, float], Callable[[Array], Array]]:
    from scipy.optimize import brentq
    from scipy.special import expit

    logit = _logit(pairs.confidence)

    def slope(coldness: float) -> float:
        """Of the log loss, which is convex in 1 / temperature."""
        return float((pairs.weight * logit) @ (expit(coldness * logit) - pairs.agreed))

    if slope(1 / WARMEST) >= 0:
        coldness = 1 / WARMEST
    elif slope(1 / COLDEST) <= 0:
        coldness = 1 / COLDEST
    else:
        coldness = brentq(slope, 1 / WARMEST, 1 / COLDEST, xtol=1e-12)
    return {"temperature": 1 / coldness}, partial(_logistic, slope=coldness, intercept=0.0)
