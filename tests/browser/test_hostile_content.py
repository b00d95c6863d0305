"""Hostile text in every place that a text can come to: none of it runs, none of it asks the network."""

from playwright.sync_api import Page

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
import numpy as np
import hitl_notebook as hitl
hostile = json.loads({hostile!r})
clean = [text.replace("\\0", "").replace("\\ud800", "") for text in hostile]
items = [
    {{
        "id": f"{{n}} {{text}}", "text": text, "note": text, "code": text, "row": {{text: text}}, "chat": [
            {{"role": text, "content": text}}], text_column: text, "said": text,
        "tokens": [[text, 0.5], ["b", -0.5]], "features": {{text: 0.5, "other": -1}}, "rationale": text,
        "similar": [{{"text": text, "label": text, "similarity": 0.5}}],
    }}
    for n, text in enumerate(clean)
]
"""


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
