"""A review, and the training that it led to, as a run of MLflow."""

from math import isfinite
from typing import TYPE_CHECKING, Any

from hitl_notebook.errors import MissingExtra
from hitl_notebook.estimate import Estimate
from hitl_notebook.training.retrained import Retrained

if TYPE_CHECKING:
    from hitl_notebook.session import ReviewSession

__all__ = ["log_to_mlflow"]


def log_to_mlflow(session: "ReviewSession", retrained: Retrained | None = None, *, run_name: str | None = None) -> str:
    """Log how a review stands, and what a training made of it, to the tracking server that MLflow is set to.

    Parameters
    ----------
    session : ReviewSession
        Its progress and the model's accuracy with its interval become metrics, each of its charts a file
        ``charts/<name>.vl.json`` for Vega-Lite, and what the charts say in words ``figures.txt``.
    retrained : Retrained, optional
        Of ``retrain``: the difference with its interval, wins and losses become metrics; ``comparison.txt``,
        ``parts.json`` and ``manifest.json`` files. The estimator is not logged: MLflow has a flavour for each kind.
    run_name : str, optional

    Returns
    -------
    The run's id. Within an active run, that one is added to. No content of an item is logged beyond what charts show.

    Raises
    ------
    MissingExtra
        Without the library: ``pip install "hitl-notebook[mlflow]"``.
    """
    try:
        import mlflow
    except ImportError as error:
        raise MissingExtra('a run needs the library mlflow: pip install "hitl-notebook[mlflow]"') from error

    active = mlflow.active_run()
    if active is not None:
        _log(mlflow, session, retrained)
        return str(active.info.run_id)
    with mlflow.start_run(run_name=run_name) as run:
        _log(mlflow, session, retrained)
        return str(run.info.run_id)


def _log(mlflow: Any, session: "ReviewSession", retrained: Retrained | None) -> None:
    citation = session.citation(())
    decisions, seq = session.decisions_until()
    mlflow.set_tags({"hitl.store_id": citation.store_id, "hitl.session_id": citation.session_id})
    mlflow.set_tags({"hitl.session": citation.session, "hitl.task": session.task.name})
    counts = decisions["action"].value_counts()
    actions = {f"hitl.decisions.{action}": int(counts.get(action, 0)) for action in ("accept", "correct", "flag")}
    mlflow.log_metrics({"hitl.seq": seq, **actions})
    _log_figures(mlflow, session)
    if retrained is None:
        return
    mlflow.log_text(retrained.manifest.to_json(), "manifest.json")
    mlflow.log_params({f"hitl.{name}": str(value)[:500] for name, value in _told(retrained).items()})
    mlflow.log_metric("hitl.rows", len(retrained.training))
    if retrained.comparison is None:
        return
    found = retrained.comparison
    _log_estimate(mlflow, "difference", found.difference)
    mlflow.log_metrics({"hitl.wins": found.wins, "hitl.losses": found.losses, "hitl.p_value": found.p_value})
    mlflow.set_tag("hitl.conclusion", found.conclusion)
    mlflow.log_text(str(retrained), "comparison.txt")
    mlflow.log_text(found.parts.to_json(orient="records"), "parts.json")


def _log_figures(mlflow: Any, session: "ReviewSession") -> None:
    from hitl_notebook.figures import FIGURES, FigureSource

    source = FigureSource(session, FIGURES)
    reviewed, words = source.reviewed(), []
    for name, figure in source.figures.items():
        table = figure.table(reviewed)
        mlflow.log_text(figure.chart(table).to_json(), f"charts/{name}.vl.json")
        words += [figure.title, *figure.words(reviewed, table), ""]
    mlflow.log_text("\n".join(words), "figures.txt")
    _log_estimate(mlflow, "accuracy", reviewed.accuracy)


def _log_estimate(mlflow: Any, name: str, found: Estimate) -> None:
    figures = {part: getattr(found, part) for part in ("value", "low", "high")}
    mlflow.log_metrics({f"hitl.{name}.{part}": figure for part, figure in figures.items() if isfinite(figure)})


def _told(retrained: Retrained) -> dict[str, Any]:
    training = retrained.manifest.training
    return {name: training[name] for name in ("estimator", "fit", "weight", "seed")}
