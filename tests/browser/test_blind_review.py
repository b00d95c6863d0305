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


def test_the_page_looks_the_same_whatever_the_model_said(notebook: NotebookPage, tmp_path: Path) -> None:
    def looks(predicted: str, plan: str) -> list[str]:
        store = tmp_path / f"{predicted}-{len(plan)}.db"
        # The version's name would be a hash of the predictions.
        source = review_of_tickets(store, items=9, plan=plan, options='model_version="v1",')
        notebook.run_new(source.replace("labels[n % 3]", repr(predicted)).replace("0.5 + n % 50 / 100", "0.9"))
        card = Card(notebook)
        card.wait_for_item("t0")
        html = card.root.evaluate("(root) => root.outerHTML")
        tree = card.root.aria_snapshot()
        notebook.clear()
        return [html, tree]

    assert looks("bug", BLIND) == looks("wish", BLIND)
    shown = 'order="given"'
    assert all(one != other for one, other in zip(looks("bug", shown), looks("wish", shown), strict=True))


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
