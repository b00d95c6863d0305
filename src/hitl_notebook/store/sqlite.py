"""What a store in a SQLite file needs: durable commits, fair waiting, and words for what can go wrong.

Rollback journal (TRUNCATE) and synchronous=FULL: a commit returns after the file and its journal are synced. Not WAL:
SQLite 3.7.0 to 3.51.2 can lose committed writes there when two connections write and checkpoint at once, and WAL never
works over a network. For people's decisions the difference of about 2 ms does not matter.
"""

import os
import random
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep
from typing import Any, TypeVar
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.pool import NullPool, QueuePool, StaticPool

from hitl_notebook.errors import ExportExists, StoreProblem
from hitl_notebook.new_file import NewFile
from hitl_notebook.store.file_system import file_system, is_network
from hitl_notebook.store.schema import make_tables, recognise

__all__ = ["SQLiteFile", "SQLiteMemory", "has_wal_reset_bug"]

T = TypeVar("T")

_LONGEST_PAUSE_SECONDS = 0.01
_SHORTEST_PAUSE_SECONDS = 0.0005
_SETTINGS = ("PRAGMA synchronous=FULL", "PRAGMA fullfsync=ON", "PRAGMA foreign_keys=ON")


def has_wal_reset_bug(version: tuple[int, ...]) -> bool:
    """Whether this SQLite can lose commits in WAL mode when connections write and checkpoint at once.

    Examples
    --------
    >>> [has_wal_reset_bug(v) for v in [(3, 40, 1), (3, 44, 6), (3, 50, 6), (3, 50, 7), (3, 51, 2), (3, 51, 3)]]
    [True, False, True, False, True, False]
    """
    fixed = (3, 44, 6) <= version < (3, 45) or (3, 50, 7) <= version < (3, 51)
    return (3, 7, 0) <= version <= (3, 51, 2) and not fixed


def _code(error: BaseException) -> int:
    cause = getattr(error, "orig", error)
    return int(getattr(cause, "sqlite_errorcode", None) or sqlite3.SQLITE_ERROR)


def _is_busy(error: BaseException) -> bool:
    return _code(error) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _pause(waited: float) -> None:
    # SQLite's own busy handler sleeps longer the longer one has waited, so newcomers overtake and some wait for
    # seconds. Here whoever has waited longer asks more often.
    longest = max(_SHORTEST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS * (1 - waited))
    sleep(random.uniform(0, longest))


def _patiently(action: Callable[[], T], patience_seconds: float) -> T:
    began = monotonic()
    while True:
        try:
            return action()
        except sqlite3.OperationalError as error:
            waited = monotonic() - began
            if not _is_busy(error) or waited > patience_seconds:
                raise
        _pause(waited)


class SQLiteFile:
    """A store in a file."""

    keeps = True

    def __init__(self, path: Path, patience_seconds: float) -> None:
        self.path = path
        self.label = str(path)
        self.name = path.name
        self._patience_seconds = patience_seconds
        self._identity: tuple[int, int] | None = None
        # A connection is in one thread's hands at a time; there are as many as threads that ask at once.
        self.engine = sa.create_engine(
            "sqlite://", creator=self._connect, poolclass=QueuePool, max_overflow=-1, hide_parameters=True
        )

    def open(self, *, create: bool) -> None:
        if not os.path.lexists(self.path):
            if not create:
                raise StoreProblem(f"There is no store at {self.path}.", "Check the path.")
            self._make()
        status = self._status()
        if not self.path.is_file():
            raise StoreProblem(f"{self.path} is not a file.", "Name a file for the store.")
        if status.st_size == 0:
            raise StoreProblem(
                f"{self.path} is empty, and a store never is: it was cut off, or made by something else.",
                "Restore it from a backup; or delete the empty file, and a new store is made there.",
            )
        self._identity = (status.st_dev, status.st_ino)
        # Looked at before the journal mode is set, which would write into a file that is not ours.
        probe = sa.create_engine("sqlite://", creator=self._bare_connection, poolclass=NullPool)
        with probe.connect() as connection:
            if not recognise(connection, self.label):
                raise StoreProblem(
                    f"{self.path} is an empty database, not a store of hitl_notebook.",
                    "Name another file, or delete this one, and a new store is made there.",
                )

    def check(self) -> None:
        status = self._status()
        if (status.st_dev, status.st_ino) != self._identity:
            raise StoreProblem(
                f"{self.path} was replaced by another file while it was in use.",
                "Put the original file back; or run the cell again to go on with the one that is there now.",
            )

    def begin(self, connection: sa.Connection) -> None:
        driver = _driver(connection)
        _patiently(lambda: driver.execute("BEGIN IMMEDIATE"), self._patience_seconds)
        self.check()

    def commit(self, connection: sa.Connection) -> None:
        driver = _driver(connection)
        _patiently(lambda: driver.execute("COMMIT"), self._patience_seconds)
        # A file that was taken away in between has taken the commit with it.
        self.check()

    def worth_another_try(self, error: BaseException, waited: float) -> bool:
        if not _is_busy(error) or waited > self._patience_seconds:
            return False
        _pause(waited)
        return True

    def is_passing(self, error: BaseException) -> bool:
        return False  # a writer has waited for the others already

    def explain(self, error: BaseException) -> StoreProblem:
        code = _code(error)
        said = str(getattr(error, "orig", error))
        try:
            self._status()
        except StoreProblem as gone:
            return gone
        match code & 0xFF:
            case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
                what = f"{self.path} has been locked by another program for {self._patience_seconds:g} seconds."
                remedy = "Close the program that holds it (a database browser, a stuck notebook), then try again."
                if is_network(kind := file_system(self.path)):
                    remedy += (
                        f" Where there is none, the network file system ({kind}) gives no locks: use a local disk."
                    )
            case sqlite3.SQLITE_FULL:
                what = f"The disk that holds {self.path} is full."
                remedy = "Free some space, then try again."
            case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
                what = f"{self.path} cannot be written: the file or its directory is read-only."
                remedy = "Give yourself write permission for both, then try again."
            case sqlite3.SQLITE_CANTOPEN:
                what = f"{self.path} or the journal beside it cannot be opened."
                remedy = "Check that you may read and write both the file and its directory, then try again."
            case sqlite3.SQLITE_NOTADB:
                what = f"{self.path} is not a SQLite database, or its beginning is damaged."
                remedy = "It was left as it is. Name another file, or restore this one from a backup."
            case sqlite3.SQLITE_CORRUPT:
                what = f"{self.path} is damaged ({said})."
                remedy = (
                    "It was left as it is. Restore it from a backup; `hitl-notebook verify` says how far it is good."
                )
            case sqlite3.SQLITE_IOERR | sqlite3.SQLITE_PROTOCOL:
                kind = file_system(self.path)
                what = f"The file system ({kind or 'unknown'}) failed while {self.path} was in use ({said})."
                remedy = "Move the store to a local disk if it lies on a network; check the disk, then try again."
            case _:
                what = f"{self.path} cannot be used as a store ({said})."
                remedy = "It was left as it is. Restore it from a backup, or name another file."
        problem = StoreProblem(what, remedy)
        problem.is_damage = code & 0xFF in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
        return problem

    def caution(self) -> str | None:
        kind = file_system(self.path)
        if not is_network(kind):
            return None
        return (
            f"The store lies on a network file system ({kind}), whose locks and syncs may not hold what they "
            "promise: keep it on a local disk, or use PostgreSQL."
        )

    def health(self, connection: sa.Connection) -> dict[str, Any]:
        journal_mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
        synchronous = connection.exec_driver_sql("PRAGMA synchronous").scalar_one()
        integrity = connection.exec_driver_sql("PRAGMA integrity_check(5)").scalars().all()
        caution = self.caution()
        warnings = [] if caution is None else [caution]
        if not os.access(self.path, os.W_OK) or not os.access(self.path.parent, os.W_OK):
            warnings.append("The store or its directory is read-only: decisions cannot be stored.")
        return {
            "journal_mode": journal_mode,
            "journal_mode_reason": "TRUNCATE is not touched by SQLite's WAL-reset bug and needs no shared memory",
            "synchronous": {0: "OFF", 1: "NORMAL", 2: "FULL", 3: "EXTRA"}[synchronous],
            "sqlite_version": sqlite3.sqlite_version,
            "sqlite_has_wal_reset_bug": has_wal_reset_bug(sqlite3.sqlite_version_info),
            "file_system": file_system(self.path),
            "size_bytes": self._status().st_size,
            "integrity": "; ".join(integrity),
            "warnings": warnings,
        }

    def files(self) -> Sequence[Path]:
        real = self.path.resolve()  # SQLite follows links too
        return [real.with_name(real.name + end) for end in ("", "-journal", "-wal", "-shm")]

    def backup(self, path: Path) -> None:
        with self.engine.connect() as connection:
            _copy(_driver(connection), path, self._patience_seconds)

    def _make(self) -> None:
        """Make the store apart and put it in place whole: killed halfway, it leaves no half-made store."""
        try:
            with NewFile(self.path) as new:
                engine = sa.create_engine("sqlite://", creator=lambda: sqlite3.connect(new), poolclass=NullPool)
                with engine.begin() as connection:
                    connection.exec_driver_sql("PRAGMA synchronous=FULL")
                    make_tables(connection)
        except FileExistsError:
            return  # someone else was faster: theirs is the store
        except (OSError, sa.exc.DBAPIError) as error:
            raise StoreProblem(
                f"No store can be made at {self.path} ({getattr(error, 'strerror', None) or 'cannot write there'}).",
                "Check that the directory exists, that you may write there, and that the disk is not full.",
            ) from error

    def _bare_connection(self) -> sqlite3.Connection:
        # mode=rw: a file that was deleted is missed, not made anew. The name goes in as it is, bytes included.
        uri = f"file:{quote(os.fsencode(self.path))}?mode=rw"
        return sqlite3.connect(uri, uri=True, timeout=0, isolation_level=None, check_same_thread=False)

    def _connect(self) -> sqlite3.Connection:
        connection = self._bare_connection()

        def configured() -> Any:
            for setting in _SETTINGS:
                connection.execute(setting)
            return connection.execute("PRAGMA journal_mode=TRUNCATE").fetchone()

        # Settings read the file's schema, so a writer can be in their way too.
        mode = _patiently(configured, self._patience_seconds)
        if mode != ("truncate",):
            connection.close()
            raise StoreProblem(
                f"{self.path} was set to journal mode {mode[0]} by another program, which still has it open.",
                "Close that program, then try again.",
            )
        return connection

    def _status(self) -> os.stat_result:
        try:
            return self.path.stat()
        except FileNotFoundError:
            raise StoreProblem(
                f"{self.path} is gone: it was deleted or moved while it was in use.",
                "Put the file back, or run the cell again to begin a new store there.",
            ) from None
        except OSError as error:
            raise StoreProblem(
                f"{self.path} cannot be reached ({error.strerror}).", "Check the disk and your permissions."
            ) from error


class SQLiteMemory:
    """A store that is gone with the process: one connection, which threads take in turns."""

    keeps = False
    label = ":memory:"
    name = ":memory:"

    def __init__(self) -> None:
        self.engine = sa.create_engine("sqlite://", creator=self._connect, poolclass=StaticPool, hide_parameters=True)

    def open(self, *, create: bool) -> None:
        with self.engine.connect() as connection:
            self.begin(connection)
            make_tables(connection)
            self.commit(connection)

    def check(self) -> None:
        """Memory stays where it is."""

    def caution(self) -> str | None:
        return None

    def begin(self, connection: sa.Connection) -> None:
        _driver(connection).execute("BEGIN IMMEDIATE")

    def commit(self, connection: sa.Connection) -> None:
        _driver(connection).execute("COMMIT")

    def worth_another_try(self, error: BaseException, waited: float) -> bool:
        return False

    def is_passing(self, error: BaseException) -> bool:
        return False

    def explain(self, error: BaseException) -> StoreProblem:
        return StoreProblem(f"The store in memory failed ({getattr(error, 'orig', error)}).", "Run the cell again.")

    def health(self, connection: sa.Connection) -> dict[str, Any]:
        return {
            "sqlite_version": sqlite3.sqlite_version,
            "integrity": connection.exec_driver_sql("PRAGMA integrity_check(5)").scalar_one(),
            "warnings": ["Decisions are kept in memory only: name a store to keep them."],
        }

    def files(self) -> Sequence[Path]:
        return ()

    def backup(self, path: Path) -> None:
        with self.engine.connect() as connection:
            _copy(_driver(connection), path, patience_seconds=0)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA foreign_keys=ON")
        return connection


def _driver(connection: sa.Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)  # noqa: S101  # tells the type checker
    return driver


def _copy(driver: sqlite3.Connection, path: Path, patience_seconds: float) -> None:
    try:
        with NewFile(path) as new, closing(sqlite3.connect(new)) as copy:
            _patiently(lambda: driver.backup(copy), patience_seconds)
    except FileExistsError:
        raise ExportExists(f"{path} exists, and a backup never overwrites: name a new file") from None
