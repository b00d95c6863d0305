"""Thousands of decisions made elsewhere while a card is open: the server drops nothing, and the card goes on."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.card import Card
from tests.browser.notebook_page import NotebookPage
from tests.browser.tickets import review_of_tickets, stored

MANY = 4_500  # more than a server lets through in three seconds, one by one


def test_an_import_and_a_loop_of_thousands_reach_the_card(notebook: NotebookPage, tmp_path: Path) -> None:
    store = tmp_path / "r.db"
    notebook.run_new(review_of_tickets(store, items=MANY + 2_010))
    card = Card(notebook)
    card.wait_for_item("t0")
    card.focus()
    card.press("2")
    card.wait_until_saved()
    notebook.run_new(
        f"session.import_decisions([{{'item_id': f't{{n}}', 'action': 'accept'}} for n in range(1, {MANY})])"
    )
    card.wait_for_item(f"t{MANY}")
    expect(card.root).to_contain_text(f"{MANY:,} of {MANY + 2_010:,}")
    card.focus()
    card.press("1")
    notebook.run_new(f"for n in range({MANY} + 1, {MANY} + 2_000): session.accept(f't{{n}}')", within=240_000)
    card.wait_for_item(f"t{MANY + 2_000}")
    card.focus()
    card.press("3", "a")
    card.page.keyboard.press("u")
    card.wait_for_item(f"t{MANY + 2_001}")
    card.wait_until_saved()
    expect(card.root).to_contain_text(f"{MANY + 2_001:,} of {MANY + 2_010:,}")
    expect(notebook.page.locator(".jp-OutputArea").filter(has_text="rate exceeded")).to_have_count(0)
    standing = stored(store)
    assert len(standing) == MANY + 2_001
    assert standing["t0"] == ("correct", "wish")
    assert standing["t1"] == ("accept", "wish")
