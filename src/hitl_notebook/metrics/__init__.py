"""Figures from what was decided: arrays and tables in, an ``Estimate`` or a table out."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

__all__ = [
    "Recalibration",
    "agreement_coefficients",
    "brennan_prediger",
    "brier_decomposition",
    "brier_score",
    "classwise_calibration_error",
    "cohen_kappa",
    "conger_kappa",
    "corp_curve",
    "debiased_calibration_error",
    "expected_calibration_error",
    "fleiss_kappa",
    "gwet_ac1",
    "gwet_ac2",
    "jaccard_distance",
    "krippendorff_alpha",
    "log_loss",
    "masi_distance",
    "maximum_calibration_error",
    "pairwise_agreement",
    "percent_agreement",
    "recalibrate",
    "reliability",
    "scott_pi",
    "smooth_calibration_error",
]

# Imported on first use, as each brings its own libraries.
_HOMES = {
    "Recalibration": "calibration.recalibration",
    "agreement_coefficients": "agreement",
    "brennan_prediger": "agreement",
    "brier_decomposition": "calibration.brier_parts",
    "brier_score": "calibration.brier",
    "classwise_calibration_error": "calibration.classwise",
    "cohen_kappa": "agreement",
    "conger_kappa": "agreement",
    "corp_curve": "calibration.corp",
    "debiased_calibration_error": "calibration.debiased",
    "expected_calibration_error": "calibration.calibration_error",
    "fleiss_kappa": "agreement",
    "gwet_ac1": "agreement",
    "gwet_ac2": "agreement",
    "jaccard_distance": "agreement",
    "krippendorff_alpha": "agreement",
    "log_loss": "calibration.log_loss",
    "masi_distance": "agreement",
    "maximum_calibration_error": "calibration.calibration_error",
    "pairwise_agreement": "agreement",
    "percent_agreement": "agreement",
    "recalibrate": "calibration.recalibration",
    "reliability": "calibration.reliability",
    "scott_pi": "agreement",
    "smooth_calibration_error": "calibration.smooth",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(__all__)
