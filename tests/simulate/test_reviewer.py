"""A simulated reviewer answers as often as its arguments say; frequencies are held against binomial bounds."""

from collections import Counter

import numpy as np
import pytest
from scipy.stats import binom

from hitl_notebook.errors import BadName, UnknownChoice
from hitl_notebook.simulate.reviewer import Case, Reviewer

COUNT = 4_000
CHANCE = 1e-6  # of a bound that a right frequency misses
LABELS = ["ham", "spam", "scam", "junk"]
WRONG = Case(truth="ham", prediction="spam", is_blind=False, values=LABELS, equal=str.__eq__)
UNPREDICTED = WRONG._replace(prediction=None)
BLIND = WRONG._replace(is_blind=True)


def answers(reviewer, case, decided=0):
    random = np.random.default_rng(5)
    return [reviewer.answer(case, decided, random) for _ in range(COUNT)]


def values(reviewer, case, decided=0):
    return Counter(answer.value for answer in answers(reviewer, case, decided))


def is_likely(count, probability):
    return binom.ppf(CHANCE, COUNT, probability) <= count <= binom.isf(CHANCE, COUNT, probability)


def test_the_bounds_tell_frequencies_apart():
    assert is_likely(COUNT // 2, 0.5)
    assert not is_likely(COUNT // 2, 0.55)


def test_skill_1_says_the_truth_whatever_the_model_said():
    assert values(Reviewer("ada", skill=1), WRONG) == {"ham": COUNT}


def test_anchoring_1_takes_every_shown_prediction_over():
    assert values(Reviewer("ada", skill=1, anchoring=1), WRONG) == {"spam": COUNT}


def test_where_no_prediction_is_shown_there_is_nothing_to_take_over():
    assert values(Reviewer("ada", skill=1, anchoring=1), UNPREDICTED) == {"ham": COUNT}


def test_skill_is_the_share_of_true_judgements_and_mistakes_are_equally_likely():
    # skill 0.7 over four labels: each of the three others has 0.3 / 3
    said = values(Reviewer("ada", skill=0.7), WRONG)
    assert is_likely(said["ham"], 0.7)
    assert all(is_likely(said[label], 0.1) for label in LABELS[1:])


def test_anchoring_is_the_share_taken_over_and_the_rest_is_judged():
    # a wrong prediction stands where it was taken over, 0.4, or mistaken for right, 0.6 * 0.3 / 3
    said = values(Reviewer("ada", skill=0.7, anchoring=0.4), WRONG)
    assert is_likely(said["ham"], 0.6 * 0.7)
    assert is_likely(said["spam"], 0.4 + 0.6 * 0.1)


def test_a_bias_is_said_whatever_the_item():
    said = values(Reviewer("ada", skill=1, bias={"junk": 0.25}), WRONG)
    assert said.keys() == {"ham", "junk"}
    assert is_likely(said["junk"], 0.25)


def test_biases_add_up_and_leave_the_rest_to_skill():
    # 0.2 junk, 0.3 scam, 0.5 judged: true with 0.8, else one of three others
    said = values(Reviewer("ada", skill=0.8, bias={"junk": 0.2, "scam": 0.3}), WRONG)
    assert is_likely(said["ham"], 0.5 * 0.8)
    assert is_likely(said["junk"], 0.2 + 0.5 * 0.2 / 3)
    assert is_likely(said["scam"], 0.3 + 0.5 * 0.2 / 3)


@pytest.mark.parametrize(("decided", "looking"), [(0, 1.0), (100, 0.5), (300, 0.125)])
def test_of_attention_the_share_tiring_is_lost_in_100_decisions(decided, looking):
    said = values(Reviewer("ada", skill=1, tiring=0.5), WRONG, decided)
    assert is_likely(said["ham"], looking)
    assert said["ham"] + said["spam"] == COUNT


def test_who_is_too_tired_to_look_guesses_where_no_prediction_is_shown():
    # half the time truth, half the time one of four
    said = values(Reviewer("ada", skill=1, tiring=0.5), UNPREDICTED, 100)
    assert is_likely(said["ham"], 0.5 + 0.5 / 4)
    assert is_likely(said["junk"], 0.5 / 4)


def test_a_blind_answer_is_ones_own_and_then_changed_with_anchoring():
    said = answers(Reviewer("ada", skill=1, anchoring=0.3), BLIND)
    assert {answer.first for answer in said} == {"ham"}
    assert is_likely(sum(answer.value == "spam" for answer in said), 0.3)


def test_flagging_is_the_share_of_items_without_a_value():
    said = answers(Reviewer("ada", skill=1, flagging=0.2), BLIND)
    assert is_likely(said.count((None, None)), 0.2)


def test_who_knows_of_no_other_value_cannot_be_wrong():
    assert values(Reviewer("ada", skill=0), UNPREDICTED._replace(values=["ham"])) == {"ham": COUNT}


@pytest.mark.parametrize(("decided", "median"), [(0, 3.0), (100, 1.5)])
def test_speed_is_the_median_of_log_normal_seconds_and_goes_with_attention(decided, median):
    random = np.random.default_rng(5)
    reviewer = Reviewer("ada", speed=3, tiring=0.5)
    seconds = np.array([reviewer.seconds(decided, random) for _ in range(COUNT)])
    assert is_likely((seconds < median).sum(), 0.5)
    # 1.96 standard deviations of 0.5 on the log scale: a factor of e ** 0.98
    assert is_likely((np.abs(np.log(seconds / median)) < 0.98).sum(), 0.95)


@pytest.mark.parametrize(
    "options",
    [
        {"skill": 1.1},
        {"anchoring": -0.1},
        {"flagging": float("nan")},
        {"tiring": 1},
        {"speed": 0},
        {"speed": float("inf")},
        {"bias": {"ham": 0.6, "spam": 0.6}},
        {"bias": {"ham": -0.1}},
        {"bias": {"ham": float("nan")}},
        {"bias": {"ham": 0.9, "spam": 0.1 + 1e-6}},
    ],
)
def test_what_is_no_probability_is_refused(options):
    with pytest.raises(UnknownChoice, match=next(iter(options))):
        Reviewer("ada", **options)


def test_shares_of_a_bias_that_are_1_in_all_but_for_rounding_are_taken():
    # added one by one in binary 0.33, 0.56 and 0.11 are 1.0000000000000002
    said = values(Reviewer("ada", bias={"spam": 0.33, "scam": 0.56, "junk": 0.11}), UNPREDICTED)
    assert said["ham"] == 0
    assert is_likely(said["scam"], 0.56)


def test_a_reviewer_has_a_name():
    assert Reviewer("  ada ").name == "ada"
    with pytest.raises(BadName):
        Reviewer(" ")
