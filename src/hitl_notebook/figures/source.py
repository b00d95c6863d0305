"""A session as its figures see it: what has been reviewed, and word of what comes in."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from hitl_notebook import metrics
from hitl_notebook.figures.figure import Figure
from hitl_notebook.figures.reviewed import Reviewed
from hitl_notebook.frames import VALUES
from hitl_notebook.metrics.alike import Equal
from hitl_notebook.tasks import Classification, MultiLabel, Regression, Task

if TYPE_CHECKING:
    from hitl_notebook.session import ReviewSession

__all__ = ["FigureSource"]

_SLICE = "slice_"


class FigureSource:
    """What the charts and the dashboard of one session are made from. Safe from any thread."""

    def __init__(self, session: "ReviewSession", figures: Mapping[str, Figure]) -> None:
        self._session = session
        self._figures = figures
        self._last: tuple[object, Reviewed] | None = None
        # Asked of each two sets of labels once, for all figures and as long as the review goes on.
        self._masi_distance = cache(metrics.masi_distance)

    @property
    def figures(self) -> Mapping[str, Figure]:
        """Those that there can be of this session, by name."""
        reviewed = self.reviewed()
        return {name: figure for name, figure in self._figures.items() if not figure.lacks(reviewed)}

    def reviewed(self) -> Reviewed:
        """What has been reviewed by now: the same object as long as nothing is new."""
        review = self._session._review
        with review.ledger.lock:
            state = review.verdicts, review.verdicts.seq
        last = self._last
        if last is None or last[0] != state:
            last = self._last = state, self._read()
        return last[1]

    def alarms(self, reviewed: Reviewed) -> list[str]:
        """What has changed about which reviewer, in sentences."""
        words: list[str] = metrics.drift_alarms(reviewed.decisions, equal=reviewed.equal)["words"].tolist()
        return words

    def listen(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call ``callback`` after whatever is recorded in this process, from whichever thread; the way to end it."""
        return self._session._review.news.listen(lambda _: callback())

    def refresh(self) -> None:
        """Take in what other processes have recorded; who listens hears of it."""
        self._session._review.refresh()

    def enqueue(self, item_ids: Iterable[Any]) -> list[Any]:
        """Put those that are still there next in the queue of the session's reviewer; those that were put there."""
        items = self._session.items
        return self._session.enqueue(item_id for item_id in item_ids if items.find(item_id) is not None)

    def undecided(self, reviewed: Reviewed, item_ids: Sequence[Any]) -> list[Any]:
        """Those of the items that the session's reviewer has not decided: what there is to be put next.

        Items that are no longer in the frame are not among them.
        """
        decisions, session = reviewed.decisions, self._session
        decided = set(decisions.loc[(decisions["reviewer"] == session.reviewer).to_numpy(), "item_id"])
        items = session.items if session.has_items else None
        return [
            item_id
            for item_id in item_ids
            if item_id not in decided and (items is None or items.find(item_id) is not None)
        ]

    def _read(self) -> Reviewed:
        session = self._session
        review, task = session._review, session.task
        items = session._items() if session._has_items() else None
        decisions = session._decision_table().rows()
        gone = decisions["item_id"][decisions["key"].isin(review.absent)].nunique() if review.absent else 0
        of_samples = decisions.loc[(decisions["chosen_by"] == "sample").to_numpy(), "plan_version"]
        recorded = [str(name)[len(_SLICE) :] for name in decisions if str(name).startswith(_SLICE)]
        return Reviewed(
            decisions=decisions,
            categories=_categories(task, decisions if review.lacks_of_the_task else None),
            level_of_measurement=self._level_of_measurement(task),
            equal=_equal(task),
            slices=recorded if items is None else list(dict.fromkeys([*map(str, items.slices), *recorded])),
            has_confidence=bool(decisions["confidence"].notna().any()) if items is None else items.has_confidence,
            population=None if items is None else len(items) + gone,
            asked=session.asked,
            is_in_random_order=session.are_in_random_order(of_samples.dropna().unique()),
            drawn_under=review.drawn_under(),
        )

    def _level_of_measurement(self, task: Task) -> Any:
        if isinstance(task, Regression):
            return "interval"
        return self._masi_distance if isinstance(task, MultiLabel) else "nominal"


def _categories(task: Task, decisions: pd.DataFrame | None) -> list[Any] | None:
    """What a value can be, where these are labels; with what occurs in ``decisions`` that the task does not know."""
    if not task.exclusive or task.outcomes is None:
        return None
    occurring = () if decisions is None else pd.concat([decisions[name] for name in VALUES]).dropna().unique()
    return list(dict.fromkeys([*task.outcomes, *occurring]))


def _equal(task: Task) -> Equal:
    """The task's own rule; None where it says no more than ``==``, which is faster."""
    rule = type(task).equal
    if rule in (Task.equal, Classification.equal):
        return None
    if isinstance(task, Regression) and rule is Regression.equal and not task.tolerance:
        return None
    return task.equal
