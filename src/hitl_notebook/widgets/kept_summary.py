"""What a notebook keeps of a review for readers without a kernel."""

from hitl_notebook.session import Review

__all__ = ["kept_summary"]


def kept_summary(review: Review, reviewer: str) -> list[str]:
    """How far the review is, a paragraph each; no content."""
    progress = review.progress(reviewer)
    return [
        f"Review “{review.row.name}” in {review.store.name}, reviewer {reviewer}.",
        f"When this cell was run, {progress['reviewed']:,} of {progress['total']:,} items had been reviewed: "
        f"{progress['accepted']:,} accepted, {progress['corrected']:,} corrected, {progress['flagged']:,} flagged.",
        "Run the cell with a kernel to go on reviewing; session.decisions has what was decided.",
    ]
