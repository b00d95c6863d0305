"""What stands at the end of a reviewer's queue: how often the model was right, as far as the plan allows to say."""

import numpy as np

from hitl_notebook.decisions import Event
from hitl_notebook.estimate import Estimate
from hitl_notebook.metrics.accuracy import census_accuracy, sample_accuracy
from hitl_notebook.metrics.selection import sample_is_whole
from hitl_notebook.session.review import Review
from hitl_notebook.tasks.task import Task

__all__ = ["reviewed_accuracy"]


def reviewed_accuracy(review: Review, reviewer: str) -> Estimate:
    """The share of all predictions that stand, judged by one reviewer's decisions.

    A sample speaks for all items, and so does a review of every one of them. A queue by score that was left half way
    does not, nor does a review of what a next version of the model changed: it is NaN, and the note says so.
    """
    with review.ledger.lock:
        task, material = review.task, review.material
        decided = [
            (event, position)
            for key in review.verdicts.decided(reviewer)
            if (position := material.items.position(key)) is not None
            and (event := review.verdicts.decision(reviewer, key)) is not None
        ]
        remaining = review.progress(reviewer)["remaining"]
    drawn = [(event, at) for event, at in decided if event.record["selection"]["chosen_by"] == "sample"]
    if remaining:
        return Estimate.missing(f"{remaining} items are still to be reviewed", n=len(decided))
    if len(decided) == len(material.items):
        return census_accuracy([_agreed(event, task) for event, _ in decided])
    if material.asks_only_changed:
        return Estimate.missing(
            "only what this model version changed was asked: hitl.metrics.compare_versions says what that comes to",
            n=len(decided),
        )
    probability = np.array([event.record["selection"]["probability"] for event, _ in drawn], dtype=np.float64)
    if len(drawn) < len(decided) and drawn and not sample_is_whole(probability, len(material.items)):
        return Estimate.missing(
            "part of the sample was asked in another way, and the rest of it is no random sample", n=len(decided)
        )
    agreed = [_agreed(event, task) for event, _ in drawn]
    if material.settings.plan["by"] is None:
        return sample_accuracy(agreed)
    groups = [int(material.strata[position]) for _, position in drawn]
    return sample_accuracy(agreed, groups, [event.record["selection"]["pool_size"] for event, _ in drawn])


def _agreed(event: Event, task: Task) -> bool | None:
    content = event.content or {}
    if event.record["action"] == "flag" or content.get("prediction") is None:
        return None
    return task.recorded_alike(content["value"], content["prediction"])
