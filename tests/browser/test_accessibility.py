"""axe finds nothing on any view of the card, light or dark, and finds what is planted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.card import SOON, Card
from tests.browser.every_field import REVIEW_OF_EVERY_FIELD
from tests.browser.notebook_page import NotebookPage
from tests.browser.tickets import review_of_tickets

AXE = Path(__file__).parents[2] / "js/node_modules/axe-core/axe.min.js"
FINDINGS = """async (root) => {
  const { violations } = await window.axe.run(root, { resultTypes: ['violations'] });
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
}"""
PROBLEM = "{'message': 'the disk is full', 'remedy': 'free some space'}"


def findings(root: Locator) -> list[str]:
    if not root.page.evaluate("() => 'axe' in window"):
        root.page.evaluate(AXE.read_text())
    found: list[str] = root.evaluate(FINDINGS)
    return found


@pytest.fixture(params=["JupyterLab Light", "JupyterLab Dark"])
def theme(request: pytest.FixtureRequest, notebook: NotebookPage) -> Iterator[str]:
    use_theme(notebook, request.param)
    yield request.param
    use_theme(notebook, "JupyterLab Light")


def use_theme(notebook: NotebookPage, theme: str) -> None:
    notebook.page.evaluate("(theme) => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
    light = "false" if theme.endswith("Dark") else "true"
    notebook.page.locator(f"body[data-jp-theme-light='{light}']").wait_for(state="attached")


@pytest.fixture
def card(notebook: NotebookPage, tmp_path: Path) -> Card:
    more = "guidelines='# What counts\\nA **bug** is what worked before.', slices=['said'],"
    notebook.run_new(review_of_tickets(tmp_path / "reviews.db", items=4, options=more))
    card = Card(notebook)
    card.wait_for_item("t0")
    return card


@pytest.mark.usefixtures("theme")
def test_axe_finds_nothing_on_any_view(card: Card, notebook: NotebookPage) -> None:
    found = {"item": findings(card.root)}
    card.root.get_by_text("Guidelines").click()
    found["guidelines"] = findings(card.root)
    card.focus()
    for view, key in (("flag form", "f"), ("labels", "c"), ("help", "?"), ("comment", "m")):
        card.page.keyboard.press(key)
        card.wait_for_paint()
        found[view] = findings(card.root)
        card.page.keyboard.press("Escape")
    card.press("a", "1")
    card.page.keyboard.press("ArrowLeft")
    expect(card.root.get_by_role("note")).to_contain_text("An earlier item")
    found["an earlier item"] = findings(card.root)
    card.page.keyboard.press("Escape")
    card.button("History").click()
    card.root.get_by_role("dialog", name="History").wait_for()
    found["history"] = findings(card.root)
    card.page.keyboard.press("Escape")
    notebook.run_new(f"session.widget.problem = {PROBLEM}")
    expect(card.root.get_by_role("alert")).to_contain_text("the disk is full")
    found["a problem"] = findings(card.root)
    notebook.run_new("session.widget.problem = None")
    card.focus()
    card.press("s", "a", "a")
    card.wait_for_the_end()
    card.wait_until_saved()
    found["summary"] = findings(card.root)
    assert {view: what for view, what in found.items() if what} == {}


@pytest.mark.usefixtures("theme")
def test_axe_finds_nothing_in_any_field(notebook: NotebookPage) -> None:
    notebook.run_new(REVIEW_OF_EVERY_FIELD)
    card = Card(notebook)
    card.wait_for_item("t0")
    found = {"as it comes": findings(card.root)}
    card.button("Show it rendered").click()
    card.button("Show and search all 300 rows").click()
    card.root.get_by_role("textbox", name="Search in row").fill("feature 29")
    card.button("Show all 12").click()
    card.root.get_by_role("button", name="Show all 1").first.click()
    expect(card.root.get_by_text("the needle")).to_be_attached()
    found["unfolded"] = findings(card.root)
    assert {view: what for view, what in found.items() if what} == {}


@pytest.mark.usefixtures("theme")
def test_axe_finds_nothing_where_there_is_nothing_to_review_or_much_to_choose_from(
    notebook: NotebookPage, tmp_path: Path
) -> None:
    notebook.run_new(review_of_tickets(tmp_path / "empty.db", items=0))
    empty = Card(notebook)
    expect(empty.root).to_contain_text("There is nothing to review")
    assert findings(empty.root) == []
    notebook.run_new(f"""
labels = [f"topic {{n}}" for n in range(77)]
hitl.ReviewSession([{{"id": "t0", "text": "x", "said": "topic 5"}}], hitl.Classification(labels), item_id="id",
    prediction="said", show=["text"], reviewer="ada", store={str(tmp_path / "many.db")!r})
""")
    many = Card(notebook, 1)
    many.wait_for_item("t0")
    many.focus()
    many.page.keyboard.press("/")
    many.page.keyboard.type("topic 7")
    expect(many.root.get_by_role("option", name="topic 7", exact=True)).to_be_visible()
    assert findings(many.root) == []


@pytest.mark.usefixtures("theme")
def test_axe_finds_nothing_while_the_kernel_is_away(card: Card, notebook: NotebookPage) -> None:
    card.focus()
    notebook.deafen()
    card.press("a")
    expect(card.root.get_by_text("The kernel has not answered for 5 seconds.")).to_be_visible(timeout=SOON)
    found = {"no answer": findings(card.root)}
    notebook.cut_off()
    expect(card.root.get_by_text("Disconnected: the kernel cannot be reached.")).to_be_visible(timeout=SOON)
    found["cut off"] = findings(card.root)
    notebook.drop_connection()
    card.wait_until_saved()
    notebook.restart_kernel()
    expect(card.root.get_by_text("Disconnected: the kernel that ran this review has ended.")).to_be_visible(
        timeout=SOON
    )
    found["ended"] = findings(card.root)
    assert {view: what for view, what in found.items() if what} == {}


def test_axe_finds_what_is_planted(card: Card) -> None:
    card.root.evaluate("(root) => root.append(document.createElement('img'))")
    assert any(finding.startswith("image-alt") for finding in findings(card.root))
