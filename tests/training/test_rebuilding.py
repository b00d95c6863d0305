"""A training set made again from its manifest, byte for byte; and sessions at random, from which nothing leaks."""

import hashlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from sklearn.base import BaseEstimator, ClassifierMixin

import hitl_notebook as hitl
from hitl_notebook.errors import HitlError, ManifestMismatch, SessionMismatch
from hitl_notebook.training import Manifest, judging, rebuild, retrain, reviewed_rows, training_set
from hitl_notebook.training.judging import Judged
from tests.training.drawn import ITEMS, SESSIONS, STEPS, aside, carry_out, drawn_review, features, kept_out
from tests.training.sessions import SILENT, review_in_turn, session_over

VALUES = dict.fromkeys(range(100), "yes")


def bytes_of(rows):
    parts = (rows.X, rows.y, rows.sample_weight, rows.groups, rows.rows)
    return [hashlib.sha256(np.ascontiguousarray(part).tobytes()).hexdigest() for part in parts] + [rows.item_ids]


@pytest.fixture
def reviewed():
    with session_over(20) as session:
        review_in_turn(session, VALUES, 12)
        yield session


def test_it_is_the_same_whatever_was_reviewed_since(reviewed):
    X = np.random.default_rng(0).random((20, 3))
    rows = training_set(reviewed, X, holdout="random", say=SILENT)
    reviewed.undo()
    for item in rows.item_ids:
        reviewed.correct(item, "no")
    assert bytes_of(training_set(reviewed, X, holdout="random", say=SILENT)) != bytes_of(rows)
    said = []
    again = rebuild(Manifest.from_json(rows.manifest.to_json()), reviewed, X, say=said.append)
    assert bytes_of(again) == bytes_of(rows)
    assert again.manifest == rows.manifest
    assert said == [f"{len(rows)} rows, the same as then."]


def test_it_is_made_again_from_the_store_alone(tmp_path):
    store, X = tmp_path / "reviews.db", np.random.default_rng(1).random((20, 2))
    with session_over(20, store=store) as session:
        review_in_turn(session, VALUES, 8)
        rows = training_set(session, X, say=SILENT)
    with hitl.ReviewSession.open(store) as opened:
        order = np.random.default_rng(2).permutation(20)
        assert bytes_of(rebuild(rows.manifest, opened, X[order], ids=order, say=SILENT))[:4] == bytes_of(rows)[:4]


def test_values_given_have_to_be_given_again(reviewed):
    X, y = np.random.default_rng(0).random((20, 3)), ["no"] * 20
    rows = training_set(reviewed, X, y, say=SILENT)
    assert bytes_of(rebuild(rows.manifest, reviewed, X, y, say=SILENT)) == bytes_of(rows)
    with pytest.raises(ManifestMismatch, match="was y the same"):
        rebuild(rows.manifest, reviewed, X, ["yes"] * 20, say=SILENT)


def test_whatever_is_not_as_it_was_is_refused(reviewed):
    X = np.random.default_rng(0).random((20, 3))
    rows = training_set(reviewed, X, say=SILENT)
    other = X.copy()
    other[rows.rows[1], 0] += 1e-12
    with pytest.raises(ManifestMismatch, match="has other features than then"):
        rebuild(rows.manifest, reviewed, other, say=SILENT)
    with pytest.raises(ManifestMismatch, match="not among the rows"):
        rebuild(rows.manifest, reviewed, X[:3], ids=[0, 1, 2], say=SILENT)
    changed = dict(rows.manifest.hashes)
    changed[next(iter(changed))] = "0" * 64
    with pytest.raises(ManifestMismatch, match="not in the log as it was"):
        rebuild(replace(rows.manifest, hashes=changed), reviewed, X, say=SILENT)
    with session_over(20) as another, pytest.raises(SessionMismatch):
        rebuild(rows.manifest, another, X, say=SILENT)


def test_its_hashes_are_those_of_the_chain_that_verify_checks(tmp_path):
    from hitl_notebook.store import Store

    store = tmp_path / "reviews.db"
    with session_over(5, store=store) as session:
        review_in_turn(session, VALUES, 3)
        manifest = training_set(session, np.eye(5), say=SILENT).manifest
        with Store.open(store, create=False) as opened:
            chain = opened.hashes(manifest.session_id)
    assert len(manifest.hashes) == 3
    assert manifest.hashes.items() <= chain.items()


def check_that_nothing_leaks(drawn, steps, later):
    with drawn_review(drawn, steps) as (session, X, y, gold):
        try:
            found = training_set(session, X, y, resolve=drawn["resolve"], holdout=drawn["holdout"], say=SILENT)
        except HitlError:
            return
        never = kept_out(session, gold) | aside(drawn["holdout"], found)
        assert not never & set(found.item_ids)
        assert not features(X, never) & {row.tobytes() for row in found.X}
        assert len(set(found.item_ids)) == len(found)
        assert len(found) + sum(count for why, count in found.left_out.items() if why != "absent") == len(X)
        carry_out(session, later, len(X))
        assert bytes_of(rebuild(found.manifest, session, X, y, say=SILENT)) == bytes_of(found)


class Remembering(ClassifierMixin, BaseEstimator):
    """Says "no" when it has learned from the base alone, "yes" when from more: all that is compared on has changed."""

    def fit(self, X, y, sample_weight=None):
        self.learned_ = {row.tobytes() for row in X}
        self.classes_ = np.array(["no", "yes"])
        self.says_ = "no" if len(X) == len(BASE) else "yes"
        return self

    def predict(self, X):
        return np.full(len(X), self.says_)


BASE = np.random.default_rng(8).random((3, 2))


def check_that_a_retrain_leaks_nothing(drawn, steps, from_items):
    with drawn_review(drawn, steps) as (session, X, _, gold):
        # What the model before has learned from may hold rows of the session's items.
        base = BASE.copy()
        for row, item in enumerate(from_items[: len(base)]):
            base[row] = X[item % len(X)]
        before = Remembering().fit(base, ["no"] * len(base))
        options = {"resolve": drawn["resolve"], "holdout": drawn["holdout"], "say": SILENT}
        try:
            found = retrain(before, session, X, base=(base, ["no"] * len(base)), **options)
        except HitlError:
            return
        never = kept_out(session, gold) | aside(drawn["holdout"], found.training)
        in_base = {row.tobytes() for row in base}
        assert not features(X, never) & (found.estimator.learned_ - in_base)
        if found.comparison is not None:
            compared = set(found.comparison.changes["item_id"])
            assert len(compared) == found.comparison.wins + found.comparison.losses + found.comparison.ties
            assert not compared & kept_out(session, gold)
            assert not features(X, compared) & (before.learned_ | found.estimator.learned_)
        assert bytes_of(rebuild(found.manifest, session, X, say=SILENT)) == bytes_of(found.training)


def test_nothing_leaks_from_any_session_and_its_manifest_makes_the_same_set_again():
    settings(max_examples=25)(given(SESSIONS, STEPS, STEPS)(check_that_nothing_leaks))()


def test_a_retrain_learns_nothing_that_it_is_compared_on_nor_gold_nor_catch_trials():
    settings(max_examples=25)(given(SESSIONS, STEPS, ITEMS)(check_that_a_retrain_leaks_nothing))()


FOUND_SOON = settings(max_examples=300, phases=[Phase.generate], derandomize=True, report_multiple_bugs=False)


def without(rule, monkeypatch):
    """Take one of the rules out of the code."""
    if rule == "twin":
        monkeypatch.setattr(reviewed_rows, "row_digests", lambda X: [str(row).encode() for row in range(len(X))])
        return
    kept = reviewed_rows.kept_from_training
    for place in (reviewed_rows, judging):
        monkeypatch.setattr(
            place,
            "kept_from_training",
            lambda *parts: {item: why for item, why in kept(*parts).items() if why != rule},
        )


@pytest.mark.parametrize("rule", ["gold", "catch", "held out", "twin"])
def test_the_search_would_notice_that_a_rule_is_missing(rule, monkeypatch):
    without(rule, monkeypatch)
    with pytest.raises(AssertionError):
        FOUND_SOON(given(SESSIONS, STEPS, STEPS)(check_that_nothing_leaks))()


@pytest.mark.parametrize("rule", ["held out", "what is in the base"])
def test_the_search_among_retrainings_would_notice_that_a_rule_is_missing(rule, monkeypatch):
    if rule == "what is in the base":
        monkeypatch.setattr(Judged, "without", lambda self, *_: self)
    else:
        without(rule, monkeypatch)
    with pytest.raises(AssertionError):
        FOUND_SOON(given(SESSIONS, STEPS, ITEMS)(check_that_a_retrain_leaks_nothing))()
