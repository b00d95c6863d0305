"""Frames into files and back, and decisions that were made elsewhere."""

from hitl_notebook.exchange.frame_file import Written, read_frame, write_frame
from hitl_notebook.exchange.imported import ImportedDecision, not_taken, read_decisions

__all__ = ["ImportedDecision", "Written", "not_taken", "read_decisions", "read_frame", "write_frame"]
