"""Frames into files and back, and decisions that were made elsewhere."""

from hitl_notebook.exchange.frame_file import Written, read_frame, write_frame
from hitl_notebook.exchange.imported import ImportedDecision, read_decisions

__all__ = ["ImportedDecision", "Written", "read_decisions", "read_frame", "write_frame"]
