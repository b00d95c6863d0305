"""A file that appears whole or not at all, and never in place of another."""

import os
from pathlib import Path
from types import TracebackType
from uuid import uuid4

__all__ = ["NewFile", "put_in_place"]


class NewFile:
    """Write to the path that ``with`` gives; on leaving without an error it becomes ``path``.

    Raises
    ------
    FileExistsError
        ``path`` exists, at the latest when it would be put in place.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._draft = path.with_name(f".{path.name[:100]}.{uuid4().hex}.new")

    def __enter__(self) -> Path:
        if os.path.lexists(self._path):
            raise FileExistsError(self._path)
        return self._draft

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                put_in_place(self._draft, self._path)
        finally:
            for leftover in (self._draft, self._draft.with_name(self._draft.name + "-journal")):
                leftover.unlink(missing_ok=True)


def put_in_place(draft: Path, path: Path, *, overwrite: bool = False) -> None:
    """Give a written file its name, for good once this returns.

    Raises
    ------
    FileExistsError
        Something of that name is there, if only since a moment ago, and ``overwrite`` is False.
    """
    if overwrite:
        draft.replace(path)
    else:
        _put_where_nothing_is(draft, path)
    if os.name == "posix":
        directory = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def _put_where_nothing_is(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links: a gap of microseconds remains between looking and renaming.
        if os.path.lexists(path):
            raise FileExistsError(path) from None
        draft.rename(path)
