"""Explanations that are made while somebody reviews: they come into the page in place, and nothing waits for them."""

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.card import Card
from tests.browser.hosts import in_lab_and_notebook
from tests.browser.marimo_page import MarimoPage
from tests.browser.marimo_server import MarimoServer
from tests.browser.notebook_page import NotebookPage
from tests.browser.tickets import review_of_tickets, stored
from tests.explain.texts import HARD_TEXTS

EXPLAINER = """
import os, time

class Waiting:
    def explain(self, rows):
        while not os.path.exists({let!r}):
            time.sleep(0.02)
        return [{{"speaks for " + item_id: 0.5}} for item_id in rows["ticket"]]
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "reviews.db"


@in_lab_and_notebook
def test_an_explanation_comes_in_place_and_decisions_are_saved_before_it(notebook: NotebookPage, store: Path) -> None:
    let = store.parent / "let"
    review = review_of_tickets(store, items=9, options="explanation=Waiting()")
    notebook.run_new(EXPLAINER.format(let=str(let)) + review)
    card = Card(notebook)
    card.wait_for_item("t0")
    why = card.root.get_by_role("region", name="Explanation")
    expect(why).to_contain_text("The explanation is being made…")
    card.focus()
    card.press("a", "2")
    card.wait_until_saved()
    assert list(stored(store)) == ["t0", "t1"]

    card.wait_for_item("t2")
    comment = card.root.get_by_role("textbox", name="Comment")
    comment.fill("half a sen")
    item = card.item.element_handle()
    let.touch()
    expect(why).to_contain_text("speaks for t2")
    expect(why).not_to_contain_text("being made")
    expect(comment).to_be_focused()
    expect(comment).to_have_value("half a sen")
    assert item.evaluate("(item) => item.isConnected && item.dataset.itemId") == "t2"
    comment.press_sequentially("tence")
    card.focus()
    card.press("a")
    card.wait_for_item("t3")
    expect(why).to_contain_text("speaks for t3")
    card.wait_until_saved()
    explained = notebook.printed("print(session.decisions[['explained', 'comment']].values.tolist())")
    assert explained.strip() == "[[False, nan], [False, nan], [True, 'half a sentence']]"


PICTURED = """
import numpy as np
import pandas as pd
import hitl_notebook as hitl

class Mapping(Waiting):
    def explain(self, rows):
        super().explain(rows)
        return [np.eye(8)] * len(rows)

photos = np.random.default_rng(0).integers(0, 255, (3, 32, 32), dtype="uint8")
frame = pd.DataFrame({{"ticket": ["t0", "t1", "t2"], "photo": list(photos), "said": "bug"}})
session = hitl.ReviewSession(
    frame, hitl.Classification(["bug", "wish"]), item_id="ticket", prediction="said", show=["photo"],
    explanation=Mapping(), plan=hitl.ReviewPlan(order="given"), reviewer="ada", store={store!r}, name="pictured",
)
session
"""
WATCH = """(root) => {
  window.pictures = [];
  const look = () => {
    const picture = root.querySelector('.hitl-item img');
    window.pictures.push(picture !== null && picture.complete && picture.naturalWidth > 0);
    if (root.isConnected) requestAnimationFrame(look);
  };
  look();
}"""


def test_a_map_comes_over_a_picture_that_never_leaves_the_screen(notebook: NotebookPage, store: Path) -> None:
    let = store.parent / "let"
    notebook.run_new(EXPLAINER.format(let=str(let)) + PICTURED.format(store=str(store)))
    card = Card(notebook)
    card.wait_for_item("t0")
    card.root.evaluate(WATCH)
    let.touch()
    card.item.locator("canvas").wait_for()
    card.wait_for_paint()
    pictures = notebook.page.evaluate("() => window.pictures")
    assert len(pictures) > 1
    assert all(pictures)


def test_in_marimo_it_comes_in_place_too(context: BrowserContext, store: Path) -> None:
    let = store.parent / "let"
    review = review_of_tickets(store, items=9, options="explanation=Waiting()")
    with MarimoServer(store.parent / "app", EXPLAINER.format(let=str(let)) + review, mode="run") as server:
        tab = MarimoPage(context, server)
        tab.open()
        card = Card(tab)
        card.wait_for_item("t0")
        why = card.root.get_by_role("region", name="Explanation")
        expect(why).to_contain_text("The explanation is being made…")
        card.focus()
        card.press("a")
        card.wait_until_saved()
        assert list(stored(store)) == ["t0"]
        let.touch()
        expect(why).to_contain_text("speaks for t1")
        card.press("a")
        expect(why).to_contain_text("speaks for t2")
        assert tab.crashes == []
        assert tab.elsewhere == []
        tab.close()


WORDS = """
import pandas as pd
import hitl_notebook as hitl
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

texts = {texts!r}
model = make_pipeline(CountVectorizer(token_pattern=r"\\S+"), LogisticRegression())
model.fit(["נקודי 👍🏽 cafe\u0301", "word 💶", "other"], ["refund", "card <b>lost</b>", "other"])
frame = pd.DataFrame({{"n": range(len(texts)), "text": texts, "said": model.predict(texts)}})
session = hitl.ReviewSession(
    frame, hitl.Classification(["refund", "card <b>lost</b>", "other"]), item_id="n", prediction="said", show=["text"],
    explanation=hitl.explain.Linear(model, text="text"), plan=hitl.ReviewPlan(order="given"), reviewer="ada",
    store={store!r}, name="words",
)
session
"""
MARKED = """(root) => {
  const marks = [];
  let at = 0;
  for (const node of root.querySelector('.hitl-tokens').childNodes) {
    if (node.dataset?.token !== undefined) marks.push([at, node.textContent]);
    at += node.textContent.length;
  }
  return marks;
}"""


def test_words_of_any_script_are_marked_where_they_stand_and_the_classes_are_named(
    notebook: NotebookPage, store: Path
) -> None:
    plain = [HARD_TEXTS[1], HARD_TEXTS[2], HARD_TEXTS[3], HARD_TEXTS[4], HARD_TEXTS[7], HARD_TEXTS[8]]
    texts = [f"{text} word {text} 💶 word" for text in plain]
    notebook.run_new(WORDS.format(texts=texts, store=str(store)))
    card = Card(notebook)
    card.wait_for_item("0")
    card.focus()
    for number, text in enumerate(texts):
        card.wait_for_item(str(number))
        legend = card.item.locator(".hitl-legend")
        expect(legend).to_contain_text("for card <b>lost</b> and for ")
        marked = card.root.evaluate(MARKED)
        assert {word for _, word in marked} >= {"word", "💶"}
        shown = text.encode("utf-16-le")
        assert [shown[2 * at : 2 * (at + len(word.encode("utf-16-le")) // 2)] for at, word in marked] == [
            word.encode("utf-16-le") for _, word in marked
        ]
        found = [at for at, word in marked if word == "word"]
        assert found == [len(text[:at].encode("utf-16-le")) // 2 for at in _starts(text, "word")]
        card.press("a")


def _starts(text: str, word: str) -> list[int]:
    words = text.split(" ")
    return [sum(len(each) + 1 for each in words[:at]) for at, each in enumerate(words) if each == word]
