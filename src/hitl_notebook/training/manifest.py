"""From what a training set was made, and the way to make it again."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any, Self

from hitl_notebook.decisions import canonical_json
from hitl_notebook.exchange.kinds import KINDS, kind_of, plain

if TYPE_CHECKING:
    from hitl_notebook.session import ReviewSession

__all__ = ["Manifest", "spelled_id"]

SpelledId = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a training set was made from: enough to make it again, byte for byte, and to see that nothing changed.

    Attributes
    ----------
    store_id, session_id, session : str
        Which review.
    seq : int
        The last event of its log that counted.
    resolve : str or None
        The rule where reviewers differed.
    items : tuple of (kind, text)
        The ids, in the order of the rows.
    events : tuple of tuple of str
        Of each row the ids of the decisions behind its value; none where the value was given.
    hashes : mapping of str to str
        The hash in the log's chain of each of these events.
    row_digests : tuple of str
        A digest of each row's features.
    digest : str
        SHA-256 of features' digests, values and weights.
    tool_version : str
    training : mapping
        Of a retrained estimator: its class and parameters, versions of libraries, base and holdout.
    """

    store_id: str
    session_id: str
    session: str
    seq: int
    resolve: str | None
    items: tuple[SpelledId, ...] = ()
    events: tuple[tuple[str, ...], ...] = ()
    hashes: Mapping[str, str] = field(default_factory=dict)
    row_digests: tuple[str, ...] = ()
    digest: str = ""
    tool_version: str = ""
    training: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def blank(cls, session: "ReviewSession", seq: int, resolve: str | None) -> Self:
        """The manifest of a review at one moment, without rows."""
        citation = session.citation(())
        return cls(
            store_id=citation.store_id,
            session_id=citation.session_id,
            session=citation.session,
            seq=seq,
            resolve=resolve,
        )

    def to_json(self) -> str:
        """All of it as one line of JSON, the same for the same manifest."""
        return canonical_json(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The manifest that ``to_json`` wrote."""
        read = json.loads(text)
        read["items"] = tuple((kind, id_) for kind, id_ in read["items"])
        read["events"] = tuple(map(tuple, read["events"]))
        read["row_digests"] = tuple(read["row_digests"])
        return cls(**{part.name: read[part.name] for part in fields(cls)})

    @property
    def item_ids(self) -> list[Any]:
        """The ids with their types."""
        return [KINDS[kind].restore(text) for kind, text in self.items]

    @property
    def event_ids(self) -> Iterable[str]:
        """The decisions behind all values."""
        return (event_id for of_item in self.events for event_id in of_item)


def spelled_id(id_: Any) -> SpelledId:
    """An id as text, with the kind that it is restored by.

    >>> spelled_id(17), spelled_id("17")
    (('int', '17'), ('str', '17'))
    """
    cell = plain(id_)
    kind = kind_of(type(cell)) or "str"
    return kind, KINDS[kind].spell(cell)
