"""How the review goes: whether reviewers change, how long they take, how far they are."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from hitl_notebook import metrics
from hitl_notebook.figures.figure import Figure
from hitl_notebook.figures.reviewed import Reviewed, numbered
from hitl_notebook.figures.wording import and_so_on, counted
from hitl_notebook.metrics.drift.baseline import LEARNING
from hitl_notebook.metrics.drift.decided import read_decided
from hitl_notebook.metrics.drift.followed import followed
from hitl_notebook.metrics.drift.track import tracks
from hitl_notebook.metrics.review.decided import Positions, groups_of, in_time, in_turn
from hitl_notebook.quoted import isolated

__all__ = ["COURSE"]

# Of a reviewer's control charts, one for each five pixels; over all, few enough to be sent and drawn at each news.
_POINTS_A_REVIEWER = 200
_MOST_POINTS = 1_000


def _drift(reviewed: Reviewed, **options: Any) -> pd.DataFrame:
    """Reviewers are compared with all others, also where only some are shown."""
    usual = {"points": _points(reviewed), "equal": reviewed.equal, "reviewers": reviewed.reviewers}
    table: pd.DataFrame = metrics.reviewer_drift(numbered(_everyone(reviewed)), **{**usual, **options})
    if "in_control_run_length" in options:
        table.attrs.setdefault("in_control_run_length", options["in_control_run_length"])
    table.attrs["known"] = reviewed.known_of_each
    return table


def _drift_of_who_decided(reviewed: Reviewed, earlier: pd.DataFrame) -> pd.DataFrame | None:
    """With the points that those lack who have decided since, and with the alarms that stood."""
    then, now = earlier.attrs.get("known", {}), reviewed.known_of_each
    if list(then) != list(now):
        return None
    same = {
        reviewer: known.of if reviewed.has_only_added_to(known, reviewer) else 0
        for reviewer, known in then.items()
        if now[reviewer] != known
    }
    decisions, points = numbered(reviewed.decisions), _points(reviewed)
    table = followed(earlier, decisions, same, reviewed.by_reviewer, points=points, equal=reviewed.equal)
    table.attrs["known"] = now
    return table


def _points(reviewed: Reviewed) -> int:
    reviewers = len(reviewed.reviewers) if reviewed.everyone is None else reviewed.everyone["reviewer"].nunique()
    return min(_POINTS_A_REVIEWER * max(reviewers, 1), _MOST_POINTS)


def _everyone(reviewed: Reviewed) -> pd.DataFrame:
    return reviewed.decisions if reviewed.everyone is None else reviewed.everyone


def _drift_in_words(reviewed: Reviewed, table: pd.DataFrame) -> list[str]:
    if not len(table):
        return []
    shown = set(table["reviewer"])
    watched = [pair for pair in table.attrs["charts_watched"] if pair[0] in shown]
    if not watched:
        return [f"Too little has been decided to tell a change: it takes more than {LEARNING} decisions of a reviewer."]
    charts = f"{counted(len(watched), 'chart')} of more than {LEARNING} values"
    noticed = table[table["alarm"].astype(bool)].drop_duplicates(["reviewer", "measure"])
    if not len(noticed):
        none = f"None of {charts} shows a" if len(watched) > 1 else f"The {charts} shows no"
        return [f"{none} change that chance would seldom bring."]
    named = zip(noticed["reviewer"], noticed["measure"], noticed["decision"], strict=True)
    said = [f"{isolated(reviewer)}, {measure}, by decision {decision:,}" for reviewer, measure, decision in named]
    return [f"Of {charts} these show a change: {and_so_on(said)}."]


def _time(reviewed: Reviewed, **options: Any) -> pd.DataFrame:
    return metrics.time_per_item(reviewed.decisions, **options)


def _time_in_words(reviewed: Reviewed, table: pd.DataFrame) -> list[str]:
    last = table.groupby("reviewer", sort=False).last()
    said = [f"{isolated(reviewer)} {row['median']:.1f} s ({_how_sure(row)})" for reviewer, row in last.iterrows()]
    return [f"Median time of an item: {and_so_on(said)}."] if said else []


def _how_sure(row: "pd.Series[Any]") -> str:
    interval = f"95 % interval {row['low']:.1f} to {row['high']:.1f}, " if pd.notna(row["low"]) else ""
    return f"{interval}last {int(row['n'])}"


class _Course(NamedTuple):
    """A reviewer's values in their order."""

    row: Positions
    """Where their decisions stand."""
    decision: Positions
    """The how manieth of the reviewer each decision is, from 1."""


def _measured(reviewed: Reviewed, rows: pd.DataFrame) -> list[Any]:
    """The decisions that a point of a control chart rests on: not each of a reviewer's has a value of each measure."""
    everyone, named = _everyone(reviewed), list(dict.fromkeys(rows["measure"]))
    found = tracks(read_decided(everyone, named), named)
    courses = {(track.reviewer, track.measure): _Course(track.row, track.decision) for track in found}
    return _last(everyone, rows, [courses.get(pair) for pair in zip(rows["reviewer"], rows["measure"], strict=True)])


def _timed(reviewed: Reviewed, rows: pd.DataFrame) -> list[Any]:
    """The timed decisions that a median is of."""
    decisions = reviewed.decisions
    reviewers, is_timed = groups_of(decisions["reviewer"]), decisions["seconds"].notna().to_numpy()
    courses = {
        name: _Course(own[is_timed[own]], np.flatnonzero(is_timed[own]) + 1)
        for name, own in zip(reviewers.names, in_turn(reviewers), strict=True)
    }
    return _last(decisions, rows, [courses.get(name) for name in rows["reviewer"]])


def _last(decisions: pd.DataFrame, points: pd.DataFrame, courses: Sequence[_Course | None]) -> list[Any]:
    """The items of the ``n`` last values of each point's course up to its ``decision``."""
    chosen = np.zeros(len(decisions), dtype=bool)
    for course, until, n in zip(courses, points["decision"], points["n"], strict=True):
        if course is not None:
            end = int(np.searchsorted(course.decision, until, side="right"))
            chosen[course.row[max(end - int(n), 0) : end]] = True
    return decisions["item_id"][chosen].drop_duplicates().tolist()


def _progress(reviewed: Reviewed, **options: Any) -> pd.DataFrame:
    at = _moments(reviewed)
    return metrics.progress(reviewed.decisions.assign(recorded_at=at), **{"total": reviewed.asked, **options})


def _moments(reviewed: Reviewed) -> "pd.Series[Any]":
    """When each decision was recorded; if it was simulated, and so recorded in a moment, when by its own clock."""
    decisions = reviewed.decisions
    return decisions["decided_at"].where(decisions["origin"] == "simulated", decisions["recorded_at"])


def _progress_in_words(reviewed: Reviewed, table: pd.DataFrame) -> list[str]:
    last = table.groupby("reviewer", sort=False)["reviewed"].last()
    if not len(last):
        return ["Nothing has been reviewed yet."]
    of = "" if reviewed.asked is None else f" of {reviewed.asked:,}"
    said = and_so_on([f"{isolated(reviewer)} {int(done):,}{of}" for reviewer, done in last.items()])
    by = " by one or more" if len(last) > 1 else ""
    return [f"{counted(len(reviewed.items), 'item')} reviewed{by}: {said}."]


def _until(reviewed: Reviewed, rows: pd.DataFrame) -> list[Any]:
    """What the reviewer had decided by then."""
    decisions = reviewed.decisions
    reviewers = groups_of(decisions["reviewer"])
    own = dict(zip(reviewers.names, in_time(in_turn(reviewers), _moments(reviewed)), strict=True))
    chosen = np.zeros(len(decisions), dtype=bool)
    for name, done in zip(rows["reviewer"], rows["reviewed"], strict=True):
        if name in own:  # and has not taken all back since
            chosen[own[name][: int(done)]] = True
    return decisions["item_id"][chosen].drop_duplicates().tolist()


COURSE = (
    Figure(
        name="reviewer_drift",
        title="Whether a reviewer has changed: a control chart for each reviewer and measure",
        tab="Reviewers",
        table=_drift,
        at_once=_drift_of_who_decided,
        words=_drift_in_words,
        behind=_measured,
    ),
    Figure(
        name="time_per_item",
        title="How long each reviewer takes for an item",
        tab="Reviewers",
        table=_time,
        words=_time_in_words,
        behind=_timed,
    ),
    Figure(
        name="progress",
        title="How many items each reviewer has accepted, corrected and flagged by when",
        tab="Progress",
        table=_progress,
        words=_progress_in_words,
        behind=_until,
    ),
)
