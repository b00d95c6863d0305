"""A new version of the model under an open card: what both versions say stands side by side, and is decided by key."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.card import Card
from tests.browser.notebook_page import NotebookPage
from tests.browser.test_accessibility import findings, use_theme
from tests.browser.tickets import review_of_tickets, stored

# Of nine items, bug, wish, question in turn, the first version's bugs are wishes now.
UPDATE = """
session.update_predictions(tickets.assign(said=tickets["said"].replace("bug", "wish")), model_version="v2")
"""
NARROW, WIDE = 480, 1_900  # windows whose cells are some 360 and 1,600 pixels wide


def versions(card: Card) -> Locator:
    return card.root.get_by_role("region", name="Prediction").get_by_role("definition")


def are_side_by_side(card: Card) -> bool:
    before, now = (one.bounding_box() for one in versions(card).all())
    assert before is not None
    assert now is not None
    return before["y"] == now["y"] and before["x"] + before["width"] <= now["x"]


def is_cut(card: Card) -> bool:
    """Whether anything of the card lies beyond its edge."""
    return bool(card.root.evaluate("(root) => root.scrollWidth > root.clientWidth"))


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_the_item_on_the_screen_and_what_comes_next_show_both_versions_and_are_decided_by_key(
    notebook: NotebookPage, tmp_path: Path, theme: str
) -> None:
    store = tmp_path / "reviews.db"
    notebook.run_new(review_of_tickets(store, items=9, options="model_version='v1',"))
    card = Card(notebook)
    card.wait_for_item("t0")
    expect(versions(card)).to_have_count(0)
    notebook.run_new(UPDATE)
    expect(versions(card)).to_have_text(["bug", "wish"])
    expect(card.root.get_by_role("region", name="Prediction").get_by_role("term")).to_have_text(["v1 said", "v2 says"])
    expect(card.root.get_by_role("status").first).to_contain_text("Item t0: v1 said bug, v2 says wish, 50% sure.")
    use_theme(notebook, theme)
    try:
        for width in (NARROW, WIDE, 1_280):
            notebook.page.set_viewport_size({"width": width, "height": 900})
            card.wait_for_paint()
            assert findings(card.root) == []
            assert are_side_by_side(card)
            assert not is_cut(card)
    finally:
        use_theme(notebook, "JupyterLab Light")
    card.focus()
    card.press("a", "1")
    assert card.item_id in ("t3", "t6")
    card.page.keyboard.press("ArrowLeft")
    expect(card.root.get_by_role("note")).to_contain_text("An earlier item: Corrected to bug")
    expect(versions(card)).to_have_text(["bug", "wish"])
    card.page.keyboard.press("Escape")
    card.wait_for_paint()
    card.press("a")
    card.wait_for_the_end()
    card.wait_until_saved()
    decided = stored(store)
    assert decided["t0"] == ("accept", "wish")
    assert sorted(decided.values()) == [("accept", "wish"), ("accept", "wish"), ("correct", "bug")]
    assert set(decided) == {"t0", "t3", "t6"}


def test_hostile_names_and_predictions_of_both_versions_are_read_as_text(notebook: NotebookPage) -> None:
    fire = "<img src=x onerror='window.acted=true'>"
    notebook.run_new(f"""
import hitl_notebook as hitl
fire = {fire!r}
items = [{{"id": "t0", "text": "a ticket", "said": fire + " then"}}]
session = hitl.ReviewSession(
    items, hitl.Classification([fire + " then", fire + " now " + "long " * 40]), item_id="id", prediction="said",
    show=["text"], reviewer="ada", store=":memory:", model_version=fire * 3,
)
session
""")
    card = Card(notebook)
    card.wait_for_item("t0")
    notebook.run_new("session.update_predictions([items[0] | {'said': session.task.labels[1]}], model_version=fire)")
    expect(versions(card)).to_have_count(2)
    expect(versions(card).first).to_have_text(f"{fire} then")
    expect(card.root.get_by_role("term").last).to_contain_text(fire)
    assert card.root.locator("img").count() == 0
    assert notebook.page.evaluate("() => window.acted") is None
    assert not is_cut(card)
