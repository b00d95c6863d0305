"""Where a review's log is kept: read it from any thread, add to it in one transaction at a time."""

import os
import warnings
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock, get_ident
from time import monotonic
from types import TracebackType
from typing import Any, Self, TypeVar

import sqlalchemy as sa

from hitl_notebook.decisions import Event
from hitl_notebook.errors import HitlWarning, StoreProblem
from hitl_notebook.file_path import file_path
from hitl_notebook.store.database import Database, database_for
from hitl_notebook.store.persistence import PERSISTENCE_SECONDS, pause
from hitl_notebook.store.rows import Drawn, SessionRow, read_draws, read_events, read_session, read_sessions
from hitl_notebook.store.schema import events, store_info
from hitl_notebook.store.writer import Writer, storable

__all__ = ["Store"]

T = TypeVar("T")

_PATIENCE_SECONDS = 10.0
_CAUTIONED: set[str] = set()


class Store:
    """One log in a SQLite file, a PostgreSQL database, or memory. Every method can be called from any thread.

    Raises
    ------
    StoreProblem
        From every method: what failed, and what to do, as two sentences (``args``). Nothing that was acknowledged is
        lost; the call can be repeated once the cause is gone.

    Examples
    --------
    >>> from hitl_notebook.decisions import Draft
    >>> with Store.open(":memory:") as store:
    ...     session = store.start_session("review")
    ...     with store.writing() as log:
    ...         event = log.append(Draft("e1", session.session_id, "skip", "ada", "t1", {"origin": "api"}))
    ...     [kept.event_id for kept in store.events(session.session_id)]
    ['e1']
    """

    def __init__(self, database: Database, store_id: str) -> None:
        self._database = database
        self._turn = RLock()
        self._writing: tuple[int, sa.Connection] | None = None
        self.store_id = store_id
        _OPEN.add(self)
        if not self.keeps:
            weakref.finalize(self, database.engine.dispose)  # its one connection is what it holds

    @classmethod
    def open(
        cls,
        target: str | os.PathLike[str] | sa.URL,
        *,
        create: bool = True,
        patience_seconds: float = _PATIENCE_SECONDS,
    ) -> Self:
        """The store at a path, a SQLAlchemy URL or ``":memory:"``; made where nothing is, unless ``create`` is False.

        ``patience_seconds`` is how long a locked database is waited for. A store on a network file system brings a
        warning, once in a process.
        """
        database = database_for(target, patience_seconds)
        with _explained(database):
            try:
                _patiently(database, lambda: database.open(create=create))
                caution = database.caution()
                if caution is not None and database.label not in _CAUTIONED:
                    _CAUTIONED.add(database.label)
                    warnings.warn(caution, HitlWarning, stacklevel=3)
                return cls(database, _patiently(database, lambda: _store_id(database)))
            except BaseException:
                database.engine.dispose()
                raise

    @property
    def label(self) -> str:
        """The store's path or URL, without the password."""
        return self._database.label

    @property
    def name(self) -> str:
        """What the store is called where nobody needs to know where it is: the name of its file or of its database."""
        return self._database.name

    @property
    def keeps(self) -> bool:
        """False for a store in memory."""
        return self._database.keeps

    def sessions(self) -> list[SessionRow]:
        """Every session, oldest first."""
        return self.read(read_sessions)

    def session(self, name: str) -> SessionRow | None:
        """The session of that name; None where it was never begun."""
        storable("a session's name", name)
        return self.read(lambda connection: read_session(connection, name))

    def start_session(self, name: str) -> SessionRow:
        """The session of that name, begun where there is none; two processes that begin it get the same one."""
        known = self.session(name)
        return known if known is not None else self.persist(lambda: self._begin_session(name))

    def events(self, session_id: str, after: int = 0) -> list[Event]:
        """The session's events with a greater sequence number than ``after``, in order."""
        return self.read(lambda connection: read_events(connection, session_id, after))

    def hashes(self, session_id: str) -> dict[str, str]:
        """The hash of each of the session's events in the chain, by the event's id."""
        query = sa.select(events.c.event_id, events.c.hash).where(events.c.session_id == session_id)
        return dict(map(tuple, self.read(lambda connection: connection.execute(query).all())))

    def draws(
        self, session_id: str, reviewer: str | None = None, after: int = 0, *, with_content: bool = False
    ) -> list[Drawn]:
        """The session's draws, of one reviewer or all, with a greater ``seq`` than ``after``, in order.

        ``with_content`` reads what was shown too, where it was kept: that can be much.
        """
        return self.read(
            lambda connection: read_draws(connection, session_id, reviewer, after, with_content=with_content)
        )

    def newest_seq(self, session_id: str) -> int:
        """The sequence number of the session's last event; 0 where there is none. Cheap enough to ask often."""
        newest = sa.select(sa.func.max(events.c.seq)).where(events.c.session_id == session_id)
        return self.read(lambda connection: connection.execute(newest).scalar_one()) or 0

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """One transaction: committed, and on disk, when the block is left; undone when it is left by an error.

        No other process or thread adds to the store in between, so what ``log.events`` reads is the end of the log.
        Keep it short, and let none of the user's code run in it.
        """
        with self._turn, _explained(self._database):
            if self._writing is not None:
                raise RuntimeError("this thread is writing to the store already")
            self._database.check()
            with self._database.engine.connect() as connection:
                self._database.begin(connection)
                self._recognise(connection)
                self._writing = get_ident(), connection
                try:
                    log = Writer(connection)
                    yield log
                    log.flush()
                    self._database.commit(connection)
                finally:
                    self._writing = None

    def persist(self, action: Callable[[], T]) -> T:
        """What ``action`` returns, tried again for a while where the store fails it for a reason that passes.

        It has to be harmless twice: the answer to a commit can be lost on the way.
        """
        began = monotonic()
        while True:
            try:
                return action()
            except StoreProblem as problem:
                if not problem.is_passing or monotonic() - began > PERSISTENCE_SECONDS:
                    raise
            pause()

    def health(self) -> dict[str, Any]:
        """What is known of the store: settings and why, size, integrity, and ``warnings`` for people.

        A store that cannot be used has the key ``problem`` instead of most others.
        """
        facts: dict[str, Any] = {"store": self.label, "store_id": self.store_id, "keeps": self.keeps}
        try:
            count = self.read(
                lambda connection: connection.execute(sa.select(sa.func.count()).select_from(events)).scalar_one()
            )
            return {**facts, "events": count, **self.read(self._database.health)}
        except StoreProblem as problem:
            return {**facts, "problem": str(problem), "warnings": [str(problem)]}

    def is_kept_in(self, path: str | os.PathLike[str]) -> bool:
        """Whether the store, or what SQLite puts beside it, is the file at this path, however that is written."""
        place = Path(path)
        return any(_is_one_file(place, file) for file in self._database.files())

    def backup(self, path: str | os.PathLike[str]) -> None:
        """Copy the store, also while it is in use, into a new file; raises ExportExists rather than overwrite."""
        with self._turn, _explained(self._database):
            self._database.check()
            self._database.backup(file_path("path", path).absolute())

    def close(self) -> None:
        """Give back the connections. Those to come are made anew; a store in memory goes with the object itself."""
        if self.keeps:
            self._database.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Store({self.label!r})"

    def read(self, query: Callable[[sa.Connection], T]) -> T:
        """What ``query`` reads on a connection, run again where a writer was in the way. For this room only."""
        with _explained(self._database):
            if not self.keeps:
                return self._read_in_turn(query)
            return _patiently(self._database, lambda: self._read_once(query))

    def _begin_session(self, name: str) -> SessionRow:
        with self.writing() as log:
            return log.session(name)

    def _read_once(self, query: Callable[[sa.Connection], T]) -> T:
        self._database.check()
        with self._database.engine.connect() as connection:
            return query(connection)

    def _read_in_turn(self, query: Callable[[sa.Connection], T]) -> T:
        with self._turn:
            if self._writing is not None:
                # The one connection is in the middle of this thread's transaction: closing it would undo that.
                return query(self._writing[1])
            with self._database.engine.connect() as connection:
                return query(connection)

    def _recognise(self, connection: sa.Connection) -> None:
        if connection.execute(sa.select(store_info.c.store_id)).scalars().all() != [self.store_id]:
            raise StoreProblem(
                f"{self.label} now holds another store than the one that was opened.",
                "Put the original back; or run the cell again to go on with the one that is there now.",
            )

    def _hold_for_fork(self) -> bool:
        return self._turn.acquire(timeout=_PATIENCE_SECONDS)

    def _release_after_fork(self) -> None:
        self._turn.release()

    def _begin_again_in_child(self) -> None:
        self._turn = RLock()
        if self.keeps:
            # Never closed here: closing a connection that the parent still uses would undo the parent's work.
            _INHERITED.append(self._database.engine.pool)
            self._database.engine.dispose(close=False)


def _is_one_file(one: Path, other: Path) -> bool:
    with suppress(OSError):
        if one.samefile(other):
            return True
    return os.path.normcase(os.path.realpath(one)) == os.path.normcase(os.path.realpath(other))


def _store_id(database: Database) -> str:
    with database.engine.connect() as connection:
        store_id: str = connection.execute(sa.select(store_info.c.store_id)).scalar_one()
        return store_id


def _patiently(database: Database, action: Callable[[], T]) -> T:
    began = monotonic()
    while True:
        try:
            return action()
        except sa.exc.DBAPIError as error:
            if not database.worth_another_try(error, monotonic() - began):
                raise


@contextmanager
def _explained(database: Database) -> Iterator[None]:
    try:
        yield
    except sa.exc.SQLAlchemyError as error:
        problem = database.explain(error)
        problem.is_passing = database.is_passing(error)
        # Without the cause: a driver's words can hold a password.
        raise problem from None
    except Exception as error:
        if type(error).__module__ in ("sqlite3", "_sqlite3"):
            raise database.explain(error) from None
        raise


_OPEN: "weakref.WeakSet[Store]" = weakref.WeakSet()
_INHERITED: list[object] = []
_held: list[Store] = []


def _before_fork() -> None:
    # A transaction that is open while the process is copied would be ended by whichever copy exits first.
    _held[:] = [store for store in list(_OPEN) if store._hold_for_fork()]


def _after_fork_in_parent() -> None:
    while _held:
        _held.pop()._release_after_fork()


def _after_fork_in_child() -> None:
    _held.clear()
    for store in list(_OPEN):
        store._begin_again_in_child()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork_in_child)
