"""The kernel's half of the card: what it publishes, and the outcome of every message."""

import gc
import gzip
import json
import os
import sqlite3
import subprocess
import sys
import textwrap
import time
import weakref
from bisect import bisect_left
from contextlib import closing
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from ipywidgets.widgets.widget import _instances
from PIL.Image import fromarray
from PIL.Image import open as open_image

import hitl_notebook as hitl
from hitl_notebook.session import review as review_module
from hitl_notebook.widgets import parcels
from hitl_notebook.widgets.pace import Pace
from hitl_notebook.widgets.parcels import item_parcels
from tests.page import Page

EXAMPLES = Path(__file__).parent / "protocol"
ROOT = Path(__file__).parents[1]
ENVIRONMENT = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}


def rows(count=5):
    return pd.DataFrame(
        {
            "id": [f"t{number}" for number in range(count)],
            "text": [f"question {number}" for number in range(count)],
            "predicted": "refund",
            "secret": "card lost",
        }
    )


def page(store=":memory:", frame=None, **options):
    defaults = {
        "task": hitl.Classification(["refund", "card lost"]),
        "item_id": "id",
        "prediction": "predicted",
        "show": ["text"],
        "gold": "secret",
        "plan": hitl.ReviewPlan(order="given"),
        "reviewer": "ada",
        "store": store,
    }
    return Page(hitl.ReviewSession(rows() if frame is None else frame, **(defaults | options)))


def test_a_decision_is_acknowledged_by_its_id_once_it_is_in_the_store(tmp_path):
    one = page(tmp_path / "r.db")
    one.decide("t0")
    assert one.card.saved == ["e1"]
    stored = hitl.ReviewSession.open(tmp_path / "r.db").decisions
    assert stored[["item_id", "action", "value", "seconds", "origin", "kind", "event_id"]].values.tolist() == [
        ["t0", "accept", "refund", 2.36, "page", "gold", "e1"]
    ]


def test_a_decision_sent_again_is_acknowledged_again_and_stored_once():
    one = page()
    one.decide("t0")
    one.client_seq = 0
    one.decide("t0")
    assert one.card.saved == ["e1"]
    assert len(one.session.decisions) == 1


def test_a_decision_sent_again_is_answered_though_it_was_the_last_one_saved(monkeypatch):
    one = page()
    one.decide("t0")
    sent = []
    monkeypatch.setattr(one.card, "send_state", sent.append)
    one.client_seq = 0
    one.decide("t0")
    assert [names for names in sent if names] == ["saved"]
    one.decide("t1")
    one.client_seq = 0
    one.decide("t0")
    assert one.card.saved == ["e2", "e1"]


def test_the_page_is_told_of_every_event_of_its_reviewer_and_of_no_other():
    one = page()
    one.session.accept("t0")
    one.session.correct("t1", "card lost", reviewer="bo")
    told = [content for content, _ in one.heard if content["kind"] == "recorded"]
    assert [(message["entry"]["item_id"], message["entry"]["value"]) for message in told] == [("t0", "refund")]


def test_words_with_half_of_a_surrogate_pair_are_told_in_a_form_that_can_be_sent():
    one = page()
    one.session.decide("t1", "flag", reason="half \ud83d of", comment="\udca9 a pair")
    [told] = [content for content, _ in one.heard if content["kind"] == "recorded"]
    [history] = one.ask("history", before=None, limit=10)
    for entry in (told["entry"], *history["entries"]):
        assert (entry["reason"], entry["comment"]) == ("half \ufffd of", "\ufffd a pair")
    assert one.session.decisions[["reason", "comment"]].values.tolist() == [["half \ud83d of", "\udca9 a pair"]]


def test_an_undo_tells_what_was_undone_and_what_stands_again():
    one = page()
    one.decide("t0")
    one.decide(
        "t0", content_hash=one.heard[-1][0]["entry"]["content_hash"], action="correct", value="card lost", replaces="e1"
    )
    one.send("undo", replaces="e2")
    told = one.heard[-1][0]
    assert (told["undone"], told["restored"]["event_id"]) == ("e2", "e1")
    assert one.card.saved == ["e1", "e2", "e3"]


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"item_id": "t99"}, "invalid"),
        ({"content_hash": "0" * 32}, "conflict"),
        ({"model_version": "v0"}, "invalid"),
        ({"action": "correct", "value": "no such label"}, "invalid"),
        ({"action": "flag", "value": None, "reason": None}, "invalid"),
        ({"reviewer": "bo"}, "invalid"),
        ({"session_id": "another"}, "invalid"),
        ({"replaces": "e77"}, "conflict"),
        ({"action": "drop"}, "invalid"),
        ({"seconds": "nan"}, "invalid"),
        ({"gold": "card lost"}, "invalid"),
    ],
)
def test_what_cannot_be_recorded_is_refused_for_good_and_nothing_is_stored(parts, reason):
    one = page()
    one.decide(**({"item_id": "t0"} | parts))
    assert [(refusal["event_id"], refusal["reason"]) for refusal in one.card.refused] == [("e1", reason)]
    assert (one.card.saved, one.card.problem, len(one.session.decisions)) == ([], None, 0)


@pytest.mark.parametrize(
    "content", [None, 7, [], {}, {"kind": "eval"}, {"kind": "decide", "event_id": 7}, {"event_id": "x" * 5_000}]
)
def test_what_is_no_message_changes_nothing(content):
    one = page()
    one.card._on_message(one.card, content, [])
    assert (one.card.saved, one.card.refused, one.heard) == ([], [], [])


def test_a_store_that_fails_leaves_the_decision_with_the_page_and_says_why(tmp_path):
    one = page(tmp_path / "r.db")
    moved = (tmp_path / "r.db").rename(tmp_path / "elsewhere.db")
    one.decide("t0")
    assert one.card.saved == []
    assert one.card.problem["message"]
    assert one.card.problem["remedy"]
    moved.rename(tmp_path / "r.db")
    one.client_seq = 0
    one.decide("t0")
    assert (one.card.saved, one.card.problem) == (["e1"], None)


def test_items_come_when_asked_for_and_without_what_is_hidden():
    one = page()
    (answer,) = one.ask("want", item_ids=["t1", "t0", "t99"])
    assert [item["item_id"] for item in answer["items"]] == ["t1", "t0"]
    assert answer["missing"] == ["t99"]
    assert answer["items"][0]["blocks"] == [{"type": "text", "field": "text", "text": "question 1"}]
    everything = json.dumps([answer, one.card.get_state(drop_defaults=False)], default=str)
    assert '"gold"' not in everything
    assert "secret" not in everything
    # "card lost" is the hidden answer of every item, and a label: it is where the labels are and nowhere else
    assert everything.count("card lost") == 1


def test_no_content_is_in_the_state_that_a_notebook_saves():
    one = page(task=hitl.Regression(), frame=rows().assign(predicted=7.5, secret=None), gold=None)
    one.decide("t0", action="correct", value=4071.5, comment="a private remark")
    one.decide("t0", action="correct", value=4072.5)
    one.decide("t1", action="flag", value=None, reason="a private reason", comment="a private remark")
    one.decide("t1", action="flag", value=None, reason="another private reason")
    one.decide("t2", action="correct", value="a private text that is no number")
    one.send("undo", replaces="e1")
    assert [(refusal["event_id"], refusal["reason"]) for refusal in one.card.refused] == [
        ("e2", "conflict"), ("e4", "conflict"), ("e5", "invalid"), ("e6", "conflict"),
    ]  # fmt: skip
    assert "corrected" in one.card.refused[0]["message"]
    assert "flagged" in one.card.refused[1]["message"]
    one.session._review.store.writing = lambda: 1 / 0
    one.decide("t3", action="correct", value=4073.5, comment="a private remark")
    assert one.card.problem is not None
    state = json.dumps(one.card.get_state(), default=str)
    for content in ("question", "private", "4071.5", "4072.5", "4073.5"):
        assert content not in state


def test_where_the_store_lies_is_not_in_what_a_notebook_saves(tmp_path, monkeypatch):
    one = page(tmp_path / "r.db")
    one.decide("t0")
    one.decide("t0")
    saved = json.dumps([displayed(one.session, monkeypatch), one.card.get_state()], default=str)
    assert "r.db" in saved
    assert str(tmp_path) not in saved


def test_no_message_is_larger_than_a_server_lets_through():
    many = pd.DataFrame(
        {"id": [f"t{n}" for n in range(300)], "text": ["x" * 15_000] * 300, "predicted": "refund", "secret": None}
    )
    one = page(frame=many)
    answers = one.ask("want", item_ids=[f"t{n}" for n in range(300)])
    assert len(answers) > 1
    assert max(len(json.dumps(answer)) for answer in answers) < 1_000_000
    assert [item["item_id"] for answer in answers for item in answer["items"]] == [f"t{n}" for n in range(300)]


def photograph(seed, side=700):
    """Noise, which no format packs: a PNG above half a megabyte, a JPEG of about that."""
    picture = fromarray(np.random.default_rng(seed).integers(0, 256, (side, side, 3), dtype=np.uint8))
    packed = BytesIO()
    picture.save(packed, "JPEG", quality=90)
    return packed.getvalue()


def answered(one, item_id="t0"):
    """The one item that comes when it is asked for, its buffers, and what the message weighs."""
    one.ask("want", item_ids=[item_id])
    ((content, buffers),) = one.heard
    (item,) = content["items"]
    return item, buffers, len(json.dumps(content)) + sum(map(len, buffers))


def test_two_large_images_of_one_item_are_made_smaller_to_go_in_one_message():
    pictures = [photograph(1), photograph(2)]
    assert all(300_000 < len(picture) <= 512 * 1024 for picture in pictures)
    frame = pd.DataFrame(
        {"id": ["t0"], "text": pictures[:1], "other": pictures[1:], "predicted": "refund", "secret": None}
    )
    item, buffers, size = answered(page(frame=frame, show=["text", "other"]))
    assert size < 750_000
    for block in item["blocks"]:
        image = open_image(BytesIO(buffers[block["buffer"]]))
        assert (image.size, image.get_format_mimetype()) == ((block["width"], block["height"]), block["mime"])
        assert 250 < block["width"] == block["height"] <= 700


def test_one_large_image_goes_as_it_is():
    picture = photograph(1)
    frame = pd.DataFrame({"id": ["t0"], "text": [picture], "predicted": "refund", "secret": None})
    _, buffers, _ = answered(page(frame=frame))
    assert buffers == [picture]


@pytest.mark.parametrize("character", ["x", "長", "\N{PILE OF POO}"])
def test_many_long_texts_of_one_item_are_cut_and_each_is_there_when_asked_for(character):
    names = [f"column {number}" for number in range(60)]
    texts = {name: [f"{name} " + character * 19_000] for name in names}
    frame = pd.DataFrame({"id": ["t0"], "short": ["all of it"], "predicted": "refund", "secret": None} | texts)
    one = page(frame=frame, show=["short", *names])
    item, _, size = answered(one)
    assert size < 750_000
    assert item["blocks"][0] == {"type": "text", "field": "short", "text": "all of it"}
    for index, name in enumerate(names, 1):
        block = item["blocks"][index]
        assert texts[name][0].startswith(block["text"])
        assert len(block["text"]) > 500
        assert block["clipped"] == len(texts[name][0])
        parts = one.ask("full", item_id="t0", part="blocks", index=index, message=None)
        assert "".join(part["text"] for part in parts) == texts[name][0]


def test_an_item_stays_as_it_is_shown_when_its_explanation_comes():
    texts = {f"column {number}": ["x" * 19_000] for number in range(40)}
    why = {"why": [[(f"word {number} " * 40, 0.5) for number in range(2_000)]]}
    frame = pd.DataFrame({"id": ["t0"], "predicted": "refund"} | texts | why)
    without, with_it = (
        page(frame=frame, show=list(texts), explanation="why", gold=None, plan=hitl.ReviewPlan(explanation_share=share))
        for share in (0, 1)
    )
    bare, _, _ = answered(without)
    explained, _, size = answered(with_it)
    assert bare["explanation"] == []
    assert explained["blocks"] == bare["blocks"]
    tokens = explained["explanation"][0]
    assert 0 < len(tokens["tokens"]) < 2_000
    assert tokens["clipped"] == sum(len(text) for text, _ in why["why"][0])
    assert size < 750_000


def test_labels_and_guidelines_that_no_message_holds_are_refused():
    with pytest.raises(hitl.errors.BadGuidelines, match="shorten the text"):
        page(guidelines="x" * 300_000)
    with pytest.raises(hitl.errors.InvalidTask, match="fewer or shorter"):
        page(task=hitl.Classification(["refund", "card lost", *(f"label {n} " * 90 for n in range(1_000))]))
    thousands = page(
        task=hitl.Classification(["refund", "card lost", *(f"a label of some length {n}" for n in range(8_000))])
    )
    assert len(json.dumps(thousands.card.get_state(), default=str)) < 1_000_000


def opening(one):
    """What the message weighs that a page opens with, the card's code included, as a server writes it at most."""
    return len(json.dumps(one.card.get_state(), default=str))


def heaviest(**options):
    """A card with as much of everything as is let in."""
    labels = ["refund", *(f"label {number:04d} " + "x" * 25 for number in range(7_998)), "card lost"]
    ids = ["日" * 660 + f"{number:04d}" for number in range(450)]
    names = [f"{'字' * 300} {number}" for number in range(60)]
    frame = pd.DataFrame({"id": ids, "predicted": "refund", "text": "x"} | dict.fromkeys(names, "x"))
    defaults = {
        "task": hitl.Classification(labels),
        "guidelines": "g" * 199_000,
        "gold": None,
        "show": None,
        "slices": names,
        "name": "n" * 256,
    }
    return page(frame=frame, **(defaults | options))


def test_the_state_that_a_page_opens_with_is_no_larger_than_a_server_lets_through():
    one = heaviest()
    assert 900_000 < opening(one) < 1_000_000
    for number in range(600):
        one.send(
            "skip",
            item_id="none",
            content_hash="9f",
            shown_at="t",
            decided_at="t",
            seconds=1,
            event_id=f"{number}" * 33,
        )
    assert len(one.card.refused) > 10
    assert opening(one) < 1_000_000


def test_what_is_saved_is_told_of_within_the_same_bounds():
    one = page(frame=rows(700))
    for number in range(600):
        one.decide(f"t{number}", event_id=f"{number:04d}" + "e" * 96)
    assert len(one.card.saved) == 500
    assert len(json.dumps(one.card.saved)) < 60_000
    one.decide("t601", event_id="e" * 101)
    one.decide("t602", event_id="é")
    assert len(one.card.saved) == 500
    assert one.card.refused == []


def test_fewer_items_are_known_ahead_where_their_ids_are_long_and_all_come():
    one = heaviest()
    sent = []
    one.card.observe(lambda change: sent.append(change.new), "queue")
    few = len(one.card.queue["entries"])
    assert 5 < few < 50
    assert one.card.queue["more"] == 450 - few
    decided = []
    while one.card.queue["entries"] and len(decided) < 450:
        known = [key for key, _ in one.card.queue["entries"] if key not in decided]
        assert known, "the page always has a next item"
        one.decide(known[0])
        decided.append(known[0])
    assert len(set(decided)) == 450
    assert 450 / few <= len(sent) <= 4 * 450 / few, "not with every decision"
    assert max(len(json.dumps(queue)) for queue in sent) < 60_000


def test_ids_alone_leave_the_page_two_hundred_ahead_where_they_fit():
    ids = [f"{number:04d}" + "x" * 880 for number in range(450)]
    one = page(frame=pd.DataFrame({"id": ids, "text": "x", "predicted": "refund", "secret": None}))
    assert len(one.card.queue["entries"]) >= 200
    assert opening(one) < 500_000


def test_labels_and_guidelines_share_one_message():
    labels = hitl.Classification(["refund", "card lost", *(f"label {number} " + "x" * 45 for number in range(6_800))])
    assert opening(page(task=labels)) < 1_000_000
    with pytest.raises(hitl.errors.InvalidTask, match="or shorten the guidelines"):
        page(task=labels, guidelines="g" * 190_000)


def test_a_page_of_history_is_as_long_as_one_message_holds():
    one = page(
        frame=pd.DataFrame({"id": [f"t{n}" for n in range(60)], "text": "x", "predicted": "refund", "secret": None})
    )
    for number in range(60):
        one.session.flag(f"t{number}", "r" * 30_000, comment="c" * 30_000)
    found, before, complete = [], None, False
    while not complete:
        (answer,) = one.ask("history", before=before, limit=100)
        assert 1 <= len(answer["entries"]) < 60
        assert len(json.dumps(answer)) < 1_000_000
        found += answer["entries"]
        before, complete = answer["entries"][-1]["seq"], answer["complete"]
    assert [entry["item_id"] for entry in found] == [f"t{number}" for number in reversed(range(60))]
    assert {len(entry["reason"] + entry["comment"]) for entry in found} == {60_000}


def test_an_entry_of_history_that_fills_a_message_comes_alone():
    one = page()
    for item_id in ("t0", "t1"):
        one.session.flag(item_id, "長" * 100_000, comment="長" * 100_000)
    (answer,) = one.ask("history", before=None, limit=100)
    assert ([entry["item_id"] for entry in answer["entries"]], answer["complete"]) == (["t1"], False)


def test_an_import_of_thousands_under_an_open_card_is_told_in_few_messages():
    ids = [f"t{number}" for number in range(6_000)]
    one = page(frame=pd.DataFrame({"id": ids, "text": "x", "predicted": "refund", "secret": None}))
    states = []
    one.card.send_state = lambda key=None: states.append(key)
    one.session.import_decisions(pd.DataFrame({"item_id": ids[:5_000], "action": "accept"}))
    kinds = [content["kind"] for content, _ in one.heard]
    assert kinds == [*["recorded"] * 100, "outdated"]
    assert one.heard[-2][0]["entry"]["item_id"] == "t4999"
    assert len(states) < 10
    assert one.card.queue["entries"][0][0] == "t5000"
    assert one.card.progress["reviewed"] == 5_000
    (newest,) = one.ask("history", before=None, limit=100)
    assert newest["entries"][0]["item_id"] == "t4999"


def test_what_another_kernel_did_is_told_in_few_messages(tmp_path):
    ids = [f"t{number}" for number in range(500)]
    frame = pd.DataFrame({"id": ids, "text": "x", "predicted": "refund", "secret": None})
    one = page(tmp_path / "r.db", frame=frame)
    other = page(tmp_path / "r.db", frame=frame)
    review_module._REVIEWS.discard(one.session._review)  # as if the other one were in another process
    for item_id in ids[:150]:
        other.session.accept(item_id)
    assert one.heard == []
    one.decide("t150")
    kinds = [content["kind"] for content, _ in one.heard]
    assert kinds == [*["recorded"] * 100, "outdated"]
    assert one.heard[-2][0]["event_id"] == "e1", "its own decision is among those that the page is told of"
    assert one.card.saved == ["e1"]


def eventually(holds, seconds=10):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize("reviewer", ["ada", "bo"])
def test_a_loop_of_thousands_of_decisions_stays_below_what_a_server_lets_through(reviewer):
    ids = [f"t{number}" for number in range(3_000)]
    one = page(frame=pd.DataFrame({"id": ids, "text": "x", "predicted": "refund", "secret": None}))
    at = []
    one.card.send = lambda content, buffers=None: at.append(time.monotonic())
    one.card.send_state = lambda key=None: at.append(time.monotonic())
    for item_id in ids[:2_000]:
        one.session.accept(item_id, reviewer=reviewer)
    eventually(lambda: one.card.last_seq == one.session._review.verdicts.seq)
    busiest = max(bisect_left(at, sent + 3) - place for place, sent in enumerate(at))
    assert busiest < 2_500, "in three seconds, of 3,000 that a server lets through"
    assert one.card.get_state()["queue"]["entries"][0][0] == ("t2000" if reviewer == "ada" else "t0")
    assert one.card.progress["reviewed"] == (2_000 if reviewer == "ada" else 0)


@pytest.fixture
def waiting(monkeypatch):
    """A page of a thousand items, whose kernel has decided more of them than may be told before a minute is over."""
    monkeypatch.setattr("hitl_notebook.widgets.review_card._TOLD_AGAIN_AFTER", 60)
    one = page(
        frame=pd.DataFrame({"id": [f"t{n}" for n in range(1_000)], "text": "x", "predicted": "refund", "secret": None})
    )
    one.card._pace = Pace(clock=lambda: 0.0)
    for number in range(600):
        one.session.accept(f"t{number}")
    assert 300 < one.card.progress["reviewed"] < 400, "the rest waits"
    yield one
    one.session.close()


def test_a_decision_of_the_page_is_told_before_it_is_saved_however_much_waits(waiting):
    one, order = waiting, []
    one.card.send = lambda content, buffers=None: order.append(content.get("event_id"))
    one.card.observe(lambda change: order.append(change.new[-1]), "saved")
    ((next_item, content_hash),) = one.session._review.upcoming("ada", 1)
    one.decide(next_item, content_hash=content_hash, event_id="e1")
    assert order[-3:] == ["e1", None, "e1"], "recorded, what else the page is to read again, and saved"
    assert one.card.progress["reviewed"] == 601


def test_a_page_that_opens_is_given_what_others_are_told_later(waiting):
    state = waiting.card.get_state()
    assert state["queue"]["entries"][0][0] == "t600"
    assert (state["progress"]["reviewed"], state["last_seq"]) == (600, waiting.session._review.verdicts.seq)


def test_a_closed_card_tells_nothing_later(waiting):
    timer, told = waiting.card._telling, len(waiting.heard)
    waiting.session.close()
    timer.join(5)
    assert not timer.is_alive()
    assert len(waiting.heard) == told


def test_when_all_may_have_changed_the_page_reads_its_history_again():
    one = page(model_version="v1")
    one.session.accept("t0")
    one.heard.clear()
    one.session.update_predictions(rows().assign(predicted="card lost"), model_version="v2")
    assert [content for content, _ in one.heard if content["kind"] == "outdated"] == [{"kind": "outdated"}]


def test_an_answer_in_the_making_while_the_items_are_exchanged_has_those_of_now(monkeypatch):
    one = page(model_version="v1")
    made = parcels._item

    def slow(review, reviewer, key):
        item = made(review, reviewer, key)
        monkeypatch.setattr(parcels, "_item", made)
        newer = rows().assign(text=["another question", *rows().text[1:]])
        one.session.update_predictions(newer, model_version="v2", ask="all")
        return item

    monkeypatch.setattr(parcels, "_item", slow)
    one.ask("want", item_ids=["t0", "t1"])
    items = [item for content, _ in one.heard if content["kind"] == "items" for item in content["items"]]
    assert [[item["item_id"], item["content_hash"]] for item in items] == one.card.queue["entries"][:2]
    assert {item["model_version"] for item in items} == {"v2"}


def test_buffers_are_counted_from_where_they_stand_in_the_message():
    pictures = pd.DataFrame(
        {
            "id": ["t0", "t1"],
            "text": [np.zeros((4, 4)), np.ones((4, 4))],
            "predicted": "refund",
            "secret": None,
            "heat": [np.eye(4), -np.eye(4)],
        }
    )
    one = page(frame=pictures, explanation="heat")
    ((content, buffers),) = list(
        item_parcels(one.session._review, "ada", {"request_id": "r", "item_ids": ["t0", "t1"]})
    )
    numbers = [block["buffer"] for item in content["items"] for block in (*item["blocks"], *item["explanation"])]
    assert numbers == [0, 1, 2, 3]
    assert len(buffers) == 4


def test_a_long_text_is_cut_and_sent_whole_when_asked_for():
    long = pd.DataFrame({"id": ["t0"], "text": ["abc" * 100_000], "predicted": "refund", "secret": None})
    one = page(frame=long)
    (answer,) = one.ask("want", item_ids=["t0"])
    block = answer["items"][0]["blocks"][0]
    assert block["clipped"] == 300_000
    assert len(block["text"]) < 30_000
    parts = one.ask("full", item_id="t0", part="blocks", index=0, message=None)
    assert "".join(part["text"] for part in parts) == "abc" * 100_000
    assert [part["part"] for part in parts] == list(range(parts[0]["parts"]))


@pytest.mark.parametrize(("item_id", "index"), [("t0", 99), ("t77", 0)])
def test_a_request_that_cannot_be_answered_says_so(item_id, index):
    one = page()
    (answer,) = one.ask("full", item_id=item_id, part="blocks", index=index, message=None)
    assert (answer["kind"], answer["request_id"]) == ("failed", "r1")


def test_a_page_that_asks_is_sent_what_formats_markdown_in_one_message():
    one = page()
    name = one.card.session["libraries"]["markdown"]
    one.card._on_message(one.card, {"kind": "library", "library": name}, [])
    ((content, (packed,)),) = one.heard
    assert content == {"kind": "library", "library": name}
    assert b"markdownTokens" in gzip.decompress(packed)
    assert len(packed) < 20_000


@pytest.mark.parametrize(
    ("more", "formatted"),
    [
        ({}, False),
        ({"guidelines": "Be **kind**."}, True),
        ({"show": [hitl.fields.Markdown("text")]}, True),
        ({"show": [hitl.fields.Chat("text")]}, True),
        ({"explanation": [hitl.fields.Markdown("secret")], "gold": None}, True),
    ],
)
def test_the_page_knows_beforehand_whether_it_will_need_it(more, formatted):
    frame = rows().assign(text=[[{"role": "user", "content": "x"}]] * 5) if "Chat" in repr(more) else rows()
    assert page(frame=frame, **more).card.session["formatted"] is formatted


def test_a_library_that_there_is_not_is_not_answered(caplog):
    one = page()
    one.card._on_message(one.card, {"kind": "library", "library": "../review.js"}, [])
    assert one.heard == []
    assert "a library that there is not" in caplog.text


def test_history_comes_in_pages_newest_first():
    one = page()
    for item_id in ("t0", "t1", "t2"):
        one.session.accept(item_id)
    (first,) = one.ask("history", before=None, limit=2)
    assert [entry["item_id"] for entry in first["entries"]] == ["t2", "t1"]
    assert not first["complete"]
    (second,) = one.ask("history", before=first["entries"][-1]["seq"], limit=2)
    assert [entry["item_id"] for entry in second["entries"]] == ["t0"]
    assert second["complete"]


def test_a_long_queue_is_not_sent_again_with_every_decision():
    one = page(frame=pd.DataFrame({"id": range(1_000), "text": "x", "predicted": "refund", "secret": None}))
    sent = []
    one.card.observe(lambda change: sent.append(change.new), "queue")
    first = one.card.queue
    assert 200 <= len(first["entries"]) <= 400
    for item_id in range(150):
        one.session.accept(item_id)
    assert sent == []
    for item_id in range(150, 400):
        one.session.accept(item_id)
    assert 1 <= len(sent) <= 3
    assert len(sent[-1]["entries"]) >= 200
    assert one.card.get_state()["queue"]["entries"][0][0] == "400", "a page that opens gets the newest"


def test_a_page_that_opened_in_between_is_told_of_an_item_that_is_back():
    one = page()
    one.decide("t0")
    assert one.card.get_state()["queue"]["entries"][0][0] == "t1"
    sent = []
    one.card.send_state = lambda key=None: sent.extend(key)
    one.send("undo", replaces="e1")
    assert "queue" in sent
    assert one.card.queue["entries"][0][0] == "t0"


def test_a_queue_out_of_which_a_new_model_version_took_items_is_sent():
    one = page(model_version="v1")
    new = rows().assign(predicted=["refund", "card lost", "refund", "refund", "refund"])
    one.session.update_predictions(new, model_version="v2")
    assert [key for key, _ in one.card.queue["entries"]] == ["t1"]


def decide_elsewhere(store, *calls):
    """Decide in a process of its own, as another kernel does."""
    code = f"""
        from tests.test_review_card import page
        with page({str(store)!r}).session as session:
            {"; ".join(calls)}
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)], cwd=ROOT, env=ENVIRONMENT, check=True)


def test_a_page_that_is_loaded_again_has_what_another_process_recorded(tmp_path):
    one = page(tmp_path / "r.db")
    decide_elsewhere(
        tmp_path / "r.db", "session.accept('t0')", "session.skip('t1')", "session.accept('t2', reviewer='bo')"
    )
    one.heard.clear()
    state = one.card.get_state()
    assert [key for key, _ in state["queue"]["entries"]] == ["t2", "t3", "t4", "t1"]
    assert (state["progress"]["reviewed"], state["progress"]["skipped"]) == (1, 1)
    assert state["last_seq"] == one.session.health()["newest_event"]
    assert [content["entry"]["item_id"] for content, _ in one.heard] == ["t0", "t1"], "open pages hear of it too"
    (history,) = one.ask("history", before=None, limit=9)
    assert [entry["item_id"] for entry in history["entries"]] == ["t1", "t0"]


def test_a_page_that_opens_while_the_store_is_locked_has_what_is_known_and_hears_the_rest_later(tmp_path):
    one = page(tmp_path / "r.db")
    one.decide("t0")
    decide_elsewhere(tmp_path / "r.db", "session.accept('t1')")
    with closing(sqlite3.connect(tmp_path / "r.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        began = time.monotonic()
        state = one.card.get_state()
        assert time.monotonic() - began < 5, "half of how long a locked store is waited for"
        assert [key for key, _ in state["queue"]["entries"]] == ["t1", "t2", "t3", "t4"]
        assert state["progress"]["reviewed"] == 1
        other.execute("ROLLBACK")
    deadline = time.monotonic() + 20
    while one.card.progress["reviewed"] < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert one.card.progress["reviewed"] == 2
    assert one.heard[-1][0]["entry"]["item_id"] == "t1"


def test_a_page_opens_although_nothing_can_be_read(tmp_path):
    one = page(tmp_path / "r.db")
    one.decide("t0")
    (tmp_path / "r.db").unlink()
    assert [key for key, _ in one.card.get_state()["queue"]["entries"]] == ["t1", "t2", "t3", "t4"]


def test_an_undone_or_skipped_item_is_where_the_page_puts_it():
    one = page()
    one.session.skip("t0")
    assert [key for key, _ in one.card.get_state()["queue"]["entries"]] == ["t1", "t2", "t3", "t4", "t0"]
    one.session.undo()
    assert [key for key, _ in one.card.get_state()["queue"]["entries"]] == ["t0", "t1", "t2", "t3", "t4"]


def test_the_end_says_how_often_the_model_was_right():
    one = page()
    assert one.card.summary is None
    for item_id in ("t0", "t1", "t2", "t3"):
        one.session.accept(item_id)
    one.session.correct("t4", "card lost")
    accuracy = one.card.summary["accuracy"]
    assert (accuracy["value"], accuracy["low"], accuracy["method"]) == (0.8, 0.8, "all items reviewed")
    assert any(step.startswith("session.corrections") for step in one.card.summary["next_steps"])
    one.session.undo()
    assert one.card.summary is None


def test_a_sample_says_it_of_all_items_with_an_interval():
    frame = pd.DataFrame({"id": range(100), "text": "x", "predicted": "refund", "secret": None})
    one = page(frame=frame, plan=hitl.ReviewPlan(sample=10))
    while (item_id := one.session.next_item()) is not None:
        one.session.accept(item_id)
    accuracy = one.card.summary["accuracy"]
    assert accuracy["value"] == 1
    assert 0.7 < accuracy["low"] < 0.75, "Wilson: 10 / (10 + 1.96 ** 2)"


def test_a_sample_by_strata_takes_a_missing_slice_and_the_word_for_one_apart():
    channel = [None] * 20 + ["None"] * 80
    frame = pd.DataFrame({"id": range(100), "text": "x", "predicted": "refund", "secret": None, "channel": channel})
    one = page(frame=frame, plan=hitl.ReviewPlan(sample=10, by="channel"), slices=["channel"])
    while (item_id := one.session.next_item()) is not None:
        one.session.correct(item_id, "card lost") if channel[item_id] is None else one.session.accept(item_id)
    expected = hitl.metrics.sample_accuracy([False] * 2 + [True] * 8, [*"aa", *"bbbbbbbb"], [20] * 2 + [80] * 8)
    accuracy = one.card.summary["accuracy"]
    assert (accuracy["value"], accuracy["low"]) == (pytest.approx(0.8), pytest.approx(expected.low))


def test_new_predictions_reach_the_page():
    one = page()
    before = one.card.session["model_version"]
    one.session.update_predictions(rows().assign(predicted="card lost"), model_version="v2")
    assert (before != "v2", one.card.session["model_version"]) == (True, "v2")
    (answer,) = one.ask("want", item_ids=["t0"])
    assert answer["items"][0]["prediction"]["value"] == "card lost"


def test_an_item_comes_with_what_the_version_before_said_where_that_was_something_else():
    one = page(model_version="v1")
    new = rows().assign(predicted=["card lost", "refund", None, "card lost", "refund"])
    one.session.accept("t3")
    one.session.update_predictions(new, model_version="v2")
    (answer,) = one.ask("want", item_ids=["t0", "t1", "t2", "t3"])
    said = {"model_version": "v1", "value": "refund"}
    assert {item["item_id"]: item["earlier"] for item in answer["items"]} == {
        "t0": said, "t1": None, "t2": said, "t3": said,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("task", "before", "after", "value"),
    [
        (hitl.MultiLabel(["x", "y"]), {"y", "x"}, {"x"}, ["x", "y"]),
        (hitl.Regression("kg", tolerance=1), np.float32(7.5), 9.0, 7.5),
        (hitl.Classification([1, 2]), 1, 2, "1"),
        (hitl.Classification(["a"]), None, "a", None),
    ],
)
def test_what_was_said_before_comes_as_the_task_writes_its_values(task, before, after, value):
    items = [{"id": "t0", "text": "a question", "predicted": before}]
    one = page(frame=items, task=task, gold=None, model_version="v1")
    one.session.update_predictions([items[0] | {"predicted": after}], model_version="v2")
    (answer,) = one.ask("want", item_ids=["t0"])
    json.dumps(answer, allow_nan=False)
    assert answer["items"][0]["earlier"]["value"] == value


def test_a_decision_on_what_an_earlier_version_said_is_kept_as_that():
    one = page(model_version="v1")
    entries = dict(one.card.queue["entries"])
    one.session.update_predictions(rows().assign(predicted="card lost"), model_version="v2")
    one.decide("t0", content_hash=entries["t0"], model_version="v1", value="refund")
    row = one.session.decisions.iloc[0]
    assert (row["action"], row["value"], row["shown_prediction"], row["shown_model_version"]) == (
        "accept", "refund", "refund", "v1",
    )  # fmt: skip
    assert (row["prediction"], row["agreed"], row["model_version"]) == ("card lost", False, "v2")


def displayed(session, monkeypatch):
    outputs = []
    monkeypatch.setattr("IPython.display.display", lambda data, **options: outputs.append(data))
    session._ipython_display_()
    return outputs


def test_a_viewer_without_a_kernel_shows_a_plain_summary(monkeypatch):
    one = page()
    one.session.accept("t0")
    widget, kept = displayed(one.session, monkeypatch)
    assert "application/vnd.jupyter.widget-view+json" in widget
    for text in kept.values():
        assert "1 of 5 items had been reviewed" in text
        assert "question" not in text


def test_names_are_text_in_the_plain_summary(monkeypatch):
    one = page(reviewer="<img src=x onerror=alert(1)>")
    assert "<img" not in displayed(one.session, monkeypatch)[1]["text/html"]


def test_a_closed_session_listens_no_longer():
    one = page()
    review = one.session._review
    assert len(review.news._listeners) == 1
    one.card.close()
    assert review.news._listeners == []


def test_a_card_that_cannot_be_made_has_nothing_to_close(tmp_path):
    session = hitl.ReviewSession(rows(), prediction="predicted", show="text", store=tmp_path / "r.db")
    session.close()
    (tmp_path / "r.db").unlink()
    with pytest.raises(hitl.errors.StoreProblem):
        _ = session.widget
    gc.collect()  # an error in letting go of it is a warning, and fails the test


def test_a_closed_session_is_let_go_with_its_frame():
    session = hitl.ReviewSession(rows(), prediction="predicted", show="text", store=":memory:")
    widgets = len(_instances)
    assert session.widget.model_id in _instances
    kept = weakref.ref(session._review)
    session.close()
    assert len(_instances) == widgets
    del session
    gc.collect()
    assert kept() is None


def test_a_card_that_fails_does_not_keep_the_others_from_their_page(monkeypatch, caplog):
    one = page()
    monkeypatch.setattr(one.session._review, "upcoming", lambda *_, **__: 1 / 0)
    assert one.card.get_state()["queue"]["entries"][0][0] == "t0"
    assert "could not bring the queue" in caplog.text


@pytest.fixture
def running_cell(monkeypatch):
    """Says in which cell code runs, as JupyterLab's messages do."""

    class Shell:
        cell = "first"
        run = 1

        def get_parent(self):
            return {"metadata": {"cellId": self.cell}, "header": {"msg_id": f"run {self.run}"}}

    shell = Shell()
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    return shell


def test_a_cell_run_again_closes_the_card_it_showed_before(monkeypatch, running_cell):
    former, elsewhere, again = page(), page(), page()
    displayed(former.session, monkeypatch)
    running_cell.cell, running_cell.run = "second", 2
    displayed(elsewhere.session, monkeypatch)
    running_cell.cell, running_cell.run = "first", 3
    displayed(again.session, monkeypatch)
    displayed(again.session, monkeypatch)
    assert (former.card.is_closed, elsewhere.card.is_closed, again.card.is_closed) == (True, False, False)
    assert former.session.widget is not former.card, "a session shown again has a new card"


def test_two_cards_in_one_cell_stay_beside_each_other_until_it_is_run_again(monkeypatch, running_cell):
    one, other, again = page(), page(), page()
    displayed(one.session, monkeypatch)
    displayed(other.session, monkeypatch)
    assert (one.card.is_closed, other.card.is_closed) == (False, False)
    running_cell.run = 2
    displayed(again.session, monkeypatch)
    assert (one.card.is_closed, other.card.is_closed, again.card.is_closed) == (True, True, False)


def test_what_is_recorded_is_recorded_whoever_fails_to_hear_of_it(caplog):
    one = page()

    def fail(events):
        raise RuntimeError("a listener that fails")

    one.session._review.news.listen(fail)
    one.decide("t0")
    assert (one.card.saved, one.card.problem) == (["e1"], None)
    assert "a listener" in caplog.text


def test_an_undo_tells_of_a_skip_that_stands_again():
    one = page()
    one.session.skip("t0")
    one.session.accept("t0")
    one.session.undo()
    assert one.heard[-1][0]["restored"]["kind"] == "skip"


# ------------------------------------------------------------ another notebook on the same session


NEWER = "another notebook has newer content of 1 item: run the cell again with the newer frame to go on with it"


def changed(*item_ids):
    frame = rows()
    frame.loc[frame["id"].isin(item_ids), "text"] = "another question"
    return frame


def test_what_another_notebook_has_newer_content_of_is_missing_and_the_card_says_why(tmp_path):
    one = page(tmp_path / "r.db")
    with page(tmp_path / "r.db", changed("t0"), reviewer="bo").session:
        told = [content for content, _ in one.heard if content["kind"] == "items"]
        assert [(content["missing"], content["items"]) for content in told] == [(["t0"], [])]
        (answer,) = one.ask("want", item_ids=["t0", "t1"])
        assert (answer["missing"], [item["item_id"] for item in answer["items"]]) == (["t0"], ["t1"])
        state = one.card.get_state()
        assert [key for key, _ in state["queue"]["entries"]] == ["t1", "t2", "t3", "t4"]
        assert state["queue"]["more"] == 0
        assert state["session"]["order"].endswith(f"; {NEWER}")
        for item_id in ("t1", "t2", "t3", "t4"):
            one.session.accept(item_id)
        assert one.card.summary["next_steps"][0] == NEWER


def test_a_page_is_told_to_look_again_when_an_item_is_as_it_is_here(tmp_path):
    one = page(tmp_path / "r.db")
    with page(tmp_path / "r.db", changed("t0"), reviewer="bo").session:
        one.heard.clear()
    with page(tmp_path / "r.db", reviewer="cy").session:
        assert [content["kind"] for content, _ in one.heard] == ["outdated"]
        assert one.card.queue["entries"][0][0] == "t0"


def test_a_decision_on_what_was_on_the_screen_before_is_refused(tmp_path):
    one = page(tmp_path / "r.db")
    entries = dict(one.card.queue["entries"])
    with page(tmp_path / "r.db", changed("t0"), reviewer="bo").session as newer:
        one.decide("t0", content_hash=entries["t0"])
        assert [refusal["reason"] for refusal in one.card.refused] == ["conflict"]
        assert newer.decisions.empty


def test_a_decision_made_in_the_other_notebook_waits_for_a_kernel_that_has_what_was_decided_on(tmp_path):
    one = page(tmp_path / "r.db")
    other = page(tmp_path / "r.db", changed("t0"))
    content_hash = dict(other.card.queue["entries"])["t0"]
    one.decide("t0", event_id="of the other", content_hash=content_hash)
    assert (one.card.saved, one.card.refused) == ([], [])
    assert "newer content of item “t0”" in one.card.problem["message"]
    assert one.card.problem["remedy"] == "Run the cell again with the newer frame to go on with it."
    other.decide("t0", event_id="of the other", content_hash=content_hash)
    one.decide("t0", event_id="of the other", content_hash=content_hash)
    assert (one.card.saved, one.card.problem) == (["of the other"], None)
    assert other.session.decisions["event_id"].tolist() == ["of the other"]


def test_labels_that_another_notebook_adds_reach_the_page_and_come_last(tmp_path):
    one = page(tmp_path / "r.db", task=hitl.Classification(["refund", "card lost"]))
    before = one.card.session["editor"]["labels"]
    more = hitl.Classification(["1", "refund", "card lost"])
    with page(tmp_path / "r.db", task=more, reviewer="bo").session:
        assert one.card.session["editor"]["labels"] == [*before, {"value": "1", "key": "3"}]
        one.decide("t0", action="correct", value="1")
        assert one.card.saved == ["e1"]


class Mood(hitl.Classification):
    name = "mood"


def test_the_card_goes_on_and_says_so_where_another_notebook_has_extended_a_task_of_ones_own(tmp_path):
    one = page(tmp_path / "r.db", rows(2), task=Mood(["refund", "card lost"]))
    before = one.card.session["editor"]
    with page(tmp_path / "r.db", rows(2), task=Mood(["refund", "card lost", "thanks"])).session as other:
        other.correct("t0", "thanks")
        one.decide("t1")
        assert one.card.saved == ["e1"]
        assert one.card.session["editor"] == before
        words = "another notebook has extended the task: run the cell again with that task to go on with it"
        assert one.card.session["order"].endswith(f"; {words}")
        assert one.card.summary["next_steps"][0] == words
        assert one.card.summary["accuracy"]["value"] == 0.5
