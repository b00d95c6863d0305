"""A file that appears whole or not at all: what was there before stays until then."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from stat import S_IMODE
from uuid import uuid4

from hitl_notebook.errors import ExportExists, FileProblem
from hitl_notebook.new_file import put_in_place

__all__ = ["check_place", "write_whole"]


def check_place(path: Path, *, overwrite: bool) -> None:
    """Refuse early what ``write_whole`` would refuse late: a directory, or a file in the way."""
    if path.is_dir():
        raise FileProblem(f"{path} is a directory: name the file in it")
    if not overwrite and os.path.lexists(path):
        raise _in_the_way(path)


def write_whole(path: Path, chunks: Iterable[bytes], *, overwrite: bool) -> str:
    """Write a file and return its SHA-256 in hex; its bytes are on disk before its name is, and both on return.

    Raises
    ------
    ExportExists
        Something of that name is there, if only since a moment ago, and ``overwrite`` is False.
    FileProblem
        The directory is missing, the disk is full, writing is not allowed. Nothing has changed.
    """
    check_place(path, overwrite=overwrite)
    draft = path.with_name(f".{path.name[:40]}.{uuid4().hex}.new")
    try:
        sha256 = _write(draft, chunks)
        if overwrite and path.exists():
            draft.chmod(S_IMODE(path.stat().st_mode))
        put_in_place(draft, path, overwrite=overwrite)
    except FileExistsError:
        raise _in_the_way(path) from None
    except FileProblem:
        raise
    except OSError as error:
        why = error.strerror or error
        raise FileProblem(f"{path} was not written ({why}); what was there before is as it was") from error
    finally:
        draft.unlink(missing_ok=True)
    return sha256


def _write(draft: Path, chunks: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    with draft.open("xb") as file:
        for chunk in chunks:
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _in_the_way(path: Path) -> ExportExists:
    return ExportExists(f"{path} exists: choose another name, or replace it with overwrite=True")
