"""One pass over a store that checks every row against its hashes, by code of its own: none that writes them."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from hitl_notebook.errors import BrokenChain, StoreProblem
from hitl_notebook.store.checkpoint import Checkpoint
from hitl_notebook.store.store import Store

__all__ = ["FIRST_HASH", "Examination"]

_CHUNK = 2_000
_BEFORE_ALL = -(2**62)
_NAMES_TOLD = 5
FIRST_HASH = "0" * 64


def _sha256(what: str, columns: Mapping[str, Any]) -> str:
    text = json.dumps(columns, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(b"hitl_notebook " + what.encode() + b" 1\n" + text.encode("ascii")).hexdigest()


def _digest(salt: str, content: str) -> str | None:
    try:
        if len(salt) != 32:
            return None
        return hashlib.sha256(b"hitl_notebook content 1\n" + bytes.fromhex(salt) + content.encode()).hexdigest()
    except ValueError:
        return None


class _Chain:
    """One table of rows that each carry the hash of the row before."""

    def __init__(self, what: str, table: str, columns: Mapping[str, tuple[type, ...]]) -> None:
        self.what = what
        self.table = table
        self.columns = columns
        self.seq = 0
        self.hash = FIRST_HASH
        self.hashes_at: dict[int, str] = {}

    def problem(self, row: Mapping[str, Any]) -> str | None:
        """What is wrong with the row that comes next, if anything."""
        for name, types in self.columns.items():
            if type(row[name]) not in types:
                return f"column {name} holds something else than was written"
        if row["seq"] != self.seq + 1:
            return f"it follows number {self.seq}"
        if row["previous_hash"] != self.hash:
            return "it does not carry the hash of the one before"
        hashed = {name: row[name] for name in self.columns if name not in ("content", "shown", "salt", "hash")}
        try:
            if row["hash"] != _sha256(self.what, hashed):
                return "its hash does not fit what it says"
        except ValueError:
            return "it holds a number that cannot be written"
        for name in ("content", "shown"):
            if row.get(f"{name}_digest") is None:
                if row.get(name) is not None:
                    return "it holds a content it was not given"
            elif (row[name] is None) != (row["salt"] is None):
                return "its content was erased by halves"
            elif row[name] is not None and row[f"{name}_digest"] != _digest(row["salt"], row[name]):
                return "its content is not what was written"
        return None

    def step(self, row: Mapping[str, Any]) -> None:
        if isinstance(row["seq"], int):
            self.seq = row["seq"]
        self.hash = str(row["hash"])


_TEXT, _TEXT_OR_NULL, _INT = (str,), (str, type(None)), (int,)
_EVENTS: Mapping[str, tuple[type, ...]] = {
    "seq": _INT,
    "event_id": _TEXT,
    "session_id": _TEXT,
    "kind": _TEXT,
    "recorded_at": _TEXT,
    "reviewer": _TEXT_OR_NULL,
    "item_id": _TEXT_OR_NULL,
    "record": _TEXT,
    "content": _TEXT_OR_NULL,
    "salt": _TEXT_OR_NULL,
    "content_digest": _TEXT,
    "previous_hash": _TEXT,
    "hash": _TEXT,
}
_DRAWS: Mapping[str, tuple[type, ...]] = {
    "seq": _INT,
    "session_id": _TEXT,
    "reviewer": _TEXT,
    "draw": _INT,
    "drawn_at": _TEXT,
    "item_id": _TEXT,
    "id_type": _TEXT,
    "content_hash": _TEXT,
    "model_version": _TEXT,
    "plan_version": _TEXT,
    "chosen_by": _TEXT,
    "selection_probability": (float, type(None)),
    "pool_size": (int, type(None)),
    "kind": _TEXT,
    "content": _TEXT_OR_NULL,
    "shown": _TEXT_OR_NULL,
    "salt": _TEXT_OR_NULL,
    "content_digest": _TEXT,
    "shown_digest": _TEXT_OR_NULL,
    "previous_hash": _TEXT,
    "hash": _TEXT,
}


def _listed(names: list[str]) -> str:
    told = ", ".join(map(repr, names[:_NAMES_TOLD]))
    more = len(names) - _NAMES_TOLD
    return f"the session{'' if len(names) == 1 else 's'} {told}{f' and {more:,} more' if more > 0 else ''}"


class Examination:
    """One pass over a store, collecting what is wrong."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.events = _Chain("event", "events", _EVENTS)
        self.draws = _Chain("draw", "draws", _DRAWS)
        self.sessions: dict[str, str] = {}  # name -> hash of the row
        self._names: dict[str, str] = {}  # session id -> name
        self._begun: set[str] = set()  # session ids of which there are events
        self._said: dict[str, set[tuple[str, str]]] = {}  # session id -> names and hashes that its events give it
        self._whose: dict[str, tuple[str, str | None]] = {}  # event id -> session, reviewer
        self._selections: dict[tuple[str, str | None, str], list[tuple[int, dict[str, Any]]]] = {}
        self.erased = 0
        self.database_is_sound = False
        self.first_bad_seq: int | None = None
        self.is_broken = False
        self.problems: list[str] = []
        self.notes: list[str] = []

    def run(self, checkpoint: str | os.PathLike[str] | None, key: bytes | None) -> None:
        expected = self._load(checkpoint, key)
        checks = (self._check_file, self._check_identity, self._check_events, self._check_draws, self._check_sessions)
        for check in checks:
            try:
                check(expected)
            except StoreProblem as problem:
                if problem.is_damage:
                    self._wrong(str(problem), self.events.seq + 1 if check == self._check_events else None)
                else:
                    self._hindered(str(problem))
                    return
        self._check_end(expected)

    def _hindered(self, sentence: str) -> None:
        """Note what could not be checked, which says nothing of the store."""
        self.problems.append(sentence)

    def _wrong(self, sentence: str, seq: int | None = None) -> None:
        self.is_broken = True
        self.problems.append(sentence)
        if seq is not None:
            self.first_bad_seq = seq if self.first_bad_seq is None else min(seq, self.first_bad_seq)

    def _load(self, checkpoint: str | os.PathLike[str] | None, key: bytes | None) -> Checkpoint | None:
        if checkpoint is None:
            self.notes.append(
                "Without a checkpoint it cannot be noticed when events were cut off at the end, an older copy was put "
                "in place, or all hashes from some event on were made anew."
            )
            return None
        try:
            expected = Checkpoint.load(Path(checkpoint))
            expected.check_signature(key)
            if expected.store_id != self._store.store_id:
                raise BrokenChain(
                    "the checkpoint is of another store: it was written of that one, or another store was put in the "
                    "place of this one"
                )
        except BrokenChain as problem:
            self._hindered(str(problem))
            return None
        if expected.mac is None:
            self.notes.append("The checkpoint is not signed: whoever can write its file can make one that fits.")
        return expected

    def _check_file(self, _: Checkpoint | None) -> None:
        def look(connection: sa.Connection) -> list[str]:
            if connection.dialect.name != "sqlite":
                return []
            said = connection.exec_driver_sql("PRAGMA integrity_check(5)").scalars().all()
            added = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view')")
            return [f"the file is damaged: {line}" for line in said if line != "ok"] + [
                f"the database holds {name!r}, which no store has" for name in added.scalars()
            ]

        found = self._store.read(look)
        self.database_is_sound = not found
        for sentence in found:
            self._wrong(sentence)

    def _check_identity(self, expected: Checkpoint | None) -> None:
        said = self._table("store_info", "store_id", "schema_version", "created_at", "tool_version", "hash")
        if len(said) != 1:
            self._wrong("the store does not say which store it is")
        for info in said:
            if info.pop("hash") != _sha256("store", info):
                self._wrong("what the store says of itself is not what was written")
        for row in self._table("sessions", "session_id", "name", "salt", "created_at", "hash"):
            kept, name = row.pop("hash"), row["name"]
            if name in self.sessions:
                self._wrong(f"two sessions are called {name!r}")
            self._names[row["session_id"]] = name
            self.sessions[name] = kept
            if not all(isinstance(value, str) for value in row.values()) or kept != _sha256("session", row):
                self._wrong(f"the session {name!r} is not what was written")

    def _check_sessions(self, expected: Checkpoint | None) -> None:
        known = {} if expected is None or expected.sessions is None else expected.sessions
        for name, kept in known.items():
            if self.sessions.get(name) != kept:
                what = "is missing" if name not in self.sessions else "is not the one that the checkpoint knew"
                self._wrong(f"the session {name!r} {what}")
        empty, unnamed = [], []
        for session_id, name in self._names.items():
            said = self._said.get(session_id)
            if said is not None and said != {(name, self.sessions[name])}:
                others = " and ".join(sorted(repr(told) for told, _ in said if told != name))
                self._wrong(f"the session {name!r} is not what its events say" + (others and f": they are of {others}"))
            elif name not in known and session_id not in self._begun:
                empty.append(name)
            elif name not in known and said is None:
                unnamed.append(name)
        if empty:
            self.notes.append(
                f"Of {_listed(empty)} there is no event: it was begun and never given items, or its row was put there."
            )
        if unnamed:
            self.notes.append(
                f"The events of {_listed(unnamed)} do not say its name, as those written before events did: it cannot "
                "be noticed when the name was changed or exchanged with another's."
            )

    def _check_events(self, expected: Checkpoint | None) -> None:
        marks = {0} if expected is None else {expected.events}
        for row in self._walk(self.events, marks):
            seq, session_id, reviewer = row["seq"], row["session_id"], row["reviewer"]
            problem = self.events.problem(row)
            if problem is not None:
                self._wrong(f"event {seq}: {problem}", min(seq, self.events.seq + 1))
            elif row["content"] is None:
                self.erased += 1
            if session_id not in self._names:
                self._wrong(f"event {seq}: there is no such session", seq)
            if row["kind"] != "verification_failed":
                self._begun.add(session_id)
            if row["event_id"] in self._whose:
                self._wrong(f"event {seq}: its id was used before", seq)
            self._check_record(row)
            self._whose[row["event_id"]] = (session_id, reviewer)
            self.events.step(row)

    def _check_record(self, row: Mapping[str, Any]) -> None:
        seq, session_id, reviewer = row["seq"], row["session_id"], row["reviewer"]
        try:
            record = json.loads(row["record"])
        except (ValueError, TypeError):
            record = None
        if not isinstance(record, dict):
            self._wrong(f"event {seq}: its record cannot be read", seq)
            return
        named = record.get("session")
        if row["kind"] == "start" and isinstance(named, dict):
            self._said.setdefault(session_id, set()).add((str(named.get("name")), str(named.get("hash"))))
        replaces = record.get("replaces")
        replaced = self._whose.get(replaces) if isinstance(replaces, str) else None
        if row["kind"] in ("decide", "undo") and replaces is not None and replaced != (session_id, reviewer):
            self._wrong(f"event {seq}: it replaces no earlier event of this reviewer", seq)
        selection = record.get("selection")
        if row["kind"] == "decide" and isinstance(selection, dict) and record.get("origin") != "import":
            named = {**selection, "item_id": row["item_id"]}
            self._selections.setdefault((session_id, reviewer, str(selection.get("draw"))), []).append((seq, named))

    def _check_draws(self, expected: Checkpoint | None) -> None:
        marks = {0} if expected is None else {expected.draws}
        for row in self._walk(self.draws, marks):
            problem = self.draws.problem(row)
            if problem is not None:
                self._wrong(f"draw {row['seq']}: {problem}")
            elif row["content"] is None:
                self.erased += 1
            if row["session_id"] not in self._names:
                self._wrong(f"draw {row['seq']}: there is no such session")
            drawn = {
                "draw": row["draw"],
                "probability": row["selection_probability"],
                "pool_size": row["pool_size"],
                "chosen_by": row["chosen_by"],
                "item_id": row["item_id"],
            }
            for seq, selection in self._selections.pop((row["session_id"], row["reviewer"], str(row["draw"])), ()):
                if selection != drawn:
                    self._wrong(f"event {seq}: it does not fit the draw it names", seq)
            self.draws.step(row)
        for unmatched in self._selections.values():
            for seq, _ in unmatched:
                self._wrong(f"event {seq}: the draw it names is missing", seq)

    def _check_end(self, expected: Checkpoint | None) -> None:
        if expected is None:
            return
        for chain, count, head in (
            (self.events, expected.events, expected.head),
            (self.draws, expected.draws, expected.draws_head),
        ):
            is_events = chain is self.events
            if chain.seq < count:
                self._wrong(
                    f"the checkpoint knew {count:,} {chain.table}, the store holds {chain.seq:,}: "
                    "the end was cut off, or an older copy was put in place",
                    chain.seq + 1 if is_events else None,
                )
            elif chain.hashes_at.get(count) != head:
                self._wrong(
                    f"{chain.what} {count} is not the one that the checkpoint knew: "
                    f"{chain.table} up to it were rewritten, or the store is another copy",
                )
            elif chain.seq > count:
                self.notes.append(
                    f"The {chain.table} after number {count:,}, the checkpoint's last, "
                    "are covered by their hashes only."
                )

    def _walk(self, chain: _Chain, marks: set[int]) -> Iterator[dict[str, Any]]:
        """Every row up to the end there was at the start: the log may grow meanwhile."""
        if 0 in marks:
            chain.hashes_at[0] = FIRST_HASH
        table = sa.table(chain.table)
        seq: sa.ColumnClause[int] = sa.column("seq")
        (size,) = self._rows(sa.select(sa.func.max(seq).label("end"), sa.func.count().label("rows")).select_from(table))
        columns: list[sa.ColumnClause[Any]] = [sa.column(name) for name in chain.columns]
        page = sa.select(*columns).select_from(table).order_by(seq).limit(_CHUNK)
        after, seen, count = _BEFORE_ALL, 0, size["rows"]
        while rows := self._rows(page.where(seq > after, seq <= (size["end"] or 0))):
            for row in rows:
                yield row
                if row["seq"] in marks:
                    chain.hashes_at[row["seq"]] = row["hash"]
            seen += len(rows)
            after = rows[-1]["seq"]
        if seen != count:
            self._wrong(f"the table of {chain.table} counts {count:,} rows and gives {seen:,}")

    def _table(self, name: str, *columns: str) -> list[dict[str, Any]]:
        found: list[sa.ColumnClause[Any]] = [sa.column(column) for column in columns]
        return self._rows(sa.select(*found).select_from(sa.table(name)))

    def _rows(self, query: sa.Executable) -> list[dict[str, Any]]:
        def ask(connection: sa.Connection) -> list[dict[str, Any]]:
            driver: Any = connection.connection.driver_connection
            is_sqlite = connection.dialect.name == "sqlite"
            if is_sqlite:  # bytes that are no text are to be found wrong here, row by row, not to end the reading
                driver.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
            try:
                return [dict(row) for row in connection.execute(query).mappings()]
            finally:
                if is_sqlite:
                    driver.text_factory = str

        return self._store.read(ask)
