"""The session: the one place where items, queue, store, widget and frames meet."""

from hitl_notebook.session.drafts import Claims, Remarks
from hitl_notebook.session.ending import reviewed_accuracy
from hitl_notebook.session.review import Review, Seen
from hitl_notebook.session.review_session import ReviewSession
from hitl_notebook.session.version_update import VersionUpdate

__all__ = ["Claims", "Remarks", "Review", "ReviewSession", "Seen", "VersionUpdate", "reviewed_accuracy"]
