"""No text makes the browser look up a host: a name alone can carry away what stands in a page."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.card import Card
from tests.browser.lab import Lab
from tests.browser.net_log import logged_window, looked_up
from tests.browser.notebook_page import NotebookPage
from tests.browser.test_hostile_fields import PRESS, WITHOUT_SANITISER, wait_for_frames
from tests.hostile.corpus import ELSEWHERE, payloads

ASKING = [payload.text for payload in payloads() if ELSEWHERE in payload.text]
AT_ONCE = 40
POINTED_AT = 6  # links; each takes as long as a browser waits before it looks up what is pointed at
DWELL = 500  # milliseconds
EVERY_KIND = """
import json
import hitl_notebook as hitl
import hitl_notebook.fields.html as html_field

{before}
kinds = [hitl.fields.{kinds}]
row = {{f"{{kind.__name__}} {{n}}": text for kind in kinds for n, text in enumerate(json.loads({texts!r}))}}
row |= {{name: [{{"role": "user", "content": text}}] for name, text in row.items() if name.startswith("Chat")}}
shown = [getattr(hitl.fields, name.split()[0])(name) for name in row]
hitl.ReviewSession(
    [row | {{"item id": "t0", "said by": "a"}}], hitl.Classification(["a", "b"]), item_id="item id",
    prediction="said by", show=shown, reviewer="ada", store=":memory:",
)
"""
# What the browser would look up in this page, were it there.
BAIT = """() => {
  const bait = document.body.appendChild(document.createElement('p'));
  bait.style = 'position: fixed; z-index: 9999; top: 0; left: 0';
  bait.innerHTML = '<a href=http://pointed-at.example>x</a><link rel=dns-prefetch href=//prefetched.example>' +
    '<link rel=preconnect href=//preconnected.example>';
}"""


def every_kind(*kinds: str, texts: list[str], before: str = "") -> str:
    """The source of a review of one item with a field of each kind for each text."""
    return EVERY_KIND.format(kinds=", hitl.fields.".join(kinds), texts=json.dumps(texts), before=before)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "net.json"


@pytest.fixture
def logged_notebook(chromium: Browser, lab: Lab, log: Path) -> Iterator[NotebookPage]:
    with logged_window(chromium, log) as window:
        notebook = NotebookPage(window, lab)
        notebook.open(lab.write_notebook("look ups.ipynb"))
        yield notebook
        if not notebook.page.is_closed():
            notebook.shut_kernel_down()


def wait_until_logged(page: Page, log: Path, *hosts: str) -> None:
    """Until these are in the log or had time enough to be: what is last in it is there once the window is closed."""
    for _ in range(100):
        written = log.read_text(errors="replace")
        if all(host in written for host in hosts):
            return
        page.wait_for_timeout(100)


def render(card: Card, notebook: NotebookPage, count: int, meanwhile: Callable[[], None] = lambda: None) -> None:
    """Show the rendered page of each HTML field, some at a time."""
    for start in range(0, count, AT_ONCE):
        some = min(AT_ONCE, count - start)
        card.item.get_by_role("button", name="Show it rendered").evaluate_all(PRESS, [start, start + some])
        wait_for_frames(notebook, at_least=2 * some)
        notebook.page.wait_for_timeout(DWELL)
        meanwhile()
        card.item.get_by_role("button", name="Hide it rendered").evaluate_all(PRESS, [0, some])
        wait_for_frames(notebook, at_most=0)


def test_no_text_makes_the_browser_look_up_a_host(logged_notebook: NotebookPage, log: Path) -> None:
    notebook, page = logged_notebook, logged_notebook.page
    notebook.run_new(every_kind("Text", "Markdown", "Code", "Chat", "HTML", texts=ASKING))
    card = Card(notebook)
    card.wait_for_item("t0")
    expect(card.item.locator("dt")).to_have_count(5 * len(ASKING))
    links = card.item.get_by_role("link")
    expect(links.first).to_be_visible()
    for link in links.all()[:POINTED_AT]:
        link.hover()
        page.wait_for_timeout(DWELL)
    render(card, notebook, len(ASKING))

    # The controls: all this is looked up where it is let.
    page.evaluate(BAIT)
    page.get_by_role("link", name="x", exact=True).last.hover()
    wait_until_logged(page, log, "pointed-at.example", "prefetched.example", "preconnected.example")
    notebook.clear()
    unsanitised = "<link rel=dns-prefetch href=//unsanitised.example>"
    notebook.run_new(every_kind("HTML", texts=[unsanitised], before=WITHOUT_SANITISER))
    card.wait_for_item("t0")
    render(card, notebook, 1, lambda: wait_until_logged(page, log, "unsanitised.example"))
    notebook.shut_kernel_down()
    page.context.close()
    hosts = looked_up(log)
    assert hosts >= {"pointed-at.example", "prefetched.example", "preconnected.example", "unsanitised.example"}
    assert {host for host in hosts if ELSEWHERE in host} == set()
