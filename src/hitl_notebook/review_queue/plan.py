"""What is asked, and in which order."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from hitl_notebook.errors import BadPlan

__all__ = ["ReviewPlan"]

OrderName: TypeAlias = Literal["given", "random", "least_confident", "margin", "entropy", "diverse"]
Order: TypeAlias = OrderName | Callable[[Any], Sequence[float] | npt.NDArray[Any]]

_IN_WORDS = {
    "given": "in the order of the frame",
    "random": "in random order",
    "least_confident": "least confident first",
    "margin": "smallest margin between the first two labels first",
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
    seed : int, optional
        Makes the draws repeatable. Left out, one is drawn and kept in the store.

    Raises
    ------
    BadPlan
        An unknown order, a sample or a share out of range, or ``by`` without ``sample``.

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

    def __post_init__(self) -> None:
        if not callable(self.order) and self.order not in get_args(OrderName):
            raise BadPlan(f"order={self.order!r}: one of {', '.join(get_args(OrderName))}, or a callable")
        if self.sample is not None and (
            isinstance(self.sample, bool)
            or not isinstance(self.sample, int | float | np.integer | np.floating)
            or not (self.sample > 0 and (self.sample < 1 or self.sample == int(self.sample)))
        ):
            raise BadPlan(f"sample={self.sample!r}: a number of items from 1, or a share of them between 0 and 1")
        if self.by is not None and self.sample is None:
            raise BadPlan("by= draws a sample by strata: say its size too, as in ReviewPlan(sample=200, by='channel')")
        if not 0 <= self.random_share <= 1:
            raise BadPlan(f"random_share={self.random_share!r}: a share between 0 and 1")

    @property
    def words(self) -> str:
        """The plan in words, for people."""
        order = f"in the order of {_name(self.order)}" if callable(self.order) else _IN_WORDS[self.order]
        if self.sample is None:
            by_score = self.order not in ("given", "random") and self.random_share > 0
            return f"{order}, {self.random_share:.0%} drawn at random" if by_score else order
        size = f"{self.sample:.0%}" if isinstance(self.sample, float) and self.sample < 1 else str(int(self.sample))
        strata = f" by {self.by}" if self.by else ""
        return f"a random sample of {size}{strata}, {order}"

    def words_for(self, has_confidence: bool) -> str:
        """The plan in words, for items with or without confidences."""
        if self.order == "least_confident" and not has_confidence:
            order = f"{_IN_WORDS['random']}, since there are no confidences to order by"
            return order if self.sample is None else f"{self.words.split(',')[0]}, {order}"
        return self.words

    def spec(self, seed: int) -> dict[str, Any]:
        """The plan as strict JSON, with the seed it is carried out with."""
        return {
            "order": _name(self.order) if callable(self.order) else self.order,
            "sample": None if self.sample is None else float(self.sample),
            "by": self.by,
            "random_share": float(self.random_share),
            "seed": seed,
        }

    def version(self, seed: int) -> str:
        """A short hash of ``spec``: two draws under the same version were made by the same rule."""
        text = json.dumps(self.spec(seed), sort_keys=True)
        return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def _name(order: Any) -> str:
    return str(getattr(order, "__qualname__", type(order).__qualname__))
