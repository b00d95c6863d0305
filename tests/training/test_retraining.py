"""A training and what it is worth: on what neither model has seen, and called better only where it is."""

import json
import math
from copy import deepcopy

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression, SGDClassifier
from sklearn.multioutput import MultiOutputClassifier

import hitl_notebook as hitl
from hitl_notebook.errors import CannotTrain, InvalidValue, Misaligned, NothingToJudge
from hitl_notebook.metrics import compare_versions
from hitl_notebook.training import Manifest, rebuild, retrain
from tests.training.native import Net, ask, learn
from tests.training.sessions import SILENT, numbers, review_in_turn, session_over

X, VALUES = numbers(200, seed=1)
X0, Y0 = numbers(40, seed=2)
XH, YH = numbers(150, seed=3)


@pytest.fixture(scope="module")
def session():
    with session_over(200, slices="predicted") as session:
        review_in_turn(session, VALUES, 120)
        yield session


def test_a_model_that_learned_from_reviews_is_compared_with_the_one_that_was_reviewed(session):
    said = []
    found = retrain(LogisticRegression(), session, X, say=said.append)
    compared = found.comparison
    aside = sorted(found.training.held_out)
    after = LogisticRegression().fit(found.training.X, found.training.y).predict(X[aside])
    assert compared.wins == int(((VALUES[aside] == after) & (VALUES[aside] == "yes")).sum())
    assert compared.losses == int(((VALUES[aside] != after) & (VALUES[aside] == "no")).sum())
    assert compared.wins + compared.losses + compared.ties == len(aside)
    assert compared.conclusion == "better"
    assert len(found.repairs) == compared.wins and len(found.new_errors) == compared.losses
    assert any("The model before is the one whose predictions were reviewed." in line for line in said)
    assert any("is right more often" in line for line in said)
    assert "the reviewer saw the reviewed prediction" in compared.difference.note


def test_each_class_and_each_part_has_its_figures(session):
    parts = retrain(LogisticRegression(), session, X, say=SILENT).comparison.parts
    assert set(zip(parts["slice"], parts["part"], strict=True)) == {
        ("value", "yes"),
        ("value", "no"),
        ("predicted", "no"),
    }


def test_the_change_is_drawn_from_the_same_figures(session):
    found = retrain(LogisticRegression(), session, X, say=SILENT)
    drawn = found.chart().data["values"]
    assert [row["slice"] for row in drawn] == ["all items", *found.comparison.parts["slice"]]
    assert drawn[0]["value"] == found.comparison.difference.value
    with pytest.raises(NothingToJudge):
        retrain(LogisticRegression(), session, X, holdout=None, say=SILENT).chart()


def test_the_predictions_say_what_each_row_was_for(session):
    found = retrain(LogisticRegression(), session, X, say=SILENT)
    table = found.predictions
    assert table["role"].value_counts().to_dict() == {
        "trained on": len(found.training),
        "held out": len(found.training.held_out),
        "rest": 80,
    }
    assert set(table.loc[table["role"] == "held out", "item_id"]) == found.training.held_out
    assert table["prediction"].tolist() == found.estimator.predict(X).tolist()
    assert table["confidence"].tolist() == found.estimator.predict_proba(X).max(axis=1).tolist()


def test_it_learns_from_base_and_reviews_together_with_their_weights(session):
    found = retrain(LogisticRegression(), session, X, base=(X0, Y0), weight=3, say=SILENT)
    rows = found.training
    weights = np.concatenate([np.ones(40), 3 * rows.sample_weight])
    peer = LogisticRegression().fit(np.vstack([X0, rows.X]), np.concatenate([Y0, rows.y]), sample_weight=weights)
    assert found.estimator.coef_ == pytest.approx(peer.coef_)


def test_the_model_before_is_the_fitted_one_or_one_fitted_on_the_base(session):
    before = LogisticRegression().fit(X0, Y0)
    by_fitted = retrain(before, session, X, base=(X0, Y0), holdout=(XH, YH), say=SILENT).comparison
    by_base = retrain(LogisticRegression(), session, X, base=(X0, Y0), holdout=(XH, YH), say=SILENT).comparison
    right_before = before.predict(XH) == YH
    right_after = (
        LogisticRegression()
        .fit(np.vstack([X0, X[reviewed := by_reviews(session)]]), np.concatenate([Y0, VALUES[reviewed]]))
        .predict(XH)
        == YH
    )
    for compared in (by_fitted, by_base):
        assert compared.wins == int((right_after & ~right_before).sum())
        assert compared.losses == int((right_before & ~right_after).sum())
        assert compared.difference.note == ""


def by_reviews(session):
    return sorted(session.decisions["item_id"])


def test_a_holdout_of_ones_own_is_never_learned_from(session):
    mixed = np.vstack([XH, X[:50]])
    found = retrain(LogisticRegression(), session, X, base=(X0, Y0), holdout=(mixed, [*YH, *VALUES[:50]]), say=SILENT)
    assert not set(found.training.item_ids) & set(range(50))
    assert found.training.left_out["twin"] == 50


def test_rows_of_ones_own_are_not_called_reviewed(session):
    own = retrain(LogisticRegression(), session, X, base=(X0, Y0), holdout=(XH[:10], YH[:10]), say=SILENT).comparison
    assert own.words[0].startswith("The retrained model against the model before on 10 rows of your own: ")
    assert own.conclusion == "open" and "review" not in str(own)
    aside = retrain(LogisticRegression(), session, X, base=(X0, Y0), say=SILENT).comparison
    assert f" on {aside.wins + aside.losses + aside.ties} reviewed items: " in aside.words[0]


def test_what_the_model_before_has_seen_is_not_compared_on(session):
    said = []
    found = retrain(
        LogisticRegression(),
        session,
        X,
        base=(X0, Y0),
        holdout=(np.vstack([XH, X0[:10]]), [*YH, *Y0[:10]]),
        say=said.append,
    )
    assert "Not compared on: 10 held out and in the base, seen by the model before." in said
    assert found.comparison.wins + found.comparison.losses + found.comparison.ties == 150
    with pytest.raises(NothingToJudge, match="nothing is left"):
        retrain(LogisticRegression(), session, X, base=(X0, Y0), holdout=(X0, Y0), say=SILENT)


@pytest.mark.parametrize(
    "turned", [lambda frame: frame[["b", "a"]], lambda frame: frame.convert_dtypes()], ids=["columns", "types"]
)
def test_rows_are_known_again_with_their_columns_in_another_order_or_of_another_type(session, turned):
    frame, more = pd.DataFrame(X, columns=["a", "b"]), pd.DataFrame(XH, columns=["a", "b"])
    own = turned(pd.concat([more, frame[:50]], ignore_index=True)), [*YH, *VALUES[:50]]
    before = LogisticRegression().fit(pd.DataFrame(X0, columns=["a", "b"]), Y0)
    found = retrain(before, session, frame, holdout=own, say=SILENT)
    assert found.training.left_out["twin"] == 50
    with pytest.raises(NothingToJudge, match="nothing is left"):
        retrain(before, session, frame, base=(turned(frame), VALUES), say=SILENT)


def test_what_cannot_be_compared_row_by_row_is_refused(session):
    frame = pd.DataFrame(X, columns=["a", "b"])
    for rows, words in ((X0, "is ndarray and X DataFrame"), (frame[["a"]], r"has the columns \['a'\]")):
        data = (rows, ["no"] * len(rows))
        with pytest.raises(Misaligned, match=f"base {words}"):
            retrain(LogisticRegression(), session, frame, base=data, say=SILENT)
        with pytest.raises(Misaligned, match=f"holdout {words}"):
            retrain(LogisticRegression(), session, frame, holdout=data, say=SILENT)


def test_rows_and_values_of_a_pair_that_have_another_order_are_refused(session):
    frame, more = pd.DataFrame(X), pd.DataFrame(X0)
    for name in ("base", "holdout"):
        with pytest.raises(Misaligned, match=f"{name}'s y has the index of its X in another order"):
            retrain(LogisticRegression(), session, frame, **{name: (more, pd.Series(Y0)[::-1])}, say=SILENT)
    assert retrain(LogisticRegression(), session, frame, base=(more[::-1], pd.Series(Y0)[::-1]), say=SILENT)


def test_gold_items_are_neither_learned_from_nor_compared_on():
    gold = [value if row % 3 == 0 else None for row, value in enumerate(VALUES)]
    with session_over(200, gold=gold) as session:
        review_in_turn(session, VALUES, 200)
        found = retrain(LogisticRegression(), session, X, say=SILENT)
    judged = found.comparison.wins + found.comparison.losses + found.comparison.ties
    assert all(item % 3 for item in found.training.item_ids)
    assert judged == len([item for item in found.training.held_out if item % 3])


def test_it_goes_on_learning_in_parts(session):
    before = SGDClassifier(random_state=0).fit(X0, Y0)
    after = retrain(before, session, X, fit="partial", holdout=(XH, YH), say=SILENT)
    peer = SGDClassifier(random_state=0).fit(X0, Y0)
    peer.partial_fit(after.training.X, after.training.y, sample_weight=after.training.sample_weight)
    assert after.estimator.coef_ == pytest.approx(peer.coef_)
    begun = retrain(SGDClassifier(random_state=0), session, X, base=(X0, Y0), fit="partial", holdout=None, say=SILENT)
    assert begun.estimator.t_ == 1 + 40 + len(begun.training)


def test_a_model_of_another_kind_is_fitted_and_asked_by_functions_of_ones_own(session):
    def train(model, rows, values, weights):
        return {"threshold": rows[values == "yes"].sum(axis=1).min()}

    def ask(model, rows):
        return np.where(rows.sum(axis=1) >= model["threshold"], "yes", "no")

    found = retrain({"threshold": math.inf}, session, X, fit=train, predict=ask, holdout=(XH, YH), say=SILENT)
    assert (ask(found.estimator, XH) == YH).mean() - (YH == "no").mean() == pytest.approx(
        found.comparison.difference.value
    )
    assert found.predictions["confidence"].isna().all()
    assert found.manifest.training["fit"].endswith("train")


def test_a_network_that_learns_in_place_is_compared_as_it_was_and_stays_as_it_is(session):
    net = learn(Net(2), X0, Y0, np.ones(40))
    before, parameters = ask(net, XH), net.parameters.copy()
    said = []
    found = retrain(net, session, X, base=(X0, Y0), fit=learn, predict=ask, holdout=(XH, YH), say=said.append)
    assert net.parameters.tolist() == parameters.tolist()
    rows = np.vstack([X0, found.training.X]), np.concatenate([Y0, found.training.y]), np.ones(40 + len(found.training))
    peer = Net(2)
    peer.parameters = parameters.copy()
    after = ask(learn(peer, *rows), XH)
    assert found.estimator.parameters == pytest.approx(peer.parameters)
    assert found.comparison.wins == int(((after == YH) & (before != YH)).sum())
    assert found.comparison.losses == int(((after != YH) & (before == YH)).sum())
    assert said[0].startswith("120 rows") and "Fitting with 'learn' on 160 rows …" in said


@pytest.mark.parametrize("made_from", [Net, LogisticRegression(C=0.1)], ids=["a class", "an estimator not fitted"])
def test_before_and_after_are_made_in_the_same_way(session, made_from):
    def train(given, rows, values, weights):
        if given is Net:
            return learn(given, rows, values, weights)
        return given.set_params(C=7).fit(rows, values)

    def asked(model, rows):
        return ask(model, rows) if isinstance(model, Net) else model.predict(rows)

    found = retrain(made_from, session, X, base=(X0, Y0), fit=train, predict=asked, holdout=(XH, YH), say=SILENT)
    before = asked(train(deepcopy(made_from), X0, Y0, np.ones(40)), XH)
    after = asked(found.estimator, XH)
    assert found.comparison.wins - found.comparison.losses == int((after == YH).sum() - (before == YH).sum())
    assert not isinstance(made_from, LogisticRegression) or made_from.C == 0.1


def test_what_learns_in_parts_is_compared_with_what_has_learned_the_base_in_parts(session):
    def in_parts(*parts):
        model = SGDClassifier(random_state=0)
        for rows, values in parts:
            model.partial_fit(rows, values, classes=["no", "yes"])
        return model.predict(XH) == YH

    found = retrain(
        SGDClassifier(random_state=0), session, X, base=(X0, Y0), fit="partial", holdout=(XH, YH), say=SILENT
    )
    before, after = in_parts((X0, Y0)), in_parts((X0, Y0), (found.training.X, found.training.y))
    assert (found.comparison.wins, found.comparison.losses) == ((after & ~before).sum(), (before & ~after).sum())


def test_it_says_so_where_what_the_model_before_has_seen_is_not_known(session):
    before, said = LogisticRegression().fit(X0, Y0), []
    retrain(before, session, X, holdout=(XH, YH), say=said.append)
    assert any("looks better than it is" in line for line in said)
    said.clear()
    retrain(before, session, X, base=(X0, Y0), holdout=(XH, YH), say=said.append)
    assert not any("looks better than it is" in line for line in said)


@pytest.mark.campaign
def test_xgboost_by_its_own_call_learns_from_the_reviews(session):
    xgboost = pytest.importorskip("xgboost")

    def train(given, rows, values, weights):
        data = xgboost.DMatrix(rows, label=values == "yes", weight=weights)
        return xgboost.train({"objective": "binary:logistic", "seed": 0, "nthread": 1}, data, num_boost_round=20)

    def asked(model, rows):
        return np.where(model.predict(xgboost.DMatrix(rows)) > 0.5, "yes", "no")

    found = retrain(None, session, X, base=(X0, Y0), fit=train, predict=asked, holdout=(XH, YH), say=SILENT)
    before = asked(train(None, X0, Y0, np.ones(40)), XH)
    after = asked(found.estimator, XH)
    assert found.comparison.wins - found.comparison.losses == int((after == YH).sum() - (before == YH).sum())


@pytest.mark.campaign
def test_xgboost_by_its_estimator_wants_numbers_and_its_version_is_noted(session):
    xgboost = pytest.importorskip("xgboost")

    def train(model, rows, values, weights):
        return model.fit(rows, (values == "yes").astype(int), sample_weight=weights)

    def asked(model, rows):
        return np.where(model.predict(rows) == 1, "yes", "no")

    unfitted = xgboost.XGBClassifier(n_estimators=20, n_jobs=1, random_state=0)
    found = retrain(unfitted, session, X, base=(X0, Y0), fit=train, predict=asked, holdout=(XH, YH), say=SILENT)
    before, after = asked(train(deepcopy(unfitted), X0, Y0, np.ones(40)), XH), asked(found.estimator, XH)
    assert found.comparison.wins - found.comparison.losses == int((after == YH).sum() - (before == YH).sum())
    assert found.manifest.training["versions"]["xgboost"] == xgboost.__version__


def test_as_a_cells_last_line_it_is_drawn_and_said(session):
    found = retrain(LogisticRegression(), session, X, say=SILENT)
    data, _ = found._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert data["text/plain"] == str(found) == repr(found)
    assert "right more often" in data["text/plain"]
    nothing, _ = retrain(LogisticRegression(), session, X, holdout=None, say=SILENT)._repr_mimebundle_()
    assert list(nothing) == ["text/plain"]


def test_without_a_holdout_nothing_is_said_of_its_worth(session):
    found = retrain(LogisticRegression(), session, X, holdout=None, say=SILENT)
    assert found.comparison is None
    assert len(found.training) == 120
    assert len(found.repairs) == len(found.new_errors) == 0
    assert "is not known" in str(found)


def test_numbers_are_learned_and_compared_within_their_tolerance():
    rng = np.random.default_rng(5)
    rows = rng.normal(size=(80, 1))
    values = (3 * rows[:, 0] + rng.normal(scale=0.1, size=80)).tolist()
    with session_over(80, predicted=[0.0] * 80, task=hitl.Regression(tolerance=0.5)) as session:
        review_in_turn(session, values, 80)
        found = retrain(LinearRegression(), session, rows, say=SILENT)
    assert found.comparison.conclusion == "better"
    assert found.estimator.coef_ == pytest.approx([3], abs=0.1)


def test_sets_of_labels_are_learned_label_by_label():
    task = hitl.MultiLabel(["big", "odd"])
    rows = np.random.default_rng(6).normal(size=(120, 2))
    values = [[name for name, number in zip(["big", "odd"], row, strict=True) if number > 0] for row in rows]
    with session_over(120, predicted=[["big"]] * 120, task=task) as session:
        review_in_turn(session, values, 120)
        found = retrain(MultiOutputClassifier(LogisticRegression()), session, rows, say=SILENT)
    assert found.comparison.conclusion == "better"
    assert set(found.predictions["prediction"]) == {(), ("big",), ("odd",), ("big", "odd")}


def test_values_of_a_base_and_of_a_holdout_and_predictions_are_sets_of_labels_by_name():
    class Late:
        def predict(self, rows):
            return pd.DataFrame({"rude": 0, "late": 1}, index=range(len(rows)))

    learned = []

    def train(model, rows, values, weights):
        learned.append(values.tolist())
        return model

    rows, values = np.arange(4.0)[:, None], pd.DataFrame({"rude": [0] * 4, "late": [1] * 4})
    with session_over(4, predicted=[["late"]] * 4, order="given", task=hitl.MultiLabel(["late", "rude"])) as session:
        session.correct(0, ["rude"])
        found = retrain(
            Late(), session, rows, base=(rows + 10, values), holdout=(rows + 20, values), fit=train, say=SILENT
        )
        with pytest.raises(InvalidValue, match=r"a prediction, row 0: the cell of label 'late', 0\.5, is"):
            retrain(Late(), session, rows, holdout=None, fit=train, predict=lambda *_: np.full((4, 2), 0.5), say=SILENT)
    assert learned[0] == [[1, 0]] * 4 + [[0, 1]]
    assert (found.comparison.ties, set(found.predictions["prediction"])) == (4, {("late",)})


def test_values_keep_their_types_where_base_and_reviews_have_one_each():
    learned = []

    def train(model, rows, values, weights):
        learned.append(values.tolist())
        return model

    rows, task = np.arange(2.0)[:, None], hitl.Classification([1, 2, "other"])
    with session_over(2, predicted=[1, 1], order="given", task=task) as session:
        review_in_turn(session, ["other"] * 2, 2)
        retrain(
            object(),
            session,
            rows,
            base=(rows + 9, [1, 2]),
            holdout=None,
            fit=train,
            predict=lambda *_: [1, 1],
            say=SILENT,
        )
    assert learned == [[1, 2, "other", "other"]]


def test_the_manifest_says_how_it_was_fitted_and_makes_its_rows_again(session):
    found = retrain(LogisticRegression(C=2), session, X, base=(X0, Y0), say=SILENT)
    manifest = Manifest.from_json(found.manifest.to_json())
    assert manifest.training["estimator"].endswith("LogisticRegression")
    assert manifest.training["parameters"]["C"] == "2"
    assert manifest.training["base"]["rows"] == 40
    assert {"python", "numpy", "scikit-learn"} <= manifest.training["versions"].keys()
    json.dumps(manifest.training)
    again = rebuild(manifest, session, X, say=SILENT)
    assert again.X.tobytes() == found.training.X.tobytes()
    assert again.y.tobytes() == found.training.y.tobytes()


def test_its_predictions_are_the_next_version_and_are_judged_by_the_same_reviews(session):
    found = retrain(LogisticRegression(), session, X, say=SILENT)
    old, new = (
        {"item_id": found.predictions["item_id"], "model_version": name, "prediction": says}
        for name, says in (("v1", "no"), ("v2", found.predictions["prediction"]))
    )
    items = pd.concat([pd.DataFrame(old), pd.DataFrame(new)], ignore_index=True)
    decisions = session.decisions.assign(model_version="v1", shown_model_version="v1")
    held_out = decisions[decisions["item_id"].isin(found.training.held_out)]
    compared = compare_versions(held_out, "v1", "v2", items=items)
    assert (compared.wins, compared.losses) == (found.comparison.wins, found.comparison.losses)


def test_what_cannot_be_meant_is_refused(session):
    with pytest.raises(CannotTrain, match="weight=0"):
        retrain(LogisticRegression(), session, X, weight=0, say=SILENT)
    with pytest.raises(CannotTrain, match="no model before"):
        retrain(LogisticRegression(), session, X, holdout=(XH, YH), say=SILENT)
    with pytest.raises(InvalidValue, match="maybe"):
        retrain(LogisticRegression(), session, X, base=(X0, ["maybe"] * 40), say=SILENT)
    with pytest.raises(Misaligned, match="base is a pair"):
        retrain(LogisticRegression(), session, X, base=X0, say=SILENT)
    with pytest.raises(InvalidValue, match="no"):
        retrain(
            DummyClassifier(strategy="constant", constant="no").fit([[0], [1]], ["no", "never"]),
            session,
            X,
            holdout=(XH, ["never"] * 150),
            say=SILENT,
        )
