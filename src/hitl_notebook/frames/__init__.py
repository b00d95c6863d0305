"""The log as DataFrames."""

from hitl_notebook.frames.decision_rows import VALUES
from hitl_notebook.frames.decision_table import DECISION_COLUMNS, DecisionTable, Standing
from hitl_notebook.frames.log_frame import LOG_COLUMNS, log_frame

__all__ = ["DECISION_COLUMNS", "LOG_COLUMNS", "VALUES", "DecisionTable", "Standing", "log_frame"]
