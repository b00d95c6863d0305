"""What is asked, and in which order."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from hitl_notebook.errors import BadPlan
from hitl_notebook.quoted import quoted

__all__ = ["ReviewPlan"]

OrderName: TypeAlias = Literal["given", "random", "least_confident", "margin", "entropy", "diverse"]
Order: TypeAlias = OrderName | Callable[[Any], Sequence[float] | npt.NDArray[Any]]
Versions: TypeAlias = tuple[str, str]

_LARGEST_SAMPLE = 2**53  # beyond which a float does not count
_IN_WORDS = {
    "given": "in the order of the frame",
    "random": "in random order",
    "least_confident": "least confident first",
    "margin": "smallest margin first",
    "entropy": "highest entropy first",
    "diverse": "taking turns over predicted labels and slices",
}


@dataclass(frozen=True, kw_only=True)
class ReviewPlan:
    """What a review asks, in which order, and how its items are drawn.

    Parameters
    ----------
    order : "given", "random", "least_confident", "margin", "entropy", "diverse" or a callable
        ``margin`` and ``entropy`` need probabilities. ``diverse`` takes turns over predicted labels and slices, the
        least confident first in each. A callable gets the frame, in the library it was given in, and returns one
        number a row: the lowest is asked first. Without confidences ``least_confident`` is a random order, and the
        card says so.
    sample : int or float, optional
        Review a random sample of this many items (int), or of this share of them (float below 1).
    by : str, optional
        Draw the sample by strata, in proportion to their sizes and at least one from each: the name of one of the
        session's ``slices``, or ``"prediction"``.
    random_share : float in [0, 1]
        With orders by score and no sample: the share of draws made at random from all items not yet drawn, so that
        the whole can be judged. 0 means that no figure about all items can be had later.
    seed : int from 0, optional
        Makes the draws repeatable. Left out, one is drawn and kept in the store.
    reveal : "before" or "after"
        With ``"after"`` the prediction, its candidates and its explanation reach the page only once the reviewer has
        answered; then the answer is kept or changed. The queue is then in random order where the order would follow
        the predictions, and a callable gets the frame without the columns of the model.
    blind_share : float in [0, 1]
        With ``reveal="before"``: the share of items that are asked in that way all the same, picked at random for each
        reviewer, so that it can be seen how much the prediction sways them. With orders by score they are among the
        draws made at random, of which there are at least as many; with a sample, its order is random.
    explanation_share : float in [0, 1]
        The share of items shown with their explanation, picked at random for each reviewer.

    Raises
    ------
    BadPlan
        An unknown order, a sample, a share or a seed that is out of range or no number, ``by`` without ``sample``, or
        ``blind_share`` beside ``reveal="after"``, where every item is blind.

    Examples
    --------
    >>> ReviewPlan(sample=200, by="channel").words
    'a random sample of 200 by channel, least confident first'
    """

    order: Order = "least_confident"
    sample: int | float | None = None
    by: str | None = None
    random_share: float = 0.1
    seed: int | None = None
    reveal: Literal["before", "after"] = "before"
    blind_share: float = 0.0
    explanation_share: float = 1.0

    def __post_init__(self) -> None:
        if not callable(self.order) and self.order not in get_args(OrderName):
            raise BadPlan(f"order={quoted(self.order)}: one of {', '.join(get_args(OrderName))}, or a callable")
        if self.sample is not None and not _is_sample(self.sample):
            raise BadPlan(f"sample={quoted(self.sample)}: a number of items from 1, or a share of them between 0 and 1")
        if self.by is not None and not isinstance(self.by, str):
            raise BadPlan(f"by={quoted(self.by)}: the name of one of the session's slices, or 'prediction'")
        if self.by is not None and self.sample is None:
            raise BadPlan("by= draws a sample by strata: say its size too, as in ReviewPlan(sample=200, by='channel')")
        for name in ("random_share", "blind_share", "explanation_share"):
            share = getattr(self, name)
            if not (isinstance(share, int | float | np.integer | np.floating) and 0 <= share <= 1):
                raise BadPlan(f"{name}={quoted(share)}: a share between 0 and 1")
        if self.seed is not None:
            if isinstance(self.seed, bool) or not isinstance(self.seed, int | np.integer) or self.seed < 0:
                raise BadPlan(f"seed={quoted(self.seed)}: an integer, 0 or greater")
            object.__setattr__(self, "seed", int(self.seed))  # the log keeps Python's integers
        if self.reveal not in ("before", "after"):
            raise BadPlan(f'reveal={quoted(self.reveal)}: "before" or "after"')
        if self.reveal == "after" and self.blind_share > 0:
            raise BadPlan('with reveal="after" every item is answered blind: leave blind_share out')

    @classmethod
    def recorded(cls, spec: Mapping[str, Any]) -> Self:
        """The plan that a ``spec`` was made of; an order of the user's own has its name, and orders nothing.

        >>> ReviewPlan.recorded(ReviewPlan(sample=20).spec(seed=1)).words
        'a random sample of 20, least confident first'
        """
        kept = ("sample", "by", "random_share", "seed", "reveal", "blind_share", "explanation_share")
        order = spec["order"]
        known = order if order in get_args(OrderName) else _OrderOfOld(order)
        return cls(order=known, **{name: spec[name] for name in kept})

    @property
    def way_of_drawing(self) -> tuple[Any, ...]:
        """What decides how likely each item is to be asked: draws under plans where it differs are no one sample.

        Of items drawn one after another the seed says nothing: each has its chance among those that are left.
        """
        if self.sample is not None:
            return "sample", float(self.sample), self.by, self.seed
        if self.is_shuffled or self.order == "random":
            return ("random",)
        return _name(self.order) if callable(self.order) else self.order, self.share_at_random

    @property
    def is_by_score(self) -> bool:
        """Whether the order may follow from what the model said."""
        return self.order not in ("given", "random")

    @property
    def blind_part(self) -> float:
        """The share of items that are answered before the prediction is shown."""
        return 1.0 if self.reveal == "after" else self.blind_share

    @property
    def is_shuffled(self) -> bool:
        """Whether the order is random whatever ``order`` says, since an item's place would betray its prediction."""
        if not self.is_by_score:
            return False
        if self.reveal == "after":
            return not callable(self.order)
        return self.blind_share > 0 and self.sample is not None

    @property
    def share_at_random(self) -> float:
        """The share of draws made at random from all items not yet drawn, where there is no sample."""
        if not self.is_by_score:
            return 0.0
        return max(self.random_share, self.blind_share)

    @property
    def words(self) -> str:
        """The plan in words, for people."""
        return self.words_for(has_confidence=True)

    def words_for(self, has_confidence: bool, between: Versions | None = None) -> str:
        """The plan in words, for items with or without confidences.

        ``between`` names two versions of the model where only what the later one changed is asked.
        """
        if between is not None:
            parts = ["only what this model version changed", _IN_WORDS["random"]]
        else:
            parts = self._which_and_in_which_order(has_confidence)
        if self.reveal == "after":
            parts.append("predictions shown after the answer")
        elif self.blind_share > 0:
            parts.append(f"{self.blind_share:.0%} answered before the prediction is shown")
        if self.explanation_share < 1:
            parts.append(f"{self.explanation_share:.0%} with explanation")
        return ", ".join(parts)

    def _which_and_in_which_order(self, has_confidence: bool) -> list[str]:
        parts = []
        if self.sample is not None:
            size = f"{self.sample:.0%}" if isinstance(self.sample, float) and self.sample < 1 else str(int(self.sample))
            parts.append(f"a random sample of {size}{f' by {self.by}' if self.by else ''}")
        if self.is_shuffled:
            parts.append(f"{_IN_WORDS['random']}, since an item's place would betray its prediction")
        elif self.order == "least_confident" and not has_confidence:
            parts.append(f"{_IN_WORDS['random']}, since there are no confidences to order by")
        else:
            parts.append(f"in the order of {_name(self.order)}" if callable(self.order) else _IN_WORDS[self.order])
            if self.sample is None and self.share_at_random > 0:
                parts.append(f"{self.share_at_random:.0%} drawn at random")
        return parts

    def spec(self, seed: int, between: Versions | None = None) -> dict[str, Any]:
        """The plan as strict JSON, with the seed it is carried out with."""
        return {
            "order": _name(self.order) if callable(self.order) else self.order,
            "sample": None if self.sample is None else float(self.sample),
            "by": self.by,
            "random_share": float(self.random_share),
            "seed": seed,
            "reveal": self.reveal,
            "blind_share": float(self.blind_share),
            "explanation_share": float(self.explanation_share),
            **({} if between is None else {"changed_between": list(between)}),
        }

    def version(self, seed: int, between: Versions | None = None) -> str:
        """A short hash of ``spec``: two draws under the same version were made by the same rule."""
        text = json.dumps(self.spec(seed, between), sort_keys=True)
        return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def _is_sample(sample: Any) -> bool:
    if isinstance(sample, bool) or not isinstance(sample, int | float | np.integer | np.floating):
        return False
    return bool(0 < sample < 1 or (1 <= sample <= _LARGEST_SAMPLE and sample == int(sample)))


class _OrderOfOld:
    """An order of the user's own of which the log has the name."""

    def __init__(self, name: str) -> None:
        self.__qualname__ = name

    def __call__(self, frame: Any) -> Sequence[float]:
        raise BadPlan(f"the order {self.__qualname__} is known by its name only")


def _name(order: Any) -> str:
    return str(getattr(order, "__qualname__", type(order).__qualname__))
