"""What a session has recorded, as frames and files: all that is needed to analyse it later."""

import os
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from hitl_notebook.decisions import Verdicts
from hitl_notebook.errors import FileProblem, HitlWarning, SessionMismatch, StoreProblem, UnknownChoice
from hitl_notebook.frames import DecisionTable, Standing, log_frame
from hitl_notebook.items import Items, typed_id
from hitl_notebook.labels import resolve_labels
from hitl_notebook.session.citation import Citation
from hitl_notebook.session.exporting import export_counts
from hitl_notebook.session.followed_table import FollowedTable
from hitl_notebook.session.review import Review
from hitl_notebook.session.settings import Settings
from hitl_notebook.tasks import Task

if TYPE_CHECKING:
    from hitl_notebook.exchange import Written
    from hitl_notebook.figures import Charts, FigureSource
    from hitl_notebook.session.review_session import ReviewSession
    from hitl_notebook.widgets import Dashboard

__all__ = ["RecordedSession"]


class RecordedSession:
    """The reading half of a session; ``DecidingSession`` is the other."""

    reviewer: str
    _review: Review
    _task: Task | None
    _opened: Items | None = None  # the frame of a session that is only read
    _source: "FigureSource | None" = None
    _dashboards: "Sequence[Dashboard]" = ()

    @property
    def task(self) -> Task:
        """What a decision may say, with the labels filled in where they were left out."""
        return self._review.task

    @property
    def decisions(self) -> pd.DataFrame:
        """Effective decisions, one row a reviewer and item; ``frames.DecisionTable`` says what the columns are."""
        self._review.refresh()
        return self._decision_table().frame()

    def decisions_until(self, seq: int | None = None) -> tuple[pd.DataFrame, int]:
        """``decisions`` as they stood after event ``seq`` of the log, left out: as they do now; and that number."""
        self._review.refresh()
        table = self._decision_table()
        if seq is None or seq == table.standing.seq:
            return table.frame(), table.standing.seq
        events = self._review.store.events(self._review.row.session_id)
        standing = Standing.now(Verdicts(event for event in events if event.seq <= seq))
        return DecisionTable(standing, self.task, typed_id).frame(), seq

    def citation(self, event_ids: Iterable[str]) -> Citation:
        """What names events for good: store, session, and the hashes in the chain of those that there are."""
        wanted, store, row = set(event_ids), self._review.store, self._review.row
        hashes = store.hashes(row.session_id) if wanted else {}
        named = {event_id: hash_ for event_id, hash_ in hashes.items() if event_id in wanted}
        return Citation(store.store_id, row.session_id, row.name, named)

    @property
    def has_items(self) -> bool:
        """Whether the frame is at hand, not the log alone."""
        return self._has_items()

    @property
    def items(self) -> Items:
        """The frame as it was taken in; raises SessionMismatch where the session was opened without it."""
        return self._items()

    @property
    def asked(self) -> int | None:
        """How many items the session's reviewer is to meet; None where the session was opened to be read."""
        return self._review.progress(self.reviewer)["total"] if self._review.has_material else None

    def are_in_random_order(self, plan_versions: Iterable[str]) -> bool:
        """Whether each of these versions of the plan asks in random order."""
        return self._review.are_in_random_order(plan_versions)

    @property
    def log(self) -> pd.DataFrame:
        """Every event ever recorded in this session, one row each."""
        return log_frame(self._review.store.events(self._review.row.session_id))

    @property
    def corrections(self) -> pd.DataFrame:
        """The decisions that corrected a prediction, joined with the items' columns."""
        return self._joined("correct")

    @property
    def flags(self) -> pd.DataFrame:
        """The decisions that flagged an item, joined with the items' columns."""
        return self._joined("flag")

    @property
    def charts(self) -> "Charts":
        """Every chart of this session by name: ``session.charts.reliability()`` draws one as things stand now."""
        from hitl_notebook.figures import FIGURES, Charts

        self._review.refresh()
        return Charts(self._figure_source(), FIGURES)

    def dashboard(self) -> "Dashboard":
        """Every figure of this session in tabs, in words and in charts that move as decisions come in.

        Its ``selected`` has the decisions behind the bin, cell or point that was clicked.
        """
        from hitl_notebook.widgets import Dashboard

        opened = Dashboard(self._figure_source())
        self._dashboards = [*(board for board in self._dashboards if not board.is_closed), opened]
        return opened

    def labels(self, resolve: str | None = None) -> pd.DataFrame:
        """One row an item with the value that holds; ``resolve`` names the rule where reviewers differ.

        Raises
        ------
        ReviewersDiffer
            Reviewers differ and no rule was named.
        """
        return resolve_labels(self.decisions, self.task, resolve)

    def export(
        self,
        path: str | os.PathLike[str],
        what: str = "decisions",
        *,
        format: str | None = None,  # the word a caller would use
        resolve: str | None = None,
        overwrite: bool = False,
        defuse: bool = True,
    ) -> "Written":
        """Write decisions, labels or the log to a CSV, Parquet or JSONL file, moved into place when it is whole.

        Parameters
        ----------
        what : "decisions", "labels" or "log"
        format : "csv", "parquet" or "jsonl", optional
            Left out: by the file's ending.
        resolve : str, optional
            For labels: the rule where reviewers differ.
        overwrite : bool
            Replace a file that is there.
        defuse : bool
            In CSV, escape text that a spreadsheet would run as a formula; reading it back restores it.

        Returns
        -------
        Written: the rows, how many of them have no value because of a flag or a tie, and how many items have no row;
        the file's hash. The log keeps the same of every export, with ``resolve`` and ``defuse``; where the store cannot
        be written, as a copy that is read-only, a warning says so.

        Raises
        ------
        ExportExists
            A file is in the way.
        FileProblem
            The file cannot be written; or it is the session's own store, which ``overwrite`` does not replace either.
        """
        from hitl_notebook.exchange import write_frame

        if self._review.store.is_kept_in(path):
            raise FileProblem(f"{path} is where the store of this session is kept: name another file")
        match what:
            case "decisions":
                frame = self.decisions
            case "labels":
                frame = self.labels(resolve)
            case "log":
                frame = self.log
            case _:
                raise UnknownChoice(f"what={what!r}: one of decisions, labels, log")
        written = write_frame(frame, path, format=format, overwrite=overwrite, defuse=defuse)
        counts = export_counts(what, frame, self._items() if self._has_items() else None)
        record = {
            "what": what,
            "file": written.path.name,
            "format": written.format,
            "rows": written.rows,
            **counts,
            "sha256": written.sha256,
            "resolve": resolve,
            "defuse": defuse,
        }
        try:
            self._review.note("export", self.reviewer, record)
        except StoreProblem as problem:
            words = f"{written.path} was written, and the log could not take note of it: {problem}"
            warnings.warn(words, HitlWarning, stacklevel=2)
        return replace(written, **counts)

    def health(self) -> dict[str, Any]:
        """What the store is on and how it keeps decisions, and counts of what it holds of this session.

        Where the store cannot be used, ``problem`` says why, and the counts are of what was last known.
        """
        facts, verdicts = self._review.store.health(), self._review.verdicts
        if "problem" not in facts:
            try:
                self._review.refresh()
            except StoreProblem as problem:
                facts |= {"problem": str(problem), "warnings": [*facts["warnings"], str(problem)]}
        return {
            **facts,
            "session": self._review.row.name,
            "reviewers": verdicts.reviewers,
            "newest_event": verdicts.seq,
            "changed_items_to_review_again": len(verdicts.waiting),
        }

    # ------------------------------------------------------------ within

    def _figure_source(self) -> "FigureSource":
        from hitl_notebook.figures import FIGURES, FigureSource

        if self._source is None:
            self._source = FigureSource(cast("ReviewSession", self), FIGURES)
        return self._source

    @cached_property
    def _followed(self) -> FollowedTable:
        return FollowedTable(self._review)

    def _decision_table(self) -> DecisionTable:
        return self._followed.now(self.task)

    def _settings(self) -> Settings:
        if self._review.settings is None:
            raise SessionMismatch(f"session {self._review.row.name!r} was begun and never given items")
        return self._review.settings

    def _has_items(self) -> bool:
        return self._opened is not None or self._review.has_material

    def _items(self) -> Items:
        return self._opened if self._opened is not None else self._review.material.items

    def _reviewed(self) -> Items:
        """The items under review; raises SessionMismatch where the session was opened to be read."""
        if self._opened is not None:
            raise SessionMismatch(
                "this session was opened to be read: it has no queue, and nothing is decided in it. Go on reviewing "
                f"with ReviewSession(predictions, ..., name={self._review.row.name!r})"
            )
        return self._review.material.items

    def _joined(self, action: str) -> pd.DataFrame:
        decisions = self.decisions
        subset = decisions[decisions["action"] == action].reset_index(drop=True)
        if not self._has_items():
            return subset
        items = self._items()
        found = [items.find(item_id) for item_id in subset["item_id"]]
        positions = [position for position in found if position is not None]
        is_there = pd.Series([position is not None for position in found], dtype=bool)  # an empty list names columns
        subset = subset[is_there].reset_index(drop=True)
        columns = items.frame_rows(positions).reset_index(drop=True)
        columns = columns.drop(columns=[items.id_column] if items.id_column else [])
        columns = columns.rename(columns={name: f"{name}_in_frame" for name in columns if name in subset})
        return pd.concat([subset, columns], axis=1)
