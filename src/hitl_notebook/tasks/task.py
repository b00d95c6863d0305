"""What every task says of its values; the session, the store and the messages need nothing more."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self, TypeAlias

import numpy as np
import numpy.typing as npt

from hitl_notebook.blank import is_blank
from hitl_notebook.errors import BadColumn, InvalidTask, InvalidValue
from hitl_notebook.quoted import quoted

Json: TypeAlias = Any  # what json.dumps writes and json.loads reads back equal
Cells: TypeAlias = npt.NDArray[np.object_]  # one Python object a row, None where missing

SHOWN_ROWS = 5  # how many offending rows an error names

_TAKEN: set[str] = set()  # the names of the package's own tasks


class Task(ABC):
    """What a decision may say and how two values compare.

    Values live in three forms: as the user writes them, canonical (what ``check`` returns, in frames), and as JSON
    (``to_json``: on the wire and in the store).

    A task of one's own is a subclass, of this class or of one of the package's tasks, with a ``name`` of its own. The
    page edits its values with one of the editors that it has, which is the one named by ``editor_name``:

    ================  ==========================================  ====================================================
    editor            a value as JSON                             what ``editor()`` tells it
    ================  ==========================================  ====================================================
    classification    a text                                      ``labels``: a list of ``value``, and ``key`` or None
    multi_label       a list of texts, in the order of labels     the same
    regression        a number                                    ``unit``, ``step``, ``tolerance``, ``minimum``,
                                                                  ``maximum``, each may be None
    ================  ==========================================  ====================================================

    A subclass of one of these tasks has its editor. Without an editor items are accepted, flagged and skipped in the
    page, and corrected from Python. Whatever the page takes two values for, ``equal`` has the last word.

    A store knows such a task by its name alone: ``ReviewSession.open(store, task=MyTask(...))`` reads it later.
    """

    name: ClassVar[str]
    """Names the task in the store: of its own for every class, since decisions are read by the rules of that name.

    A class is refused (InvalidTask) whose name is blank, or that of a class it is made from or of the package.
    """
    editor_name: ClassVar[str] = ""
    """Names the page's editor of this task."""
    exclusive: ClassVar[bool] = True
    """Whether a value is exactly one of the outcomes, so that their probabilities sum to 1; else each may be a part."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if not hasattr(cls, "name"):
            return
        remedy = f"give it one of its own, as in name = {cls.__name__.lower()!r}"
        if not isinstance(cls.name, str) or is_blank(cls.name):
            raise InvalidTask(f"class {cls.__name__} has the name {quoted(cls.name)}, which is no text: {remedy}")
        is_of_the_package = cls.__module__.startswith(f"{__package__}.")
        taken = {getattr(base, "name", None) for base in cls.__mro__[1:]} | (set() if is_of_the_package else _TAKEN)
        if cls.name in taken:
            raise InvalidTask(
                f"class {cls.__name__} goes by the name {cls.name!r} of another task, under whose rules its decisions "
                f"would be read later: {remedy}"
            )
        if is_of_the_package:
            _TAKEN.add(cls.name)

    @abstractmethod
    def spec(self) -> dict[str, Json]:
        """Everything needed to build this task again, as strict JSON: kept in the log."""

    @classmethod
    @abstractmethod
    def from_spec(cls, spec: Mapping[str, Json]) -> Self:
        """The task that ``spec`` describes."""

    @abstractmethod
    def check(self, value: Any) -> Any:
        """The canonical form of ``value``; raises InvalidValue, saying what would be right.

        It is not None, and has a hash, as figures count values: a tuple rather than a list.
        """

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
        """What can have a probability each, in its declared order; None where there is no such thing."""
        return None

    def outcome_to_json(self, outcome: Any) -> Json:
        """An outcome as strict JSON; as text it is what names it among probabilities."""
        return self.to_json(outcome)

    def most_probable(self, probabilities: npt.NDArray[np.float64]) -> Cells:
        """The canonical value that follows from each row of probabilities, in the order of the outcomes."""
        outcomes = self.outcomes or ()
        return np.fromiter((outcomes[at] for at in probabilities.argmax(axis=1)), dtype=object)

    def completed(self, predictions: Cells) -> Self:
        """This task with what the user left out taken from the predictions."""
        return self

    def joined(self, earlier: Self) -> Self:
        """This task going on from ``earlier``, whose decisions stand: what the user left out is kept from there."""
        return self

    def gaining(self, later: Self) -> Self:
        """This task with what ``later`` adds, which extends it: what a page has of this one stays in its place."""
        return later

    def recorded(self, data: Json) -> Any:
        """The canonical value behind what the log has; that itself, where it was written under a task with more in it.

        Such a value is not lost on a reader whose task does not know it yet.
        """
        try:
            return self.from_json(data)
        except InvalidValue:
            return data

    def recorded_alike(self, a: Json, b: Json) -> bool:
        """Whether two values say the same that the log has."""
        try:
            return self.equal(self.from_json(a), self.from_json(b))
        except InvalidValue:
            return bool(a == b)

    def read_predictions(self, cells: Cells, column: str) -> Cells:
        """Every prediction in its canonical form, None where missing.

        Raises
        ------
        BadColumn
            Names the column and the rows that ``check`` refuses.
        InvalidTask
            Names the column and the row where ``check`` fails, or gives nothing, or what has no hash.
        """
        checked: Cells = np.full(len(cells), None, dtype=object)
        refused: list[tuple[int, InvalidValue]] = []
        for row, cell in enumerate(cells):
            if cell is None:
                continue
            try:
                checked[row] = self._canonical(cell, column, row)
            except InvalidValue as error:
                refused.append((row, error))
                if len(refused) == SHOWN_ROWS:
                    break
        if refused:
            rows = ", ".join(str(row) for row, _ in refused)
            raise BadColumn(f"column {column!r}, row {rows}: {refused[0][1]}")
        return checked

    def _canonical(self, cell: Any, column: str, row: int) -> Any:
        def at_fault(what: str) -> InvalidTask:
            where = f"{quoted(cell)} (column {column!r}, row {row})"
            return InvalidTask(f"{type(self).__name__}.check fails on {where}: {what}")

        try:
            value = self.check(cell)
        except (InvalidValue, InvalidTask):
            raise
        except Exception as error:  # the user's code
            raise at_fault(f"{error!r}. A value that is none is refused by InvalidValue") from error
        if value is None:
            raise at_fault("it gives None, which is no value. It has to return the canonical form")
        try:
            hash(value)
        except TypeError:
            raise at_fault(f"{quoted(value)} has no hash, so it cannot be counted. Give a tuple") from None
        return value
