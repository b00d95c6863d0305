"""How far a log had come at a moment, kept outside the database: what a chain of hashes alone cannot prove."""

import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

from hitl_notebook.errors import BrokenChain

__all__ = ["Checkpoint"]

_FORMAT = "hitl_notebook checkpoint 1"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Count and last hash of events and of draws, and the hash of each session's row by the session's name.

    ``mac`` signs all of it with a key that the database does not hold. ``sessions`` is None in a checkpoint that was
    written before checkpoints had it.
    """

    store_id: str
    created_at: str
    events: int
    head: str
    draws: int
    draws_head: str
    sessions: Mapping[str, str] | None = None
    mac: str | None = None

    def signed(self, key: bytes) -> Self:
        """This checkpoint with an HMAC-SHA256 over everything else in it."""
        return replace(self, mac=self._mac(key))

    def check_signature(self, key: bytes | None) -> None:
        """Raise BrokenChain unless the signature and the key fit, or there is neither."""
        if self.mac is None and key is None:
            return
        if key is None:
            raise BrokenChain("the checkpoint is signed: give its key, or it proves nothing")
        if self.mac is None:
            raise BrokenChain("the checkpoint is not signed, though a key was given: it may be a forged one")
        if not hmac.compare_digest(self.mac.encode(), self._mac(key).encode()):
            raise BrokenChain("the checkpoint's signature does not fit the key: one of them is not the original")

    def save(self, path: Path) -> None:
        """Write the file whole, in place of an earlier checkpoint."""
        draft = path.with_name(f".{path.name[:100]}.{uuid4().hex}.new")
        try:
            with draft.open("x", encoding="ascii") as file:
                json.dump({"format": _FORMAT, **asdict(self)}, file, indent=2, sort_keys=True)
                file.write("\n")
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)

    @classmethod
    def load(cls, path: Path) -> Self:
        """The checkpoint in a file; raises BrokenChain when it is none."""
        try:
            found: Any = json.loads(path.read_text("ascii"))
            if not isinstance(found, dict) or found.pop("format", None) != _FORMAT:
                raise ValueError("another format")
            if found.keys() | {"sessions"} != {field.name for field in fields(cls)}:
                raise ValueError("other keys")
            kinds = {"events": int, "draws": int, "sessions": dict | None, "mac": str | None}
            if not all(isinstance(value, kinds.get(name, str)) for name, value in found.items()):
                raise ValueError("other values")
            if not all(isinstance(value, str) for value in (found.get("sessions") or {}).values()):
                raise ValueError("other sessions")
            return cls(**found)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise BrokenChain(f"{path} is not a checkpoint that can be read ({error})") from error

    def _mac(self, key: bytes) -> str:
        if not key:
            raise BrokenChain("the key is empty: with that, anybody can sign a checkpoint")
        covered = {name: value for name, value in asdict(self).items() if name != "mac" and value is not None}
        text = json.dumps(covered, sort_keys=True, separators=(",", ":"))
        return hmac.new(key, f"{_FORMAT}\n{text}".encode(), sha256).hexdigest()
