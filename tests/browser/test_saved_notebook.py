"""A notebook that was saved and is read without its kernel shows a summary and its charts, not a hole."""

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter, MarkdownExporter, TemplateExporter
from nbformat.sign import NotebookNotary
from playwright.sync_api import BrowserContext, expect

from tests.browser.card import Card
from tests.browser.chart import CHART, Chart
from tests.browser.lab import Lab
from tests.browser.notebook_page import OPENS_WITHIN, Host, NotebookPage
from tests.browser.tab import SOON, Tab
from tests.browser.tickets import review_of_tickets

SHOWN = "it does not print"
Opener = Callable[..., NotebookPage]
# Of all channels of all pixels: a picture of nothing has one or two.
DIFFERENT_VALUES = """async (image) => {
  await image.decode();
  const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0, image.width, image.height);
  return new Set(context.getImageData(0, 0, image.width, image.height).data).size;
}"""
REVIEWED = "2 of 30 items had been reviewed"
KEPT_BOARD = ".hitl-kept-dashboard"
BROUGHT_BACK = "what another widget shows"
ANOTHER_WIDGET = f"""
import anywidget
class Another(anywidget.AnyWidget):
    _esm = "export default {{ render({{ el }}) {{ el.textContent = '{BROUGHT_BACK}'; }} }}"
Another()
"""
SAVE_STATE = "@jupyter-widgets/jupyterlab-manager/plugin"


@pytest.fixture(scope="module")
def saved(context: BrowserContext, lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notebook whose last cells show a review of which two items had been decided, and a chart that was patched."""
    file = lab.root / lab.write_notebook("saved.ipynb")
    writer = NotebookPage(context, lab)
    writer.open(file.name)
    store = tmp_path_factory.mktemp("saved") / "reviews.db"
    writer.run_new(review_of_tickets(store).removesuffix("session\n"))
    writer.run_new("session.accept('t0'); session.correct('t1', 'bug')")
    writer.run_new("session")
    Card(writer).wait_for_item("t2")
    expect(writer.page.get_by_text(REVIEWED)).to_be_hidden()  # the card itself says how things stand
    writer.run_new(CHART)
    writer.run_new("live.update(days(4, 5, 2))")
    chart = Chart(writer)
    chart.wait_for_bars(3)
    chart.kept.wait_for(state="attached", timeout=SOON)
    expect(chart.kept).to_be_hidden()
    writer.run_new("session.dashboard()")
    board = writer.page.locator('[data-hitl="dashboard"]')
    board.scroll_into_view_if_needed()
    kept = writer.page.locator(KEPT_BOARD)
    kept.locator("img").first.wait_for(state="attached", timeout=2 * SOON)
    expect(kept).to_be_hidden()
    writer.save()
    writer.shut_kernel_down()
    writer.close()
    return file


@pytest.fixture(scope="module")
def saved_with_state(context: BrowserContext, lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notebook with a review and its charts, kept by a JupyterLab that saves the state of widgets with it."""
    lab.set(SAVE_STATE, {"saveState": True})
    writer = NotebookPage(context, lab)
    writer.open(lab.write_notebook("with state.ipynb"))
    store = tmp_path_factory.mktemp("with state") / "reviews.db"
    writer.run_new(review_of_tickets(store).removesuffix("session\n"))
    writer.run_new("session.accept('t0'); session.correct('t1', 'bug')")
    writer.run_new("session")
    Card(writer).wait_for_item("t2")
    writer.run_new(ANOTHER_WIDGET)
    writer.page.locator(".jp-OutputArea").get_by_text(BROUGHT_BACK).wait_for(timeout=SOON)
    writer.run_new(CHART)
    Chart(writer).kept.wait_for(state="attached", timeout=SOON)
    writer.run_new("session.dashboard()")
    writer.page.locator('[data-hitl="dashboard"]').scroll_into_view_if_needed()
    writer.page.locator(KEPT_BOARD).locator("img").first.wait_for(state="attached", timeout=2 * SOON)
    writer.save()
    writer.shut_kernel_down()
    writer.close()
    lab.set(SAVE_STATE, {"saveState": False})
    return lab.root / "with state.ipynb"


def see_the_summary(reader: NotebookPage) -> None:
    expect(reader.page.get_by_text(REVIEWED)).to_be_visible()
    expect(reader.page.locator(".jp-OutputArea").get_by_role("button")).to_have_count(0)
    see_the_charts(reader)
    assert reader.crashes == []


def see_the_charts(reader: Tab) -> None:
    """The live chart's and the dashboard's, with its words."""
    kept = Chart(reader).kept
    expect(kept).to_be_visible()
    expect(kept).to_have_attribute("alt", "Items a day, as it was drawn last")
    assert kept.evaluate(DIFFERENT_VALUES) > 10, "it is a picture of something"
    board = reader.page.locator(KEPT_BOARD)
    board.scroll_into_view_if_needed()
    expect(board).to_contain_text("Accuracy, as it was last:")
    expect(board).to_contain_text("Accuracy of the model 50.0 %")
    pictures = board.get_by_role("img")
    expect(pictures.first).to_have_attribute("alt", "What is taken for what?")
    for picture in pictures.all():
        expect(picture).to_be_visible()
        assert picture.evaluate(DIFFERENT_VALUES) > 10, "it is a picture of something"


def test_it_holds_no_content(saved: Path) -> None:
    notebook = nbformat.read(saved, as_version=4)
    outputs = str([cell.outputs for cell in notebook.cells if cell.cell_type == "code"])
    assert REVIEWED in outputs
    assert SHOWN not in outputs
    assert "widgets" not in notebook.metadata


@pytest.mark.parametrize("host", ["lab", "notebook"])
def test_opened_again_it_shows_the_summary_until_its_cells_are_run(
    host: Host, saved: Path, open_notebook: Opener
) -> None:
    reader = open_notebook(saved.name, host)
    errors = reader.page.get_by_text("Error displaying widget")
    expect(errors).to_have_count(3)  # ipywidgets has looked for card, chart and dashboard, and found none
    for error in errors.all():
        expect(error).to_be_hidden()
    see_the_summary(reader)
    for cell in range(1, 7):  # the first is empty
        reader.run(cell)
    Card(reader).wait_for_item("t2")
    expect(Card(reader).root).to_be_visible()
    expect(reader.page.get_by_text(REVIEWED)).to_be_hidden()
    Chart(reader).wait_for_bars(3)
    expect(reader.page.locator(".hitl-kept-chart")).to_be_hidden()
    expect(reader.page.locator(KEPT_BOARD)).to_be_hidden()


def test_opened_by_someone_else_it_shows_the_summary(saved: Path, open_notebook: Opener) -> None:
    mailed = saved.with_name("mailed.ipynb")
    notebook = nbformat.read(saved, as_version=4)
    notebook.cells.append(nbformat.v4.new_markdown_cell("As it came by mail: this server does not trust it."))
    nbformat.write(notebook, mailed)
    reader = open_notebook(mailed.name)
    see_the_summary(reader)
    expect(reader.page.locator(".jp-OutputArea").last).not_to_contain_text("Error")


@pytest.mark.parametrize("exporter", [HTMLExporter, MarkdownExporter])
def test_made_into_a_page_it_shows_the_summary(saved: Path, exporter: type[TemplateExporter]) -> None:
    page, _ = exporter().from_filename(str(saved))
    assert REVIEWED in page
    assert "data:image/png;base64" in page


def test_its_page_shows_the_summary_without_a_network(saved: Path, lab: Lab, context: BrowserContext) -> None:
    reader = Tab(context)
    asked = []
    for name in (lab.write_notebook("plain.ipynb", "1"), saved.name):
        page, _ = HTMLExporter().from_filename(str(lab.root / name))
        (lab.root / "page.html").write_text(page)
        reader.page.goto(f"{lab.url}/files/page.html")
        asked.append(sorted(reader.elsewhere))
        reader.elsewhere.clear()
    expect(reader.page.get_by_text(REVIEWED)).to_be_visible()
    expect(reader.page.get_by_role("button")).to_have_count(0)
    see_the_charts(reader)
    assert reader.crashes == []
    assert asked[0] == asked[1], "nbconvert's own template asks for these, and the review for nothing more"
    reader.close()


@pytest.mark.parametrize("host", ["lab", "notebook"])
def test_saved_with_the_state_of_its_widgets_it_shows_the_summary_until_its_cells_are_run(
    host: Host, saved_with_state: Path, open_notebook: Opener
) -> None:
    reader = open_notebook(saved_with_state.name, host)
    # Where another widget has been brought back with its state, the card would have been.
    reader.page.locator(".jp-OutputArea").get_by_text(BROUGHT_BACK).wait_for(timeout=SOON)
    Card(reader).wait_for_paint()
    see_only_the_summary(reader)
    for cell in range(1, 4):
        reader.run(cell)
    Card(reader).wait_for_item("t2")
    expect(reader.page.get_by_text(REVIEWED)).to_be_hidden()


def test_saved_with_the_state_of_its_widgets_and_opened_without_a_kernel_it_shows_the_summary(
    saved_with_state: Path, lab: Lab, context: BrowserContext
) -> None:
    notebook = nbformat.read(saved_with_state, as_version=4)
    notebook.metadata.kernelspec = {"name": "gone", "display_name": "gone", "language": "python"}
    nbformat.write(notebook, lab.root / "without kernel.ipynb")
    NotebookNotary(data_dir=str(lab.folder / "data")).sign(notebook)
    reader = NotebookPage(context, lab)
    reader.page.goto(f"{lab.url}/doc/tree/without kernel.ipynb")
    reader.page.locator(".jp-Dialog").get_by_role("button", name="No Kernel").click(timeout=OPENS_WITHIN)
    # JupyterLab brings no widget back then.
    expect(reader.page.get_by_text("Loading widget...")).to_have_count(4)
    see_only_the_summary(reader)
    reader.close()


def see_only_the_summary(reader: NotebookPage) -> None:
    expect(reader.page.get_by_text(REVIEWED)).to_be_visible()
    expect(reader.page.locator("[data-hitl]")).to_have_count(0)
    expect(reader.page.locator(".jp-OutputArea").get_by_role("button")).to_have_count(0)
    expect(reader.page.locator(".jp-OutputArea").filter(has_text="Fetching")).to_have_count(0)
    see_the_charts(reader)
    assert reader.crashes == []
