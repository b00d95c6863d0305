"""Fitting whatever can be fitted, and saying that it goes on."""

import inspect
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from threading import Event, Thread
from time import monotonic
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from hitl_notebook.errors import CannotTrain
from hitl_notebook.quoted import quoted
from hitl_notebook.training.rows import row_count

__all__ = ["Fit", "Say", "fitted", "is_fitted", "takes_weights"]

Say: TypeAlias = Callable[[str], object]
Fit: TypeAlias = Literal["refit", "partial"] | Callable[[Any, Any, Any, npt.NDArray[np.float64]], Any]

_FIRST_WORD_SECONDS = 5.0
_WEIGHTS = "sample_weight"


def fitted(
    estimator: Any,
    X: Any,
    y: Any,
    sample_weight: npt.NDArray[np.float64],
    *,
    fit: Fit,
    classes: Sequence[Any] | None,
    say: Say,
) -> Any:
    """Another estimator, fitted; the one given stays as it is.

    ``"refit"`` clones and fits, ``"partial"`` copies and calls ``partial_fit``, a function is called with a copy of the
    estimator, rows, values and weights and returns what it fitted. Weights go where they are taken.

    Raises
    ------
    CannotTrain
        The estimator has no such method, cannot be copied or has begun to learn in parts without one of the values; or
        the function returned nothing.
    """
    rows = f"{row_count(X):,} rows"
    if callable(fit):
        with _progress(f"fitting with {quoted(getattr(fit, '__qualname__', fit))} on {rows}", say):
            found = fit(_copied(estimator), X, y, sample_weight)
        if found is None:
            raise CannotTrain("fit= returned None: it is to return the model that it fitted")
        return found
    name = type(estimator).__name__
    if fit == "refit":
        model, method = _cloned(estimator), "fit"
    elif fit == "partial":
        model, method = _copied(estimator), "partial_fit"
    else:
        raise CannotTrain(f'fit={fit!r}: "refit", "partial", or a function of estimator, X, y and sample_weight')
    if not hasattr(model, method):
        raise CannotTrain(f"{name} has no {method}: name a function that fits it, as in fit=train")
    options: dict[str, Any] = {}
    weights = takes_weights(model, method)
    if weights is not None:
        options[weights] = sample_weight
    if fit == "partial":
        options |= _classes_to_come(model, y, classes)
    with _progress(f"fitting {name} on {rows}", say):
        getattr(model, method)(X, y, **options)
    return model


def _classes_to_come(model: Any, y: npt.NDArray[Any], classes: Sequence[Any] | None) -> dict[str, Any]:
    """What ``partial_fit`` is told of the classes that any rows may have; nothing where it began with fewer of them.

    Raises CannotTrain where ``y`` has one that it did not begin with: in parts none can be added.
    """
    from sklearn.multioutput import MultiOutputClassifier

    if "classes" not in _parameters(model, "partial_fit") or (classes is None and y.ndim == 1):
        return {}
    if y.ndim == 2 and not isinstance(model, MultiOutputClassifier):
        return {} if is_fitted(model) else {"classes": np.arange(y.shape[1])}
    columns = [y] if y.ndim == 1 else list(y.T)
    to_come = [np.array(classes)] if y.ndim == 1 else [np.array([0, 1])] * len(columns)
    begun = [model] if y.ndim == 1 else getattr(model, "estimators_", [])
    learned = [np.asarray(part.classes_).tolist() for part in begun if hasattr(part, "classes_")]
    remedy = 'give it not fitted, with what it learned from as base=, or use fit="refit"'
    name = type(model).__name__
    if len(learned) not in (0, len(columns)):
        raise CannotTrain(f"{name} has learned {len(learned)} labels, and there are {len(columns)}: {remedy}")
    for column, known in zip(columns, learned, strict=False):
        new = [value for value in dict.fromkeys(column.tolist()) if value not in known]
        if new:
            raise CannotTrain(
                f"{name} has learned {quoted(known)} and cannot learn {quoted(new[0])} in parts: {remedy}"
            )
    if any(set(known) != set(wanted.tolist()) for known, wanted in zip(learned, to_come, strict=False)):
        return {}
    return {"classes": to_come[0] if y.ndim == 1 else to_come}


def takes_weights(estimator: Any, method: str = "fit") -> str | None:
    """The name under which a method takes weights; None where it takes none.

    Of a pipeline that of its last step, of a search that of what it searches among; an estimator made of others takes
    them where each of those does, under the name under which it hands them on.
    """
    from sklearn.model_selection._search import BaseSearchCV

    if method == "fit" and isinstance(steps := getattr(estimator, "steps", None), list) and steps:
        name, last = steps[-1]
        inner = takes_weights(last) if hasattr(last, "fit") else None
        return None if inner is None else f"{name}__{inner}"
    if isinstance(estimator, BaseSearchCV):
        return takes_weights(estimator.estimator)
    hands_on = _hands_on(estimator)
    for inner in _inner(estimator):
        if not hasattr(inner, method):
            continue
        if takes_weights(inner, method) != _WEIGHTS or not (hands_on or _WEIGHTS in _parameters(inner, method)):
            return None
    return _WEIGHTS if hands_on or _WEIGHTS in _parameters(estimator, method) else None


def _parameters(estimator: Any, method: str) -> Collection[str]:
    return inspect.signature(getattr(estimator, method)).parameters.keys()


def _hands_on(estimator: Any) -> bool:
    """Whether it is one of those that take weights for the estimators that they are made of, without naming them."""
    from sklearn.ensemble import StackingClassifier, StackingRegressor, VotingClassifier, VotingRegressor

    return isinstance(estimator, StackingClassifier | StackingRegressor | VotingClassifier | VotingRegressor)


def _inner(estimator: Any) -> list[Any]:
    """The estimators that an estimator of scikit-learn's kind is made of, as a vote or one model a label is."""
    several = getattr(estimator, "estimators", None)
    named = several if isinstance(several, list) else []
    one = (getattr(estimator, name, None) for name in ("estimator", "final_estimator"))
    return [*one, *(part[1] for part in named if isinstance(part, tuple))]


def is_fitted(estimator: Any) -> bool:
    """Whether it can be asked already; what is no estimator of scikit-learn's kind is taken to be, but for nothing and
    for a class.
    """
    if estimator is None or isinstance(estimator, type):
        return False
    if not hasattr(estimator, "get_params"):
        return True
    from sklearn.exceptions import NotFittedError
    from sklearn.utils.validation import check_is_fitted

    try:
        check_is_fitted(estimator)
    except NotFittedError:
        return False
    return True


def _copied(estimator: Any) -> Any:
    try:
        return deepcopy(estimator)
    except Exception as error:  # what it holds is the user's
        raise CannotTrain(
            f"{type(estimator).__name__} cannot be copied, so that it would not stay as it is ({error}): give None, or "
            "what it is made from, and let the function of fit= make it"
        ) from error


def _cloned(estimator: Any) -> Any:
    if not hasattr(estimator, "get_params"):
        raise CannotTrain(
            f"{type(estimator).__name__} is no estimator of scikit-learn's kind: name a function that fits it, as in "
            "fit=train, which gets the model, X, y and sample_weight and returns what it fitted"
        )
    from sklearn.base import clone

    return clone(estimator)


@contextmanager
def _progress(what: str, say: Say) -> Iterator[None]:
    """Say what is done, how long it takes while it does, each time after twice as long, and how long it took."""
    began, done = monotonic(), Event()

    def tell() -> None:
        wait = _FIRST_WORD_SECONDS
        while not done.wait(wait - (monotonic() - began)):
            say(f"… {what}: {monotonic() - began:.0f} s so far")
            wait *= 2

    teller = Thread(target=tell, name="hitl fitting", daemon=True)
    say(f"{what[0].upper()}{what[1:]} …")
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()
    say(f"… done in {monotonic() - began:.1f} s.")
