"""A million confidences judged, beside the peers: python -m tests.benchmarks.calibration [pairs] [rounds] [folder].

Each figure of ours comes with its interval, and the errors with what chance would show; the peers' have none. The
libraries that are imported on first use are loaded before. Targets: half a second a figure, two seconds for the smooth
calibration error. relplot, whose licence is not open, has an environment of its own in the folder, the temporary one
where none is named.
"""

import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from hitl_notebook import metrics
from tests.benchmarks.contest import Contest, medians, print_contests, versions
from tests.benchmarks.elsewhere import elsewhere
from tests.benchmarks.peer_environments import peer_python

CLASSES = 5
GRID = np.linspace(0.001, 0.999, 999)
Columns = tuple[np.ndarray, np.ndarray]


def judged(pairs: int) -> Columns:
    rng = np.random.default_rng(0)
    confidence = rng.random(pairs)
    return confidence, rng.random(pairs) < confidence**1.1


def by_class(pairs: int) -> Columns:
    rng = np.random.default_rng(1)
    probabilities = rng.dirichlet(np.ones(CLASSES), size=pairs)
    return probabilities, (rng.random((pairs, 1)) > np.cumsum(probabilities, axis=1)).sum(axis=1).clip(max=CLASSES - 1)


def each(pairs: int) -> dict[str, Callable[..., Any]]:
    """Every figure there is; it takes weights, or none."""
    rows, classes = judged(pairs), by_class(pairs)
    in_bins = (
        metrics.reliability,
        metrics.expected_calibration_error,
        metrics.maximum_calibration_error,
        metrics.debiased_calibration_error,
    )
    return {
        **{
            f"{of.__name__}, {strategy} bins": partial(of, *rows, strategy=strategy)
            for of in in_bins
            for strategy in ("uniform", "quantile")
        },
        "expected_calibration_error, l2": partial(metrics.expected_calibration_error, *rows, norm="l2"),
        f"classwise_calibration_error, {CLASSES} classes": partial(metrics.classwise_calibration_error, *classes),
        **{
            of.__name__: partial(of, *rows)
            for of in (
                metrics.smooth_calibration_error,
                metrics.brier_score,
                metrics.brier_decomposition,
                metrics.log_loss,
                metrics.corp_curve,
            )
        },
        **{
            f"recalibrate, {method}": partial(metrics.recalibrate, *rows, method=method)
            for method in ("isotonic", "platt", "temperature")
        },
    }


def contests(rows: Columns) -> list[Contest]:
    pairs = len(rows[0])

    def of_sklearn(what: str, ours: Callable[[], Any], theirs: Callable[[], Any], **options: Any) -> Contest:
        return Contest(what, pairs, ours, "scikit-learn, no interval", "sklearn", theirs, **options)

    return [
        *(
            of_sklearn(
                f"reliability, {strategy} bins",
                lambda strategy=strategy: metrics.reliability(*rows, strategy=strategy)["agreed"],
                lambda strategy=strategy: sklearn_curve(rows, strategy),
                within=1e-4,  # a confidence that is 1e-7 above an edge lies on it here
            )
            for strategy in ("uniform", "quantile")
        ),
        of_sklearn("brier_score", lambda: metrics.brier_score(*rows).value, lambda: sklearn_score("brier", rows)),
        of_sklearn("log_loss", lambda: metrics.log_loss(*rows).value, lambda: sklearn_score("log", rows)),
        of_sklearn("corp_curve", lambda: corp_at_grid(rows), lambda: sklearn_isotonic(rows)),
        of_sklearn(
            "recalibrate, isotonic", lambda: metrics.recalibrate(*rows).predict(GRID), lambda: sklearn_isotonic(rows)
        ),
        of_sklearn(
            "recalibrate, platt",
            lambda: metrics.recalibrate(*rows, method="platt").predict(GRID),
            lambda: sklearn_sigmoid(rows),
            within=1e-3,
        ),
    ]


def corp_at_grid(rows: Columns) -> np.ndarray:
    curve = metrics.corp_curve(*rows)
    return np.interp(GRID, curve["confidence"], curve["recalibrated"])


def sklearn_curve(rows: Columns, strategy: str) -> np.ndarray:
    from sklearn.calibration import calibration_curve

    return calibration_curve(rows[1], rows[0], n_bins=10, strategy=strategy)[0]


def sklearn_score(which: str, rows: Columns) -> float:
    from sklearn.metrics import brier_score_loss, log_loss

    return float({"brier": brier_score_loss, "log": log_loss}[which](rows[1], rows[0]))


def sklearn_isotonic(rows: Columns) -> np.ndarray:
    from sklearn.isotonic import IsotonicRegression

    return IsotonicRegression(out_of_bounds="clip").fit(*rows).predict(GRID)


def sklearn_sigmoid(rows: Columns) -> np.ndarray:
    from sklearn.calibration import _SigmoidCalibration

    logit, of_grid = (np.log(p / (1 - p)) for p in (rows[0], GRID))
    return _SigmoidCalibration().fit(logit, rows[1]).predict(of_grid)


def print_beside_relplot(rows: Columns, rounds: int, folder: Path) -> None:
    """It is asked in its own environment, by a process that has loaded it and the pairs before."""
    what, peer = "smooth_calibration_error", "relplot, no interval"
    ours, pairs = lambda: metrics.smooth_calibration_error(*rows).value, len(rows[0])
    python = peer_python("relplot", folder)
    if python is None:
        print_contests([Contest(what, pairs, ours, peer, "relplot", lambda: None)], rounds)
        return
    with elsewhere(python, "relplot_elsewhere.py", {"confidence": rows[0], "agreed": rows[1]}) as ask:
        print_contests([Contest(what, pairs, ours, peer, "", lambda: ask("")[0], within=1e-3)], rounds)


def main(pairs: int, rounds: int, folder: Path) -> None:
    print(f"Calibration of {pairs:,} confidences")
    print(versions("numpy", "scipy", "scikit-learn"))
    print(f"\n{f'milliseconds, medians of {rounds}':<48}{'plain':>9}{'weighted':>11}")
    weight = 1 + np.random.default_rng(2).random(pairs)
    small = each(1_000)
    for name, figure in each(pairs).items():
        small[name]()
        plain, weighted = medians(rounds, figure, partial(figure, sample_weight=weight))
        print(f"{name:<48}{1_000 * plain:>9.1f}{1_000 * weighted:>11.1f}", flush=True)
    rows = judged(pairs)
    print_contests(contests(rows), rounds)
    print_beside_relplot(rows, rounds, folder)


if __name__ == "__main__":
    given = [*sys.argv[1:], *("1000000", "5", str(Path(tempfile.gettempdir()) / "hitl-peers"))[len(sys.argv) - 1 :]]
    main(int(given[0]), int(given[1]), Path(given[2]).resolve())
