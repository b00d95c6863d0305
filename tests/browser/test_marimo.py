"""The review in marimo: a session as a cell's last line is the card, with every promise it has elsewhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.card import Card
from tests.browser.chart import CHART, Chart
from tests.browser.marimo_page import MarimoPage
from tests.browser.marimo_server import MarimoServer
from tests.browser.tab import SOON
from tests.browser.test_accessibility import findings
from tests.browser.tickets import events, review_of_tickets, stored

CARDS_IN_THE_KERNEL = """
from ipywidgets.widgets.widget import _instances
shown
print("cards:", sum(type(widget).__name__ == "ReviewCard" for widget in _instances.values()))
"""
PICTURE = """
import numpy
picture = numpy.full((8, 8), 200, dtype="uint8")
hitl.ReviewSession([{"picture": picture, "said": "cat"}], prediction="said", show=["picture"], store=":memory:")
"""
WITHOUT_IMPORTS = CHART.replace("import pandas as pd\n", "").replace("import hitl_notebook as hitl\n", "")
# Buttons by which a chart changes after it was drawn.
IS_DARK = "(isDark) => document.body.classList.contains('dark') === isDark"
CHANGES = """
import marimo as mo
more = mo.ui.button(label="more", on_click=lambda _: live.update(days(4, 5, 2)))
kept = mo.ui.button(label="selected", on_click=lambda _: live.update(live.selected))
mo.hstack([more, kept])
"""
# The cells of the shared notebook.
SESSION, CARD, _, BUSY = range(4)


def run_until_drawn_anew(marimo: MarimoPage, cell: int) -> None:
    former = Card(marimo).root.element_handle()
    marimo.run(cell)
    marimo.page.wait_for_function("(root) => !root.isConnected", arg=former)


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose files name the places of the test that runs: its store, and what stops its busy cell."""
    folder = tmp_path_factory.mktemp("places")
    (folder / "store").write_text(str(folder / "reviews.db"))
    (folder / "stop").write_text(str(folder))
    return folder


@pytest.fixture(scope="module")
def shared_marimo(
    context: BrowserContext, places: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MarimoPage]:
    source = review_of_tickets(Path("STORE"), options="guidelines='Be **kind**.',").removesuffix("session\n")
    busy = f"""
import os, time
stop = open({str(places / "stop")!r}).read()
print("under way", flush=True)
while not os.path.exists(stop): time.sleep(0.02)
print("now", "stopped")
"""
    cells = (
        source.replace("'STORE'", f"open({str(places / 'store')!r}).read()"),
        "shown = session\nsession",
        CARDS_IN_THE_KERNEL,
        busy,
    )
    with MarimoServer(tmp_path_factory.mktemp("marimo") / "edit", *cells) as server:
        tab = MarimoPage(context, server)
        tab.open()
        Card(tab).wait_for_item("t0")
        yield tab
        tab.close()


@pytest.fixture
def store(places: Path, tmp_path: Path) -> Path:
    path = tmp_path / "reviews.db"
    (places / "store").write_text(str(path))
    return path


@pytest.fixture
def marimo(shared_marimo: MarimoPage, store: Path) -> Iterator[MarimoPage]:
    """The shared notebook with a review of a new store; what broke in the page or left it fails the test."""
    shared_marimo.bring_to_front()
    run_until_drawn_anew(shared_marimo, SESSION)
    yield shared_marimo
    assert shared_marimo.crashes == []
    assert shared_marimo.elsewhere == []


@pytest.fixture
def card(marimo: MarimoPage) -> Card:
    card = Card(marimo)
    card.wait_for_item("t0")
    card.focus()
    return card


def test_a_session_is_shown_and_decided_by_key_and_stored(card: Card, store: Path) -> None:
    expect(card.item).to_contain_text("Ticket number 0: it does not print.")
    card.press("a", "3")
    card.flag("two tickets in one")
    card.press("s", "1")
    card.page.keyboard.press("u")
    card.wait_for_item("t4")
    card.press("a")
    card.wait_until_saved()
    assert stored(store) == {
        "t0": ("accept", "bug"),
        "t1": ("correct", "question"),
        "t2": ("flag", None),
        "t4": ("accept", "wish"),
    }
    assert events(store) == ["t0", "t1", "t2", "t4", "t4"]
    assert events(store, "skip") == ["t3"]


def test_what_formats_markdown_comes_and_comes_again_after_a_reload(marimo: MarimoPage, card: Card) -> None:
    for _ in range(2):
        card.root.get_by_text("Guidelines").click()
        expect(card.root.locator(".hitl-guidelines strong")).to_have_text("kind")
        marimo.reload()
        card.wait_for_item("t0")


def test_a_reloaded_page_sends_again_what_was_not_stored_and_keeps_what_was_begun(
    marimo: MarimoPage, card: Card, store: Path
) -> None:
    card.press("a")
    card.wait_until_saved()
    marimo.deafen()
    card.press("1", "a")
    card.page.keyboard.press("u")
    card.wait_for_item("t2")
    card.press("3")
    card.page.keyboard.press("f")
    card.reason.fill("half a thought")
    card.wait_until_unsaved()
    assert list(stored(store)) == ["t0"]
    marimo.undeafen()
    marimo.reload()
    assert marimo.asked_before_leaving
    card.wait_for_item("t3")
    expect(card.reason).to_have_value("half a thought")
    card.wait_until_saved()
    assert stored(store) == {"t0": ("accept", "bug"), "t1": ("correct", "bug"), "t2": ("accept", "question")}
    assert events(store) == ["t0", "t1", "t2", "t2"]


def test_it_says_after_five_seconds_that_there_is_no_answer_and_keeps_what_was_decided(
    marimo: MarimoPage, card: Card, store: Path
) -> None:
    unanswered = card.root.get_by_text("The kernel has not answered for 5 seconds.")
    marimo.deafen()
    card.press("a", "1")
    marimo.page.wait_for_timeout(1_500)
    expect(unanswered).to_be_hidden()
    expect(unanswered).to_be_visible()
    expect(card.root).to_contain_text("2 decisions are kept in this browser until the kernel answers.")
    card.press("a")
    assert events(store) == []
    marimo.undeafen()
    card.button("Retry").click()
    card.wait_until_saved()
    expect(unanswered).to_be_hidden()
    assert events(store) == ["t0", "t1", "t2"]


def test_axe_finds_nothing_in_light_or_dark(marimo: MarimoPage, card: Card) -> None:
    found = {}
    grounds = set()
    for scheme in ("light", "dark"):
        marimo.page.emulate_media(color_scheme=scheme)
        marimo.page.wait_for_function(IS_DARK, arg=scheme == "dark")
        grounds.add(card.root.evaluate("(root) => getComputedStyle(root).backgroundColor"))
        found[scheme, "item"] = findings(card.root)
        for view, key in (("flag form", "f"), ("labels", "c"), ("keys", "?")):
            marimo.page.keyboard.press(key)
            card.wait_for_paint()
            found[scheme, view] = findings(card.root)
            marimo.page.keyboard.press("Escape")
        card.press("a")
        marimo.page.keyboard.press("ArrowLeft")
        expect(card.root.get_by_role("note")).to_contain_text("An earlier item")
        found[scheme, "an earlier item"] = findings(card.root)
        marimo.page.keyboard.press("Escape")
    marimo.page.emulate_media(color_scheme="light")
    assert len(grounds) == 2
    assert {view: what for view, what in found.items() if what} == {}


def test_keys_go_on_while_a_cell_runs(
    marimo: MarimoPage, card: Card, store: Path, places: Path, tmp_path: Path
) -> None:
    (places / "stop").write_text(str(tmp_path / "stop"))
    marimo.run(BUSY)
    marimo.page.get_by_text("under way", exact=True).wait_for()
    card.focus()
    card.press(*"a1a2a3")
    card.wait_until_unsaved()
    assert events(store) == []
    (tmp_path / "stop").touch()
    card.wait_until_saved()
    marimo.page.get_by_text("now stopped").wait_for()
    assert events(store) == ["t0", "t1", "t2", "t3", "t4", "t5"]


@pytest.mark.parametrize("cell", [SESSION, CARD], ids=["the session's cell", "the card's cell"])
def test_a_cell_run_again_goes_on_and_leaves_no_former_card_behind(
    cell: int, marimo: MarimoPage, card: Card, store: Path
) -> None:
    card.press("a", "a")
    card.wait_until_saved()
    run_until_drawn_anew(marimo, cell)
    card.wait_for_item("t2")
    card.focus()
    card.press("2")
    card.wait_until_saved()
    assert events(store) == ["t0", "t1", "t2"]
    expect(marimo.page.get_by_text("cards: 1")).to_be_visible()


def test_no_key_reaches_the_notebook(marimo: MarimoPage, card: Card) -> None:
    cells = marimo.cells.count()
    for key in ("j", "k", "b", "d", "d", "Enter", "Shift+Enter", "a", "s", "u", "?", "Escape"):
        marimo.page.keyboard.press(key)
    card.wait_for_paint()
    expect(marimo.cells).to_have_count(cells)
    expect(card.root).to_be_focused()
    # The control: the same key, with the focus on marimo's own cell, does insert one.
    marimo.cells.last.focus()
    marimo.page.keyboard.press("Escape")
    marimo.page.keyboard.press("b")
    expect(marimo.cells).to_have_count(cells + 1)


def test_after_a_restart_it_goes_on_where_the_review_stood(marimo: MarimoPage, card: Card, store: Path) -> None:
    card.press("a", "1")
    card.wait_until_saved()
    marimo.restart_kernel()
    card.wait_for_item("t2")
    card.focus()
    card.press("a")
    card.wait_until_saved()
    assert events(store) == ["t0", "t1", "t2"]


def test_an_app_shows_the_card_its_pictures_and_its_charts_and_each_visit_goes_on(
    context: BrowserContext, store: Path, tmp_path: Path
) -> None:
    cells = review_of_tickets(store), PICTURE, WITHOUT_IMPORTS, CHANGES, "session.dashboard()"
    with MarimoServer(tmp_path / "app", *cells, mode="run") as server:
        tab = MarimoPage(context, server)
        tab.open()
        card, beside = Card(tab), Card(tab, 1)
        card.wait_for_item("t0")
        card.focus()
        card.press("a", "2")
        card.wait_until_saved()
        tab.reload()
        card.wait_for_item("t2")
        card.focus()
        card.press("1")
        card.wait_until_saved()
        picture = beside.item.locator("canvas, img").first
        picture.wait_for()
        assert picture.evaluate("(picture) => picture.naturalWidth || picture.width") > 0
        see_the_chart_follow(tab)
        see_the_dashboard_follow(tab, card)
        assert tab.crashes == []
        assert tab.elsewhere == []
        tab.close()
    assert stored(store) == {
        "t0": ("accept", "bug"),
        "t1": ("accept", "wish"),
        "t2": ("correct", "bug"),
        "t3": ("accept", "bug"),
    }


def see_the_chart_follow(tab: MarimoPage) -> None:
    """What a button of the app does to its chart, and what is selected in it by keyboard."""
    chart = Chart(tab)
    chart.wait_for_bars(2)
    chart.drawing.evaluate("(drawing) => { drawing.marked = true; }")
    chart.mark.focus()
    tab.page.keyboard.press("ArrowRight")
    tab.page.keyboard.press("Enter")
    expect(chart.bars.first).to_have_attribute("opacity", "0.4")
    tab.page.get_by_role("button", name="more").click()
    chart.wait_for_bars(3)
    expect(chart.bars.first).to_have_attribute("opacity", "0.4")
    tab.page.get_by_role("button", name="selected").click()
    chart.wait_for_bars(1)
    expect(chart.mark).to_have_accessible_name("day: day 1, n: 5")
    assert chart.drawing.evaluate("(drawing) => drawing.marked"), "the drawing that was there is the one that is there"


def see_the_dashboard_follow(tab: MarimoPage, card: Card) -> None:
    board = tab.page.locator('[data-hitl="dashboard"]')
    board.scroll_into_view_if_needed()
    figure = board.locator('[data-figure="confusion"]')
    figure.locator("svg").wait_for(timeout=SOON)
    expect(figure).to_contain_text("3 items")
    drawing = figure.locator("svg")
    drawing.evaluate("(drawing) => { drawing.marked = true; }")
    card.focus()
    card.press("a")
    card.wait_until_saved()
    board.scroll_into_view_if_needed()
    expect(figure).to_contain_text("4 items", timeout=SOON)
    assert drawing.evaluate("(drawing) => drawing.marked")
    figure.get_by_role("option").focus()
    tab.page.keyboard.press("Enter")
    decided = figure.get_by_role("button", name="2 items, all decided by you")
    expect(decided).to_have_attribute("aria-disabled", "true", timeout=SOON)
    expect(figure).to_contain_text("← in the card goes back to what you decided.")
