"""How long agreement takes beside the peers that install.

    python -m tests.benchmarks.agreement [items] [rounds] [folder]

All begin with what a user holds, the ratings: statsmodels' kappa takes a square table of counts, which the user makes
with its ``to_table`` or with pandas' ``crosstab``. Both are timed, and the kappa alone of a table made before. Peers
that give no standard error do less than ours beside them, which does. irrCAC, which has all of Gwet's and asks for an
older pandas, gets an environment of its own in the folder, the temporary one where none is named. Ours and theirs take
turns.
"""

import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import hitl_notebook as hitl
from hitl_notebook import metrics
from tests.benchmarks.contest import Contest, medians, print_contests, versions
from tests.benchmarks.elsewhere import elsewhere
from tests.benchmarks.peer_environments import peer_python

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
IRRCAC = {
    metrics.fleiss_kappa: "fleiss",
    metrics.conger_kappa: "conger",
    metrics.krippendorff_alpha: "krippendorff",
    metrics.gwet_ac1: "gwet",
    metrics.brennan_prediger: "bp",
}
NLTK_ITEMS = 500  # its time grows with the items, at some milliseconds each


def reviewed(items: int, gaps: float) -> tuple[pd.DataFrame, np.ndarray]:
    """The same ratings as a frame of labels and as numbers, 7 of 10 right and the rest at random."""
    rng = np.random.default_rng(0)
    truth = rng.integers(0, len(LABELS), size=(items, 1))
    codes = np.where(rng.random((items, REVIEWERS)) < 0.7, truth, rng.integers(0, len(LABELS), size=(items, REVIEWERS)))
    missing = rng.random(codes.shape) < gaps
    frame = pd.DataFrame(LABELS[codes], columns=[f"reviewer {place}" for place in range(REVIEWERS)]).mask(missing)
    return frame, np.where(missing, np.nan, codes)


def label_sets(codes: np.ndarray) -> pd.DataFrame:
    """The same ratings as sets of one or two labels, which have more or less in common."""
    sets = [(), ("billing",), ("billing", "bug"), ("bug", "refund"), ("other",)]
    return pd.DataFrame([[None if code != code else sets[int(code)] for code in row] for row in codes.tolist()])


def nltk_alpha(rows: list[list[Any]], distance: Callable[[Any, Any], float]) -> float:
    from nltk.metrics.agreement import AnnotationTask

    data = [
        (reviewer, item, value)
        for item, row in enumerate(rows)
        for reviewer, value in enumerate(row)
        if value is not None
    ]
    return AnnotationTask(data=data, distance=distance).alpha()


def nltk_alpha_of_sets(rows: list[list[Any]]) -> float:
    from nltk.metrics.distance import jaccard_distance

    # Of two empty sets it divides by zero.
    return nltk_alpha(rows, lambda a, b: 0.0 if a == b else jaccard_distance(a, b))


def statsmodels_table(first: Any, second: Any) -> Any:
    from statsmodels.stats.inter_rater import to_table

    return to_table(np.column_stack([first, second]))[0]


def statsmodels_cohen(table: Any) -> float:
    from statsmodels.stats.inter_rater import cohens_kappa

    return float(cohens_kappa(np.asarray(table)).kappa)


def statsmodels_fleiss(ratings: np.ndarray) -> float:
    from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

    return float(fleiss_kappa(aggregate_raters(ratings)[0]))


def krippendorffs_alpha(ratings: np.ndarray, level_of_measurement: str) -> float:
    import krippendorff

    return float(krippendorff.alpha(reliability_data=ratings.T, level_of_measurement=level_of_measurement))


def of_cohen(what: str, first: Any, second: Any) -> list[Contest]:
    """The table of counts is not there before, and a table that is there for each call beside it."""
    ours = partial(metrics.cohen_kappa, first, second)
    made: list[Any] = []

    def of_table_made_before() -> float:
        if not made:
            made.append(statsmodels_table(first, second))
        return statsmodels_cohen(made[0])

    peers = {
        "statsmodels, to_table": lambda: statsmodels_cohen(statsmodels_table(first, second)),
        "statsmodels, pandas.crosstab": lambda: statsmodels_cohen(pd.crosstab(first, second)),
        "statsmodels, of a table made before": of_table_made_before,
    }
    return [
        Contest(f"Cohen's kappa of {what}", len(first), lambda: ours().value, peer, "statsmodels", theirs)
        for peer, theirs in peers.items()
    ]


def contests(items: int) -> list[Contest]:
    frame, full = reviewed(items, 0.0)
    _, gaps = reviewed(items, 0.2)
    few = full[:NLTK_ITEMS].astype(int).tolist()
    sets = label_sets(full[:NLTK_ITEMS])
    few_sets = [[frozenset(value) for value in row] for row in sets.to_numpy().tolist()]
    numbers = full.astype(int)
    levels = ("nominal", "ordinal", "interval", "ratio")
    return [
        *of_cohen("labels", frame.iloc[:, 0], frame.iloc[:, 1]),
        *of_cohen("numbers", numbers[:, 0], numbers[:, 1]),
        Contest(
            "Fleiss' kappa",
            items,
            lambda: metrics.fleiss_kappa(full).value,
            "statsmodels, no standard error",
            "statsmodels",
            lambda: statsmodels_fleiss(full),
        ),
        *(
            Contest(
                f"alpha with gaps ({level})",
                items,
                lambda level=level: metrics.krippendorff_alpha(gaps, level).value,
                "krippendorff, no standard error",
                "krippendorff",
                lambda level=level: krippendorffs_alpha(gaps, level),
            )
            for level in levels
        ),
        Contest(
            "alpha (nominal)",
            len(few),
            lambda: metrics.krippendorff_alpha(few).value,
            "nltk, no standard error",
            "nltk",
            lambda: nltk_alpha(few, lambda a, b: float(a != b)),
        ),
        Contest(
            "alpha of sets of labels by Jaccard's distance",
            len(sets),
            lambda: metrics.krippendorff_alpha(sets, metrics.jaccard_distance).value,
            "nltk, no standard error",
            "nltk",
            lambda: nltk_alpha_of_sets(few_sets),
        ),
    ]


def print_beside_irrcac(items: int, rounds: int, folder: Path) -> None:
    """Coefficient and standard error of the same numbers, full and with a fifth missing."""
    tables = {"full": reviewed(items, 0.0)[1], "gaps": reviewed(items, 0.2)[1]}
    peer, python = "irrCAC, with its standard error", peer_python("irrcac", folder)

    def beside(ask: Callable[[str], list[float]], library: str) -> list[Contest]:
        return [
            Contest(
                f"{of.__name__} ({name})",
                items,
                lambda of=of, codes=codes: value_and_error(of(codes)),
                peer,
                library,
                lambda name=name, theirs=theirs: ask(f"{name} {theirs}"),
                within=1e-6,  # with gaps its standard error of alpha is a little off that of R's irrCAC
            )
            for name, codes in tables.items()
            for of, theirs in IRRCAC.items()
        ]

    if python is None:
        print_contests(beside(lambda _: [], "irrCAC"), rounds)
        return
    with elsewhere(python, "irrcac_elsewhere.py", tables) as ask:
        print_contests(beside(ask, ""), rounds)


def value_and_error(estimate: hitl.Estimate) -> list[float]:
    return [estimate.value, estimate.standard_error]


def each(frame: pd.DataFrame, codes: np.ndarray) -> dict[str, Callable[[], Any]]:
    """Every statistic there is, each from the raw table, with its standard error."""
    of_labels = {
        **{of.__name__: partial(of, frame) for of in OF_MANY},
        "gwet_ac2, ordinal": partial(metrics.gwet_ac2, frame, weights="ordinal", categories=LABELS.tolist()),
        "scott_pi": lambda: metrics.scott_pi(frame.iloc[:, 0], frame.iloc[:, 1]),
        "cohen_kappa, quadratic": lambda: metrics.cohen_kappa(
            frame.iloc[:, 0], frame.iloc[:, 1], weights="quadratic", categories=LABELS.tolist()
        ),
        "pairwise_agreement, all ten pairs": partial(metrics.pairwise_agreement, frame),
        "agreement_coefficients, all six": partial(metrics.agreement_coefficients, frame),
    }
    sets = label_sets(codes)
    alphas = {
        f"krippendorff_alpha, {level}": partial(metrics.krippendorff_alpha, codes, level)
        for level in ("ordinal", "interval", "ratio")
    } | {
        f"krippendorff_alpha, {distance.__name__}": partial(metrics.krippendorff_alpha, sets, distance)
        for distance in (metrics.masi_distance, metrics.jaccard_distance)
    }
    return {**of_labels, **alphas}


def main(items: int, rounds: int, folder: Path) -> None:
    print(f"Agreement of {items:,} items, {REVIEWERS} reviewers, {len(LABELS)} categories")
    print(versions("numpy", "pandas", "krippendorff", "statsmodels", "nltk"))
    print(f"\n{f'milliseconds, medians of {rounds}':<42}{'full':>17}{'a fifth missing':>17}")
    full, gaps = each(*reviewed(items, 0.0)), each(*reviewed(items, 0.2))
    for statistic in full:
        took = medians(rounds, full[statistic], gaps[statistic])
        print(f"{statistic:<42}" + "".join(f"{1_000 * each_took:>17.1f}" for each_took in took), flush=True)
    print_contests(contests(items), rounds)
    print_beside_irrcac(items, rounds, folder)


if __name__ == "__main__":
    given = [*sys.argv[1:], *("100000", "5", str(Path(tempfile.gettempdir()) / "hitl-peers"))[len(sys.argv) - 1 :]]
    main(int(given[0]), int(given[1]), Path(given[2]).resolve())
