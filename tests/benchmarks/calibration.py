"""A million confidences judged, beside scikit-learn: python tests/benchmarks/calibration.py [pairs].

Medians of three, in seconds; the libraries that are imported on first use are loaded before. Targets: half a second a
figure, two seconds for the smooth calibration error.
"""

import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from sklearn import metrics as sklearn_metrics
from sklearn.calibration import calibration_curve
from sklearn.isotonic import IsotonicRegression

from hitl_notebook import metrics

FIGURES = (
    metrics.reliability,
    metrics.expected_calibration_error,
    metrics.maximum_calibration_error,
    metrics.debiased_calibration_error,
    metrics.smooth_calibration_error,
    metrics.brier_score,
    metrics.brier_decomposition,
    metrics.log_loss,
    metrics.corp_curve,
    metrics.recalibrate,
)


def seconds(call: Callable[[], Any]) -> float:
    times = []
    for _ in range(3):
        began = perf_counter()
        call()
        times.append(perf_counter() - began)
    return median(times)


def main(rows: int) -> None:
    rng = np.random.default_rng(0)
    confidence = rng.random(rows)
    agreed = rng.random(rows) < confidence**1.1
    weight = 1 + rng.random(rows)
    peers: dict[str, Callable[[], Any]] = {
        "reliability": lambda: calibration_curve(agreed, confidence, n_bins=10),
        "brier_score": lambda: sklearn_metrics.brier_score_loss(agreed, confidence),
        "log_loss": lambda: sklearn_metrics.log_loss(agreed, confidence),
        "corp_curve": lambda: IsotonicRegression().fit(confidence, agreed),
    }
    print(f"{rows:,} pairs; seconds{'':18}{'plain':>8}{'weighted':>10}{'scikit-learn':>14}")
    for figure in FIGURES:
        figure(confidence[:1_000], agreed[:1_000])
        plain = seconds(lambda figure=figure: figure(confidence, agreed))
        weighted = seconds(lambda figure=figure: figure(confidence, agreed, weight))
        peer = peers.get(figure.__name__)
        print(f"{figure.__name__:36}{plain:8.2f}{weighted:10.2f}{f'{seconds(peer):14.2f}' if peer else ''}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
