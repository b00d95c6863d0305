"""Reviewed items as rows to train on."""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from hitl_notebook.errors import Misaligned, NothingToTrain
from hitl_notebook.labels import resolve_labels
from hitl_notebook.missing import is_missing
from hitl_notebook.training.alignment import aligned_ids, refuse_other_order, refuse_unknown
from hitl_notebook.training.holding_out import HoldOut, held_out_ids, named_ids, obstacle_of_draws
from hitl_notebook.training.left_out import REASONS, Verdict, counted, kept_from_training, reasons_of
from hitl_notebook.training.manifest import Manifest, spelled_id
from hitl_notebook.training.rows import Rows, row_digests, take_rows
from hitl_notebook.training.targets import Targets, read_values, targets_of
from hitl_notebook.version import __version__

if TYPE_CHECKING:
    from hitl_notebook.session import ReviewSession

__all__ = ["Aligned", "TrainingSet", "assembled", "training_set", "verdicts_on"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class TrainingSet:
    """Rows with the values that people gave them, in the order of X.

    Attributes
    ----------
    X : rows of X, in the type that it came in
    y : array of shape (n,), or (n, labels) of 0 and 1 for sets of labels
    values : list
        The same as people gave them.
    sample_weight : array of shape (n,) in (0, 1]
        The share of an item's reviewers who agree with the value that holds; 1 where nobody differs.
    groups : array of int of shape (n,)
        One number for all rows with the same features: a later split by groups, such as scikit-learn's
        ``GroupKFold``, keeps them on one side.
    item_ids : list
    rows : array of int
        Which rows of X these are.
    source : array of str
        ``"reviewed"``, or ``"given"`` where the value is from ``y``.
    held_out : frozenset of ids
        Items set aside.
    left_out : dict of str to int
        How many rows are not in it, by reason.
    manifest : Manifest
        What ``rebuild`` makes this set from again.
    """

    X: Any
    y: Targets
    values: list[Any]
    sample_weight: Floats
    groups: npt.NDArray[np.intp]
    item_ids: list[Any]
    rows: Rows
    source: npt.NDArray[np.str_]
    held_out: frozenset[Hashable]
    left_out: Mapping[str, int]
    manifest: Manifest

    def __len__(self) -> int:
        return len(self.item_ids)

    @property
    def words(self) -> list[str]:
        """What is in it and what is not, in sentences."""
        given = int((self.source == "given").sum())
        said = f"{len(self):,} rows to train on"
        said += (
            f", {len(self) - given:,} of them reviewed and {given:,} with values from y." if given else ", reviewed."
        )
        return [said, *(f"Left out: {count:,} {REASONS[reason]}." for reason, count in self.left_out.items())]

    def __str__(self) -> str:
        return "\n".join(self.words)


@dataclass(frozen=True, kw_only=True)
class Aligned:
    """A matrix beside the items of a session: the id and the digest of each row, and a value where one was given."""

    X: Any
    ids: Sequence[Hashable]
    digests: Sequence[bytes]
    given: Sequence[Any]

    @classmethod
    def of(cls, session: "ReviewSession", X: Any, y: Any, ids: Iterable[Any] | None) -> "Aligned":
        """Checked: one row an item; raises Misaligned or InvalidValue."""
        named = aligned_ids(session, X, ids)
        given = [None] * len(named) if y is None else read_values(session.task, y, len(named), "y")
        refuse_other_order(y, X, "y", "X", "give both in one order")
        if ids is None and session.has_items:
            remedy = "give it in the order of the session's frame"
            refuse_other_order(y, session.items.native_frame(), "y", "the session's frame", remedy)
        return cls(X=X, ids=named, digests=row_digests(X), given=given)


def training_set(
    session: "ReviewSession",
    X: Any,
    y: Any = None,
    *,
    ids: Iterable[Any] | None = None,
    resolve: str | None = None,
    holdout: HoldOut = None,
    seed: int = 0,
    say: Callable[[str], object] = print,
) -> TrainingSet:
    """What people said of the items, as rows to train on; what must not be learned from is left out.

    Gold items and catch trials never get in, nor does what is held out, nor any row with the same features as one of
    these. A flag carries no value.

    Parameters
    ----------
    session : ReviewSession
    X : array, frame, sparse matrix or list
        One row an item: all of the session's frame, in its order, or those that ``ids`` says.
    y : values of the rows, optional
        For items that nobody has reviewed; a reviewer's value goes before it. Missing where unknown. Sets of labels may
        come as a matrix of 0 and 1: a frame's columns by their names, an array's in the order of the task's labels.
    ids : ids of the items, optional
        Which item each row of X is.
    resolve : "latest" or "majority", optional
        The rule where reviewers differ, as in ``session.labels``.
    holdout : ids, "random", or float in (0, 1], optional
        Items to set aside: those named, or a share of those drawn at random; see ``retrain``.
    seed : int
        Picks which of those drawn at random are set aside, if not all.
    say : function of a str
        Gets what was left out, and why; ``print`` unless named.

    Raises
    ------
    Misaligned
        X does not go with the items: another number of rows, another order, an unknown or repeated id. An unknown id in
        ``holdout``. The rows of y in another order than X, by their index; other columns in it than labels. Values in
        y, and a session that was opened without its items, among which gold ones may be.
    InvalidValue
        A value in y that the task does not allow; of a matrix of labels a cell that is neither 0 nor 1, or a row that
        is missing in part.
    UnknownChoice
        ``holdout`` is neither ids, of which a frame is none, nor "random" nor a share.
    ReviewersDiffer
        Reviewers differ and no rule was named.
    NothingToTrain
        No row is left.
    NothingToJudge
        ``holdout`` asks for items drawn at random, and there are none, or those alone of a sample that is neither done
        nor asked in random order.

    Examples
    --------
    >>> import hitl_notebook as hitl
    >>> frame = pd.DataFrame({"text": ["Win!", "At ten", "Hello"], "predicted": ["spam", "spam", "ham"]})
    >>> session = hitl.ReviewSession(frame, prediction="predicted", reviewer="ada", store=":memory:")
    >>> session.accept(0)
    >>> session.correct(1, "ham")
    >>> rows = training_set(session, np.array([[9.0], [1.0], [2.0]]))
    2 rows to train on, reviewed.
    Left out: 1 not reviewed, and without a value in y.
    >>> rows.X.tolist(), rows.y.tolist()
    ([[9.0], [1.0]], ['spam', 'ham'])
    """
    if y is not None and not session.has_items:
        raise Misaligned(
            "y may hold answers of gold items, which only the session's items tell: open it with items=, or leave y out"
        )
    aligned = Aligned.of(session, X, y, ids)
    found = chosen_rows(session, aligned, resolve=resolve, holdout=holdout, seed=seed)
    for sentence in found.words:
        say(sentence)
    return found


def chosen_rows(
    session: "ReviewSession",
    aligned: Aligned,
    *,
    resolve: str | None,
    holdout: HoldOut,
    seed: int,
    unseen: Collection[bytes] = (),
) -> TrainingSet:
    """``training_set`` of a matrix already aligned; ``unseen`` are digests of further rows not to be learned from."""
    decisions, seq = session.decisions_until()
    named = named_ids(holdout)
    known = {*decisions["item_id"], *(() if session.has_items else aligned.ids)}
    refuse_unknown(session.items if session.has_items else None, named, "holdout", known=known)
    held_out = held_out_ids(decisions, named or holdout, seed, obstacle=obstacle_of_draws(session, decisions))
    kept = kept_from_training(session, decisions, held_out)
    verdicts = verdicts_on(session, decisions[~decisions["item_id"].isin(list(kept))], resolve)
    reasons = reasons_of(aligned.ids, aligned.digests, verdicts, aligned.given, kept, unseen)
    rows = np.array([row for row, reason in enumerate(reasons) if reason is None], dtype=np.intp)
    left_out = counted(reasons, len(verdicts.keys() - set(aligned.ids)))
    if not len(rows):
        why = "; ".join(f"{count:,} {REASONS[reason]}" for reason, count in left_out.items())
        raise NothingToTrain(f"no row is left to train on: {why or 'there are none'}")
    found = assembled(session, aligned, rows, verdicts, Manifest.blank(session, seq, resolve))
    return replace(found, held_out=frozenset(held_out), left_out=left_out)


def verdicts_on(session: "ReviewSession", decisions: pd.DataFrame, resolve: str | None) -> dict[Hashable, Verdict]:
    """What holds for each item that was decided on."""
    decisions = decisions[~decisions["kind"].isin(["gold", "catch"])]
    labels = resolve_labels(decisions, session.task, resolve)
    equal = session.task.equal
    said: dict[Hashable, list[tuple[Any, str]]] = {}
    for id_, action, value, event_id in zip(
        *(decisions[name].tolist() for name in ("item_id", "action", "value", "event_id")), strict=True
    ):
        values = said.setdefault(id_, [])
        if action != "flag" and not is_missing(value):
            values.append((value, event_id))
    verdicts = {}
    for id_, value in zip(labels["item_id"].tolist(), labels["value"].tolist(), strict=True):
        given = said[id_]
        held = None if is_missing(value) else value
        agreeing = 0 if held is None else sum(equal(other, held) for other, _ in given)
        weight = agreeing / len(given) if given else 0.0
        verdicts[id_] = Verdict(held, weight, not given, tuple(event_id for _, event_id in given))
    return verdicts


def assembled(
    session: "ReviewSession", aligned: Aligned, rows: Rows, verdicts: Mapping[Hashable, Verdict], manifest: Manifest
) -> TrainingSet:
    """The set of these rows; the same rows and verdicts give the same bytes."""
    ids = [aligned.ids[row] for row in rows]
    found = [verdicts.get(id_) for id_ in ids]
    values = [
        aligned.given[row] if verdict is None else verdict.value for row, verdict in zip(rows, found, strict=True)
    ]
    digests = [aligned.digests[row] for row in rows]
    weights = np.array([1.0 if verdict is None else verdict.weight for verdict in found], dtype=np.float64)
    y = targets_of(session.task, values)
    events = [() if verdict is None else verdict.event_ids for verdict in found]
    citation = session.citation([event_id for of_item in events for event_id in of_item])
    digest = sha256(b"".join(digests) + y.dtype.str.encode() + _bytes_of(y) + weights.tobytes()).hexdigest()
    return TrainingSet(
        X=take_rows(aligned.X, rows),
        y=y,
        values=values,
        sample_weight=weights,
        groups=np.unique(digests, return_inverse=True)[1].astype(np.intp) if digests else np.empty(0, dtype=np.intp),
        item_ids=ids,
        rows=rows,
        source=np.array(["given" if verdict is None else "reviewed" for verdict in found], dtype=np.str_),
        held_out=frozenset(),
        left_out={},
        manifest=replace(
            manifest,
            items=tuple(map(spelled_id, ids)),
            events=tuple(events),
            hashes=citation.hashes,
            row_digests=tuple(digest.hex() for digest in digests),
            digest=digest,
            tool_version=__version__,
        ),
    )


def _bytes_of(y: Targets) -> bytes:
    return repr(y.tolist()).encode("utf-8", "surrogatepass") if y.dtype == object else y.tobytes()
