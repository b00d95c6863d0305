"""Which items a reviewer answers before they see what the model said."""

import hashlib
from dataclasses import dataclass
from typing import Self

from hitl_notebook.review_queue.draw import ChosenBy
from hitl_notebook.review_queue.plan import ReviewPlan

__all__ = ["Blinding"]


@dataclass(frozen=True)
class Blinding:
    """Picks, for each reviewer, the items shown without prediction and those shown without explanation.

    The pick follows from the seed, the reviewer, the item and how it was drawn: it says nothing of the prediction, and
    a restart changes nothing. What is drawn more than once is blind where every draw of it is.

    Examples
    --------
    >>> blinding = Blinding.of(ReviewPlan(order="given", blind_share=0.25), seed=1)
    >>> sum(blinding.is_blind("ada", str(item), "order") for item in range(10_000)) / 10_000
    0.2489
    """

    seed: int
    blind_share: float
    explanation_share: float
    share_at_random: float | None
    """With an order by score: the share of draws made at random, which alone can be blind, since the place of any other
    item speaks of its prediction. None where each item can be."""

    @classmethod
    def of(cls, plan: ReviewPlan, seed: int) -> Self:
        """The blinding that a plan asks for."""
        only_random = plan.reveal == "before" and plan.is_by_score and not plan.is_shuffled
        return cls(seed, plan.blind_part, plan.explanation_share, plan.share_at_random if only_random else None)

    @property
    def is_at_work(self) -> bool:
        """Whether any item is answered blind."""
        return self.blind_share > 0

    def is_blind(self, reviewer: str, key: str, chosen_by: ChosenBy) -> bool:
        """Whether this reviewer answers the item before its prediction is shown."""
        share = self.blind_share
        if self.share_at_random is not None and share > 0:
            if chosen_by not in ("random", "changed"):
                return False
            share /= self.share_at_random if chosen_by == "random" else 1
        return self._lot("blind", reviewer, key) < share

    def is_explained(self, reviewer: str, key: str) -> bool:
        """Whether this reviewer sees the item's explanation."""
        return self._lot("explained", reviewer, key) < self.explanation_share

    def _lot(self, what: str, reviewer: str, key: str) -> float:
        """Uniform in [0, 1), the same whenever it is asked."""
        text = "\0".join((str(self.seed), what, reviewer, key))
        digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=7).digest()
        return (int.from_bytes(digest) >> 3) / 2**53
