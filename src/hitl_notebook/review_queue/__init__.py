"""What is asked and in which order: the plan, the ranking of the items, and every reviewer's queue."""

from hitl_notebook.review_queue.blinding import Blinding
from hitl_notebook.review_queue.draw import ChosenBy, Draw
from hitl_notebook.review_queue.plan import ReviewPlan
from hitl_notebook.review_queue.pool import Pool, Selection
from hitl_notebook.review_queue.queue import ReviewQueue, Standing
from hitl_notebook.review_queue.ranking import ranking, strata

__all__ = [
    "Blinding",
    "ChosenBy",
    "Draw",
    "Pool",
    "ReviewPlan",
    "ReviewQueue",
    "Selection",
    "Standing",
    "ranking",
    "strata",
]
