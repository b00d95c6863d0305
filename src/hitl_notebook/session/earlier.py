"""What the model version before said of the items that are under review now."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from hitl_notebook.items import Items

__all__ = ["Before", "Earlier"]


class Earlier(NamedTuple):
    """A prediction that a later version has changed; the value is canonical, None where there was none."""

    model_version: str
    prediction: Any


@dataclass(frozen=True, eq=False)
class Before:
    """The items as an earlier version predicted them, beside those of the version under review.

    Attributes
    ----------
    model_version : str
    items : Items
        With the predictions of that version.
    place : array of int, one an item under review
        Its position among ``items``, -1 where it is new.
    differs : array of bool, one an item under review
        Whether the two versions say different things of it by the task's own rule; of a new item they do.
    """

    model_version: str
    items: Items
    place: npt.NDArray[np.intp]
    differs: npt.NDArray[np.bool_]

    @classmethod
    def compared(cls, model_version: str, items: Items, now: Items) -> Self:
        """Compare two versions of a frame, item by item. The task's rule is the user's code: call it with no lock."""
        found = (items.position(key) for key in now.keys(range(len(now))))
        place = np.fromiter((-1 if at is None else at for at in found), dtype=np.intp, count=len(now))
        differs = np.fromiter(
            (
                at < 0 or _differ(now.task.equal, items.predictions[at], said)
                for at, said in zip(place.tolist(), now.predictions, strict=True)
            ),
            dtype=bool,
            count=len(now),
        )
        return cls(model_version, items, place, differs)

    @cached_property
    def changed(self) -> npt.NDArray[np.bool_]:
        """Of each item under review whether both versions know it and differ."""
        return self.differs & (self.place >= 0)

    def on(self, position: int) -> Earlier | None:
        """What was said of the item at this position of those under review, where it differs."""
        if not self.changed[position]:
            return None
        return Earlier(self.model_version, self.items.predictions[self.place[position]])


def _differ(equal: Any, before: Any, after: Any) -> bool:
    if before is None or after is None:
        return before is not after
    return not equal(before, after)
