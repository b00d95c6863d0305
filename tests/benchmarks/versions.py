"""How often a next model is called better: python -m tests.benchmarks.versions [runs] [runs of the user's own calls].

First simulated reviews of two versions of a model, chosen in four ways (``tests/metrics/versions/simulated.py``); then
what a user calls, ``retrain`` and ``update_predictions`` with ``compare_versions``, on real sessions of which it is
known how much better the later model is (``tests/training/two_models.py``). Where it is no better, "better" may be said
in at most 5 runs of 100; where it is better, the share of runs that say so is the power. ``covered`` is the share of
intervals that hold the true difference, 95 % by intention.
"""

import sys
from collections.abc import Sequence

import numpy as np

from hitl_notebook.metrics import compare_versions
from hitl_notebook.metrics.versions.version_comparison import VersionComparison
from tests.metrics.versions.simulated import PLANS, Versions, review
from tests.training.sessions import review_in_turn, session_over
from tests.training.two_models import Signals, judged, retrained

ITEMS, SIZES = 1_000, (100, 300)
CASES = (Versions(0.2, 0.4, 0.4), Versions(0.2, 0.5, 0.3), Versions(0.2, 0.6, 0.2))
SIGNALS = (Signals(0.8, 0.8), Signals(0.8, 0.85), Signals(0.75, 0.85), Signals(0.7, 0.9))
ORDERS = ("random", "least_confident")


def main(runs: int, runs_of_calls: int) -> None:
    rng = np.random.default_rng(0)
    print(f"{runs} runs each, of {ITEMS:,} items, 20 % of which the versions say different things of")
    print_head("reviews chosen")
    for plan in PLANS:
        for reviews in SIZES:
            for case in CASES:
                reviewed = (review(case, plan, ITEMS, reviews, rng) for _ in range(runs))
                found = [compare_versions(rows, "v1", "v2", items=items) for rows, items in reviewed]
                print_row(plan, reviews, case.difference, found)
    print(f"\nretrain, {runs_of_calls} runs each; of the reviews those set aside are compared on")
    print_head("queue of 600 items")
    values = np.where(rng.random(600) < 0.5, "yes", "no")
    for order in ORDERS:
        with session_over(600, order=order) as session:
            review_in_turn(session, values, 400)
            for signals in SIGNALS:
                found = [retrained(signals, session, values, rng) for _ in range(runs_of_calls)]
                print_row(order, 400, signals.difference, found)
    print(f"\nupdate_predictions and compare_versions, {runs_of_calls} runs each; 30 % of the predictions change")
    print_head("queue of 200 items, then what changed")
    for order in ORDERS:
        for difference in (0.0, 0.05, 0.1, 0.15):
            print_row(order, 80, difference, [judged(difference, rng, order=order) for _ in range(runs_of_calls)])


def print_head(first: str) -> None:
    print(f"{first:44}{'reviews':>8}{'truth':>8}{'better':>8}{'worse':>7}{'covered':>9}{'width':>7}")


def print_row(name: str, reviews: int, truth: float, found: Sequence[VersionComparison]) -> None:
    better, worse = (np.mean([one.conclusion == said for one in found]) for said in ("better", "worse"))
    covered = np.mean([one.difference.low <= truth <= one.difference.high for one in found])
    width = np.median([one.difference.high - one.difference.low for one in found])
    print(f"{name:44}{reviews:8}{truth:+8.2f}{better:8.1%}{worse:7.1%}{covered:9.1%}{width:7.2f}", flush=True)


if __name__ == "__main__":
    main(*map(int, [*sys.argv[1:], *("1000", "200")[len(sys.argv) - 1 :]]))
