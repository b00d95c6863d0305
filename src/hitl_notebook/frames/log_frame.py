"""Every event of a log as a DataFrame."""

from collections.abc import Iterable

import pandas as pd

from hitl_notebook.decisions import Event
from hitl_notebook.frames.columns import times

__all__ = ["LOG_COLUMNS", "log_frame"]

LOG_COLUMNS = (
    "seq",
    "recorded_at",
    "kind",
    "reviewer",
    "item_id",
    "action",
    "value",
    "replaces",
    "event_id",
    "record",
    "content",
)


def log_frame(events: Iterable[Event]) -> pd.DataFrame:
    """Every event, one row each, in the order of the log; ``record`` and ``content`` hold what has no column."""
    rows = [
        {
            "seq": event.seq,
            "recorded_at": event.recorded_at,
            "kind": event.kind,
            "reviewer": event.reviewer,
            "item_id": event.item_id,
            "action": event.record.get("action"),
            "value": (event.content or {}).get("value"),
            "replaces": event.record.get("replaces"),
            "event_id": event.event_id,
            "record": event.record,
            "content": event.content,
        }
        for event in events
    ]
    frame = pd.DataFrame(rows, columns=list(LOG_COLUMNS))
    frame["recorded_at"] = times(frame["recorded_at"].tolist())
    return frame
