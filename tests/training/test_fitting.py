"""Fitting: in each of the ways there are, with weights where they are taken, and said while it goes on."""

import threading
import time

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import (
    BaggingClassifier,
    RandomForestClassifier,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.multioutput import MultiOutputClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from hitl_notebook.errors import CannotTrain
from hitl_notebook.training import fitting
from hitl_notebook.training.fitting import fitted, is_fitted, takes_weights
from tests.training.sessions import SILENT, numbers

X, Y = numbers(60)
WEIGHTS = np.linspace(0.1, 1, 60)


def fit(estimator, how="refit", weights=WEIGHTS, say=SILENT, classes=("no", "yes")):
    return fitted(estimator, X, Y, weights, fit=how, classes=classes, say=say)


def test_a_clone_is_fitted_and_the_one_given_stays_as_it_is():
    estimator = LogisticRegression(C=0.5)
    model = fit(estimator)
    assert not is_fitted(estimator)
    assert model.coef_ == pytest.approx(LogisticRegression(C=0.5).fit(X, Y, sample_weight=WEIGHTS).coef_)


def test_of_a_pipeline_the_last_step_gets_the_weights():
    model = fit(make_pipeline(StandardScaler(), LogisticRegression()))
    peer = make_pipeline(StandardScaler(), LogisticRegression()).fit(X, Y, logisticregression__sample_weight=WEIGHTS)
    assert model[-1].coef_ == pytest.approx(peer[-1].coef_)


def test_of_a_search_what_it_searches_among_gets_the_weights():
    search = GridSearchCV(make_pipeline(StandardScaler(), LogisticRegression()), {"logisticregression__C": [1]}, cv=2)
    assert takes_weights(search) == "logisticregression__sample_weight"
    peer = make_pipeline(StandardScaler(), LogisticRegression()).fit(X, Y, logisticregression__sample_weight=WEIGHTS)
    assert fit(search).best_estimator_[-1].coef_ == pytest.approx(peer[-1].coef_)


@pytest.mark.parametrize(
    ("estimator", "takes"),
    [
        (BaggingClassifier(LogisticRegression(), 3), True),
        (BaggingClassifier(KNeighborsClassifier(), 3), False),
        (CalibratedClassifierCV(KNeighborsClassifier(), cv=2), False),
        (VotingClassifier([("near", KNeighborsClassifier())]), False),
        (VotingClassifier([("a", LogisticRegression()), ("b", GaussianNB()), ("c", "drop")]), True),
        (VotingClassifier([("line", make_pipeline(StandardScaler(), LogisticRegression()))]), False),
        (StackingClassifier([("a", LogisticRegression())]), True),
        (StackingClassifier([("a", LogisticRegression())], KNeighborsClassifier()), False),
        (GridSearchCV(VotingClassifier([("a", LogisticRegression())]), {"a__C": [1]}, cv=2), True),
        (BaggingClassifier(make_pipeline(StandardScaler(), LogisticRegression()), 3), False),
        (CalibratedClassifierCV(VotingClassifier([("a", LogisticRegression())], voting="soft"), cv=2), False),
        (GridSearchCV(KNeighborsClassifier(), {"n_neighbors": [3]}, cv=2), False),
        (RandomForestClassifier(3), True),
    ],
    ids=lambda part: type(part).__name__,
)
def test_a_model_made_of_models_takes_weights_where_each_of_these_does(estimator, takes):
    assert (takes_weights(estimator) is not None) == takes
    assert fit(estimator).predict(X).shape == Y.shape


@pytest.mark.parametrize("kind", [VotingClassifier, StackingClassifier])
def test_a_vote_and_a_stack_hand_the_weights_on(kind):
    made_of = [("a", LogisticRegression()), ("b", LogisticRegression(C=0.1))]
    model, peer = fit(kind(made_of)), kind(made_of).fit(X, Y, sample_weight=WEIGHTS)
    for found, expected in zip(model.estimators_, peer.estimators_, strict=True):
        assert found.coef_ == pytest.approx(expected.coef_)


def test_what_takes_no_weights_gets_none():
    assert takes_weights(KNeighborsClassifier()) is None
    assert takes_weights(make_pipeline(StandardScaler(), KNeighborsClassifier())) is None
    assert fit(KNeighborsClassifier()).predict(X[:1]).tolist() == Y[:1].tolist()


def test_a_copy_goes_on_learning():
    before = SGDClassifier(random_state=0).fit(X, Y)
    coefficients = before.coef_.copy()
    after = fit(before, "partial")
    assert before.coef_ == pytest.approx(coefficients)
    assert after.coef_ != pytest.approx(coefficients)
    assert fit(SGDClassifier(random_state=0), "partial").classes_.tolist() == ["no", "yes"]


SETS = np.stack([X[:, 0] > 1, X[:, 1] > 1], axis=1).astype(np.int8)


@pytest.mark.parametrize(
    "model", [MultiOutputClassifier(SGDClassifier(random_state=0)), MLPClassifier((3,), max_iter=1)]
)
@pytest.mark.parametrize("before", [None, SETS], ids=["from the first", "going on"])
@pytest.mark.filterwarnings("ignore:.*hasn't converged")
def test_sets_of_labels_are_learned_in_parts(model, before):
    begun = model if before is None else clone(model).fit(X, before)
    found = fitted(begun, X, SETS, WEIGHTS, fit="partial", classes=None, say=SILENT)
    again = fitted(found, X[:1], SETS[:1], WEIGHTS[:1], fit="partial", classes=None, say=SILENT)
    assert again.predict(X).shape == SETS.shape


def test_what_began_with_fewer_labels_goes_on_with_these_and_learns_no_other():
    for begun in (SGDClassifier(random_state=0), GaussianNB()):
        begun.fit(X, np.where(Y == "no", "no", "maybe"))
        assert fitted(
            begun,
            X[Y == "no"],
            Y[Y == "no"],
            WEIGHTS[Y == "no"],
            fit="partial",
            classes=["no", "yes", "maybe"],
            say=SILENT,
        )
        with pytest.raises(CannotTrain, match=r"has learned \['maybe', 'no'\] and cannot learn 'yes' in parts.*base="):
            fit(begun, "partial", classes=["no", "yes", "maybe"])
    begun = MultiOutputClassifier(GaussianNB()).fit(X, SETS * [1, 0])
    assert fitted(begun, X, SETS * [1, 0], WEIGHTS, fit="partial", classes=None, say=SILENT)
    with pytest.raises(CannotTrain, match=r"has learned \[0\] and cannot learn 1 in parts"):
        fitted(begun, X, SETS, WEIGHTS, fit="partial", classes=None, say=SILENT)
    with pytest.raises(CannotTrain, match="has learned 2 labels, and there are 4"):
        fitted(begun, X, np.hstack([SETS, SETS]), WEIGHTS, fit="partial", classes=None, say=SILENT)


def test_a_function_of_ones_own_gets_model_rows_values_and_weights():
    seen = []

    def train(model, rows, values, weights):
        seen.append((model, rows.shape, values.tolist(), weights.tolist()))
        return "trained"

    assert fit("untrained", train) == "trained"
    assert seen == [("untrained", X.shape, Y.tolist(), WEIGHTS.tolist())]


def test_a_function_that_trains_in_place_does_so_on_a_copy():
    class Module:
        steps = 0

    def train(module, *_):
        module.steps += 1
        return module

    given = Module()
    assert fit(given, train).steps == 1
    assert given.steps == 0
    with pytest.raises(CannotTrain, match="lock cannot be copied"):
        fit(threading.Lock(), train)


def test_what_is_given_to_make_a_model_from_is_not_fitted():
    assert not is_fitted(None)
    assert not is_fitted(LogisticRegression)
    assert not is_fitted(LogisticRegression())
    assert is_fitted(LogisticRegression().fit(X, Y))
    assert is_fitted(object())


def test_it_says_what_it_does_again_while_it_lasts_and_at_the_end(monkeypatch):
    monkeypatch.setattr(fitting, "_FIRST_WORD_SECONDS", 0.02)
    said = []

    def train(*_):
        while len(said) < 3:
            time.sleep(0.01)
        return "trained"

    fit(None, train, say=said.append)
    assert said[0].startswith("Fitting with") and said[0].endswith("on 60 rows …")
    assert said[1].endswith("s so far") and said[2].endswith("s so far")
    assert said[-1].startswith("… done in")


def test_what_cannot_be_fitted_is_refused_in_words():
    with pytest.raises(CannotTrain, match="no estimator of scikit-learn's kind"):
        fit(object())
    with pytest.raises(CannotTrain, match="has no partial_fit"):
        fit(LogisticRegression(), "partial")
    with pytest.raises(CannotTrain, match="returned None"):
        fit(None, lambda *_: None)
    with pytest.raises(CannotTrain, match="fit='again'"):
        fit(LogisticRegression(), "again")


def test_an_error_of_the_estimators_own_comes_through_and_ends_the_words():
    said = []
    with pytest.raises(ValueError, match="alpha"):
        fit(SGDClassifier(alpha=-1), say=said.append)
    assert len(said) == 1
    assert "hitl fitting" not in {thread.name for thread in threading.enumerate()}
