"""Decisions of reviewers who stay as they are or change at a stated decision: what drift is tested on."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

LABELS = np.array(["billing", "bug", "other", "praise", "refund"])


@dataclass(frozen=True)
class Ways:
    """How a reviewer decides: how often they see that the model is wrong, or take it for wrong where it is right."""

    sees_errors: float = 0.8
    sees_ghosts: float = 0.05
    flags: float = 0.03
    pace: float = 12.0  # seconds an item, the median


@dataclass(frozen=True)
class Items:
    """What is reviewed: Beta(a, b) confidences of a model that is right a bit less often than it says."""

    a: float = 4.0
    b: float = 1.5
    right: float = 0.0  # added to how often the model is right, which the confidence does not show
    hardness: float = 1.0  # factor of the seconds

    def drawn(self, rng: np.random.Generator, number: int) -> pd.DataFrame:
        confidence = rng.beta(self.a, self.b, number)
        prediction = rng.integers(len(LABELS), size=number)
        right = rng.random(number) < np.clip(confidence**1.3 + self.right, 0, 1)
        truth = np.where(right, prediction, (prediction + rng.integers(1, len(LABELS), size=number)) % len(LABELS))
        hardness = self.hardness * np.exp(0.3 * rng.standard_normal(number) + 0.5 * (1 - confidence))
        columns = {"confidence": confidence, "prediction": prediction, "truth": truth, "hardness": hardness}
        return pd.DataFrame(columns).rename_axis("item_id").reset_index()


def decided_by(rng: np.random.Generator, reviewer: str, items: pd.DataFrame, ways: list[Ways]) -> pd.DataFrame:
    """One reviewer's decisions on the items, in their order; ``ways`` has one entry a decision."""
    number = len(items)
    column = {name: np.array([getattr(way, name) for way in ways]) for name in Ways.__dataclass_fields__}
    prediction, truth = items["prediction"].to_numpy(), items["truth"].to_numpy()
    wrong = prediction != truth
    overrides = rng.random(number) < np.where(wrong, column["sees_errors"], column["sees_ghosts"])
    said = np.where(wrong, truth, (prediction + 1) % len(LABELS))
    action = np.where(overrides, "correct", "accept")
    flagged = rng.random(number) < column["flags"]
    value = LABELS[np.where(overrides, said, prediction)].astype(object)
    value[flagged] = None
    return pd.DataFrame(
        {
            "item_id": items["item_id"].to_numpy(),
            "reviewer": reviewer,
            "action": np.where(flagged, "flag", action),
            "value": value,
            "confidence": items["confidence"].to_numpy(),
            "seconds": column["pace"] * items["hardness"].to_numpy() * np.exp(0.5 * rng.standard_normal(number)),
        }
    )


def taking_turns(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """The decisions of several reviewers in one log, one each in turn, ten seconds apart."""
    log = pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
    log["decided_at"] = pd.Timestamp("2026-03-02 09:00", tz="UTC") + pd.to_timedelta(10 * log.index, unit="s")
    return log


def steady(ways: Ways, decisions: int) -> list[Ways]:
    return [ways] * decisions
