"""Long texts, long messages and wide rows: cut at first, opened whole, and searched."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.card import Card
from tests.browser.every_field import REVIEW_OF_EVERY_FIELD
from tests.browser.notebook_page import NotebookPage

LONG_CHAT = """
import hitl_notebook as hitl
said = [{"role": role, "content": f"{role} says: " + "a word or two. " * 7_000 + f"the end of {role}"} for role in "xy"]
hitl.ReviewSession([{"id": "t0", "talk": said, "said": "a"}], hitl.Classification(["a", "b"]), item_id="id",
    prediction="said", show=["talk"], reviewer="ada", store=":memory:")
"""

LONG_TEXT_EXPLAINED = """
import pandas as pd
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
import hitl_notebook as hitl

filler = "".join(f"Line {n} of the letter says little that is new.\\n" for n in range(2_500))
letters = ["I want a refund.\\n" + filler + "The refund is due. The card is lost.", "My card is lost.\\n" + filler]
model = make_pipeline(CountVectorizer(), LogisticRegression()).fit(
    ["refund refund", "a refund", "card lost", "the card is lost"], ["refund", "refund", "card", "card"])
frame = pd.DataFrame({"id": ["t0", "t1"], "letter": letters, "said": ["refund", "card"]})
hitl.ReviewSession(frame, hitl.Classification(["refund", "card"]), item_id="id", prediction="said", show=["letter"],
    plan=hitl.ReviewPlan(order="given"), reviewer="ada", store=":memory:",
    explanation=hitl.explain.Linear(model, text="letter", prediction="said"))
"""
LONG_CELL = """
import hitl_notebook as hitl
orders = [{"id": f"A-{n}", "note": f"note {n}: " + "a word or two. " * 500 + f"the end of {n}"} for n in range(3)]
why = {f"feature {n}": n - 100 for n in range(300)}
items = [{"id": "t0", "orders": orders, "said": "a", "why": why}]
hitl.ReviewSession(items, hitl.Classification(["a", "b"]), item_id="id", prediction="said", show=["orders"],
    explanation="why", reviewer="ada", store=":memory:")
"""

KEEP_BUSY = """() => {
  window.browsers = window.requestIdleCallback;
  window.putOff = [];
  window.requestIdleCallback = (callback) => window.putOff.push(callback);
}"""
LET_IDLE = "() => window.putOff.splice(0).map((callback) => callback())"
LEAVE_ALONE = "() => { window.requestIdleCallback = window.browsers; window.putOff.forEach((callback) => callback()); }"
NOTE_FIRST_FRAME = """(item) => new MutationObserver(() => requestAnimationFrame(() => {
  item.dataset.began = item.scrollTop;
})).observe(item, { attributeFilter: ["data-item-id"] })"""

MOVED_AFTER_SCROLL = """async (part) => {
  const top = () => part.getBoundingClientRect().top;
  part.scrollIntoView({ block: "center" });
  const before = top();
  for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
  return Math.abs(top() - before);
}"""


@pytest.fixture
def card(notebook: NotebookPage) -> Iterator[Card]:
    notebook.run_new(REVIEW_OF_EVERY_FIELD)
    card = Card(notebook)
    card.wait_for_item("t0")
    card.focus()
    yield card


@pytest.fixture
def busy(card: Card) -> Iterator[Callable[[], bool]]:
    """A page that has no time for what it puts off, until asked to: whether there was anything."""
    card.page.evaluate(KEEP_BUSY)
    yield lambda: bool(card.page.evaluate(LET_IDLE))
    card.page.evaluate(LEAVE_ALONE)


def test_a_text_of_100_kb_is_opened_whole_and_searched_with_the_browsers_own_search(card: Card) -> None:
    letter = card.item.locator(".hitl-field").filter(has=card.page.locator("dt", has_text="letter"))
    expect(letter).to_contain_text("The first 20,000 characters")
    assert not card.page.evaluate("() => window.find('the needle')")
    card.wait_until_laid_out()
    letter.get_by_role("button", name="Show all").click()
    whole = letter.get_by_role("group", name="letter")
    expect(whole).to_contain_text("the needle")
    card.root.focus()
    assert card.page.evaluate("() => window.find('the needle')")
    assert (
        whole.evaluate("(part) => part.contains(getSelection().anchorNode) && getSelection().toString()")
        == "the needle"
    )
    # The browser's own search is had by its own keys: JupyterLab does not take them from the card.
    card.focus()
    card.page.keyboard.press("Control+f")
    card.wait_for_paint()
    expect(card.page.locator(".jp-DocumentSearch-overlay:visible")).to_have_count(0)


def test_an_item_begins_at_its_top_and_stays_where_it_is_scrolled_to(card: Card, busy: Callable[[], bool]) -> None:
    card.item.evaluate(NOTE_FIRST_FRAME)
    card.item.evaluate("(item) => item.scrollTo(0, 200)")
    card.wait_for_paint()
    card.press("a")
    expect(card.item).to_have_attribute("data-began", "0")
    card.item.evaluate("(item) => item.scrollTo(0, 150)")
    assert busy()
    card.wait_for_paint()
    assert card.item.evaluate("(item) => item.scrollTop") == 150


def test_the_end_of_a_long_text_is_where_one_scrolls_to(card: Card, busy: Callable[[], bool]) -> None:
    card.press("a")
    end = card.button("Show all 121,400 characters")
    assert end.evaluate(MOVED_AFTER_SCROLL) > 100  # the control: what was scrolled to had not been laid out yet
    card.press("a")
    while busy():
        card.wait_for_paint()
    card.wait_until_laid_out()
    assert end.evaluate(MOVED_AFTER_SCROLL) == 0


def test_a_row_of_300_columns_is_opened_and_searched_by_name_without_deciding_anything(card: Card) -> None:
    row = card.item.get_by_role("group", name="row", exact=True)
    expect(row.get_by_role("row")).to_have_count(20)
    card.button("Show and search all 300 rows").click()
    expect(row.get_by_role("row")).to_have_count(300)
    card.root.get_by_role("textbox", name="Search in row").focus()
    card.page.keyboard.type("feature 123")
    expect(row.get_by_role("row")).to_have_count(1)
    expect(row).to_contain_text("17.57")
    card.page.keyboard.press("Escape")
    assert card.item_id == "t0"
    card.press("a")
    assert card.item_id == "t1"
    expect(card.item.get_by_role("group", name="row", exact=True).get_by_role("row")).to_have_count(20)


def test_a_long_message_of_a_chat_is_opened_by_itself(notebook: NotebookPage) -> None:
    notebook.run_new(LONG_CHAT)
    card = Card(notebook)
    card.wait_for_item("t0")
    messages = card.item.get_by_role("listitem")
    card.wait_until_laid_out()
    messages.nth(1).get_by_role("button", name="Show all").click()
    expect(messages.nth(1)).to_contain_text("the end of y")
    expect(messages.nth(0)).not_to_contain_text("the end of x")


def test_a_text_of_100_kb_under_an_explainer_is_cut_with_its_marks_and_opened_marked(notebook: NotebookPage) -> None:
    notebook.run_new(LONG_TEXT_EXPLAINED)
    card = Card(notebook)
    card.wait_for_item("t0")
    marked = card.item.locator(".hitl-tokens")
    expect(marked).to_have_count(1)
    expect(marked.locator("[data-token]").first).to_have_text("refund")
    expect(card.item).to_contain_text("The first 20,000 characters.")
    expect(marked).not_to_contain_text("The card is lost.")
    shown = card.item.locator(".hitl-field")
    expect(shown).to_have_count(1)  # the text is not there a second time
    card.wait_until_laid_out()
    card.item.get_by_role("button", name="Show all").click()
    whole = card.item.get_by_role("group", name="letter", exact=True)
    expect(whole).to_contain_text("The card is lost.")
    assert whole.evaluate("(part) => part.scrollHeight > 10 * part.clientHeight && part.clientHeight <= 320")
    assert set(marked.locator("[data-token]").all_text_contents()) == {"refund", "the", "is", "card", "lost"}
    expect(card.item.locator(".hitl-legend")).to_contain_text("the words that are not marked together")
    assert card.item.locator(".hitl-for-5").all_text_contents() == ["refund", "refund"]
    # The keys go from word to word, and each is brought into sight.
    marked.focus()
    card.page.keyboard.press("End")
    last = marked.locator(".hitl-pointed-at")
    expect(last).to_have_text("lost")
    expect(last).to_be_in_viewport()
    card.focus()
    card.press("a")
    assert card.item_id == "t1"
    expect(card.item).to_contain_text("The first 20,000 characters.")


def test_a_long_cell_and_all_features_are_opened_where_they_are(notebook: NotebookPage) -> None:
    notebook.run_new(LONG_CELL)
    card = Card(notebook)
    card.wait_for_item("t0")
    rows = card.item.get_by_role("group", name="orders", exact=True).get_by_role("row")
    expect(rows.nth(2)).not_to_contain_text("the end of 1")
    card.wait_until_laid_out()
    rows.nth(2).get_by_role("button", name="Show all").click()
    expect(rows.nth(2)).to_contain_text("the end of 1")
    expect(rows.nth(1)).not_to_contain_text("the end of 0")
    card.button("Show and search all 300").click()
    card.root.get_by_role("textbox", name="Search in why").focus()
    card.page.keyboard.type("feature 123")
    features = card.item.get_by_role("table", name="why").locator("tbody tr")
    expect(features).to_have_count(1)
    expect(features).to_contain_text("+23")
    card.page.keyboard.press("Escape")
    card.focus()
    assert card.item_id == "t0"
