"""How an item came to be asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

__all__ = ["ChosenBy", "Draw"]

ChosenBy: TypeAlias = Literal["order", "random", "sample", "changed", "hand"]


@dataclass(frozen=True, slots=True)
class Draw:
    """How one item came to be asked of one reviewer: written when it is drawn, since it cannot be had later.

    ``selection_probability`` is that of this draw taking this item, given the ``pool_size`` items that could still be
    drawn; for an item of a sample, that of the item being in the sample, ``pool_size`` being the size of its stratum.
    None for items chosen by hand. Items drawn as ``"changed"`` come at random from those alone that a next version of
    the model predicts differently and nobody has decided: they speak of these and of no others.
    """

    draw: int
    item_id: str
    id_type: str
    content_hash: str
    model_version: str
    plan_version: str
    chosen_by: ChosenBy
    selection_probability: float | None
    pool_size: int | None
    prediction: Any = None  # as JSON
    confidence: float | None = None
    slices: Mapping[str, Any] = field(default_factory=dict)
    kind: str = "regular"
