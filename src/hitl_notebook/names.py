"""Names of reviewers, sessions and model versions."""

import getpass
import os
import unicodedata

from hitl_notebook.blank import is_blank
from hitl_notebook.errors import BadName

__all__ = ["reviewer_name", "session_name", "version_name"]

_LONGEST = 256
_EXAMPLES = {"reviewer": "ada", "name": "second look", "model_version": "v2"}


def reviewer_name(name: str | None = None) -> str:
    """The reviewer's name as it is stored: trimmed, NFC; left out: the JupyterHub user, or the login name.

    Raises
    ------
    BadName
        Blank, longer than 256 characters, with control characters, or not text.

    Examples
    --------
    >>> reviewer_name("  Ada ")
    'Ada'
    """
    if name is None:
        name = os.environ.get("JUPYTERHUB_USER") or _login_name()
    return _checked_name("reviewer", name)


def session_name(name: str) -> str:
    """A session's name as it is stored: trimmed, NFC.

    Raises
    ------
    BadName
        Blank, longer than 256 characters, with control characters, or not text.
    """
    return _checked_name("name", name)


def version_name(name: str | None) -> str | None:
    """A model version's name as it is stored: trimmed, NFC; None where it was left out.

    Raises
    ------
    BadName
        Blank, longer than 256 characters, with control characters, or not text.
    """
    return None if name is None else _checked_name("model_version", name)


def _checked_name(what: str, name: str) -> str:
    if not isinstance(name, str):
        raise BadName(f"{what}={name!r} is {type(name).__name__}: a name is text, as in {what}={_EXAMPLES[what]!r}")
    trimmed = unicodedata.normalize("NFC", name.strip())
    if is_blank(trimmed):
        raise BadName(f"{what} is blank: give a name, as in {what}={_EXAMPLES[what]!r}")
    if len(trimmed) > _LONGEST:
        raise BadName(f"{what} has {len(trimmed)} characters: at most {_LONGEST}")
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in trimmed):
        raise BadName(f"{what}={trimmed!r} has control characters: leave them out")
    return trimmed


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user id without a name
        return "reviewer"
