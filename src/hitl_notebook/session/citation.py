"""What names events of a session for good."""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Citation"]


@dataclass(frozen=True)
class Citation:
    """Which log in which store, and the hashes of some of its events by their ids."""

    store_id: str
    session_id: str
    session: str
    hashes: Mapping[str, str]
