"""Reviewing goes on while a cell runs, with every kernel and setting: nothing is lost, nothing lands elsewhere."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.busy_cell import busy_cell
from tests.browser.card import Card
from tests.browser.lab import Lab
from tests.browser.notebook_page import NotebookPage
from tests.browser.tickets import events, predicted, review_of_tickets, stored

HOSTS = [
    pytest.param("python7", True, id="ipykernel 7"),
    pytest.param("python7", False, id="ipykernel 7, comms over subshells off"),
    pytest.param("python6", True, id="ipykernel 6"),
]


@pytest.mark.parametrize(("kernel", "subshells"), HOSTS)
def test_keys_go_on_while_a_cell_runs_and_each_decides_the_item_on_the_screen(
    kernel: str, subshells: bool, lab: Lab, open_notebook: Callable[[str], NotebookPage], tmp_path: Path
) -> None:
    lab.use_subshells(subshells)
    notebook = open_notebook(lab.write_notebook(f"busy-{kernel}-{subshells}.ipynb", kernel=kernel))
    lab.use_subshells(True)
    assert notebook.printed("import ipykernel; print(ipykernel.__version__)").startswith(kernel[-1])
    store = tmp_path / "reviews.db"
    notebook.run_new(review_of_tickets(store, items=300))
    card = Card(notebook)
    card.wait_for_item("t0")
    with busy_cell(notebook, tmp_path / "stop"):
        card.focus()
        card.press(*"a1a2a3a1a2" * 4)
        card.page.keyboard.press("u")
        card.wait_for_item("t39")
        card.press("3")
        if not subshells or kernel == "python6":  # nothing can have been answered
            expect(card.root).to_have_attribute("data-saved", "false")
            assert events(store) == []
    card.wait_until_saved()
    keys = "a1a2a3a1a2" * 3 + "a1a2a3a1a3"
    labels = {"1": "bug", "2": "wish", "3": "question"}
    said = {f"t{n}": labels.get(key, predicted(f"t{n}")) for n, key in enumerate(keys)}
    assert {item: value for item, (_, value) in stored(store).items()} == said
    assert events(store) == [*said, "t39"]  # in order, once each, and the one that was undone again
    assert events(store, "undo") == ["t39"]


def test_the_card_says_that_a_cell_is_running_and_that_one_can_go_on(
    lab: Lab, open_notebook: Callable[[str], NotebookPage], tmp_path: Path
) -> None:
    lab.use_subshells(False)
    notebook = open_notebook(lab.write_notebook("busy-note.ipynb"))
    lab.use_subshells(True)
    notebook.run_new(review_of_tickets(tmp_path / "reviews.db"))
    card = Card(notebook)
    card.wait_for_item("t0")
    with busy_cell(notebook, tmp_path / "stop"):
        card.focus()
        card.press("a", "a")
        expect(card.root.get_by_text("A cell is running.")).to_be_visible()
        expect(card.root).to_contain_text("2 decisions")
    card.wait_until_saved()
    expect(card.root.get_by_text("A cell is running.")).to_be_hidden()
