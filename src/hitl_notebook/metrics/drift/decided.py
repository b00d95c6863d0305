"""Decisions as columns of numbers: what drift is seen in."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from hitl_notebook.errors import BadColumn, MissingColumn, UnknownChoice
from hitl_notebook.metrics.alike import Codes, Equal
from hitl_notebook.metrics.columns import Array, numbers, read_seconds
from hitl_notebook.metrics.review.decided import ACTIONS, Groups, factorized, groups_of
from hitl_notebook.quoted import close_match, quoted

__all__ = ["MEASURES", "Codes", "Decided", "read_decided", "read_measures"]

# What each measure is computed from, beside who decided.
MEASURES = {
    "accept": ("action",),
    "correct": ("action",),
    "flag": ("action",),
    "agree": ("item_id", "value"),
    "seconds": ("seconds",),
}
# Confidences are compared within tenths of the decisions.
BINS = 10
# Where a tenth ends need not be known more exactly than from so many.
ENOUGH = 10_000


@dataclass(frozen=True)
class Decided:
    """The rows of decisions in their order; items, actions and values as codes, -1 where missing."""

    reviewers: tuple[Any, ...]
    reviewer: Codes
    actions: tuple[Any, ...]
    action: Codes
    item: Codes
    values: tuple[Any, ...]
    value: Codes
    equal: Equal
    seconds: Array
    confidence: Array
    planted: npt.NDArray[np.bool_]
    decided_at: "pd.Series[Any]"

    @cached_property
    def rows_of(self) -> list[Codes]:
        """The rows of each reviewer, in their order."""
        order = np.argsort(self.reviewer, kind="stable")
        ends = np.cumsum(np.bincount(self.reviewer, minlength=len(self.reviewers)))
        return np.split(order, ends[:-1]) if self.reviewers else []

    @cached_property
    def confidence_bin(self) -> Codes:
        """In which tenth of the decisions each confidence lies; those without one have a bin of their own."""
        known = self.confidence[~np.isnan(self.confidence)]
        known = known[:: 1 + len(known) // ENOUGH]
        edges = np.unique(np.quantile(known, np.arange(1, BINS) / BINS)) if len(known) else np.empty(0)
        return np.where(np.isnan(self.confidence), len(edges) + 1, np.searchsorted(edges, self.confidence, side="left"))

    @property
    def cells(self) -> tuple[int, int]:
        """How many reviewers and bins of confidence there are."""
        return len(self.reviewers), int(self.confidence_bin.max(initial=0)) + 1

    @cached_property
    def cell(self) -> Codes:
        """Which reviewer and bin each decision is of, as one number."""
        return self.reviewer * self.cells[1] + self.confidence_bin

    @cached_property
    def number(self) -> Codes:
        """How many decisions there are of each reviewer and bin."""
        return np.bincount(self.cell, minlength=self.cells[0] * self.cells[1]).reshape(self.cells)


def read_measures(decisions: pd.DataFrame, measures: Sequence[str] | None) -> list[str]:
    """The measures to watch: those named, or all that the columns there are allow.

    Raises
    ------
    MissingColumn
        ``reviewer``, or a column that a named measure is computed from, is not in the frame; or nothing is named and
        the columns there allow none.
    UnknownChoice
        There is no such measure.
    """
    if "reviewer" not in decisions:
        raise MissingColumn(f"no column 'reviewer'; this frame has {sorted(map(str, decisions.columns))[:20]}")
    if measures is None:
        return _allowed(decisions)
    if isinstance(measures, str):
        raise UnknownChoice(f"measures={measures!r}: a list of names, as [{measures!r}]")
    for measure in measures:
        if measure not in MEASURES:
            raise UnknownChoice(
                f"measures: no {quoted(measure)}{close_match(str(measure), MEASURES)}; there are {', '.join(MEASURES)}"
            )
        lacking = [name for name in MEASURES[measure] if name not in decisions]
        if lacking:
            raise MissingColumn(f"the measure {measure!r} needs the column {lacking[0]!r}, which is not there")
    return list(dict.fromkeys(measures))


def _allowed(decisions: pd.DataFrame) -> list[str]:
    """All that the columns there are computed from."""
    found = [measure for measure, needed in MEASURES.items() if all(name in decisions for name in needed)]
    if not found:
        has = sorted(map(str, decisions.columns))[:20]
        raise MissingColumn(
            f"nothing to watch: no column 'action', no 'seconds', nor 'item_id' with 'value'; there are {has}"
        )
    return found


def read_decided(
    decisions: pd.DataFrame, measures: Sequence[str], equal: Equal = None, reviewers: Groups | None = None
) -> Decided:
    """The columns that drift is seen in, read once; columns that are not there or not needed are all missing.

    ``equal`` says which values are the same where that is not ``==``. Decisions without a reviewer are left out.
    ``reviewers`` are those of each decision, where somebody knows them and none is missing.

    Raises
    ------
    BadColumn
        An action is none, a reviewer's name is a list, ``seconds`` or ``confidence`` are no numbers, or ``decided_at``
        no times.
    """
    action, actions = _actions(decisions)
    if reviewers is None:
        if decisions["reviewer"].hasnans:
            named = decisions["reviewer"].notna().to_numpy()
            decisions, action = decisions[named], action[named]
        reviewers = groups_of(decisions["reviewer"])
    item, _ = _codes(decisions, "item_id")
    value, values = _codes(decisions if "agree" in measures else decisions[[]], "value")
    return Decided(
        reviewers=tuple(reviewers.names),
        reviewer=reviewers.code,
        actions=actions,
        action=action,
        item=item,
        values=values,
        value=value,
        equal=equal,
        seconds=_floats(decisions, "seconds"),
        confidence=_floats(decisions, "confidence"),
        # In a catch trial the reviewer saw what was planted: it says nothing of the course of the review.
        planted=_are_planted(decisions),
        decided_at=_times(decisions),
    )


def _actions(decisions: pd.DataFrame) -> tuple[Codes, tuple[Any, ...]]:
    code, found = _codes(decisions, "action")
    other = [place for place, name in enumerate(found) if not (isinstance(name, str) and name in ACTIONS)]
    if other:
        row = int(np.argmax(code == other[0]))
        raise BadColumn(f"an action is {', '.join(ACTIONS)}, or missing; row {row} has {quoted(found[other[0]])}")
    return code, found


def _codes(decisions: pd.DataFrame, name: str) -> tuple[Codes, tuple[Any, ...]]:
    if name not in decisions:
        return np.full(len(decisions), -1, dtype=np.intp), ()
    column = decisions[name]
    try:
        codes, found = factorized(column)
    except TypeError:
        # Values that cannot be hashed, as a list of boxes, are the same where they are written the same.
        codes, _ = pd.factorize(column.map(repr, na_action="ignore"))
        code, first = np.unique(codes, return_index=True)
        return codes.astype(np.intp, copy=False), tuple(column.to_numpy(dtype=object)[first[code >= 0]])
    return codes.astype(np.intp, copy=False), tuple(found.tolist())


def _are_planted(decisions: pd.DataFrame) -> npt.NDArray[np.bool_]:
    if "kind" not in decisions:
        return np.zeros(len(decisions), dtype=bool)
    return (decisions["kind"] == "catch").to_numpy(dtype=bool, na_value=False)


def _floats(decisions: pd.DataFrame, name: str) -> Array:
    if name not in decisions:
        return np.full(len(decisions), np.nan)
    column = read_seconds(decisions[name]) if name == "seconds" else numbers(decisions[name], name)
    return np.where(np.isfinite(column), column, np.nan)


def _times(decisions: pd.DataFrame) -> "pd.Series[Any]":
    name = next((name for name in ("decided_at", "recorded_at") if name in decisions), None)
    if name is None:
        return pd.Series(pd.NaT, index=range(len(decisions)), dtype="datetime64[us, UTC]")
    try:
        return pd.to_datetime(decisions[name], utc=True).reset_index(drop=True)
    except (TypeError, ValueError) as error:
        raise BadColumn(f"{name} is a column of times ({error})") from error
