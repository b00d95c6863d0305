"""Whether the next version of a model is better, judged by the reviews that there are."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from operator import eq
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from hitl_notebook.errors import BadColumn, UnknownChoice
from hitl_notebook.libraries import IntoDataFrame, pandas_column, pandas_frame
from hitl_notebook.metrics.columns import check_level, read_weights
from hitl_notebook.metrics.versions.paired_difference import PairedDifference
from hitl_notebook.metrics.versions.version_comparison import VersionComparison
from hitl_notebook.metrics.versions.version_pairs import Cells, VersionPairs, objects, version_pairs
from hitl_notebook.missing import is_missing
from hitl_notebook.quoted import quoted

__all__ = ["compare_predictions", "compare_versions"]


def compare_versions(
    decisions: IntoDataFrame,
    before: str,
    after: str,
    *,
    items: IntoDataFrame | None = None,
    learned_from: Collection[Any] = (),
    equal: Callable[[Any, Any], bool] = eq,
    worth: float | None = None,
    power: float = 0.8,
    level: float = 0.95,
) -> VersionComparison:
    """Whether version ``after`` is right more often than version ``before``, and on what.

    A verdict is on the item, not on the version it was given under: where both versions say the same it carries over,
    whatever it was, and nothing is gained or lost. So the difference over all items rests on those on which the
    versions differ; with ``items`` their number is known, and only they need a review.

    Parameters
    ----------
    decisions : DataFrame
        As ``session.decisions``: one row per reviewer and item. Catch trials are left out, and flags, which carry no
        value. Where reviewers differ, a version is right by the share of them who agree with it.
    before, after : str
        Two model versions.
    items : DataFrame, optional
        What each version predicted of every item: columns ``item_id``, ``model_version``, ``prediction``, and
        ``slice_<name>`` if figures by slice are to be over all items too. Left out, only items are known that were
        reviewed and whose two predictions are in ``decisions``, and the difference is weighed over them.
    learned_from : collection of ids
        Items that one of the versions was trained on, as ``training_set(...).item_ids``. They say nothing of others,
        and are left out.
    equal : function of two values
        The task's own rule, as ``session.task.equal``; left out: ``==``.
    worth : float in (0, 1), optional
        The smallest difference over all items that matters, for the reviews still needed; left out: the one seen.
    power : float in (0, 1)
        With which probability that many reviews would show it.
    level : float in (0, 1)
        Of the interval; 1 - level bounds how often a version is called better or worse that is neither, when this is
        asked once. Asked again after each review until an answer comes, it is wrong more often.

    Returns
    -------
    VersionComparison. Items are weighed by ``selection_weights``; after ``session.update_predictions``, with ``items``,
    those decided before speak for themselves and those drawn from what the version changed for the rest of that, so
    that the difference holds however the review before was drawn, and wherever this one ends. The interval is that of
    Bonett and Price at the effective number of items, for these items and others like them.

    Raises
    ------
    UnknownChoice
        A version that nothing is known of; ids that are one text.
    BadColumn, MissingColumn
        ``decisions`` or ``items`` lack a column; ``items`` has two predictions of one version for an item, or others
        than the decisions, or the ids of the decisions in another type.

    References
    ----------
    McNemar (1947), Psychometrika 12(2). Bonett and Price (2012), Journal of Educational and Behavioral Statistics
    37(4). Connor (1987), Biometrics 43(1).

    Examples
    --------
    Of ten items drawn at random the new version repairs six and breaks none.

    >>> decisions = pd.DataFrame({"item_id": range(10), "action": "correct", "kind": "regular", "value": "ham",
    ...                           "prediction": "ham", "model_version": "v2", "shown_model_version": "v1",
    ...                           "shown_prediction": ["spam"] * 6 + ["ham"] * 4, "chosen_by": "sample",
    ...                           "selection_probability": 0.5, "pool_size": 20})
    >>> comparison = compare_versions(decisions, "v1", "v2")
    >>> comparison.wins, comparison.losses, comparison.ties, comparison.p_value, comparison.conclusion
    (6, 0, 4, 0.03125, 'better')
    """
    _check(level, power, worth)
    if isinstance(learned_from, str | bytes):
        one = quoted(learned_from)
        raise UnknownChoice(f"learned_from={one} is one text: a list of ids, as in [{one}]")
    every = None if items is None else pandas_frame(items)
    pairs = version_pairs(pandas_frame(decisions), before, after, every, equal, frozenset(learned_from))
    return _compared(pairs, before, after, worth=worth, power=power, level=level)


def compare_predictions(
    value: Sequence[Any],
    before: Sequence[Any],
    after: Sequence[Any],
    *,
    item_id: Sequence[Any] | None = None,
    sample_weight: Any = None,
    slices: Mapping[str, Sequence[Any]] | None = None,
    names: tuple[str, str] = ("before", "after"),
    equal: Callable[[Any, Any], bool] = eq,
    worth: float | None = None,
    power: float = 0.8,
    level: float = 0.95,
) -> VersionComparison:
    """``compare_versions`` of columns: what is right of each item, and what two versions say of it.

    Parameters
    ----------
    value, before, after : sequences of length n
        Rows in which one of them is missing are left out.
    item_id : sequence of length n, optional
        Left out: the rows' numbers.
    sample_weight : array of shape (n,), optional
        What each item stands for, where they were not drawn evenly.
    slices : mapping of name to sequence of length n, optional
    names : two str
        What the versions are called.
    equal, worth, power, level
        As in ``compare_versions``.

    Raises
    ------
    BadColumn
        A column, or a slice, that has more or fewer rows than ``value``.
    UnknownChoice
        As ``compare_versions``.

    Examples
    --------
    >>> found = compare_predictions(["a", "a", "b"], ["b", "a", "b"], ["a", "a", "a"])
    >>> found.wins, found.losses, found.ties
    (1, 1, 1)
    """
    _check(level, power, worth)
    weight = read_weights(sample_weight, len(value))
    named = range(len(value)) if item_id is None else item_id
    given = {"item_id": named, "before": before, "after": after, "value": value}
    columns = [_cells(name, column, len(value)) for name, column in given.items()]
    parts = {name: _cells(f"slice {quoted(name)}", column, len(value)) for name, column in (slices or {}).items()}
    kept = [
        row
        for row, cells in enumerate(zip(*columns[1:], strict=True))
        if not any(map(is_missing, cells)) and weight[row] > 0
    ]
    ids, said, says, values = (column[kept] for column in columns)
    lost = len(weight) - len(kept)
    pairs = VersionPairs(
        item_id=ids,
        before=said,
        after=says,
        value=values,
        right_before=np.array([equal(*both) for both in zip(values, said, strict=True)], dtype=float),
        right_after=np.array([equal(*both) for both in zip(values, says, strict=True)], dtype=float),
        changed=np.array([not equal(*both) for both in zip(said, says, strict=True)], dtype=bool),
        weight=weight[kept],
        slices={name: cells[kept] for name, cells in parts.items()},
        knows_all=False,
        slices_of_all=frozenset(),
        notes=[f"{lost:,} of {len(weight):,} without a value, a prediction or a weight left out"] if lost else [],
    )
    return _compared(pairs, *names, worth=worth, power=power, level=level)


def _cells(name: str, column: Sequence[Any], rows: int) -> Cells:
    cells = objects(list(pandas_column(column)))
    if len(cells) != rows:
        raise BadColumn(f"{name} has {len(cells):,} rows, value {rows:,}: give one cell for each item")
    return cells


def _compared(
    pairs: VersionPairs, before: str, after: str, *, worth: float | None, power: float, level: float
) -> VersionComparison:
    whole = _difference(pairs, np.ones(len(pairs.item_id), dtype=bool), knows_all=pairs.knows_all)
    estimate = whole.estimate(level, "; ".join(pairs.notes))
    p_value = whole.p_value
    size = abs(estimate.value) if worth is None else worth
    is_open = _conclusion(estimate.low, estimate.high, p_value, level) == "open"
    gain = (pairs.right_after - pairs.right_before)[pairs.reviewed]
    return VersionComparison(
        before=before,
        after=after,
        wins=int((gain > 0).sum()),
        losses=int((gain < 0).sum()),
        ties=int((gain == 0).sum()),
        difference=estimate,
        p_value=p_value,
        conclusion=_conclusion(estimate.low, estimate.high, p_value, level),
        worth=worth,
        power=power,
        more=whole.needed(size, power=power, level=level) if is_open and size > 0 and whole.share > 0 else None,
        left=int((pairs.changed & ~pairs.reviewed).sum()) if pairs.knows_all else None,
        parts=_parts(pairs, level),
        changes=_changes(pairs),
    )


def _difference(pairs: VersionPairs, among: npt.NDArray[np.bool_], *, knows_all: bool) -> PairedDifference:
    reviewed = pairs.reviewed & among
    if knows_all:
        reviewed &= pairs.changed
    gain = (pairs.right_after - pairs.right_before)[reviewed]
    if knows_all:
        return PairedDifference(gain, pairs.weight[reviewed], int((pairs.changed & among).sum()), int(among.sum()))
    return PairedDifference(gain, pairs.weight[reviewed])


def _conclusion(low: float, high: float, p_value: float, level: float) -> Any:
    # The interval alone is too narrow for a handful of pairs, the test alone knows nothing of the other items.
    if not p_value <= 1 - level + 1e-12:
        return "open"
    return "better" if low > 0 else "worse" if high < 0 else "open"


def _parts(pairs: VersionPairs, level: float) -> pd.DataFrame:
    rows = []
    for name, part, among in _groups(pairs):
        difference = _difference(pairs, among, knows_all=name in pairs.slices_of_all)
        estimate, reviewed = difference.estimate(level), pairs.reviewed & among
        gain = (pairs.right_after - pairs.right_before)[reviewed]
        counts = int((gain > 0).sum()), int((gain < 0).sum()), int((gain == 0).sum())
        rows.append((name, part, estimate.value, estimate.low, estimate.high, int(reviewed.sum()), *counts))
    columns = ["slice", "part", "value", "low", "high", "n", "wins", "losses", "ties"]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values("value", kind="stable", ignore_index=True)


def _groups(pairs: VersionPairs) -> Iterator[tuple[str, Any, npt.NDArray[np.bool_]]]:
    for name, cells in pairs.slices.items():
        parts = dict.fromkeys(cell for cell in cells if not is_missing(cell))
        for part in parts:
            yield name, part, np.array([cell == part for cell in cells], dtype=bool)


_OUTCOMES = ("new error", "repaired", "still wrong")


def _changes(pairs: VersionPairs) -> pd.DataFrame:
    shown = pairs.reviewed & pairs.changed
    gain = (pairs.right_after - pairs.right_before)[shown]
    outcome = np.where(gain < 0, _OUTCOMES[0], np.where(gain > 0, _OUTCOMES[1], _OUTCOMES[2]))
    table = pd.DataFrame(
        {
            "item_id": pd.Series(pairs.item_id[shown], dtype=object).infer_objects(),
            "outcome": outcome,
            "value": pd.Series(pairs.value[shown], dtype=object),
            "before": pd.Series(pairs.before[shown], dtype=object),
            "after": pd.Series(pairs.after[shown], dtype=object),
            "weight": pairs.weight[shown],
            **{f"slice_{name}": pd.Series(cells[shown], dtype=object) for name, cells in pairs.slices.items()},
        }
    )
    # What got worse first, and of that the confusion that is most frequent.
    kind = list(map(repr, zip(outcome, table["value"], table["after"], strict=True)))
    often = Counter(kind)
    order = np.lexsort((kind, [-often[each] for each in kind], [_OUTCOMES.index(name) for name in outcome]))
    return table.iloc[order].reset_index(drop=True)


def _check(level: float, power: float, worth: float | None) -> None:
    check_level(level)
    if not 0 < power < 1:
        raise UnknownChoice(f"power={power!r}: a probability between 0 and 1, as 0.8")
    if worth is not None and not 0 < worth < 1:
        raise UnknownChoice(f"worth={worth!r}: a difference of two shares, as 0.02 for two points in a hundred")
