"""One shown column: how a cell becomes a block for the page, whatever the cell holds."""

from abc import ABC, abstractmethod
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from hitl_notebook.errors import InvalidField
from hitl_notebook.fields.visible import visible
from hitl_notebook.missing import is_missing
from hitl_notebook.quoted import quoted

if TYPE_CHECKING:
    from hitl_notebook.protocol import Block

__all__ = ["Field", "Unreadable", "is_list"]


def is_list(cell: Any) -> bool:
    """Whether a cell is a list, a tuple or an array of one dimension or more."""
    return isinstance(cell, list | tuple) or (isinstance(cell, np.ndarray) and cell.ndim > 0)


class Unreadable(Exception):  # caught by Field.block and never seen by a caller
    """A cell that cannot be shown, and why, in words for the reviewer."""


@dataclass(frozen=True)
class Field(ABC):
    """A column and the way it is shown.

    A field of one's own is a subclass with ``read``; the page has to know the block's ``type``.
    """

    column: Any
    wants: ClassVar[str] = "anything"
    """What a cell has to be, for errors."""

    def __post_init__(self) -> None:
        if not isinstance(self.column, Hashable) or self.column is None:
            raise InvalidField(f"{type(self).__name__} takes the name of a column, not {quoted(self.column)}")

    @property
    def columns(self) -> tuple[Any, ...]:
        """The columns whose cells are shown."""
        return (self.column,)

    @property
    def name(self) -> str:
        """What the page calls the field."""
        return visible(str(self.column))

    def block(self, cell: Any, buffers: list[bytes]) -> "Block":
        """The cell as the page shows it; images and heat maps go to the end of ``buffers``.

        Never raises for what a cell holds: a missing cell and one that cannot be shown have blocks of their own.
        """
        if is_missing(cell):
            return {"type": "missing", "field": self.name}
        held = len(buffers)
        try:
            return self.read(cell, buffers)
        except Unreadable as reason:
            message = str(reason)
        except Exception as error:  # a cell's methods are the user's code
            message = f"this {type(cell).__name__} cannot be shown: {type(error).__name__}"
        del buffers[held:]
        return {"type": "unreadable", "field": self.name, "message": visible(message)}

    @abstractmethod
    def read(self, cell: Any, buffers: list[bytes]) -> "Block":
        """The block of a cell that is not missing; raises Unreadable where it cannot be shown."""

    def full_text(self, cell: Any, message: int | None = None) -> str:
        """All of the text that the block may have cut; of a chat that of one message, of a table that of one cell."""
        raise InvalidField(f"{self.name} is shown whole")

    def refused(self, cells: Sequence[Any]) -> dict[int, str]:
        """The rows of a column that are refused at the door, and why; None stands for a missing cell."""
        return {}

    def suits(self, cell: Any) -> bool:
        """Whether a column whose first cells are like this one can be meant for this field."""
        return True
