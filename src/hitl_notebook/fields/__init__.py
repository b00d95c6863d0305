"""What is shown of an item, and how: fields for its content, fields for its explanation."""

from hitl_notebook.fields.chat import Chat
from hitl_notebook.fields.field import Field
from hitl_notebook.fields.heat_map import HeatMap
from hitl_notebook.fields.html import HTML
from hitl_notebook.fields.image import Image
from hitl_notebook.fields.similar import Similar
from hitl_notebook.fields.table import Table
from hitl_notebook.fields.text import Code, Markdown, Text
from hitl_notebook.fields.weights import Contributions, TokenWeights

__all__ = [
    "HTML",
    "Chat",
    "Code",
    "Contributions",
    "Field",
    "HeatMap",
    "Image",
    "Markdown",
    "Similar",
    "Table",
    "Text",
    "TokenWeights",
]
