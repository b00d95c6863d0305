"""The next model: learned from the reviews, and judged on what no model has learned from."""

import platform
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hitl_notebook.errors import CannotTrain, NothingToJudge
from hitl_notebook.metrics.versions.compare_versions import compare_predictions
from hitl_notebook.metrics.versions.version_comparison import VersionComparison
from hitl_notebook.tasks.task import Task
from hitl_notebook.training.fitting import Fit, Say, fitted, is_fitted, takes_weights
from hitl_notebook.training.holding_out import HoldOut, named_ids
from hitl_notebook.training.judging import Base, Judged, is_data
from hitl_notebook.training.retrained import Retrained
from hitl_notebook.training.reviewed_rows import Aligned, TrainingSet, chosen_rows
from hitl_notebook.training.rows import stacked
from hitl_notebook.training.targets import targets_of, values_of

if TYPE_CHECKING:
    from hitl_notebook.session import ReviewSession

__all__ = ["retrain"]

Data = tuple[Any, Any]
Predict = Callable[[Any, Any], Any]


def retrain(
    estimator: Any,
    session: "ReviewSession",
    X: Any,
    *,
    base: Data | None = None,
    ids: Iterable[Any] | None = None,
    resolve: str | None = None,
    holdout: HoldOut | Data = "random",
    fit: Fit = "refit",
    predict: Predict | None = None,
    weight: float = 1.0,
    worth: float | None = None,
    level: float = 0.95,
    seed: int = 0,
    say: Say = print,
) -> Retrained:
    """Train a model on what people said, and say whether it is better than the one before.

    What is compared is right and wrong on data that neither model has learned from and that nobody chose by
    uncertainty: it is set aside before anything is fitted. Nothing is called better unless the interval of the
    difference and McNemar's exact test both say so.

    Parameters
    ----------
    estimator : estimator of scikit-learn's kind, or whatever ``fit`` takes
        Stays as it is. Fitted, it is the model before; else one fitted on the base in the same way is, or without a
        base the predictions that were reviewed. What is not of scikit-learn's kind is taken to be fitted, but for None
        and a class, from which ``fit`` makes one.
    session : ReviewSession
    X, ids, resolve
        As in ``training_set``.
    base : (X0, y0), optional
        What the model before has learned from, to learn from again; rows in one type with X, a frame's columns in any
        order, and y0 as y in ``training_set``. What is held out and has the same features as one of them is not
        compared on: the model before has seen it.
    holdout : "random", float, ids, (X, y) or None
        What to compare on. ``"random"``: items that were drawn at random among all that were left; all of them from a
        queue that drew others by score, else three in ten; a float is the share. Items that were drawn since a new
        version of the model changed them speak for such alone, and are learned from. Of a sample that is not asked in
        random order nothing is compared on before it is done. Items by their ids; data of your own as a pair, with
        rows as those of the base; None for no comparison.
    fit : "refit", "partial" or function
        Clone and fit on base and reviews; copy and ``partial_fit`` on the reviews; or a function of a copy of the
        estimator, X, y and sample_weight that returns a fitted model, as torch, transformers or xgboost want one.
    predict : function of model and X, optional
        Left out: the model's own ``predict``.
    weight : float above 0
        What a reviewed row counts beside a row of the base, where the estimator takes weights.
    worth, level
        As in ``hitl.metrics.compare_versions``.
    seed : int
        Picks which items drawn at random are held out, if not all. With the same seed they stay held out in the next
        training, whatever is reviewed meanwhile.
    say : function of a str
        Gets what is left out, and how the fitting goes on; ``print`` unless named.

    Raises
    ------
    Misaligned, InvalidValue, ReviewersDiffer, NothingToTrain, UnknownChoice
        As in ``training_set``; rows of the base or the holdout are of another type than X or have other
        columns, or by their index another order than their values.
    NothingToJudge
        Nothing is left to compare on, or was drawn at random.
    CannotTrain
        The estimator cannot be fitted in this way, as in parts to labels that it did not begin with; or there is no
        model before and no reviewed prediction.

    Examples
    --------
    >>> import hitl_notebook as hitl
    >>> from sklearn.tree import DecisionTreeClassifier
    >>> X = np.arange(100.0).reshape(-1, 1)
    >>> frame = pd.DataFrame({"x": X[:, 0], "predicted": "low"})
    >>> plan = hitl.ReviewPlan(order="random", seed=1)
    >>> session = hitl.ReviewSession(frame, hitl.Classification(["low", "high"]), prediction="predicted", plan=plan,
    ...                              reviewer="ada", store=":memory:")
    >>> for _ in range(100):
    ...     item = session.next_item()
    ...     session.correct(item, "high" if item >= 50 else "low")
    >>> found = retrain(DecisionTreeClassifier(random_state=0), session, X, say=lambda said: None)
    >>> found.comparison.conclusion, found.comparison.losses
    ('better', 0)
    """
    if not weight > 0:
        raise CannotTrain(f"weight={weight!r}: what a reviewed row counts beside one of the base, above 0")
    aligned = Aligned.of(session, X, None, ids)
    old = None if base is None else Base.of(session, base, X)
    own = Judged.given(session, holdout, X) if is_data(holdout) else None
    named = [] if own is not None else named_ids(holdout)
    rows = chosen_rows(
        session,
        aligned,
        resolve=resolve,
        holdout=None if own is not None else named or holdout,
        seed=seed,
        unseen=() if own is None else own.digests,
    )
    for sentence in rows.words:
        say(sentence)
    judged = None
    if holdout is not None:
        judged = own
        if judged is None:
            judged = Judged.set_aside(
                session, aligned, rows.held_out, resolve, rows.manifest.seq, are_named=bool(named)
            )
        if old is not None:
            judged = judged.without(set(old.digests), "held out and in the base, seen by the model before", say)
        if not len(judged):
            raise NothingToJudge(
                "nothing is left to compare on: give data that no model has seen, as in holdout=(X, y)"
            )
        say(f"Set aside to compare on: {len(judged):,}.")
    asking = _Asking(session, predict)
    before = None if judged is None else asking.before(estimator, old, judged, fit, say)
    model = _trained(estimator, session, rows, old, fit=fit, weight=weight, say=say)
    comparison = None
    if judged is not None and before is not None:
        comparison = _compared(judged, before, asking(model, judged.X), session, worth=worth, level=level)
        for sentence in comparison.words:
            say(sentence)
    training = {
        **_described(estimator),
        "fit": fit if isinstance(fit, str) else getattr(fit, "__qualname__", repr(fit)),
        "weight": weight,
        "seed": seed,
        "base": None if old is None else _listed(old.digests),
        "holdout": None if judged is None else _listed(judged.digests),
        "versions": _versions(estimator),
    }
    return Retrained(
        estimator=model,
        training=rows,
        predictions=_predictions(model, aligned, rows, asking),
        comparison=comparison,
        manifest=replace(rows.manifest, training=training),
    )


class _Asking:
    """What a model says of rows, as canonical values."""

    def __init__(self, session: "ReviewSession", predict: Predict | None) -> None:
        self._task = session.task
        self._predict = predict

    def __call__(self, model: Any, X: Any) -> list[Any]:
        return values_of(self._task, model.predict(X) if self._predict is None else self._predict(model, X))

    def before(self, estimator: Any, base: Base | None, judged: Judged, fit: Fit, say: Say) -> Sequence[Any]:
        """What the model before says: the estimator if it is fitted, one fitted on the base, or what was reviewed."""
        can_be_asked = self._predict is not None or hasattr(estimator, "predict")
        if can_be_asked and is_fitted(estimator):
            if base is None:
                say(
                    "What the model before has learned from was not said (base=): where it has seen what is set aside, "
                    "it looks better than it is."
                )
            return self(estimator, judged.X)
        if base is not None and (callable(fit) or hasattr(estimator, "get_params")):
            return self(_fitted_on_base(estimator, self._task, base, fit, say), judged.X)
        if judged.said is not None:
            say("The model before is the one whose predictions were reviewed.")
            return judged.said
        raise CannotTrain("there is no model before to compare with: give it fitted, or what it learned from as base=")


def _trained(
    estimator: Any,
    session: "ReviewSession",
    rows: TrainingSet,
    base: Base | None,
    *,
    fit: Fit,
    weight: float,
    say: Say,
) -> Any:
    task, weights = session.task, rows.sample_weight * weight
    classes = task.outcomes if task.exclusive else None
    if fit == "partial":
        if base is not None and not is_fitted(estimator):
            estimator = _fitted_on_base(estimator, task, base, fit, say)
        return fitted(estimator, rows.X, rows.y, weights, fit=fit, classes=classes, say=say)
    X, y = rows.X, rows.y
    if base is not None:
        X, y = stacked(base.X, X), targets_of(task, [*base.values, *rows.values])
        weights = np.concatenate([np.ones(len(base.values)), weights])
    if fit == "refit" and np.ptp(weights) > 0 and hasattr(estimator, "fit") and takes_weights(estimator) is None:
        say(f"{type(estimator).__name__} takes no weights: every row counts the same.")
    return fitted(estimator, X, y, weights, fit=fit, classes=classes, say=say)


def _fitted_on_base(estimator: Any, task: Task, base: Base, fit: Fit, say: Say) -> Any:
    y, classes = targets_of(task, base.values), task.outcomes if task.exclusive else None
    return fitted(estimator, base.X, y, np.ones(len(y)), fit=fit, classes=classes, say=say)


def _compared(
    judged: Judged,
    before: Sequence[Any],
    after: Sequence[Any],
    session: "ReviewSession",
    *,
    worth: float | None,
    level: float,
) -> VersionComparison:
    found = compare_predictions(
        judged.value,
        before,
        after,
        item_id=judged.item_id,
        sample_weight=judged.weight,
        slices=judged.slices,
        names=("the model before", "the retrained model"),
        equal=session.task.equal,
        worth=worth,
        level=level,
    )
    note = "; ".join(filter(None, [judged.note, found.difference.note]))
    return replace(found, difference=replace(found.difference, note=note), are_reviewed=judged.said is not None)


def _predictions(model: Any, aligned: Aligned, rows: TrainingSet, asking: _Asking) -> pd.DataFrame:
    role = np.full(len(aligned.ids), "rest", dtype=object)
    role[[id_ in rows.held_out for id_ in aligned.ids]] = "held out"
    role[rows.rows] = "trained on"
    confidence = np.full(len(aligned.ids), np.nan)
    if hasattr(model, "predict_proba"):
        shares = model.predict_proba(aligned.X)
        if isinstance(shares, np.ndarray) and shares.ndim == 2:
            confidence = shares.max(axis=1)
    return pd.DataFrame(
        {
            "item_id": pd.Series(list(aligned.ids), dtype=object).infer_objects(),
            "prediction": pd.Series(asking(model, aligned.X), dtype=object),
            "confidence": confidence,
            "role": pd.Series(role).infer_objects(),
        }
    )


def _described(estimator: Any) -> dict[str, Any]:
    kind = type(estimator)
    parameters = estimator.get_params() if hasattr(estimator, "get_params") else {}
    return {
        "estimator": f"{kind.__module__}.{kind.__qualname__}",
        "parameters": {name: repr(value) for name, value in sorted(parameters.items())},
    }


def _listed(digests: Sequence[bytes]) -> dict[str, Any]:
    return {"rows": len(digests), "sha256": sha256(b"".join(digests)).hexdigest()}


def _versions(estimator: Any) -> dict[str, str]:
    """Of Python and of the libraries that the training rests on, the estimator's own among them."""
    import scipy
    import sklearn

    parts = [estimator, *(estimator.get_params().values() if hasattr(estimator, "get_params") else ())]
    own = {type(part).__module__.partition(".")[0] for part in parts} - {"builtins", "sklearn"}
    versions = {name: getattr(sys.modules.get(name), "__version__", None) for name in sorted(own)}
    libraries = {"numpy": np, "pandas": pd, "scipy": scipy, "scikit-learn": sklearn}
    return {
        "python": platform.python_version(),
        **{name: version for name, version in versions.items() if isinstance(version, str)},
        **{name: library.__version__ for name, library in libraries.items()},
    }
