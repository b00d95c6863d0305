"""Explainers at work in a session: ahead of the reviewer, beside everything else, never in the way."""

import gc
import json
import sys
import threading
import time
import weakref

import numpy as np
import pandas as pd
import pytest

import hitl_notebook as hitl
from hitl_notebook.errors import HitlWarning, InvalidField
from hitl_notebook.fields.explained import Contrasted
from tests.page import Page

TASK = hitl.Classification(["refund", "card lost"])
LONG = 20.0  # seconds, after which a test fails rather than waits


def rows(count=40):
    return pd.DataFrame(
        {
            "id": [f"t{number}" for number in range(count)],
            "text": [f"question {number}" for number in range(count)],
            "predicted": "refund",
            "known": "card lost",
            "why": "the bank says so",
        }
    )


class Slow:
    """Gives a contribution an item, once it is let; `asked` has the items of each call."""

    def __init__(self, is_let=False, weight=0.5):
        self.let = threading.Event()
        self.called = threading.Event()
        self.asked = []
        self.columns = []
        self.weight = weight
        if is_let:
            self.let.set()

    def explain(self, frame):
        self.asked.append(frame["id"].tolist())
        self.columns = list(frame.columns)
        self.called.set()
        assert self.let.wait(LONG)
        return [{item_id: self.weight} for item_id in frame["id"]]


class Giving:
    def __init__(self, explain):
        self.explain = explain


def page(explanation, frame=None, *, plan=None, **options):
    defaults = {
        "item_id": "id",
        "prediction": "predicted",
        "show": ["text"],
        "gold": "known",
        "reviewer": "ada",
        "store": ":memory:",
        "model_version": "v1",
    }
    session = hitl.ReviewSession(
        rows() if frame is None else frame,
        TASK,
        explanation=explanation,
        plan=hitl.ReviewPlan(order="given", seed=7, **(plan or {})),
        **(defaults | options),
    )
    return Page(session)


def until(holds):
    end = time.monotonic() + LONG
    while not holds():
        assert time.monotonic() < end, "it did not come to hold"
        time.sleep(0.002)


def workers():
    return [thread for thread in threading.enumerate() if thread.name == "hitl_notebook explanations"]


def until_idle():
    until(lambda: not workers())


def explanation(one, item_id):
    """What the page is told when it asks for the item now."""
    one.card._on_message(one.card, {"kind": "want", "request_id": "now", "item_ids": [item_id]}, [])
    return one.heard.pop()[0]["items"][0]["explanation"]


def pushed(one):
    """The items that were sent unasked, in their order."""
    return [
        item
        for content, _ in list(one.heard)
        if content["kind"] == "items" and content["request_id"] == "explained"
        for item in content["items"]
    ]


@pytest.fixture(autouse=True)
def no_thread_is_left():
    yield
    gc.collect()
    until_idle()


def test_an_item_is_sent_at_once_and_again_when_its_explanation_is_there():
    slow = Slow()
    one = page(slow)
    awaited = {"type": "missing", "field": "explanation", "message": "The explanation is being made…"}
    assert explanation(one, "t0") == [awaited]
    slow.let.set()
    until(lambda: pushed(one))
    first = pushed(one)[0]
    assert (first["item_id"], first["explanation"]) == (
        "t0",
        [{"type": "contributions", "field": "explanation", "rows": [["t0", 0.5, None]]}],
    )
    assert explanation(one, "t0") == first["explanation"]
    one.session.close()


def test_the_next_items_are_explained_in_the_order_in_which_they_are_shown_and_no_others():
    slow = Slow(is_let=True)
    one = page(slow)
    until_idle()
    assert [item_id for call in slow.asked for item_id in call] == [f"t{number}" for number in range(20)]
    assert slow.asked[0] == ["t0"]  # the one on the screen is not waited for with others
    assert len(slow.asked) < 10
    assert [item["item_id"] for item in pushed(one)] == [f"t{number}" for number in range(20)]
    one.decide("t0")
    until_idle()
    assert slow.asked[-1] == ["t20"]


def test_the_item_on_the_screen_goes_before_those_that_come_after_it():
    slow = Slow()
    one = page(slow)
    assert slow.called.wait(LONG)
    one.card._on_message(one.card, {"kind": "shown", "item_id": "t30", "content_hash": "?"}, [])
    slow.let.set()
    until_idle()
    assert [call[0] for call in slow.asked[:2]] == ["t0", "t30"]


def test_a_decision_is_saved_while_the_explainer_is_at_work_and_what_was_passed_is_not_explained():
    slow = Slow()
    one = page(slow)
    assert slow.called.wait(LONG)
    for number in range(3):
        one.decide(f"t{number}", explained=False)
    assert one.card.saved == ["e1", "e2", "e3"]
    slow.let.set()
    until_idle()
    asked = [item_id for call in slow.asked for item_id in call]
    assert asked == ["t0", *(f"t{number}" for number in range(3, 23))]
    assert one.session.decisions["explained"].tolist() == [False] * 3


def test_the_explainer_gets_the_frames_columns_but_the_known_answers():
    slow = Slow(is_let=True)
    page(slow)
    until_idle()
    assert slow.columns == ["id", "text", "predicted", "why"]


@pytest.mark.parametrize("given", ["pandas", "polars", "pyarrow"])
def test_rows_come_as_pandas_from_any_library(given):
    if given == "pandas":
        frame = rows()
    elif given == "polars":
        frame = pytest.importorskip("polars").from_pandas(rows())
    else:
        frame = pytest.importorskip("pyarrow").Table.from_pandas(rows())
    one = page(Slow(is_let=True), frame)
    until_idle()
    assert explanation(one, "t1")[0]["rows"] == [["t1", 0.5, None]]


def test_an_error_is_said_on_its_item_and_the_others_are_explained(caplog):
    def explain(frame):
        if "t2" in frame["id"].tolist():
            raise ValueError("no words\x00")
        return [f"because of {item_id}" for item_id in frame["id"]]

    one = page(Giving(explain))
    until_idle()
    said = {item_id: explanation(one, item_id)[0] for item_id in ("t1", "t2", "t3")}
    assert [said["t1"]["text"], said["t3"]["text"]] == ["because of t1", "because of t3"]
    message = "The explanation could not be made: ValueError: no words␀"
    assert said["t2"] == {"type": "missing", "field": "explanation", "message": message}
    assert len([record for record in caplog.records if "could not be made" in record.message]) == 1
    one.decide("t0")
    one.decide("t2")
    assert one.card.saved == ["e1", "e2"]


class Wordless(KeyboardInterrupt):
    def __str__(self):
        raise SystemExit(2)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (SystemExit("no licence"), "SystemExit: no licence"),
        (GeneratorExit(), "GeneratorExit"),
        (Wordless(), "Wordless"),
    ],
)
def test_an_explainer_that_would_end_its_thread_is_answered_like_any_error(error, words):
    def explain(frame):
        if "t2" in frame["id"].tolist():
            raise error
        return [f"because of {item_id}" for item_id in frame["id"]]

    one = page(Giving(explain))
    until_idle()
    assert explanation(one, "t2")[0]["message"] == f"The explanation could not be made: {words}"
    for number in range(25):
        one.decide(f"t{number}")
    until_idle()
    assert explanation(one, "t35")[0]["text"] == "because of t35"


def test_who_fails_to_hear_of_an_explanation_does_not_end_those_that_follow(caplog):
    one = page(Giving(lambda frame: [f"because of {item_id}" for item_id in frame["id"]]))
    until_idle()
    stop = one.session._review.explaining.follow("ada", lambda keys: sys.exit(1))
    one.decide("t0")
    until_idle()
    stop()
    assert "could not explain ahead" in caplog.text
    one.decide("t1")
    until_idle()
    assert explanation(one, "t21")[0]["text"] == "because of t21"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (lambda frame: ["a", "b", "c", "d"][: len(frame) + 1], "explain gave 2 explanations for 1 rows"),
        (lambda frame: "a word", "explain gave one str"),
        (lambda frame: {"t0": 1.0}, "explain gave one dict"),
        (lambda frame: frame, "explain gave one DataFrame"),
        (lambda frame: None, "explain gave one NoneType"),
    ],
)
def test_what_is_not_one_explanation_a_row_is_said(given, words):
    one = page(Giving(given), rows(1))
    until_idle()
    assert words in explanation(one, "t0")[0]["message"]


def test_each_explanation_is_shown_by_its_type():
    given = {
        "t0": [("question", 0.25), (" 0", -1)],
        "t1": {"age": (0.5, 31)},
        "t2": np.eye(3),
        "t3": [{"text": "another", "label": "refund"}],
        "t4": "in *words*",
        "t5": None,
        "t6": [],
        "t7": [("money", float("nan"))],
    }
    one = page(Giving(lambda frame: [given[item_id] for item_id in frame["id"]]), rows(8))
    until_idle()
    types = [explanation(one, item_id)[0]["type"] for item_id in given]
    assert types == [
        *("token_weights", "contributions", "heat_map", "similar", "markdown", "missing", "missing", "unreadable")
    ]
    assert "message" not in explanation(one, "t5")[0]


def test_columns_and_explainers_stand_in_the_order_given():
    first, second = Slow(is_let=True), Giving(lambda frame: ["in words"] * len(frame))
    one = page([first, "why", second, hitl.fields.Text("text")])
    until_idle()
    blocks = [(block["field"], block["type"]) for block in explanation(one, "t0")]
    assert blocks == [("Slow", "contributions"), ("why", "markdown"), ("Giving", "markdown"), ("text", "text")]
    one = page([first, Slow(is_let=True, weight=-2.0)])
    until_idle()
    assert [(block["field"], block["rows"][0][1]) for block in explanation(one, "t0")] == [
        ("Slow 1", 0.5),
        ("Slow 2", -2.0),
    ]


def test_the_whole_of_a_long_explanation_can_be_asked_for():
    one = page(Giving(lambda frame: ["x" * 50_000] * len(frame)))
    until_idle()
    assert explanation(one, "t0")[0]["clipped"] == 50_000
    [answer] = one.ask("full", item_id="t0", part="explanation", index=0, message=None)
    assert len(answer["text"]) == 50_000


def test_all_words_of_a_long_text_can_be_asked_for_once_they_are_made():
    words = [(f"word {number} ", float(number)) for number in range(9_000)]
    giving = Giving(lambda frame: [words] * len(frame))
    one = page(giving)
    until_idle()
    [block] = explanation(one, "t0")
    assert block["clipped"] == sum(len(word) for word, _ in words)
    answers = one.ask("full", item_id="t0", part="explanation", index=0, message=None)
    whole = json.loads("".join(answer["text"] for answer in answers))
    assert [(token["text"], token["weight"]) for token in whole] == words


def test_the_whole_of_an_explanation_that_is_not_made_yet_says_so():
    slow = Slow()
    one = page(slow)
    [answer] = one.ask("full", item_id="t0", part="explanation", index=0, message=None)
    slow.let.set()
    assert (answer["kind"], answer["message"]) == ("failed", "The explanation is being made…")


def test_a_blind_reviewer_is_sent_the_explanation_with_the_prediction_and_not_before():
    slow = Slow(is_let=True)
    one = page(slow, plan={"reveal": "after"})
    until_idle()
    assert pushed(one) == []
    assert explanation(one, "t0") == []
    one.decide("t0", action="correct", value="refund", blind=True, explained=False)
    revealed = next(content for content, _ in one.heard if content["kind"] == "items")["items"][0]
    assert (revealed["prediction"]["value"], revealed["explanation"][0]["rows"]) == ("refund", [["t0", 0.5, None]])


def test_what_was_answered_blind_is_explained_first_where_it_was_not_yet():
    slow = Slow()
    one = page(slow, plan={"reveal": "after"})
    assert slow.called.wait(LONG)
    one.card._on_message(one.card, {"kind": "shown", "item_id": "t5", "content_hash": "?"}, [])
    one.decide("t5", action="correct", value="refund", blind=True, explained=False)
    assert explanation(one, "t5")[0]["type"] == "missing"
    slow.let.set()
    until_idle()
    assert slow.asked[1][0] == "t5"
    assert [item["item_id"] for item in pushed(one)] == ["t5"]


def test_items_that_are_not_to_be_explained_are_neither_explained_nor_sent_again():
    slow = Slow(is_let=True)
    one = page(slow, plan={"explanation_share": 0.5})
    until_idle()
    made = {item_id for call in slow.asked for item_id in call}
    assert 0 < len(made) < 20
    assert {f"t{number}" for number in range(20) if explanation(one, f"t{number}")} == made
    assert {item["item_id"] for item in pushed(one)} == made


def test_a_new_version_of_the_model_is_explained_anew_and_the_old_explanation_is_forgotten():
    slow = Slow()
    one = page(slow)
    assert slow.called.wait(LONG)
    slow.weight = 0.75
    after = rows().assign(predicted="card lost")
    one.session.update_predictions(after, model_version="v2", explanation=slow, ask="all")
    slow.let.set()
    until_idle()
    assert [call[0] for call in slow.asked[:2]] == ["t0", "t0"]
    assert {item["model_version"] for item in pushed(one)} == {"v2"}
    assert explanation(one, "t0")[0]["rows"] == [["t0", 0.75, None]]


def test_an_explainer_that_may_be_of_the_version_before_goes_on_with_a_warning():
    one = page(Slow(is_let=True))
    until_idle()
    with pytest.warns(HitlWarning, match="goes on explaining.*explanation="):
        one.session.update_predictions(rows().assign(predicted="card lost"), model_version="v2")


def test_the_next_version_is_explained_by_the_explainer_given_with_it():
    one = page(Slow(is_let=True))
    until_idle()
    of_the_next = Slow(is_let=True)
    of_the_next.weight = 0.25
    after = rows().assign(predicted="card lost")
    one.session.update_predictions(after, model_version="v2", explanation=of_the_next, ask="all")
    until_idle()
    assert explanation(one, "t0")[0]["rows"] == [["t0", 0.25, None]]


def test_closing_ends_the_thread_and_nothing_is_told_after_it():
    slow = Slow()
    one = page(slow)
    assert slow.called.wait(LONG)
    one.session.close()
    slow.let.set()
    until_idle()
    assert pushed(one) == []
    assert slow.asked == [["t0"]]


def test_a_session_that_is_let_go_of_is_not_held_by_its_explanations():
    one = page(Slow(is_let=True))
    until_idle()
    review = weakref.ref(one.session._review)
    one.card.close()
    del one
    gc.collect()
    assert review() is None


def test_a_session_goes_on_with_an_explainer_and_is_opened_without(tmp_path):
    store = tmp_path / "r.db"
    with page(None, store=store).session as session:
        session.accept("t0")
    one = page(Slow(is_let=True), store=store)
    until_idle()
    assert [item["item_id"] for item in pushed(one)][:2] == ["t1", "t2"]
    one.decide("t1")
    one.session.close()
    again = hitl.ReviewSession.open(store, items=rows(), task=TASK)
    assert again.corrections.empty
    assert again.decisions["item_id"].tolist() == ["t0", "t1"]
    again.close()


def test_the_packages_own_explainer_marks_the_words_of_the_shown_text():
    pytest.importorskip("sklearn")
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    texts = ["give my money back", "money please", "I lost my card", "card gone"]
    model = make_pipeline(TfidfVectorizer(), LogisticRegression())
    model.fit(texts, ["refund", "refund", "card lost", "card lost"])
    frame = rows(4).assign(text=texts)
    one = page(hitl.explain.Linear(model, text="text"), frame)
    until_idle()
    tokens = explanation(one, "t0")[0]["tokens"]
    assert "".join(token["text"] for token in tokens) == texts[0]
    assert max(tokens, key=lambda token: token["weight"])["text"] == "money"


def test_the_card_is_told_between_which_classes_an_explanation_weighs():
    explained = Contrasted({"amount": 0.5}, ("refund", "card\x00lost"))
    one = page([Giving(lambda frame: [explained] * len(frame)), Giving(lambda frame: [Contrasted(None)] * len(frame))])
    until_idle()
    sided, nothing = explanation(one, "t0")
    assert (sided["type"], sided["sides"]) == ("contributions", ["refund", "card␀lost"])
    assert nothing["type"] == "missing"
    one.session.close()


def test_the_packages_own_explainers_say_between_which_classes_they_weigh():
    pytest.importorskip("sklearn")
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    texts = ["money back", "card lost", "thanks"]
    model = make_pipeline(CountVectorizer(), LogisticRegression()).fit(texts, ["refund", "card lost", "praise"])
    frame = rows(3).assign(text=texts, predicted=["refund", "card lost", "refund"])
    explain = hitl.explain
    explainers = [explain.Linear(model, text="text", prediction="predicted"), explain.OccludedWords(model, text="text")]
    one = page(explainers, frame)
    until_idle()
    sides = [[block["sides"] for block in explanation(one, item_id)] for item_id in ("t0", "t1", "t2")]
    assert [both[0][0] for both in sides] == ["refund", "card lost", "refund"]  # as predicted
    assert [both[1][0] for both in sides] == ["refund", "card lost", "praise"]  # as the model would
    assert all(first != second for both in sides for first, second in both)
    one.session.close()


def test_an_explainer_in_the_wrong_place_or_not_made_yet_is_refused():
    with pytest.raises(InvalidField, match=r"show takes .*: that is for explanation="):
        hitl.ReviewSession(rows(), TASK, prediction="predicted", show=Slow(), store=":memory:")
    with pytest.raises(InvalidField, match=r"explanation takes .*: make one of that class"):
        page(Slow)
