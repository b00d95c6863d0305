"""What a notebook keeps of a review for readers without a kernel."""

import html

from hitl_notebook.session import Review

__all__ = ["kept_summary"]

# In a trusted notebook whose kernel is another one, ipywidgets puts "model not found" where the card was.
_NO_ERROR_ABOVE = (
    "<style>.jp-OutputArea-child:has(> .jupyter-widgets):not(:has(> .jupyter-widgets > *))"
    ":has(+ .jp-OutputArea-child .hitl-kept-summary){display:none}</style>"
)


def kept_summary(review: Review, reviewer: str) -> dict[str, str]:
    """How far the review is, by MIME type: as plain text, and as HTML that the card's own style hides."""
    progress = review.progress(reviewer)
    words = [
        f"Review “{review.row.name}” in {review.store.name}, reviewer {reviewer}.",
        f"When this cell was run, {progress['reviewed']:,} of {progress['total']:,} items had been reviewed: "
        f"{progress['accepted']:,} accepted, {progress['corrected']:,} corrected, {progress['flagged']:,} flagged.",
        "Run the cell with a kernel to go on reviewing; session.decisions has what was decided.",
    ]
    paragraphs = "".join(f"<p>{html.escape(word)}</p>" for word in words)
    return {
        "text/plain": "\n".join(words),
        "text/html": f'{_NO_ERROR_ABOVE}<div class="hitl-kept-summary">{paragraphs}</div>',
    }
