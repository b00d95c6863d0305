"""A server, a Chromium and an open notebook a host for all tests of a process, each of which has its own store."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, expect, sync_playwright

from tests.browser.chromium import ARGUMENTS, installed_chromium
from tests.browser.kernelspec import ipykernel_6
from tests.browser.lab import Lab
from tests.browser.notebook_page import Host, NotebookPage
from tests.browser.tab import SOON
from tests.machine import lacks

expect.set_options(timeout=SOON)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(__file__.removesuffix("conftest.py")):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    executable = installed_chromium()
    if executable is None:
        lacks("NO CHROMIUM: no browser test can run; install one, or name it in CHROME")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with Lab(tmp_path_factory.mktemp("lab")) as server:
        server.add_kernel("python6", *ipykernel_6())
        yield server


@pytest.fixture(scope="session")
def context(chromium: Browser) -> Iterator[BrowserContext]:
    window = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield window
    window.close()


@pytest.fixture(scope="session", params=["lab"])
def shared_notebook(context: BrowserContext, lab: Lab, request: pytest.FixtureRequest) -> Iterator[NotebookPage]:
    notebook = NotebookPage(context, lab, host=request.param)
    notebook.open(lab.write_notebook(f"shared in {request.param}.ipynb"))
    yield notebook
    notebook.close()


# Cards of tests before: a page that is reloaded asks the kernel for the state of every widget there is.
_CLOSE_ALL = """
from ipywidgets.widgets.widget import _instances
for widget in list(_instances.values()):
    widget.close()
print('ready')
"""


@pytest.fixture
def notebook(shared_notebook: NotebookPage) -> Iterator[NotebookPage]:
    """The shared notebook in front, without cells; whatever a test asked of the network or broke in it fails it."""
    shared_notebook.bring_to_front()
    try:
        shared_notebook.clear()
        shared_notebook.printed(_CLOSE_ALL)
    except (AssertionError, Error):
        shared_notebook.reload()
    shared_notebook.clear()
    shared_notebook.crashes.clear()
    shared_notebook.elsewhere.clear()
    yield shared_notebook
    shared_notebook.page.set_viewport_size({"width": 1280, "height": 900})
    assert shared_notebook.crashes == []
    assert shared_notebook.elsewhere == []


@pytest.fixture
def open_notebook(context: BrowserContext, lab: Lab) -> Iterator[Callable[..., NotebookPage]]:
    """Opens a notebook of the server in a tab of its own, closed after the test."""
    opened: list[NotebookPage] = []

    def open_one(name: str, host: Host = "lab") -> NotebookPage:
        notebook = NotebookPage(context, lab, host=host)
        opened.append(notebook)
        notebook.open(name)
        return notebook

    yield open_one
    for notebook in opened:
        notebook.shut_kernel_down()
        notebook.close()
