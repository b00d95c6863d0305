"""axe finds nothing on any view, light or dark, and finds what is planted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.card import Card
from tests.browser.every_field import REVIEW_OF_EVERY_FIELD
from tests.browser.hosts import in_lab_and_notebook
from tests.browser.notebook_page import NotebookPage
from tests.browser.scenes import SCENES, Scene, as_without_kernel, dashboard, tabs_of
from tests.browser.tab import SOON
from tests.browser.tickets import review_of_tickets

AXE = Path(__file__).parents[2] / "js/node_modules/axe-core/axe.min.js"
# What axe cannot judge is made plain to it while it looks. It takes for hidden what lies beyond the edges of a part
# that cuts off what goes beyond them, as JupyterLab's body of no height does for the whole page. It judges no text
# before a picture, none before a bar drawn behind it (of that and the ground, the bar is the harder to read on), and
# none that is hidden from assistive technology, though eyes see it. What it still leaves open, as of a single character
# or a text that something lies half over, is computed from the grounds around it: where that falls short, or an image
# is in the way, it is a finding.
PLAIN = """
  [data-hitl] *, [data-hitl] *::before, [data-hitl] *::after { background-image: none !important; }
  [data-hitl] .hitl-label { background-color: var(--hitl-main-soft) !important; }
  [data-hitl] .hitl-label::before { content: none !important; }
"""
CONTRAST = Path(__file__).with_name("contrast.js").read_text()
FINDINGS = """async ([root, plain]) => {
  const { rgb, contrast, ground } = window.contrasts;
  const inWords = ({ id, nodes }) => nodes.map(({ html, failureSummary, any }) =>
    `${id}: ${html} ${failureSummary ?? any.map(({ message }) => message)}`);
  const tree = root.getRootNode();
  const style = (tree.head ?? tree).appendChild(document.createElement('style'));
  style.textContent = plain;
  const cutting = [];
  for (let part = root; part; part = part.parentElement ?? part.getRootNode().host) {
    if (/hidden|clip/.test(getComputedStyle(part).overflow)) cutting.push(part);
  }
  for (const part of cutting) part.style.setProperty('overflow', 'visible', 'important');
  const heard = await window.axe.run(root, { rules: { 'color-contrast': { enabled: false } } });
  const unheard = [...root.querySelectorAll('[aria-hidden="true"]')];
  for (const part of unheard) part.removeAttribute('aria-hidden');
  const { violations, incomplete } = await window.axe.run(root, { runOnly: ['color-contrast'], elementRef: true });
  const isPlain = ({ element, any }) => {
    const isDrawn = element instanceof SVGElement;
    if (any[0].data?.messageKey === 'imgNode' && !isDrawn) return false;
    const style = getComputedStyle(element, element.matches(':placeholder-shown') ? '::placeholder' : null);
    const under = ground(element);
    const isLarge = parseFloat(style.fontSize) >= (style.fontWeight >= 700 ? 18.66 : 24);
    return contrast(rgb(isDrawn ? style.fill : style.color, under), under) >= (isLarge ? 3 : 4.5);
  };
  const unjudged = incomplete.map(({ id, nodes }) => ({ id, nodes: nodes.filter((node) => !isPlain(node)) }));
  for (const part of unheard) part.setAttribute('aria-hidden', 'true');
  for (const part of cutting) part.style.removeProperty('overflow');
  style.remove();
  return [...heard.violations, ...violations, ...unjudged].flatMap(inWords);
}"""
LIGHT, DARK = "JupyterLab Light", "JupyterLab Dark"
PROBLEM = "{'message': 'the disk is full', 'remedy': 'free some space'}"


def findings(root: Locator) -> list[str]:
    if not root.page.evaluate("() => 'axe' in window"):
        root.page.evaluate(AXE.read_text())
        root.page.evaluate(CONTRAST)
    found: list[str] = root.page.evaluate(FINDINGS, [root.element_handle(), PLAIN])
    return found


@pytest.fixture(params=[LIGHT, DARK])
def theme(request: pytest.FixtureRequest, notebook: NotebookPage) -> Iterator[str]:
    use_theme(notebook, request.param)
    yield request.param
    use_theme(notebook, LIGHT)


def findings_in_both_themes(notebook: NotebookPage, root: Locator) -> list[str]:
    """What axe finds in light and then in dark, with the theme before each."""
    found = []
    for theme in (DARK, LIGHT):
        use_theme(notebook, theme)
        found += [f"{theme}: {finding}" for finding in findings(root)]
    return found


def use_theme(notebook: NotebookPage, theme: str) -> None:
    notebook.page.evaluate("(theme) => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
    light = "false" if theme.endswith("Dark") else "true"
    notebook.page.locator(f"body[data-jp-theme-light='{light}']").wait_for(state="attached")
    notebook.page.locator("#jupyterlab-splash").wait_for(state="detached")


@pytest.fixture
def card(notebook: NotebookPage, tmp_path: Path) -> Card:
    more = "guidelines='# What counts\\nA **bug** is what worked before.', slices=['said'],"
    notebook.run_new(review_of_tickets(tmp_path / "reviews.db", items=4, options=more))
    card = Card(notebook)
    card.wait_for_item("t0")
    return card


@in_lab_and_notebook
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


def test_axe_finds_nothing_while_the_kernel_is_away(card: Card, notebook: NotebookPage) -> None:
    card.focus()
    notebook.deafen()
    card.press("a")
    expect(card.root.get_by_text("The kernel has not answered for 5 seconds.")).to_be_visible(timeout=SOON)
    found = {"no answer": findings_in_both_themes(notebook, card.root)}
    notebook.cut_off()
    expect(card.root.get_by_text("Disconnected: the kernel cannot be reached.")).to_be_visible(timeout=SOON)
    found["cut off"] = findings_in_both_themes(notebook, card.root)
    notebook.reconnect()
    card.wait_until_saved()
    notebook.restart_kernel()
    expect(card.root.get_by_text("Disconnected: the kernel that ran this review has ended.")).to_be_visible(
        timeout=SOON
    )
    found["ended"] = findings_in_both_themes(notebook, card.root)
    assert {view: what for view, what in found.items() if what} == {}


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_axe_finds_nothing_in_any_scene(scene: Scene, notebook: NotebookPage, tmp_path: Path) -> None:
    with scene(notebook, tmp_path) as root:
        assert findings_in_both_themes(notebook, root) == []


def test_axe_finds_nothing_on_any_tab_of_the_dashboard(notebook: NotebookPage, tmp_path: Path) -> None:
    found = {}
    with dashboard(notebook, tmp_path) as root:
        for tab in tabs_of(root):
            found[tab] = findings_in_both_themes(notebook, root)
        notebook.page.locator(".hitl-kept-dashboard img").first.wait_for(state="attached", timeout=SOON)
        found["kept"] = findings_in_both_themes(notebook, as_without_kernel(notebook, ".hitl-kept-dashboard"))
    assert len(found) > 4
    assert {view: what for view, what in found.items() if what} == {}


PLANTED = """(place, [tag, text, attributes]) => {
  const planted = document.createElement(tag);
  planted.className = 'planted';
  planted.textContent = text;
  for (const [name, value] of Object.entries(attributes)) planted.setAttribute(name, value);
  place.append(planted);
}"""
FAINT = {"style": "color: color-mix(in srgb, var(--hitl-ink) 35%, var(--hitl-ground))"}


@pytest.mark.usefixtures("theme")
def test_axe_finds_what_is_planted(card: Card) -> None:
    for place, tag, text, attributes, rule in (
        (".hitl-foot", "img", "", {}, "image-alt"),
        (".hitl-item", "p", "hardly to be read", FAINT, "color-contrast"),
        (".hitl-label", "span", "hardly to be read", FAINT, "color-contrast"),
        (".hitl-foot", "p", "hardly to be read", FAINT | {"aria-hidden": "true"}, "color-contrast"),
        (".hitl-foot", "p", "x", FAINT, "color-contrast"),
    ):
        card.root.locator(place).first.evaluate(PLANTED, [tag, text, attributes])
        (finding,) = findings(card.root)
        assert finding.startswith(rule), place
        card.root.locator(".planted").evaluate("(planted) => planted.remove()")
