"""Which reviewed items are set aside beforehand, to judge on what no model has learned from."""

from collections.abc import Hashable, Iterable
from hashlib import blake2b
from typing import Any, Literal, TypeAlias

import pandas as pd

from hitl_notebook.errors import NothingToJudge, UnknownChoice
from hitl_notebook.training.alignment import plain_id

__all__ = ["HoldOut", "held_out_ids"]

HoldOut: TypeAlias = Literal["random"] | float | Iterable[Any] | None

_OF_ALL_RANDOM = 0.3


def held_out_ids(decisions: pd.DataFrame, holdout: HoldOut, seed: int) -> set[Hashable]:
    """The items to set aside: those named, or a share of those that were drawn at random.

    An item drawn at random is set aside or not by its id and the seed alone: a review that goes on moves none of them
    to the other side, so that what was held out from one training is held out from the next.

    Parameters
    ----------
    holdout : "random", float, collection of ids, or None
        ``"random"``: every item drawn at random where others were drawn by score; three in ten of them where all were
        drawn at random. A float: that share of those drawn at random.

    Raises
    ------
    NothingToJudge
        No item was drawn at random.
    """
    if holdout is None:
        return set()
    if not isinstance(holdout, str | float | int):
        return {plain_id(id_) for id_ in holdout}
    if isinstance(holdout, str) and holdout != "random":
        raise UnknownChoice(f'holdout={holdout!r}: "random", a share of the random draws, ids, data as (X, y), or None')
    if not isinstance(holdout, str) and (isinstance(holdout, bool) or not 0 < holdout <= 1):
        raise UnknownChoice(f"holdout={holdout!r}: a share of the random draws is above 0 and at most 1")
    at_random = decisions[decisions["chosen_by"].isin(["random", "sample"])]
    if not len(at_random):
        raise NothingToJudge(
            "no review was drawn at random, so none of them can say how a model does on the rest: give data that no "
            "model has seen, as in holdout=(X, y), or holdout=None to train without a comparison"
        )
    by_score = bool((decisions["chosen_by"] == "order").any())
    share = (1.0 if by_score else _OF_ALL_RANDOM) if isinstance(holdout, str) else float(holdout)
    return {id_ for id_ in at_random["item_id"] if _lot(id_, seed) < share}


def _lot(id_: Any, seed: int) -> float:
    text = f"{seed}\0held out\0{type(id_).__name__}\0{id_}".encode("utf-8", "surrogatepass")
    return (int.from_bytes(blake2b(text, digest_size=7).digest()) >> 3) / 2**53
