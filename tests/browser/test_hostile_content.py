"""Hostile text in every place that a text can come to: none of it runs, none of it asks the network."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter
from playwright.sync_api import BrowserContext, expect

from tests.browser.card import Card
from tests.browser.lab import Lab
from tests.browser.notebook_page import NotebookPage
from tests.browser.tab import Tab
from tests.browser.trap import Trap, strangers
from tests.hostile.corpus import payloads

HOSTILE = [payload.text for payload in payloads() if payload.text.strip()]
PRINTABLE = [text for text in HOSTILE if text.isprintable()]
TYPED_AT = 9  # by hand comes what is in every ninth text, and on its item every form is opened
REVIEW = """
import json
import hitl_notebook as hitl
from hitl_notebook.blank import is_blank

hostile = json.loads({hostile!r})
printable = [text for text in hostile if text.isprintable()]
labels = list(dict.fromkeys(text.encode(errors="replace").decode() for text in hostile if not is_blank(text)))
items = [
    {{
        "id": f"{{n}} {{text}}".replace("\\0", "").encode(errors="ignore").decode(),
        "text": text, "markdown": text, "code": text, "row": {{text: text}}, "rows": [{{text: text}}],
        "chat": [{{"role": text, "content": text}}], printable[0]: text, "said": labels[n % len(labels)],
        "tokens": [[text, 0.5], ["b", -0.5]], "features": {{text: 0.5, "other": -1}}, "rationale": text,
        "similar": [{{"text": text, "label": text, "similarity": 0.5}}],
    }}
    for n, text in enumerate(hostile)
]
session = hitl.ReviewSession(
    items, hitl.Classification(labels), item_id="id", prediction="said",
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
NEXT_VERSION = """
again = [item | {"said": labels[(n + 1) % len(labels)]} for n, item in enumerate(items)]
session.update_predictions(again, model_version=printable[3], ask="all")
"""
SETS = """
import json
import hitl_notebook as hitl
from hitl_notebook.blank import is_blank

hostile = [text for text in json.loads({hostile!r}) if not is_blank(text)]
labels = list(dict.fromkeys(text.encode(errors="replace").decode() for text in hostile))
session = hitl.ReviewSession(
    [{{"id": f"t{{n}}", "text": "x", "said": labels}} for n in range(2)], hitl.MultiLabel(labels), item_id="id",
    prediction="said", show=["text"], plan=hitl.ReviewPlan(order="given", reveal="after"), reviewer="ada",
    store=":memory:",
)
session
"""
# Ticks every label there is, as they are scrolled through; their number.
TICK_ALL = """async (list) => {
  const ticked = new Set();
  for (let top = 0; top <= list.scrollHeight; top += list.clientHeight) {
    list.scrollTop = top;
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    for (const option of list.querySelectorAll('[role=option][aria-selected=false]')) {
      ticked.add(option.textContent);
      option.click();
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
  return ticked.size;
}"""


@pytest.fixture
def trap(notebook: NotebookPage) -> Iterator[Trap]:
    trap = Trap(notebook.page, notebook.elsewhere)
    yield trap
    trap.close()


def see(card: Card) -> None:
    """Take in what is on the screen: nothing that came with a text became an element."""
    assert strangers(card.root) == []


def press(card: Card, *keys: str) -> None:
    """Keys on what is painted that leave the item where it is, and what each brings."""
    for key in keys:
        card.wait_for_paint()
        card.page.keyboard.press(key)
        card.wait_for_paint()
        see(card)


def test_every_text_runs_nowhere_on_an_item_of_its_own_and_in_every_form(
    notebook: NotebookPage, trap: Trap, tmp_path: Path
) -> None:
    source = REVIEW.format(hostile=json.dumps(HOSTILE), store=str(tmp_path / "reviews.db"))
    notebook.run_new(source.removesuffix("session\n") + NEXT_VERSION + "session")
    card = Card(notebook)
    card.item.wait_for()
    expect(card.root.get_by_role("region", name="Prediction").get_by_role("definition")).to_have_count(2)
    card.focus()
    for n, text in enumerate(HOSTILE):
        assert (card.item_id or "").startswith(f"{n} ")
        see(card)
        if n % TYPED_AT:
            card.press("a")
            continue
        press(card, "?", "Escape", "/")
        card.page.keyboard.type(text[:3])
        press(card, "Escape", "Escape", "m")
        card.page.keyboard.insert_text(without_controls(text))
        press(card, "Escape")
        card.flag(without_controls(text))
    card.wait_for_the_end()
    see(card)
    card.button("History").click()
    history = card.root.get_by_role("dialog", name="History")
    for _ in range(len(HOSTILE) // 100):
        card.button("Show earlier items").click()
        card.wait_for_paint()
    expect(history.get_by_role("listitem")).to_have_count(len(HOSTILE))
    see(card)
    press(card, "Escape")
    card.wait_until_saved()
    notebook.save()
    press(card, *["ArrowLeft"] * 5)
    trap.assert_empty()


def test_every_text_runs_nowhere_in_the_kernels_own_words(notebook: NotebookPage, trap: Trap, tmp_path: Path) -> None:
    notebook.run_new(REVIEW.format(hostile=json.dumps(HOSTILE), store=":memory:"))
    card = Card(notebook)
    card.item.wait_for()
    notebook.run_new("""
import time
for text in labels:
    session.widget.problem = {"message": text, "remedy": text}
    time.sleep(0.01)
session.widget.problem = {"message": " ".join(labels), "remedy": " ".join(labels)}
""")
    expect(card.root.get_by_role("alert")).to_contain_text(PRINTABLE[0])
    see(card)
    notebook.run_new("""
session.widget.problem = None
for item, text in zip(items[1:], hostile[1:]):
    session.decide(item["id"], "flag", reason=text, comment=text)
""")
    card.focus()
    card.press("a")
    card.wait_for_the_end()
    notebook.run_new("""
figure = {"value": None, "low": None, "high": None, "level": 0.95, "n": 0, "method": hostile[0], "note": printable[0]}
session.widget.summary = {"accuracy": figure, "changed": 0, "next_steps": printable}
""")
    expect(card.root.get_by_role("region", name="Summary")).to_contain_text(PRINTABLE[-1])
    see(card)
    card.button("History").click()
    card.wait_for_paint()
    for _ in range(len(HOSTILE) // 100):
        card.button("Show earlier items").click()
        card.wait_for_paint()
    see(card)
    trap.assert_empty()


def test_every_text_runs_nowhere_as_a_label_of_a_set_nor_in_a_first_answer(notebook: NotebookPage, trap: Trap) -> None:
    notebook.run_new(SETS.format(hostile=json.dumps(HOSTILE)))
    card = Card(notebook)
    card.wait_for_item("t0")
    card.focus()
    press(card, "/")
    ticked = card.root.get_by_role("listbox", name="Labels").evaluate(TICK_ALL)
    assert ticked > len(PRINTABLE)
    see(card)
    press(card, "Enter")
    note = card.root.get_by_role("note", name="Your first answer")
    expect(note).to_contain_text("The model says the same.")
    card.press("Enter")
    card.wait_for_item("t1")
    press(card, "/")
    card.root.get_by_role("listbox", name="Labels").evaluate(TICK_ALL)
    card.root.get_by_role("option", selected=True).last.click()  # all but one
    press(card, "Enter")
    expect(note).to_contain_text(f"You said {PRINTABLE[0]}")
    expect(card.root.get_by_role("region", name="Prediction").get_by_role("listitem")).to_have_count(ticked)
    trap.assert_empty()


@pytest.mark.parametrize("unit", [text for text in PRINTABLE if len(text) <= 50][::40])
def test_a_unit_runs_nowhere(notebook: NotebookPage, trap: Trap, unit: str) -> None:
    notebook.run_new(f"""
import hitl_notebook as hitl
hitl.ReviewSession([{{"id": "t0", "text": "x", "said": 5.0}}], hitl.Regression({unit!r}, maximum=9), item_id="id",
    prediction="said", show=["text"], reviewer="ada", store=":memory:")
""")
    card = Card(notebook)
    card.wait_for_item("t0")
    expect(card.root.get_by_role("region", name="Prediction")).to_contain_text(f"5 {unit.strip()}")
    card.focus()
    press(card, "9", "9")
    trap.assert_empty()


def without_controls(text: str) -> str:
    """What a person could type."""
    return "".join(character for character in text if character >= " " and not "\ud800" <= character <= "\udfff")


def test_no_text_acts_in_a_notebook_that_someone_else_opens_nor_in_the_page_made_of_it(
    lab: Lab, context: BrowserContext, open_notebook: Callable[[str], NotebookPage], tmp_path: Path
) -> None:
    written, read = lab.root / lab.write_notebook("hostile.ipynb"), lab.root / "hostile-read.ipynb"
    writer = open_notebook(written.name)
    view = writer.run_new(REVIEW.format(hostile=json.dumps(HOSTILE), store=str(tmp_path / "reviews.db")))
    writer.run_new("for item, label in zip(items, labels[1:]): session.correct(item['id'], label)")
    writer.run_new("session.dashboard()")
    kept = writer.page.locator(".hitl-kept-dashboard")
    writer.page.locator('[data-hitl="dashboard"]').scroll_into_view_if_needed()
    kept.locator("img").first.wait_for(state="attached", timeout=60_000)
    writer.save()
    notebook = nbformat.read(written, as_version=4)
    notebook.cells.append(nbformat.v4.new_markdown_cell("This server never ran it."))
    nbformat.write(notebook, read)
    reader = open_notebook(read.name)
    expect(reader.page.locator(".jp-OutputArea").nth(view)).to_contain_text(PRINTABLE[1])
    trap = Trap(reader.page, reader.elsewhere)
    trap.assert_empty()
    trap.close()
    assert reader.crashes == []

    page = Tab(context)
    made, _ = HTMLExporter().from_filename(str(written))
    (lab.root / "hostile.html").write_text(made)
    page.page.goto(f"{lab.url}/files/hostile.html")
    expect(page.page.locator(".hitl-kept-dashboard")).to_contain_text("What is taken for what?")
    trap = Trap(page.page, page.elsewhere)
    trap.assert_empty()
    trap.close()
    assert page.crashes == []
    page.close()
