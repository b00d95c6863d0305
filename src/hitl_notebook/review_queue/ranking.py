"""The orders of a plan, as a ranking of the items: the position to ask first comes first."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from hitl_notebook.errors import BadPlan
from hitl_notebook.items import Items
from hitl_notebook.quoted import quoted
from hitl_notebook.review_queue.plan import ReviewPlan

__all__ = ["ranking", "strata"]

Positions = npt.NDArray[np.intp]


def ranking(items: Items, plan: ReviewPlan) -> Positions | None:
    """Positions of all items, the first to ask first; None where the order is random.

    Ties keep the order of the frame. Missing confidences come last. Where several outcomes may hold at once, each of
    them holds or does not: ``margin`` is that of the outcome nearest to 0.5, ``entropy`` the sum over all of them.

    Raises
    ------
    BadPlan
        The order needs probabilities that are not there, or the callable failed, or returned something else than a
        finite number a row. Where every item is blind it does not get the columns of the model.
    """
    if plan.is_shuffled:
        return None
    if callable(plan.order):
        return np.argsort(_called(items, plan), kind="stable")
    match plan.order:
        case "given":
            return np.arange(len(items))
        case "least_confident" if items.has_confidence:
            return np.argsort(items.confidence, kind="stable")  # numpy sorts NaN last
        case "margin":
            p = _probabilities(items, plan)
            if not items.task.exclusive:
                return np.argsort(np.abs(2 * p - 1).min(axis=1), kind="stable")
            top = np.sort(p, axis=1)
            return np.argsort(top[:, -1] - (top[:, -2] if top.shape[1] > 1 else 0.0), kind="stable")
        case "entropy":
            p = _probabilities(items, plan)
            if not items.task.exclusive:
                p = np.hstack([p, 1 - p])
            logarithms = np.log(p, out=np.zeros_like(p), where=p > 0)
            return np.argsort((p * logarithms).sum(axis=1), kind="stable")
        case "diverse":
            return _taking_turns(items)
        case _:
            return None


def strata(items: Items, by: str | None) -> npt.NDArray[np.intp]:
    """For each item the number of its stratum; one stratum where ``by`` is None.

    Raises
    ------
    BadPlan
        ``by`` is neither a slice of the session nor "prediction".
    """
    if by is None:
        return np.zeros(len(items), dtype=np.intp)
    columns: Mapping[str, Any] = {**items.slices, "prediction": items.predictions}
    if by not in columns:
        raise BadPlan(f"by={by!r}: one of the session's slices={sorted(items.slices)}, or 'prediction'")
    return _codes(columns[by])


def _codes(cells: Any) -> npt.NDArray[np.intp]:
    seen: dict[str, int] = {}
    return np.fromiter((seen.setdefault(repr(cell), len(seen)) for cell in cells), dtype=np.intp, count=len(cells))


def _probabilities(items: Items, plan: ReviewPlan) -> npt.NDArray[np.float64]:
    if items.probabilities is None:
        raise BadPlan(f"order={plan.order!r} needs a probability for each label: give probabilities=")
    return items.probabilities


def _called(items: Items, plan: ReviewPlan) -> npt.NDArray[np.float64]:
    assert callable(plan.order)  # noqa: S101  # narrows the type; ranking() asked
    hidden = items.model_columns if plan.reveal == "after" else ()
    try:
        answer = plan.order(items.native_frame(without=hidden))
    except Exception as error:
        without = (
            f". With reveal='after' it does not get the columns of the model, {list(hidden)}, since the place of an "
            "item would betray its prediction"
        )
        raise BadPlan(f"order= failed with {error!r}{without if hidden else ''}") from error
    try:
        scores = np.asarray(answer, dtype=float)
    except (TypeError, ValueError):
        scores = np.empty(0)
    if scores.shape != (len(items),) or not np.isfinite(scores).all():
        said = f"shape {scores.shape}" if scores.size else quoted(answer)
        raise BadPlan(f"order= returned {said}; it must return one finite number for {len(items)} rows")
    return scores


def _taking_turns(items: Items) -> Positions:
    """Round robin over groups of equal prediction and slices, the least confident of each group first."""
    groups = _codes(list(zip(items.predictions, *items.slices.values(), strict=True)))
    by_group = np.lexsort((items.confidence, groups))
    starts = np.flatnonzero(np.diff(groups[by_group], prepend=-1))
    sizes = np.diff(np.append(starts, len(groups)))
    turn = np.empty(len(groups), dtype=np.intp)
    turn[by_group] = np.arange(len(groups)) - np.repeat(starts, sizes)
    return np.lexsort((items.confidence, turn))
