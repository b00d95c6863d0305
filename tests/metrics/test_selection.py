"""Weights by how items came to be asked: over every way the draws could have gone, and by hand."""

from itertools import permutations, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hitl_notebook as hitl
from hitl_notebook.errors import BadColumn, MissingColumn
from hitl_notebook.metrics import selection_weights


def drawn(probability, pool_size, chosen_by="random", item_id=None):
    rows = {"selection_probability": probability, "pool_size": pool_size, "chosen_by": chosen_by}
    return pd.DataFrame({"item_id": range(len(probability)) if item_id is None else item_id, **rows})


def every_review(draws_at_random, size):
    """Every order in which a queue by score (0 first, then 1, ...) can draw, with its chance and its record.

    Whether each draw is at random or takes the first that is left was decided before by a coin.
    """
    for order in permutations(range(size), len(draws_at_random)):
        chance = 1.0
        for turn, (item, at_random) in enumerate(zip(order, draws_at_random, strict=True)):
            left = sorted(set(range(size)) - set(order[:turn]))
            chance *= 1 / len(left) if at_random else item == left[0]
        if chance > 0:
            rules = ["random" if at_random else "order" for at_random in draws_at_random]
            pools = [size - turn for turn in range(len(order))]
            yield order, chance, drawn([0.5] * len(order), pools, rules)


@pytest.mark.parametrize(
    "draws_at_random", [coins for draws in (1, 2, 3, 5) for coins in product([True, False], repeat=draws) if any(coins)]
)
def test_over_all_ways_to_draw_the_weighted_total_is_the_total(draws_at_random):
    value = np.array([9.0, 4.0, 0.0, 1.0, 1.0])
    expected = counted = 0.0
    for order, chance, record in every_review(draws_at_random, len(value)):
        weights = selection_weights(record).to_numpy()
        expected += chance * float(weights @ value[list(order)]) / weights.sum()
        counted += chance
    assert counted == pytest.approx(1)
    assert expected == pytest.approx(value.mean())


def test_the_weights_are_those_of_a_mean_of_rajs_totals_at_the_draws_at_random():
    rules = np.array([True, False, True, False, False, True, False])
    pools = 12.0 - np.arange(7)
    totals = []  # what each item counts for in the total of each draw at random: itself, or all that were left
    for turn in np.flatnonzero(rules):
        totals.append([1.0] * turn + [pools[turn]] + [0.0] * (6 - turn))
    theirs = np.array(totals)
    at_random = theirs[:, rules]
    # The mean of totals in which the draws at random have even weights.
    share = np.linalg.lstsq(at_random.T, np.ones(3), rcond=None)[0]
    assert at_random.T @ share == pytest.approx([1, 1, 1])
    weights = selection_weights(drawn([0.5] * 7, pools, np.where(rules, "random", "order"))).to_numpy()
    assert weights / weights.max() == pytest.approx(share @ theirs)
    assert weights[-1] == 0


def test_what_the_order_took_says_nothing_of_the_others_while_none_was_drawn_at_random():
    assert selection_weights(drawn([0.9, 0.9], [4, 3], "order")).tolist() == [0, 0]
    assert selection_weights(drawn([0.9, 0.9, 1.0], [3, 2, 1], "order")).tolist() == [1, 1, 1]  # the last is no choice


def test_even_draws_have_even_weights_and_so_have_all_items_once_all_are_drawn():
    assert selection_weights(drawn([1 / 4, 1 / 3, 1 / 2], [4, 3, 2])).tolist() == pytest.approx([1, 1, 1])
    by_score = drawn([0.95, 0.05, 0.5], [3, 2, 1], ["order", "random", "order"])
    by_score.loc[2, "selection_probability"] = 1.0
    assert selection_weights(by_score).tolist() == pytest.approx([1, 1, 1])


def test_an_item_of_a_stratified_sample_stands_for_its_part_of_the_stratum():
    # 2 of 4 and 2 of 12: each stands for 2 and for 6, which is 0.5 and 1.5 at a mean of 1
    rows = drawn([1 / 2, 1 / 2, 1 / 6, 1 / 6], [4, 4, 12, 12], "sample")
    assert selection_weights(rows).tolist() == pytest.approx([0.5, 0.5, 1.5, 1.5])


def test_items_chosen_by_hand_stand_for_nothing_else():
    rows = drawn([None, 0.5, 1.0], [None, 2, 1], ["hand", "random", "random"])
    assert selection_weights(rows).tolist() == [0, 1, 1]
    assert selection_weights(rows[:1]).tolist() == [0]
    assert selection_weights(rows[:0]).tolist() == []


def test_items_asked_since_a_version_changed_them_speak_of_no_others():
    rows = drawn([0.5, 0.5, 1 / 3], [4, 4, 3], ["sample", "sample", "changed"])
    assert selection_weights(rows).tolist() == [1, 1, 0]


def test_the_reviewers_of_an_item_share_its_weight():
    rows = drawn([1 / 4, 1 / 3, 1 / 4, 1 / 3], [4, 3, 4, 3], item_id=["a", "b", "a", "b"])
    assert selection_weights(rows).tolist() == pytest.approx([1, 1, 1, 1])


def test_a_sample_and_a_queue_are_joined_by_how_many_items_each_amounts_to():
    # two of an even queue, one of a sample: three items alike
    rows = drawn([1 / 4, 1 / 3, 0.01], [4, 3, 100], ["random", "random", "sample"])
    assert selection_weights(rows).tolist() == pytest.approx([1, 1, 1])


@settings(max_examples=12)
@given(st.integers(1, 30), st.integers(0, 30), st.sampled_from([0.1, 0.4, 1.0]), st.integers(0, 2**32 - 1))
def test_a_real_queue_gets_weights_even_for_draws_at_random_and_for_all_at_its_end(size, reviewed, share, seed):
    frame = pd.DataFrame({"text": "?", "predicted": "ham", "p": np.linspace(0.5, 1, size)})
    plan = hitl.ReviewPlan(random_share=share, seed=seed)
    with hitl.ReviewSession(
        frame, prediction="predicted", confidence="p", show="text", plan=plan, reviewer="ada", store=":memory:"
    ) as session:
        for _ in range(min(reviewed, size)):
            session.accept(session.next_item())
        decisions = session.decisions
    weights = selection_weights(decisions).to_numpy()
    at_random = decisions["chosen_by"].eq("random").to_numpy()
    if at_random.any():
        assert weights[at_random] == pytest.approx(weights.max())
        assert weights.sum() == pytest.approx(len(weights))
    if reviewed >= size:
        assert weights == pytest.approx(1)


@pytest.mark.parametrize(("probability", "pool", "words"), [(0.0, 3, "row 0 has 0"), (1.5, 3, "1.5"), (0.5, 0, "pool")])
def test_what_cannot_be_a_draw_is_refused(probability, pool, words):
    with pytest.raises(BadColumn, match=words):
        selection_weights(drawn([probability], [pool]))


def test_a_row_without_an_item_stands_for_none_and_takes_no_others_place():
    drawn = pd.DataFrame({"item_id": ["a", None, "b"], "selection_probability": [0.5, 0.25, 0.25]})
    drawn = drawn.assign(pool_size=4, chosen_by="sample")
    # Without the second: 2 and 4, in all 2.
    assert selection_weights(drawn).tolist() == pytest.approx([2 / 3, 0, 4 / 3])


@pytest.mark.parametrize("column", ["item_id", "selection_probability", "pool_size", "chosen_by"])
def test_a_column_that_is_not_there_is_named(column):
    with pytest.raises(MissingColumn, match=f"no {column} among"):
        selection_weights(drawn([0.5], [2]).drop(columns=column))
