"""A training set made again from its manifest, byte for byte; and sessions at random, from which nothing leaks."""

import hashlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import hitl_notebook as hitl
from hitl_notebook.errors import HitlError, ManifestMismatch, SessionMismatch
from hitl_notebook.session.material import Material
from hitl_notebook.training import Manifest, rebuild, reviewed_rows, training_set
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


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["decide", "decide", "decide", "flag", "undo", "hand"]),
        st.sampled_from(["ada", "bo"]),
        st.integers(0, 14),
        st.sampled_from(["no", "yes"]),
    ),
    min_size=3,
    max_size=30,
)
SESSIONS = st.fixed_dictionaries(
    {
        "rows": st.integers(3, 15),
        "gold": st.sets(st.integers(0, 14), max_size=4),
        "catch": st.sets(st.integers(0, 14), max_size=4),
        "twins": st.dictionaries(st.integers(0, 14), st.integers(0, 14), max_size=4),
        "order": st.sampled_from(["random", "given", "least_confident"]),
        "given": st.booleans(),
        "holdout": st.sampled_from(["random", 0.5, None]) | st.sets(st.integers(0, 14), max_size=4),
        "resolve": st.sampled_from(["latest", "majority"]),
    }
)


def carry_out(session, steps, rows):
    for what, reviewer, item, value in steps:
        try:
            if what == "undo":
                session.undo(reviewer=reviewer)
                continue
            chosen = item % rows if what == "hand" else session.next_item(reviewer)
            if chosen is None:
                continue
            if what == "flag":
                session.flag(chosen, "unclear", reviewer=reviewer)
            else:
                session.correct(chosen, value, reviewer=reviewer)
        except HitlError:
            continue


def kind_with_catch_trials(catch):
    """What a plan that plants catch trials would record of these draws."""
    kind = Material._kind
    return lambda self, selection: "catch" if selection.position in catch else kind(self, selection)


def check_that_nothing_leaks(drawn, steps, later):
    rows, catch = drawn["rows"], {item for item in drawn["catch"] if item < drawn["rows"]}
    gold = {item for item in drawn["gold"] if item < rows}
    X = np.random.default_rng(7).random((rows, 2))
    for one, other in drawn["twins"].items():
        X[one % rows] = X[other % rows]
    y = ["no"] * rows if drawn["given"] else None
    holdout = drawn["holdout"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Material, "_kind", kind_with_catch_trials(catch))
        answers = ["yes" if item in gold else None for item in range(rows)]
        with session_over(rows, order=drawn["order"], gold=answers if gold else None) as session:
            carry_out(session, steps, rows)
            try:
                found = training_set(session, X, y, resolve=drawn["resolve"], holdout=holdout, say=SILENT)
            except HitlError:
                return
            decisions = session.decisions
            met_in_trial = set(decisions.loc[decisions["kind"] == "catch", "item_id"])
            aside = set(found.held_out) if isinstance(holdout, str | float) else set(holdout or ())
            never = gold | met_in_trial | aside
            assert not never & set(found.item_ids)
            kept_out = {X[item].tobytes() for item in never if item < rows}
            assert not kept_out & {row.tobytes() for row in found.X}
            assert len(set(found.item_ids)) == len(found)
            assert len(found) + sum(count for why, count in found.left_out.items() if why != "absent") == rows
            carry_out(session, later, rows)
            assert bytes_of(rebuild(found.manifest, session, X, y, say=SILENT)) == bytes_of(found)


def test_nothing_leaks_from_any_session_and_its_manifest_makes_the_same_set_again():
    settings(max_examples=25)(given(SESSIONS, STEPS, STEPS)(check_that_nothing_leaks))()


@pytest.mark.parametrize("rule", ["gold", "catch", "held out", "twin"])
def test_the_search_would_notice_that_a_rule_is_missing(rule, monkeypatch):
    if rule == "twin":
        monkeypatch.setattr(reviewed_rows, "row_digests", lambda X: [str(row).encode() for row in range(len(X))])
    else:
        kept_from_training = reviewed_rows.kept_from_training
        monkeypatch.setattr(
            reviewed_rows,
            "kept_from_training",
            lambda *parts: {item: why for item, why in kept_from_training(*parts).items() if why != rule},
        )
    found_soon = settings(max_examples=300, phases=[Phase.generate], derandomize=True, report_multiple_bugs=False)
    with pytest.raises(AssertionError):
        found_soon(given(SESSIONS, STEPS, STEPS)(check_that_nothing_leaks))()
