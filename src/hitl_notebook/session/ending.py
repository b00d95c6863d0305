"""What stands at the end of a reviewer's queue: how often the model was right, as far as the plan allows to say."""

from collections.abc import Hashable
from dataclasses import replace

import numpy as np

from hitl_notebook.decisions import Event
from hitl_notebook.estimate import Estimate
from hitl_notebook.metrics.accuracy import census_accuracy, sample_accuracy
from hitl_notebook.metrics.selection import sample_is_whole
from hitl_notebook.review_queue import Draw, reach_of
from hitl_notebook.session.review import Review
from hitl_notebook.tasks.task import Task

__all__ = ["reviewed_accuracy"]


def reviewed_accuracy(review: Review, reviewer: str) -> Estimate:
    """The share of all predictions that stand, judged by one reviewer's decisions.

    A sample speaks for all items that had a chance to be in it, and so does a review of every one of them. A queue by
    score that was left half way does not, nor does a review of what a next version of the model changed, nor samples
    that were drawn in different ways: it is NaN, and the note says so.
    """
    with review.ledger.lock:
        task, material = review.task, review.material
        decided = [
            event
            for key in review.verdicts.decided(reviewer)
            if material.items.position(key) is not None
            and (event := review.verdicts.decision(reviewer, key)) is not None
        ]
        remaining = review.progress(reviewer)["remaining"]
    drawn = [event for event in decided if event.record["selection"]["chosen_by"] == "sample"]
    if remaining:
        return Estimate.missing(f"{remaining} items are still to be reviewed", n=len(decided))
    if len(decided) == len(material.items):
        return census_accuracy([_agreed(event, task) for event in decided])
    if material.asks_only_changed:
        return Estimate.missing(
            "only what this model version changed was asked: hitl.metrics.compare_versions says what that comes to",
            n=len(decided),
        )
    reach = reach_of((event.record["plan_version"] for event in decided if _is_drawn(event)), review.drawn_under())
    if reach.obstacle:
        return Estimate.missing(f"the decisions speak of the reviewed items only, {reach.obstacle}", n=len(decided))
    probability = np.array([event.record["selection"]["probability"] for event in drawn], dtype=np.float64)
    if len(drawn) < len(decided) and drawn and not sample_is_whole(probability, len(material.items)):
        return Estimate.missing(
            "part of the sample was asked in another way, and the rest of it is no random sample", n=len(decided)
        )
    agreed = [_agreed(event, task) for event in drawn]
    if reach.by is None:
        estimate = sample_accuracy(agreed)
    else:
        draws = review.draws(reviewer, [event.item_id or "" for event in drawn])
        strata = [_stratum(draws[event.item_id or ""], reach.by) for event in drawn]
        estimate = sample_accuracy(agreed, strata, [event.record["selection"]["pool_size"] for event in drawn])
    if not reach.leaves_out(len(material.items)):
        return estimate
    return replace(estimate, note="; ".join(filter(None, [reach.words(len(material.items)), estimate.note])))


def _stratum(draw: Draw, by: str) -> Hashable:
    """What an item was when it was drawn, since that is what the sizes of the strata are of."""
    value = draw.prediction if by == "prediction" else draw.slices.get(by)
    return value if value is None or isinstance(value, str | int | float) else repr(value)


def _is_drawn(event: Event) -> bool:
    return event.record["selection"]["chosen_by"] not in ("hand", "changed")


def _agreed(event: Event, task: Task) -> bool | None:
    content = event.content or {}
    if event.record["action"] == "flag" or content.get("prediction") is None:
        return None
    return task.recorded_alike(content["value"], content["prediction"])
