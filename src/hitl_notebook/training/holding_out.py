"""Which reviewed items are set aside beforehand, to judge on what no model has learned from."""

from collections.abc import Hashable, Iterable
from hashlib import blake2b
from numbers import Real
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import narwhals as nw
import numpy as np
import pandas as pd

from hitl_notebook.errors import NothingToJudge, UnknownChoice
from hitl_notebook.items.ids import plain_id
from hitl_notebook.metrics.selection import obstacle_of_sample
from hitl_notebook.quoted import quoted

if TYPE_CHECKING:
    from hitl_notebook.session import ReviewSession

__all__ = ["HoldOut", "drawn_at_random", "held_out_ids", "named_ids", "obstacle_of_draws"]

HoldOut: TypeAlias = Literal["random"] | float | Iterable[Any] | None

_OF_ALL_RANDOM = 0.3
_SHARES = (str, Real, np.bool_)  # a bool of numpy's is no number, and has no elements to be taken for ids
_CHOICES = '"random", a share of the random draws, ids, data as (X, y), or None'


def drawn_at_random(decisions: pd.DataFrame) -> "pd.Series[bool]":
    """Which decisions are on items that were drawn at random among all that were left.

    Those drawn since a next version of the model changed them are not: they were drawn at random among such alone.

    >>> drawn_at_random(pd.DataFrame({"chosen_by": ["order", "random", "sample", "changed", "hand", None]})).tolist()
    [False, True, True, False, False, False]
    """
    return decisions["chosen_by"].isin(["random", "sample"])


def obstacle_of_draws(session: "ReviewSession", decisions: pd.DataFrame) -> str:
    """Why those of a sample that were reviewed by now are none at random; empty where they are, or no sample is."""
    reviewed = decisions.drop_duplicates("item_id")
    items = session.items if session.has_items else None
    gone = 0 if items is None else sum(items.find(id_) is None for id_ in reviewed["item_id"])
    of_samples = decisions.loc[decisions["chosen_by"].eq("sample").fillna(False), "plan_version"]
    return obstacle_of_sample(
        reviewed,
        population=None if items is None else len(items) + gone,
        asked=session.asked,
        is_in_random_order=session.are_in_random_order(of_samples.dropna().unique()),
    )


def named_ids(holdout: HoldOut) -> list[Any]:
    """The ids that are named, none where a share is asked for; raises UnknownChoice for what is neither.

    >>> named_ids([3, np.int64(4)]), named_ids("random")
    ([3, 4], [])
    """
    if holdout is None or isinstance(holdout, _SHARES):
        return []
    if nw.dependencies.is_into_dataframe(holdout):
        raise UnknownChoice(
            "holdout is a frame: name its column of ids, as in holdout=frame['item_id'], or give (X, y)"
        )
    if not isinstance(holdout, Iterable):
        raise UnknownChoice(f"holdout={quoted(holdout)}: {_CHOICES}")
    return [plain_id(id_) for id_ in holdout]


def held_out_ids(decisions: pd.DataFrame, holdout: HoldOut, seed: int, *, obstacle: str = "") -> set[Hashable]:
    """The items to set aside: those named, or a share of those that were drawn at random.

    An item drawn at random is set aside or not by its own draws, its id and the seed: a review that goes on, by another
    plan or with a next version of the model, does not set aside what was learned from before. (Another reviewer may
    do so, who meets at random what the first one met by score.) Beside others, items of a sample that is not done are
    set aside too.

    Parameters
    ----------
    holdout : "random", float, collection of ids, or None
        ``"random"``: every item that a queue by score drew at random; three in ten of those from a queue at random or a
        sample. A float: that share of those drawn at random.
    obstacle : str
        Why the reviewed items of a sample are none at random; empty where they are.

    Raises
    ------
    NothingToJudge
        No item was drawn at random, or by a sample alone that is not done and was not asked in random order.
    """
    if holdout is None:
        return set()
    if not isinstance(holdout, _SHARES):
        return set(named_ids(holdout))
    if isinstance(holdout, str) and holdout != "random":
        raise UnknownChoice(f"holdout={holdout!r}: {_CHOICES}")
    if not isinstance(holdout, str) and (isinstance(holdout, bool | np.bool_) or not 0 < holdout <= 1):
        raise UnknownChoice(f"holdout={holdout!r}: a share of the random draws is above 0 and at most 1")
    at_random = decisions[drawn_at_random(decisions)]
    if not len(at_random):
        raise NothingToJudge(
            "no review was drawn at random among all items, so none of them can say how a model does on the rest: give "
            "data that no model has seen, as in holdout=(X, y), or holdout=None to train without a comparison"
        )
    if obstacle and at_random["chosen_by"].eq("sample").all():
        raise NothingToJudge(
            f"{obstacle}, so what has been reviewed of it says nothing of the rest: review that too, or plan the next "
            'one as ReviewPlan(sample=..., order="random"); else give data that no model has seen, as in '
            "holdout=(X, y), or holdout=None to train without a comparison"
        )
    ids = at_random["item_id"].tolist()
    if isinstance(holdout, str):
        of_all_random = {id_ for id_, is_so in zip(ids, _by_a_queue_at_random(at_random), strict=True) if is_so}
        shares = [_OF_ALL_RANDOM if id_ in of_all_random else 1.0 for id_ in ids]
    else:
        shares = [float(holdout)] * len(ids)
    return {id_ for id_, share in zip(ids, shares, strict=True) if _lot(id_, seed) < share}


def _by_a_queue_at_random(drawn: pd.DataFrame) -> list[bool]:
    """Whether everything that was left had the same chance; a queue by score gives less to what it draws at random."""
    chance = drawn["selection_probability"].to_numpy(dtype=np.float64)
    chance = chance * drawn["pool_size"].to_numpy(dtype=np.float64)
    is_even: list[bool] = (drawn["chosen_by"].eq("sample").to_numpy() | np.isclose(chance, 1)).tolist()
    return is_even


def _lot(id_: Any, seed: int) -> float:
    text = f"{seed}\0held out\0{type(id_).__name__}\0{id_}".encode("utf-8", "surrogatepass")
    return (int.from_bytes(blake2b(text, digest_size=7).digest()) >> 3) / 2**53
