"""The colours of marks: told apart on a white page, on a dark one, and by the colour-blind.

From Okabe and Ito (2008), Color Universal Design; Wong (2011), Nature Methods 8:441: those of their eight that keep a
contrast of 3 on white and on #111, the blue made lighter for the dark. Text, axes and grounds have no colour here:
they are the page's.
"""

__all__ = ["BLUE", "GREEN", "QUIET", "VERDICTS", "VERMILION"]

BLUE = "#2b83c6"
VERMILION = "#d55e00"
GREEN = "#009e73"
QUIET = "#7f7f7f"
"""What is there to compare with: a diagonal, a limit, a total."""

VERDICTS = {"accept": GREEN, "correct": BLUE, "flag": VERMILION}
"""As on the review card."""
