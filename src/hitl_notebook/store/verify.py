"""What became of checking a whole store, and the checkpoints that make the end of its log checkable."""

import os
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from hitl_notebook.errors import BrokenChain, StoreProblem
from hitl_notebook.store.checkpoint import Checkpoint
from hitl_notebook.store.database import shown
from hitl_notebook.store.examination import FIRST_HASH, Examination
from hitl_notebook.store.store import Store

__all__ = ["Verification", "verify", "write_checkpoint"]

_PROBLEMS_NAMED = 20


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of checking a store. ``ok`` only when everything was read and nothing was wrong.

    ``first_bad_seq`` is the first event that is wrong, missing or unreadable; None when what is wrong is no event.
    ``notes`` say what this check could not notice.
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


def verify(
    target: Store | str | os.PathLike[str] | sa.URL,
    checkpoint: str | os.PathLike[str] | None = None,
    *,
    key: bytes | None = None,
) -> Verification:
    """Check every event, draw and session of a store, and its end against a checkpoint.

    Found in any case: a changed column, a deleted, inserted, repeated or moved row, an event moved to another session,
    a decision that does not fit the draw it names. Found with a checkpoint only: rows cut off at the end, an older copy
    put in place, hashes made anew from some event on.

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


def write_checkpoint(
    target: Store | str | os.PathLike[str] | sa.URL, path: str | os.PathLike[str], key: bytes | None = None
) -> Checkpoint:
    """Write how far the log has come to a file, to be kept where whoever can change the database cannot.

    An earlier checkpoint in that file is replaced, if the store still fits it.

    Raises
    ------
    BrokenChain
        The store, or the earlier checkpoint, does not verify: a new checkpoint would hide that.
    """
    path = Path(path).expanduser().absolute()
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
        )
        if key is not None:
            made = made.signed(key)
        made.save(path)
        return made
