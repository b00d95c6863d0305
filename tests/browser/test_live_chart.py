"""A live chart as a person meets it: drawn without a network, patched in place, in the notebook's colours."""

from playwright.sync_api import expect

from tests.browser.chart import CHART, Chart
from tests.browser.notebook_page import NotebookPage
from tests.browser.test_accessibility import findings, use_theme

# Counted in the page, by what the chart asks of its kernel and by what is loaded as a script.
COUNT_CHUNKS = """() => {
  window.chunks = 0;
  const make = URL.createObjectURL;
  URL.createObjectURL = (blob) => { if (blob.size > 500_000) window.chunks += 1; return make.call(URL, blob); };
}"""
MARK = "(drawing) => { drawing.marked = true; }"
IS_MARKED = "(drawing) => drawing.marked === true"


def test_it_is_drawn_patched_in_place_and_its_selection_is_a_frame(notebook: NotebookPage) -> None:
    notebook.page.evaluate(COUNT_CHUNKS)
    notebook.run_new(CHART)
    one = Chart(notebook)
    one.wait_for_bars(2)
    notebook.run_new("hitl.LiveChart(chart)")
    Chart(notebook, 1).wait_for_bars(2)
    assert notebook.page.evaluate("() => window.chunks") <= 1, "what draws comes once a page"
    assert findings(one.root) == []

    one.bars.nth(1).click()
    expect(one.bars.first).to_have_attribute("opacity", "0.4")
    one.bars.nth(1).hover()
    expect(one.page.get_by_role("tooltip")).to_contain_text("day 1")
    one.page.mouse.wheel(0, -300)
    expect(one.ticks.last).not_to_have_text("5")
    one.drawing.evaluate(MARK)
    highest = one.highest_tick()
    notebook.run_new("live.update(days(4, 5, 2))")
    one.wait_for_bars(3)
    assert one.drawing.evaluate(IS_MARKED), "the drawing that was there is the one that is there"
    assert one.highest_tick() == highest, "the zoom is kept"
    expect(one.bars.first).to_have_attribute("opacity", "0.4")
    assert notebook.printed("print(live.selected.values.tolist())") == "[['day 1', 5]]"


def test_what_cannot_be_drawn_is_said_in_its_place(notebook: NotebookPage) -> None:
    notebook.run_new(CHART)
    one = Chart(notebook)
    one.wait_for_bars(2)
    notebook.run_new("live.update(days(1, 2, 3).drop(columns='n'))")
    expect(one.said).to_contain_text("no column n")
    assert one.bars.count() == 2
    notebook.run_new("live.update(days(1, 2, 3))")
    one.wait_for_bars(3)
    expect(one.said).to_be_hidden()
    notebook.run_new("hitl.LiveChart(alt.Chart(days(1)).mark_bar().encode(x='no_such_column'))")
    expect(Chart(notebook, 1).said).to_contain_text("no_such_column")
    notebook.run_new("hitl.LiveChart({'data': {'values': [{'x': 1}]}, 'mark': 'no such mark'})")
    expect(Chart(notebook, 2).said).to_contain_text("cannot be drawn")


def test_its_text_follows_the_theme_at_once(notebook: NotebookPage) -> None:
    notebook.run_new(CHART)
    one = Chart(notebook)
    one.wait_for_bars(2)
    title = one.root.locator(".role-title-text text").first
    in_light = title.evaluate("(text) => getComputedStyle(text).fill")
    try:
        use_theme(notebook, "JupyterLab Dark")
        expect(title).not_to_have_css("fill", in_light)
        assert findings(one.root) == []
    finally:
        use_theme(notebook, "JupyterLab Light")
    expect(title).to_have_css("fill", in_light)
