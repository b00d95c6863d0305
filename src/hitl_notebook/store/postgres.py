"""What a store in PostgreSQL needs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from hitl_notebook.errors import StoreProblem
from hitl_notebook.store.database import shown
from hitl_notebook.store.persistence import PERSISTENCE_SECONDS, pause
from hitl_notebook.store.schema import make_tables, metadata, recognise, store_info

__all__ = ["Postgres"]

_CONNECT_SECONDS = 8
_POOL_SECONDS = 5
# Two transactions in each other's way; a server that ends, has crashed, or is not up yet.
_PASSING = ("40001", "40P01", "57P01", "57P02", "57P03")
_NEW_STORE_LOCK = 0x6869746C  # any number that every process agrees on


class Postgres:
    """A store in the tables of a PostgreSQL database."""

    keeps = True

    def __init__(self, url: sa.URL, patience_seconds: float) -> None:
        self._patience_seconds = patience_seconds
        self._has_connected = False
        self._secrets = [url.password or "", *(str(v) for k, v in url.query.items() if "pass" in k)]
        self.label = shown(url)
        self.name = url.database or "PostgreSQL"
        if url.get_driver_name() != "psycopg":
            url = url.set(drivername="postgresql+psycopg")
        try:
            self.engine = sa.create_engine(
                url,
                pool_pre_ping=True,
                pool_timeout=_POOL_SECONDS,
                hide_parameters=True,
                connect_args={"connect_timeout": _CONNECT_SECONDS},
            )
        except ModuleNotFoundError as error:
            raise StoreProblem(
                "PostgreSQL needs a driver that is not installed.", "pip install 'hitl-notebook[postgres]'"
            ) from error
        sa.event.listen(self.engine, "connect", self._configure)

    def open(self, *, create: bool) -> None:
        with self.engine.begin() as connection:
            # Two processes that find nothing would both make the tables.
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_NEW_STORE_LOCK)))
            if recognise(connection, self.label):
                return
            if not create:
                raise StoreProblem(f"There is no store at {self.label}.", "Check the URL.")
            make_tables(connection)

    def check(self) -> None:
        """A lost server shows itself at the next statement."""

    def caution(self) -> str | None:
        return None

    def begin(self, connection: sa.Connection) -> None:
        # The one row of store_info stands for the end of the log: who has it appends.
        connection.execute(sa.select(store_info.c.store_id).with_for_update())

    def commit(self, connection: sa.Connection) -> None:
        connection.commit()

    def worth_another_try(self, error: BaseException, waited: float) -> bool:
        if not self.is_passing(error) or waited > PERSISTENCE_SECONDS:
            return False
        pause()
        return True

    def is_passing(self, error: BaseException) -> bool:
        if not isinstance(error, sa.exc.DBAPIError):
            return False
        state = _state(error)
        # A connection that cannot be made has no state; one that never could be is for a person to look at.
        is_down = state == "" and self._has_connected and isinstance(error, sa.exc.OperationalError)
        return error.connection_invalidated or state in _PASSING or is_down

    def explain(self, error: BaseException) -> StoreProblem:
        if isinstance(error, sa.exc.TimeoutError):
            return StoreProblem(
                f"All connections to {self.label} that this process may have were in use for {_POOL_SECONDS} seconds.",
                "Wait for what is running, or let fewer threads ask at once, then try again.",
            )
        cause = getattr(error, "orig", error)
        state = _state(error)
        said = " ".join(str(cause).split())
        for secret in filter(None, self._secrets):
            said = said.replace(secret, "…")
        if state == "55P03":
            return StoreProblem(
                f"{self.label} has been locked by another program for {self._patience_seconds:g} seconds.",
                "End the transaction that holds it, then try again.",
            )
        if state in ("42P01", "42703", "3F000"):
            problem = StoreProblem(
                f"{self.label} lacks a table or column that a store has ({said}).", "Restore it from a backup."
            )
            problem.is_damage = True
            return problem
        if state in ("53100", "53200", "53300"):
            return StoreProblem(f"The server of {self.label} is out of room ({said}).", "Make room, then try again.")
        if state in ("42501", "25006"):
            return StoreProblem(
                f"You may not write to {self.label} ({said}).", "Ask for INSERT and SELECT on its tables."
            )
        return StoreProblem(
            f"{self.label} cannot be used ({said}).",
            "Check that the server runs and that user, password and database are right, then try again.",
        )

    def health(self, connection: sa.Connection) -> dict[str, Any]:
        def setting(name: str) -> Any:
            return connection.execute(sa.select(sa.func.current_setting(name))).scalar_one()

        size = sum(
            connection.execute(sa.select(sa.func.pg_total_relation_size(table))).scalar_one()
            for table in metadata.tables
        )
        off = [name for name in ("fsync", "full_page_writes") if setting(name) == "off"]
        return {
            "server_version": setting("server_version"),
            "synchronous_commit": setting("synchronous_commit"),
            "size_bytes": size,
            "integrity": "kept by the server",
            "warnings": [f"The server runs with {name}=off: a power cut may lose decisions." for name in off],
        }

    def files(self) -> Sequence[Path]:
        return ()

    def backup(self, path: Path) -> None:
        raise StoreProblem(f"{self.label} is a database server, which copies its own data.", f"Use pg_dump to {path}.")

    def _configure(self, connection: Any, _record: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = {int(self._patience_seconds * 1000)}")
            # A role or database can have it off; then "saved" would be said too early.
            cursor.execute("SET synchronous_commit = on")
        connection.commit()
        self._has_connected = True


def _state(error: BaseException) -> str:
    """The five characters by which the server names the error; none where no server has spoken."""
    return getattr(getattr(error, "orig", error), "sqlstate", None) or ""
