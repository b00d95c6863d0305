"""A session's own decisions go into every table as they are, before the first one and after."""

import pandas as pd
import pytest

import hitl_notebook as hitl
from hitl_notebook import metrics

TABLES = {
    "ratings": metrics.ratings,
    "confidence_by_verdict": metrics.confidence_by_verdict,
    "agreement_over_time": metrics.agreement_over_time,
    "time_per_item": metrics.time_per_item,
    "slice_accuracy": metrics.slice_accuracy,
    "progress": metrics.progress,
    "confusion": lambda decisions: metrics.confusion(decisions["prediction"], decisions["value"], ["ham", "spam"]),
    "class_scores": lambda decisions: metrics.class_scores(decisions["prediction"], decisions["value"]),
}


@pytest.fixture
def session():
    predictions = pd.DataFrame(
        {
            "id": [1, 2, 3],
            "text": ["hello", "offer", "OFFER"],
            "predicted": ["ham", "ham", "spam"],
            "p": [0.9, 0.6, 1.0],
            "channel": ["mail", "web", "web"],
        }
    )
    with hitl.ReviewSession(
        predictions,
        task=hitl.Classification(["ham", "spam"]),
        item_id="id",
        prediction="predicted",
        confidence="p",
        show=["text"],
        slices=["channel"],
        store=":memory:",
        plan=hitl.ReviewPlan(sample=3, seed=1),
        reviewer="ada",
    ) as session:
        yield session


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_before_the_first_decision_a_table_has_its_columns_and_nothing_in_it(session, table):
    before = table(session.decisions)
    assert before.select_dtypes("number").fillna(0).to_numpy().sum() == 0
    decide(session)
    after = table(session.decisions)
    assert len(after) > 0 or table is metrics.time_per_item  # decisions from code have no time
    assert list(after) == list(before) or table is metrics.ratings  # whose columns are the reviewers


def decide(session: hitl.ReviewSession) -> None:
    for reviewer in ("ada", "bo"):
        for item in (1, 2, 3):
            action = {("ada", 2): "correct", ("bo", 3): "flag"}.get((reviewer, item), "accept")
            value, reason = ("spam", None) if action == "correct" else (None, "unclear" if action == "flag" else None)
            session.decide(item, action, value=value, reason=reason, reviewer=reviewer)


def test_the_figures_are_those_of_the_decisions(session):
    decide(session)
    decisions = session.decisions
    assert metrics.ratings(decisions, with_model=True).loc[[1, 2, 3]].to_numpy().tolist() == [
        ["ham", "ham", "ham"], ["spam", "ham", "ham"], ["spam", None, "spam"],
    ]  # fmt: skip
    # mail: item 1 stands; web: of item 2 half, item 3 stands
    assert metrics.slice_accuracy(decisions)["value"].tolist() == [1, 0.75]
    assert metrics.progress(decisions).groupby("reviewer")["reviewed"].max().to_dict() == {"ada": 3, "bo": 3}
    last = metrics.agreement_over_time(decisions, coefficients=["percent_agreement"]).iloc[-1]
    assert (last["items"], last["value"]) == (2, 0.5)
