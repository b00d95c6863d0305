"""What two versions said of each item, beside what its reviewers said."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from hitl_notebook.errors import BadColumn, MissingColumn, UnknownChoice
from hitl_notebook.metrics.columns import Array, require
from hitl_notebook.metrics.selection import selection_weights
from hitl_notebook.missing import is_missing
from hitl_notebook.quoted import close_match, quoted

__all__ = ["Cells", "Equal", "VersionPairs", "objects", "version_pairs"]

Equal: TypeAlias = Callable[[Any, Any], bool]
Said: TypeAlias = dict[Hashable, Any]
Cells: TypeAlias = npt.NDArray[np.object_]

_SAID = (("shown_model_version", "shown_prediction"), ("model_version", "prediction"))
_NEEDED = ("item_id", "action", "kind", "value", *(name for both in _SAID for name in both))


@dataclass(frozen=True, kw_only=True)
class VersionPairs:
    """One row an item that both versions predicted; arrays of shape (n,).

    Attributes
    ----------
    item_id, before, after, value : array of object
        The human value that came last; None where nobody gave any.
    right_before, right_after : array of float in [0, 1]
        Share of its reviewers who agree with each version; NaN where none gave a value.
    changed : array of bool
        Whether the versions say different things.
    weight : array of float
        What a reviewed item stands for; 0 where it was not reviewed or was chosen by hand.
    slices : mapping of name to array
    knows_all : bool
        Whether items without a review are among these.
    slices_of_all : frozenset of names
        Slices known of every item, reviewed or not.
    notes : list of str
        What was left out.
    """

    item_id: Cells
    before: Cells
    after: Cells
    value: Cells
    right_before: Array
    right_after: Array
    changed: npt.NDArray[np.bool_]
    weight: Array
    slices: Mapping[str, Cells]
    knows_all: bool
    slices_of_all: frozenset[str]
    notes: Sequence[str]

    @property
    def reviewed(self) -> npt.NDArray[np.bool_]:
        return ~np.isnan(self.right_before)


def version_pairs(
    decisions: pd.DataFrame,
    before: str,
    after: str,
    items: pd.DataFrame | None,
    equal: Equal,
    learned_from: frozenset[Hashable] = frozenset(),
) -> VersionPairs:
    """Decisions and predictions, joined by item; raises what ``compare_versions`` says."""
    decisions = require(decisions, *_NEEDED)
    rows = decisions[decisions["kind"].ne("catch").fillna(True).to_numpy(dtype=bool)]
    said = _said_in_decisions(rows)
    if items is not None:
        said = _joined(said, _said_in(items), equal)
        _check_ids(rows["item_id"].tolist(), items["item_id"].tolist())
    for version in (before, after):
        if version not in said:
            close = close_match(str(version), map(str, said))
            raise UnknownChoice(
                f"nothing is known of model version {quoted(version)}{close}: there are "
                f"{', '.join(map(quoted, said)) or 'none'}. Its predictions can be given as items=, a frame with the "
                "columns item_id, model_version and prediction"
            )
    met = {item for item in said[before] if item in said[after]}
    in_both = [item for item in said[before] if item in met and item not in learned_from]
    verdicts = _verdicts(rows, said[before], said[after], equal)
    if items is None:
        in_both = [item for item in in_both if item in verdicts]
    known = [verdicts.get(item, _UNREVIEWED) for item in in_both]
    says = [(said[before][item], said[after][item]) for item in in_both]
    changed = np.array([not equal(*both) for both in says], dtype=bool)
    reviewed = np.array([item in verdicts for item in in_both], dtype=bool)
    drawn = _drawn_since_changed(rows, after)
    asked = np.array([item in drawn for item in in_both], dtype=bool) & reviewed
    if items is not None and changed.any() and reviewed[changed].all():
        weights = reviewed.astype(float)  # where all that differ are reviewed, it does not matter how they were chosen
    elif items is not None and (asked & changed).any():
        # What was decided before speaks for itself, what was drawn from the rest for that rest.
        of_rest = asked & changed
        rest = of_rest | (changed & ~reviewed)
        weights = np.where(of_rest, rest.sum() / of_rest.sum(), 1.0) * reviewed
    else:
        weight = dict(zip(rows["item_id"].tolist(), selection_weights(rows).tolist(), strict=True))
        weights = np.array([weight.get(item, 0.0) for item in in_both], dtype=float) * reviewed
    slices, of_all = _slices(rows, items, in_both)
    return VersionPairs(
        item_id=objects(in_both),
        before=objects([one for one, _ in says]),
        after=objects([other for _, other in says]),
        value=objects([verdict.value for verdict in known]),
        right_before=np.array([verdict.right_before for verdict in known], dtype=float),
        right_after=np.array([verdict.right_after for verdict in known], dtype=float),
        changed=changed,
        weight=weights,
        slices=slices,
        knows_all=items is not None,
        slices_of_all=of_all,
        notes=_notes(
            {
                "items that one version alone predicted left out": len(said[before].keys() ^ said[after].keys()),
                "that a version has learned from left out": len(met) - len(met - learned_from),
                "chosen by hand, which say nothing of the others, count in wins, losses and ties only": int(
                    (reviewed & (weights == 0)).sum()
                ),
                "on which reviewers differ count by the share who agree": sum(
                    0 < verdict.right_before < 1 or 0 < verdict.right_after < 1 for verdict in known
                ),
            }
        ),
    )


def _drawn_since_changed(rows: pd.DataFrame, after: str) -> set[Hashable]:
    """The items that were drawn at random from those that version ``after`` changed and nobody had decided."""
    if not {"chosen_by", "plan_version", "shown_model_version"} <= set(rows):
        return set()
    drawn = rows[rows["chosen_by"].eq("changed").fillna(False).to_numpy(dtype=bool)]
    found: set[Hashable] = set()
    for _, asked in drawn.groupby("plan_version"):
        # A verdict that was changed later was given under a later version; most were not.
        if asked["shown_model_version"].mode().iloc[0] == after:
            found.update(asked["item_id"])
    return found


@dataclass(frozen=True, slots=True)
class _Verdict:
    value: Any
    right_before: float
    right_after: float


_UNREVIEWED = _Verdict(None, np.nan, np.nan)


def _verdicts(rows: pd.DataFrame, before: Said, after: Said, equal: Equal) -> dict[Hashable, _Verdict]:
    values: dict[Hashable, list[Any]] = {}
    for item, action, value in zip(rows["item_id"], rows["action"], rows["value"], strict=True):
        if action != "flag" and not is_missing(value):
            values.setdefault(item, []).append(value)
    return {
        item: _Verdict(
            given[-1],
            float(np.mean([equal(value, before[item]) for value in given])),
            float(np.mean([equal(value, after[item]) for value in given])),
        )
        for item, given in values.items()
        if item in before and item in after
    }


def _said_in_decisions(rows: pd.DataFrame) -> dict[str, Said]:
    said: dict[str, Said] = {}
    for version, prediction in _SAID:
        for item, name, cell in zip(rows["item_id"], rows[version], rows[prediction], strict=True):
            if not is_missing(cell) and not is_missing(name):
                said.setdefault(name, {})[item] = cell
    return said


def _said_in(items: pd.DataFrame) -> dict[str, Said]:
    missing = [name for name in ("item_id", "model_version", "prediction") if name not in items]
    if missing:
        raise MissingColumn(f"items has no column {', '.join(missing)}; it has {', '.join(map(str, items.columns))}")
    said: dict[str, Said] = {}
    columns = zip(items["item_id"], items["model_version"], items["prediction"], strict=True)
    for row, (item, version, prediction) in enumerate(columns):
        if is_missing(prediction):
            continue
        of_version = said.setdefault(version, {})
        if item in of_version:
            raise BadColumn(f"items, row {row}: item {quoted(item)} has a second prediction of version {version!r}")
        of_version[item] = prediction
    return said


def _joined(in_decisions: dict[str, Said], in_items: dict[str, Said], equal: Equal) -> dict[str, Said]:
    """What ``items`` says; it has to say what the reviewers' rows say, or it speaks of other predictions."""
    for version in in_decisions.keys() & in_items.keys():
        for item, prediction in in_decisions[version].items():
            given = in_items[version].get(item, prediction)
            if not equal(given, prediction):
                raise BadColumn(
                    f"of item {quoted(item)} version {version!r} said {quoted(prediction)} by the decisions and "
                    f"{quoted(given)} by items: give it the predictions that were reviewed, in the same form"
                )
    return in_decisions | in_items


def _check_ids(decided: Sequence[Hashable], given: Sequence[Hashable]) -> None:
    """Refuse items of which none has a decision where their ids are written as those that have."""
    if not set(decided).isdisjoint(given):
        return
    written = {str(item): item for item in given}
    for item in decided:
        if str(item) in written:
            raise BadColumn(
                f"items has {quoted(written[str(item)])} where the decisions have {quoted(item)}, and no id that is "
                "the same: give both as text, or both as numbers"
            )


def _slices(
    rows: pd.DataFrame, items: pd.DataFrame | None, in_both: Sequence[Hashable]
) -> tuple[dict[str, Cells], frozenset[str]]:
    given = [] if items is None else [str(name) for name in items if str(name).startswith("slice_")]
    recorded = [str(name) for name in rows if str(name).startswith("slice_")]
    slices = {}
    for name in dict.fromkeys([*given, *recorded]):
        source = rows if items is None or name not in given else items
        cells = dict(zip(source["item_id"].tolist(), source[name].tolist(), strict=True))
        slices[name.removeprefix("slice_")] = objects([cells.get(item) for item in in_both])
    return slices, frozenset(name.removeprefix("slice_") for name in given)


def _notes(counts: Mapping[str, int]) -> list[str]:
    return [f"{count:,} {what}" for what, count in counts.items() if count]


def objects(cells: Sequence[Any]) -> Cells:
    """The cells as they are, in one dimension whatever they are."""
    return np.fromiter(cells, dtype=object, count=len(cells))
