"""What became of checking a whole store, and the checkpoints that make the end of its log checkable."""

import os
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa

from hitl_notebook.decisions import Draft
from hitl_notebook.errors import BrokenChain, FileProblem, StoreProblem
from hitl_notebook.file_path import file_path
from hitl_notebook.store.checkpoint import Checkpoint
from hitl_notebook.store.database import shown
from hitl_notebook.store.examination import FIRST_HASH, Examination
from hitl_notebook.store.store import Store
from hitl_notebook.version import __version__

__all__ = ["Verification", "note_failure", "verify", "write_checkpoint"]

_PROBLEMS_NAMED = 20


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of checking a store. ``ok`` only when everything was read and nothing was wrong.

    ``first_bad_seq`` is the first event that is wrong, missing or unreadable; None when what is wrong is no event.
    ``erased`` counts the events and draws whose content was erased. ``notes`` say what this check could not notice.
    ``is_broken`` says that the store is not as it was written; where it is neither that nor ``ok``, ``problems`` say
    what kept it from being checked: no store, no such checkpoint, the wrong key. ``database_is_sound`` says that the
    database itself is undamaged, whatever its rows hold.
    """

    store: str
    ok: bool
    events: int
    sessions: int
    draws: int
    erased: int
    head: str
    draws_head: str
    first_bad_seq: int | None
    problems: list[str]
    notes: list[str]
    is_broken: bool = False
    database_is_sound: bool = False


def verify(
    target: Store | str | os.PathLike[str] | sa.URL,
    checkpoint: str | os.PathLike[str] | None = None,
    *,
    key: bytes | None = None,
) -> Verification:
    """Check every event, draw and session of a store, and its end against a checkpoint.

    Found in any case: a changed column, a deleted, inserted, repeated or moved row, an event moved to another session,
    a session whose name is not the one in its events, a decision that does not fit the draw it names. Found with a
    checkpoint only: rows cut off at the end, an older copy put in place, hashes made anew from some event on, and what
    was done to a session that has no events: of one put there since the checkpoint a note says that it has none.

    Parameters
    ----------
    target : path, URL or open store
    checkpoint : file that ``write_checkpoint`` made of this store
    key : the key it was signed with
    """
    try:
        with nullcontext(target) if isinstance(target, Store) else Store.open(target, create=False) as store:
            examination = Examination(store)
            examination.run(checkpoint, key)
            more = len(examination.problems) - _PROBLEMS_NAMED
            return Verification(
                store=store.label,
                ok=not examination.problems,
                events=examination.events.seq,
                sessions=len(examination.sessions),
                draws=examination.draws.seq,
                erased=examination.erased,
                head=examination.events.hash,
                draws_head=examination.draws.hash,
                first_bad_seq=examination.first_bad_seq,
                problems=examination.problems[:_PROBLEMS_NAMED] + ([f"and {more:,} more"] if more > 0 else []),
                notes=examination.notes,
                is_broken=examination.is_broken,
                database_is_sound=examination.database_is_sound,
            )
    except StoreProblem as problem:
        return Verification(
            store=target.label if isinstance(target, Store) else shown(target),
            ok=False,
            events=0,
            sessions=0,
            draws=0,
            erased=0,
            head=FIRST_HASH,
            draws_head=FIRST_HASH,
            first_bad_seq=None,
            problems=[str(problem)],
            notes=[],
        )


def note_failure(target: Store | str | os.PathLike[str] | sa.URL, failed: Verification, reviewer: str) -> int:
    """Record in the log of every session that the store did not verify; how many sessions there are.

    The events go behind what is wrong, which stays as it is and stays wrong: a store that did not verify before does
    not verify after. Where the store could only not be checked nothing is recorded.

    Raises
    ------
    StoreProblem
        The store cannot be written, or its database is damaged or holds what no store has, and writing could make
        that worse. Nothing was.
    """
    if not failed.is_broken:
        return 0
    if not failed.database_is_sound:
        raise StoreProblem("The database itself is damaged.", "It was left as it is.")
    record = {
        "problems": failed.problems,
        "first_bad_seq": failed.first_bad_seq,
        "events": failed.events,
        "draws": failed.draws,
        "tool_version": __version__,
    }
    with nullcontext(target) if isinstance(target, Store) else Store.open(target, create=False) as store:
        known = store.sessions()
        with store.writing() as log:
            for session in known:
                log.append(Draft(str(uuid4()), session.session_id, "verification_failed", reviewer, None, record))
    return len(known)


def write_checkpoint(
    target: Store | str | os.PathLike[str] | sa.URL, path: str | os.PathLike[str], key: bytes | None = None
) -> Checkpoint:
    """Write how far the log has come to a file, to be kept where whoever can change the database cannot.

    An earlier checkpoint in that file is replaced, if the store still fits it.

    Raises
    ------
    BrokenChain
        The store, or the earlier checkpoint, does not verify: a new checkpoint would hide that.
    FileProblem
        The file could not be written. What was there before is as it was.
    """
    path = file_path("path", path).absolute()
    earlier = path if path.exists() else None
    with nullcontext(target) if isinstance(target, Store) else Store.open(target, create=False) as store:
        found = verify(store, earlier, key=key)
        if not found.ok:
            raise BrokenChain("no checkpoint was written: " + "; ".join(found.problems[:3]))
        made = Checkpoint(
            store_id=store.store_id,
            created_at=datetime.now(UTC).isoformat(timespec="seconds"),
            events=found.events,
            head=found.head,
            draws=found.draws,
            draws_head=found.draws_head,
            sessions={row.name: row.hash for row in store.sessions()},
        )
        if key is not None:
            made = made.signed(key)
        try:
            made.save(path)
        except OSError as error:
            why = error.strerror or error
            raise FileProblem(f"{path} was not written ({why}); what was there before is as it was") from error
        return made
