"""The place of an explanation that an explainer makes while its reviewer is on the way to the item."""

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from hitl_notebook.errors import InvalidField
from hitl_notebook.fields.detection import explanation_field
from hitl_notebook.fields.field import Field
from hitl_notebook.fields.visible import visible

if TYPE_CHECKING:
    from hitl_notebook.protocol import Block

__all__ = ["AWAITED", "Contrasted", "Explained", "Explainer", "Sides", "Unmade"]

Sides: TypeAlias = tuple[Any, Any]
"""The class that a weight above zero speaks for, and the one that a weight below zero does."""

_WEIGHED = ("token_weights", "contributions", "heat_map")
_LONGEST = 200  # characters of a class


class Explainer(Protocol):
    """Any object that explains rows; those of ``hitl.explain`` are some.

    Where it has ``explain_contrasts(rows)`` too, that is asked instead: the same explanations, each ``Contrasted``.
    """

    def explain(self, rows: Any, /) -> Iterable[Any]:
        """One explanation for each row of a pandas DataFrame, None where there is none."""


@dataclass(frozen=True)
class Unmade:
    """Stands where an explanation would, and says why it is not there."""

    why: str


@dataclass(frozen=True)
class Contrasted:
    """An explanation, and between which classes it weighs; None where it holds a prediction against nothing."""

    explanation: Any
    sides: Sides | None = None


AWAITED = Unmade("The explanation is being made…")


@dataclass(frozen=True, eq=False)
class Explained(Field):
    """What an explainer says of an item; each explanation is shown by its own type, as a column of such would be.

    >>> place = Explained("explanation", explainer=None)
    >>> place.block(AWAITED, [])
    {'type': 'missing', 'field': 'explanation', 'message': 'The explanation is being made…'}
    >>> place.block({"age": 0.1}, [])["type"]
    'contributions'
    >>> place.block(Contrasted({"age": 0.1}, ("ham", "spam")), [])["sides"]
    ['ham', 'spam']
    """

    _: KW_ONLY
    explainer: Any

    @property
    def columns(self) -> tuple[Any, ...]:
        return ()

    def block(self, cell: Any, buffers: list[bytes]) -> "Block":
        if isinstance(cell, Unmade):
            return {"type": "missing", "field": self.name, "message": visible(cell.why)}
        if isinstance(cell, Contrasted):
            block = self.block(cell.explanation, buffers)
            if cell.sides is not None and block["type"] in _WEIGHED:
                block["sides"] = [visible(str(side)[:_LONGEST]) for side in cell.sides]
            return block
        # Nothing speaks for or against it: by its type alone this would be shown as "[]".
        return super().block(None if isinstance(cell, list | tuple | dict) and not cell else cell, buffers)

    def read(self, cell: Any, buffers: list[bytes]) -> "Block":
        return explanation_field(self.column, [cell]).read(cell, buffers)

    def full_text(self, cell: Any, message: int | None = None) -> str:
        if isinstance(cell, Unmade):
            raise InvalidField(cell.why)
        if isinstance(cell, Contrasted):
            return self.full_text(cell.explanation, message)
        return explanation_field(self.column, [cell]).full_text(cell, message)
