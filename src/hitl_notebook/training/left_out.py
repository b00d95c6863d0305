"""Which rows stay out of a training set, and why."""

from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from hitl_notebook.missing import is_missing

if TYPE_CHECKING:
    from hitl_notebook.session import ReviewSession

__all__ = ["REASONS", "Verdict", "kept_from_training", "reasons_of"]

REASONS: Mapping[str, str] = {
    "held out": "held out",
    "gold": "gold items",
    "catch": "shown in a catch trial",
    "twin": "the same features as an item that is held out, gold or a catch trial",
    "flagged": "flagged by everyone who met them",
    "differ": "reviewers differ and the rule settles nothing",
    "open": "not reviewed, and without a value in y",
    "absent": "reviewed, and not among the rows of X",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What holds for a reviewed item: its value, None where there is none, and the share of its reviewers behind it."""

    value: Any
    weight: float
    flagged: bool
    event_ids: tuple[str, ...]


def kept_from_training(
    session: "ReviewSession", decisions: pd.DataFrame, held_out: Collection[Hashable]
) -> dict[Hashable, str]:
    """The items that never get into a training set, each with its reason."""
    kept: dict[Hashable, str] = {}
    for kind in ("catch", "gold"):
        kept |= dict.fromkeys(decisions.loc[decisions["kind"].eq(kind).fillna(False), "item_id"].tolist(), kind)
    if session.has_items and session.items.gold is not None:
        known = (position for position, answer in enumerate(session.items.gold) if not is_missing(answer))
        kept |= dict.fromkeys(map(session.items.item_id, known), "gold")
    return kept | dict.fromkeys(held_out, "held out")


def reasons_of(
    ids: Sequence[Hashable],
    digests: Sequence[bytes],
    verdicts: Mapping[Hashable, Verdict],
    given: Sequence[Any],
    kept: Mapping[Hashable, str],
    unseen: Collection[bytes],
) -> list[str | None]:
    """Why each row stays out; None where it is trained on.

    ``unseen`` are digests of rows beyond these that nothing may learn from.
    """
    twins = {digest for id_, digest in zip(ids, digests, strict=True) if id_ in kept} | set(unseen)
    return [
        kept.get(id_) or ("twin" if digest in twins else _without_value(verdicts.get(id_), value))
        for id_, digest, value in zip(ids, digests, given, strict=True)
    ]


def _without_value(verdict: Verdict | None, given: Any) -> str | None:
    if verdict is None:
        return "open" if given is None else None
    if verdict.value is not None:
        return None
    return "flagged" if verdict.flagged else "differ"


def counted(reasons: Sequence[str | None], absent: int) -> dict[str, int]:
    """How many rows stay out for each reason that there is."""
    counts = Counter(reason for reason in reasons if reason is not None)
    if absent:
        counts["absent"] = absent
    return {reason: counts[reason] for reason in REASONS if counts[reason]}
