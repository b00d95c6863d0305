"""Reviewing by keyboard: what is pressed is what is stored."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.card import Card
from tests.browser.hosts import in_lab_and_notebook
from tests.browser.notebook_page import NotebookPage
from tests.browser.tickets import events, review_of_tickets, stored


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "reviews.db"


@pytest.fixture
def card(notebook: NotebookPage, store: Path) -> Card:
    notebook.run_new(review_of_tickets(store, items=12))
    card = Card(notebook)
    card.wait_for_item("t0")
    card.focus()
    return card


def test_the_first_item_is_on_the_screen_with_its_prediction(card: Card) -> None:
    expect(card.item).to_contain_text("Ticket number 0: it does not print.")
    expect(card.root).to_contain_text("bug")
    expect(card.root).to_contain_text("50%")
    for name in ("Accept", "Correct", "Flag", "Skip", "Undo"):
        expect(card.button(name)).to_be_visible()


@in_lab_and_notebook
def test_every_key_stores_what_it_says(card: Card, store: Path) -> None:
    card.press("a")  # t0, predicted bug
    card.press("3")  # t1, predicted wish: the third label is question
    card.press("3")  # t2, predicted question: its own label's key is an accept
    card.flag("two tickets in one")  # t3
    card.press("s")  # t4
    card.press("1")  # t5, predicted question
    card.press("u")  # t5 is back
    card.wait_for_item("t5")
    card.press("2")
    card.wait_until_saved()
    assert stored(store) == {
        "t0": ("accept", "bug"),
        "t1": ("correct", "question"),
        "t2": ("accept", "question"),
        "t3": ("flag", None),
        "t5": ("correct", "wish"),
    }
    assert events(store, "skip") == ["t4"]
    assert len(events(store, "undo")) == 1


def test_the_buttons_do_what_the_keys_do(card: Card, store: Path) -> None:
    card.button("Accept").click()
    card.wait_for_item("t1")
    card.button("Correct").click()
    card.root.get_by_role("button", name="question").click()
    card.wait_for_item("t2")
    card.button("Skip").click()
    card.wait_for_item("t3")
    card.button("Undo").click()
    card.wait_for_item("t2")
    card.button("Flag").click()
    card.root.get_by_role("radio", name="needs an expert").check()
    card.button("Send flag").click()
    card.wait_for_item("t3")
    card.wait_until_saved()
    assert stored(store) == {"t0": ("accept", "bug"), "t1": ("correct", "question"), "t2": ("flag", None)}


def test_a_double_click_decides_one_item_and_takes_two_steps_back(card: Card, store: Path) -> None:
    # As slow as a double click may be: the next item has long been painted when the second click comes.
    card.button("Accept").dblclick(delay=120)
    card.wait_for_item("t1")
    card.wait_for_paint()
    assert card.item_id == "t1"
    card.root.get_by_role("button", name="question").dblclick(delay=120)
    card.wait_for_item("t2")
    card.wait_for_paint()
    assert card.item_id == "t2"
    card.wait_until_saved()
    assert stored(store) == {"t0": ("accept", "bug"), "t1": ("correct", "question")}
    card.button("Undo").dblclick(delay=1_000)  # what the first click has brought back has to be painted
    card.wait_for_item("t0")
    card.wait_until_saved()
    assert stored(store) == {}


@in_lab_and_notebook
def test_a_key_that_is_held_decides_one_item(card: Card, store: Path) -> None:
    card.page.keyboard.down("a")
    for _ in range(5):
        card.page.keyboard.down("a")  # Chromium marks these as repeats
        card.wait_for_paint()
    card.page.keyboard.up("a")
    card.wait_for_item("t1")
    card.wait_until_saved()
    assert list(stored(store)) == ["t0"]


def test_a_key_that_comes_before_the_item_was_painted_decides_nothing(card: Card, store: Path) -> None:
    # Both in one task: between them nothing can have been painted.
    card.root.evaluate("""(root) => {
      for (const _ of [1, 2]) root.dispatchEvent(new KeyboardEvent('keydown', { key: 'a', bubbles: true }));
    }""")
    card.wait_for_item("t1")
    card.wait_until_saved()
    assert list(stored(store)) == ["t0"]


def test_saved_is_said_when_the_store_has_it(card: Card, store: Path) -> None:
    for pressed in range(1, 6):
        card.press("a")
        card.wait_until_saved()
        assert len(stored(store)) == pressed


def test_an_earlier_item_is_found_again_and_changed(card: Card, store: Path) -> None:
    card.press("a", "a", "a")
    card.page.keyboard.press("ArrowLeft")
    card.wait_for_item("t2")
    card.page.keyboard.press("ArrowLeft")
    card.wait_for_item("t1")
    card.press("1")
    card.wait_for_item("t3")
    card.wait_until_saved()
    assert stored(store) == {"t0": ("accept", "bug"), "t1": ("correct", "bug"), "t2": ("accept", "question")}
    assert events(store) == ["t0", "t1", "t2", "t1"]


def test_undo_has_no_end_but_the_beginning(card: Card, store: Path) -> None:
    card.press("a", "1", "s", "2")
    for item in ("t3", "t2", "t1", "t0"):
        card.page.keyboard.press("u")
        card.wait_for_item(item)
    card.wait_until_saved()
    assert stored(store) == {}
    card.page.keyboard.press("u")
    expect(card.root).to_contain_text("nothing to undo")


@in_lab_and_notebook
def test_a_review_goes_from_the_first_item_to_the_summary(card: Card, store: Path) -> None:
    card.press(*"as1a2a3a1aaa")
    card.wait_for_item("t1")  # the skipped one comes back at the end
    card.page.keyboard.press("a")
    card.wait_for_the_end()
    card.wait_until_saved()
    expect(card.root).to_contain_text("All reviewed")
    assert len(stored(store)) == 12
    card.page.keyboard.press("u")
    card.wait_for_item("t1")
