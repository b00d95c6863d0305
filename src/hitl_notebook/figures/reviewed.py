"""What has been reviewed so far, as the figures take it."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from hitl_notebook.errors import UnknownChoice
from hitl_notebook.estimate import Estimate
from hitl_notebook.figures.basis import Basis, basis_of
from hitl_notebook.metrics.accuracy import census_accuracy, sample_accuracy, weighted_accuracy
from hitl_notebook.metrics.alike import Equal
from hitl_notebook.metrics.columns import Array
from hitl_notebook.metrics.prediction.majority_vote import majority_vote
from hitl_notebook.metrics.review.decided import Groups, Positions, factorized, first_of_each
from hitl_notebook.metrics.review.ratings import ratings_of
from hitl_notebook.quoted import quoted
from hitl_notebook.review_queue import DrawnUnder

__all__ = ["Known", "Reviewed", "numbered"]

_OF_ITEMS = ("item_id", "item_number", "prediction", "confidence", "value", "agreed", "plan_version")
_SELECTION = ("selection_probability", "pool_size", "chosen_by")


class Known(NamedTuple):
    """So many decisions, and the sum of their numbers in the log, by which they are known again."""

    of: int
    seqs: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Reviewed:
    """Decisions, and what is known of the items and of how they were chosen. Nobody changes it.

    Attributes
    ----------
    decisions : DataFrame
        ``session.decisions``, with the order of its columns left open; items and reviewers may be numbered in
        ``item_number`` and ``reviewer_number``.
    categories : list, optional
        The labels in their order, where a value is exactly one of them; None where values are something else.
    level_of_measurement : "nominal", "interval" or a distance
        How far two values are apart.
    equal : function of two values, optional
        Whether they are the same value; None where that is ``==``.
    slices : list of str
        The names of the slices there are.
    has_confidence : bool
        Whether the model says how sure it is.
    population : int, optional
        How many items there are, with those reviewed that are no longer in the frame; None where it is not known.
    asked : int, optional
        How many each reviewer is to meet, fewer where a sample is drawn.
    is_in_random_order : bool
        Whether a part of a sample is a random sample of it.
    drawn_under : dict, optional
        What is known of the draws under each version of the plan.
    everyone : DataFrame, optional
        All decisions, where ``decisions`` are those of some reviewers.
    """

    decisions: pd.DataFrame
    categories: Sequence[Hashable] | None = None
    level_of_measurement: Any = "nominal"
    equal: Equal = None
    slices: Sequence[str] = ()
    has_confidence: bool = True
    population: int | None = None
    asked: int | None = None
    is_in_random_order: bool = False
    drawn_under: Mapping[str, DrawnUnder] = field(default_factory=dict)
    everyone: pd.DataFrame | None = None

    @cached_property
    def reviewers(self) -> list[str]:
        """In the order of their first decisions."""
        return self.decisions["reviewer"].iloc[first_of_each(self._reviewer)].tolist()

    @cached_property
    def known(self) -> Known:
        """All decisions."""
        return Known(len(self.decisions), int(self.decisions["seq"].sum()))

    @cached_property
    def known_of_each(self) -> dict[str, Known]:
        """Those of each reviewer."""
        counts = np.bincount(self._reviewer).tolist()
        seqs = np.bincount(self._reviewer, self.decisions["seq"]).astype(np.int64).tolist()
        return dict(zip(self.reviewers, map(Known, counts, seqs), strict=True))

    def has_only_added_to(self, then: Known, reviewer: str | None = None) -> bool:
        """Whether the decisions, or those of one reviewer, go on from what they were then."""
        seq = self.decisions["seq"].to_numpy()
        if reviewer is not None:
            seq = seq[self._reviewer == self.reviewers.index(reviewer)]
        return then.of <= len(seq) and int(seq[: then.of].sum()) == then.seqs

    @cached_property
    def ratings(self) -> pd.DataFrame:
        """Items by reviewers."""
        return ratings_of(Groups(self._item, self.items["item_id"]), self.by_reviewer, self.decisions["value"])

    @property
    def by_reviewer(self) -> Groups:
        """Decisions by who decided."""
        return Groups(self._reviewer, self.reviewers)

    @cached_property
    def _item(self) -> Positions:
        """Which item each decision is on, counted in the order of their first decisions."""
        return self._counted("item_number", "item_id")

    @cached_property
    def _reviewer(self) -> Positions:
        """The same of reviewers."""
        return self._counted("reviewer_number", "reviewer")

    def _counted(self, number: str, name: str) -> Positions:
        # Numbers, where the table has them, are told apart in a tenth of the time.
        return factorized(self.decisions[number if number in self.decisions else name])[0]

    @cached_property
    def items(self) -> pd.DataFrame:
        """One row an item, in the order of their first decisions, with the verdict of most of its reviewers.

        ``agreed`` is missing where as many let the prediction stand as not. The other columns are the first decision's:
        ``item_id``, ``prediction``, ``confidence``, ``value``, slices, and how the item was chosen.
        """
        decisions = self.decisions
        code, first = self._item, first_of_each(self._item)
        names = [name for name in decisions if name in (*_OF_ITEMS, *_SELECTION) or str(name).startswith("slice_")]
        items = decisions[names].iloc[first].reset_index(drop=True)
        if len(items) < len(decisions):
            agreed = decisions["agreed"].to_numpy(dtype=np.float64, na_value=np.nan)
            judged = ~np.isnan(agreed)
            votes = np.bincount(code[judged], minlength=len(first))
            right = np.bincount(code[judged], agreed[judged], len(first))
            verdict = pd.array(right * 2 > votes, dtype="boolean")
            verdict[right * 2 == votes] = pd.NA
            items["agreed"] = verdict
        return items

    @cached_property
    def values(self) -> "pd.Series[Any]":
        """The value that most reviewers gave each of ``items``; missing where two lead together."""
        if len(self.items) == len(self.decisions):
            return self.items["value"]
        return majority_vote(self.ratings, self.categories).reset_index(drop=True)

    @cached_property
    def basis(self) -> Basis:
        """What the figures over items speak of."""
        return basis_of(
            numbered(self.items),
            population=self.population,
            asked=self.asked,
            is_in_random_order=self.is_in_random_order,
            drawn_under=self.drawn_under,
        )

    @property
    def weight(self) -> Any:
        """How many items each of ``items`` stands for; None where the figures speak of the reviewed ones only."""
        return self.basis.weight

    @property
    def counted(self) -> npt.NDArray[np.bool_]:
        """Which of ``items`` the figures over items rest on."""
        return np.ones(len(self.items), dtype=np.bool_) if self.weight is None else self.weight > 0

    @cached_property
    def accuracy(self) -> Estimate:
        """The share of predictions that stand, over whatever the review speaks of."""
        agreed, weight = self.items["agreed"], self.weight
        if weight is None:
            # Of these it is known, and of others nothing: no interval.
            return replace(census_accuracy(agreed.array), method="share of the reviewed items")
        if len(self.items) == self.population:
            return census_accuracy(agreed.array)
        if (weight == 1).all():
            return sample_accuracy(agreed.array)
        return weighted_accuracy(agreed[self.counted], _as_probability(weight[self.counted]))

    @property
    def evenly_drawn(self) -> pd.DataFrame:
        """``items`` with their weights as a metric reads them from the columns on how they were chosen."""
        items = numbered(self.items).drop(columns=list(_SELECTION))
        if self.weight is None:
            return items
        probability = _as_probability(self.weight)
        return items.assign(selection_probability=probability, pool_size=len(items), chosen_by="sample")

    def of(self, reviewer: str | Sequence[str] | None) -> "Reviewed":
        """The part of one reviewer, or of some; raises UnknownChoice for one who has decided nothing."""
        if reviewer is None:
            return self
        wanted = [reviewer] if isinstance(reviewer, str) else list(reviewer)
        unknown = [name for name in wanted if name not in self.reviewers]
        if unknown:
            known = ", ".join(map(quoted, self.reviewers)) or "nobody"
            raise UnknownChoice(f"reviewer {quoted(unknown[0])} has decided nothing here; there is {known}")
        own = self.decisions[self.decisions["reviewer"].isin(wanted)].reset_index(drop=True)
        return replace(self, decisions=own, everyone=self.decisions if self.everyone is None else self.everyone)

    def first(self, count: int) -> "Reviewed":
        """The part that the first ``count`` decisions are, in the order of the log."""
        return self if count >= len(self.decisions) else replace(self, decisions=self.decisions.iloc[:count])


def numbered(decisions: pd.DataFrame) -> pd.DataFrame:
    """Decisions with numbers for ids, where they have them, for what only tells items apart: in a tenth of the time."""
    return decisions.assign(item_id=decisions["item_number"]) if "item_number" in decisions else decisions


def _as_probability(weight: Array) -> Array:
    """Probabilities of being asked that are to each other as the weights say; missing where nobody drew the item."""
    drawn = weight > 0
    return np.where(drawn, weight[drawn].min(initial=np.inf) / np.where(drawn, weight, 1), np.nan)
