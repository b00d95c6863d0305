"""axe finds nothing on any view of the card, light or dark, and finds what is planted."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator

from tests.browser.card import Card
from tests.browser.notebook_page import NotebookPage
from tests.browser.tickets import review_of_tickets

AXE = Path(__file__).parents[2] / "js/node_modules/axe-core/axe.min.js"
FINDINGS = """async (root) => {
  const { violations } = await window.axe.run(root, { resultTypes: ['violations'] });
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
}"""


def findings(root: Locator) -> list[str]:
    if not root.page.evaluate("() => 'axe' in window"):
        root.page.evaluate(AXE.read_text())
    found: list[str] = root.evaluate(FINDINGS)
    return found


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


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_nothing_on_any_view(card: Card, notebook: NotebookPage, theme: str) -> None:
    use_theme(notebook, theme)
    try:
        found = {"item": findings(card.root)}
        card.focus()
        for view, key in (("flag form", "f"), ("labels", "c"), ("help", "?")):
            card.page.keyboard.press(key)
            card.wait_for_paint()
            found[view] = findings(card.root)
            card.page.keyboard.press("Escape")
        card.press("a", "1")
        card.button("History").click()
        card.root.get_by_role("dialog", name="History").wait_for()
        found["history"] = findings(card.root)
        card.page.keyboard.press("Escape")
        card.press("s", "a", "a")
        card.wait_for_the_end()
        card.wait_until_saved()
        found["summary"] = findings(card.root)
    finally:
        use_theme(notebook, "JupyterLab Light")
    assert {view: what for view, what in found.items() if what} == {}


def test_axe_finds_what_is_planted(card: Card) -> None:
    card.root.evaluate("(root) => root.append(document.createElement('img'))")
    assert any(finding.startswith("image-alt") for finding in findings(card.root))
