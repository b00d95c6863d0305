"""Blind review in the page: what is not yet known there cannot be seen, read or pressed."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

import hitl_notebook as hitl
from tests.browser.card import Card
from tests.browser.notebook_page import NotebookPage
from tests.browser.tickets import review_of_tickets

BLIND = 'order="given", reveal="after"'


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "reviews.db"


def blind_card(notebook: NotebookPage, store: Path, plan: str = BLIND) -> Card:
    notebook.run_new(review_of_tickets(store, items=9, plan=plan))
    card = Card(notebook)
    card.wait_for_item("t0")
    card.focus()
    return card


def press(card: Card, key: str) -> None:
    """A key on what is painted; the item need not change with it."""
    card.wait_for_paint()
    card.page.keyboard.press(key)


def answers(store: Path) -> list[list[object]]:
    with hitl.ReviewSession.open(store, name="tickets") as session:
        return session.decisions[["item_id", "action", "value", "first_value", "blind"]].values.tolist()


def test_the_answer_comes_first_then_the_prediction_then_the_verdict(notebook: NotebookPage, store: Path) -> None:
    card = blind_card(notebook, store)
    prediction = card.root.get_by_role("region", name="Prediction")
    note = card.root.get_by_role("note", name="Your first answer")
    expect(prediction).to_contain_text("Hidden until you have answered")
    press(card, "a")  # there is nothing to accept
    expect(card.root).to_contain_text("Answer first")
    expect(card.item).to_have_attribute("data-item-id", "t0")

    press(card, "2")  # wish, where the model said bug
    expect(prediction).to_contain_text("bug")
    expect(note).to_contain_text("You said wish")
    press(card, "Enter")  # kept
    card.wait_for_item("t1")
    press(card, "3")  # question, where the model said wish
    expect(prediction).to_contain_text("wish")
    press(card, "a")  # changed to what the model said
    card.wait_for_item("t2")
    press(card, "3")  # as the model
    expect(note).to_contain_text("The model says the same")
    press(card, "3")  # the same again keeps it
    card.wait_for_item("t3")
    card.wait_until_saved()
    assert answers(store) == [
        ["t0", "correct", "wish", "wish", True],
        ["t1", "accept", "wish", "question", True],
        ["t2", "accept", "question", "question", True],
    ]


def review_of_topics(store: Path, predicted: int, plan: str, *, labels: int = 77) -> str:
    """The source of a review of items of one content, each predicted the same, with the model's other candidates."""
    return f"""
import numpy as np
import hitl_notebook as hitl

labels = [f"topic {{n}}" for n in range({labels})]
def items(predicted):
    return [{{"ticket": f"t{{n}}", "text": f"Ticket {{n}}", "said": labels[predicted]}} for n in range(9)]
def scores(predicted):
    far = np.abs(np.arange(len(labels)) - predicted)
    return np.tile(np.exp(-far) / np.exp(-far).sum(), (9, 1))
session = hitl.ReviewSession(
    items({predicted}), hitl.Classification(labels), item_id="ticket", prediction="said", show=["text"],
    probabilities=scores({predicted}), plan=hitl.ReviewPlan({plan}), reviewer="ada", store={str(store)!r},
    name="tickets", model_version="v1",
)
session
"""


class Looks:
    """What can be seen, heard and read of the first item, and of what is kept of it in the notebook."""

    def __init__(self, notebook: NotebookPage, source: str, then: str = "") -> None:
        notebook.clear()
        notebook.run_new(source)
        card = Card(notebook)
        card.wait_for_item("t0")
        if then:
            notebook.run_new(then)
            expect(card.root).to_contain_text("model v2")
            card.wait_for_paint()
        self.card = card
        item = card.item.element_handle()  # its height is kept for the next items once the page has time
        card.page.wait_for_function("(item) => parseFloat(item.style.minBlockSize) > 0", arg=item)
        kept = notebook.page.locator(".hitl-kept-summary").text_content() or ""
        html = card.root.evaluate("(root) => root.outerHTML")
        self.all = [html, card.root.aria_snapshot(), kept.replace(kept.split(" in ")[1].split(",")[0], "")]


@pytest.mark.parametrize("labels", [3, 77])
def test_the_page_looks_the_same_whatever_the_model_said(notebook: NotebookPage, tmp_path: Path, labels: int) -> None:
    def looks(predicted: int, plan: str) -> Looks:
        store = tmp_path / f"{predicted}-{len(plan)}.db"
        return Looks(notebook, review_of_topics(store, predicted, plan, labels=labels))

    def by_digit(predicted: int, plan: str) -> list[list[object]]:
        """What the key 1 answers: a label where they are few, of many one of those that the model finds likely."""
        card = looks(predicted, plan + ", seed=1").card
        card.focus()
        press(card, "1")
        card.wait_for_paint()
        card.wait_until_saved()
        return answers(tmp_path / f"{predicted}-{len(plan + ', seed=1')}.db")

    shown = 'order="given"'
    assert looks(1, BLIND).all == looks(2, BLIND).all
    assert all(one != other for one, other in zip(looks(1, shown).all[:2], looks(2, shown).all[:2], strict=True))
    assert by_digit(1, BLIND) == by_digit(2, BLIND)
    if labels > 9:
        assert by_digit(3, BLIND) == []
        assert by_digit(1, shown) != by_digit(2, shown)


def test_the_page_looks_the_same_whatever_the_next_version_says_of_what_it_changed(
    notebook: NotebookPage, tmp_path: Path
) -> None:
    def looks(predicted: int, plan: str) -> Looks:
        then = f"""
session.update_predictions(
    items({predicted}), probabilities=scores({predicted}), model_version="v2", ask="changed"
)"""
        source = review_of_topics(tmp_path / f"{predicted}-{len(plan)}.db", 7, plan)
        return Looks(notebook, source, then)

    assert looks(1, BLIND).all == looks(2, BLIND).all
    shown = 'order="given"'
    assert looks(1, shown).all[0] != looks(2, shown).all[0]


def test_what_the_log_calls_explained_is_what_was_on_the_screen(notebook: NotebookPage, store: Path) -> None:
    source = review_of_tickets(
        store, items=9, plan='order="given", explanation_share=0.5, seed=3', options='explanation=["why"],'
    )
    notebook.run_new(source.replace('"p": [', '"why": [f"because of ticket {n}" for n in range(9)],\n    "p": ['))
    card = Card(notebook)
    card.focus()
    on_screen = []
    for n in range(9):
        card.wait_for_item(f"t{n}")
        on_screen.append(card.root.get_by_role("region", name="Explanation").count() == 1)
        assert on_screen[-1] == (f"because of ticket {n}" in (card.root.text_content() or ""))
        card.press("a")
    card.wait_until_saved()
    assert 0 < sum(on_screen) < 9
    with hitl.ReviewSession.open(store, name="tickets") as session:
        assert session.decisions["explained"].tolist() == on_screen


def test_reviewing_goes_on_without_the_prediction_while_the_kernel_does_not_answer(
    notebook: NotebookPage, store: Path
) -> None:
    card = blind_card(notebook, store)
    notebook.deafen()
    press(card, "2")
    expect(card.root.get_by_role("note", name="Your first answer")).to_contain_text("The prediction is on its way")
    press(card, "Enter")
    card.wait_for_item("t1")
    press(card, "2")
    press(card, "ArrowRight")
    card.wait_for_item("t2")
    notebook.drop_connection()
    card.wait_until_saved()
    press(card, "ArrowLeft")
    card.wait_for_item("t1")
    expect(card.root.get_by_role("region", name="Prediction")).to_contain_text("wish")
    assert answers(store) == [["t0", "correct", "wish", "wish", True], ["t1", "accept", "wish", "wish", True]]
