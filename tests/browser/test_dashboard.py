"""The dashboard beside a live card: it moves with every decision, and leads back to the items behind a mark."""

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Locator, expect

from tests.browser.card import Card
from tests.browser.hosts import in_lab_and_notebook
from tests.browser.lab import Lab
from tests.browser.notebook_page import NotebookPage
from tests.browser.scenes import wait_until_drawn
from tests.browser.tab import SOON, Tab
from tests.browser.test_accessibility import findings, use_theme
from tests.browser.test_assistive import tab_to
from tests.browser.tickets import review_of_tickets

# How many there are, once there are so many, or after half a minute: one that is to end ends after its figure.
THREADS = """
import threading, time
def alive():
    return sum(thread.name == 'hitl_notebook dashboard' for thread in threading.enumerate())
until = time.monotonic() + 30
while alive() != {wanted} and time.monotonic() < until:
    time.sleep(0.05)
print(alive())
"""


# Whether two dashboards have the same tab open and draw the same: marks, but for which of two is in front, and words.
DRAW_THE_SAME = """() => {
  const attributes = (mark) => ['d', 'transform', 'fill', 'stroke'].map((name) => mark.getAttribute(name)).join(' ');
  const drawn = (board) => [...board.querySelectorAll('[data-figure]')].map((figure) => {
    const svg = figure.querySelector('.hitl-place svg');
    return svg === null ? null : [
      [...svg.querySelectorAll('.role-mark > path')].map(attributes).sort(),
      [...svg.querySelectorAll('text')].map(({ textContent }) => textContent).sort(),
      svg.getAttribute('viewBox'),
    ];
  });
  const [one, other] = [...document.querySelectorAll('[data-hitl="dashboard"]')].map(drawn);
  const areThere = other.length > 0 && other.every((figure) => figure !== null);
  return areThere && JSON.stringify(one) === JSON.stringify(other);
}"""


# An alarm, as it is told when the one who looks for them has found it.
ALARM = """
board._worker._alarms.words = ["<b>ada</b> accepts more"]
board._worker._alarms.repeat()
"""

# A figure in other words than the kernel's.
SAY = """
board._tell({{"kind": "figure", "name": "confidence_by_verdict", "tab": "Calibration", "words": ["{words}"]}})
"""

# What a saved dashboard says, from top to bottom.
READ = """(kept) => [...kept.children]
  .map((part) => part.querySelector('img') === null ? part.textContent : 'a picture')"""


class Board:
    """One dashboard on the page."""

    def __init__(self, tab: Tab, cell: int = 0) -> None:
        self.cell = cell
        self.page = tab.page
        self.root: Locator = self.page.locator('[data-hitl="dashboard"]')
        self.kept = self.page.locator(".hitl-kept-dashboard")

    def figure(self, name: str) -> Locator:
        return self.root.locator(f'[data-figure="{name}"]')

    def open(self, tab: str, figure: str) -> Locator:
        """The figure of a tab, once it is drawn."""
        self.root.get_by_role("tab", name=tab).click()
        drawn = self.figure(figure)
        drawn.locator("svg").wait_for(timeout=SOON)
        return drawn


@pytest.fixture
def board(notebook: NotebookPage, tmp_path: Path) -> Board:
    notebook.page.set_viewport_size({"width": 1280, "height": 2200})  # what nobody sees is not computed
    notebook.run_new(review_of_tickets(tmp_path / "reviews.db").removesuffix("session\n"))
    notebook.run_new("for n in range(6): session.accept(f't{n}')\nsession.correct('t6', 'bug')\nsession")
    board = Board(notebook, notebook.run_new("board = session.dashboard()\nboard"))
    board.root.locator("svg").first.wait_for(timeout=SOON)
    return board


@in_lab_and_notebook
def test_it_moves_with_the_decisions_and_leads_back_to_the_items(
    notebook: NotebookPage, board: Board, tmp_path: Path
) -> None:
    by_verdict = board.open("Calibration", "confidence_by_verdict")
    expect(by_verdict).to_contain_text("Of 7 decisions")
    wait_until_drawn(board.root)
    assert findings(board.root) == []
    drawing = by_verdict.locator("svg")
    drawing.evaluate("(drawing) => { drawing.marked = true; }")

    card = Card(notebook)
    card.wait_for_item("t7")
    card.focus()
    card.press("a")
    expect(by_verdict).to_contain_text("Of 8 decisions", timeout=SOON)
    notebook.run_new("session.accept('t8')")
    expect(by_verdict).to_contain_text("Of 9 decisions", timeout=SOON)
    elsewhere: dict[str, Any] = {}
    source = review_of_tickets(tmp_path / "reviews.db").replace('reviewer="ada"', 'reviewer="bo"')
    exec(source, elsewhere)  # noqa: S102  # another process than the kernel's: that of the tests
    with elsewhere["session"] as session:
        session.accept("t29")
    expect(by_verdict).to_contain_text("Of 10 decisions", timeout=SOON)
    assert drawing.evaluate("(drawing) => drawing.marked"), "the drawing that was there is the one that is there"

    # By bins of the confidence: t0 with 0.5, t1 to t8, and t29 with 0.79, which bo alone has decided.
    reliability = board.figure("reliability")
    dots = reliability.locator(".mark-symbol path")
    dots.nth(1).click()
    decided = reliability.get_by_role("button", name="8 items, all decided by you")
    expect(decided).to_have_attribute("aria-disabled", "true", timeout=SOON)
    assert notebook.printed("print(len(board.selected))") == "8"
    dots.last.click()
    reliability.get_by_role("button", name="Queue this item").click(timeout=SOON)
    expect(reliability).to_contain_text("1 item comes next.")
    card.wait_for_item("t9")  # which was on the screen
    card.focus()
    card.press("a")
    card.wait_for_item("t29")

    # A cell run again leaves nothing of the former behind, and a closed session nothing at all.
    former = board.root.element_handle()
    notebook.run(board.cell)
    notebook.page.wait_for_function("(former) => !former.isConnected", arg=former)
    board.root.locator("svg").first.wait_for(timeout=SOON)
    assert notebook.printed(THREADS.format(wanted=1)) == "1"
    notebook.run_new("session.close()")
    assert notebook.printed(THREADS.format(wanted=0)) == "0"


def test_what_a_chart_has_become_is_what_is_drawn_at_once(notebook: NotebookPage, board: Board) -> None:
    notebook.page.set_viewport_size({"width": 1280, "height": 4400})
    notebook.run_new("for n in range(5): session.accept(f't{n}', reviewer='bo')")
    tabs = board.root.get_by_role("tab")
    expect(tabs).to_have_count(5, timeout=SOON)
    for place, name in enumerate(tabs.all_inner_texts()):
        tabs.get_by_text(name).click()
        wait_until_drawn(board.root)
        notebook.run_new(f"session.accept('t{9 + place}')\nsession.correct('t{5 + place}', 'bug', reviewer='bo')")
        notebook.run_new("anew = session.dashboard()\nanew")
        other = board.root.nth(1)
        other.get_by_role("tab", name=name).click(timeout=SOON)
        notebook.page.wait_for_function(DRAW_THE_SAME, timeout=SOON)
        notebook.run_new("anew.close()")
        expect(board.root).to_have_count(1)


def test_a_clause_that_comes_and_goes_above_a_chart_moves_it_no_more_than_once(
    notebook: NotebookPage, board: Board
) -> None:
    by_verdict = board.open("Calibration", "confidence_by_verdict")
    wait_until_drawn(board.root)

    def with_words(words: str) -> float:
        """How far below the figure's upper edge the chart is then."""
        notebook.run_new(SAY.format(words=words))
        expect(by_verdict.locator(".hitl-words").first).to_have_text(words, timeout=SOON)
        chart, figure = by_verdict.locator(".hitl-plot").bounding_box(), by_verdict.bounding_box()
        assert chart is not None and figure is not None
        return chart["y"] - figure["y"]

    short, longer = "Of 7 decisions, all.", "Of 8 decisions, all" + ", and so on" * 40
    highest = with_words(short)
    lowest = with_words(longer)
    assert lowest > highest + 30
    assert with_words(short) == lowest
    assert with_words(longer) == lowest
    # In another width it is where its words leave it.
    notebook.page.set_viewport_size({"width": 1900, "height": 2200})
    assert with_words("Of 9 decisions, all.") < lowest


def test_a_bin_is_selected_by_keyboard_and_stays_so_while_decisions_come_in(
    notebook: NotebookPage, board: Board
) -> None:
    reliability = board.open("Calibration", "reliability")
    page, mark = notebook.page, reliability.get_by_role("option")
    board.root.get_by_role("tab", name="Calibration").focus()
    tab_to(page, mark)
    page.keyboard.press("ArrowRight")
    words = mark.get_attribute("aria-label") or ""
    assert words.startswith("Confidence: ")
    page.keyboard.press("Enter")
    # t1 to t6, of confidences up to 0.56
    queue = reliability.get_by_role("button", name=re.compile("item"))
    expect(queue).to_have_text("6 items, all decided by you", timeout=SOON)
    expect(mark).to_have_attribute("aria-selected", "true")
    assert findings(board.root) == []
    drawing = reliability.locator("svg")
    drawing.evaluate("(drawing) => { drawing.marked = true; }")
    notebook.run_new("for n in (7, *range(10, 20)): session.accept(f't{n}')\nsession.accept('t9', reviewer='bo')")
    expect(queue).to_have_text("Queue 1 of 9 items", timeout=SOON)  # t8 is nobody's yet
    assert drawing.evaluate("(drawing) => drawing.marked"), "the drawing that was there is the one that is there"
    expect(mark).to_have_attribute("aria-selected", "true")
    expect(mark).not_to_have_attribute("aria-label", words)
    assert (mark.get_attribute("aria-label") or "").split(",")[0] == words.split(",")[0], "of the same bin"
    mark.focus()
    tab_to(page, queue)
    page.keyboard.press("Enter")
    expect(reliability).to_contain_text("1 item comes next.", timeout=SOON)
    assert notebook.printed("print(session.next_item())") == "t9"


def test_what_is_selected_stays_so_when_a_second_reviewer_begins(notebook: NotebookPage, board: Board) -> None:
    drift = board.open("Reviewers", "reviewer_drift")
    mark = drift.get_by_role("option")
    mark.focus()
    notebook.page.keyboard.press("ArrowRight")
    notebook.page.keyboard.press("Enter")
    behind = drift.get_by_role("button", name="2 items, all decided by you")
    expect(behind).to_be_visible(timeout=SOON)
    words = mark.get_attribute("aria-label") or ""
    assert words.startswith("Reviewer: ada, Measure: accepts, %, Decision: 2,")
    drawing = drift.locator("svg")
    drawing.evaluate("(drawing) => { drawing.marked = true; }")
    notebook.run_new("for n in range(3): session.accept(f't{n}', reviewer='bo')")
    expect(drawing).not_to_have_js_property("marked", True, timeout=SOON)  # drawn anew, with bo and a column more
    expect(drift.locator("svg")).to_contain_text("bo")
    expect(mark).to_have_attribute("aria-label", re.compile("Reviewer: ada, Measure: accepts, %, Decision: 2,"))
    expect(mark).to_have_attribute("aria-selected", "true")
    expect(behind).to_be_visible()
    assert notebook.printed("print(sorted(set(board.selected['item_id'])))") == "['t0', 't1']"


def test_a_dashboard_saved_and_opened_without_a_kernel_shows_its_last_words_and_charts(
    notebook: NotebookPage, board: Board, lab: Lab
) -> None:
    use_theme(notebook, "JupyterLab Dark")
    try:
        assert findings(board.root) == []
    finally:
        use_theme(notebook, "JupyterLab Light")
    board.kept.locator("img").first.wait_for(state="attached", timeout=SOON)
    expect(board.kept).to_be_hidden()
    notebook.run_new(ALARM)
    expect(board.kept.locator("p").nth(1)).to_have_text("<b>ada</b> accepts more", timeout=SOON)
    # Each picture with its figure's name and words directly above it, after the alarms.
    figures = board.root.locator("[data-figure]")
    read = board.kept.evaluate(READ)
    assert read[:3] == ["Look at this", "<b>ada</b> accepts more", "Accuracy, as it was last:"]
    wanted = [[*figure.locator("h2, .hitl-words").all_text_contents(), "a picture"] for figure in figures.all()]
    assert read[3:] == [part for figure in wanted for part in figure]
    notebook.save()
    saved = nbformat.read(lab.root / "shared in lab.ipynb", as_version=4)
    outputs = [output for cell in saved.cells for output in cell.get("outputs", ())]
    (kept,) = [data for output in outputs if "hitl-kept-dashboard" in str(data := output.get("data", {}))]
    assert "Accuracy of the model" in kept["text/plain"]
    assert "data:image/png;base64" in kept["text/html"]
    assert "<b>" not in kept["text/html"]

    notebook.restart_kernel()
    expect(board.root.get_by_role("alert")).to_contain_text("run the cell again", timeout=SOON)
    assert findings(board.root) == []
