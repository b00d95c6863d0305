"""What is shown in a notebook: the only room that knows Jupyter."""

from hitl_notebook.widgets.dashboard import Dashboard
from hitl_notebook.widgets.live_chart import LiveChart
from hitl_notebook.widgets.review_card import ReviewCard

__all__ = ["Dashboard", "LiveChart", "ReviewCard"]
