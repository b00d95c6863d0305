"""Hostile text in every place that a text can come to: none of it runs, none of it asks the network."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.card import Card
from tests.browser.lab import Lab
from tests.browser.notebook_page import NotebookPage
from tests.browser.trap import Trap, strangers
from tests.hostile.corpus import payloads

# One in nine: as many items as a person would go through; test_hostile_fields.py has them all.
HOSTILE = [payload.text for payload in payloads()[::9] if payload.text.strip()]
PRINTABLE = [text for text in HOSTILE if text.isprintable()]
REVIEW = """
import json
import hitl_notebook as hitl

hostile = json.loads({hostile!r})
printable = [text for text in hostile if text.isprintable()]
items = [
    {{
        "id": f"{{n}} {{text}}".replace("\\0", "").encode(errors="ignore").decode(),
        "text": text, "markdown": text, "code": text, "row": {{text: text}}, "rows": [{{text: text}}],
        "chat": [{{"role": text, "content": text}}], printable[0]: text, "said": printable[n % len(printable)],
        "tokens": [[text, 0.5], ["b", -0.5]], "features": {{text: 0.5, "other": -1}}, "rationale": text,
        "similar": [{{"text": text, "label": text, "similarity": 0.5}}],
    }}
    for n, text in enumerate(hostile)
]
session = hitl.ReviewSession(
    items, hitl.Classification(printable), item_id="id", prediction="said",
    show=[
        "text", hitl.fields.Markdown("markdown"), hitl.fields.Code("code", language=printable[0]),
        "row", "rows", "chat", printable[0],
    ],
    explanation=["tokens", "features", "rationale", "similar"],
    plan=hitl.ReviewPlan(order="given"), reviewer=printable[0], name=printable[1], model_version=printable[2],
    guidelines="\\n\\n".join(hostile), store={store!r},
)
session
"""


@pytest.fixture
def trap(notebook: NotebookPage) -> Iterator[Trap]:
    trap = Trap(notebook.page, notebook.elsewhere)
    yield trap
    trap.close()


def see(card: Card) -> None:
    """Take in what is on the screen: nothing that came with a text became an element."""
    card.wait_for_paint()
    assert strangers(card.root) == []


def test_hostile_text_runs_nowhere_and_is_read_as_text(notebook: NotebookPage, trap: Trap, tmp_path: Path) -> None:
    store = tmp_path / "reviews.db"
    notebook.run_new(REVIEW.format(hostile=json.dumps(HOSTILE), store=str(store)))
    card = Card(notebook)
    card.item.wait_for()
    expect(card.item).to_contain_text(HOSTILE[0])
    card.focus()
    for n, text in enumerate(HOSTILE):
        assert (card.item_id or "").startswith(f"{n} ")
        see(card)
        card.page.keyboard.press("?")
        see(card)
        card.page.keyboard.press("Escape")
        card.page.keyboard.press("/")
        card.page.keyboard.type(text[:3])
        see(card)
        card.page.keyboard.press("Escape")
        card.page.keyboard.press("Escape")
        card.page.keyboard.press("m")
        card.page.keyboard.insert_text(without_controls(text))
        card.page.keyboard.press("Escape")
        card.flag(without_controls(text))
    card.wait_for_the_end()
    see(card)
    card.button("History").click()
    expect(card.root.get_by_role("dialog", name="History")).to_contain_text(HOSTILE[0])
    see(card)
    card.page.keyboard.press("Escape")
    card.wait_until_saved()
    notebook.save()
    for _ in range(5):
        card.page.keyboard.press("ArrowLeft")
        see(card)
    trap.assert_empty()


def test_hostile_text_in_the_kernels_own_words_runs_nowhere(notebook: NotebookPage, trap: Trap, tmp_path: Path) -> None:
    notebook.run_new(REVIEW.format(hostile=json.dumps(HOSTILE), store=str(tmp_path / "reviews.db")))
    card = Card(notebook)
    card.item.wait_for()
    notebook.run_new('session.widget.problem = {"message": " ".join(hostile), "remedy": " ".join(hostile)}')
    expect(card.root.get_by_role("alert")).to_contain_text(PRINTABLE[0])
    see(card)
    notebook.run_new("""
session.widget.problem = None
for item, text in zip(items[1:], hostile):
    session.flag(item["id"], text)
""")
    card.focus()
    card.press("a")
    card.wait_for_the_end()
    notebook.run_new("""
figure = {"value": None, "low": None, "high": None, "level": 0.95, "n": 0, "method": hostile[0], "note": printable[0]}
session.widget.summary = {"accuracy": figure, "changed": 0, "next_steps": printable}
""")
    expect(card.root.get_by_role("region", name="Summary")).to_contain_text(PRINTABLE[0])
    see(card)
    trap.assert_empty()


def without_controls(text: str) -> str:
    """What a person could type."""
    return "".join(character for character in text if character >= " " and not "\ud800" <= character <= "\udfff")


def test_hostile_names_do_nothing_in_a_notebook_that_someone_else_opens(
    lab: Lab, open_notebook: Callable[[str], NotebookPage], tmp_path: Path
) -> None:
    written, read = lab.root / lab.write_notebook("hostile.ipynb"), lab.root / "hostile-read.ipynb"
    writer = open_notebook(written.name)
    view = writer.run_new(REVIEW.format(hostile=json.dumps(HOSTILE), store=str(tmp_path / "reviews.db")))
    writer.save()
    notebook = nbformat.read(written, as_version=4)
    notebook.cells.append(nbformat.v4.new_markdown_cell("This server never ran it."))
    nbformat.write(notebook, read)
    reader = open_notebook(read.name)
    expect(reader.page.locator(".jp-OutputArea").nth(view)).to_contain_text(PRINTABLE[1])
    trap = Trap(reader.page, reader.elsewhere)
    trap.assert_empty()
    assert reader.crashes == []
