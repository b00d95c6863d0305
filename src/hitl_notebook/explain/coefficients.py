"""The coefficients of a linear model, and the proof that they are all there is to it."""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from hitl_notebook.errors import CannotExplain
from hitl_notebook.explain.contrast import two_sided
from hitl_notebook.explain.instead import INSTEAD
from hitl_notebook.explain.trace import Matrix, as_fitted

__all__ = ["coefficients", "decisions"]

_PROBES = 8
_DENSE = 10_000  # features; of more, only so many are not zero
_TOLERANCE = 1e-6  # some models answer in single precision


def coefficients(estimator: Any) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Coefficients of shape (classes, features) and intercepts of shape (classes,); of a regressor, of one row.

    Raises
    ------
    CannotExplain
        The estimator is not fitted or has none, gives several labels a row, or its answers to random rows are not the
        sums that they would make.
    """
    weights, intercept = _of_one_against_the_rest(estimator) or _own(estimator)
    if _is_classifier(estimator) and len(weights) == 1:
        weights, intercept = two_sided(weights[0]).T, two_sided(intercept)[0]
    if _is_classifier(estimator) and _gives_several_labels(estimator, weights.shape[1]):
        raise CannotExplain(f"{type(estimator).__name__} gives several labels a row, with no runner-up: {INSTEAD}")
    answers = len(estimator.classes_) if _is_classifier(estimator) else 1
    if len(weights) != answers or not _is_sum(estimator, weights, intercept):
        raise CannotExplain(f"the answer of {type(estimator).__name__} is not a sum of its coefficients: {INSTEAD}")
    return weights, intercept


def _own(estimator: Any) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    weights = getattr(estimator, "coef_", None)
    if weights is None or not hasattr(estimator, "intercept_"):
        if _is_unfitted(estimator):
            raise CannotExplain(f"{type(estimator).__name__} is not fitted yet")
        raise CannotExplain(f"{type(estimator).__name__} has no coefficients: {INSTEAD}")
    weights = weights.toarray() if sparse.issparse(weights) else np.asarray(weights)
    weights = np.atleast_2d(weights).astype(np.float64)
    return weights, np.broadcast_to(np.asarray(estimator.intercept_, dtype=np.float64), (len(weights),))


def _of_one_against_the_rest(estimator: Any) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]] | None:
    """Of a model that is one linear classifier for each class, theirs together; None of any other."""
    from sklearn.multiclass import OneVsRestClassifier

    if not isinstance(estimator, OneVsRestClassifier) or _is_unfitted(estimator) or estimator.multilabel_:
        return None
    parts = [_own(inner) for inner in estimator.estimators_]
    return np.concatenate([weights for weights, _ in parts]), np.concatenate([intercept for _, intercept in parts])


def _is_unfitted(estimator: Any) -> bool:
    from sklearn.exceptions import NotFittedError
    from sklearn.utils.validation import check_is_fitted

    try:
        check_is_fitted(estimator)
    except NotFittedError:
        return True
    except TypeError:  # no estimator at all
        return False
    return False


def decisions(model: Any, given: Any) -> npt.NDArray[np.float64]:
    """The model's own decision function, or what a regressor predicts, of shape (rows, classes or 1)."""
    if not _is_classifier(model):
        return np.asarray(model.predict(given), dtype=np.float64).reshape(-1, 1)
    decision = np.asarray(model.decision_function(given), dtype=np.float64)
    return two_sided(decision) if decision.ndim == 1 else decision


def _is_classifier(model: Any) -> bool:
    return hasattr(model, "decision_function") and hasattr(model, "classes_")


def _gives_several_labels(estimator: Any, width: int) -> bool:
    return hasattr(estimator, "predict") and np.ndim(estimator.predict(as_fitted(estimator, _probes(width)))) > 1


def _is_sum(estimator: Any, weights: npt.NDArray[np.float64], intercept: npt.NDArray[np.float64]) -> bool:
    rows = _probes(weights.shape[1])
    sums = rows @ weights.T + intercept
    answers = decisions(estimator, as_fitted(estimator, rows))
    return answers.shape == sums.shape and bool(np.allclose(answers, sums, rtol=_TOLERANCE, atol=_TOLERANCE))


def _probes(width: int) -> Matrix:
    random = np.random.default_rng(0)
    if width <= _DENSE:
        return random.normal(size=(_PROBES, width))
    values = random.normal(size=_DENSE)
    places = random.integers(_PROBES, size=_DENSE), random.integers(width, size=_DENSE)
    return sparse.csr_array((values, places), shape=(_PROBES, width))
