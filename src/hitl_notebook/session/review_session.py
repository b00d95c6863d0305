"""The review session, as the notebook has it."""

import os
import secrets
import warnings
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

from hitl_notebook.errors import BadColumn, BadPlan, HitlWarning, SessionMismatch, UnknownChoice
from hitl_notebook.fields import Field
from hitl_notebook.fields.explained import Explainer
from hitl_notebook.items import Items, read_items, read_named_items
from hitl_notebook.items.scores import are_columns
from hitl_notebook.names import reviewer_name, session_name, version_name
from hitl_notebook.quoted import quoted
from hitl_notebook.review_queue import ReviewPlan
from hitl_notebook.session.deciding_session import DecidingSession
from hitl_notebook.session.going_on import going_on, task_of
from hitl_notebook.session.id_sample import id_sample
from hitl_notebook.session.material import Arranged, Material
from hitl_notebook.session.review import Review
from hitl_notebook.session.settings import Settings, guidelines_text, text_version
from hitl_notebook.session.version_update import VersionUpdate, version_update
from hitl_notebook.store import Store
from hitl_notebook.tasks import Classification, Task

if TYPE_CHECKING:
    from hitl_notebook.widgets import ReviewCard

__all__ = ["ReviewSession"]

DEFAULT_STORE = "hitl-reviews.db"


class ReviewSession(DecidingSession):
    """A review of model outputs: shown as a cell's last line it is the review card, and it keeps every decision.

    A session is its ``name`` in its store: a cell run again, a restarted kernel or a second notebook goes on where it
    stood. The newest frame counts: what has another content there is asked again, and no longer here. The frame is a
    snapshot and never modified.

    Parameters
    ----------
    predictions : pandas, polars or pyarrow DataFrame, or list of dicts
        One row a model output.
    task : Task, optional
        What a decision may say; left out: ``Classification()`` over the predicted labels.
    item_id : str, optional
        A unique column; left out: the row number.
    prediction, confidence : str, optional
        Columns: what the model said, and its P(prediction is right) in [0, 1].
    probabilities : optional
        For labels: a list of columns in the order of the labels, one column of dicts or lists, or an (items, labels)
        array.
    show : list of str or field, optional
        What the reviewer sees, in order; left out: all columns that have no other part here.
    explanation : str, field, explainer, or a list of them, optional
        Columns that say why the model said so; or an explainer, any object whose ``explain(rows)`` gives one
        explanation a row. It is asked on a thread of its own, for the item on the screen and the next ones, with
        rows as a pandas DataFrame of the frame's columns; an item is shown before its explanation is there.
    slices : list of str, optional
        Columns by which figures are broken down.
    gold : str, optional
        A column of known answers, missing where unknown. Never shown and never sent to the page.
    plan : ReviewPlan, optional
        What is asked, and in which order.
    reviewer : str, optional
        Left out: the JupyterHub user or the login name.
    store : path or SQLAlchemy URL, optional
        Left out: ``hitl-reviews.db`` here. ``":memory:"`` keeps nothing.
    name : str
        Several sessions live in one store. It and the names of reviewers and model versions are trimmed and have at
        most 256 characters.
    model_version : str, optional
        Left out: a short hash of the predictions.
    guidelines : str, optional
        Markdown for the reviewer, of at most 200,000 bytes as it is sent and 720,000 with the labels, versioned with
        the decisions.
    keep_content : bool
        Keep what is shown in the store too, in full, with its pictures; otherwise it has only ids, hashes, predictions,
        slices and decisions. An item is kept as it was when it was drawn, with an explanation from a column, and again
        when its content has changed; what an explainer makes is not kept. ``store.Store.draws(with_content=True)``
        reads it back, as do the ``item_changed`` events of ``log``.

    Raises
    ------
    HitlError
        Whatever cannot be reviewed is refused before anything is stored, naming column, rows and remedy.

    Examples
    --------
    >>> import pandas as pd
    >>> predictions = pd.DataFrame({"text": ["Win a prize!", "See you at ten"], "predicted": ["spam", "spam"]})
    >>> session = ReviewSession(predictions, prediction="predicted", task=Classification(["ham", "spam"]),
    ...                         reviewer="ada", store=":memory:")
    >>> session.accept(0)
    >>> session.correct(1, "ham")
    >>> session.decisions[["item_id", "action", "value", "agreed"]].values.tolist()
    [[0, 'accept', 'spam', True], [1, 'correct', 'ham', False]]
    """

    def __init__(
        self,
        predictions: Any,
        task: Task | None = None,
        *,
        item_id: str | None = None,
        prediction: str | None = None,
        confidence: str | None = None,
        probabilities: Any = None,
        show: Sequence[str | Field] | str | Field | None = None,
        explanation: Sequence[str | Field | Explainer] | str | Field | Explainer | None = None,
        slices: Sequence[str] | str | None = None,
        gold: str | None = None,
        plan: ReviewPlan | None = None,
        reviewer: str | None = None,
        store: str | os.PathLike[str] | None = None,
        name: str = "review",
        model_version: str | None = None,
        guidelines: str | None = None,
        keep_content: bool = False,
    ) -> None:
        self.reviewer = reviewer_name(reviewer)
        name, model_version = session_name(name), version_name(model_version)
        self.plan = ReviewPlan() if plan is None else plan
        if not isinstance(self.plan, ReviewPlan):
            raise BadPlan(f"plan={quoted(plan)}: a ReviewPlan, as in plan=ReviewPlan(order='random')")
        self._task = task
        self._columns: dict[str, Any] = {
            "item_id": item_id,
            "prediction": prediction,
            "confidence": confidence,
            "probabilities": probabilities,
            "show": show,
            "explanation": explanation,
            "slices": slices,
            "gold": gold,
        }
        self._guidelines = guidelines_text(guidelines)
        if not isinstance(keep_content, bool):
            raise UnknownChoice(f"keep_content={quoted(keep_content)}: True or False")
        self._keep_content = keep_content
        items = read_items(predictions, task=task or Classification(), **self._columns)
        arranged = Arranged.by_plan(items, self.plan)
        opened = Store.open(DEFAULT_STORE if store is None else store)
        try:
            self._review = Review(opened, opened.start_session(name))
            self._adopt(arranged, model_version)
        except BaseException:
            opened.close()
            raise

    @classmethod
    def open(
        cls,
        store: str | os.PathLike[str],
        name: str = "review",
        *,
        items: Any = None,
        task: Task | None = None,
        reviewer: str | None = None,
    ) -> Self:
        """A recorded session, to analyse: nothing is written but a note of what is exported.

        Nothing can be decided, skipped or undone in it, and it has neither queue nor card: ``ReviewSession(...)`` with
        the same ``store`` and ``name`` goes on reviewing.

        Parameters
        ----------
        items : DataFrame, optional
            The frame that was reviewed, so that decisions can be joined with its columns.
        task : Task, optional
            A task of one's own, as the review was made with it; the package's own tasks are made again from the store.

        Raises
        ------
        SessionMismatch
            No session of that name; the error lists those there are. Or another task than the one of the review.
        StoreProblem
            No such store, or one that cannot be read.
        """
        session = cls.__new__(cls)
        session.reviewer = reviewer_name(reviewer)
        opened = Store.open(store, create=False)
        try:
            row = opened.session(session_name(name))
            if row is None:
                names = [known.name for known in opened.sessions()]
                raise SessionMismatch(f"no session {name!r} in this store; it has {names}")
            session._review = Review(opened, row)
            settings = session._settings()
            session._task = task_of(settings, task, name)
            session._review.read_with(session._task, settings.task_spec)
            session._columns = dict(settings.columns)
            if items is not None:
                session._opened = read_named_items(items, task=session._task, columns=session._columns)
        except BaseException:
            opened.close()
            raise
        return session

    # ------------------------------------------------------------ the model's next version, the end

    def update_predictions(
        self,
        frame: Any,
        *,
        model_version: str | None = None,
        probabilities: Any = None,
        explanation: Sequence[str | Field | Explainer] | str | Field | Explainer | None = None,
        ask: Literal["changed", "all"] = "changed",
    ) -> VersionUpdate:
        """Go on with a new version of the model's predictions, in the columns named at the start.

        What people decided stays, and ``agreed`` follows the new predictions; the old rows stay in the log. So what
        is known is scored at once, and where both versions say the same the verdict carries over.

        Parameters
        ----------
        model_version : str, optional
            Left out: a short hash of the predictions.
        probabilities : optional
            As at the start; left out: the columns named there.
        explanation : optional
            As at the start; left out: what was given there. An explainer then goes on explaining, with a warning,
            since it may be that of the model before.
        ask : "changed" or "all"
            ``"changed"``: what the new version changed and nobody has decided is asked, in random order, and nothing
            else but what is chosen by hand. Whenever the review ends, what was asked speaks for the rest of what
            changed, and what was decided before speaks for itself, so that ``metrics.compare_versions`` holds for all
            items. Items that the version before did not have are asked too. ``"all"``: everything undecided is asked,
            by the plan.

        Returns
        -------
        VersionUpdate, which says in words what is known already and what is queued; its ``predictions`` are the
        ``items=`` of ``compare_versions``.

        Raises
        ------
        SessionMismatch
            The frame is about other items, or ``model_version`` names other predictions already.
        BadColumn
            The probabilities at the start were no columns, and there are none of this version.
        """
        if ask not in ("changed", "all"):
            raise UnknownChoice(f'ask={ask!r}: "changed" or "all"')
        model_version = version_name(model_version)
        self._reviewed()
        anew = {"probabilities": probabilities, "explanation": explanation}
        columns = self._columns | {name: given for name, given in anew.items() if given is not None}
        given = columns["probabilities"]
        if probabilities is None and given is not None and not are_columns(given):
            raise BadColumn(
                "the probabilities that the session has are of the version before: give those of this one, as in "
                "update_predictions(frame, probabilities=...)"
            )
        items = read_items(frame, task=Classification() if self._task is None else self.task, **columns)
        if explanation is None and items.explainers:
            warnings.warn(
                "the explainer given at the start goes on explaining: if it explains the model before, give that of "
                "this one, as in update_predictions(frame, explanation=...)",
                HitlWarning,
                stacklevel=2,
            )
        self._adopt(Arranged.by_plan(items, self.plan), model_version, ask=ask)
        self._columns = columns
        return version_update(self._review, self.reviewer)

    def close(self) -> None:
        """End the session: its widgets go, its store is closed. Closing twice is harmless.

        What was recorded can still be read and exported; a decision is refused, and one that waits on a page waits
        there until the session is made again.
        """
        if self._closed:
            return
        self._closed = True
        for widget in (*self._dashboards, *([self._card] if self._card is not None else [])):
            widget.close()
        self._followed.close()
        if self._has_items() and self._opened is None:
            self._review.note("stop", self.reviewer, {})
        self._review.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ------------------------------------------------------------ in the notebook

    @property
    def widget(self) -> "ReviewCard":
        """The review card, an anywidget; a new one where the last was closed."""
        from hitl_notebook.widgets import ReviewCard

        self._reviewed()
        if self._card is None or self._card.is_closed:
            self._card = ReviewCard(self._review, self.reviewer)
        return self._card

    def _ipython_display_(self) -> None:
        self._display_()._ipython_display_()

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self._display_()._repr_mimebundle_(**options)

    def _display_(self) -> "ReviewCard":
        """The card, about to be on a page: what marimo shows for this."""
        self._followed.read_ahead(self.task)
        return self.widget

    def __repr__(self) -> str:
        return f"<ReviewSession {self._review.row.name!r} in {self._review.store.label}, reviewer {self.reviewer!r}>"

    # ------------------------------------------------------------ within

    _card: "ReviewCard | None" = None
    _closed = False

    def _adopt(self, arranged: Arranged, model_version: str | None, ask: str = "all") -> None:
        items, review, earlier = arranged.items, self._review, self._review.settings
        if earlier is not None:
            items = going_on(items, earlier, review.row.name)
        for warning in items.warnings:
            warnings.warn(warning, HitlWarning, stacklevel=4)
        seed = self.plan.seed
        if seed is None:
            seed = earlier.seed if earlier is not None else secrets.randbits(32)
        version = model_version or items.model_version
        before = review.material.version_before(version, items) if review.has_material else None
        between = None if before is None or ask == "all" else (before.model_version, version)
        settings = Settings(
            task=items.task.name,
            task_spec=items.task.spec(),
            plan=self.plan.spec(seed, between),
            plan_version=self.plan.version(seed, between),
            order=self.plan.words_for(items.has_confidence, between),
            model_version=version,
            guidelines_version=text_version(self._guidelines),
            guidelines=self._guidelines,
            shown=items.shown,
            columns=self._named_columns(items),
            id_sample=None if items.id_column is None else id_sample(items.keys(range(len(items))), review.row.salt),
        )
        salt = bytes.fromhex(review.row.salt)
        keep_content = self._keep_content
        material = Material.prepare(arranged, items, settings, salt, keep_content=keep_content, before=before)
        review.adopt(material, self.reviewer)

    def _named_columns(self, items: Items) -> dict[str, Any]:
        """The columns' names as the log keeps them, as text: enough to read ids, predictions and content again."""
        named = {part: self._columns[part] for part in ("item_id", "prediction", "confidence", "gold")}
        return {
            **{part: None if name is None else str(name) for part, name in named.items()},
            "slices": list(items.slices),
            "show": items.shown,
        }
