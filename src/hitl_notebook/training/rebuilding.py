"""The training set of an earlier day, made again from the log."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from hitl_notebook.errors import ManifestMismatch, SessionMismatch
from hitl_notebook.quoted import quoted
from hitl_notebook.training.manifest import Manifest
from hitl_notebook.training.reviewed_rows import Aligned, TrainingSet, assembled, verdicts_on

if TYPE_CHECKING:
    from hitl_notebook.session import ReviewSession

__all__ = ["rebuild"]


def rebuild(
    manifest: Manifest,
    session: "ReviewSession",
    X: Any,
    y: Any = None,
    *,
    ids: Iterable[Any] | None = None,
    say: Callable[[str], object] = print,
) -> TrainingSet:
    """The training set that a manifest describes, byte for byte, whatever was reviewed since.

    Parameters
    ----------
    manifest : Manifest
        Of a training set, or of a retrained estimator: then its reviewed rows, without the base.
    session : ReviewSession
        The review that it was made from; opened to be analysed is enough.
    X, y, ids
        As they were given then; further rows do no harm.

    Returns
    -------
    TrainingSet. What was left out is not counted again.

    Raises
    ------
    SessionMismatch
        Another review.
    ManifestMismatch
        A decision, a row or a value is not the one of then.

    Examples
    --------
    >>> import hitl_notebook as hitl
    >>> session = hitl.ReviewSession([{"text": "Win!", "said": "spam"}], prediction="said", store=":memory:")
    >>> session.accept(0)
    >>> then = hitl.training.training_set(session, np.eye(1), say=lambda said: None)
    >>> session.undo()
    >>> rebuild(then.manifest, session, np.eye(1)).values
    1 rows, the same as then.
    ['spam']
    """
    citation = session.citation(manifest.event_ids)
    if (citation.store_id, citation.session_id) != (manifest.store_id, manifest.session_id):
        raise SessionMismatch(
            f"the manifest is of session {manifest.session!r} in store {manifest.store_id}; this is "
            f"{citation.session!r} in store {citation.store_id}"
        )
    for event_id in manifest.event_ids:
        if citation.hashes.get(event_id) != manifest.hashes.get(event_id):
            raise ManifestMismatch(f"decision {event_id} is not in the log as it was: run hitl-notebook verify on it")
    aligned = Aligned.of(session, X, y, ids)
    row_of = {id_: row for row, id_ in enumerate(aligned.ids)}
    missing = [id_ for id_ in manifest.item_ids if id_ not in row_of]
    if missing:
        raise ManifestMismatch(f"{len(missing):,} items of then are not among the rows, as {quoted(missing[0])}")
    rows = np.array([row_of[id_] for id_ in manifest.item_ids], dtype=np.intp)
    for row, digest in zip(rows, manifest.row_digests, strict=True):
        if aligned.digests[row].hex() != digest:
            raise ManifestMismatch(f"X, row {row}: item {quoted(aligned.ids[row])} has other features than then")
    decisions, _ = session.decisions_until(manifest.seq)
    used = decisions[decisions["event_id"].isin(list(manifest.event_ids))]
    verdicts = verdicts_on(session, used, manifest.resolve)
    found = assembled(session, aligned, rows, verdicts, manifest)
    if found.manifest.digest != manifest.digest:
        raise ManifestMismatch("values or weights are not those of then: was y the same?")
    say(f"{len(found):,} rows, the same as then.")
    return replace(found, manifest=manifest)
