"""The place of an explanation that an explainer makes while its reviewer is on the way to the item."""

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Any, Protocol

from hitl_notebook.fields.detection import explanation_field
from hitl_notebook.fields.field import Field
from hitl_notebook.fields.visible import visible

if TYPE_CHECKING:
    from hitl_notebook.protocol import Block

__all__ = ["AWAITED", "Explained", "Explainer", "Unmade"]


class Explainer(Protocol):
    """Any object that explains rows; those of ``hitl.explain`` are some."""

    def explain(self, rows: Any, /) -> Iterable[Any]:
        """One explanation for each row of a pandas DataFrame, None where there is none."""


@dataclass(frozen=True)
class Unmade:
    """Stands where an explanation would, and says why it is not there."""

    why: str


AWAITED = Unmade("The explanation is being made…")


@dataclass(frozen=True, eq=False)
class Explained(Field):
    """What an explainer says of an item; each explanation is shown by its own type, as a column of such would be.

    >>> place = Explained("explanation", explainer=None)
    >>> place.block(AWAITED, [])
    {'type': 'missing', 'field': 'explanation', 'message': 'The explanation is being made…'}
    >>> place.block({"age": 0.1}, [])["type"]
    'contributions'
    """

    _: KW_ONLY
    explainer: Any

    @property
    def columns(self) -> tuple[Any, ...]:
        return ()

    def block(self, cell: Any, buffers: list[bytes]) -> "Block":
        if isinstance(cell, Unmade):
            return {"type": "missing", "field": self.name, "message": visible(cell.why)}
        # Nothing speaks for or against it: by its type alone this would be shown as "[]".
        return super().block(None if isinstance(cell, list | tuple | dict) and not cell else cell, buffers)

    def read(self, cell: Any, buffers: list[bytes]) -> "Block":
        return explanation_field(self.column, [cell]).read(cell, buffers)

    def full_text(self, cell: Any, message: int | None = None) -> str:
        return explanation_field(self.column, [cell]).full_text(cell, message)
