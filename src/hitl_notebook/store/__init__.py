"""Where the log of decisions is kept: the only room that knows SQL."""

from hitl_notebook.store.checkpoint import Checkpoint
from hitl_notebook.store.rows import Drawn, SessionRow
from hitl_notebook.store.store import Store
from hitl_notebook.store.verify import Verification, note_failure, verify, write_checkpoint
from hitl_notebook.store.writer import Writer

__all__ = [
    "Checkpoint",
    "Drawn",
    "SessionRow",
    "Store",
    "Verification",
    "Writer",
    "note_failure",
    "verify",
    "write_checkpoint",
]
