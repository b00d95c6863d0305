"""What a next version of the model means for a review: what is known of it at once, and what is left to ask."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from hitl_notebook.items import Items
from hitl_notebook.session.earlier import Before
from hitl_notebook.session.review import Review

__all__ = ["VersionUpdate", "version_update"]


@dataclass(frozen=True, eq=False, kw_only=True)
class VersionUpdate:
    """A next version of the model's predictions beside those before, as ``session.update_predictions`` found them.

    Attributes
    ----------
    before, after : str
        The two versions; the same where there is none before.
    items : int
        Items of the new frame.
    new : int
        Those that the version before did not have.
    changed : int
        Those of which the versions say different things, by the task's own rule; new items are not among them.
    known : int
        Changed items that somebody has decided on with a value; the latest one counts. They are scored at once:
    repaired, new_errors, still_wrong, still_right : int
        those on which the later version is right and the earlier was not, the reverse, and neither and both.
    carried_over : int
        Items that are decided with a value and of which both versions say the same: the verdict holds.
    queued : int
        Items that wait for the reviewer now.
    only_changed : bool
        Whether these are what changed or is new, and is undecided, and nothing else.
    """

    before: str
    after: str
    items: int
    new: int
    changed: int
    known: int
    repaired: int
    new_errors: int
    still_wrong: int
    still_right: int
    carried_over: int
    queued: int
    only_changed: bool
    _versions: tuple[tuple[str, Items], ...] = field(repr=False)

    @cached_property
    def predictions(self) -> pd.DataFrame:
        """What each version says of every item: ``items=`` of ``hitl.metrics.compare_versions``.

        Columns ``item_id``, ``model_version``, ``prediction`` and ``slice_<name>``; one row an item and version.
        """
        return pd.concat([_said(version, items) for version, items in self._versions], ignore_index=True)

    @property
    def words(self) -> list[str]:
        """The counts, in sentences."""
        if self.before == self.after:
            return [f"{self.after} is the version under review already: nothing has changed."]
        said = [f"{self.after} beside {self.before}: {self.changed:,} of {self.items - self.new:,} predictions differ."]
        if self.new:
            said.append(f"New in the frame: {self.new:,}.")
        if self.known:
            outcomes = {
                "repaired": self.repaired,
                "newly wrong": self.new_errors,
                "still wrong": self.still_wrong,
                "right in both": self.still_right,
            }
            found = ", ".join(f"{count:,} {outcome}" for outcome, count in outcomes.items() if count)
            said.append(f"Decided before, of these: {self.known:,} ({found}).")
        if self.carried_over:
            said.append(f"Verdicts that carry over, where both versions say the same: {self.carried_over:,}.")
        or_new = " or are new" if self.new else ""
        if self.only_changed:
            said.append(
                f"Queued, in random order: {self.queued:,} that changed{or_new} and are undecided, and nothing else."
                if self.queued
                else f"Nothing that changed{or_new and ' or is new'} is undecided, so nothing is queued."
            )
        else:
            said.append(f"Queued, by the plan: {self.queued:,} undecided.")
        return said

    def __str__(self) -> str:
        return "\n".join(self.words)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self))


def version_update(review: Review, reviewer: str) -> VersionUpdate:
    """How the version under review stands beside the one before. The task's rule runs here: call it with no lock."""
    material = review.material
    now, version, before = material.items, material.settings.model_version, material.before
    values = _values(review)
    outcomes: Counter[str] = Counter()
    carried_over = 0
    for key, value in values.items():
        position = now.position(key)
        if before is None or position is None or before.place[position] < 0:
            continue
        if before.differs[position]:
            outcomes[_outcome(now, before, position, now.task.from_json(value))] += 1
        else:
            carried_over += 1
    return VersionUpdate(
        before=version if before is None else before.model_version,
        after=version,
        items=len(now),
        new=0 if before is None else int(np.count_nonzero(before.place < 0)),
        changed=0 if before is None else int(np.count_nonzero(before.changed)),
        known=outcomes.total(),
        repaired=outcomes["repaired"],
        new_errors=outcomes["new error"],
        still_wrong=outcomes["still wrong"],
        still_right=outcomes["still right"],
        carried_over=carried_over,
        queued=review.progress(reviewer)["remaining"],
        only_changed=material.asks_only_changed,
        _versions=((version, now),) if before is None else ((before.model_version, before.items), (version, now)),
    )


def _values(review: Review) -> dict[str, Any]:
    """The latest human value of each item, as JSON."""
    with review.ledger.lock:
        events = review.verdicts.effective()
    return {
        event.item_id or "": event.content["value"]
        for event in events
        if event.content is not None and event.content.get("value") is not None
    }


def _outcome(now: Items, before: Before, position: int, value: Any) -> str:
    is_right, was_right = (
        said is not None and now.task.equal(value, said)
        for said in (now.predictions[position], before.items.predictions[before.place[position]])
    )
    if is_right:
        return "still right" if was_right else "repaired"
    return "new error" if was_right else "still wrong"


def _said(version: str, items: Items) -> pd.DataFrame:
    positions = range(len(items))
    return pd.DataFrame(
        {
            "item_id": pd.Series([items.item_id(position) for position in positions], dtype=object).infer_objects(),
            "model_version": version,
            "prediction": pd.Series(list(items.predictions), dtype=object).infer_objects(),
            **{f"slice_{name}": pd.Series(list(cells), dtype=object) for name, cells in items.slices.items()},
        }
    )
