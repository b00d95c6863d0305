"""A review on every kernel that is supported, and what becomes of it when the kernel is restarted."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.card import Card
from tests.browser.lab import Lab
from tests.browser.notebook_page import Host, NotebookPage
from tests.browser.tickets import events, review_of_tickets, stored


@pytest.mark.parametrize(("kernel", "host"), [("python7", "lab"), ("python6", "lab"), ("python7", "notebook")])
def test_after_a_restart_the_cell_run_again_goes_on_where_the_review_stood(
    kernel: str, host: Host, lab: Lab, open_notebook: Callable[..., NotebookPage], tmp_path: Path
) -> None:
    store = tmp_path / "reviews.db"
    notebook = open_notebook(lab.write_notebook(f"restart-{kernel}-{host}.ipynb", kernel=kernel), host)
    assert notebook.printed("import ipykernel; print(ipykernel.__version__)").startswith(kernel[-1])
    cell = notebook.run_new(review_of_tickets(store))
    card = Card(notebook)
    card.wait_for_item("t0")
    card.focus()
    card.press("a", "1")
    card.flag("two tickets in one")
    card.press("a")
    card.page.keyboard.press("u")
    card.wait_for_item("t3")
    card.wait_until_saved()
    notebook.restart_kernel()
    expect(card.root.get_by_role("alert")).to_contain_text("Disconnected")
    card.focus()
    card.page.keyboard.press("a")  # there is no one to take it
    card.wait_for_paint()
    assert card.item_id == "t3"
    notebook.run(cell)
    card.wait_for_item("t3")
    card.focus()
    card.press("2")
    card.wait_until_saved()
    assert stored(store) == {
        "t0": ("accept", "bug"),
        "t1": ("correct", "bug"),
        "t2": ("flag", None),
        "t3": ("correct", "wish"),
    }
    assert events(store) == ["t0", "t1", "t2", "t3", "t3"]
    assert notebook.crashes == []
    assert notebook.elsewhere == []
