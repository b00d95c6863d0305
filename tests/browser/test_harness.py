"""What the other tests rely on to fail: the harness notices what must not happen."""

import pytest

from tests.browser.notebook_page import CellError, NotebookPage


def test_a_request_that_leaves_this_machine_is_stopped_and_noticed(notebook: NotebookPage) -> None:
    reached = notebook.page.evaluate("""() =>
      fetch('http://elsewhere.example/').then(() => true, () => false)""")
    assert not reached
    assert notebook.elsewhere == ["http://elsewhere.example/"]
    notebook.elsewhere.clear()


def test_an_error_in_the_page_is_noticed(notebook: NotebookPage) -> None:
    with notebook.page.expect_event("pageerror"):
        notebook.page.evaluate("() => { setTimeout(() => { throw new Error('on purpose'); }); }")
    assert notebook.crashes == ["on purpose"]
    notebook.crashes.clear()


def test_a_cell_that_raises_is_an_error(notebook: NotebookPage) -> None:
    with pytest.raises(CellError, match="ZeroDivisionError"):
        notebook.run_new("1 / 0")
