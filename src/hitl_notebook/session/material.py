"""What a review works on: the items as read, the settings they are reviewed under, and how they are drawn."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from hitl_notebook.errors import BadPlan, InvalidTask, SessionMismatch
from hitl_notebook.items import Items
from hitl_notebook.review_queue import Blinding, Draw, Pool, ReviewPlan, Selection, ranking, strata
from hitl_notebook.session.earlier import Before, Earlier
from hitl_notebook.session.kept_content import kept_content
from hitl_notebook.session.settings import Settings

__all__ = ["Arranged", "Material"]

_LARGEST_EDITOR = 600_000  # bytes of the labels as they are sent
_LARGEST_STATE = 760_000  # of labels, guidelines and queue, which go to a page in one message with the card's code
_LEAST_QUEUE = 40_000


@dataclass(frozen=True)
class Arranged:
    """Items as a plan ranks and groups them: all that follows from these two, before there is a session to ask in."""

    items: Items
    plan: ReviewPlan
    ranked: npt.NDArray[np.intp] | None
    strata: npt.NDArray[np.intp]

    @classmethod
    def by_plan(cls, items: Items, plan: ReviewPlan) -> "Arranged":
        """Rank and group the items. The user's own order runs here: call it with no lock held.

        Raises
        ------
        BadPlan
            The plan asks for something that these items do not have, or hides predictions that a column shows.
        InvalidTask
            The labels are more than one message to the page holds.
        """
        _check_size(items)
        betraying = items.shown_of_the_model
        if plan.blind_part > 0 and betraying:
            raise BadPlan(
                f"the plan hides what the model said until the reviewer has answered, but show= has the model's own "
                f"columns {betraying}: leave them out"
            )
        return cls(items, plan, ranking(items, plan), strata(items, plan.by))

    @property
    def sample_size(self) -> int | None:
        """How many items the sample has; None where all are asked."""
        sample = self.plan.sample
        if sample is None:
            return None
        size = round(sample * len(self.items)) if sample < 1 else int(sample)
        return min(max(size, 1), len(self.items))


@dataclass(frozen=True)
class Material:
    """Items, settings, pool and blinding of one version of a frame; ``salt`` keys the content hashes."""

    items: Items
    settings: Settings
    pool: Pool
    blinding: Blinding
    salt: bytes
    keep_content: bool
    before: Before | None = None
    """What the version before this one said, where there was one since the session was opened."""
    _hashes: dict[int, str] = field(default_factory=dict, repr=False)

    @classmethod
    def prepare(
        cls,
        arranged: Arranged,
        items: Items,
        settings: Settings,
        salt: bytes,
        *,
        keep_content: bool,
        before: Before | None = None,
    ) -> "Material":
        """Draw the sample. ``items`` are those arranged, under the task that the session has had and goes on with.

        Raises
        ------
        InvalidTask
            The labels with those of before, or with the guidelines, are more than one message to the page holds.
        """
        _check_size(items, settings.guidelines)
        plan = arranged.plan
        pool = Pool(
            len(items),
            ranked=arranged.ranked,
            random_share=plan.share_at_random,
            seed=settings.seed,
            ids=items.id_hashes,
            strata=arranged.strata,
            sample_size=arranged.sample_size,
        )
        return cls(items, settings, pool, Blinding.of(plan, settings.seed), salt, keep_content, before)

    @cached_property
    def queue_room(self) -> int:
        """Bytes that labels and guidelines leave in a message to the page for the ids of the next items."""
        return max(_LARGEST_STATE - sum(_sizes(self.items, self.settings.guidelines)), _LEAST_QUEUE)

    @property
    def asks_only_changed(self) -> bool:
        """Whether only what this model version changed is asked, and not what the plan asks."""
        return self.settings.changed_between is not None

    def draws(self, selections: Sequence[Selection], first: int) -> list[Draw]:
        """The records of these draws, numbered from ``first``; nested cells are frozen from here on."""
        items = self.items
        hashes = self.content_hashes([selection.position for selection in selections])
        return [
            Draw(
                draw=first + index,
                item_id=items.key(selection.position),
                id_type=items.id_type(selection.position),
                content_hash=content_hash,
                model_version=self.settings.model_version,
                plan_version=self.settings.plan_version,
                chosen_by=selection.chosen_by,
                selection_probability=selection.probability,
                pool_size=selection.pool_size,
                prediction=self.prediction(selection.position),
                confidence=self.confidence(selection.position),
                slices=items.slices_at(selection.position),
                kind=self._kind(selection),
            )
            for index, (selection, content_hash) in enumerate(zip(selections, hashes, strict=True))
        ]

    def content_hashes(self, positions: Sequence[int]) -> list[str]:
        """The hash of what this frame has of each item; nested cells are frozen from here on."""
        new = [position for position in positions if position not in self._hashes]
        if new:
            self.items.freeze(new)
            self._hashes.update(zip(new, self.items.content_hashes(new, self.salt), strict=True))
        return [self._hashes[position] for position in positions]

    def contents(self, keys: Iterable[str]) -> dict[str, Any]:
        """The shown content of these items, where the user asked to keep it."""
        if not self.keep_content:
            return {}
        positions = [position for key in keys if (position := self.items.position(key)) is not None]
        return {self.items.key(position): kept_content(self.items, position) for position in positions}

    def prediction(self, position: int) -> Any:
        """The prediction as JSON, None where missing."""
        value = self.items.predictions[position]
        return None if value is None else self.items.task.to_json(value)

    def confidence(self, position: int) -> float | None:
        """The confidence, None where missing."""
        value = float(self.items.confidence[position])
        return None if np.isnan(value) else value

    def earlier(self, position: int) -> Earlier | None:
        """What the version before said of an item, where this one says something else."""
        return None if self.before is None else self.before.on(position)

    def version_before(self, model_version: str, items: Items) -> Before | None:
        """This version's predictions beside those of another, or those before this one where it is the same.

        Raises
        ------
        SessionMismatch
            The version is this one, and says something else.
        """
        current = Before.compared(self.settings.model_version, self.items, items)
        if model_version != self.settings.model_version:
            return current
        if current.changed.any():
            count = int(np.count_nonzero(current.changed))
            raise SessionMismatch(
                f"model_version {model_version!r} names other predictions already, of {count:,} of these items: give "
                "the new ones another, or leave it out"
            )
        return None if self.before is None else Before.compared(self.before.model_version, self.before.items, items)

    def _kind(self, selection: Selection) -> str:
        if self.items.gold is not None and self.items.gold[selection.position] is not None:
            return "gold"
        return "chosen" if selection.chosen_by == "hand" else "regular"


def _check_size(items: Items, guidelines: str | None = None) -> None:
    """Refuse what no page could be told: labels and guidelines go to it in one message."""
    editor, guide = _sizes(items, guidelines)
    if editor > _LARGEST_EDITOR:
        raise InvalidTask(
            f"the labels take {editor:,} bytes as they are sent to the page, which takes {_LARGEST_EDITOR:,} at most: "
            "declare fewer or shorter ones"
        )
    if editor + guide > _LARGEST_STATE - _LEAST_QUEUE:
        raise InvalidTask(
            f"the labels take {editor:,} bytes as they are sent to the page and the guidelines {guide:,}; they "
            f"go in one message, which takes {_LARGEST_STATE - _LEAST_QUEUE:,} of both at most: declare fewer or "
            "shorter labels, or shorten the guidelines"
        )


def _sizes(items: Items, guidelines: str | None) -> tuple[int, int]:
    """Bytes of the labels and of the guidelines, as they are sent to the page."""
    return len(json.dumps(items.task.editor())), len(json.dumps(guidelines))
