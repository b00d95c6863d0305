"""Tables for every chart, computed by the metrics from decisions that are made up."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from hitl_notebook import metrics

LABELS = ["refund", "card lost", "other"]
REVIEWERS = ["ada", "bo", "cy"]


def decisions(items: int = 30, reviewers: list[str] = REVIEWERS, labels: list[str] = LABELS) -> pd.DataFrame:
    """As ``session.decisions`` has them: who accepts and corrects by the model's confidence, and flags one in nine."""
    random = np.random.default_rng(3)
    confidence = random.random(items)
    prediction, truth = random.choice(labels, items), random.choice(labels, items)
    rows = []
    for item in range(items):
        for reviewer in reviewers:
            action = random.choice(
                ["accept", "correct", "flag"], p=[0.89 * confidence[item], 0.89 * (1 - confidence[item]), 0.11]
            )
            value = {"accept": prediction[item], "correct": truth[item], "flag": None}[action]
            rows.append((item, reviewer, action, prediction[item], confidence[item], value))
    columns = ["item_id", "reviewer", "action", "prediction", "confidence", "value"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["agreed"] = (frame["value"] == frame["prediction"]).astype("boolean").where(frame["value"].notna())
    frame["seconds"] = random.lognormal(1, 0.6, len(frame))
    frame["decided_at"] = pd.date_range("2026-01-05 09:00", periods=len(frame), freq="20s", tz="UTC")
    frame["recorded_at"] = frame["decided_at"]
    frame["slice_channel"] = np.array(["mail", "web"])[frame["item_id"] % 2]
    return frame


TABLES: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "agreement_coefficients": lambda decided: metrics.agreement_coefficients(metrics.ratings(decided)),
    "agreement_over_time": metrics.agreement_over_time,
    "class_scores": lambda decided: metrics.class_scores(decided["prediction"], decided["value"]),
    "compare_versions": lambda decided: (
        metrics.compare_predictions(
            decided["value"].tolist(),
            decided["prediction"].tolist(),
            decided["prediction"].iloc[::-1].tolist(),
            slices={"channel": decided["slice_channel"].tolist()},
        ).table
    ),
    "confidence_by_verdict": metrics.confidence_by_verdict,
    "confusion": lambda decided: metrics.confusion(decided["prediction"], decided["value"]),
    "corp_curve": lambda decided: metrics.corp_curve(decided["confidence"], decided["agreed"]),
    "pairwise_agreement": lambda decided: metrics.pairwise_agreement(metrics.ratings(decided)),
    "progress": lambda decided: metrics.progress(decided, total=100),
    "reliability": lambda decided: metrics.reliability(decided["confidence"], decided["agreed"]),
    "reviewer_drift": metrics.reviewer_drift,
    "slice_accuracy": metrics.slice_accuracy,
    "time_per_item": metrics.time_per_item,
}
