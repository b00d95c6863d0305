"""Simulated reviewers in a session: what they decide is in its log as a page's decisions are."""

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pandas as pd
import pytest

import hitl_notebook as hitl
from hitl_notebook.errors import BadColumn, InvalidValue, UnknownChoice
from hitl_notebook.simulate import Reviewer
from hitl_notebook.store import verify

LABELS = ["refund", "card lost", "transfer"]
ITEMS = 60
TRUTH = [LABELS[number % 3] for number in range(ITEMS)]
# The model is right on two items of three.
PREDICTED = [label if number % 3 else "card lost" for number, label in enumerate(TRUTH)]
SAID = ["item_id", "reviewer", "action", "value", "seconds"]


def session(task=None, predicted=PREDICTED, store=":memory:", **plan):
    frame = pd.DataFrame(
        {
            "id": [f"t{number}" for number in range(ITEMS)],
            "text": [f"question {number}" for number in range(ITEMS)],
            "predicted": pd.Series(predicted, dtype=object),
            "p": np.linspace(0.4, 1, ITEMS),
        }
    )
    return hitl.ReviewSession(
        frame,
        task or hitl.Classification(LABELS),
        item_id="id",
        prediction="predicted",
        confidence="p",
        show=["text"],
        plan=hitl.ReviewPlan(**{"order": "random", "seed": 1, **plan}),
        reviewer="me",
        store=store,
    )


def truth_of(decisions):
    return [TRUTH[int(item_id[1:])] for item_id in decisions["item_id"]]


def test_skill_1_decides_every_item_by_its_truth():
    review = session()
    hitl.simulate.review(review, [Reviewer("ada", skill=1)], TRUTH)
    decisions = review.decisions
    assert decisions["value"].tolist() == truth_of(decisions)
    assert (decisions["action"] == "accept").sum() == 40
    assert (decisions["action"] == "correct").sum() == 20
    assert review.next_item("ada") is None


def test_anchoring_1_accepts_every_item():
    review = session()
    hitl.simulate.review(review, [Reviewer("bo", anchoring=1)], TRUTH)
    assert review.decisions["action"].tolist() == ["accept"] * ITEMS


def test_flagging_1_flags_every_item_and_gives_a_reason():
    review = session()
    hitl.simulate.review(review, [Reviewer("cy", flagging=1)], TRUTH)
    assert review.flags["reason"].str.startswith("simulated").tolist() == [True] * ITEMS


def test_truth_can_be_named_by_item_and_need_be_there_for_all():
    review = session()
    by_item = {f"t{number}": label for number, label in enumerate(TRUTH)}
    with pytest.raises(BadColumn, match=r"missing of 1 of 60 items: 't7'"):
        hitl.simulate.review(review, [Reviewer("ada")], {key: by_item[key] for key in by_item if key != "t7"})
    hitl.simulate.review(review, [Reviewer("ada", skill=1)], by_item)
    assert review.decisions["value"].tolist() == truth_of(review.decisions)


def test_each_goes_on_in_their_own_queue_where_they_stood():
    review = session()
    hitl.simulate.review(review, [Reviewer("ada"), Reviewer("bo")], TRUTH, n_items=25)
    assert [review.progress(name)["reviewed"] for name in ("ada", "bo", "me")] == [25, 25, 0]
    hitl.simulate.review(review, [Reviewer("ada")], TRUTH, n_items=1_000)
    assert [review.progress(name)["reviewed"] for name in ("ada", "bo")] == [60, 25]
    hitl.simulate.review(review, [Reviewer("ada")], TRUTH)
    assert len(review.decisions) == 85


def test_the_same_seed_gives_the_same_decisions_whoever_else_is_there():
    ada, bo = Reviewer("ada", skill=0.6, flagging=0.1), Reviewer("bo", skill=0.6, flagging=0.1)
    both, alone, other = session(), session(), session()
    hitl.simulate.review(both, [bo, ada], TRUTH, seed=4)
    hitl.simulate.review(alone, [ada], TRUTH, seed=4)
    hitl.simulate.review(other, [ada], TRUTH, seed=5)
    decisions = both.decisions
    of_ada = decisions[decisions["reviewer"] == "ada"].reset_index(drop=True)
    pd.testing.assert_frame_equal(of_ada[SAID], alone.decisions[SAID])
    assert not of_ada["value"].equals(other.decisions["value"])
    of_bo = decisions[decisions["reviewer"] == "bo"].reset_index(drop=True)
    assert not of_ada["value"].equals(of_bo["value"])


def test_decisions_come_in_the_order_of_their_clocks_and_end_when_said():
    review = session()
    ended_at = datetime(2026, 11, 21, 12, tzinfo=UTC)
    hitl.simulate.review(review, [Reviewer("ada"), Reviewer("bo", speed=9)], TRUTH, ended_at=ended_at)
    decisions = review.decisions
    assert decisions["decided_at"].is_monotonic_increasing
    assert decisions["decided_at"].iloc[-1] == pd.Timestamp(ended_at)
    spent = (decisions["decided_at"] - decisions["shown_at"]).dt.total_seconds()
    assert np.allclose(spent, decisions["seconds"], atol=1e-5)
    # One after the other without a pause: each item is shown when the one before has been decided.
    for _, own in decisions.groupby("reviewer"):
        assert np.allclose(own["shown_at"].diff().dt.total_seconds()[1:], own["seconds"][:-1], atol=1e-5)


def test_an_end_without_a_time_zone_is_in_utc_and_one_with_it_is_where_it_says():
    noon = datetime(2026, 11, 21, 12)
    for ended_at, in_utc in ((noon, "12:00"), (noon.replace(tzinfo=timezone(timedelta(hours=2))), "10:00")):
        review = session()
        hitl.simulate.review(review, [Reviewer("ada")], TRUTH, n_items=2, ended_at=ended_at)
        assert review.decisions["decided_at"].iloc[-1] == pd.Timestamp(f"2026-11-21 {in_utc}", tz="UTC")


def test_blind_answers_are_kept_beside_what_they_were_changed_to():
    review = session(reveal="after")
    hitl.simulate.review(review, [Reviewer("ada", skill=1, anchoring=0.5)], TRUTH)
    decisions = review.decisions
    assert decisions["blind"].all()
    assert decisions["first_value"].tolist() == truth_of(decisions)
    changed = decisions[decisions["value"] != decisions["first_value"]]
    assert 0 < len(changed) < 20
    assert (changed["action"] == "accept").all()
    assert (review.log["kind"] == "decide").sum() == ITEMS + len(changed)


def test_what_a_blind_answer_is_changed_to_comes_right_after_it():
    review = session(reveal="after")
    hitl.simulate.review(review, [Reviewer("ada", anchoring=0.5), Reviewer("bo", skill=0.6, anchoring=0.9)], TRUTH)
    log = review.log[review.log["kind"] == "decide"].reset_index(drop=True)
    changes = np.flatnonzero(log["replaces"].notna())
    assert 20 < len(changes) < ITEMS
    assert log["replaces"][changes].tolist() == log["event_id"][changes - 1].tolist()
    decisions = review.decisions
    assert decisions["decided_at"].is_monotonic_increasing
    assert decisions["blind"].all()


def test_only_the_blind_share_of_items_is_answered_blind():
    review = session(blind_share=0.5)
    hitl.simulate.review(review, [Reviewer("ada", skill=1, anchoring=1)], TRUTH)
    decisions = review.decisions
    blind = decisions["blind"].astype(bool)
    assert 0 < blind.sum() < ITEMS
    assert decisions["first_value"][blind].tolist() == truth_of(decisions[blind])
    assert decisions["first_value"][~blind].isna().all()
    assert (decisions["action"] == "accept").all()


def test_the_log_of_a_simulated_review_is_whole_and_says_that_it_was_simulated(tmp_path):
    with session(store=tmp_path / "r.db", reveal="after") as review:
        hitl.simulate.review(review, [Reviewer("ada", anchoring=0.5), Reviewer("bo", flagging=0.2)], TRUTH)
        review.accept(review.next_item())
        assert review.decisions["origin"].value_counts().to_dict() == {"simulated": 2 * ITEMS, "api": 1}
    assert verify(tmp_path / "r.db").problems == []


def test_those_who_listen_hear_of_every_decision():
    review, heard = session(), []
    review._review.news.listen(lambda events: heard.extend(events or []))
    hitl.simulate.review(review, [Reviewer("ada"), Reviewer("bo")], TRUTH)
    assert len(heard) == 2 * ITEMS
    assert {event.kind for event in heard} == {"decide"}


def test_mistakes_on_numbers_are_the_numbers_of_other_items():
    truth = [float(number) for number in range(ITEMS)]
    review = session(hitl.Regression(tolerance=2), predicted=[0.0] * ITEMS)
    hitl.simulate.review(review, [Reviewer("ada", skill=0)], truth)
    decisions = review.decisions
    own = decisions["item_id"].str[1:].astype(float)
    value = decisions["value"].astype(float)
    assert set(value) <= set(truth)
    # Within the tolerance it would not have been a mistake.
    assert ((value - own).abs() > 2).all()


def test_mistakes_on_sets_of_labels_are_sets_that_occur():
    truth = [("refund",), ("card lost", "transfer"), ()] * 20
    review = session(hitl.MultiLabel(LABELS), predicted=[["refund"]] * ITEMS)
    hitl.simulate.review(review, [Reviewer("ada", skill=0)], truth)
    decisions = review.decisions
    own = [truth[int(item_id[1:])] for item_id in decisions["item_id"]]
    assert all(value != right and value in set(truth) for value, right in zip(decisions["value"], own, strict=True))


def test_items_without_predictions_are_decided_too():
    review = session(predicted=["refund", *[None] * (ITEMS - 1)])
    hitl.simulate.review(review, [Reviewer("ada", skill=1, anchoring=1)], TRUTH)
    assert review.decisions["action"].value_counts().to_dict() == {"correct": ITEMS - 1, "accept": 1}
    assert review.decisions["value"].tolist() == truth_of(review.decisions)


def test_what_cannot_be_simulated_is_refused_before_anything_is_recorded():
    review = session()
    with pytest.raises(BadColumn, match="59 values for 60 items"):
        hitl.simulate.review(review, [Reviewer("ada")], TRUTH[1:])
    with pytest.raises(BadColumn, match="'refound' is not one of the 3 labels"):
        hitl.simulate.review(review, [Reviewer("ada")], ["refound", *TRUTH[1:]])
    with pytest.raises(InvalidValue, match="'fee'"):
        hitl.simulate.review(review, [Reviewer("ada"), Reviewer("bo", bias={"fee": 0.5})], TRUTH)
    with pytest.raises(UnknownChoice, match="one name"):
        hitl.simulate.review(review, [Reviewer("ada"), Reviewer(" ada")], TRUTH)
    for seed in (-1, 1.5, None, True):
        with pytest.raises(UnknownChoice, match=f"seed={seed}: an integer, 0 or greater"):
            hitl.simulate.review(review, [Reviewer("ada")], TRUTH, seed=seed)
    for n_items in (-1, 2.5, True, "3"):
        with pytest.raises(UnknownChoice, match=f"n_items={n_items!r}: an integer, 0 or greater"):
            hitl.simulate.review(review, [Reviewer("ada")], TRUTH, n_items=n_items)
    assert len(review.decisions) == 0
    hitl.simulate.review(review, [Reviewer("ada")], TRUTH, n_items=np.uint64(3), seed=np.int64(0))
    assert len(review.decisions) == 3


def test_nobody_and_nothing_left_are_no_error():
    review = session()
    hitl.simulate.review(review, [], TRUTH)
    hitl.simulate.review(review, [Reviewer("ada")], TRUTH, n_items=0)
    assert len(review.decisions) == 0
