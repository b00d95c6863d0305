"""One figure of a dashboard as it follows a review: drawn once, then its rows alone."""

import numpy as np
import pandas as pd
import pytest

import hitl_notebook as hitl
from hitl_notebook.figures import FIGURES
from hitl_notebook.simulate import Reviewer
from hitl_notebook.widgets.figure_drawing import FigureDrawing

LABELS = ["refund", "card lost", "fees"]


@pytest.fixture(scope="module")
def source():
    rng = np.random.default_rng(5)
    truth = rng.choice(LABELS, 80).tolist()
    said = [label if kept else "fees" for label, kept in zip(truth, rng.random(80) < 0.7, strict=True)]
    frame = pd.DataFrame({"text": [f"question {number}" for number in range(80)], "said": said})
    frame["p"], frame["channel"] = rng.uniform(0.4, 1, 80), rng.choice(["mail", "phone"], 80)
    task = hitl.Classification(LABELS)
    made = hitl.ReviewSession(
        frame, task, prediction="said", confidence="p", slices="channel", show="text", store=":memory:", reviewer="me"
    )
    hitl.simulate.review(made, [Reviewer("ada", skill=0.9), Reviewer("bo", skill=0.6)], truth, n_items=50, seed=2)
    return made._figure_source()


@pytest.mark.parametrize("name", FIGURES)
def test_what_comes_in_exchanges_a_figures_rows_and_draws_nothing_anew_until_it_is_settled(source, name):
    drawing = FigureDrawing(source.figures[name])
    drawing.follow(source.reviewed())
    assert drawing.is_settled
    whole = drawing.message()
    assert whole["spec"]["$schema"]
    source._session.accept(source._session.next_item("me"), reviewer="me")
    source._session.accept(source._session.next_item("bo"), reviewer="bo")
    now = source.reviewed()
    drawing.follow(now)
    assert not drawing.is_settled
    assert drawing.reviewed is now
    news = drawing.message()
    assert news is None or "spec" not in news
    drawing.settle()
    drawn_at_once = FigureDrawing(source.figures[name])
    drawn_at_once.follow(now)
    for drawn in (drawing, drawn_at_once):
        drawn.put_in_words()
    assert drawing.message(whole=True) == drawn_at_once.message(whole=True)


def rows_of(drawing, reviewer):
    (rows,) = drawing.message(whole=True)["rows"].values()
    return [row for row in rows if row["reviewer"] == reviewer]


def drawn_after_a_decision(source):
    """The control charts drawn, and followed with one more decision of one reviewer; and those of another before it."""
    drawing = FigureDrawing(source.figures["reviewer_drift"])
    drawing.follow(source.reviewed())
    before = rows_of(drawing, "ada")
    source._session.accept(source._session.next_item("bo"), reviewer="bo")
    drawing.follow(source.reviewed())
    return drawing, before


def test_who_has_not_decided_is_drawn_as_before_until_it_is_settled(source):
    drawing, before = drawn_after_a_decision(source)
    drawn_at_once = FigureDrawing(source.figures["reviewer_drift"])
    drawn_at_once.follow(drawing.reviewed)
    assert rows_of(drawing, "ada") == before != rows_of(drawn_at_once, "ada")
    newest, of_all = (
        [row for row in rows_of(drawn, "bo") if row["measure"] == "accept"][-1] for drawn in (drawing, drawn_at_once)
    )
    assert newest["decision"] == of_all["decision"]
    assert [newest[name] for name in ("value", "centre")] == pytest.approx(
        [of_all[name] for name in ("value", "centre")]
    )
    drawing.settle()
    assert rows_of(drawing, "ada") == rows_of(drawn_at_once, "ada")


def test_what_has_to_be_drawn_anew_is_drawn_from_the_whole_table(source, monkeypatch):
    monkeypatch.setattr("hitl_notebook.widgets.figure_drawing.MOST_ROWS", 0)
    drawing, _ = drawn_after_a_decision(source)
    assert drawing.is_settled
    drawn_at_once = FigureDrawing(source.figures["reviewer_drift"])
    drawn_at_once.follow(drawing.reviewed)
    assert drawing.message(whole=True) == drawn_at_once.message(whole=True)


def test_a_tab_that_is_opened_is_drawn_with_nothing_of_what_was_computed_long_ago(source):
    drawing = FigureDrawing(source.figures["reviewer_drift"])
    drawing.follow(source.reviewed())
    source._session.accept(source._session.next_item("bo"), reviewer="bo")
    drawing.follow(source.reviewed(), whole=True)
    drawn_at_once = FigureDrawing(source.figures["reviewer_drift"])
    drawn_at_once.follow(drawing.reviewed)
    for drawn in (drawing, drawn_at_once):
        drawn.put_in_words()
    pd.testing.assert_frame_equal(drawing._table, drawn_at_once._table, check_exact=True)
    assert drawing.words == drawn_at_once.words
    assert drawing.is_settled


def test_a_first_decision_takes_away_the_note_that_there_is_none():
    frame = pd.DataFrame({"text": ["a", "b"], "said": ["fees", "refund"]})
    with hitl.ReviewSession(
        frame, hitl.Classification(LABELS), prediction="said", show="text", store=":memory:"
    ) as made:
        source = made._figure_source()
        drawing = FigureDrawing(source.figures["confusion"])
        drawing.follow(source.reviewed())
        assert drawing.notes == ["No item has both a prediction and a value."]
        made.accept(made.next_item())
        drawing.follow(source.reviewed())
        assert drawing.notes != ["No item has both a prediction and a value."]
