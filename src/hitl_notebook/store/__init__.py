"""Where the log of decisions is kept: the only room that knows SQL."""

from hitl_notebook.store.rows import Drawn, SessionRow
from hitl_notebook.store.store import Store
from hitl_notebook.store.writer import Writer

__all__ = ["Drawn", "SessionRow", "Store", "Writer"]
