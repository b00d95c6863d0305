"""A cell that runs until it is told to stop."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser.notebook_page import NotebookPage


@contextmanager
def busy_cell(notebook: NotebookPage, flag: Path) -> Iterator[None]:
    """The kernel runs a cell from beginning to end of the ``with`` block; ``flag`` is a path that is free."""
    cell = notebook.get_under_way(f"import os, time\nwhile not os.path.exists({str(flag)!r}): time.sleep(0.02)")
    try:
        yield
    finally:
        flag.touch()
    notebook.finish(cell)
    flag.unlink()
