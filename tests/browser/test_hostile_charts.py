"""Hostile text as labels, slices, reviewers and versions in the dashboard and charts: it is read, and does nothing."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from hitl_notebook.blank import is_blank
from tests.browser.chart import Chart
from tests.browser.notebook_page import NotebookPage
from tests.browser.scenes import wait_until_drawn
from tests.browser.tab import SOON
from tests.browser.trap import Trap, strangers
from tests.hostile.corpus import payloads

TEXTS = [payload.text for payload in payloads() if not is_blank(payload.text)]
PRINTABLE = [text for text in TEXTS if text.isprintable()]
ALTAIR_WITHIN = 60_000  # milliseconds, for its first import and a drawing of some hundred labels
STEPS = 40  # marks of a figure that keys come to
BEGIN = """
import json
import altair as alt
import numpy as np
import pandas as pd
import hitl_notebook as hitl

labels = list(dict.fromkeys(text.encode(errors="replace").decode() for text in json.loads({texts!r})))
printable = [text for text in labels if text.isprintable() and len(text) <= 256]
count = len(labels)
"""
REVIEW = """
items = [
    {"id": str(n), "text": "x", "said": label, "p": 0.5 + n % 50 / 100, printable[0]: label}
    for n, label in enumerate(labels)
]
session = hitl.ReviewSession(
    items, hitl.Classification(labels), item_id="id", prediction="said", confidence="p", show=["text"],
    slices=[printable[0]], plan=hitl.ReviewPlan(order="given"), reviewer=printable[1], name=printable[2],
    model_version=printable[3], store=":memory:",
)
for n in range(count * 2 // 3):
    session.correct(str(n), labels[n - 1]) if n % 3 == 0 else session.accept(str(n))
for n in range(count * 2 // 3, count):
    session.flag(str(n), labels[n])
for reviewer in printable[4::30]:
    for n in range(count // 2, count // 2 + 30):
        session.decide(str(n), "accept", reviewer=reviewer)
session.dashboard()
"""
LIVE = """
frame = pd.DataFrame({"label": labels, "n": np.arange(count) % 7 + 1})
clicked = alt.selection_point(name="selected", fields=["label"])
chart = alt.Chart(frame, title=printable[:4]).mark_bar().encode(
    x=alt.X("n", title=printable[4]), y=alt.Y("label", title=printable[5], axis=alt.Axis(labelLimit=0), sort=None),
    color=alt.Color("label", legend=alt.Legend(title=printable[6], symbolLimit=0, labelLimit=0)),
    tooltip=[alt.Tooltip("label", title=printable[7]), alt.Tooltip("n", title=printable[8])],
).add_params(clicked)
live = hitl.LiveChart(chart)
live
"""
COMPARED = """
compared = hitl.metrics.compare_predictions(
    labels, labels[1:] + labels[:1], labels, slices={printable[0]: labels}, names=(printable[1], printable[2])
)
hitl.LiveChart(hitl.charts.compare_versions(compared.table))
"""
# Vega keeps the panels of a chart in an object, by name: one who is called __proto__ hides the others.
REVIEWERS = """
reviewers = 3 * [label for label in labels if label != "__proto__"]
decisions = pd.DataFrame({"item_id": range(len(reviewers)), "reviewer": reviewers, "action": "accept"})
times = hitl.metrics.time_per_item(decisions.assign(seconds=decisions["item_id"] % 9 + 1.0))
hitl.LiveChart(hitl.charts.time_per_item(times))
"""

# What is written in a drawing and what is said of its marks.
READ = """(drawing) => [...drawing.querySelectorAll('text, [aria-label]')]
  .map((part) => `${part.ariaLabel}\\n${part.textContent}`).join('\\n')"""


@pytest.fixture
def trap(notebook: NotebookPage) -> Iterator[Trap]:
    trap = Trap(notebook.page, notebook.elsewhere)
    yield trap
    trap.close()


def begin(notebook: NotebookPage) -> None:
    notebook.page.set_viewport_size({"width": 1280, "height": 2200})
    notebook.run_new(BEGIN.format(texts=json.dumps(TEXTS)))


def go_through(mark: Locator, steps: int = STEPS) -> list[str]:
    """What is said of each mark that the arrow comes to, some selected on the way."""
    said = []
    mark.focus()
    for step in range(steps):
        said.append(mark.get_attribute("aria-label") or "")
        if step % 10 == 0:
            mark.page.keyboard.press("Enter")
        mark.page.keyboard.press("ArrowRight")
    return said


def test_no_text_acts_in_the_dashboard(notebook: NotebookPage, trap: Trap) -> None:
    begin(notebook)
    notebook.run_new(REVIEW)
    board = notebook.page.locator('[data-hitl="dashboard"]')
    board.locator("svg").first.wait_for(timeout=ALTAIR_WITHIN)
    expect(board.get_by_role("heading", name="Look at this")).to_be_visible(timeout=SOON)
    expect(board.get_by_role("listitem").first).to_contain_text(f"{PRINTABLE[1]} ")
    for tab in board.get_by_role("tab").all():
        tab.click()
        wait_until_drawn(board)
        if (marks := board.get_by_role("option")).count():
            go_through(marks.first)
        assert strangers(board) == []
        trap.assert_empty()


@pytest.mark.parametrize(
    ("source", "steps"),
    [(LIVE, len(TEXTS)), (COMPARED, STEPS), (REVIEWERS, STEPS)],
    ids=["of one's own", "of two versions", "of reviewers"],
)
def test_no_text_acts_in_a_chart_and_each_is_read(notebook: NotebookPage, trap: Trap, source: str, steps: int) -> None:
    begin(notebook)
    notebook.run_new(source)
    chart = Chart(notebook)
    chart.drawing.wait_for(timeout=ALTAIR_WITHIN)
    said = "\n".join(go_through(chart.mark, steps))
    if steps < len(TEXTS):
        said = chart.drawing.evaluate(READ)
    for text in PRINTABLE:
        if text.isascii() and not (source is REVIEWERS and text == "__proto__"):
            assert text in said
    assert strangers(chart.root) == []
    trap.assert_empty()


def test_what_a_text_would_bring_into_a_drawing_is_noticed(notebook: NotebookPage) -> None:
    begin(notebook)
    notebook.run_new(COMPARED)
    chart = Chart(notebook)
    chart.drawing.wait_for(timeout=ALTAIR_WITHIN)
    for markup in (
        "<script>1</script>",
        "<a href='#a'/>",
        "<image href='data:,'/>",
        "<g onclick='f()'/>",
        "<foreignObject/>",
        "<path fill='url(#a)'/>",
        "<g id='x'/>",
        "<style>*{}</style>",
    ):
        chart.drawing.evaluate("(svg, markup) => svg.insertAdjacentHTML('beforeend', markup)", markup)
        assert strangers(chart.root) != [], markup
        chart.drawing.evaluate("(svg) => svg.lastElementChild.remove()")
        assert strangers(chart.root) == []
