"""What models are compared on: rows that none of them has learned from, with what is right of each."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from hitl_notebook.errors import Misaligned
from hitl_notebook.missing import is_missing
from hitl_notebook.training.alignment import refuse_other_order
from hitl_notebook.training.holding_out import HoldOut, drawn_at_random, obstacle_of_draws
from hitl_notebook.training.left_out import kept_from_training
from hitl_notebook.training.reviewed_rows import Aligned, verdicts_on
from hitl_notebook.training.rows import alike, has_rows, row_count, row_digests, take_rows
from hitl_notebook.training.targets import read_values

if TYPE_CHECKING:
    from hitl_notebook.session import ReviewSession

__all__ = ["Base", "Judged", "is_data"]


@dataclass(frozen=True, kw_only=True)
class Base:
    """What the model before has learned from."""

    X: Any
    values: Sequence[Any]
    digests: Sequence[bytes]

    @classmethod
    def of(cls, session: "ReviewSession", base: Any, X: Any) -> Self:
        """A pair of rows like those of X and values, checked; raises Misaligned or InvalidValue."""
        X, values = _pair(session, base, "base", X)
        return cls(X=X, values=values, digests=row_digests(X))


@dataclass(frozen=True, kw_only=True)
class Judged:
    """Rows to compare on; ``said`` is what reviewers were shown of each item, where they are items."""

    X: Any
    item_id: Sequence[Any]
    value: Sequence[Any]
    said: Sequence[Any] | None
    digests: Sequence[bytes]
    weight: npt.NDArray[np.float64]
    slices: Mapping[str, Sequence[Any]]
    note: str

    def __len__(self) -> int:
        return len(self.value)

    @classmethod
    def given(cls, session: "ReviewSession", holdout: Any, X: Any) -> Self:
        """Data of the user's own, as a pair of rows like those of X and values."""
        X, values = _pair(session, holdout, "holdout", X)
        return cls(
            X=X,
            item_id=range(len(values)),
            value=values,
            said=None,
            digests=row_digests(X),
            weight=np.ones(len(values)),
            slices={"value": values},
            note="",
        )

    @classmethod
    def set_aside(
        cls,
        session: "ReviewSession",
        aligned: Aligned,
        held_out: Collection[Any],
        resolve: str | None,
        seq: int,
        *,
        are_named: bool,
    ) -> Self:
        """Reviewed items that were held out; gold items and catch trials are nothing to judge a model by here.

        Unless they were named, those of a sample that is neither done nor asked in random order are none either.
        """
        decisions, _ = session.decisions_until(seq)
        other = [id_ for id_, why in kept_from_training(session, decisions, ()).items() if why in ("gold", "catch")]
        chosen = decisions[decisions["item_id"].isin(list(held_out)) & ~decisions["item_id"].isin(other)]
        obstacle = obstacle_of_draws(session, decisions)
        at_random = chosen[drawn_at_random(chosen) & ~(chosen["chosen_by"].eq("sample") & bool(obstacle))]
        in_part = 0 if are_named else len(set(chosen["item_id"]) - set(at_random["item_id"]))
        if in_part:
            chosen = chosen[chosen["item_id"].isin(at_random["item_id"])]
        verdicts = verdicts_on(session, chosen, resolve)
        rows = np.array(
            [row for row, id_ in enumerate(aligned.ids) if id_ in verdicts and verdicts[id_].value is not None],
            dtype=np.intp,
        )
        ids = [aligned.ids[row] for row in rows]
        last = chosen.drop_duplicates("item_id", keep="last").set_index("item_id").loc[ids]
        drawn = at_random.drop_duplicates("item_id").set_index("item_id").reindex(ids)
        otherwise = int(drawn["chosen_by"].isna().sum())
        values = [verdicts[id_].value for id_ in ids]
        names = [name for name in map(str, last) if name.startswith("slice_")]
        slices = {name.removeprefix("slice_"): last[name].tolist() for name in names}
        seen = int((~last["blind"].fillna(False).astype(bool)).sum())
        notes = []
        if in_part:
            notes.append(f"{in_part:,} set aside are not compared on, since {obstacle}")
        if seen:
            notes.append(
                f"on {seen:,} of {len(ids):,} the reviewer saw the reviewed prediction, which may have swayed them"
            )
        in_order = decisions["chosen_by"].eq("order").fillna(False) & ~decisions["item_id"].isin(list(held_out))
        if len(drawn) > otherwise and in_order.any():
            notes.append(
                f"{decisions.loc[in_order, 'item_id'].nunique():,} items that the queue took in its order are learned "
                "from: those set aside speak for the others, which may be easier"
            )
        if otherwise and len(ids) < len(set(held_out) - set(other)):
            notes.append(
                f"{otherwise:,} of {len(ids):,} were not drawn at random, and say nothing of those set aside that "
                "nobody has reviewed"
            )
        return cls(
            X=take_rows(aligned.X, rows),
            item_id=ids,
            value=values,
            said=last["prediction"].tolist(),
            digests=[aligned.digests[row] for row in rows],
            weight=_weights(drawn),
            slices={"value": values, **slices},
            note="; ".join(notes),
        )

    def without(self, digests: Collection[bytes], why: str, say: Callable[[str], object]) -> Self:
        """These but for rows with one of the digests."""
        kept = np.array([at for at, digest in enumerate(self.digests) if digest not in digests], dtype=np.intp)
        if len(kept) == len(self):
            return self
        say(f"Not compared on: {len(self) - len(kept):,} {why}.")

        def taken(cells: Sequence[Any]) -> list[Any]:
            return [cells[at] for at in kept.tolist()]

        return replace(
            self,
            X=take_rows(self.X, kept),
            item_id=taken(self.item_id),
            value=taken(self.value),
            said=None if self.said is None else taken(self.said),
            digests=taken(self.digests),
            weight=self.weight[kept],
            slices={name: taken(cells) for name, cells in self.slices.items()},
        )


def is_data(holdout: "HoldOut | tuple[Any, Any]") -> bool:
    """Whether a holdout is a pair of rows and values, and not a list of ids."""
    return isinstance(holdout, tuple) and len(holdout) == 2 and any(map(has_rows, holdout))


def _pair(session: "ReviewSession", pair: Any, name: str, X: Any) -> tuple[Any, list[Any]]:
    if not isinstance(pair, tuple) or len(pair) != 2:
        raise Misaligned(f"{name} is a pair of rows and their values, as in {name}=(X, y)")
    rows, y = pair
    values = read_values(session.task, y, row_count(rows, f"{name}'s X"), f"{name}'s y")
    refuse_other_order(y, rows, f"{name}'s y", "its X", "give both in one order")
    if any(map(is_missing, values)):
        raise Misaligned(f"{name}: row {next(at for at, value in enumerate(values) if is_missing(value))} has no value")
    return alike(rows, X, name), values


def _weights(drawn: pd.DataFrame) -> npt.NDArray[np.float64]:
    """What each stands for: of a stratified sample its part of the stratum, of random draws all the same."""
    if not len(drawn) or not drawn["chosen_by"].eq("sample").all():
        return np.ones(len(drawn))
    return 1 / drawn["selection_probability"].to_numpy(dtype=np.float64)
