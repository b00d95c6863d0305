"""Every figure: a table that its chart takes, sentences, and the items behind each of its rows."""

import numpy as np
import pandas as pd
import pytest

import hitl_notebook as hitl
from hitl_notebook.figures import FIGURES
from hitl_notebook.simulate import Reviewer

LABELS = ["refund", "card lost", "fees"]
ITEMS = 120
REVIEWERS = [
    Reviewer("ada", skill=0.95, flagging=0.05),
    Reviewer("bo", skill=0.7),
    Reviewer("cy", anchoring=0.8, tiring=0.2),
]


def session(*, task=None, store=":memory:", labels=LABELS, **options):
    rng = np.random.default_rng(3)
    truth = [labels[at] for at in rng.integers(0, len(labels), ITEMS)]
    confidence = rng.uniform(0.4, 1, ITEMS)
    other = [labels[at] for at in rng.integers(0, len(labels), ITEMS)]
    lots = rng.random(ITEMS)
    said = [truth[at] if lots[at] < confidence[at] else other[at] for at in range(ITEMS)]
    frame = pd.DataFrame({"text": [f"question {number}" for number in range(ITEMS)], "p": confidence})
    frame["said"] = pd.Series(said, dtype=object)
    frame["channel"] = rng.choice(["mail", "phone", None], ITEMS)
    made = hitl.ReviewSession(
        frame,
        task or hitl.Classification(labels),
        prediction="said",
        show=["text"],
        plan=hitl.ReviewPlan(seed=1),
        reviewer="me",
        store=store,
        **{"confidence": "p", "slices": ["channel"], **options},
    )
    return made, truth


@pytest.fixture(scope="module")
def source():
    made, truth = session()
    hitl.simulate.review(made, REVIEWERS, truth, n_items=80, seed=2)
    return made._figure_source()


@pytest.fixture(scope="module")
def of_one():
    """One reviewer's decisions, of which each is an item."""
    made, truth = session()
    hitl.simulate.review(made, REVIEWERS[:1], truth, n_items=80, seed=2)
    return made._figure_source().reviewed()


@pytest.fixture(scope="module")
def of_nothing():
    return session()[0]._figure_source().reviewed()


ALL = pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)


def test_figures_go_by_their_names_and_tabs_stand_together():
    assert all(figure.name == name for name, figure in FIGURES.items())
    tabs = [figure.tab for figure in FIGURES.values()]
    assert tabs == sorted(tabs, key=tabs.index)


@ALL
def test_a_figure_is_drawn_and_said(source, figure):
    reviewed = source.reviewed()
    table = figure.table(reviewed)
    assert len(table)
    assert figure.chart(table).to_dict()
    sentences = figure.words(reviewed, table)
    assert sentences
    assert all(sentence.endswith(".") and "nan" not in sentence for sentence in sentences)


@ALL
def test_a_figure_of_nothing_is_a_chart_without_marks(of_nothing, figure):
    table = figure.table(of_nothing)
    assert figure.chart(table).to_dict()
    assert all(sentence.endswith(".") for sentence in figure.words(of_nothing, table))
    assert figure.behind(of_nothing, table) == []


@ALL
def test_what_is_behind_a_row_are_items_of_the_review_each_once(source, figure):
    reviewed = source.reviewed()
    behind = figure.behind(reviewed, figure.table(reviewed))
    assert behind
    assert len(behind) == len(set(behind))
    assert set(behind) <= set(reviewed.decisions["item_id"])


@pytest.mark.parametrize(
    "name",
    [
        "confusion",
        "class_scores",
        "slice_accuracy",
        "reliability",
        "corp_curve",
        "confidence_by_verdict",
        "time_per_item",
    ],
)
def test_as_many_items_are_behind_a_row_as_its_n_says(of_one, name):
    figure = FIGURES[name]
    table = figure.table(of_one)
    behind = [len(figure.behind(of_one, table.iloc[[row]])) for row in range(len(table))]
    assert behind == table["n"].astype(int).tolist()


@pytest.mark.parametrize(
    "name", ["confusion", "class_scores", "slice_accuracy", "reliability", "confidence_by_verdict"]
)
def test_the_rows_of_the_charts_own_data_have_the_same_items_behind_them(source, name):
    figure, reviewed = FIGURES[name], source.reviewed()
    table = figure.table(reviewed)
    spec = figure.chart(table).to_dict()
    (rows,) = spec["datasets"].values() if "datasets" in spec else [spec["data"]["values"]]
    drawn = pd.DataFrame(rows)
    assert figure.behind(reviewed, drawn.head(3)) == figure.behind(reviewed, table.head(3))


def test_behind_two_reviewers_are_the_items_on_which_they_differ(source):
    reviewed = source.reviewed()
    behind = FIGURES["pairwise_agreement"].behind(reviewed, pd.DataFrame({"reviewer": ["ada"], "other": ["bo"]}))
    ratings = reviewed.ratings
    both = ratings[["ada", "bo"]].dropna()
    assert behind == both.index[both["ada"] != both["bo"]].tolist()
    table = (
        FIGURES["pairwise_agreement"].table(reviewed, statistic="percent_agreement").set_index(["reviewer", "other"])
    )
    share = next(row["value"] for pair, row in table.iterrows() if set(pair) == {"ada", "bo"})
    assert len(behind) == round((1 - share) * len(both))


def test_behind_a_coefficient_are_the_items_on_which_not_all_say_the_same(source):
    reviewed = source.reviewed()
    said = reviewed.ratings.apply(lambda row: len(set(row.dropna())), axis=1)
    figure = FIGURES["agreement_coefficients"]
    assert figure.behind(reviewed, figure.table(reviewed).head(1)) == said.index[said > 1].tolist()


def test_two_reviewers_are_compared_on_what_both_decided(source):
    figure, reviewed = FIGURES["reviewer_against_reviewer"], source.reviewed()
    table = figure.table(reviewed, reviewers=["bo", "cy"])
    both = reviewed.ratings[["bo", "cy"]].dropna()
    assert table["n"].sum() == len(both)
    same = table[table["prediction"] == table["value"]]["n"].sum()
    assert figure.words(reviewed, table) == [f"bo (rows) and cy (columns) say the same on {same} of {len(both)} items."]
    drawn = str(figure.chart(table).to_dict())
    assert "Where do bo and cy differ?" in drawn
    assert "bo said" in drawn
    assert "The model said" not in drawn


def test_progress_goes_by_the_clock_of_those_who_were_simulated():
    made, truth = session()
    hitl.simulate.review(made, REVIEWERS[:1], truth, n_items=20)
    made.accept(made.next_item())
    decisions = made.decisions
    at = FIGURES["progress"].table(made._figure_source().reviewed())["at"]
    assert at.tolist() == [*decisions["decided_at"][:20], decisions["recorded_at"].iloc[-1]]


def test_who_is_looked_at_alone_is_still_compared_with_the_others(source):
    figure, reviewed = FIGURES["reviewer_drift"], source.reviewed()
    table = figure.table(reviewed)
    of_bo = table[table["reviewer"] == "bo"].reset_index(drop=True)
    assert "agree" in set(of_bo["measure"])
    pd.testing.assert_frame_equal(figure.table(reviewed.of("bo")), of_bo)


def test_the_chart_of_drift_says_the_run_length_that_it_was_asked_for(source):
    figure, reviewed = FIGURES["reviewer_drift"], source.reviewed()
    subtitles = [
        " ".join(figure.of(reviewed, **options).to_dict()["title"]["subtitle"])
        for options in ({}, {"in_control_run_length": 500})
    ]
    assert ["10,000 values" in subtitles[0], "once in 500 values" in subtitles[1]] == [True, True]


def test_answers_that_are_no_labels_have_the_figures_that_can_be():
    made, truth = session(task=hitl.Regression(tolerance=1), labels=[1.0, 3.0, 5.0, 6.0], confidence=None, slices=None)
    hitl.simulate.review(made, REVIEWERS, truth, n_items=50)
    source = made._figure_source()
    assert list(source.figures) == [
        *("pairwise_agreement", "agreement_over_time", "reviewer_drift", "time_per_item", "progress")
    ]
    for figure in source.figures.values():
        assert figure.of(source.reviewed()).to_dict()
    pairs = FIGURES["pairwise_agreement"].table(source.reviewed())
    assert pairs["method"].str.contains("interval").all()


def test_sets_of_labels_agree_by_how_much_they_share():
    labels = [("refund",), ("refund", "fees"), ()]
    made, truth = session(task=hitl.MultiLabel(LABELS), labels=labels, confidence=None)
    hitl.simulate.review(made, REVIEWERS, truth, n_items=50)
    reviewed = made._figure_source().reviewed()
    table = FIGURES["agreement_over_time"].table(reviewed)
    assert set(table["coefficient"]) == {"krippendorff_alpha"}
    assert table["value"].notna().any()
