"""Whether a frame belongs to a session, and what it changes there."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from hitl_notebook.decisions import Verdicts
from hitl_notebook.errors import SessionMismatch
from hitl_notebook.items import Items
from hitl_notebook.review_queue import Draw
from hitl_notebook.session.id_sample import sample_meets
from hitl_notebook.session.material import Material
from hitl_notebook.session.settings import Settings
from hitl_notebook.store import SessionRow

__all__ = ["Adoption", "Part", "adopt"]


class Part(NamedTuple):
    """One event that an adoption adds to the log."""

    kind: str
    item_id: str | None
    record: Mapping[str, Any]
    content: Mapping[str, Any]


class Adoption(NamedTuple):
    """What taking in a frame means: the events it adds, and the keys of items the frame no longer has."""

    parts: list[Part]
    absent: frozenset[str]


def adopt(
    material: Material, settings: Settings | None, drawn: Sequence[Draw], verdicts: Verdicts, row: SessionRow
) -> Adoption:
    """Compare a frame with the items that a session has met.

    Parameters
    ----------
    material : Material
        The frame as read, and the settings it is to be reviewed under.
    settings : Settings or None
        Those that stand.
    drawn : sequence of Draw
        Every draw of the session, for whomever.

    Raises
    ------
    SessionMismatch
        No id is shared with those that were drawn or with the sample that is kept of all, whether or not any was drawn;
        or most of the shared items have another content: this is another set of items.
    """
    known = {draw.item_id: draw for draw in drawn}
    sample = None if settings is None else settings.id_sample
    shared = _shared(material, known, row, sample)
    changed = _changed(material, shared, drawn, verdicts, row)
    parts = [] if settings == material.settings else [Part("settings", None, *material.settings.record())]
    parts.append(
        Part("start", None, {"items": len(material.items), "session": {"name": row.name, "hash": row.hash}}, {})
    )
    contents = material.contents(changed)
    parts += [Part("item_changed", key, hashed, contents.get(key, {})) for key, hashed in changed.items()]
    parts += _new_predictions(material, shared, verdicts)
    return Adoption(parts, frozenset(known.keys() - shared.keys()))


def _shared(material: Material, known: Mapping[str, Draw], row: SessionRow, sample: str | None) -> dict[str, int]:
    """Positions of the items that both have."""
    items = material.items
    positions = {key: position for key in known if (position := items.position(key)) is not None}
    shared = {key: at for key, at in positions.items() if items.id_type(at) == known[key].id_type}
    if (known or sample) and len(items) and not shared:
        # Of what was never drawn the session has only a sample; it is empty where it began with no items.
        keys = items.keys(range(len(items)))
        if positions or items.id_column is None or not sample or not sample_meets(sample, keys, row.salt):
            raise SessionMismatch(_nothing_shared(items, known, row.name, same_text=len(positions)))
    return shared


def _changed(
    material: Material, shared: Mapping[str, int], drawn: Sequence[Draw], verdicts: Verdicts, row: SessionRow
) -> dict[str, dict[str, str]]:
    """The old and the new hash of the items that have another content than they are asked with."""
    items = material.items
    found = dict(zip(shared, items.content_hashes(list(shared.values()), material.salt), strict=True))
    changed: dict[str, dict[str, str]] = {}
    for draw in drawn:
        old, new = verdicts.content_hash(draw.item_id) or draw.content_hash, found.get(draw.item_id)
        if new is not None and new != old:
            changed[draw.item_id] = {"old_hash": old, "new_hash": new}
    if len(changed) > len(shared) / 2:
        why = " Rows are known by their number here: was it sorted? item_id= names a column that tells them apart."
        raise SessionMismatch(
            f"{len(changed)} of the {len(shared)} items that session {row.name!r} has met have another content now: "
            f"these look like other items. Give another name, as in name={row.name + '-2'!r}, to review them."
            + (why if items.id_column is None else "")
        )
    return changed


def _new_predictions(material: Material, shared: Mapping[str, int], verdicts: Verdicts) -> list[Part]:
    """What this version of the model says of items that were decided under another: their verdicts follow it."""
    version = material.settings.model_version
    judged = {event.item_id or "": event.record["model_version"] for event in verdicts.effective()}
    judged |= {key: prediction.model_version for key, prediction in verdicts.predictions.items()}
    return [
        Part(
            "repredict",
            key,
            {"model_version": version},
            {"prediction": material.prediction(shared[key]), "confidence": material.confidence(shared[key])},
        )
        for key, judged_version in judged.items()
        if judged_version != version and key in shared
    ]


def _nothing_shared(items: Items, known: Mapping[str, Draw], name: str, same_text: int) -> str:
    of_type = (
        f" Their text is the same, but ids were {next(iter(known.values())).id_type} and are {items.id_type(0)} now."
        if same_text
        else ""
    )
    compared = (
        f"none of the {len(known):,} ids it has drawn is in this frame, nor any that it keeps of the others (the frame "
        f"has {items.key(0)!r}, the session {next(iter(known))!r})"
        if known
        else f"no id of this frame is one of those it was begun with (the frame has {items.key(0)!r})"
    )
    return (
        f"session {name!r} in this store is about other items: {compared}.{of_type} "
        f"Give another name, as in name={name + '-2'!r}, to start a review of these."
    )
