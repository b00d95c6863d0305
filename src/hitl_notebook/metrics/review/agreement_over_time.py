"""How agreement has developed while the review went on."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache, partial
from typing import Any, Literal

import numpy as np
import pandas as pd

from hitl_notebook.errors import BadColumn, UnknownChoice
from hitl_notebook.estimate import Estimate
from hitl_notebook.libraries import IntoDataFrame
from hitl_notebook.metrics.agreement.alpha import Level, alpha_of
from hitl_notebook.metrics.agreement.comparison import Comparison, compare
from hitl_notebook.metrics.agreement.many_reviewers import brennan_prediger_of, fleiss_of, gwet_of, percent_of
from hitl_notebook.metrics.agreement.ratings import Ratings, read_codes, read_ratings
from hitl_notebook.metrics.columns import check_count, require
from hitl_notebook.metrics.review.decided import groups_of, milestones, turns
from hitl_notebook.quoted import quoted

__all__ = ["agreement_over_time", "with_the_newest_moment"]

Coefficient = Literal["percent_agreement", "fleiss_kappa", "krippendorff_alpha", "gwet_ac1", "brennan_prediger"]

# Those for which it makes no difference who of the reviewers said what.
_COEFFICIENTS: dict[str, Callable[[Comparison], Estimate]] = {
    "percent_agreement": percent_of,
    "fleiss_kappa": fleiss_of,
    "gwet_ac1": gwet_of,
    "brennan_prediger": brennan_prediger_of,
}


COEFFICIENTS: tuple[Coefficient, ...] = ("percent_agreement", "krippendorff_alpha", "gwet_ac1")
POINTS = 25
_COLUMNS = ["decisions", "items", "at", "coefficient", "value", "low", "high", "n", "note"]


def agreement_over_time(
    decisions: IntoDataFrame,
    *,
    coefficients: Sequence[Coefficient] | Coefficient = COEFFICIENTS,
    categories: Sequence[Hashable] | None = None,
    level_of_measurement: Level = "nominal",
    points: int = POINTS,
    level: float = 0.95,
) -> pd.DataFrame:
    """Agreement of the reviewers over all that had been decided, at moments of the review.

    Parameters
    ----------
    decisions : DataFrame
        Columns ``item_id``, ``value`` and ``recorded_at``, as in ``session.decisions``: one row a reviewer and item, in
        the order of the log. Decisions that were changed later stand where and as they stand now. Rows without an item
        or a value are left out, and where there is a column ``reviewer``, those without a reviewer.
    coefficients : list of names, or one
        Of "percent_agreement", "fleiss_kappa", "krippendorff_alpha", "gwet_ac1" and "brennan_prediger".
    categories : list, optional
        All that can be said, in order; left out: what occurs in the whole of the decisions, sorted.
    level_of_measurement
        Of alpha, as in `krippendorff_alpha`.
    points : int
        At how many moments at most, evenly spaced in decisions; and at the last one.
    level : float
        Of each interval by itself: they overlap from moment to moment, as each rests on all decisions before it.

    Returns
    -------
    DataFrame, one row a moment and coefficient: ``decisions`` (that had said a value by then), ``items`` (that had two
    values or more by then), ``at`` (when its last decision was recorded), ``coefficient``, ``value``, ``low``,
    ``high``, ``n``, the items that the figure rests on, and ``note``. NaN where it cannot be computed, as long as no
    item has two values, and the note says why; no rows where nothing was decided.

    Raises
    ------
    MissingColumn
        A column that is needed is not there.
    UnknownChoice
        A coefficient that is none of these, or points below 1.
    BadColumn
        A reviewer has two values for an item, by the column ``reviewer``: without it every row is taken for another's.
    BadFrame, InvalidValue
        As `krippendorff_alpha`.

    References
    ----------
    Those of each coefficient.

    Examples
    --------
    Bo agrees on the first item, not on the second.

    >>> said = ["ham", "ham", "ham", "spam"]
    >>> decided = pd.DataFrame({"item_id": [1, 2, 1, 2], "value": said, "recorded_at": range(4)})
    >>> agreement_over_time(decided, coefficients=["percent_agreement"])[["decisions", "items", "value", "n"]]
       decisions  items  value  n
    0          1      0    NaN  0
    1          2      0    NaN  0
    2          3      1    1.0  1
    3          4      2    0.5  2
    """
    decisions = require(decisions, "item_id", "value", "recorded_at")
    names: Sequence[str] = [coefficients] if isinstance(coefficients, str) else coefficients
    of = _named(names, level_of_measurement)
    check_count(points, "points")
    said = _said(decisions)
    codes, known = read_codes([said["value"].to_numpy(dtype=object)], categories)
    items = groups_of(said["item_id"])
    item, turn = items.code, turns(items)
    table = np.full((int(item.max(initial=-1)) + 1, int(turn.max(initial=-1)) + 1), -1, dtype=np.intp)
    rows, begin = [], 0
    for end in milestones(len(said), points):
        table[item[begin:end], turn[begin:end]] = codes[begin:end, 0]
        begin = end
        seen = table[: item[:end].max() + 1, : turn[:end].max() + 1]
        whole = Ratings.of(seen, known, declared=categories is not None, reviewers=range(seen.shape[1]))
        rows += _moment(whole, end, said["recorded_at"].iloc[end - 1], of, level)
    return _table(rows)


def with_the_newest_moment(
    earlier: pd.DataFrame,
    then: int,
    decisions: pd.DataFrame,
    ratings: pd.DataFrame,
    *,
    coefficients: Sequence[str] = COEFFICIENTS,
    categories: Sequence[Hashable] | None = None,
    level_of_measurement: Level = "nominal",
    level: float = 0.95,
) -> pd.DataFrame | None:
    """The ``earlier`` table of the first ``then`` rows of ``decisions`` with a value, as it goes on.

    ``ratings`` are those of all decisions, of which the newest moment is the same as of the rows, and sooner found.
    None where there are other moments to be computed as well. All else is as of `agreement_over_time`.
    """
    said = np.flatnonzero(decisions["value"].notna())
    before, now = milestones(then, POINTS), milestones(len(said), POINTS)
    kept = len(now) - 1
    if not len(said) or not np.array_equal(before[:kept], now[:-1]):
        return None
    at = decisions["recorded_at"].iloc[said[-1]]
    newest = _moment(
        read_ratings(ratings, categories), len(said), at, _named(coefficients, level_of_measurement), level
    )
    table = pd.concat([earlier.head(kept * len(coefficients)), _table(newest)], ignore_index=True)
    return table.astype(earlier.dtypes.to_dict())


def _named(names: Sequence[str], level_of_measurement: Level) -> dict[str, Callable[[Comparison], Estimate]]:
    unknown = [name for name in names if name not in (*_COEFFICIENTS, "krippendorff_alpha")]
    if unknown:
        raise UnknownChoice(f"coefficient {unknown[0]!r} is none of krippendorff_alpha, {', '.join(_COEFFICIENTS)}")
    scale: Level = cache(level_of_measurement) if callable(level_of_measurement) else level_of_measurement
    alpha = partial(alpha_of, level_of_measurement=scale)
    return {name: alpha if name == "krippendorff_alpha" else _COEFFICIENTS[name] for name in names}


def _moment(
    ratings: Ratings, decisions: int, at: Any, of: Mapping[str, Callable[[Comparison], Estimate]], level: float
) -> list[tuple[Any, ...]]:
    whole = compare(ratings, None, None, level)
    estimates = {name: coefficient(whole) for name, coefficient in of.items()}
    return [
        (decisions, whole.n, at, name, estimate.value, estimate.low, estimate.high, estimate.n, estimate.note)
        for name, estimate in estimates.items()
    ]


def _table(rows: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=_COLUMNS).astype(dict.fromkeys(("decisions", "items", "n"), "int64"))


def _said(decisions: pd.DataFrame) -> pd.DataFrame:
    """The rows that say something of an item, one a reviewer and item."""
    names = [name for name in ("item_id", "value", "reviewer") if name in decisions]
    rows = np.flatnonzero(decisions[names].notna().all(axis=1))
    said = decisions[[*names, "recorded_at"]].take(rows)
    if "reviewer" in names:
        again = np.flatnonzero(said.duplicated(["item_id", "reviewer"]))
        if len(again):
            item, name = (said[column].tolist()[again[0]] for column in ("item_id", "reviewer"))
            raise BadColumn(
                f"{quoted(name)} has two decisions on item {quoted(item)}, the second in row {rows[again[0]]}: of each "
                "reviewer and item one decision is to be given, as in session.decisions"
            )
    return said
