"""The plan of a running session is changed: what it says, shows and claims of items that were drawn before."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hitl_notebook as hitl
from hitl_notebook.figures.accuracy import accuracy_in_words
from hitl_notebook.review_queue import DrawnUnder, Reach, reach_of
from tests.page import Page

TASK = hitl.Classification(["bug", "wish"])


def frame(size=30, start=0):
    numbers = range(start, start + size)
    return pd.DataFrame(
        {
            "id": [f"t{number}" for number in numbers],
            "text": [f"ticket {number}" for number in numbers],
            "said": "bug",
            "p": [0.5 + (number * 7 % 30) / 60 for number in numbers],
            "channel": ["mail" if number % 10 else "phone" for number in numbers],
        }
    )


def page(store, *, rows=None, show=("text",), explanation=None, **plan):
    session = hitl.ReviewSession(
        frame() if rows is None else rows,
        TASK,
        item_id="id",
        prediction="said",
        confidence="p",
        show=list(show),
        explanation=explanation,
        slices="channel",
        plan=hitl.ReviewPlan(**{"seed": 1, **plan}),
        reviewer="ada",
        store=store,
        model_version="v1",
    )
    return Page(session)


def queue(one):
    return [key for key, _ in one.card.queue["entries"]]


def told(one, keys):
    return {item["item_id"]: item for answer in one.ask("want", item_ids=keys) for item in answer["items"]}


def decide_all(session, is_right=lambda key: True):
    while (key := session.next_item()) is not None:
        session.correct(key, "bug" if is_right(key) else "wish")


def claims(session):
    """What the card's end and the dashboard say of accuracy."""
    accuracy = Page(session).card.summary["accuracy"]
    (figure, *_) = accuracy_in_words(session._figure_source().reviewed())
    return accuracy, figure


# ------------------------------------------------------------ how an item is shown


def test_what_was_sent_with_its_prediction_is_not_blind_and_stays_where_it_stood(tmp_path):
    with page(tmp_path / "r.db").session as session:
        before = queue(Page(session))
    one = page(tmp_path / "r.db", reveal="after")
    assert queue(one) == before
    assert {item["blind"] for item in told(one, before).values()} == {False}
    one.decide(before[0], action="correct", value="wish", blind=True, first_value="wish")
    assert one.session.decisions["blind"].tolist() == [False]
    assert one.card.session["order"].endswith(
        "; 30 items drawn under an earlier plan are asked too, as that plan had it"
    )


def test_what_was_drawn_to_be_answered_first_still_is_and_the_page_knows_how(tmp_path):
    with page(tmp_path / "r.db", reveal="after").session as session:
        before = queue(Page(session))
    rows = pd.concat([frame(), frame(5, start=30)])
    one = page(tmp_path / "r.db", rows=rows)
    new = queue(one)[30:]
    assert queue(one)[:30] == before
    assert one.card.session["blind"]
    assert {key: item["blind"] for key, item in told(one, queue(one)).items()} == {
        **dict.fromkeys(before, True),
        **dict.fromkeys(new, False),
    }
    one.session.enqueue(before[3:4])
    assert told(one, before[3:4])[before[3]]["prediction"] is None
    one.decide(before[3], action="correct", value="wish", blind=True, first_value="wish")
    one.decide(new[0], action="correct", value="wish", blind=True, first_value="wish")
    assert one.session.decisions[["item_id", "blind"]].values.tolist() == [[before[3], True], [new[0], False]]


def test_what_is_shown_in_a_column_is_not_blind_whatever_the_plan_before_said(tmp_path):
    with page(tmp_path / "r.db", show=["text", "channel"], reveal="after").session as session:
        key = session.next_item()
    one = page(tmp_path / "r.db", show=["text", "channel"], explanation="channel")
    assert not told(one, [key])[key]["blind"]


reveals = st.lists(st.sampled_from(["before", "after"]), min_size=2, max_size=4)


@settings(max_examples=25, deadline=None)
@given(reveals=reveals, grown=st.integers(0, 5), order=st.sampled_from(["given", "least_confident"]))
def test_an_item_is_blind_by_the_plan_that_drew_it_first(tmp_path_factory, reveals, grown, order):
    store, first = tmp_path_factory.mktemp("plans") / "r.db", {}
    for number, reveal in enumerate(reveals):
        one = page(store, rows=frame(5 + grown * number), order=order, reveal=reveal)
        for key, item in told(one, queue(one)).items():
            assert item["blind"] == (first.setdefault(key, reveal) == "after")
            assert (item["prediction"] is None) == item["blind"]
        assert one.card.session["blind"] == ("after" in {reveal, *first.values()})
        one.session.close()


def test_explanations_are_shown_by_the_plan_that_drew_the_item(tmp_path):
    with page(tmp_path / "r.db", explanation_share=0).session as session:
        key = session.next_item()
    one = page(tmp_path / "r.db")
    assert not one.session._review.sight("ada", key).is_explained


# ------------------------------------------------------------ what is said of the order


@pytest.mark.parametrize("plan", [{"sample": 20}, {"order": "given"}, {"blind_share": 0.5}])
def test_the_card_says_how_much_of_the_queue_an_earlier_plan_has_drawn(tmp_path, plan):
    with page(tmp_path / "r.db").session as session:
        session.accept(session.next_item())
    one = page(tmp_path / "r.db", **plan)
    alone = page(":memory:", **plan).card.session["order"]
    assert (
        one.card.session["order"] == f"{alone}; 29 items drawn under an earlier plan are asked too, as that plan had it"
    )
    said = one.card.session
    one.decide()
    assert one.card.session == said, "it is not sent again with each decision"


def test_the_same_plan_again_is_no_other(tmp_path):
    for _ in range(2):
        one = page(tmp_path / "r.db")
        assert "earlier" not in one.card.session["order"]
        one.session.close()


# ------------------------------------------------------------ what the decisions speak of


def test_items_that_came_after_the_sample_are_said_to_have_had_no_chance(tmp_path):
    plan = {"sample": 20, "order": "random"}
    with page(tmp_path / "r.db", rows=frame(100), **plan).session as session:
        decide_all(session)
        accuracy, figure = claims(session)
        assert (accuracy["note"], "a random sample of 100 items)" in figure) == ("", True)
    session = page(tmp_path / "r.db", rows=frame(400), **plan).session
    assert session.next_item() is None
    accuracy, figure = claims(session)
    words = "a random sample of 100 items; 300 that came later had no chance to be asked"
    assert (accuracy["value"], accuracy["note"]) == (1, words)
    assert words in figure
    session.close()
    opened = hitl.ReviewSession.open(tmp_path / "r.db", items=frame(400))
    assert words in accuracy_in_words(opened._figure_source().reviewed())[0]


def test_a_sample_by_strata_says_so_too(tmp_path):
    plan = {"sample": 20, "by": "channel"}
    with page(tmp_path / "r.db", rows=frame(100), **plan).session as session:
        decide_all(session)
    accuracy, figure = claims(page(tmp_path / "r.db", rows=frame(101), **plan).session)
    words = "100 items; 1 other had no chance to be asked"
    assert (words in accuracy["note"], words in figure) == (True, True)


def test_a_queue_that_items_came_into_is_no_sample_of_all(tmp_path):
    with page(tmp_path / "r.db", rows=frame(500), order="random").session as session:
        for _ in range(20):
            session.accept(session.next_item())
    session = page(tmp_path / "r.db", rows=frame(600), order="random").session
    words = "a random sample of 500 items; 100 that came later had no chance to be asked"
    assert session._figure_source().reviewed().basis.words == words, "none of them can have been decided yet"
    session._review.upcoming("ada", 500, ahead=500)
    session.accept(session.next_item())
    reviewed = session._figure_source().reviewed()
    assert reviewed.weight is None
    assert "since items came in while they were drawn" in reviewed.basis.words


def test_items_that_leave_and_items_chosen_by_hand_leave_a_random_sample(tmp_path):
    with page(tmp_path / "r.db", rows=frame(300), order="random").session as session:
        for _ in range(5):
            session.accept(session.next_item())
        session.enqueue(["t9", session._review.upcoming("ada", 9)[8][0]])
        for _ in range(5):
            session.accept(session.next_item())
        gone = [key for key in frame(300)["id"] if key not in set(session.decisions["item_id"])][:10]
    rows = frame(300)
    session = page(tmp_path / "r.db", rows=rows[~rows["id"].isin(gone)], order="random").session
    session._review.upcoming("ada", 280, ahead=280)
    assert session._figure_source().reviewed().basis.words.startswith("a random sample of 290 items, 2 chosen by hand")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"sample": 12, "by": "channel"}, {"sample": 12, "seed": 2}),
        ({"sample": 12}, {"sample": 12, "seed": 2}),
        ({"sample": 12}, {"sample": 24}),
    ],
)
def test_samples_that_were_drawn_in_different_ways_are_not_taken_together(tmp_path, first, second):
    rows = frame(100)
    phone = set(rows.loc[rows["channel"] == "phone", "id"])
    for plan in (first, second):
        with page(tmp_path / "r.db", rows=rows, **plan).session as session:
            decide_all(session, lambda key: key not in phone)
            accuracy, figure = claims(session)
    assert accuracy["value"] is None
    for words in (accuracy["note"], figure):
        assert "since they were drawn under plans that sample in different ways" in words


def test_a_queue_by_score_and_one_in_random_order_are_not_taken_together(tmp_path):
    for plan in ({"order": "random"}, {"order": "least_confident"}):
        with page(tmp_path / "r.db", rows=frame(500), **plan).session as session:
            session._review.upcoming("ada", 300, ahead=300)
            session.accept(session.next_item())
            session.accept(session._review.upcoming("ada", 500, ahead=200 if plan["order"] == "random" else 450)[-1][0])
            reviewed = session._figure_source().reviewed()
    assert "plans that sample in different ways" in reviewed.basis.words


@pytest.mark.parametrize("changed", [{"blind_share": 0.2, "order": "random"}, {"explanation_share": 0.5}])
def test_plans_that_sample_alike_are_one(tmp_path, changed):
    with page(tmp_path / "r.db", rows=frame(100), sample=20).session as session:
        decide_all(session)
    session = page(tmp_path / "r.db", rows=frame(100), sample=20, **changed).session
    assert session.next_item() is None
    accuracy, figure = claims(session)
    assert accuracy["value"] == 1
    assert "a random sample of 100 items" in figure


def test_what_an_earlier_plan_left_of_a_sample_is_none(tmp_path):
    with page(tmp_path / "r.db", rows=frame(1000)).session as session:
        session.next_item()
    session = page(tmp_path / "r.db", rows=frame(1000), sample=40).session
    session._review.upcoming("ada", 500, ahead=500)
    by_sample = [row.draw for row in session._review.store.draws(session._review.row.session_id)][-1]
    assert by_sample.chosen_by == "sample"
    session.accept(by_sample.item_id)
    reviewed = session._figure_source().reviewed()
    assert reviewed.weight is None
    assert "since part of the sample was asked in another way" in reviewed.basis.words


def test_a_larger_frame_under_a_later_plan_is_no_one_pool():
    alike = {"has_grown": False, "is_whole": True, "way": ("random",)}
    assert reach_of(["p1", "p2"], {"p1": DrawnUnder(100, **alike), "p2": DrawnUnder(98, **alike)}) == Reach(98)
    assert (
        "came in" in reach_of(["p1", "p2"], {"p1": DrawnUnder(100, **alike), "p2": DrawnUnder(101, **alike)}).obstacle
    )
    assert reach_of(["p3"], {"p1": DrawnUnder(100, **alike)}) == Reach()
