"""What formats Markdown comes from the kernel, once a page; without it the text stands as it is written."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.card import Card
from tests.browser.hosts import in_lab_and_notebook
from tests.browser.notebook_page import NotebookPage
from tests.browser.tab import SOON
from tests.browser.tickets import stored

REVIEW = """
import hitl_notebook as hitl

items = [
    {{"ticket": f"t{{n}}", "text": f"**Number {{n}}** is [here](https://example.org/{{n}})", "said": "bug"}}
    for n in range(30)
]
session = hitl.ReviewSession(
    items, hitl.Classification(["bug", "wish"]), item_id="ticket", prediction="said",
    show=[hitl.fields.Markdown("text")], plan=hitl.ReviewPlan(order="given"), guidelines="Be **kind**.",
    reviewer="ada", store={store!r}, name="tickets",
)
session
"""
# What the frame after the next key shows.
IN_ITS_FRAME = """(root) => {
  window.seen = new Promise((resolve) => {
    addEventListener('keydown', () => requestAnimationFrame(() => {
      const item = root.querySelector('[data-item-id]');
      resolve([item.dataset.itemId, item.querySelector('strong')?.textContent ?? null]);
    }), { once: true, capture: true });
  });
}"""
# How often the page has asked for it; as long as that is withheld, the kernel hears nothing of it.
WATCH = """() => {
  window.asked = 0;
  window.isWithheld = false;
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (data) {
    const isAsking = new TextDecoder().decode(data).includes('"kind":"library"');
    if (isAsking) window.asked += 1;
    if (!isAsking || !window.isWithheld) send.call(this, data);
  };
}"""


@pytest.fixture
def fresh(notebook: NotebookPage) -> NotebookPage:
    """A page that has asked for nothing yet."""
    notebook.reload()
    notebook.clear()
    notebook.page.evaluate(WATCH)
    return notebook


def strong(card: Card) -> Locator:
    return card.item.locator("strong")


@in_lab_and_notebook
def test_it_is_asked_for_once_a_page_and_every_next_item_is_formatted_in_its_frame(fresh: NotebookPage) -> None:
    fresh.run_new(REVIEW.format(store=":memory:"))
    card = Card(fresh)
    card.wait_for_item("t0")
    expect(strong(card)).to_have_text("Number 0")
    asked = fresh.page.evaluate("() => window.asked")
    assert asked > 0
    card.root.get_by_text("Guidelines").click()
    expect(card.root.locator(".hitl-guidelines strong")).to_have_text("kind")
    card.focus()
    for n in range(1, 6):
        card.wait_for_paint()
        card.root.evaluate(IN_ITS_FRAME)
        card.page.keyboard.press("a")
        assert card.page.evaluate("() => window.seen") == [f"t{n}", f"Number {n}"]
    fresh.run_new(REVIEW.format(store=":memory:"))
    again = Card(fresh, view=1)
    again.wait_for_item("t0")
    expect(strong(again)).to_have_text("Number 0")
    assert fresh.page.evaluate("() => window.asked") == asked


def test_a_reload_and_a_new_kernel_bring_it_again(notebook: NotebookPage, tmp_path: Path) -> None:
    cell = notebook.add(REVIEW.format(store=str(tmp_path / "reviews.db")))
    notebook.run(cell)
    card = Card(notebook)
    expect(strong(card)).to_have_text("Number 0")
    notebook.save()
    notebook.reload()
    expect(strong(card)).to_have_text("Number 0")
    notebook.restart_kernel()
    notebook.run(cell)
    expect(strong(card)).to_have_text("Number 0")


def test_while_the_kernel_is_waited_for_the_text_stands_as_written_then_it_is_formatted_in_place(
    fresh: NotebookPage, tmp_path: Path
) -> None:
    store = tmp_path / "reviews.db"
    fresh.page.evaluate("() => { window.isWithheld = true; }")
    fresh.run_new(REVIEW.format(store=str(store)))
    card = Card(fresh)
    card.wait_for_item("t0")
    expect(card.item).to_contain_text("**Number 0** is [here]")
    card.focus()
    card.press("a", "2")
    expect(card.item).to_contain_text("**Number 2**")
    expect(card.root.get_by_text("Markdown as it is written")).to_be_visible(timeout=SOON)
    fresh.page.evaluate("() => { window.isWithheld = false; }")
    expect(strong(card)).to_have_text("Number 2", timeout=SOON)
    expect(card.root.get_by_text("Markdown as it is written")).to_be_hidden()
    card.press("a")
    card.wait_until_saved()
    assert [action for action, _ in stored(store).values()] == ["accept", "correct", "accept"]


def test_where_the_browser_cannot_take_it_the_text_stands_as_written_and_reviewing_goes_on(fresh: NotebookPage) -> None:
    fresh.page.evaluate("() => { window.kept = DecompressionStream; delete window.DecompressionStream; }")
    fresh.run_new(REVIEW.format(store=":memory:"))
    card = Card(fresh)
    card.wait_for_item("t0")
    expect(card.root.get_by_text("it could not be formatted in this browser")).to_be_visible()
    card.focus()
    card.press("a", "2")
    expect(card.item).to_contain_text("**Number 2** is [here]")
    card.wait_until_saved()
    fresh.page.evaluate("() => { window.DecompressionStream = kept; }")
    fresh.run_new(REVIEW.format(store=":memory:"))
    expect(strong(Card(fresh, view=1))).to_have_text("Number 0")
