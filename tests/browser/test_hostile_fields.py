"""Every hostile text of the corpus, as the name and as the content of every kind of field, in a real page."""

import json
import re
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.card import Card
from tests.browser.notebook_page import NotebookPage
from tests.browser.tab import SOON
from tests.browser.trap import Trap, strangers
from tests.hostile.corpus import ELSEWHERE, payloads

PAYLOADS = payloads()
OF_MARKUP = {"scripts", "event handlers", "frames and documents", "requests", "svg and mathml"}
UNPROTECTED = "http://unprotected.example/"
ADDRESSED = re.compile(f"{ELSEWHERE}/(\\d+)")
# Each in a document of its own: once as its markup from the start, once as markup put into it.
PUT_IN = """(texts) => Promise.all(texts.flatMap((text) => [true, false].map((isWhole) => new Promise((resolve) => {
  const frame = document.createElement('iframe');
  if (isWhole) frame.srcdoc = text;
  frame.onload = () => {
    if (!isWhole && frame.contentDocument?.body) frame.contentDocument.body.innerHTML = text;
    resolve();
  };
  document.body.append(frame);
  setTimeout(resolve, 1000);
}))))"""
AT_ONCE = 70
PRESS = "(buttons, [first, last]) => { for (const button of buttons.slice(first, last)) button.click(); }"
# Scripts may run, in an origin of their own, as if the frames let them.
WIDENED = """(frame) => {
  frame.setAttribute('sandbox', 'allow-scripts');
  const within = frame.srcdoc.replaceAll('Content-Security-Policy', 'none');
  frame.srcdoc = within.replace('<iframe sandbox ', '<iframe sandbox=allow-scripts ');
}"""
WITHOUT_SANITISER = "html_field.sanitised = lambda html: html"
ONE_ITEM = """
import json
import numpy as np
import hitl_notebook as hitl
import hitl_notebook.fields.html as html_field

def name(text):
    return text.encode(errors="replace").decode()  # pandas knows no name with half of a surrogate pair

def cell_of_a_class_named(text):
    return type(name(text).replace("\\0", ""), (), {{"__str__": None}})()

texts = json.loads({texts!r})
row = {{name(text): {cell} for text in texts}}
{before}
fields = [{field}(name(text)) for text in texts]
session = hitl.ReviewSession(
    [row | {{"item id": "t0", "said by": "a", "rest": "x"}}], hitl.Classification(["a", "b"]), item_id="item id",
    prediction="said by", reviewer="ada", store=":memory:", {where}=fields, {rest}
)
session
"""


@pytest.fixture
def trap(notebook: NotebookPage) -> Iterator[Trap]:
    trap = Trap(notebook.page, notebook.elsewhere)
    yield trap
    trap.close()


def one_item(field: str, cell: str = "text", *, where: str = "show", before: str = "", only: str = "") -> str:
    """The source of a review of one item with a field for each text, named by it."""
    texts = json.dumps([payload.text for payload in PAYLOADS if only in payload.name])
    rest = "" if where == "show" else 'show=["rest"],'
    return ONE_ITEM.format(texts=texts, field=field, cell=cell, where=where, before=before, rest=rest)


def test_without_protection_most_texts_of_markup_act_and_are_noticed(context: BrowserContext) -> None:
    page = context.new_page()
    page.route(UNPROTECTED, lambda route: route.fulfill(body="<!doctype html><body>", content_type="text/html"))
    elsewhere: list[str] = []
    page.route(lambda url: ELSEWHERE in url, lambda route: (elsewhere.append(route.request.url), route.abort()))
    page.goto(UNPROTECTED)
    trap = Trap(page, elsewhere)
    for start in range(0, len(PAYLOADS), 100):
        page.evaluate(PUT_IN, [payload.text for payload in PAYLOADS[start : start + 100]])
    all_of = Counter(payload.group for payload in PAYLOADS)
    deadline = time.monotonic() + SOON / 1000  # hundreds of documents load one after another
    while True:
        fired, asked = trap.fired(), {int(number) for number in ADDRESSED.findall(" ".join(trap.asked()))}
        acted = Counter(payload.group for payload in PAYLOADS if payload.number in fired | asked)
        idle = {group for group in OF_MARKUP if acted[group] <= all_of[group] / 2}
        asking = {payload.group for payload in PAYLOADS if payload.number in asked}
        has_all = not idle and len(fired) >= len(PAYLOADS) / 4 and asking >= {"requests", "scripts"}
        if has_all or time.monotonic() > deadline:
            break
    found = set(page.locator("body").evaluate("(body) => [...body.children].map((child) => child.localName)"))
    page.close()
    assert has_all, (idle, len(fired), asking)
    assert found == {"iframe"}


def test_what_a_text_would_bring_into_the_card_is_noticed(notebook: NotebookPage) -> None:
    notebook.run_new(one_item("hitl.fields.Text", only="plain script"))
    card = Card(notebook)
    card.wait_for_item("t0")
    for html in (
        "<p id=x>",
        "<svg>",
        "<p class=jp-Button>",
        "<p class=hitl-saved>",
        "<p onclick=f()>",
        "<a href=data:,>",
    ):
        card.item.evaluate("(item, html) => { item.firstChild.insertAdjacentHTML('beforebegin', html); }", html)
        assert strangers(card.root) != [], html
        card.item.evaluate("(item) => item.firstChild.remove()")
        assert strangers(card.root) == []


@pytest.mark.parametrize("kind", ["Text", "Markdown", "Code", "HTML"])
def test_no_text_acts_in_a_field_of_text(notebook: NotebookPage, trap: Trap, kind: str) -> None:
    notebook.run_new(one_item(f"hitl.fields.{kind}"))
    card = Card(notebook)
    card.wait_for_item("t0")
    expect(card.item.locator("dt")).to_have_count(len(PAYLOADS))
    if kind == "Markdown":
        expect(card.item.locator(".hitl-markdown").first).to_be_visible()
    assert strangers(card.root) == []
    trap.assert_empty()


def test_every_text_can_be_read(notebook: NotebookPage, trap: Trap) -> None:
    notebook.run_new(one_item("hitl.fields.Text"))
    card = Card(notebook)
    card.wait_for_item("t0")
    read = card.item.locator(".hitl-text").all_text_contents()
    for payload in PAYLOADS:
        if payload.text.isprintable() and payload.text.isascii():
            assert payload.text in read


@pytest.mark.parametrize(
    ("field", "cell", "where"),
    [
        ("hitl.fields.Image", "np.eye(8)", "show"),
        ("hitl.fields.Image", "None if text.startswith('file:') else text", "show"),
        ("hitl.fields.Table", "{text: text}", "show"),
        ("hitl.fields.Table", "[{text: text}]", "show"),
        ("hitl.fields.Chat", "[{'role': text, 'content': text}]", "show"),
        ("hitl.fields.TokenWeights", "[(text, 0.5), ('b', -0.5)]", "explanation"),
        ("hitl.fields.Contributions", "{text: (0.5, text)}", "explanation"),
        ("hitl.fields.HeatMap", "np.eye(8)", "explanation"),
        ("hitl.fields.Similar", "[{'text': text, 'label': text, 'similarity': 0.5}]", "explanation"),
        ("hitl.fields.Similar", "[{'text': text, 'label': text, 'image': np.eye(8)}]", "explanation"),
        ("hitl.fields.Text", "cell_of_a_class_named(text)", "show"),
    ],
)
def test_no_text_acts_in_a_field_with_parts(
    notebook: NotebookPage, trap: Trap, field: str, cell: str, where: str
) -> None:
    notebook.run_new(one_item(field, cell, where=where))
    card = Card(notebook)
    card.wait_for_item("t0")
    expect(card.item.locator("dt")).to_have_count(len(PAYLOADS) + (where == "explanation"))
    if field.endswith("Chat"):
        expect(card.item.locator(".hitl-markdown").first).to_be_visible()
    assert strangers(card.root) == []
    trap.assert_empty()


@pytest.mark.parametrize("sanitiser", ["on", "off"])
def test_no_text_acts_where_it_is_rendered(notebook: NotebookPage, trap: Trap, sanitiser: str) -> None:
    notebook.run_new(one_item("hitl.fields.HTML", before=WITHOUT_SANITISER if sanitiser == "off" else ""))
    card = Card(notebook)
    card.wait_for_item("t0")
    for start in range(0, len(PAYLOADS), AT_ONCE):
        count = min(AT_ONCE, len(PAYLOADS) - start)
        card.item.get_by_role("button", name="Show it rendered").evaluate_all(PRESS, [start, start + count])
        expect(card.item.locator("iframe")).to_have_count(count)
        wait_for_frames(notebook, at_least=2 * count)
        assert strangers(card.root) == []
        trap.assert_empty()
        card.item.get_by_role("button", name="Hide it rendered").evaluate_all(PRESS, [0, count])
        wait_for_frames(notebook, at_most=0)


def test_a_link_in_a_rendered_page_leads_nowhere_even_if_not_sanitised(notebook: NotebookPage, trap: Trap) -> None:
    notebook.run_new(one_item("hitl.fields.HTML", before=WITHOUT_SANITISER, only="linked page in place"))
    card = Card(notebook)
    card.wait_for_item("t0")
    card.item.get_by_role("button", name="Show it rendered").click()
    frame = card.item.locator("iframe")
    expect(frame.content_frame.locator("iframe").content_frame.get_by_role("link", name="Accept")).to_be_visible()
    frame.click()
    notebook.page.wait_for_timeout(500)
    assert trap.asked() == []
    assert trap.fired() == set()


def test_a_script_is_noticed_in_a_sandbox_that_lets_it_run(notebook: NotebookPage, trap: Trap) -> None:
    (plain,) = (payload for payload in PAYLOADS if payload.name == "plain script")
    notebook.run_new(one_item("hitl.fields.HTML", before=WITHOUT_SANITISER, only=plain.name))
    card = Card(notebook)
    card.wait_for_item("t0")
    card.item.get_by_role("button", name="Show it rendered").click()
    wait_for_frames(notebook, at_least=2)
    trap.assert_empty()
    card.item.locator("iframe").evaluate(WIDENED)
    notebook.page.wait_for_function("() => window.fired.length > 0")
    assert trap.fired() == {plain.number}
    assert "iframe without its sandbox" in strangers(card.root)


def test_a_window_that_a_text_opens_is_noticed(notebook: NotebookPage, trap: Trap) -> None:
    with notebook.page.context.expect_page() as opened:
        notebook.page.evaluate("() => { window.open('about:blank'); }")
    assert trap.went == ["a window of its own: about:blank"]
    opened.value.close()


def wait_for_frames(notebook: NotebookPage, *, at_least: int = 0, at_most: int = 1_000) -> None:
    """Until the page has made, or left, the frames within it."""
    for _ in range(200):
        if at_least <= len(notebook.page.frames) - 1 <= at_most:
            return
        notebook.page.wait_for_timeout(100)
    raise AssertionError(f"there are {len(notebook.page.frames) - 1} frames")
