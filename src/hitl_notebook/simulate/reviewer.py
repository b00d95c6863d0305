"""What a simulated reviewer answers, and how long it takes them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, fsum, isfinite, pow
from typing import Any, NamedTuple

import numpy as np

from hitl_notebook.errors import UnknownChoice
from hitl_notebook.names import reviewer_name

__all__ = ["Answer", "Case", "Reviewer"]

_SPREAD = 0.5  # standard deviation of the logarithm of the seconds: one item in twenty takes 2.7 times as long, or less

_ROUNDING = 1e-9  # by which shares of 1 in all may be above it


class Case(NamedTuple):
    """One item before a simulated reviewer; values are canonical."""

    truth: Any
    prediction: Any
    """What the model said; None where it said nothing."""
    is_blind: bool
    """The prediction is shown only once they have answered."""
    values: Sequence[Any]
    """What can be answered at all, each as likely as the others where somebody guesses."""
    equal: Callable[[Any, Any], bool]
    """The task's own rule."""


class Answer(NamedTuple):
    """What they said of it, None where they flagged it."""

    first: Any
    """In blind review, what they said before they saw the prediction; otherwise the same as ``value``."""
    value: Any


@dataclass(frozen=True)
class Reviewer:
    """A reviewer who is right, biased, swayed and tired as often as the arguments say.

    Each item is decided by itself. With probability ``flagging`` it is flagged. Where a prediction is shown, they take
    it over without a look with probability ``anchoring``. Otherwise they judge by themselves: with probability
    ``bias[value]`` they say that value, whatever the item; otherwise, with probability ``skill``, the truth; otherwise
    another value, each equally likely. So an untired reviewer of predictions that are right with probability ``a``,
    without bias and flags, is right with probability ``anchoring * a + (1 - anchoring) * skill``.

    After n decisions of a sitting the share ``1 - (1 - tiring) ** (n / 100)`` of their attention is gone: with that
    probability they do not look either, and take the prediction over, or guess where none is shown. Items take them as
    much less time.

    In blind review they answer by themselves first; then, with probability ``anchoring``, they change to the
    prediction.

    Parameters
    ----------
    name : str
    skill : float in [0, 1]
        P(their own judgement is the truth), bias apart.
    bias : mapping of values to probabilities, optional
        How often they say a value whatever the item; 1 in all at most.
    speed : float, in seconds
        The median time of an untired decision; times are log-normal, nineteen in twenty within a factor of 2.7.
    tiring : float in [0, 1)
        The share of their attention that is lost in 100 decisions.
    anchoring : float in [0, 1]
        P(they take over the prediction instead of judging).
    flagging : float in [0, 1]
        P(they flag the item).

    Raises
    ------
    UnknownChoice
        A probability outside [0, 1], biases of more than 1 in all, or a speed that is not above 0.

    Examples
    --------
    >>> reviewer = Reviewer("ada", skill=0.9, tiring=0.2)
    >>> reviewer.attention(0), reviewer.attention(100), round(reviewer.attention(200), 2)
    (1.0, 0.8, 0.64)
    """

    name: str
    skill: float = field(default=0.9, kw_only=True)
    bias: Mapping[Any, float] = field(default_factory=dict, kw_only=True, hash=False)
    speed: float = field(default=4.0, kw_only=True)
    tiring: float = field(default=0.0, kw_only=True)
    anchoring: float = field(default=0.0, kw_only=True)
    flagging: float = field(default=0.0, kw_only=True)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", reviewer_name(self.name))
        for name in ("skill", "tiring", "anchoring", "flagging"):
            if not 0 <= getattr(self, name) <= 1:
                raise UnknownChoice(f"{name}={getattr(self, name)!r}: a probability between 0 and 1")
        if self.tiring == 1:
            raise UnknownChoice("tiring=1 leaves no attention at all: a share below 1")
        if not all(0 <= share <= 1 for share in self.bias.values()) or fsum(self.bias.values()) > 1 + _ROUNDING:
            raise UnknownChoice(f"bias={dict(self.bias)!r}: probabilities of values, 1 in all at most")
        if not (self.speed > 0 and isfinite(self.speed)):
            raise UnknownChoice(f"speed={self.speed!r}: the median seconds an item, above 0")

    def attention(self, decided: int) -> float:
        """P(they look at all), after so many decisions of this sitting."""
        return pow(1 - self.tiring, decided / 100)

    def seconds(self, decided: int, random: np.random.Generator) -> float:
        """How long the next decision takes them."""
        return self.speed * self.attention(decided) * exp(_SPREAD * random.standard_normal())

    def answer(self, case: Case, decided: int, random: np.random.Generator) -> Answer:
        """What they say of an item, after so many decisions of this sitting."""
        if random.random() < self.flagging:
            return Answer(None, None)
        is_looking = random.random() < self.attention(decided)
        is_swayed = case.prediction is not None and random.random() < self.anchoring
        if not case.is_blind and case.prediction is not None and (is_swayed or not is_looking):
            return Answer(case.prediction, case.prediction)
        own = self._judgement(case, random) if is_looking else _one_of(case.values, random)
        return Answer(own, case.prediction if is_swayed else own)

    def _judgement(self, case: Case, random: np.random.Generator) -> Any:
        lot = random.random()
        for value, share in self.bias.items():
            lot -= share
            if lot < 0:
                return value
        if random.random() < self.skill:
            return case.truth
        others = [value for value in case.values if not case.equal(value, case.truth)]
        # Who can say nothing else says what is right.
        return _one_of(others, random) if others else case.truth


def _one_of(values: Sequence[Any], random: np.random.Generator) -> Any:
    return values[int(random.integers(len(values)))]
