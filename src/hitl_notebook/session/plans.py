"""The versions of a session's plan: what was drawn under an earlier one is shown as that one has it."""

from collections.abc import Iterable

from hitl_notebook.review_queue import Blinding, ReviewPlan
from hitl_notebook.session.settings import Settings

__all__ = ["Plans"]


class Plans:
    """The settings that brought each version of the plan, those that stand among them."""

    def __init__(self) -> None:
        self._settings: dict[str, Settings] = {}
        self._blindings: dict[str, Blinding] = {}

    def __contains__(self, version: str) -> bool:
        return version in self._settings

    def add(self, settings: Settings) -> None:
        self._settings[settings.plan_version] = settings

    def blinding(self, version: str) -> Blinding:
        """Who answers blind what was drawn under this version."""
        if version not in self._blindings:
            settings = self._settings[version]
            self._blindings[version] = Blinding.of(settings.review_plan, settings.seed)
        return self._blindings[version]

    def by_version(self) -> dict[str, ReviewPlan]:
        return {version: settings.review_plan for version, settings in self._settings.items()}

    def are_in_random_order(self, versions: Iterable[str]) -> bool:
        """Whether each of these versions asks in random order."""
        return all("random order" in self._settings[version].order for version in versions)
