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


def test_a_notebook_that_someone_else_opens_shows_a_plain_summary(
    lab: Lab, open_notebook: Callable[[str], NotebookPage], tmp_path: Path
) -> None:
    written, read = lab.root / lab.write_notebook("written.ipynb"), lab.root / "read.ipynb"
    writer = open_notebook(written.name)
    writer.run_new(review_of_tickets(tmp_path / "reviews.db"))
    card = Card(writer)
    card.wait_for_item("t0")
    card.focus()
    card.press("a", "1")
    card.wait_until_saved()
    view = writer.run_new("session")
    Card(writer, 1).wait_for_item("t2")
    writer.save()

    notebook = nbformat.read(written, as_version=4)
    assert SHOWN not in str(notebook.cells[view].outputs)
    assert "widgets" not in notebook.metadata
    notebook.cells.append(nbformat.v4.new_markdown_cell("As it came by mail: this server never ran it."))
    nbformat.write(notebook, read)

    reader = open_notebook(read.name)
    output = reader.page.locator(".jp-OutputArea").nth(view)
    expect(output).to_contain_text("2 of 30 items had been reviewed")
    expect(output).not_to_contain_text("Error")
    expect(output.get_by_role("button")).to_have_count(0)
    assert reader.crashes == []

    markdown, _ = MarkdownExporter().from_filename(str(read))
    assert "2 of 30 items had been reviewed" in markdown
