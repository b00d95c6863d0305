"""What every task says of its values; the session, the store and the messages need nothing more."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self, TypeAlias

import numpy as np
import numpy.typing as npt

from hitl_notebook.errors import BadColumn, InvalidValue

Json: TypeAlias = Any  # what json.dumps writes and json.loads reads back equal
Cells: TypeAlias = npt.NDArray[np.object_]  # one Python object a row, None where missing

SHOWN_ROWS = 5  # how many offending rows an error names


class Task(ABC):
    """What a decision may say and how two values compare.

    A task of one's own is a subclass with these methods and an editor of the same ``name`` in ``js/src/editors``.
    Values live in three forms: as the user writes them, canonical (what ``check`` returns, in frames), and as JSON
    (``to_json``: on the wire and in the store).
    """

    name: ClassVar[str]
    """Names the task in the store and its editor in the page."""

    @abstractmethod
    def spec(self) -> dict[str, Json]:
        """Everything needed to build this task again, as strict JSON: kept in the log."""

    @classmethod
    @abstractmethod
    def from_spec(cls, spec: Mapping[str, Json]) -> Self:
        """The task that ``spec`` describes."""

    @abstractmethod
    def check(self, value: Any) -> Any:
        """The canonical form of ``value``; raises InvalidValue, saying what would be right."""

    @abstractmethod
    def to_json(self, value: Any) -> Json:
        """A canonical value as strict JSON."""

    @abstractmethod
    def from_json(self, data: Json) -> Any:
        """The canonical value behind ``data``, which may come from a hostile page; raises InvalidValue."""

    def equal(self, a: Any, b: Any) -> bool:
        """Whether two canonical values say the same."""
        return bool(a == b)

    def editor(self) -> dict[str, Json]:
        """What the page's editor of this task needs to know; ``spec()`` unless that is too much or too little."""
        return self.spec()

    def extends(self, earlier: "Task") -> bool:
        """Whether every decision made under ``earlier`` still holds under this task."""
        return type(self) is type(earlier) and self.spec() == earlier.spec()

    @property
    def outcomes(self) -> Sequence[Any] | None:
        """The canonical values that can have a probability each, in their declared order; None where there are none."""
        return None

    def completed(self, predictions: Cells) -> Self:
        """This task with what the user left out taken from the predictions."""
        return self

    def joined(self, earlier: Self) -> Self:
        """This task going on from ``earlier``, whose decisions stand: what the user left out is kept from there."""
        return self

    def read_predictions(self, cells: Cells, column: str) -> Cells:
        """Every prediction in its canonical form, None where missing; raises BadColumn naming column and rows."""
        checked: Cells = np.full(len(cells), None, dtype=object)
        refused: list[tuple[int, InvalidValue]] = []
        for row, cell in enumerate(cells):
            if cell is None:
                continue
            try:
                checked[row] = self.check(cell)
            except InvalidValue as error:
                refused.append((row, error))
                if len(refused) == SHOWN_ROWS:
                    break
        if refused:
            rows = ", ".join(str(row) for row, _ in refused)
            raise BadColumn(f"column {column!r}, row {rows}: {refused[0][1]}")
        return checked
