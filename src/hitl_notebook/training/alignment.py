"""Which row of a matrix is which item."""

from collections.abc import Collection, Hashable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from hitl_notebook.errors import Misaligned
from hitl_notebook.items.ids import plain_id
from hitl_notebook.missing import is_missing
from hitl_notebook.quoted import quoted
from hitl_notebook.training.rows import row_count

if TYPE_CHECKING:
    from hitl_notebook.items import Items
    from hitl_notebook.session import ReviewSession

__all__ = ["aligned_ids", "refuse_other_order", "refuse_unknown"]


def aligned_ids(session: "ReviewSession", X: Any, ids: Iterable[Any] | None) -> list[Hashable]:
    """The item id of each row.

    Raises
    ------
    Misaligned
        X has another number of rows than the session's frame, or than ``ids``; its index or its column of ids says
        that it was sorted otherwise; an id is missing, twice, or none of the session's.
    """
    rows = row_count(X)
    items = session.items if session.has_items else None
    if ids is None:
        if items is None:
            raise Misaligned("this session was opened without its items: say which item each row is, with ids=")
        if rows != len(items):
            raise Misaligned(
                f"X has {rows:,} rows and the session's frame {len(items):,}: give a row for every item in the order "
                "of the frame, or say which item each row is, with ids="
            )
        _check_order(items, X)
        return [items.item_id(position) for position in range(rows)]
    named = [plain_id(id_) for id_ in ids]
    if len(named) != rows:
        raise Misaligned(f"X has {rows:,} rows and ids {len(named):,}: one id a row")
    blank = [row for row, id_ in enumerate(named) if is_missing(id_)]
    if blank:
        raise Misaligned(f"ids: row {blank[0]} has none")
    if len(set(named)) < rows:
        twice = next(row for row, id_ in enumerate(named) if id_ in named[:row])
        raise Misaligned(f"ids: item {quoted(named[twice])} of row {twice} stands in an earlier row too")
    if items is not None:
        refuse_unknown(items, named, "ids")
    return named


def refuse_unknown(items: "Items | None", ids: Sequence[Any], name: str, *, known: Collection[Any] = ()) -> None:
    """Raise Misaligned for ids that neither an item has nor ``known``, and say what may have been meant."""
    unknown = [
        id_
        for id_ in ids
        if (items is None or items.find(id_) is None) and not (isinstance(id_, Hashable) and id_ in known)
    ]
    if unknown:
        hint = f"no item {quoted(unknown[0])}" if items is None else items.ids.unknown(unknown[0])
        raise Misaligned(f"{name}: {len(unknown):,} are no items of this session: {hint}")


def _check_order(items: "Items", X: Any) -> None:
    """Refuse a frame that says of itself that it has another order than the session's."""
    if not isinstance(X, pd.DataFrame | pd.Series):
        return
    remedy = "put it into the order of the session's frame, or say which item each row is, with ids="
    if isinstance(X, pd.DataFrame) and items.id_column is not None and items.id_column in X.columns:
        expected = [items.item_id(position) for position in range(len(items))]
        for row, (here, there) in enumerate(zip(X[items.id_column].tolist(), expected, strict=True)):
            if plain_id(here) != there:
                raise Misaligned(f"X, row {row}: {quoted(here)}, where the session has {quoted(there)}: {remedy}")
    refuse_other_order(X, items.native_frame(), "X", "the session's frame", remedy)


def refuse_other_order(rows: Any, others: Any, name: str, of: str, remedy: str) -> None:
    """Raise Misaligned where both have an index of pandas, the same one in another order."""
    if not all(isinstance(part, pd.DataFrame | pd.Series) for part in (rows, others)):
        return
    if not rows.index.equals(others.index) and set(rows.index) == set(others.index):
        raise Misaligned(f"{name} has the index of {of} in another order: {remedy}")
