"""A notebook that was saved and is read elsewhere shows a summary, not a hole."""

from collections.abc import Callable
from pathlib import Path

import nbformat
from nbconvert import MarkdownExporter
from playwright.sync_api import expect

from tests.browser.card import Card
from tests.browser.lab import Lab
from tests.browser.notebook_page import NotebookPage
from tests.browser.tickets import review_of_tickets

SHOWN = "it does not print"


def test_a_notebook_opened_without_its_kernel_shows_a_plain_summary(
    lab: Lab, open_notebook: Callable[[str], NotebookPage], tmp_path: Path
) -> None:
    name = lab.write_notebook("saved.ipynb")
    writer = open_notebook(name)
    cell = writer.run_new(review_of_tickets(tmp_path / "reviews.db").replace("\nsession\n", "\n"))
    del cell
    card_cell = writer.run_new("session")
    card = Card(writer)
    card.wait_for_item("t0")
    card.focus()
    card.press("a", "1")
    card.wait_until_saved()
    writer.run(card_cell)
    card.wait_for_item("t2")
    writer.save()
    writer.shut_kernel_down()
    writer.close()

    saved = (lab.root / name).read_text()
    outputs = nbformat.reads(saved, as_version=4).cells[card_cell].outputs
    assert SHOWN not in str(outputs)
    assert "widgets" not in nbformat.reads(saved, as_version=4).metadata

    reader = open_notebook(name)
    output = reader.page.locator(".jp-OutputArea").last
    expect(output).to_contain_text("tickets")
    expect(output).to_contain_text("2 of 30")
    expect(output.locator('[data-hitl="review"]')).to_have_count(0)
    expect(output.get_by_role("button")).to_have_count(0)
    assert reader.crashes == []

    markdown, _ = MarkdownExporter().from_filename(str(lab.root / name))
    assert "2 of 30" in markdown
