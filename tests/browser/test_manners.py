"""How the card sits in a notebook: it steals no keys, moves nothing, and fits."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.card import Card
from tests.browser.hosts import in_lab_and_notebook
from tests.browser.notebook_page import NotebookPage
from tests.browser.tickets import review_of_tickets

NOTEBOOK_KEYS = ("b", "x", "m", "Escape", "y", "d", "d", "j", "k", "Enter", "Shift+Enter", "0", "0")
CELLS = "() => window.jupyterapp.shell.currentWidget.content.widgets.map((cell) => cell.model.type)"
SCROLLED = "() => [window.scrollY, document.querySelector('.jp-WindowedPanel-outer').scrollTop]"
OVERHANG = """(root) => {
  const edge = root.getBoundingClientRect();
  return [...root.querySelectorAll('*')]
    .filter((part) => part.checkVisibility())
    .filter((part) => {
      const box = part.getBoundingClientRect();
      return box.width > 1 && (box.right > edge.right + 1 || box.left < edge.left - 1);
    })
    .map((part) => `${part.tagName.toLowerCase()}.${part.className}`);
}"""


@pytest.fixture
def card(notebook: NotebookPage, tmp_path: Path) -> Card:
    for _ in range(3):
        notebook.run_new("print('a line above\\n' * 12)")
    notebook.run_new(review_of_tickets(tmp_path / "reviews.db"))
    notebook.run_new("print('a line below\\n' * 40)")
    card = Card(notebook)
    card.wait_for_item("t0")
    card.root.scroll_into_view_if_needed()
    card.focus()
    return card


@in_lab_and_notebook
def test_no_key_reaches_the_notebook(card: Card) -> None:
    page = card.page
    cells = page.evaluate(CELLS)
    for key in (*NOTEBOOK_KEYS, "a", "s", "u", "?", "Escape"):
        page.keyboard.press(key)
    card.button("Accept").focus()
    for key in ("b", "x", "d", "d", "j", "k", "ArrowRight", "a"):
        page.keyboard.press(key)
    card.wait_for_paint()
    assert page.evaluate(CELLS) == cells
    # The control: the same key, with the focus on the notebook's own cell, does insert one.
    page.locator(".jp-InputPrompt").last.click()
    page.keyboard.press("b")
    page.wait_for_function(f"(cells) => ({CELLS})().length > cells", arg=len(cells))


def test_keys_do_nothing_while_the_focus_is_elsewhere(card: Card) -> None:
    card.page.evaluate("() => document.activeElement.blur()")
    card.page.keyboard.press("3")
    card.wait_for_paint()
    assert card.item_id == "t0"


def wait_until_it_rests(card: Card) -> None:
    """Until the host has put the page where it is to stay: it measures what lies below after it is shown."""
    before = None
    while (now := (card.page.evaluate(SCROLLED), card.root.bounding_box())) != before:
        before = now
        card.page.wait_for_timeout(300)


@in_lab_and_notebook
def test_neither_the_page_nor_the_card_moves_from_item_to_item(card: Card) -> None:
    wait_until_it_rests(card)
    scrolled, box = card.page.evaluate(SCROLLED), card.root.bounding_box()
    for key in ("a", "2", "s", "u", "1", "a", "a", "a", "a", "a"):
        card.page.keyboard.press(key)
        card.wait_for_paint()
        assert card.page.evaluate(SCROLLED) == scrolled
        assert card.root.bounding_box() == box
    card.wait_until_saved()
    assert card.root.bounding_box() == box


def test_forms_and_sheets_open_without_moving_the_page(card: Card) -> None:
    wait_until_it_rests(card)
    scrolled = card.page.evaluate(SCROLLED)
    for key in ("f", "Escape", "c", "Escape", "?", "Escape"):
        card.page.keyboard.press(key)
        card.wait_for_paint()
        assert card.page.evaluate(SCROLLED) == scrolled


@pytest.mark.parametrize("width", [360, 1600])
def test_nothing_hangs_over_at_any_width(card: Card, width: int) -> None:
    card.page.set_viewport_size({"width": width, "height": 900})
    card.root.scroll_into_view_if_needed()
    card.focus()
    for key, role, name in (("", "group", "Review"), ("f", "form", "Flag this item"), ("?", "dialog", "Keys")):
        if key:
            card.page.keyboard.press(key)
        card.page.get_by_role(role, name=name).wait_for()
        card.wait_for_paint()
        assert card.root.evaluate(OVERHANG) == []
        assert card.root.evaluate("(root) => root.scrollWidth <= root.clientWidth")
        card.page.keyboard.press("Escape")


@in_lab_and_notebook
def test_a_closed_output_leaves_nothing_behind(card: Card, notebook: NotebookPage) -> None:
    notebook.clear()
    expect(card.root).to_have_count(0)
    notebook.page.keyboard.press("Escape")
    notebook.run_new("session.progress()")
