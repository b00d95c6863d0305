"""One family of errors: each says what was expected, what came, and what to do.

Each is also the built-in error that a caller would reach for, so ``except ValueError`` works as it would elsewhere.

>>> issubclass(MissingColumn, KeyError) and issubclass(MissingColumn, HitlError)
True
"""

__all__ = [
    "BadColumn",
    "BadFrame",
    "BadGuidelines",
    "BadName",
    "BadPlan",
    "BrokenChain",
    "CannotExplain",
    "CannotTrain",
    "Conflict",
    "DemoProblem",
    "ExportExists",
    "FileProblem",
    "HitlError",
    "HitlWarning",
    "InvalidChart",
    "InvalidDecision",
    "InvalidField",
    "InvalidMessage",
    "InvalidTask",
    "InvalidValue",
    "ManifestMismatch",
    "Misaligned",
    "MissingColumn",
    "MissingExtra",
    "NewerContent",
    "NothingToJudge",
    "NothingToTrain",
    "ReviewersDiffer",
    "SessionMismatch",
    "StoreProblem",
    "UnknownChoice",
    "UnknownItem",
]


class HitlError(Exception):
    """Anything that hitl_notebook refuses. ``args``: what is wrong, and what to do where that is told apart."""

    def __str__(self) -> str:
        # KeyError prints the repr of its argument, which turns a sentence into a quoted string.
        return " ".join(str(argument) for argument in self.args)

    @property
    def message(self) -> str:
        """What is wrong."""
        return str(self.args[0])

    @property
    def remedy(self) -> str:
        """What to do; empty where the message says it."""
        return str(self.args[1]) if len(self.args) > 1 else ""


class BadFrame(HitlError, TypeError):
    """What was given as predictions is not a table that can be reviewed."""


class MissingColumn(HitlError, KeyError):
    """A column that was named is not in the frame."""


class BadColumn(HitlError, ValueError):
    """A column's cells cannot be used for what the column was named for."""


class InvalidField(HitlError, ValueError):
    """A field, or the way it is to be shown, cannot be used."""


class InvalidTask(HitlError, ValueError):
    """A task was declared in a way that no decision could satisfy."""


class InvalidValue(HitlError, ValueError):
    """A value is not one that the task allows."""


class BadPlan(HitlError, ValueError):
    """A review plan asks for something that cannot be done."""


class BadGuidelines(HitlError, ValueError):
    """Guidelines are no text, or more than can be sent to a page."""


class BadName(HitlError, ValueError):
    """The name of a reviewer, a session or a model version is blank, too long or not text."""


class InvalidChart(HitlError, ValueError):
    """What is to be drawn live is no chart that can be, or its new data does not say where it belongs."""


class InvalidDecision(HitlError, ValueError):
    """A decision lacks what its action needs, or carries what it may not."""


class InvalidMessage(HitlError, ValueError):
    """A message from a page is not one that this session accepts."""


class Conflict(HitlError, RuntimeError):
    """A change or an undo was made on a state that no longer stands."""


class NewerContent(Conflict):
    """Another notebook has gone on with newer content of an item than the one that this notebook could show."""


class UnknownItem(HitlError, KeyError):
    """An item id that this session does not have."""


class ReviewersDiffer(HitlError, ValueError):
    """Reviewers gave different values and no rule was named to resolve them."""


class SessionMismatch(HitlError, ValueError):
    """The frame or the task does not belong to the session of that name."""


class StoreProblem(HitlError, OSError):
    """The store could not be read or written; nothing was lost."""

    is_passing = False
    """Whether the same may succeed a moment later, as where a connection was dropped."""
    is_damage = False
    """Whether what is there is not what a store holds, as where a table is missing."""


class BrokenChain(HitlError, ValueError):
    """The log in a store is not the one that was written."""


class CannotExplain(HitlError, TypeError):
    """A model, or a part of one, that an explainer cannot explain exactly; it says what to use instead."""


class ExportExists(HitlError, FileExistsError):
    """A file is in the way of an export."""


class DemoProblem(HitlError, RuntimeError):
    """The demo cannot be opened here."""


class FileProblem(HitlError, OSError):
    """A file could not be read or written: what was there before is as it was."""


class MissingExtra(HitlError, ImportError):
    """Something optional is not installed, and the message says how to install it."""


class UnknownChoice(HitlError, ValueError):
    """An option was given a value that is none of those there are."""


class CannotTrain(HitlError, TypeError):
    """An estimator that cannot be fitted or asked in the way that was named."""


class ManifestMismatch(HitlError, ValueError):
    """A training set cannot be made again: a decision, a row or a value is not the one of then."""


class Misaligned(HitlError, ValueError):
    """Rows that do not go with the items of a session: another number, another order, or unknown ids."""


class NothingToJudge(HitlError, ValueError):
    """No data is left on which two models could be compared."""


class NothingToTrain(HitlError, ValueError):
    """No row is left to train on."""


class HitlWarning(UserWarning):
    """Something that works, and that its user should know of."""
