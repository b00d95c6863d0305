"""What a person with other eyes meets: focus that shows, a large zoom, no motion, few colours."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.card import Card
from tests.browser.every_field import REVIEW_OF_EVERY_FIELD
from tests.browser.notebook_page import NotebookPage
from tests.browser.test_accessibility import use_theme

ENOUGH = 3  # WCAG 1.4.11: what marks a control or its focus, against what lies beside it
# By the WCAG's own formulas; colours are had from a canvas, which knows every way to write one.
CONTRASTS = """(root) => {
  const paint = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgb = (color, under) => {
    paint.fillStyle = `rgb(${under})`;
    paint.fillRect(0, 0, 1, 1);
    paint.fillStyle = color;
    paint.fillRect(0, 0, 1, 1);
    return [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (channels) => {
    const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = channels.map((channel) => linear(channel / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  const ground = (element) => {
    const around = [];
    for (let part = element; part; part = part.parentElement) around.unshift(getComputedStyle(part).backgroundColor);
    return around.reduce((under, color) => rgb(color, under), [255, 255, 255]);
  };
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
  if (!part.checkVisibility() || part.closest('.hitl-scroll, .hitl-unseen, iframe')) return false;
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


@pytest.mark.parametrize("width", [320, 640])
def test_nothing_is_cut_off_at_a_large_zoom(card: Card, width: int) -> None:
    card.page.set_viewport_size({"width": width + 240, "height": 450})  # what JupyterLab itself takes beside the card
    card.root.evaluate("(root, width) => { root.style.inlineSize = `${width}px`; }", width)
    for key in ("", "f", "Escape", "?", "Escape", "c"):
        if key:
            card.page.keyboard.press(key)
        card.wait_for_paint()
        assert card.root.evaluate(CUT) == []
    for name in ("Accept", "Correct", "Flag", "Skip", "Undo"):
        box = card.button(name).bounding_box()
        assert box is not None
        assert box["height"] >= 24  # WCAG 2.5.8


def test_a_card_made_narrow_forgets_how_tall_it_was(card: Card) -> None:
    card.root.evaluate("(root) => { root.style.inlineSize = '1100px'; }")
    card.press("a")
    tall = card.item.evaluate("(item) => parseFloat(item.style.minHeight || item.style.minBlockSize)")
    assert tall > 340
    card.root.evaluate("(root) => { root.style.inlineSize = '360px'; }")
    card.wait_for_paint()
    card.page.wait_for_timeout(200)
    assert card.item.evaluate("(item) => item.offsetHeight") <= 340


def test_nothing_moves_by_itself(card: Card) -> None:
    card.press("a")
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
