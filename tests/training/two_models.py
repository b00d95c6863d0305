"""Two models of which it is known how much better the later one is, judged by the calls that a user makes."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

import hitl_notebook as hitl
from hitl_notebook.metrics import compare_versions
from hitl_notebook.training import retrain
from tests.training.sessions import SILENT, review_in_turn

__all__ = ["Signals", "judged", "retrained"]


@dataclass(frozen=True)
class Signals:
    """Two signs of what is right: the model before knows the first, and the reviews teach the second as well.

    Each is right in the stated share of items, whatever the other says. Where both are right as often, it does not
    matter which of them a model follows where they differ: half of the time it is right. So a model that has learned
    both is better by exactly the difference of the shares, and by nothing where there is none.
    """

    first: float
    second: float

    @property
    def difference(self):
        return self.second - self.first

    def of(self, values, rng):
        """A row of about -1 and 1 for each value, no two of them the same."""
        sign = np.where(np.asarray(values) == "yes", 1, -1)[:, None]
        signs = sign * np.where(rng.random((len(sign), 2)) < (self.first, self.second), 1, -1)
        return signs + rng.normal(scale=1e-6, size=signs.shape)

    def before(self, rng):
        """Has learned where the second sign meant nothing."""
        values = np.repeat(["no", "yes"], 200)
        return LogisticRegression().fit(Signals(self.first, 0.5).of(values, rng), values)


def retrained(signals, session, values, rng):
    """What ``retrain`` finds of a model that learns from the reviews of a session, whose values are ``values``."""
    return retrain(signals.before(rng), session, signals.of(values, rng), say=SILENT).comparison


def judged(difference, rng, *, order="least_confident", items=200, reviews=(40, 40)):
    """What ``compare_versions`` finds after some reviews, an update of the predictions, and some more.

    The versions say different things of three items in ten, and both are wrong of some others.
    """
    differs, lot = rng.random(items) < 0.3, rng.random(items)
    is_win, is_loss = lot < 0.4 + difference / 0.6, lot >= 0.6 + difference / 0.6
    both = np.where(rng.random(items) < 0.15, "other", "true")
    says = {
        "v1": np.where(~differs, both, np.where(is_loss, "true", "other")),
        "v2": np.where(~differs, both, np.where(is_win, "true", "third")),
    }
    frame = pd.DataFrame({"text": [f"item {row}" for row in range(items)], "p": rng.random(items)})
    with hitl.ReviewSession(
        frame.assign(said=says["v1"]),
        hitl.Classification(["true", "other", "third"]),
        prediction="said",
        confidence="p",
        show="text",
        plan=hitl.ReviewPlan(order=order, seed=int(rng.integers(2**32))),
        model_version="v1",
        reviewer="ada",
        store=":memory:",
    ) as session:
        values = dict.fromkeys(range(items), "true")
        review_in_turn(session, values, reviews[0])
        update = session.update_predictions(frame.assign(said=says["v2"]), model_version="v2")
        review_in_turn(session, values, reviews[1])
        return compare_versions(session.decisions, "v1", "v2", items=update.predictions, equal=session.task.equal)
