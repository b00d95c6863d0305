"""Hostile text in every place that a text can come to: none of it runs, none of it asks the network."""

import json
from collections.abc import Callable
from pathlib import Path

import nbformat
from playwright.sync_api import Page, expect

from tests.browser.card import Card
from tests.browser.lab import Lab
from tests.browser.notebook_page import NotebookPage

FIRE = "window.fired=(window.fired||0)+1"
HOSTILE = [
    f"<script>{FIRE}</script>",
    f"<img src=x onerror='{FIRE}'>",
    f'"><svg onload="{FIRE}"><!--',
    f"<iframe srcdoc='<script>parent.{FIRE}</script>'></iframe>",
    f"<details open ontoggle='{FIRE}'>x</details>",
    f"</textarea></title></style></script><img src=x onerror={FIRE}>",
    f"[click](javascript:{FIRE})",
    f"<math><mtext><table><mglyph><style><img src=x onerror={FIRE}></style></mglyph></table></mtext></math>",
    "![picture](http://attacker.example/beacon.png)",
    "<img src='http://attacker.example/beacon.png'>",
    "<link rel=stylesheet href='http://attacker.example/style.css'>",
    "<style>@import url(http://attacker.example/style.css);</style>",
    "<a data-commandlinker-command='notebook:delete-cell' href='#'>x</a>",
    "{{7*7}} ${alert(1)} <%= 1 %> `x` $$\\href{javascript:alert(1)}{x}$$",
    "a\u202eb\u2066c\u200bd\u0000e\ud800f",
    "__proto__",
]
REVIEW = """
import json
import hitl_notebook as hitl

hostile = json.loads({hostile!r})
printable = [text for text in hostile if text.isprintable()]
items = [
    {{
        "id": f"{{n}} {{text}}".replace("\\0", "").replace("\\ud800", ""),
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
DANGERS = (
    "script, iframe, object, embed, base, link, meta, svg [onload], math, [srcdoc], [data-commandlinker-command],"
    "[onerror], [onload], [onclick], [ontoggle], [href^='javascript' i], [href^='data' i], img[src^='http']"
)


def fired(page: Page) -> int:
    page.wait_for_timeout(300)  # what an error event or a frame would need
    return int(page.evaluate("() => window.fired ?? 0"))


def test_the_counter_notices_hostile_text_that_becomes_markup(notebook: NotebookPage) -> None:
    before = fired(notebook.page)
    notebook.page.evaluate(
        """(texts) => {
          const hole = document.createElement('div');
          document.body.append(hole);
          for (const text of texts) hole.innerHTML += text;
          setTimeout(() => hole.remove(), 200);
        }""",
        HOSTILE,
    )
    assert fired(notebook.page) > before
    assert any("attacker.example" in address for address in notebook.elsewhere)
    notebook.elsewhere.clear()


def see(card: Card) -> None:
    """Take in what is on the screen: nothing ran, nothing dangerous became an element."""
    card.wait_for_paint()
    assert card.root.locator(DANGERS).count() == 0


def test_hostile_text_runs_nowhere_and_is_read_as_text(notebook: NotebookPage, tmp_path: Path) -> None:
    before = fired(notebook.page)
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
        card.flag(text.replace("\0", "").replace("\ud800", ""))
    card.wait_for_the_end()
    see(card)
    card.button("History").click()
    expect(card.root.get_by_role("dialog", name="History")).to_contain_text(HOSTILE[0])
    see(card)
    card.page.keyboard.press("Escape")
    card.wait_until_saved()
    notebook.save()
    assert fired(notebook.page) == before


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
    expect(reader.page.locator(".jp-OutputArea").nth(view)).to_contain_text(HOSTILE[1])
    assert fired(reader.page) == 0
    assert reader.elsewhere == []
