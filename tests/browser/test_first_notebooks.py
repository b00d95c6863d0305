"""The notebooks that a newcomer opens, in each host as the README opens them: run, decided by key, stored."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import BrowserContext

import hitl_notebook as hitl
from tests.browser.card import Card
from tests.browser.lab import Lab
from tests.browser.marimo_page import MarimoPage
from tests.browser.marimo_server import MarimoServer
from tests.browser.notebook_page import NotebookPage
from tests.browser.tab import Tab

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
REVIEWS = {
    "01_review_digits": ("digits-reviews.db", "digits"),
    "02_review_texts": ("docstring-reviews.db", "docstrings"),
    "03_review_table": ("cancer-reviews.db", "cancer"),
    "04_review_chat": ("answer-reviews.db", "answers"),
}
COMES_WITHIN = 90_000  # milliseconds: models are trained on the way

_RUN_ALL = "() => void window.jupyterapp.commands.execute('notebook:run-all-cells')"

# Every one in every host by -m campaign; these in each run, beside the first one, which the demo opens in JupyterLab.
SHORT = {("02_review_texts", "notebook"), ("03_review_table", "marimo")}
of_each_kind = pytest.mark.parametrize(
    ("name", "host"),
    [
        pytest.param(name, host, marks=() if (name, host) in SHORT else pytest.mark.campaign)
        for name in REVIEWS
        for host in ("lab", "notebook", "marimo")
    ],
)


@of_each_kind
def test_a_newcomer_reviews_by_key_what_a_notebook_has_predicted(
    name: str, host: str, context: BrowserContext, lab: Lab, tmp_path: Path
) -> None:
    opened = in_marimo(name, context, tmp_path) if host == "marimo" else in_jupyter(name, host, context, lab)
    with opened as (tab, folder):
        decided = decide_some(tab)
    store, session_name = REVIEWS[name]
    with hitl.ReviewSession.open(folder / store, name=session_name) as session:
        decisions = session.decisions
    assert list(map(str, decisions["item_id"])) == decided
    assert set(decisions["action"]) == {"accept"}


@contextmanager
def in_jupyter(name: str, host: str, context: BrowserContext, lab: Lab) -> Iterator[tuple[Tab, Path]]:
    """A tab in which all cells have been started, and the folder in which they run."""
    folder = lab.root / f"{name} in {host}"
    folder.mkdir()
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    notebook.metadata["kernelspec"] = {"name": "python7", "display_name": "python7", "language": "python"}
    nbformat.write(notebook, folder / "notebook.ipynb")
    page = NotebookPage(context, lab, host="lab" if host == "lab" else "notebook")
    page.open(f"{folder.name}/notebook.ipynb")
    page.page.evaluate(_RUN_ALL)
    yield page, folder
    page.shut_kernel_down()
    page.close()


@contextmanager
def in_marimo(name: str, context: BrowserContext, place: Path) -> Iterator[tuple[Tab, Path]]:
    """The same of the notebook that marimo makes of it."""
    with MarimoServer(place / "marimo", converted=NOTEBOOKS / f"{name}.ipynb") as server:
        page = MarimoPage(context, server)
        page.open()
        yield page, server.root
        page.close()


def decide_some(tab: Tab) -> list[str]:
    """Three items by keyboard, of which the second is decided and taken back; the two whose decisions stand."""
    card = Card(tab)
    card.item.wait_for(timeout=COMES_WITHIN)
    card.focus()
    card.wait_for_paint()
    first, second = card.press("a", "a")
    tab.page.keyboard.press("u")
    card.wait_for_item(second)
    card.press("s")
    (third,) = card.press("a")
    card.wait_until_saved()
    assert tab.crashes == []
    return [first, third]
