"""Every figure: a table that its chart takes, sentences, and the items behind each of its rows."""

from functools import partial

import numpy as np
import pandas as pd
import pytest

import hitl_notebook as hitl
from hitl_notebook.figures import FIGURES, Reviewed
from hitl_notebook.metrics.calibration import corp
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


OF_ITEMS = ["confusion", "class_scores", "slice_accuracy", "reliability", "corp_curve"]
OF_A_REVIEWERS_DECISIONS = ["time_per_item", "reviewer_drift"]


def behind_each_row(figure, reviewed, table):
    return [figure.behind(reviewed, table.iloc[[row]]) for row in range(len(table))]


@pytest.mark.parametrize("name", [*OF_ITEMS, *OF_A_REVIEWERS_DECISIONS, "confidence_by_verdict"])
def test_as_many_items_are_behind_a_row_as_its_n_says(of_one, name):
    figure = FIGURES[name]
    table = figure.table(of_one)
    assert list(map(len, behind_each_row(figure, of_one, table))) == table["n"].astype(int).tolist()


@pytest.mark.parametrize("name", [*OF_ITEMS, *OF_A_REVIEWERS_DECISIONS])
def test_as_many_items_are_behind_a_row_as_its_n_says_where_reviewers_are_several(source, name):
    figure, reviewed = FIGURES[name], source.reviewed()
    table = figure.table(reviewed)
    if name == "reviewer_drift":
        table = table.iloc[::7]  # of every course some
    assert list(map(len, behind_each_row(figure, reviewed, table))) == table["n"].astype(int).tolist()


def test_behind_a_moment_of_progress_is_what_the_reviewer_had_decided_by_then(source):
    figure, reviewed = FIGURES["progress"], source.reviewed()
    table = figure.table(reviewed)
    own = {name: decisions["item_id"].tolist() for name, decisions in reviewed.decisions.groupby("reviewer")}
    expected = [own[name][:done] for name, done in zip(table["reviewer"], table["reviewed"], strict=True)]
    assert behind_each_row(figure, reviewed, table) == expected


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
    figure, reviewed = FIGURES["pairwise_agreement"], source.reviewed()
    table = figure.table(reviewed, statistic="percent_agreement")
    behind = behind_each_row(figure, reviewed, table)
    for items, (_, pair) in zip(behind, table.iterrows(), strict=True):
        both = reviewed.ratings[[pair["reviewer"], pair["other"]]].dropna()
        assert items == both.index[both[pair["reviewer"]] != both[pair["other"]]].tolist()
        assert len(items) == round((1 - pair["value"]) * pair["n"])
    assert len(table) == 3
    assert figure.which == "on which they differ"


def test_behind_a_coefficient_are_the_items_on_which_not_all_say_the_same(source):
    reviewed = source.reviewed()
    said = reviewed.ratings.apply(lambda row: len(set(row.dropna())), axis=1)
    figure = FIGURES["agreement_coefficients"]
    assert figure.behind(reviewed, figure.table(reviewed).head(1)) == said.index[said > 1].tolist()


def test_behind_a_moment_of_agreement_are_the_items_on_which_not_all_had_said_the_same_by_then(source):
    figure, reviewed = FIGURES["agreement_over_time"], source.reviewed()
    table = figure.table(reviewed)
    table = table[table["coefficient"] == "krippendorff_alpha"]
    for at, items in zip(table["at"], behind_each_row(figure, reviewed, table), strict=True):
        decided = reviewed.decisions[reviewed.decisions["recorded_at"] <= at]
        said = decided.dropna(subset="value").groupby("item_id")["value"].nunique()
        assert set(items) == set(said.index[said > 1])
    midway, last = (figure.behind(reviewed, table.iloc[[at]]) for at in (len(table) // 2, -1))
    assert 0 < len(midway) < len(last)
    assert figure.behind(reviewed, table.iloc[[0, -1]]) == last


def reviewed_with_gaps():
    """Two of ada's decisions have no time, one was a catch trial, and three of her items others have decided, too."""
    names = ["item_id", "reviewer", "action", "value", "kind", "seconds"]
    rows = [
        ("t1", "ada", "accept", "fees", "regular", None),
        ("t2", "ada", "accept", "fees", "regular", 4.0),
        ("t3", "ada", "flag", None, "regular", None),
        ("t4", "ada", "correct", "refund", "regular", 6.0),
        ("t5", "ada", "accept", "fees", "catch", 5.0),
        ("t6", "ada", "accept", "fees", "regular", 9.0),
        ("t2", "bo", "accept", "fees", "regular", 1.0),
        ("t4", "bo", "accept", "fees", "regular", 1.0),
        ("t5", "cy", "accept", "fees", "regular", 1.0),
    ]
    return Reviewed(decisions=pd.DataFrame(rows, columns=names).assign(seq=range(len(rows))))


@pytest.mark.parametrize(
    ("figure", "measure", "items"),
    [
        ("time_per_item", None, [["t2"], ["t2", "t4"], ["t4", "t5"], ["t5", "t6"]]),
        ("reviewer_drift", "seconds", [["t2"], ["t2", "t4"], ["t4", "t6"]]),
        ("reviewer_drift", "agree", [["t2"], ["t2", "t4"]]),
        ("reviewer_drift", "accept", [["t1"], ["t1", "t2"], ["t2", "t3"], ["t3", "t4"], ["t4", "t6"]]),
    ],
)
@pytest.mark.parametrize("reviewer", [None, "ada"])
def test_behind_a_point_are_the_last_decisions_that_have_a_value(figure, measure, items, reviewer):
    reviewed = reviewed_with_gaps().of(reviewer)
    table = FIGURES[figure].table(reviewed)
    own = table[(table["reviewer"] == "ada") & (measure is None or table["measure"] == measure)]
    of_two = own.assign(n=own["n"].clip(upper=2))  # as with a window of two
    assert behind_each_row(FIGURES[figure], reviewed, of_two) == items


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


@pytest.fixture(scope="module")
def three_times():
    """Simulated three times, each time ending now: the clocks of one reviewer run beside each other."""
    made, truth = session()
    for _ in range(3):
        hitl.simulate.review(made, REVIEWERS[:2], truth, n_items=20)
    return made._figure_source().reviewed()


def test_the_count_of_progress_goes_up_with_time(three_times):
    assert not three_times.decisions["decided_at"].is_monotonic_increasing
    table = FIGURES["progress"].table(three_times)
    for _, own in table.groupby("reviewer"):
        assert own["reviewed"].tolist() == list(range(1, 61))
        assert own["at"].is_monotonic_increasing


def test_behind_a_moment_of_progress_is_what_was_decided_by_that_time(three_times):
    figure, decisions = FIGURES["progress"], three_times.decisions
    table = figure.table(three_times)
    expected = [
        decisions["item_id"][(decisions["reviewer"] == reviewer) & (decisions["decided_at"] <= at)].tolist()
        for reviewer, at in zip(table["reviewer"], table["at"], strict=True)
    ]
    assert behind_each_row(figure, three_times, table) == expected


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


CHARTS = ["reviewer", "measure", "decision"]


def seen_at_once(change, name="reviewer_drift", n_items=60, **options):
    """A figure as it is, as it is at once after ``change``, and as it is computed anew then."""
    made, truth = session(**options)
    hitl.simulate.review(made, REVIEWERS, truth, n_items=n_items)
    figure, source = FIGURES[name], made._figure_source()
    earlier = figure.table(source.reviewed())
    change(made)
    return earlier, figure.at_once(source.reviewed(), earlier), figure.table(source.reviewed())


def decide(made, count=1):
    for _ in range(count):
        made.accept(made.next_item(REVIEWERS[0].name), reviewer=REVIEWERS[0].name)


@pytest.mark.parametrize("count", [1, 3, 30])
def test_at_once_a_control_chart_has_the_points_that_who_decided_has_added_and_is_else_as_it_was(count):
    earlier, at_once, whole = seen_at_once(lambda made: decide(made, count))
    assert at_once[CHARTS].to_dict("list") == whole[CHARTS].to_dict("list")
    assert at_once.attrs["charts_watched"] == whole.attrs["charts_watched"]
    number = pd.Series(range(len(at_once)))
    was = number[pd.MultiIndex.from_frame(at_once[CHARTS]).isin(pd.MultiIndex.from_frame(earlier[CHARTS]))]
    then = at_once.iloc[was].merge(earlier, on=CHARTS, suffixes=("", "_then"))
    assert 0 < len(was) < len(number)
    assert (then["value"] == then["value_then"]).all()
    assert (then["centre"] == then["centre_then"]).all()
    new = number.drop(was)
    assert set(at_once["reviewer"].iloc[new]) == {REVIEWERS[0].name}
    pd.testing.assert_frame_equal(
        at_once.iloc[new].drop(columns="alarm"), whole.iloc[new].drop(columns="alarm"), rtol=1e-9
    )
    assert not whole["centre"].iloc[was].equals(at_once["centre"].iloc[was])


def test_at_once_all_is_new_of_who_has_not_only_added():
    def undo_and_decide_twice(made):
        made.undo(reviewer=REVIEWERS[0].name)
        decide(made, 2)

    earlier, at_once, whole = seen_at_once(undo_and_decide_twice)
    own = at_once["reviewer"] == REVIEWERS[0].name
    pd.testing.assert_frame_equal(at_once[own].drop(columns="alarm"), whole[own].drop(columns="alarm"), rtol=1e-9)
    others = earlier[earlier["reviewer"] != REVIEWERS[0].name]
    pd.testing.assert_frame_equal(at_once[~own].reset_index(drop=True), others.reset_index(drop=True))


OF_SETS = {"task": hitl.MultiLabel(LABELS), "labels": [("refund",), ("refund", "fees"), ()], "confidence": None}


@pytest.mark.parametrize("options", [{}, OF_SETS], ids=["labels", "sets"])
@pytest.mark.parametrize("flagged", [False, True])
def test_at_once_agreement_over_time_is_the_whole(options, flagged):
    def go_on(made):
        decide(made)
        if flagged:
            made.flag(made.next_item("bo"), reason="unclear", reviewer="bo")

    earlier, at_once, whole = seen_at_once(go_on, "agreement_over_time", n_items=61, **options)
    pd.testing.assert_frame_equal(at_once, whole)
    assert at_once.attrs == whole.attrs
    assert not at_once.equals(earlier)


def test_a_decision_that_an_undo_brings_back_is_noticed_at_once():
    made, truth = session()
    hitl.simulate.review(made, REVIEWERS, truth, n_items=60)
    name = REVIEWERS[0].name
    decided = made.decisions.loc[made.decisions["reviewer"] == name]
    made.correct(decided["item_id"].iloc[3], "fees", reviewer=name)
    made.accept(made.next_item("bo"), reviewer="bo")
    source, over_time, drift = made._figure_source(), FIGURES["agreement_over_time"], FIGURES["reviewer_drift"]
    before = source.reviewed()
    earlier = drift.table(before)
    made.undo(reviewer=name)
    after = source.reviewed()
    assert len(after.decisions) == len(before.decisions)
    assert after.decisions["seq"].iloc[-1] == before.decisions["seq"].iloc[-1]  # what changed is in the middle
    assert over_time.at_once(after, over_time.table(before)) is None
    at_once, whole = drift.at_once(after, earlier), drift.table(after)
    own = at_once["reviewer"] == name
    pd.testing.assert_frame_equal(at_once[own].drop(columns="alarm"), whole[own].drop(columns="alarm"), rtol=1e-9)


def test_agreement_over_time_is_computed_anew_where_an_earlier_decision_is_another_or_moments_are():
    def undo_and_decide(made):
        made.undo(reviewer=REVIEWERS[0].name)
        decide(made)

    assert seen_at_once(undo_and_decide, "agreement_over_time")[1] is None
    moments = [seen_at_once(partial(decide, count=count), "agreement_over_time") for count in range(1, 12, 2)]
    for earlier, at_once, whole in moments:
        if at_once is not None:
            pd.testing.assert_frame_equal(at_once, whole)
            assert len(whole) <= len(earlier) + 3
    assert {at_once is None for _, at_once, _ in moments} == {True, False}


def test_a_corp_curve_of_few_items_is_computed_anew_with_its_band():
    earlier, at_once, _ = seen_at_once(decide, "corp_curve")
    assert len(earlier) and at_once is None


def test_a_corp_curve_of_many_items_is_drawn_at_once_within_the_band_that_it_had(monkeypatch):
    monkeypatch.setattr(corp, "BAND_HOLDS_FROM", 30)
    earlier, at_once, whole = seen_at_once(partial(decide, count=20), "corp_curve")
    curve = ["confidence", "n", "recalibrated"]
    pd.testing.assert_frame_equal(at_once[curve], whole[curve])
    for bound in ("low", "high"):
        kept = np.interp(whole["confidence"], earlier["confidence"], earlier[bound])
        np.testing.assert_allclose(at_once[bound], kept)
        assert not np.allclose(at_once[bound], whole[bound])


def test_at_once_the_alarms_of_a_control_chart_are_those_that_stood():
    rows = [("ada", action, f"t{place}", place) for place, action in enumerate(["accept"] * 60 + ["correct"] * 20)]
    rows += [("bo", "accept", f"t{place}", 100 + place) for place in range(40)]
    decisions = pd.DataFrame(rows, columns=["reviewer", "action", "item_id", "seq"])
    figure, before = FIGURES["reviewer_drift"], Reviewed(decisions=decisions)
    earlier = figure.table(before)
    more = pd.DataFrame([("ada", "correct", "t99", 999)], columns=decisions.columns)
    table = figure.at_once(Reviewed(decisions=pd.concat([decisions, more], ignore_index=True)), earlier)
    standing = {pair: at["alarm"].tolist() for pair, at in table.groupby(["reviewer", "measure"])}
    stood = {pair: at["alarm"].tolist() for pair, at in earlier.groupby(["reviewer", "measure"])}
    assert stood["ada", "correct"][-1]
    assert standing["ada", "correct"] == [*stood["ada", "correct"], True]
    assert not any(standing["bo", "accept"])


def test_where_somebody_new_has_decided_nothing_of_a_control_chart_can_be_kept():
    made, truth = session()
    hitl.simulate.review(made, REVIEWERS[:1], truth, n_items=20)
    figure, source = FIGURES["reviewer_drift"], made._figure_source()
    earlier = figure.table(source.reviewed())
    made.accept(made.next_item("new"), reviewer="new")
    assert figure.at_once(source.reviewed(), earlier) is None
    assert figure.at_once(source.reviewed(), figure.table(source.reviewed())) is not None
