"""Reviewers made of a few probabilities, for teaching and for tests: they decide as people do, by the same path."""

from hitl_notebook.simulate.reviewer import Reviewer
from hitl_notebook.simulate.sittings import review

__all__ = ["Reviewer", "review"]
