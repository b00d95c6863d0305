"""How long the tables behind the charts take: python -m tests.benchmarks.review_tables [decisions] [rounds].

Medians in milliseconds, on decisions as a session gives them; a live dashboard computes them again several times a
second. The target is 100 each, on 100,000 decisions.
"""

import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter, process_time
from typing import Any

import numpy as np
import pandas as pd

from hitl_notebook import metrics


def reviewed(count: int, reviewers: int, labels: int) -> pd.DataFrame:
    """Reviewers who each meet all items in an order of their own, and agree with the model in some 8 of 10."""
    rng = np.random.default_rng(0)
    items = count // reviewers
    item = np.concatenate([rng.permutation(items) for _ in range(reviewers)])
    reviewer = np.repeat(np.arange(reviewers), items)
    order = rng.permutation(len(item))
    item, reviewer = item[order], reviewer[order]
    names = np.array([f"label {label}" for label in range(labels)], dtype=object)
    prediction = rng.integers(labels, size=items)[item]
    value = np.where(rng.random(len(item)) < 0.8, prediction, rng.integers(labels, size=len(item)))
    flagged = rng.random(len(item)) < 0.05
    return pd.DataFrame(
        {
            "item_id": pd.Series([f"t{number}" for number in item]),
            "reviewer": pd.Series([f"reviewer {number}" for number in reviewer]),
            "action": np.where(flagged, "flag", np.where(value == prediction, "accept", "correct")),
            "prediction": pd.Series(names[prediction], dtype=object),
            "value": pd.Series(names[value], dtype=object).mask(flagged),
            "agreed": pd.Series(value == prediction, dtype="boolean").mask(flagged),
            "confidence": rng.random(items)[item],
            "seconds": rng.lognormal(1, 1, len(item)),
            "recorded_at": pd.date_range("2026-11-21", periods=len(item), freq="s", tz="UTC"),
            "selection_probability": 0.1,
            "pool_size": pd.Series([10 * items] * len(item), dtype="Int64"),
            "chosen_by": "sample",
            "slice_channel": pd.Series([f"channel {number % 7}" for number in item]),
        }
    )


def tables(decisions: pd.DataFrame) -> dict[str, Callable[[], Any]]:
    prediction, value = decisions["prediction"], decisions["value"]
    ratings = metrics.ratings(decisions)
    return {
        "ratings": lambda: metrics.ratings(decisions),
        "ratings, with the model": lambda: metrics.ratings(decisions, with_model=True),
        "majority_vote": lambda: metrics.majority_vote(ratings),
        "agreement_coefficients": lambda: metrics.agreement_coefficients(ratings),
        "agreement_over_time": lambda: metrics.agreement_over_time(decisions),
        "confidence_by_verdict": lambda: metrics.confidence_by_verdict(decisions),
        "time_per_item": lambda: metrics.time_per_item(decisions),
        "slice_accuracy": lambda: metrics.slice_accuracy(decisions),
        "progress": lambda: metrics.progress(decisions),
        "confusion": lambda: metrics.confusion(prediction, value),
        "class_scores": lambda: metrics.class_scores(prediction, value),
    }


def main(count: int, rounds: int) -> None:
    for reviewers, labels in ((5, 5), (2, 77), (50, 5)):
        print(f"{count:,} decisions by {reviewers} reviewers, {labels} labels{'':6}{'wall':>8}{'processor':>12}")
        for name, table in tables(reviewed(count, reviewers, labels)).items():
            wall, processor = [], []
            for _ in range(rounds + 1):  # the first loads what is imported on first use
                began, began_work = perf_counter(), process_time()
                table()
                wall.append(perf_counter() - began)
                processor.append(process_time() - began_work)
            print(f"{name:<48}{1_000 * median(wall[1:]):>8.1f}{1_000 * median(processor[1:]):>12.1f}", flush=True)


if __name__ == "__main__":
    main(*(int(argument) for argument in [*sys.argv[1:], *("100000", "5")[len(sys.argv) - 1 :]]))
