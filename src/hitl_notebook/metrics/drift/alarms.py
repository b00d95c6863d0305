"""What changed with a reviewer, when, by how much, and how likely that is by chance."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from hitl_notebook.errors import UnknownChoice
from hitl_notebook.libraries import IntoDataFrame, pandas_frame
from hitl_notebook.metrics.alike import Equal
from hitl_notebook.metrics.columns import check_level
from hitl_notebook.metrics.drift.changes import Change, changes, is_watched
from hitl_notebook.metrics.drift.decided import read_decided, read_measures
from hitl_notebook.metrics.drift.track import Track, tracks
from hitl_notebook.metrics.drift.words import sentence

__all__ = ["check_false_alarms", "drift_alarms", "wanted_of"]

TEXTS = ("reviewer", "measure", "direction", "words")
COUNTS = ("since", "noticed", "charts_watched")
COLUMNS = (
    *("reviewer", "measure", "direction", "since", "noticed", "noticed_at", "before", "after", "change", "low", "high"),
    *("chance", "charts_watched", "words"),
)


def drift_alarms(
    decisions: IntoDataFrame,
    measures: Sequence[str] | None = None,
    *,
    equal: Equal = None,
    false_alarms: float = 0.05,
    level: float = 0.95,
) -> pd.DataFrame:
    r"""What has changed with the reviewers, in words: what, when, by how much, and how likely that is by chance.

    Each reviewer is compared with themselves: with their own earlier decisions, on items of which the model was as
    confident, and, where others decided on the same items, with those. A change of the items is no alarm as far as the
    model's confidence or the other reviewers show it.

    Parameters
    ----------
    decisions : DataFrame
        Effective decisions in the order of the log, as ``session.decisions``: one row a reviewer and item. Columns
        ``reviewer`` and, as they are there, ``action``, ``item_id`` and ``value``, ``seconds``, ``confidence``,
        ``kind``, ``decided_at``. Catch trials are left out.
    measures : list of names, optional
        What is watched: ``accept``, ``correct``, ``flag`` (shares of decisions), ``agree`` (share of the others on the
        same item who gave the same value), ``seconds`` (an item, above zero; its logarithm, no farther than 4 robust
        standard deviations from the reviewer's median, and less what the item before says of it). Left out: all that
        the columns allow; of an empty list nothing is.
    equal : function of two values, optional
        Whether they are the same value, where that is not ``==``: as a task's ``equal``, which may have a tolerance. It
        is asked of each two reviewers of an item: of 10, 12 and 14, with a tolerance of 2, the first agrees with one of
        the two others, the second with both.
    false_alarms : float in (0, 1)
        Of reviews in which nobody changes, so many have an alarm at most, at any look at all: over all charts watched,
        however long the review goes on, and whoever joins. The first reviewer to decide may have a third of them, the
        next a sixth, a tenth, and so on, each as much in every measure; so who joins later has to show more, and takes
        back no alarm of another. This is so as far as what is usual is known. It is learned, from later decisions too
        (what is usual of such confidences), so it was measured: at 0.05, of 1,041 simulated reviews of seven kinds,
        looked at after every ten or twenty decisions of each reviewer, 9 had an alarm at any look; 7 of them were among
        the 267 in which items become harder than their confidence shows.
    level : float in (0, 1)
        Of the interval of the change.

    Returns
    -------
    DataFrame with one row an alarm, in the order of being noticed:

    - ``reviewer``, ``measure``, ``direction`` (more or less);
    - ``since`` (the reviewer's decision, counted from 1, with which it most likely began), ``noticed`` (the decision
      after which it could be told) and ``noticed_at``;
    - ``before`` and ``after`` (the share, or the geometric mean of seconds; the first since the change before it, as it
      would be on items like those of the second), ``change`` (their difference; of seconds the ratio less 1) with
      ``low`` and ``high``, which take the moment of the change as known and so flatter its size;
    - ``chance``: of reviews without any change, how many have an alarm as strong as this at most, by the decisions up
      to ``noticed`` and on to the next change; ``charts_watched`` (reviewers by measures, those with more than 30
      values);
    - ``words``: all of this as a sentence. It ends with "a change of the items would look the same" where there are
      neither several confidences nor others on the same items before and after.

    No rows where nothing changed or nothing has been reviewed.

    A reviewer who changes just as the confidences do cannot be told from items that change, and is not: in an order by
    confidence compare with others. Of two reviewers who part, both agree less. Verdicts are taken not to depend on
    those before them: a reviewer of many moods changes with each.

    Raises
    ------
    MissingColumn
        ``reviewer``, or what a named measure is computed from, is not in the frame; or no measure can be computed.
    BadColumn
        An action that is none of accept, correct and flag; a reviewer's name that is a list; ``seconds`` or
        ``confidence`` that are no numbers, times that are none.
    UnknownChoice
        There is no such measure, or a share is none.

    References
    ----------
    The sum of risk-adjusted likelihood ratios of Shiryaev and Roberts, as a bet on a change (Shin, Ramdas and Rinaldo
    2024, NEJSDS 2(2)); odds as in Steiner et al. (2000), Biostatistics 1(4). The chances of the charts are added up
    (Bonferroni). Where it began is where two levels fit best (Hinkley and Hinkley 1970, Biometrika 57(3); Hinkley 1970,
    57(1)). Intervals: Newcombe (1998), Statistics in Medicine 17, no. 10; Welch (1947), Biometrika 34.

    Examples
    --------
    >>> rows = {"reviewer": "ada", "action": ["accept", "correct"] * 50 + ["accept"] * 50}
    >>> for sentence in drift_alarms(pd.DataFrame(rows), ["accept"])["words"]:
    ...     print(*sentence.split("; "), sep="\n")
    ada accepts more since decision 101: 50 % before, 100 % after (+50 points, 95 % interval 38 to 60)
    by chance in at most 1 of 110,000 such reviews, for 1 chart watched
    a change of the items would look the same
    """
    check_level(level)
    check_false_alarms(false_alarms)
    decisions = pandas_frame(decisions)
    named = read_measures(decisions, measures)
    decided = read_decided(decisions, named, equal)
    watched = [track for track in tracks(decided, named) if is_watched(track)]
    found = [(track, change) for track in watched for change in changes(track, wanted_of(track, false_alarms))]
    found.sort(key=lambda alarm: alarm[0].row[alarm[1].noticed])
    at = decided.decided_at
    rows = [_row(track, change, at, len(watched), level) for track, change in found]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table["noticed_at"] = at.iloc[[track.row[change.noticed] for track, change in found]].reset_index(drop=True)
    types = {name: "object" if name in TEXTS else "int64" if name in COUNTS else "float64" for name in COLUMNS}
    return table if rows else table.astype({name: type_ for name, type_ in types.items() if name != "noticed_at"})


def wanted_of(track: Track, false_alarms: float) -> float:
    """What the bets of one chart have to hold for an alarm."""
    return 1 / (track.stake * false_alarms)


def check_false_alarms(false_alarms: float) -> None:
    """Refuse a share of false alarms that is none."""
    if not 0 < false_alarms < 1:
        raise UnknownChoice(f"false_alarms={false_alarms!r}: a share of reviews, between 0 and 1, as 0.05")


def _row(track: Track, change: Change, at: "pd.Series[pd.Timestamp]", charts: int, level: float) -> tuple[object, ...]:
    difference = change.difference(track, level)
    since, noticed = int(track.decision[change.since]), int(track.decision[change.noticed])
    direction = "more" if change.rising else "less"
    chance = 1 / (track.stake * float(change.held.max()))
    words = sentence(
        reviewer=track.reviewer,
        measure=track.measure,
        direction=direction,
        since=since,
        at=at.iloc[track.row[change.since]],
        difference=difference,
        on_such_items=bool(np.ptp(track.lean) > 0),
        level=level,
        chance=chance,
        charts_watched=charts,
        may_be_the_items=change.may_be_the_items(track),
    )
    return track.reviewer, track.measure, direction, since, noticed, pd.NaT, *difference, chance, charts, words
