"""What is asked and in which order: the plan, the ranking of the items, and every reviewer's queue."""

from hitl_notebook.review_queue.blinding import Blinding
from hitl_notebook.review_queue.draw import ChosenBy, Draw
from hitl_notebook.review_queue.plan import ReviewPlan
from hitl_notebook.review_queue.pool import Pool, Selection
from hitl_notebook.review_queue.queue import ReviewQueue, Standing
from hitl_notebook.review_queue.ranking import ranking, strata
from hitl_notebook.review_queue.reach import DrawnUnder, Reach, Sources, reach_of

__all__ = [
    "Blinding",
    "ChosenBy",
    "Draw",
    "DrawnUnder",
    "Pool",
    "Reach",
    "ReviewPlan",
    "ReviewQueue",
    "Selection",
    "Sources",
    "Standing",
    "ranking",
    "reach_of",
    "strata",
]
