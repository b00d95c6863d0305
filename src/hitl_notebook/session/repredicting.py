"""What each version of the model said of an item, and which decisions wait for what the newest one says."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from hitl_notebook.decisions import Draft, Event
from hitl_notebook.errors import InvalidDecision
from hitl_notebook.review_queue import Draw
from hitl_notebook.session.drafts import event_draft
from hitl_notebook.session.material import Material

__all__ = ["Repredicting", "Said"]


class Said(NamedTuple):
    """What one version said of one item."""

    prediction: Any
    """As JSON."""
    confidence: float | None


class Repredicting:
    """What draws and the log know of the model's versions. Used under the ledger's lock alone."""

    def __init__(self, session_id: str) -> None:
        self._session_id = session_id
        self._said: dict[tuple[str, str], Said] = {}
        self._behind: dict[str, str] = {}
        """By item decided on what another version said: by whom."""

    def add_draws(self, draws: Iterable[Draw]) -> None:
        """Know what was said of items when they were drawn."""
        for draw in draws:
            self._said[draw.item_id, draw.model_version] = Said(draw.prediction, draw.confidence)

    def add(self, event: Event, version: str | None) -> None:
        """Follow the log, ``version`` being the one of the items here; None without them."""
        key = event.item_id or ""
        if event.kind == "repredict":
            content = event.content or {}
            self._said[key, event.record["model_version"]] = Said(content.get("prediction"), content.get("confidence"))
            self._behind.pop(key, None)
        elif event.kind == "decide" and version not in (None, event.record["model_version"]):
            self._behind[key] = event.reviewer or ""

    def forget_what_is_behind(self) -> None:
        """Begin with items on whose version all that was decided has been judged."""
        self._behind.clear()

    @property
    def behind(self) -> list[tuple[str, str]]:
        """Items whose latest decision nobody has put beside the newest prediction, and who decided."""
        return list(self._behind.items())

    def said(self, material: Material, key: str, version: str) -> Said:
        """What that version said; raises InvalidDecision where the item was never shown with it."""
        position = material.items.position(key)
        if position is not None and version == material.settings.model_version:
            return Said(material.prediction(position), material.confidence(position))
        said = self._said.get((key, version))
        if said is None:
            raise InvalidDecision(f"item “{key:.60}” was never shown with model version {version:.60}")
        return said

    def draft(self, material: Material, reviewer: str, key: str) -> Draft | None:
        """What the version here says of an item, for the log; None where the frame does not have it."""
        if material.items.position(key) is None:
            return None
        version = material.settings.model_version
        said = self.said(material, key, version)._asdict()
        return event_draft(self._session_id, reviewer, "repredict", key, {"model_version": version}, said)
