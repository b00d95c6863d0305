"""The log of one session, folded into what stands and kept up with the store."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from threading import RLock
from typing import TypeAlias

from hitl_notebook.collector import collector_at_rest
from hitl_notebook.decisions import Draft, Event, Verdicts, admit
from hitl_notebook.errors import StoreProblem
from hitl_notebook.store import SessionRow, Store, Writer

__all__ = ["Ledger"]

Transaction: TypeAlias = Callable[[Sequence[Draft]], AbstractContextManager[tuple[Writer, Sequence[Draft]]]]


class Ledger:
    """One session's part of a store: its verdicts, extended by every event as it comes.

    Safe from any thread. ``on_events`` is called under the lock with each batch of events newly folded, whoever wrote
    them. What was folded stays folded: StoreProblem where the store no longer has it.
    """

    def __init__(self, store: Store, row: SessionRow, on_events: Callable[[list[Event]], None]) -> None:
        self.store = store
        self.row = row
        self.lock = RLock()
        self.verdicts = Verdicts()
        self._on_events = on_events
        self.catch_up()

    def catch_up(self) -> None:
        """Fold what other sessions, cells and processes have written since."""
        with self.lock:
            last = self.verdicts.last
        with collector_at_rest():
            # No lock is held meanwhile: who looks at what is known does not wait for a store that is locked.
            found = self._newer(self.store.events, last)
            with self.lock:
                events = [event for event in found if event.seq > self.verdicts.seq]
                if events:
                    self.verdicts.extend(events)
                    self._on_events(events)

    def recognise(self, log: Writer) -> None:
        """Raise StoreProblem where the store does not have what was folded."""
        self._newer(log.events, self.verdicts.last)

    def record(self, drafts: Sequence[Draft], transaction: Transaction | None = None) -> list[Event]:
        """Append what is admitted, in one transaction; for a draft already known, the event that is there.

        ``transaction`` is one in which more is written than these; it gives the drafts as they are to be recorded.

        Raises
        ------
        Conflict
            A draft was made on a state that no longer stands; nothing is written.
        StoreProblem
            The store cannot be written; nothing is. Or it was lost in the middle and has not come back: the words say
            then that nobody can tell, and the same drafts are to be recorded again.
        """
        if not drafts:
            return []
        with self.lock:
            return self.store.persist(lambda: self._record(drafts, transaction or self._plainly))

    def _record(self, drafts: Sequence[Draft], transaction: Transaction) -> list[Event]:
        folded: list[Event] = []
        ours: list[Event] = []
        try:
            with transaction(drafts) as (log, settled):
                recorded = self._append(log, settled, folded, ours)
        except BaseException as error:
            if ours:
                # What was folded ahead of a commit that failed has not happened, unless only its answer was lost.
                self.verdicts = self.verdicts.until(ours[0].seq - 1)
            if folded:
                self._on_events(folded)
            found = self._found_after(error, drafts) if ours and isinstance(error, StoreProblem) else None
            if found is not None:
                return found
            raise
        if folded or ours:
            self._on_events(folded + ours)
        return recorded

    def _found_after(self, error: StoreProblem, drafts: Sequence[Draft]) -> list[Event] | None:
        """The events of these drafts where they were recorded all the same; None where they were not."""
        try:
            self.catch_up()
        except StoreProblem:
            again = f"{error.remedy} Whether this was recorded cannot be told before; to record it again is harmless."
            problem = StoreProblem(error.message, again)
            problem.is_passing = error.is_passing
            raise problem from error
        found = [self.verdicts.knows(draft.event_id) for draft in drafts]
        return [event for event in found if event is not None] if None not in found else None

    @contextmanager
    def _plainly(self, drafts: Sequence[Draft]) -> Iterator[tuple[Writer, Sequence[Draft]]]:
        with self.store.writing() as log:
            yield log, drafts

    def _append(self, log: Writer, drafts: Sequence[Draft], folded: list[Event], ours: list[Event]) -> list[Event]:
        recorded: list[Event] = []
        folded += self._newer(log.events, self.verdicts.last)
        self.verdicts.extend(folded)
        for draft in drafts:
            event = admit(self.verdicts, draft)
            if event is None:
                event = log.append(draft)
                self.verdicts.extend([event])
                ours.append(event)
            recorded.append(event)
        return recorded

    def _newer(self, events: Callable[[str, int], list[Event]], last: Event | None) -> list[Event]:
        """What comes after the last event that was folded; that one has to be where it was."""
        if last is None:
            return events(self.row.session_id, 0)
        found = events(self.row.session_id, last.seq - 1)
        if not found or found[0].event_id != last.event_id:
            raise StoreProblem(
                f"{self.store.label} no longer has what was recorded last: an older copy was put in its place.",
                "Put the newest copy back; or run the cell again to go on with the one that is there now.",
            )
        return found[1:]
