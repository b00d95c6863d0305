"""The figures of a review: what each is computed from, drawn and said with, and which items are behind its marks."""

from collections.abc import Mapping
from types import MappingProxyType

from hitl_notebook.figures.accuracy import ACCURACY
from hitl_notebook.figures.agreement import AGREEMENT
from hitl_notebook.figures.calibration import CALIBRATION
from hitl_notebook.figures.course import COURSE
from hitl_notebook.figures.figure import Figure
from hitl_notebook.figures.listing import Charts
from hitl_notebook.figures.reviewed import Reviewed
from hitl_notebook.figures.source import FigureSource

__all__ = ["FIGURES", "Charts", "Figure", "FigureSource", "Reviewed"]

FIGURES: Mapping[str, Figure] = MappingProxyType(
    {figure.name: figure for figure in (*ACCURACY, *CALIBRATION, *AGREEMENT, *COURSE)}
)
"""In the order of their tabs."""
