"""What the figures say in sentences: how sure they are, of whom they speak, and what may have swayed the reviewers."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import hitl_notebook as hitl
from hitl_notebook import metrics
from hitl_notebook.figures import FIGURES, Reviewed
from hitl_notebook.figures.source import FigureSource

UNWEIGHTED = "It speaks of the reviewed items only, each counted alike however it was chosen."
NOT_INDEPENDENT = (
    "reviewers who see the model's answer are not independent of each other, and may agree the more for it."
)
READILY = "who sees the model's answer may let it stand more readily."


def said(name, reviewed):
    return FIGURES[name].words(reviewed, FIGURES[name].table(reviewed))


def decided(pairs, *, blind=False, chosen_by="random", prediction="yes"):
    """Items of which a said the one and b the other, and so on, drawn out of a hundred."""
    rows = [(item, name, value) for item, pair in enumerate(pairs) for name, value in zip("abc", pair, strict=False)]
    frame = pd.DataFrame(rows, columns=["item_id", "reviewer", "value"]).assign(prediction=prediction, blind=blind)
    pool = 100 - frame["item_id"]
    probability = 1 / pool if chosen_by == "random" else 1.0
    at = pd.date_range("2026-01-05 09:00", periods=len(frame), freq="s", tz="UTC")
    frame = frame.assign(chosen_by=chosen_by, selection_probability=probability, pool_size=pool, recorded_at=at)
    agreed = (frame["value"] == frame["prediction"]).astype("boolean")
    return Reviewed(
        decisions=frame.assign(agreed=agreed, confidence=0.9, slice_channel="mail", seq=range(len(frame))),
        categories=["yes", "no"],
        population=100,
        asked=100,
    )


def test_the_kappa_paradox_is_said_with_prevalence_and_bias():
    # yes is 175 of 200 answers, so |2 * 0.875 - 1|; ada says it to 90 of 100 items, bo to 85
    pairs = [("yes", "yes")] * 80 + [("yes", "no")] * 10 + [("no", "yes")] * 5 + [("no", "no")] * 5
    (paradox,) = (words for words in said("agreement_coefficients", decided(pairs)) if "paradox" in words)
    assert paradox.startswith("Mind the kappa paradox: 0.85 of ratings agree, but 'yes' is 88% of them")
    assert paradox.endswith("used evenly is 0.70, prevalence index 0.75, bias index 0.05.")


@pytest.mark.parametrize("name", ["agreement_coefficients", "pairwise_agreement", "agreement_over_time"])
def test_agreement_that_cannot_be_computed_of_items_in_common_says_why(name):
    why = "not known, one category was used only, so all agreement is what chance would give."
    words = said(name, decided([("yes", "yes")] * 10))
    assert words[0].endswith(why)
    assert all("there is none yet" not in sentence for sentence in words)
    alone = decided([("yes", None)] * 10)
    assert said(name, alone) == ["It takes items that two reviewers or more have decided; there is none yet."]


def test_of_several_pairs_without_a_figure_that_with_most_items_says_why():
    reviewed = decided([("yes", "yes", "yes")] * 2 + [("yes", None, "yes")] * 3)
    assert said("pairwise_agreement", reviewed)[0].startswith("How far a and c agree: not known, one category")


def test_what_else_a_note_says_is_no_part_of_the_paradox():
    yes, no = "bias index 0.99; yes", "kappa paradox: no"
    pairs = [(yes, yes)] * 80 + [(yes, no)] * 10 + [(no, yes)] * 5 + [(no, no)] * 5 + [(yes, None)] * 3
    reviewed = replace(decided(pairs), categories=[yes, no])
    assert (
        "with one rating"
        in FIGURES["agreement_coefficients"].table(reviewed).set_index("coefficient").loc["fleiss_kappa", "note"]
    )
    (paradox,) = (words for words in said("agreement_coefficients", reviewed) if words.startswith("Mind the kappa"))
    assert "prevalence index" in paradox
    assert paradox.endswith(", bias index 0.05.")


def calibrated(seed, items):
    """A model that is as often right as it says."""
    rng = np.random.default_rng(seed)
    confidence = rng.uniform(0.5, 1, items)
    right = rng.random(items) < confidence
    frame = pd.DataFrame({"item_id": range(items), "reviewer": "ada", "confidence": confidence, "blind": True})
    frame = frame.assign(prediction="yes", value=np.where(right, "yes", "no"), agreed=pd.array(right, dtype="boolean"))
    frame = frame.assign(chosen_by="random", selection_probability=1 / (100 - frame["item_id"]))
    frame = frame.assign(pool_size=100 - frame["item_id"])
    return Reviewed(decisions=frame, categories=["yes", "no"], population=100, asked=100)


def test_a_calibration_error_above_its_interval_is_explained():
    reviewed = calibrated(seed=6, items=40)
    error = metrics.expected_calibration_error(*(reviewed.items[name] for name in ("confidence", "agreed")))
    assert error.value > error.high
    figure, explained = said("reliability", reviewed)[-2:]
    assert figure.startswith(f"Expected calibration error {error.value:.3f} (95 % interval")
    assert explained.startswith("Value above its interval: chance makes gaps without sign larger; a perfectly")
    assert explained.endswith("by chance.")


def test_beside_a_calibration_error_stands_what_a_calibrated_model_shows_by_chance():
    reviewed = decided([("yes", "yes")] * 12 + [("no", "no")] * 3)
    assert any(words.startswith("A perfectly calibrated model shows up to ") for words in said("reliability", reviewed))
    assert all("unweighted" not in words for words in said("reliability", reviewed))


@pytest.mark.parametrize("name", ["agreement_coefficients", "pairwise_agreement", "agreement_over_time"])
def test_agreement_of_items_that_were_chosen_speaks_of_the_reviewed_ones_only(name):
    pairs = [("yes", "yes"), ("no", "no"), ("yes", "no")]
    assert UNWEIGHTED in said(name, decided(pairs, chosen_by="order"))
    assert UNWEIGHTED not in said(name, decided(pairs))


def test_who_saw_the_models_answer_is_said_not_to_be_independent_unless_all_was_blind():
    pairs = [("yes", "yes"), ("no", "no"), ("yes", "no")]
    assert f"No decision was made blind: {NOT_INDEPENDENT}" in said("agreement_coefficients", decided(pairs))
    assert f"No decision was made blind: {READILY}" in said("reliability", decided(pairs))
    some = decided(pairs, blind=[True, False] * 3)
    assert f"3 of 6 decisions were not made blind: {NOT_INDEPENDENT}" in said("agreement_coefficients", some)
    for unswayed in (decided(pairs, blind=True), decided(pairs, prediction=None)):
        assert "blind" not in " ".join(said("agreement_coefficients", unswayed) + said("reliability", unswayed))


def test_of_answers_that_are_no_labels_the_matrix_says_it():
    numbers = replace(decided([(1.0, 1.0), (2.0, 5.0)]), categories=None, level_of_measurement="interval")
    assert f"No decision was made blind: {NOT_INDEPENDENT}" in said("pairwise_agreement", numbers)
    assert NOT_INDEPENDENT not in " ".join(said("pairwise_agreement", decided([("yes", "yes"), ("no", "no")])))


def test_how_far_apart_two_sets_of_labels_are_is_asked_once_in_the_whole_review(monkeypatch):
    asked = []
    masi = metrics.masi_distance
    monkeypatch.setattr(metrics, "masi_distance", lambda one, other: asked.append((one, other)) or masi(one, other))
    frame = pd.DataFrame({"text": list("abcdefgh"), "said": [("x",)] * 8})
    made = hitl.ReviewSession(
        frame, hitl.MultiLabel(["x", "y", "z"]), prediction="said", show=["text"], store=":memory:"
    )
    source = FigureSource(made, FIGURES)
    values = [("x",), ("x", "y"), ("y", "z"), ("x", "y", "z")]
    for turn, item in enumerate(range(8)):
        for reviewer in range(3):
            made.decide(item, "correct", value=values[(turn + reviewer * turn) % 4], reviewer=f"r{reviewer}")
        for name in ("pairwise_agreement", "agreement_over_time"):
            FIGURES[name].table(source.reviewed())
    assert len(asked) > 2
    assert len(asked) == len(set(asked))


def begun(decide=lambda made: None):
    frame = pd.DataFrame({"text": list("abcdefgh") * 5, "said": ["yes", "no"] * 20, "sure": np.linspace(0.5, 1, 40)})
    frame["channel"] = "mail"
    made = hitl.ReviewSession(
        frame,
        hitl.Classification(["yes", "no"]),
        prediction="said",
        confidence="sure",
        show=["text"],
        slices=["channel"],
        store=":memory:",
    )
    decide(made)
    return made._figure_source().reviewed()


def all_words(reviewed):
    """The sentences of every figure, and what stands below the titles of their charts."""
    words = {}
    for name, figure in FIGURES.items():
        table = figure.table(reviewed)
        below = figure.chart(table).to_dict()["title"].get("subtitle", [])
        words[name] = [*figure.words(reviewed, table), " ".join(below)]
    return words


def test_before_the_first_decision_nothing_is_said_to_speak_of_any_item():
    words = all_words(begun())
    assert words["corp_curve"][0].startswith("Brier score, 0 being perfect: not known, no item carries both")
    assert words["confusion"][-1] == "No item has both a prediction and a value."
    assert words["reviewer_against_reviewer"][-1] == "Fewer than two reviewers have decided."
    assert "nweighted" not in str(words) and ",:" not in str(words)


def test_after_one_decision_each_sentence_holds_of_one():
    words = all_words(begun(lambda made: made.accept(0)))
    assert words["slice_accuracy"][0].startswith("channel = mail: 100.0 %")
    assert "lowest" not in words["slice_accuracy"][0]
    assert words["reviewer_against_reviewer"][-1] == "Fewer than two reviewers have decided."
    assert words["progress"][0].startswith("1 item reviewed: ")
    assert words["reviewer_drift"][0] == (
        "Too little has been decided to tell a change: it takes more than 30 decisions of a reviewer."
    )
    flagged = all_words(begun(lambda made: made.flag(0, "unclear")))
    assert flagged["class_scores"][-1] == "No item has both a prediction and a value; 1 of 1 without a value left out."


def test_only_charts_of_which_a_change_could_be_told_are_said_to_show_none():
    def thirty(made):
        for item in range(30):
            made.accept(item, reviewer="ada")

    def more(made):
        thirty(made)
        made.accept(30, reviewer="ada")
        made.accept(31, reviewer="bo")

    assert all_words(begun(thirty))["reviewer_drift"][0].startswith("Too little")
    reviewed = begun(more)
    said = "None of 3 charts of more than 30 values shows a change that chance would seldom bring."
    assert FIGURES["reviewer_drift"].words(reviewed, FIGURES["reviewer_drift"].table(reviewed)) == [said]
    table = FIGURES["reviewer_drift"].table(reviewed, measures=["accept"])
    one = "The 1 chart of more than 30 values shows no change that chance would seldom bring."
    assert FIGURES["reviewer_drift"].words(reviewed, table) == [one]
    assert FIGURES["reviewer_drift"].words(reviewed.of("bo"), FIGURES["reviewer_drift"].table(reviewed.of("bo"))) == [
        "Too little has been decided to tell a change: it takes more than 30 decisions of a reviewer."
    ]


def test_of_pairs_that_agree_alike_none_is_said_to_agree_best_or_least():
    words = said("pairwise_agreement", decided([("yes", "yes", "yes"), ("no", "no", "no")]))
    assert words[0].startswith("Every two agree alike, as a and b: 1.00 (")
    assert not any(word in " ".join(words) for word in ("best", "least"))


def test_most_often_wrong_is_what_is_so_of_all_items_not_of_those_asked_most():
    # Three of the five of one label, and one of five that stand for the 95 of another.
    said_of = [("food", "parcel")] * 3 + [("food", "food")] * 2 + [("letter", "parcel")] + [("letter", "letter")] * 4
    predictions, values = zip(*said_of, strict=True)
    reviewed = decided([(value,) for value in values], chosen_by="sample")
    frame = reviewed.decisions.assign(prediction=predictions, selection_probability=[1.0] * 5 + [1 / 19] * 5)
    frame["agreed"] = (frame["value"] == frame["prediction"]).astype("boolean")
    weighted = replace(reviewed, decisions=frame, categories=["food", "letter", "parcel"], asked=10)
    (most,) = [sentence for sentence in said("confusion", weighted) if "Most often wrong" in sentence]
    assert weighted.weight is not None
    assert most.startswith("Most often wrong: letter where reviewers say parcel, 20.0 % of what the model calls letter")


@pytest.mark.parametrize("name", ["דוד", "محمد"])
def test_names_written_from_the_right_do_not_turn_the_numbers_beside_them_around(name):
    isolated = f"\u2068{name}\u2069"
    reviewed = decided([(name, name)] * 20 + [("no", "no"), ("no", name)], prediction="no")
    named = reviewed.decisions.assign(reviewer=reviewed.decisions["reviewer"].replace("a", name), seconds=2.0)
    reviewed = replace(reviewed, decisions=named.assign(decided_at=named["recorded_at"]), categories=[name, "no"])
    for figure in ("confusion", "class_scores", "pairwise_agreement", "time_per_item"):
        sentences = [sentence for sentence in said(figure, reviewed) if name in sentence]
        assert sentences, figure
        assert all(sentence.count(name) == sentence.count(isolated) for sentence in sentences)
