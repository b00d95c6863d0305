"""Explanations that are made while somebody reviews: they come into the page in place, and nothing waits for them."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.card import Card
from tests.browser.notebook_page import NotebookPage
from tests.browser.tickets import review_of_tickets, stored

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
