"""How long agreement takes beside the peers that install: python -m tests.benchmarks.agreement [items] [rounds]."""

import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

import krippendorff
import numpy as np
import pandas as pd
from nltk.metrics.agreement import AnnotationTask
from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa, to_table
from statsmodels.stats.inter_rater import fleiss_kappa as statsmodels_fleiss

from hitl_notebook import metrics

LABELS = np.array(["billing", "bug", "other", "praise", "refund"])
REVIEWERS = 5
NLTK_ITEMS = 500  # its time grows with the items, at some milliseconds each


class Contest(NamedTuple):
    what: str
    items: int
    ours: Callable[[], float]
    peer: str
    theirs: Callable[[], float]


def reviewed(items: int, gaps: float) -> tuple[pd.DataFrame, np.ndarray]:
    """The same ratings as a frame of labels and as numbers, 7 of 10 right and the rest at random."""
    rng = np.random.default_rng(0)
    truth = rng.integers(0, len(LABELS), size=(items, 1))
    codes = np.where(rng.random((items, REVIEWERS)) < 0.7, truth, rng.integers(0, len(LABELS), size=(items, REVIEWERS)))
    missing = rng.random(codes.shape) < gaps
    frame = pd.DataFrame(LABELS[codes], columns=[f"reviewer {place}" for place in range(REVIEWERS)]).mask(missing)
    return frame, np.where(missing, np.nan, codes)


def seconds(call: Callable[[], Any], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        began = perf_counter()
        call()
        times.append(perf_counter() - began)
    return median(times)


def nltk_alpha(codes: np.ndarray) -> float:
    rows = [(reviewer, item, code) for item, row in enumerate(codes.tolist()) for reviewer, code in enumerate(row)]
    return AnnotationTask(data=rows).alpha()


def contests(items: int) -> list[Contest]:
    _, full = reviewed(items, 0.0)
    _, gaps = reviewed(items, 0.2)
    few = full[:NLTK_ITEMS]
    a, b = full[:, 0], full[:, 1]
    return [
        Contest(
            "Cohen's kappa, with standard error",
            items,
            lambda: metrics.cohen_kappa(a, b).value,
            "statsmodels, with standard error",
            lambda: cohens_kappa(to_table(full[:, :2])[0]).kappa,
        ),
        Contest(
            "Fleiss' kappa, with standard error",
            items,
            lambda: metrics.fleiss_kappa(full).value,
            "statsmodels, without",
            lambda: statsmodels_fleiss(aggregate_raters(full)[0]),
        ),
        Contest(
            "alpha with gaps, with standard error",
            items,
            lambda: metrics.krippendorff_alpha(gaps).value,
            "krippendorff, without",
            lambda: krippendorff.alpha(reliability_data=gaps.T, level_of_measurement="nominal"),
        ),
        Contest(
            "alpha, with standard error",
            len(few),
            lambda: metrics.krippendorff_alpha(few).value,
            "nltk, without",
            lambda: nltk_alpha(few),
        ),
    ]


def main(items: int, rounds: int) -> None:
    print(f"{items:,} items, {REVIEWERS} reviewers, {len(LABELS)} categories; medians of {rounds}, milliseconds")
    for what, gaps in (("labels", 0.0), ("labels with gaps", 0.2)):
        frame, codes = reviewed(items, gaps)
        for kind, table in ((what, frame), (what.replace("labels", "numbers"), pd.DataFrame(codes))):
            took = seconds(lambda table=table: metrics.agreement_coefficients(table), rounds)
            print(f"all six coefficients with standard errors, {kind:<20}{1_000 * took:>9.1f}")
    for contest in contests(items):
        assert abs(contest.ours() - contest.theirs()) < 1e-9, contest.what
        ours, theirs = seconds(contest.ours, rounds), seconds(contest.theirs, rounds)
        beside = f"{1_000 * ours:>9.1f}   {contest.peer:<34}{1_000 * theirs:>9.1f}   {theirs / ours:>6.1f} times ours"
        print(f"{contest.what:<38}{contest.items:>8,} items{beside}")


if __name__ == "__main__":
    main(*(int(argument) for argument in [*sys.argv[1:], *("100000", "5")[len(sys.argv) - 1 :]]))
