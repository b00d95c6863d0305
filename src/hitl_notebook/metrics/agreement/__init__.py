"""How far reviewers say the same of the same items, beyond what chance would give."""

from hitl_notebook.metrics.agreement.alpha import krippendorff_alpha
from hitl_notebook.metrics.agreement.label_sets import jaccard_distance, masi_distance
from hitl_notebook.metrics.agreement.many_reviewers import (
    brennan_prediger,
    conger_kappa,
    fleiss_kappa,
    gwet_ac1,
    gwet_ac2,
    percent_agreement,
)
from hitl_notebook.metrics.agreement.summary import agreement_coefficients, pairwise_agreement
from hitl_notebook.metrics.agreement.two_reviewers import cohen_kappa, scott_pi

__all__ = [
    "agreement_coefficients",
    "brennan_prediger",
    "cohen_kappa",
    "conger_kappa",
    "fleiss_kappa",
    "gwet_ac1",
    "gwet_ac2",
    "jaccard_distance",
    "krippendorff_alpha",
    "masi_distance",
    "pairwise_agreement",
    "percent_agreement",
    "scott_pi",
]
