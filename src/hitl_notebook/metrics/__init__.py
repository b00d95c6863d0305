"""Figures from what was decided: arrays and tables in, an ``Estimate`` or a table out."""

from typing import TYPE_CHECKING

from hitl_notebook.first_use import on_first_use

if TYPE_CHECKING:
    from hitl_notebook.metrics.accuracy import census_accuracy, sample_accuracy, weighted_accuracy
    from hitl_notebook.metrics.agreement import (
        agreement_coefficients,
        brennan_prediger,
        cohen_kappa,
        conger_kappa,
        fleiss_kappa,
        gwet_ac1,
        gwet_ac2,
        jaccard_distance,
        krippendorff_alpha,
        masi_distance,
        pairwise_agreement,
        percent_agreement,
        scott_pi,
    )
    from hitl_notebook.metrics.calibration.brier import brier_score
    from hitl_notebook.metrics.calibration.brier_parts import brier_decomposition
    from hitl_notebook.metrics.calibration.calibration_error import (
        expected_calibration_error,
        maximum_calibration_error,
    )
    from hitl_notebook.metrics.calibration.classwise import classwise_calibration_error
    from hitl_notebook.metrics.calibration.corp import corp_curve
    from hitl_notebook.metrics.calibration.debiased import debiased_calibration_error
    from hitl_notebook.metrics.calibration.log_loss import log_loss
    from hitl_notebook.metrics.calibration.recalibration import Recalibration, recalibrate
    from hitl_notebook.metrics.calibration.reliability import reliability
    from hitl_notebook.metrics.calibration.smooth import smooth_calibration_error
    from hitl_notebook.metrics.drift import (
        adwin,
        cusum_chart,
        drift_alarms,
        ewma_chart,
        page_hinkley,
        reviewer_drift,
    )
    from hitl_notebook.metrics.prediction.class_scores import class_scores
    from hitl_notebook.metrics.prediction.confusion import confusion
    from hitl_notebook.metrics.prediction.majority_vote import majority_vote
    from hitl_notebook.metrics.review.agreement_over_time import agreement_over_time
    from hitl_notebook.metrics.review.confidence_by_verdict import confidence_by_verdict
    from hitl_notebook.metrics.review.progress import progress
    from hitl_notebook.metrics.review.ratings import ratings
    from hitl_notebook.metrics.review.slice_accuracy import slice_accuracy
    from hitl_notebook.metrics.review.time_per_item import time_per_item
    from hitl_notebook.metrics.selection import selection_weights
    from hitl_notebook.metrics.versions.compare_versions import compare_predictions, compare_versions
    from hitl_notebook.metrics.versions.mcnemar import mcnemar_p
    from hitl_notebook.metrics.versions.version_comparison import VersionComparison

__all__ = [
    "Recalibration",
    "VersionComparison",
    "adwin",
    "agreement_coefficients",
    "agreement_over_time",
    "brennan_prediger",
    "brier_decomposition",
    "brier_score",
    "census_accuracy",
    "class_scores",
    "classwise_calibration_error",
    "cohen_kappa",
    "compare_predictions",
    "compare_versions",
    "confidence_by_verdict",
    "confusion",
    "conger_kappa",
    "corp_curve",
    "cusum_chart",
    "debiased_calibration_error",
    "drift_alarms",
    "ewma_chart",
    "expected_calibration_error",
    "fleiss_kappa",
    "gwet_ac1",
    "gwet_ac2",
    "jaccard_distance",
    "krippendorff_alpha",
    "log_loss",
    "majority_vote",
    "masi_distance",
    "maximum_calibration_error",
    "mcnemar_p",
    "page_hinkley",
    "pairwise_agreement",
    "percent_agreement",
    "progress",
    "ratings",
    "recalibrate",
    "reliability",
    "reviewer_drift",
    "sample_accuracy",
    "scott_pi",
    "selection_weights",
    "slice_accuracy",
    "smooth_calibration_error",
    "time_per_item",
    "weighted_accuracy",
]

# Imported on first use, as each brings its own libraries.
_HOMES = {
    "Recalibration": "calibration.recalibration",
    "VersionComparison": "versions.version_comparison",
    "adwin": "drift",
    "agreement_coefficients": "agreement",
    "agreement_over_time": "review.agreement_over_time",
    "brennan_prediger": "agreement",
    "brier_decomposition": "calibration.brier_parts",
    "brier_score": "calibration.brier",
    "census_accuracy": "accuracy",
    "class_scores": "prediction.class_scores",
    "classwise_calibration_error": "calibration.classwise",
    "cohen_kappa": "agreement",
    "compare_predictions": "versions.compare_versions",
    "compare_versions": "versions.compare_versions",
    "confidence_by_verdict": "review.confidence_by_verdict",
    "confusion": "prediction.confusion",
    "conger_kappa": "agreement",
    "corp_curve": "calibration.corp",
    "cusum_chart": "drift",
    "debiased_calibration_error": "calibration.debiased",
    "drift_alarms": "drift",
    "ewma_chart": "drift",
    "expected_calibration_error": "calibration.calibration_error",
    "fleiss_kappa": "agreement",
    "gwet_ac1": "agreement",
    "gwet_ac2": "agreement",
    "jaccard_distance": "agreement",
    "krippendorff_alpha": "agreement",
    "log_loss": "calibration.log_loss",
    "majority_vote": "prediction.majority_vote",
    "masi_distance": "agreement",
    "maximum_calibration_error": "calibration.calibration_error",
    "mcnemar_p": "versions.mcnemar",
    "page_hinkley": "drift",
    "pairwise_agreement": "agreement",
    "percent_agreement": "agreement",
    "progress": "review.progress",
    "ratings": "review.ratings",
    "recalibrate": "calibration.recalibration",
    "reliability": "calibration.reliability",
    "reviewer_drift": "drift",
    "sample_accuracy": "accuracy",
    "scott_pi": "agreement",
    "selection_weights": "selection",
    "slice_accuracy": "review.slice_accuracy",
    "smooth_calibration_error": "calibration.smooth",
    "time_per_item": "review.time_per_item",
    "weighted_accuracy": "accuracy",
}


__getattr__ = on_first_use(__name__, _HOMES)


def __dir__() -> list[str]:
    return list(__all__)
