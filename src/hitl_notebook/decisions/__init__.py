"""The events of a review, the rule that admits a new one, and the fold that says which of them stand."""

from hitl_notebook.decisions.admission import admit
from hitl_notebook.decisions.event import (
    GENESIS,
    Draft,
    Event,
    canonical_json,
    content_digest,
    event_hash,
    row_hash,
)
from hitl_notebook.decisions.verdicts import Counts, Reprediction, Verdicts

__all__ = [
    "GENESIS",
    "Counts",
    "Draft",
    "Event",
    "Reprediction",
    "Verdicts",
    "admit",
    "canonical_json",
    "content_digest",
    "event_hash",
    "row_hash",
]
