"""Labels by the dozen and by the thousand are searched as one types."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.card import Card
from tests.browser.notebook_page import NotebookPage
from tests.browser.tickets import stored


def review_with_labels(store: Path, count: int) -> str:
    return f"""
import hitl_notebook as hitl
labels = [f"topic {{n:04}}" for n in range({count})]
items = [{{"ticket": f"t{{n}}", "text": f"Ticket {{n}}", "said": labels[n]}} for n in range(20)]
session = hitl.ReviewSession(
    items, hitl.Classification(labels), item_id="ticket", prediction="said", show=["text"],
    plan=hitl.ReviewPlan(order="given"), reviewer="ada", store={str(store)!r}, name="tickets",
)
session
"""


@pytest.mark.parametrize("count", [77, 5_000])
def test_a_label_is_found_by_typing_a_part_of_it(notebook: NotebookPage, tmp_path: Path, count: int) -> None:
    store = tmp_path / "reviews.db"
    notebook.run_new(review_with_labels(store, count))
    card = Card(notebook)
    card.wait_for_item("t0")
    card.focus()
    card.page.keyboard.press("/")
    search = card.root.get_by_role("combobox", name="Search labels")
    expect(search).to_be_focused()
    wanted = f"topic {count - 1:04}"
    card.page.keyboard.type(wanted[-4:])
    expect(card.root.get_by_role("option", name=wanted)).to_have_attribute("aria-selected", "true")
    assert card.root.get_by_role("option").count() < 50
    card.press("Enter")
    card.wait_for_item("t1")
    card.press("a")
    card.wait_until_saved()
    assert stored(store) == {"t0": ("correct", wanted), "t1": ("accept", "topic 0001")}


def test_typing_among_five_thousand_labels_keeps_up(notebook: NotebookPage, tmp_path: Path) -> None:
    notebook.run_new(review_with_labels(tmp_path / "reviews.db", 5_000))
    card = Card(notebook)
    card.wait_for_item("t0")
    card.focus()
    card.page.keyboard.press("/")
    search = card.root.get_by_role("combobox", name="Search labels")
    expect(search).to_be_focused()
    seen = search.evaluate("""async (input) => {
      const seen = [];
      for (const typed of ["4", "49", "499", "4999", "499", "49", "4", ""]) {
        input.value = typed;
        input.dispatchEvent(new InputEvent("input", { bubbles: true }));
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        const found = [...input.closest('[data-hitl]').querySelectorAll('[role=option]')];
        seen.push([typed, found.length, found.every((option) => option.textContent.includes(typed))]);
      }
      return seen;
    }""")
    # In the frame after each: what is typed, in elements few enough for one.
    assert [typed for typed, _, matches in seen if not matches] == []
    assert max(count for _, count, _ in seen) < 50
    assert min(count for _, count, _ in seen) > 0
