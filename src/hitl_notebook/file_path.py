"""The path of a file that a caller names."""

import os
from pathlib import Path
from typing import Any

from hitl_notebook.errors import FileProblem
from hitl_notebook.quoted import quoted

__all__ = ["file_path"]


def file_path(what: str, given: Any) -> Path:
    """The path that was given as ``what``, with a home directory in place of a tilde.

    Raises
    ------
    FileProblem
        It is neither text nor a path, or no file can be called so.

    Examples
    --------
    >>> file_path("path", "reviews/decisions.csv").name
    'decisions.csv'
    """
    if not isinstance(given, str | os.PathLike):
        raise FileProblem(f"{what}={quoted(given)} is {type(given).__name__}: a path is text, or one of pathlib's")
    try:
        path = Path(given).expanduser()
        encoded = os.fsencode(path)
    except (TypeError, ValueError, RuntimeError) as error:  # of bytes; half a surrogate pair; nobody of that name
        raise FileProblem(f"{what}={quoted(given)} is no path of a file: {str(error).rstrip('.')}") from None
    if b"\0" in encoded:
        raise FileProblem(f"{what}={quoted(given)} is no path of a file: it holds a NUL character")
    return path
