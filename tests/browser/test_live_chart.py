"""A live chart as a person meets it: drawn without a network, patched in place, in the notebook's colours."""

from playwright.sync_api import expect

from tests.browser.chart import CHART, Chart
from tests.browser.hosts import in_lab_and_notebook
from tests.browser.notebook_page import NotebookPage
from tests.browser.tab import SOON
from tests.browser.test_accessibility import findings, use_theme
from tests.browser.test_assistive import tab_to

# Counted in the page, by what the chart asks of its kernel and by what is loaded as a script.
COUNT_CHUNKS = """() => {
  window.chunks = 0;
  const make = URL.createObjectURL;
  URL.createObjectURL = (blob) => { if (blob.size > 500_000) window.chunks += 1; return make.call(URL, blob); };
}"""
MARK = "(drawing) => { drawing.marked = true; }"
IS_MARKED = "(drawing) => drawing.marked === true"
SCROLL = "() => { document.querySelector('.jp-WindowedPanel-outer').scrollTop += 40; }"
HAS_MOVED = "([box, { y }]) => box.getBoundingClientRect().y !== y"
IS_AROUND = """([ring, bar]) => {
  const [around, inner] = [ring.getBoundingClientRect(), bar.getBoundingClientRect()];
  return ['left', 'top', 'right', 'bottom'].every((side) => Math.abs(around[side] - inner[side]) < 2);
}"""


@in_lab_and_notebook
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
    # The control: drawn anew it is not the same drawing and has no zoom; what is selected is selected again.
    notebook.run_new("live.spec = {**live.spec, 'height': 170}")
    expect(one.drawing).not_to_have_js_property("marked", True)
    expect(one.bars.first).to_have_attribute("opacity", "0.4")
    assert one.highest_tick() != highest
    # And of that: in a chart of another name nothing is selected.
    notebook.run_new("live.spec = {**live.spec, 'title': 'Items a week'}")
    expect(one.bars.first).not_to_have_attribute("opacity", "0.4")
    assert notebook.printed("print(len(live.selected))") == "0"


@in_lab_and_notebook
def test_its_marks_are_met_and_selected_by_keyboard_alone(notebook: NotebookPage) -> None:
    page = notebook.page
    page.mouse.move(0, 0)  # or the chart follows it, once it moves below it
    notebook.run_new("1")
    notebook.run_new(CHART)
    one = Chart(notebook)
    one.wait_for_bars(2)
    page.locator(".jp-Toolbar button, .jp-ToolbarButtonComponent").first.focus()
    expect(one.mark).to_have_accessible_name("day: day 0, n: 3")
    tab_to(page, one.mark)
    expect(page.get_by_role("tooltip")).to_contain_text("day 0")
    page.keyboard.press("ArrowRight")
    expect(one.mark).to_be_focused()
    expect(one.mark).to_have_accessible_name("day: day 1, n: 5")
    expect_ring_around(one)
    page.set_viewport_size({"width": 1000, "height": 500})
    expect_ring_around(one)
    tooltip = page.get_by_role("tooltip").element_handle()
    place = tooltip.bounding_box()
    page.evaluate(SCROLL)
    page.wait_for_function(HAS_MOVED, arg=[tooltip, place])
    page.set_viewport_size({"width": 1000, "height": 900})
    assert findings(one.root) == []
    page.keyboard.press("Enter")
    expect(one.mark).to_have_attribute("aria-selected", "true")
    expect(one.bars.first).to_have_attribute("opacity", "0.4")
    notebook.run_new("live.update(days(4, 6, 2))")
    one.wait_for_bars(3)
    expect(one.mark).to_have_accessible_name("day: day 1, n: 6")
    assert notebook.printed("print(live.selected.values.tolist())") == "[['day 1', 6]]"
    one.mark.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+Enter")
    expect(one.bars.nth(2)).to_have_attribute("opacity", "1")
    expect(one.bars.nth(1)).to_have_attribute("opacity", "1")
    page.keyboard.press("Escape")
    expect(one.mark).to_have_attribute("aria-selected", "false")
    expect(one.bars.first).to_have_attribute("opacity", "1")
    cells = page.locator(".jp-Cell").count()
    for key in ("a", "b", "d", "d", "j", "k", "x", "Enter", "Shift+Enter"):
        page.keyboard.press(key)
    expect(one.mark).to_be_focused()
    expect(page.locator(".jp-Cell")).to_have_count(cells)
    page.keyboard.press("Tab")
    expect(one.mark).not_to_be_focused()
    expect(page.get_by_role("tooltip")).to_be_hidden()
    # The control: the same key, with the focus on a cell, does insert one.
    page.locator(".jp-Cell .jp-InputPrompt").first.click()
    page.keyboard.press("b")
    expect(page.locator(".jp-Cell")).to_have_count(cells + 1)


def expect_ring_around(one: Chart) -> None:
    """Around the second bar."""
    one.page.wait_for_function(IS_AROUND, arg=[one.mark.element_handle(), one.bars.nth(1).element_handle()])


def test_charts_of_one_kind_side_by_side_are_selected_in_each(notebook: NotebookPage) -> None:
    notebook.run_new("""
import hitl_notebook as hitl
from hitl_notebook import charts, metrics
made = [charts.reliability(metrics.reliability([0.2, 0.9], [False, True])) for _ in range(2)]
hitl.LiveChart(made[0] | made[1])
""")
    one = Chart(notebook)
    dots = one.root.locator(".mark-symbol.role-mark path")
    expect(dots).to_have_count(4, timeout=SOON)
    dots.nth(2).click()
    expect(dots.nth(3)).to_have_attribute("opacity", "0.3")
    expect(dots.nth(1)).to_have_attribute("opacity", "1")
    dots.nth(1).click()
    expect(dots.nth(0)).to_have_attribute("opacity", "0.3")
    expect(dots.nth(3)).to_have_attribute("opacity", "0.3")


def test_what_is_brushed_over_categories_stays_so_while_others_come_and_go(notebook: NotebookPage) -> None:
    notebook.run_new("""
import altair as alt
import pandas as pd
import hitl_notebook as hitl

def parts(names):
    return pd.DataFrame({"part": list(names), "n": range(len(names))})

brush = alt.selection_interval(name="selected")
shade = alt.when(brush).then(alt.value(1)).otherwise(alt.value(0.4))
chart = alt.Chart(parts("abcd")).mark_bar(size=12).encode(x="n", y="part", opacity=shade)
live = hitl.LiveChart(chart.add_params(brush).properties(width=300))
live
""")
    one = Chart(notebook)
    bars = one.root.locator(".role-mark.marks path")
    in_front = one.root.locator('.role-mark.marks path[opacity="1"]')
    expect(bars).to_have_count(4, timeout=SOON)
    plot = one.root.locator(".role-frame .background").first.bounding_box()
    assert plot is not None
    mouse = one.page.mouse
    mouse.move(plot["x"] + 2, plot["y"] + 25)
    mouse.down()
    mouse.move(plot["x"] + 290, plot["y"] + 55, steps=5)  # over b and c
    mouse.up()
    expect(in_front).to_have_count(2)
    notebook.run_new("live.update(pd.concat([parts('abcd'), parts('e').assign(n=40)]))")
    expect(bars).to_have_count(5, timeout=SOON)
    expect(in_front).to_have_count(2)
    assert notebook.printed("print(list(live.selected['part']))") == "['b', 'c']"
    notebook.run_new("live.update(parts('acd'))")
    expect(bars).to_have_count(3, timeout=SOON)
    assert notebook.printed("print(list(live.selected['part']))") == "['c']"


def test_it_says_when_its_kernel_has_ended(notebook: NotebookPage) -> None:
    notebook.run_new(CHART)
    one = Chart(notebook)
    one.wait_for_bars(2)
    lost = one.root.get_by_role("alert")
    expect(lost).to_be_hidden()
    notebook.restart_kernel()
    expect(lost).to_contain_text("run the cell again", timeout=SOON)
    expect(one.bars).to_have_count(2)
    assert findings(one.root) == []


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
    notebook.run_new("hitl.LiveChart(chart.configure(background='white'))")
    one, on_white = Chart(notebook), Chart(notebook, 1)
    one.wait_for_bars(2)
    on_white.wait_for_bars(2)
    title = one.root.locator(".role-title-text text").first
    in_light = title.evaluate("(text) => getComputedStyle(text).fill")
    try:
        use_theme(notebook, "JupyterLab Dark")
        expect(title).not_to_have_css("fill", in_light)
        assert findings(one.root) == []
        expect(on_white.root.locator(".role-title-text text").first).to_have_css("fill", "rgb(27, 31, 36)")
    finally:
        use_theme(notebook, "JupyterLab Light")
    expect(title).to_have_css("fill", in_light)
