"""Two versions of a model on simulated items, reviewed in different ways: the short form of the benchmark."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hitl_notebook.review_queue import Pool, ReviewQueue

__all__ = ["PLANS", "Versions", "review"]

PLANS = (
    "random",
    "least confident, a tenth at random",
    "only what changed, at random",
    "half by confidence, then what changed",
)


@dataclass(frozen=True)
class Versions:
    """How often two versions differ on an item, and how often the later one is then right and the earlier not."""

    differ: float
    wins: float
    losses: float

    @property
    def difference(self) -> float:
        return self.differ * (self.wins - self.losses)


def review(versions: Versions, plan: str, items: int, reviews: int, rng: np.random.Generator):
    """Decisions and items for ``compare_versions``.

    The hard items are those with low confidence: there both versions err more, differ more, and the later one is worse
    than elsewhere. A queue by confidence sees them first, so that figures without weights speak of them alone.
    """
    confidence = rng.random(items)
    hard = confidence < 0.3
    differs = rng.random(items) < np.where(hard, 2 * versions.differ, versions.differ * 0.4 / 0.7)
    # On the hard ones twice as many losses as on all; elsewhere as many fewer as keep the mean.
    share_hard = 0.3 * 2 * versions.differ / (0.3 * 2 * versions.differ + 0.7 * versions.differ * 0.4 / 0.7)
    tilt = 0.2
    swing = np.where(hard, -tilt, tilt * share_hard / (1 - share_hard))
    lot = rng.random(items)
    wins, losses = versions.wins + swing / 2, versions.losses - swing / 2
    before = np.where(differs & (lot < losses), "true", np.where(differs, "other", "true")).astype(object)
    after = np.where(differs & (lot >= losses) & (lot < wins + losses), "true", np.where(differs, "third", "true"))
    wrong_both = ~differs & (rng.random(items) < np.where(hard, 0.4, 0.1))
    before[wrong_both] = "other"
    after = after.astype(object)
    after[wrong_both] = "other"
    drawn = _drawn(plan, confidence, differs, reviews, int(rng.integers(2**32)))
    chosen, since = drawn["item_id"].to_numpy(), drawn["chosen_by"].eq("changed").to_numpy()
    decisions = drawn.assign(
        action="correct",
        kind="regular",
        value="true",
        prediction=after[chosen],
        model_version="v2",
        shown_prediction=np.where(since, after[chosen], before[chosen]),
        shown_model_version=np.where(since, "v2", "v1"),
        plan_version=np.where(since, "p2", "p1"),
    )
    said = [
        pd.DataFrame({"item_id": np.arange(items), "model_version": name, "prediction": cells})
        for name, cells in (("v1", before), ("v2", after))
    ]
    return decisions, pd.concat(said, ignore_index=True)


def _drawn(plan, confidence, differs, reviews, seed):
    """Which items are asked, and how each came to be."""
    items, changed = len(confidence), np.flatnonzero(differs)
    if plan == PLANS[2]:
        draws = ReviewQueue(Pool(len(changed), ranked=None, random_share=1.0, seed=seed)).draw(reviews)
        return _as_rows(draws).assign(item_id=changed[[draw.position for draw in draws]])
    ranked = None if plan == PLANS[0] else np.argsort(confidence)
    pool = Pool(items, ranked=ranked, random_share=0.1, seed=seed)
    draws = ReviewQueue(pool).draw(reviews // 2 if plan == PLANS[3] else reviews)
    if plan == PLANS[3]:
        # What session.update_predictions does after half of the reviews.
        left = np.setdiff1d(changed, [draw.position for draw in draws]).tolist()
        draws += ReviewQueue(pool.only_changed(left)).draw(reviews - len(draws))
    return _as_rows(draws)


def _as_rows(draws):
    columns = {"item_id": "position", "chosen_by": "chosen_by", "selection_probability": "probability"}
    columns["pool_size"] = "pool_size"
    return pd.DataFrame({name: [getattr(draw, part) for draw in draws] for name, part in columns.items()})
