"""How often the model is right in each part of the data."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from hitl_notebook.errors import MissingColumn
from hitl_notebook.libraries import IntoDataFrame
from hitl_notebook.metrics.agreement.ratings import as_cells, read_codes
from hitl_notebook.metrics.columns import Array, check_level, read_verdicts, require
from hitl_notebook.metrics.review.decided import groups_of
from hitl_notebook.metrics.selection import selection_weights
from hitl_notebook.metrics.wilson import effective_sizes, wilson_intervals
from hitl_notebook.quoted import quoted

__all__ = ["slice_accuracy"]

PREFIX = "slice_"
NO_PART = "(missing)"
REVIEWED_ONLY = "speaks of the reviewed items only: how likely they were to be asked is not known"


def slice_accuracy(
    decisions: IntoDataFrame, *, slices: Sequence[str] | str | None = None, level: float = 0.95
) -> pd.DataFrame:
    """Share of predictions that stand, in each part of each slice.

    Parameters
    ----------
    decisions : DataFrame
        Columns ``item_id``, ``agreed`` and ``slice_<name>``, as in ``session.decisions``; with the columns that
        `selection_weights` takes, items count for as many as they stand for, and those chosen by hand for nothing.
        Decisions without a verdict (flagged, no prediction) or an item are left out.
    slices : list of str, or one, optional
        Names of slices, without ``slice_``; left out: all there are.
    level : float
        Of each interval by itself: among many parts some are off by chance.

    Returns
    -------
    DataFrame, one row a part, in the order of the slices, the parts sorted: ``slice``, ``part`` (as text, "(missing)"
    where an item has none), ``value`` in [0, 1], ``low`` and ``high`` (Wilson's interval, at the effective n of Kish,
    or of Korn and Graubard where it is less, where items are weighted) and ``n``, the items that carry a verdict. An
    item of several reviewers counts once, by the share of them who let the prediction stand. ``attrs`` has ``note``:
    what was left out, and whether the figures speak of the reviewed items only.

    Raises
    ------
    MissingColumn, BadColumn
        A column or slice that is not there; a verdict that is none.

    References
    ----------
    Wilson (1927), JASA 22(158). Kish (1965), Survey Sampling.

    Examples
    --------
    >>> agreed = [True, False, True, False]
    >>> decided = pd.DataFrame({"item_id": [1, 2, 3, 3], "agreed": agreed, "slice_channel": [*"aabb"]})
    >>> slice_accuracy(decided)[["slice", "part", "value", "n"]]
         slice part  value  n
    0  channel    a    0.5  2
    1  channel    b    0.5  1
    """
    check_level(level)
    slices = [slices] if isinstance(slices, str) else slices
    decisions = require(decisions, "item_id", "agreed")
    names = [str(name)[len(PREFIX) :] for name in decisions if str(name).startswith(PREFIX)]
    unknown = [name for name in slices or () if name not in names]
    if unknown:
        raise MissingColumn(f"no slice {quoted(unknown[0])} in the decisions; there are {', '.join(names) or 'none'}")
    verdict = read_verdicts(decisions["agreed"])
    weight, note = _weights(decisions)
    items = groups_of(decisions["item_id"])
    nameless, silent = items.code < 0, np.isnan(verdict) | ~(weight > 0)
    kept = ~(nameless | silent)
    reasons = {"an item": nameless, "a verdict or a weight": silent & ~nameless}
    notes = [
        f"{count:,} of {len(kept):,} decisions without {what} left out"
        for what, rows in reasons.items()
        if (count := int(np.count_nonzero(rows)))
    ]
    item, rows = items.code[kept], np.flatnonzero(kept)
    newest = np.full(len(items.names), -1)
    newest[item] = rows
    votes = np.bincount(item, minlength=len(newest))
    judged = newest[votes > 0]
    right = (np.bincount(item, verdict[kept], len(newest)) / np.maximum(votes, 1))[votes > 0]
    chosen = names if slices is None else list(slices)
    of_slices = [_of_parts(decisions[PREFIX + name].take(judged), right, weight[judged], level) for name in chosen]
    table = pd.concat(of_slices or [_of_parts(pd.Series(dtype=object), right[:0], weight[:0], level)])
    table.insert(0, "slice", np.repeat(np.array(chosen, dtype=object), [len(parts) for parts in of_slices]))
    table.attrs = {"note": "; ".join([*notes, *note]), "level": level}
    return table.reset_index(drop=True)


def _of_parts(part: "pd.Series[Any]", right: Array, weight: Array, level: float) -> pd.DataFrame:
    # In words 1 and "1" are one part.
    is_mixed = part.dtype == object and pd.api.types.infer_dtype(part, skipna=True).startswith("mixed")
    codes, known = read_codes([as_cells(part.map(str, na_action="ignore") if is_mixed else part)], None)
    code = np.where(codes[:, 0] < 0, len(known), codes[:, 0])
    of_items = (None, weight, weight**2, weight * right, weight**2 * right)
    n, *sums = (np.bincount(code, of_item, len(known) + 1) for of_item in of_items)
    there = np.flatnonzero(n)
    total, squares, good, squares_of_good = (of_part[there] for of_part in sums)
    share = np.clip(good / total, 0, 1)
    low, high = wilson_intervals(share, effective_sizes(share, total, squares, squares_of_good), level)
    names = np.array([*map(str, known), NO_PART], dtype=object)[there]
    return pd.DataFrame({"part": names, "value": share, "low": low, "high": high, "n": n[there]})


def _weights(decisions: pd.DataFrame) -> tuple[Array, list[str]]:
    """What each decision's item stands for, and what there is to say where that is not known."""
    if {"selection_probability", "pool_size", "chosen_by"} <= set(decisions):
        weight = selection_weights(decisions).to_numpy()
        if weight.any():
            return weight.astype(np.float64), []
    return np.ones(len(decisions)), [REVIEWED_ONLY]
