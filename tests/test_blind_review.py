"""Blind review: the page learns nothing of a prediction before the reviewer has answered, and the log says who did."""

import json
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hitl_notebook as hitl
from hitl_notebook.errors import BadPlan
from hitl_notebook.session.review import _REVIEWS
from tests.page import Page

LABELS = ["bug", "wish", "question"]
TASK = hitl.Classification(LABELS)


def frame(said, confidence=0.5):
    """Items with the same content, whatever the model said of them."""
    probabilities = np.full((len(said), 3), (1 - confidence) / 2)
    probabilities[np.arange(len(said)), [LABELS.index(one) for one in said]] = confidence
    return pd.DataFrame(
        {
            "id": [f"t{number}" for number in range(len(said))],
            "text": [f"ticket {number}" for number in range(len(said))],
            "said": said,
            **dict(zip(LABELS, probabilities.T, strict=True)),
            "why": [f"because of {one}" for one in said],
            "map": [np.eye(2) * (1 + LABELS.index(one)) - 0.5 for one in said],
            "age": [number * 7 % 5 for number in range(len(said))],
        }
    )


def page(predictions, store=":memory:", **plan):
    session = hitl.ReviewSession(
        predictions,
        TASK,
        item_id="id",
        prediction="said",
        probabilities=LABELS,
        show=["text"],
        explanation=["why", hitl.fields.HeatMap("map")],
        plan=hitl.ReviewPlan(seed=7, **plan),
        reviewer="ada",
        store=store,
        model_version="v1",
    )
    return Page(session)


def told(one):
    """Everything that the page hears until it has all items, but for what is random in every session."""
    card = one.card
    entries = [item_id for item_id, _ in one.card.queue["entries"]]
    [answer] = one.ask("want", item_ids=entries)
    items = [{**item, "content_hash": ""} for item in answer["items"]]
    buffers = [bytes(buffer).hex() for _, sent in one.heard for buffer in sent or ()]
    session = {**card.session, "store_id": "", "session_id": ""}
    state = [card.queue["more"], card.progress, card.summary, card.saved, card.refused, card.problem]
    return json.dumps([session, entries, state, items, buffers], sort_keys=True)


def by_age(rows):
    return rows["age"]


predictions = st.lists(st.sampled_from(LABELS), min_size=6, max_size=6)
orders = st.sampled_from(["given", "random", "least_confident", "margin", "entropy", "diverse", by_age])


@settings(max_examples=60)
@given(first=predictions, second=predictions, order=orders, sample=st.sampled_from([None, 4]))
def test_whatever_the_model_said_the_page_is_sent_the_same(first, second, order, sample):
    plan = {"order": order, "sample": sample, "reveal": "after"}
    assert told(page(frame(first, 0.9), **plan)) == told(page(frame(second, 0.4), **plan))


@settings(max_examples=20)
@given(first=predictions, second=predictions)
def test_whatever_the_next_version_says_the_page_is_sent_the_same_of_what_it_changed(first, second):
    def changed(said):
        one = page(frame(["question"] * 6), order="given", reveal="after")
        others = ["bug" if label == "question" else label for label in said]
        one.session.update_predictions(frame(others), model_version="v2", ask="changed")
        return told(one)

    assert changed(first) == changed(second)


@settings(max_examples=20)
@given(first=predictions, second=predictions, now=predictions)
def test_whatever_the_version_before_said_the_page_is_sent_the_same(first, second, now):
    one, other = (page(frame(said), order="given", reveal="after") for said in (first, second))
    for updated in (one, other):
        updated.session.update_predictions(frame(now), model_version="v2", ask="all")
    assert told(one) == told(other)


def test_what_the_version_before_said_comes_with_the_prediction_once_the_reviewer_has_answered():
    one = page(frame(["bug", "bug"]), order="given", reveal="after")
    one.session.update_predictions(frame(["wish", "bug"]), model_version="v2")
    (answer,) = one.ask("want", item_ids=["t0"])
    assert answer["items"][0]["earlier"] is None
    one.heard.clear()
    one.decide("t0", action="correct", value="question", blind=True)
    (revealed,) = (content for content, _ in one.heard if content["kind"] == "items")
    (item,) = revealed["items"]
    assert (item["prediction"]["value"], item["earlier"]) == ("wish", {"model_version": "v1", "value": "bug"})


def test_the_comparison_would_notice():
    plan = {"order": "least_confident", "reveal": "before"}
    first, second = frame(["bug"] * 6), frame(["bug"] * 5 + ["wish"])
    assert told(page(first, **plan)) != told(page(second, **plan))


def test_the_answer_comes_before_the_prediction_and_may_be_changed_after_it():
    one = page(frame(["bug", "wish", "bug"]), order="given", reveal="after")
    one.decide("t0", action="correct", value="wish", blind=True, explained=False)
    revealed = next(content for content, _ in one.heard if content["kind"] == "items")["items"][0]
    assert (revealed["blind"], revealed["prediction"]["value"], len(revealed["explanation"])) == (False, "bug", 2)
    assert [content["kind"] for content, _ in one.heard] == ["items", "recorded"]
    one.decide("t0", action="accept", value="bug", replaces="e1")
    one.decide("t1", action="correct", value="wish", blind=True, explained=False)
    columns = ["item_id", "action", "value", "first_value", "blind", "explained", "agreed"]
    assert one.session.decisions[columns].values.tolist() == [
        ["t0", "accept", "bug", "wish", True, True, True],
        ["t1", "accept", "wish", "wish", True, False, True],
    ]


@pytest.mark.parametrize("blind", [True, False])
def test_what_is_not_shown_yet_cannot_be_accepted_unseen(blind):
    one = page(frame(["bug", "wish"]), order="given", reveal="after")
    one.decide("t0", action="accept", value=None, blind=blind)
    assert [refusal["reason"] for refusal in one.card.refused] == ["invalid"]
    assert (one.card.saved, len(one.session.decisions)) == ([], 0)
    [answer] = one.ask("want", item_ids=["t0"])
    assert answer["items"][0]["blind"]
    one.decide("t0", action="correct", value="wish", blind=True)
    one.decide("t0", action="accept", value=None, replaces="e2")
    assert one.session.decisions[["value", "first_value", "blind"]].values.tolist() == [["bug", "wish", True]]


def test_a_blind_flag_has_no_first_value_even_when_it_is_changed():
    one = page(frame(["bug", "wish"]), order="given", reveal="after")
    one.decide("t0", action="flag", value=None, reason="unreadable", blind=True)
    one.decide("t0", action="correct", value="wish", replaces="e1")
    [row] = one.session.decisions.to_dict("records")
    assert (row["action"], row["first_value"], row["blind"]) == ("correct", None, True)


def test_what_was_seen_once_is_not_blind_again():
    one = page(frame(["bug", "wish"]), order="given", reveal="after")
    one.decide("t0", action="correct", value="wish", blind=True)
    one.send("undo", replaces="e1")
    [answer] = one.ask("want", item_ids=["t0", "t1"])
    assert [item["blind"] for item in answer["items"]] == [False, True]
    one.decide("t0", action="correct", value="wish", blind=True)
    assert one.session.decisions[["blind", "first_value"]].values.tolist() == [[False, None]]


def test_what_was_seen_in_a_tab_with_another_kernel_is_not_blind_again(tmp_path):
    one, other = (page(frame(["bug", "wish"]), tmp_path / "r.db", order="given", reveal="after") for _ in range(2))
    _REVIEWS.discard(other.session._review)  # as in another process: the sessions of one process tell each other
    one.decide("t0", event_id="e1", action="correct", value="wish", blind=True)
    one.send("undo", replaces="e1", event_id="e2")
    other.decide("t0", event_id="e3", action="correct", value="bug", blind=True)
    assert other.card.saved == ["e3"]
    assert other.session.decisions[["blind", "first_value"]].values.tolist() == [[False, None]]


def test_what_was_asked_with_its_prediction_is_not_blind_when_the_next_version_asks_it_again(tmp_path):
    plan = hitl.ReviewPlan(order="least_confident", blind_share=0.5, seed=7)
    options = {"item_id": "id", "prediction": "said", "confidence": "p", "show": ["text"], "store": tmp_path / "r.db"}
    before = frame(["bug"] * 60).assign(p=0.5)
    after = pd.concat([before, before.assign(id=[f"new {number}" for number in range(60)])]).assign(said="wish")

    def blind(session):
        keys = [key for key, _ in session._review.upcoming("ada", 200, ahead=200)]
        return {key for key in keys if session._review.sight("ada", key).is_blind}

    for _ in ("first", "the cells run again"):
        with hitl.ReviewSession(before, TASK, plan=plan, model_version="v1", reviewer="ada", **options) as session:
            keys = [key for key, _ in session._review.upcoming("ada", 60)]
            session.skip(keys[1])
            session.enqueue(keys[2:3])
            seen = {key for key in before["id"] if not session._review.sight("ada", key).is_blind}
            assert 10 < len(seen) < 50
            session.update_predictions(after, model_version="v2")
            now = blind(session)
            assert now & seen == set()
            # The central 99.9 % of a binomial with n = 60 and p = 0.5 is 18 to 42.
            assert 18 <= len({key for key in now if key.startswith("new")}) <= 42
            assert now - set(after["id"][60:]), "what was blind and is not answered is blind again"


def test_an_item_whose_content_changed_is_blind_again(tmp_path):
    before = frame(["bug", "wish"])
    options = {"item_id": "id", "prediction": "said", "show": ["text"], "store": tmp_path / "r.db", "reviewer": "ada"}
    plan = hitl.ReviewPlan(order="given", reveal="after", seed=1)
    with hitl.ReviewSession(before, TASK, plan=plan, **options) as session:
        Page(session).decide("t0", action="correct", value="wish", blind=True)
    after = before.assign(text=["another ticket", "ticket 1"])
    [answer] = Page(hitl.ReviewSession(after, TASK, plan=plan, **options)).ask("want", item_ids=["t0"])
    assert answer["items"][0]["blind"]


def test_a_page_cannot_claim_to_be_blind_where_the_plan_says_otherwise():
    one = page(frame(["bug", "wish"]), order="given")
    one.decide("t0", action="correct", value="wish", blind=True, first_value="wish")
    assert one.session.decisions[["blind", "first_value"]].values.tolist() == [[False, None]]


def test_a_decision_by_code_is_not_blind():
    one = page(frame(["bug", "wish"]), order="given", reveal="after")
    one.session.accept("t0")
    assert one.session.decisions["blind"].tolist() == [False]


def test_the_explanation_cannot_be_asked_for_beforehand():
    rows = frame(["bug", "wish"]).assign(why="x" * 50_000)
    one = page(rows, order="given", reveal="after")
    full = {"item_id": "t0", "part": "explanation", "index": 0, "message": None}
    assert [content["kind"] for content in one.ask("full", **full)] == ["failed"]
    one.decide("t0", action="correct", value="wish", blind=True)
    assert {content["kind"] for content in one.ask("full", **full)} == {"full"}


def test_a_share_of_the_items_is_blind_for_each_reviewer_anew_and_the_same_after_a_restart():
    rows = frame(["bug"] * 400)
    plan = hitl.ReviewPlan(order="given", blind_share=0.3, seed=3)
    session = hitl.ReviewSession(
        rows, TASK, item_id="id", prediction="said", show=["text"], plan=plan, store=":memory:"
    )

    def blind(reviewer):
        keys = [key for key, _ in session._review.upcoming(reviewer, 400, ahead=400)]
        return {key for key in keys if session._review.sight(reviewer, key).is_blind}

    ada, bob = blind("ada"), blind("bob")
    # The central 99.9 % of a binomial with n = 400 and p = 0.3 is 90 to 151.
    assert 90 <= len(ada) <= 151
    assert 90 <= len(bob) <= 151
    assert ada != bob
    assert ada == blind("ada")


def test_in_an_order_by_score_only_items_drawn_at_random_are_blind():
    rng = np.random.default_rng(0)
    rows = frame(rng.choice(LABELS, 600).tolist()).assign(p=rng.random(600))
    plan = hitl.ReviewPlan(order="least_confident", random_share=0.1, blind_share=0.2, seed=3)
    session = hitl.ReviewSession(
        rows, TASK, item_id="id", prediction="said", confidence="p", show=["text"], plan=plan, store=":memory:"
    )
    review, reviewer = session._review, session.reviewer
    keys = [key for key, _ in review.upcoming(reviewer, 600, ahead=600)]
    drawn = Counter(
        (draw.draw.chosen_by, review.sight(reviewer, draw.draw.item_id).is_blind)
        for draw in review.store.draws(review.row.session_id)
    )
    assert len(keys) == 600
    assert drawn["order", True] == drawn["random", False] == 0
    # The central 99.9 % of a binomial with n = 600 and p = 0.2 is 88 to 154.
    assert 88 <= drawn["random", True] <= 154


def test_explanations_are_shown_for_their_share():
    one = page(frame(["bug"] * 200), order="given", explanation_share=0.5)
    items = [item for answer in one.ask("want", item_ids=[f"t{n}" for n in range(200)]) for item in answer["items"]]
    explained = [bool(item["explanation"]) for item in items]
    # The central 99.9 % of a binomial with n = 200 and p = 0.5 is 77 to 123.
    assert 77 <= sum(explained) <= 123
    assert all(item["prediction"] is not None for item in items)


@settings(max_examples=20)
@given(first=predictions, second=predictions)
def test_whatever_an_explanation_says_an_item_shown_without_it_is_sent_the_same(first, second):
    def unexplained(reasons):
        rows = frame(["bug"] * 6).assign(**frame(reasons)[["why", "map"]])
        one = page(rows, order="given", explanation_share=0.5)
        items = [one.ask("want", item_ids=[f"t{n}"])[0]["items"][0] | {"content_hash": ""} for n in range(6)]
        return [item for item in items if not item["explanation"]], one

    without, one = unexplained(first)
    assert 0 < len(without) < 6
    assert without == unexplained(second)[0]
    for item in without:
        one.ask("want", item_ids=[item["item_id"]])
        assert [sent for _, sent in one.heard if sent] == [], "the map is not sent either"


def test_the_whole_of_an_explanation_is_refused_for_an_item_that_is_shown_without_it():
    one = page(frame(["bug"] * 20).assign(why="x" * 50_000), order="given", explanation_share=0.5)
    answers = set()
    for number in range(20):
        [answer] = one.ask("want", item_ids=[f"t{number}"])
        full = one.ask("full", item_id=f"t{number}", part="explanation", index=0, message=None)
        answers.add((bool(answer["items"][0]["explanation"]), *{content["kind"] for content in full}))
    assert answers == {(True, "full"), (False, "failed")}


@pytest.mark.filterwarnings("ignore:The shown column")
@pytest.mark.parametrize("column", ["said", "bug", "why"])
def test_a_column_of_the_models_own_is_not_shown_in_blind_review(column):
    with pytest.raises(BadPlan, match=column):
        hitl.ReviewSession(
            frame(["bug", "wish"]),
            TASK,
            prediction="said",
            probabilities=LABELS,
            show=["text", column],
            explanation=["why"],
            plan=hitl.ReviewPlan(blind_share=0.5),
            store=":memory:",
        )


def test_an_order_of_ones_own_does_not_get_the_models_columns():
    seen = []

    def remember(rows):
        seen.extend(rows.columns)
        return rows["age"]

    one = page(frame(["bug", "wish", "bug"]), order=remember, reveal="after")
    assert seen == ["id", "text", "age"]
    assert [item_id for item_id, _ in one.card.queue["entries"]] == ["t0", "t1", "t2"]
    with pytest.raises(BadPlan, match="said"):
        page(frame(["bug", "wish"]), order=lambda rows: rows["said"] == "bug", reveal="after")
