"""What the store needs of a database beyond SQL, and which database a target names."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa

from hitl_notebook.errors import FileProblem, StoreProblem
from hitl_notebook.file_path import file_path

__all__ = ["Database", "database_for", "shown"]


class Database(Protocol):
    """One database: its engine, how a write begins and ends there, and what its errors mean."""

    label: str
    name: str
    keeps: bool
    engine: sa.Engine

    def open(self, *, create: bool) -> None:
        """Check what is there, make a new store where nothing is, and get the engine ready."""

    def check(self) -> None:
        """Raise StoreProblem when what was opened is no longer there."""

    def caution(self) -> str | None:
        """What a user should know of where the store is kept before trusting it with much; None where nothing is."""

    def begin(self, connection: sa.Connection) -> None:
        """Start a transaction that no other writer overlaps."""

    def commit(self, connection: sa.Connection) -> None:
        """End it; on return it is on disk."""

    def worth_another_try(self, error: BaseException, waited: float) -> bool:
        """Whether a read failed for a reason that passes and was not tried for long yet; pauses if so."""

    def is_passing(self, error: BaseException) -> bool:
        """Whether a write that failed so may succeed a moment later."""

    def explain(self, error: BaseException) -> StoreProblem:
        """What failed and what to do, without secrets."""

    def health(self, connection: sa.Connection) -> dict[str, Any]:
        """What a person wants to know of this database."""

    def files(self) -> Sequence[Path]:
        """The files that it is kept in, those beside it included that are there at times only; none on a server."""

    def backup(self, path: Path) -> None:
        """A consistent copy in a new file."""


def database_for(target: str | os.PathLike[str] | sa.URL, patience_seconds: float) -> Database:
    """The database that a path, a SQLAlchemy URL or ``":memory:"`` names."""
    from hitl_notebook.store.postgres import Postgres
    from hitl_notebook.store.sqlite import SQLiteFile, SQLiteMemory

    if isinstance(target, str) and target != ":memory:" and "://" in target:
        try:
            target = sa.make_url(target)
        except (sa.exc.ArgumentError, ValueError):
            # The error would quote the URL, password and all.
            raise StoreProblem(
                "The store's URL cannot be read.",
                "Write it as sqlite:///reviews.db or postgresql://user@host/database, or give a path.",
            ) from None
    if isinstance(target, sa.URL):
        backend = target.get_backend_name()
        if backend in ("postgresql", "postgres"):
            return Postgres(target, patience_seconds)
        if backend != "sqlite":
            raise StoreProblem(
                f"A store cannot be kept in {backend}.", "Use a SQLite file (a path) or PostgreSQL (postgresql://…)."
            )
        target = target.database or ":memory:"
    if target == ":memory:":
        return SQLiteMemory()
    try:
        path = file_path("store", target)
    except FileProblem as problem:
        raise StoreProblem(f"{problem}.", "Give a path, a SQLAlchemy URL or ':memory:'.") from None
    return SQLiteFile(path.absolute(), patience_seconds)


def shown(target: str | os.PathLike[str] | sa.URL) -> str:
    """A target as it may be shown to people: a URL without passwords.

    Examples
    --------
    >>> shown("postgresql://ada:s3cret@host/reviews?sslmode=require")
    'postgresql://ada@host/reviews?sslmode=require'
    """
    if isinstance(target, str) and "://" in target:
        try:
            target = sa.make_url(target)
        except (sa.exc.ArgumentError, ValueError):
            return "the store"
    if not isinstance(target, sa.URL):
        return str(target)
    query = {key: value for key, value in target.query.items() if "pass" not in key}
    return target._replace(password=None).set(query=query).render_as_string()
