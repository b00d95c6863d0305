"""What a person with other eyes meets: focus that shows, a large zoom, no motion, few colours."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.card import Card
from tests.browser.every_field import REVIEW_OF_EVERY_FIELD
from tests.browser.notebook_page import NotebookPage
from tests.browser.scenes import dashboard, tabs_of
from tests.browser.test_accessibility import CONTRAST, use_theme

ENOUGH = 3  # WCAG 1.4.11: what marks a control or its focus, against what lies beside it
CONTRASTS = """(root) => {
  const { rgb, contrast, ground } = window.contrasts;
  const found = {};
  const note = (name, color, under) => {
    found[name] = Math.min(found[name] ?? 99, contrast(rgb(color, under), under));
  };
  for (const control of [root, ...root.querySelectorAll('button, input, a, summary, [tabindex="0"]')]) {
    if (!control.checkVisibility()) continue;
    control.focus({ preventScroll: true });
    const style = getComputedStyle(control);
    const name = `focus of ${control.localName}.${control.className}`;
    const around = ground(control.parentElement);
    if (control === root) note(name, style.borderTopColor, around);
    else if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) found[name] = 0;
    else note(name, style.outlineColor, around);
    if (control.matches('input[type="text"], .hitl-button:not([data-look])')) {
      control.blur();
      note(`edge of ${control.localName}.${control.className}`, getComputedStyle(control).borderTopColor, around);
    }
  }
  for (const bar of root.querySelectorAll('.hitl-done > span:not([data-part="rest"])')) {
    note('progress', getComputedStyle(bar).backgroundColor, ground(bar.parentElement.parentElement));
  }
  for (const [selector, pseudo] of [['.hitl-saved', '::before'], ['.hitl-confidence', '::before']]) {
    const element = root.querySelector(selector);
    note(selector, getComputedStyle(element, pseudo).backgroundColor, ground(element.parentElement));
  }
  return found;
}"""
# What scrolls sideways by itself may: WCAG 1.4.10 leaves out tables and code.
CUT = """(root) => [...root.querySelectorAll('*')].filter((part) => {
  const scrolls = '.hitl-scroll, .hitl-plot[tabindex="0"], .hitl-unseen, iframe';
  if (!part.checkVisibility() || part.closest(scrolls)) return false;
  return getComputedStyle(part).overflowX !== 'visible' && part.scrollWidth > part.clientWidth + 1
    && getComputedStyle(part).textOverflow !== 'ellipsis';
}).map((part) => `${part.localName}.${part.className} ${part.scrollWidth} > ${part.clientWidth}`)"""
MOVING = """(root) => {
  const moves = (part, pseudo) => {
    const { transitionProperty, transitionDuration, animationName } = getComputedStyle(part, pseudo);
    const isSlow = transitionDuration.split(', ').some((time) => parseFloat(time) > 0);
    return (transitionProperty !== 'none' && isSlow) || animationName !== 'none';
  };
  return [root, ...root.querySelectorAll('*')].flatMap((part) =>
    [null, '::before', '::after'].filter((pseudo) => moves(part, pseudo)).map((pseudo) =>
      `${part.localName}.${part.className}${pseudo} in ${part.parentElement.className}`));
}"""


@pytest.fixture
def card(notebook: NotebookPage) -> Iterator[Card]:
    notebook.run_new(REVIEW_OF_EVERY_FIELD)
    card = Card(notebook)
    card.wait_for_item("t0")
    card.focus()
    yield card
    as_it_was(notebook.page)


def as_it_was(page: Page) -> None:
    page.emulate_media(forced_colors="null")


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_what_has_the_focus_and_what_can_be_pressed_stands_out(card: Card, notebook: NotebookPage, theme: str) -> None:
    use_theme(notebook, theme)
    card.focus()
    card.page.evaluate(CONTRAST)
    try:
        card.press("a")
        card.wait_until_saved()
        contrasts: dict[str, float] = card.root.evaluate(CONTRASTS)
        card.focus()
        card.page.keyboard.press("f")
        contrasts |= card.root.evaluate(CONTRASTS)
    finally:
        use_theme(notebook, "JupyterLab Light")
    assert len(contrasts) > 15
    assert {name: ratio for name, ratio in contrasts.items() if ratio < ENOUGH} == {}


NARROW = "(root, width) => { root.style.inlineSize = `${width}px`; }"

# The words of a chart that are drawn with letters of less than 7 pixels.
TINY = """(root) => [...root.querySelectorAll('svg text')].filter((text) => {
  const svg = text.ownerSVGElement;
  const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  return text.textContent !== '' && parseFloat(getComputedStyle(text).fontSize) * scale < 7;
}).map((text) => text.textContent)"""


def make_narrow(card: Card, width: int) -> None:
    card.page.set_viewport_size({"width": width + 240, "height": 450})  # what JupyterLab itself takes beside the card
    card.root.evaluate(NARROW, width)


def see_it_whole(card: Card, *keys: str) -> None:
    """Nothing is cut off, now and after each key."""
    card.wait_for_paint()
    assert card.root.evaluate(CUT) == []
    for key in keys:
        card.page.keyboard.press(key)
        card.wait_for_paint()
        assert card.root.evaluate(CUT) == [], key


@pytest.mark.parametrize("width", [320, 640])
def test_nothing_is_cut_off_at_a_large_zoom(card: Card, width: int) -> None:
    make_narrow(card, width)
    see_it_whole(card, "f", "Escape", "?", "Escape", "c", "Escape")
    for name in ("Accept", "Correct", "Flag", "Skip", "Undo"):
        box = card.button(name).bounding_box()
        assert box is not None
        assert box["height"] >= 24  # WCAG 2.5.8
    card.press("a", "2")
    see_it_whole(card, "ArrowLeft", "Escape")
    card.button("History").click()
    see_it_whole(card, "Escape")
    card.press("a")
    card.wait_for_the_end()
    see_it_whole(card)


LONG_WORD = "Donaudampfschifffahrtsgesellschaft"
OTHER_TASKS = {
    "sets": (f"hitl.MultiLabel(['billing', 'shipping', '{LONG_WORD}'])", ["billing", LONG_WORD], "", "2", "c", "Enter"),
    "many labels": (
        "hitl.Classification([f'topic {n}' for n in range(77)])",
        "topic 5",
        "",
        "/",
        "7",
        "Escape",
        "Escape",
    ),
    "numbers": ("hitl.Regression('kilograms', step=0.5, maximum=200)", 70.123456789, "", "9", "9", "9", "Escape"),
    "blind": ("hitl.Classification(['bug', 'wish'])", "bug", ", reveal='after'", "a", "2"),
}


@pytest.mark.parametrize("width", [320, 640])
def test_nothing_of_another_task_is_cut_off_at_a_large_zoom(notebook: NotebookPage, width: int) -> None:
    for name, (task, said, plan, *keys) in OTHER_TASKS.items():
        notebook.clear()
        notebook.run_new(f"""
import hitl_notebook as hitl
hitl.ReviewSession([{{"id": f"t{{n}}", "text": "a ticket", "said": {said!r}}} for n in range(9)], {task}, item_id="id",
    prediction="said", show=["text"], plan=hitl.ReviewPlan(order="given"{plan}), reviewer="ada", name={name!r},
    store=":memory:")
""")
        card = Card(notebook)
        card.wait_for_item("t0")
        card.focus()
        make_narrow(card, width)
        see_it_whole(card, *keys)


def test_nothing_of_a_dashboard_is_cut_off_at_a_large_zoom_or_moves_for_who_wants_no_motion(
    notebook: NotebookPage, tmp_path: Path
) -> None:
    with dashboard(notebook, tmp_path) as root:
        notebook.page.emulate_media(reduced_motion="reduce")
        for width in (320, 640):
            notebook.page.set_viewport_size({"width": width + 240, "height": 2200})
            root.evaluate(NARROW, width)
            for _ in tabs_of(root):
                assert root.evaluate(CUT) == []
                assert root.evaluate(TINY) == []
                assert root.evaluate(MOVING) == []
        as_it_was(notebook.page)


def test_a_card_made_narrow_forgets_how_tall_it_was(card: Card) -> None:
    card.root.evaluate("(root) => { root.style.inlineSize = '1100px'; }")
    card.press("a")
    item = card.item.element_handle()
    card.page.wait_for_function("(item) => parseFloat(item.style.minBlockSize) > 340", arg=item)
    card.root.evaluate("(root) => { root.style.inlineSize = '360px'; }")
    card.page.wait_for_function("(item) => item.offsetHeight <= 340", arg=item)


def test_nothing_moves_by_itself(card: Card) -> None:
    for key in ("a", "f", "Escape", "c", "Escape", "?", "Escape"):
        card.page.keyboard.press(key)
        card.wait_for_paint()
        assert card.root.evaluate(MOVING) == [], key
    card.button("History").click()
    card.wait_for_paint()
    assert card.root.evaluate(MOVING) == []
    card.root.get_by_role("progressbar").evaluate("(bar) => { bar.firstElementChild.style.transition = 'all 1s'; }")
    assert card.root.evaluate(MOVING) != []  # the control


def test_every_button_has_an_edge_where_colours_are_forced(card: Card) -> None:
    card.page.emulate_media(forced_colors="active")
    edges = card.root.locator(".hitl-button:visible").evaluate_all(
        "(buttons) => buttons.map((button) => getComputedStyle(button).borderTopStyle)"
    )
    assert len(edges) > 5
    assert "none" not in edges
