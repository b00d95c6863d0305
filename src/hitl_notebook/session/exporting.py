"""What an export holds in place of values, and what it has no row for."""

from typing import TypedDict

import pandas as pd

from hitl_notebook.items import Items

__all__ = ["ExportCounts", "export_counts"]


class ExportCounts(TypedDict):
    """Counts by the names of ``exchange.Written``."""

    flagged: int
    undecided: int
    unreviewed: int | None


def export_counts(what: str, frame: pd.DataFrame, items: Items | None) -> ExportCounts:
    """Count the rows of exported decisions or labels that have no value, and the items without a row.

    A log has a row for every event, and nothing of it is left out: there is nothing to count.
    """
    if what == "log":
        return ExportCounts(flagged=0, undecided=0, unreviewed=None)
    if what == "decisions":
        flagged, undecided = int((frame["action"] == "flag").sum()), 0
    else:
        lacks_value, has_votes = frame["value"].isna(), frame["reviewers"] > 0
        flagged, undecided = int((lacks_value & ~has_votes).sum()), int((lacks_value & has_votes).sum())
    unreviewed = None
    if items is not None:
        reviewed = {items.find(item_id) for item_id in frame["item_id"]} - {None}
        unreviewed = len(items) - len(reviewed)
    return ExportCounts(flagged=flagged, undecided=undecided, unreviewed=unreviewed)
