"""What holds for each item, after everyone who decided on it."""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any, TypeAlias

import pandas as pd

from hitl_notebook.errors import ReviewersDiffer, UnknownChoice
from hitl_notebook.missing import is_missing
from hitl_notebook.quoted import quoted
from hitl_notebook.tasks.task import SHOWN_ROWS, Task

__all__ = ["resolve_labels"]

Rule: TypeAlias = Callable[[Sequence[Any], Task], Any]


def resolve_labels(decisions: pd.DataFrame, task: Task, resolve: str | None = None) -> pd.DataFrame:
    """One row an item, in the order of their first decisions, with the value that holds.

    Parameters
    ----------
    decisions : DataFrame
        Columns ``item_id``, ``reviewer``, ``action``, ``value``, ``prediction``; one row per reviewer and item, the
        oldest first.
    task : Task
        Says when two values are equal.
    resolve : "latest" or "majority", optional
        The rule where reviewers differ. ``latest``: the value decided last. ``majority``: the value with which most
        reviewers agree, itself among those given; where two that differ have as many, the value is missing. A set of
        labels counts as a whole.

    Returns
    -------
    Columns ``item_id``; ``value``; ``prediction``, the last one known; ``agreed``, whether the two are equal, missing
    where one is; ``reviewers``, how many gave a value; ``flagged``, how many flagged; ``resolve``: ``only`` where
    nobody differs, else the rule. A flag is no vote: an item that everyone flagged has no value.

    Raises
    ------
    ReviewersDiffer
        Reviewers differ and no rule was named.
    UnknownChoice
        There is no such rule.
    """
    if resolve is not None and resolve not in _RULES:
        raise UnknownChoice(f"resolve={quoted(resolve)}: one of {', '.join(_RULES)}")
    ids, votes, flagged, predictions = _ballots(decisions)
    agree = [_agree(cast, task) for cast in votes]
    differing = [id_ for id_, same in zip(ids, agree, strict=True) if not same]
    if differing and resolve is None:
        shown = ", ".join(map(quoted, differing[:SHOWN_ROWS])) + (", ..." if len(differing) > SHOWN_ROWS else "")
        raise ReviewersDiffer(
            f"reviewers differ on {len(differing):,} of {len(ids):,} items ({shown}): name a rule, as in "
            f"resolve='majority'; there are {', '.join(_RULES)}"
        )
    rule = _RULES.get(resolve or "", _latest)
    values = [
        (cast[0] if cast else None) if same else rule(cast, task) for cast, same in zip(votes, agree, strict=True)
    ]
    agreed = [
        None if value is None or prediction is None else task.equal(value, prediction)
        for value, prediction in zip(values, predictions, strict=True)
    ]
    return pd.DataFrame(
        {
            "item_id": pd.Series(ids, dtype=object).infer_objects(),
            "value": pd.Series(values, dtype=object),
            "prediction": pd.Series(predictions, dtype=object),
            "agreed": pd.Series(agreed, dtype="boolean"),
            "reviewers": pd.Series([len(cast) for cast in votes], dtype="int64"),
            "flagged": pd.Series(flagged, dtype="int64"),
            "resolve": pd.Series(["only" if same else resolve for same in agree], dtype=object).infer_objects(),
        }
    )


def _ballots(decisions: pd.DataFrame) -> tuple[list[Any], list[list[Any]], list[int], list[Any]]:
    """Per item: its id, the values given, the oldest first, how many flagged it, and the last prediction."""
    places: dict[Any, int] = {}
    ids: list[Any] = []
    votes: list[list[Any]] = []
    flagged: list[int] = []
    predictions: list[Any] = []
    columns = (decisions[name].tolist() for name in ("item_id", "action", "value", "prediction"))
    for item_id, action, value, prediction in zip(*columns, strict=True):
        place = places.setdefault(item_id, len(ids))
        if place == len(ids):
            ids.append(item_id)
            votes.append([])
            flagged.append(0)
            predictions.append(None)
        predictions[place] = None if is_missing(prediction) else prediction
        if action == "flag":
            flagged[place] += 1
        elif not is_missing(value):
            votes[place].append(value)
    return ids, votes, flagged, predictions


def _agree(cast: Sequence[Any], task: Task) -> bool:
    # All pairs: where values agree within a tolerance, the first may agree with two that differ.
    return all(task.equal(one, other) for one, other in combinations(cast, 2))


def _latest(cast: Sequence[Any], task: Task) -> Any:
    return cast[-1]


def _majority(cast: Sequence[Any], task: Task) -> Any:
    # By the task's own equality, value by value; of plain labels metrics.majority_vote says the same, by columns.
    support = [sum(task.equal(value, other) for other in cast) for value in cast]
    most = max(support)
    leading = [value for value, count in zip(cast, support, strict=True) if count == most]
    # A coin flip would make two runs disagree, and the first in the frame is no better founded.
    return leading[0] if _agree(leading, task) else None


_RULES: Mapping[str, Rule] = {"latest": _latest, "majority": _majority}
