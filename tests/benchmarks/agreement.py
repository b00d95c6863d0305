"""How long agreement takes beside the peers that install: python -m tests.benchmarks.agreement [items] [rounds].

All begin with what a user holds, the ratings: statsmodels' kappa takes a square table of counts, which the user makes
with its ``to_table`` or with pandas' ``crosstab``. Both are timed, and the kappa alone of a table made before. Peers
that give no standard error do less than ours beside them, which does. Ours and theirs take turns.
"""

import sys
from collections.abc import Callable
from functools import partial
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
OF_MANY = (
    metrics.percent_agreement,
    metrics.fleiss_kappa,
    metrics.conger_kappa,
    metrics.krippendorff_alpha,
    metrics.gwet_ac1,
    metrics.brennan_prediger,
)
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


def seconds(rounds: int, *calls: Callable[[], Any]) -> list[float]:
    """The median of each call, all taking turns."""
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(rounds):
        for call, took in zip(calls, times, strict=True):
            began = perf_counter()
            call()
            took.append(perf_counter() - began)
    return [median(took) for took in times]


def nltk_alpha(codes: np.ndarray) -> float:
    rows = [(reviewer, item, code) for item, row in enumerate(codes.tolist()) for reviewer, code in enumerate(row)]
    return AnnotationTask(data=rows).alpha()


def of_statsmodels(table: Any) -> float:
    return float(cohens_kappa(np.asarray(table)).kappa)


def contests(items: int) -> list[Contest]:
    frame, full = reviewed(items, 0.0)
    _, gaps = reviewed(items, 0.2)
    few = full[:NLTK_ITEMS]
    kappas = []
    for what, first, second in (
        ("labels", frame.iloc[:, 0], frame.iloc[:, 1]),
        ("numbers", full[:, 0].astype(int), full[:, 1].astype(int)),
    ):
        made = to_table(np.column_stack([first, second]))[0]
        for peer, theirs in (
            ("statsmodels, to_table", lambda a, b, _: of_statsmodels(to_table(np.column_stack([a, b]))[0])),
            ("statsmodels, pandas.crosstab", lambda a, b, _: of_statsmodels(pd.crosstab(a, b))),
            ("statsmodels, of a table made before", lambda _, __, table: of_statsmodels(table)),
        ):
            kappas.append(
                Contest(
                    f"Cohen's kappa of {what}",
                    items,
                    lambda a=first, b=second: metrics.cohen_kappa(a, b).value,
                    peer,
                    lambda a=first, b=second, table=made, of=theirs: of(a, b, table),
                )
            )
    return [
        *kappas,
        Contest(
            "Fleiss' kappa",
            items,
            lambda: metrics.fleiss_kappa(full).value,
            "statsmodels, no standard error",
            lambda: statsmodels_fleiss(aggregate_raters(full)[0]),
        ),
        Contest(
            "alpha with gaps",
            items,
            lambda: metrics.krippendorff_alpha(gaps).value,
            "krippendorff, no standard error",
            lambda: krippendorff.alpha(reliability_data=gaps.T, level_of_measurement="nominal"),
        ),
        Contest(
            "alpha",
            len(few),
            lambda: metrics.krippendorff_alpha(few).value,
            "nltk, no standard error",
            lambda: nltk_alpha(few),
        ),
    ]


def each(frame: pd.DataFrame, codes: np.ndarray) -> dict[str, Callable[[], Any]]:
    """Every statistic there is, each from the raw table, with its standard error."""
    of_labels = {
        **{of.__name__: partial(of, frame) for of in OF_MANY},
        "gwet_ac2, ordinal": partial(metrics.gwet_ac2, frame, weights="ordinal"),
        "scott_pi": lambda: metrics.scott_pi(frame.iloc[:, 0], frame.iloc[:, 1]),
        "cohen_kappa, quadratic": lambda: metrics.cohen_kappa(frame.iloc[:, 0], frame.iloc[:, 1], weights="quadratic"),
        "pairwise_agreement, all ten pairs": partial(metrics.pairwise_agreement, frame),
        "agreement_coefficients, all six": partial(metrics.agreement_coefficients, frame),
    }
    alphas = {
        f"krippendorff_alpha, {level}": partial(metrics.krippendorff_alpha, codes, level)
        for level in ("ordinal", "interval", "ratio")
    }
    return {**of_labels, **alphas}


def main(items: int, rounds: int) -> None:
    print(f"{items:,} items, {REVIEWERS} reviewers, {len(LABELS)} categories; medians of {rounds}, milliseconds")
    tables = {"full": each(*reviewed(items, 0.0)), "a fifth missing": each(*reviewed(items, 0.2))}
    print(f"{'with its standard error':<38}" + "".join(f"{name:>17}" for name in tables))
    for statistic in tables["full"]:
        took = seconds(rounds, *(table[statistic] for table in tables.values()))
        print(f"{statistic:<38}" + "".join(f"{1_000 * each_took:>17.1f}" for each_took in took))
    print(f"{'':<24}{'ours':>22}   {'':<36}{'theirs':>9}{'times ours':>14}")
    for contest in contests(items):
        assert abs(contest.ours() - contest.theirs()) < 1e-9, contest.what
        ours, theirs = seconds(rounds, contest.ours, contest.theirs)
        beside = f"{1_000 * ours:>9.1f}   {contest.peer:<36}{1_000 * theirs:>9.1f}{theirs / ours:>14.1f}"
        print(f"{contest.what:<24}{contest.items:>8,} items{beside}")


if __name__ == "__main__":
    main(*(int(argument) for argument in [*sys.argv[1:], *("100000", "5")[len(sys.argv) - 1 :]]))
