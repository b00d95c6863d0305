"""What is set aside: drawn at random among all items, and never what was learned from before."""

from fractions import Fraction
from uuid import UUID

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression

import hitl_notebook as hitl
from hitl_notebook.errors import NothingToJudge, UnknownChoice
from hitl_notebook.training import retrain, training_set
from hitl_notebook.training.holding_out import held_out_ids
from tests.training.sessions import SILENT, numbers, review_in_turn, session_over

X, VALUES = numbers(300, seed=9)
FRAME = pd.DataFrame({"text": [f"item {row}" for row in range(300)], "said": "no", "p": np.linspace(0.5, 0.99, 300)})


def decided(chosen_by, chance, *, ids=None):
    """Decisions by how each item was drawn; the pool has 50 left each time."""
    rows = {"chosen_by": chosen_by, "selection_probability": chance, "pool_size": 50}
    return pd.DataFrame({"item_id": range(len(chosen_by)) if ids is None else ids, **rows})


def test_what_a_next_version_changed_is_drawn_at_random_among_that_alone_and_never_held_out():
    rows = decided(["changed"] * 40 + ["sample"] * 5, 1 / 50)
    assert held_out_ids(rows, 1.0, seed=0) == {40, 41, 42, 43, 44}
    assert not held_out_ids(rows, "random", seed=0) & set(range(40))
    with pytest.raises(NothingToJudge, match="among all items"):
        held_out_ids(rows[:40], "random", seed=0)


def test_a_share_may_be_any_number_and_what_is_neither_share_nor_ids_is_refused():
    rows = decided(["random"] * 40, 1 / 50)
    for share in (np.float32(0.5), np.float64(0.5), Fraction(1, 2)):
        assert held_out_ids(rows, share, seed=0) == held_out_ids(rows, 0.5, seed=0)
    assert held_out_ids(rows, np.int64(1), seed=0) == set(range(40))
    for holdout in (np.bool_(True), True, object(), np.float32(1.5)):
        with pytest.raises(UnknownChoice, match="holdout="):
            held_out_ids(rows, holdout, seed=0)


def test_two_ids_of_any_type_are_no_data():
    ids = [UUID(int=row) for row in range(300)]
    options = {"item_id": "key", "prediction": "said", "show": "text", "reviewer": "ada", "store": ":memory:"}
    with hitl.ReviewSession(FRAME.assign(key=ids), hitl.Classification(["no", "yes"]), **options) as session:
        for id_, value in zip(ids, VALUES, strict=True):
            session.correct(id_, value)
        found = retrain(LogisticRegression(), session, X, holdout=(ids[0], ids[1]), say=SILENT)
        assert found.training.held_out == set(ids[:2])
    with session_over(300) as session:
        review_in_turn(session, VALUES, 300)
        for holdout in ((np.int64(3), np.int64(4)), iter([3, 4])):
            found = retrain(LogisticRegression(), session, X, holdout=holdout, say=SILENT)
            assert found.training.held_out == {3, 4} and found.comparison.difference.n == 2


def test_in_a_real_review_what_changed_is_learned_from_and_what_was_held_out_stays_so():
    with session_over(300, predicted="no") as session:
        review_in_turn(session, VALUES, 150)
        before = training_set(session, X, holdout="random", say=SILENT)
        frame = pd.DataFrame({"text": [f"item {row}" for row in range(300)], "predicted": VALUES, "p": 0.9})
        update = session.update_predictions(frame, model_version="v2")
        review_in_turn(session, VALUES, update.queued)
        changed = session.decisions.query("chosen_by == 'changed'")["item_id"]
        assert len(changed) == update.queued > 20
        after = training_set(session, X, holdout="random", say=SILENT)
        found = retrain(LogisticRegression(), session, X, say=SILENT)
    assert after.held_out == before.held_out
    assert set(changed) <= set(after.item_ids)
    assert found.comparison.wins + found.comparison.losses + found.comparison.ties == len(before.held_out)


def test_a_queue_by_score_that_comes_later_sets_nothing_aside_that_was_learned_from():
    # at random: each of 50 has the same chance; by score with a share of 0.3 at random: 0.3 / 50, or 0.7 more
    first = decided(["random"] * 200, 1 / 50)
    held = held_out_ids(first, "random", seed=0)
    assert 40 <= len(held) <= 80
    by_score = decided(["random", "order", "random"] * 20, [0.3 / 50, 0.7 + 0.3 / 50, 0.7 + 0.3 / 50] * 20)
    later = by_score.assign(item_id=range(200, 260))
    both = held_out_ids(pd.concat([first, later], ignore_index=True), "random", seed=0)
    assert both & set(range(200)) == held
    assert both - set(range(200)) == set(later.loc[later["chosen_by"] == "random", "item_id"])
    # The same item at random in both: it was learned from, or not, already.
    again = later[later["chosen_by"] == "random"].assign(item_id=range(40))
    assert held_out_ids(pd.concat([first, again], ignore_index=True), "random", seed=0) == held


def test_items_that_are_named_say_so_where_they_were_chosen_by_score_and_others_are_left():
    with session_over(300, order="least_confident") as session:
        review_in_turn(session, VALUES, 120)
        by_score = session.decisions.query("chosen_by == 'order'")["item_id"].tolist()
        left = [item for item in range(300) if item not in set(session.decisions["item_id"])]

        def note(holdout):
            return retrain(LogisticRegression(), session, X, holdout=holdout, say=SILENT).comparison.difference.note

        said = "40 of 40 were not drawn at random, and say nothing of those set aside that nobody has reviewed"
        assert said in note(by_score[:40] + left[:10])
        assert "drawn at random" not in note(by_score[:40])  # all that were named are known
        assert "drawn at random" not in note("random")
        assert f"{len(by_score)} items that the queue took in its order are learned from" in note("random")


def sampled(order, store=":memory:", sample=100):
    plan = hitl.ReviewPlan(sample=sample, order=order, seed=3)
    options = {"prediction": "said", "confidence": "p", "show": "text", "reviewer": "ada", "store": store}
    return hitl.ReviewSession(FRAME, hitl.Classification(["no", "yes"]), plan=plan, **options)


def test_the_part_of_a_sample_that_a_score_put_first_is_nothing_to_judge_by_until_it_is_done(tmp_path):
    store = tmp_path / "reviews.db"
    with sampled("least_confident", store) as session:
        review_in_turn(session, VALUES, 40)
        for call in (lambda: retrain(LogisticRegression(), session, X), lambda: training_set(session, X, holdout=0.5)):
            with pytest.raises(NothingToJudge, match="the sample is not done and was not asked in random order"):
                call()
        review_in_turn(session, VALUES, 60)
        found = retrain(LogisticRegression(), session, X, say=SILENT)
        assert found.comparison.difference.n == len(found.training.held_out) > 10
    with hitl.ReviewSession.open(store, items=FRAME) as opened:
        assert training_set(opened, X, holdout="random", say=SILENT).held_out == found.training.held_out


def test_a_sample_that_is_done_stays_so_when_the_review_goes_on_by_another_plan(tmp_path):
    store = tmp_path / "reviews.db"
    with sampled("least_confident", store) as session:
        review_in_turn(session, VALUES, 100)
        first = training_set(session, X, holdout="random", say=SILENT).held_out
    with sampled("least_confident", store, sample=None) as session:
        review_in_turn(session, VALUES, 30)
        assert set(session.decisions["chosen_by"]) == {"sample", "order", "random"}
        assert first < training_set(session, X, holdout="random", say=SILENT).held_out
        found = retrain(LogisticRegression(), session, X, say=SILENT).comparison.difference
    assert "not compared on" not in found.note and found.n > len(first)


def test_part_of_a_sample_in_random_order_is_held_out_and_so_is_what_is_named_of_any():
    with sampled("random") as session:
        review_in_turn(session, VALUES, 40)
        assert retrain(LogisticRegression(), session, X, say=SILENT).comparison.difference.n > 4
    with sampled("least_confident") as session:
        review_in_turn(session, VALUES, 40)
        named = session.decisions["item_id"].tolist()[:20]
        assert retrain(LogisticRegression(), session, X, holdout=named, say=SILENT).comparison.difference.n == 20


def test_beside_other_draws_the_part_of_a_sample_is_set_aside_and_not_compared_on(monkeypatch):
    with session_over(300) as session:
        review_in_turn(session, VALUES, 200)
        whole = retrain(LogisticRegression(), session, X, say=SILENT)
        decisions = session.decisions
        in_part = sorted(decisions["item_id"])[:60]
        mixed = decisions.assign(chosen_by=decisions["chosen_by"].mask(decisions["item_id"].isin(in_part), "sample"))
        mixed.loc[mixed["chosen_by"] == "sample", "selection_probability"] = 0.5
        monkeypatch.setattr(type(session), "decisions_until", lambda self, seq=None: (mixed, seq or 1))
        monkeypatch.setattr(type(session), "are_in_random_order", lambda self, versions: False)
        found = retrain(LogisticRegression(), session, X, say=SILENT)
    left = len(whole.training.held_out & set(in_part))
    assert found.training.held_out == whole.training.held_out
    assert found.comparison.difference.n == whole.comparison.difference.n - left
    assert f"{left} set aside are not compared on, since the sample is not done" in found.comparison.difference.note


def test_items_of_a_sample_weigh_what_they_stand_for_whoever_has_met_them_beside_it():
    # by strata: 7 of 96 and 1 of 4 and, all changed from "no" to "yes", each with its weight
    frame = pd.DataFrame({"text": [f"item {row}" for row in range(100)], "said": "no"})
    frame["kind"] = ["often"] * 96 + ["rare"] * 4
    plan = hitl.ReviewPlan(sample=8, by="kind", seed=3)
    options = {"prediction": "said", "show": "text", "slices": "kind", "reviewer": "ada", "store": ":memory:"}
    with hitl.ReviewSession(frame, hitl.Classification(["no", "yes"]), plan=plan, **options) as session:
        review_in_turn(session, dict.fromkeys(range(100), "yes"), 8)
        sampled = session.decisions["item_id"].tolist()
        by_hand = next(item for item in range(100) if item not in sampled)
        session.correct(by_hand, "yes")
        session.decide(sampled[0], "correct", "yes", reviewer="bo")
        assert session.decisions["chosen_by"].tolist() != ["sample"] * 8
        always = DummyClassifier(strategy="constant", constant="yes")
        changes = retrain(always, session, np.arange(100.0)[:, None], holdout=sampled, say=SILENT).comparison.changes
    weights = {kind: set(rows["weight"].round(6)) for kind, rows in changes.groupby("slice_kind")}
    assert weights == {"often": {round(96 / 7, 6)}, "rare": {4.0}}
