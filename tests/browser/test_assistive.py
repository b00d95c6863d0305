"""A whole review without a mouse, and one by what assistive technology is told alone."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.card import SOON, Card
from tests.browser.notebook_page import NotebookPage
from tests.browser.tickets import review_of_tickets, stored


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "reviews.db"


def tab_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Press Tab until what is wanted has the focus."""
    for _ in range(60):
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{wanted} was not reached with {key}")


def test_a_whole_review_by_keyboard_alone(notebook: NotebookPage, store: Path) -> None:
    notebook.run_new(review_of_tickets(store, items=6, options="guidelines='A **bug** is what worked before.',"))
    card = Card(notebook)
    card.wait_for_item("t0")
    page = card.page
    page.locator(".jp-Toolbar button, .jp-ToolbarButtonComponent").first.focus()
    tab_to(page, card.root)
    tab_to(page, card.button("History"))
    page.keyboard.press("Enter")
    expect(card.root.get_by_role("dialog", name="History")).to_be_focused()
    page.keyboard.press("Escape")
    tab_to(page, card.root.locator("summary"))
    page.keyboard.press("Enter")
    expect(card.root.get_by_text("is what worked before")).to_be_visible()
    tab_to(page, card.root.get_by_role("region", name="Item"))
    tab_to(page, card.button("Accept"))
    page.keyboard.press("Enter")
    card.wait_for_item("t1")
    expect(card.button("Accept")).to_be_focused()  # a keyboard is left where it was
    tab_to(page, card.button("Correct"))
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("3")
    card.wait_for_item("t2")
    tab_to(page, card.button("Flag"))
    page.keyboard.press("Enter")
    page.keyboard.press("2")
    tab_to(page, card.button("Send flag"))
    page.keyboard.press("Enter")
    card.wait_for_item("t3")
    page.keyboard.press("m")
    page.keyboard.type("not sure")
    page.keyboard.press("Enter")
    card.press("a", "s", "1")
    card.wait_for_item("t4")  # the skipped one is back
    tab_to(page, card.root.get_by_role("region", name="Item"), "Shift+Tab")
    card.press("a")
    card.wait_for_the_end()
    card.wait_until_saved()
    assert stored(store) == {
        "t0": ("accept", "bug"),
        "t1": ("correct", "question"),
        "t2": ("flag", None),
        "t3": ("accept", "bug"),
        "t5": ("correct", "bug"),
        "t4": ("accept", "wish"),
    }


def test_a_whole_review_by_the_accessibility_tree_alone(notebook: NotebookPage, store: Path) -> None:
    notebook.run_new(review_of_tickets(store, items=3))
    page = notebook.page
    review = page.get_by_role("group", name="Review")
    heard = review.get_by_role("status").last
    expect(heard).to_contain_text("Item t0: predicted bug, 50% sure.", timeout=SOON)
    expect(review.get_by_role("region", name="Item")).to_contain_text("Ticket number 0: it does not print.")
    expect(review.get_by_role("region", name="Prediction")).to_contain_text("bug")
    expect(review.get_by_role("progressbar", name="Progress")).to_have_attribute("aria-valuenow", "0")
    verdicts = review.get_by_role("group", name="Your decision")
    verdicts.get_by_role("button", name="Accept").click()
    expect(heard).to_contain_text("Accepted as bug. Item t1: predicted wish, 51% sure.")
    verdicts.get_by_role("button", name="Correct").click()
    review.get_by_role("button", name="question").click()
    expect(heard).to_contain_text("Corrected to question. Item t2: predicted question")
    verdicts.get_by_role("button", name="Flag").click()
    form = review.get_by_role("form", name="Flag this item")
    form.get_by_role("radio", name="needs an expert").check()
    form.get_by_role("button", name="Send flag").click()
    expect(heard).to_contain_text("Flagged: needs an expert. You are at the end of your queue.")
    summary = review.get_by_role("region", name="Summary")
    expect(summary.get_by_role("heading", name="All reviewed")).to_be_visible()
    expect(summary).to_contain_text("everything is saved", timeout=SOON)
    expect(review.get_by_role("progressbar", name="Progress")).to_have_attribute("aria-valuenow", "3")
    assert stored(store) == {"t0": ("accept", "bug"), "t1": ("correct", "question"), "t2": ("flag", None)}
