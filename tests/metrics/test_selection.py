"""Weights by how items came to be asked: over every way the draws could have gone, and by hand."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hitl_notebook as hitl
from hitl_notebook.errors import BadColumn
from hitl_notebook.metrics import selection_weights


def drawn(probability, pool_size, chosen_by="random", item_id=None):
    rows = {"selection_probability": probability, "pool_size": pool_size, "chosen_by": chosen_by}
    return pd.DataFrame({"item_id": range(len(probability)) if item_id is None else item_id, **rows})


def every_review(size, draws, share):
    """Every order in which a queue by score (0 first, then 1, ...) can draw, with its probability and its record."""
    for order in permutations(range(size), draws):
        chance, record = 1.0, []
        for turn, item in enumerate(order):
            left = sorted(set(range(size)) - set(order[:turn]))
            probability = share / len(left) + (1 - share) * (item == left[0])
            record.append((probability, len(left)))
            chance *= probability
        yield order, chance, record


@pytest.mark.parametrize("share", [0.1, 0.5, 1.0])
@pytest.mark.parametrize("draws", [1, 2, 3, 5])
def test_over_all_ways_to_draw_the_weighted_total_is_the_total(share, draws):
    value = np.array([9.0, 4.0, 0.0, 1.0, 1.0])
    expected = 0.0
    for order, chance, record in every_review(5, draws, share):
        probability, pool = map(np.array, zip(*record, strict=True))
        # What selection_weights scales to a mean of 1, before it does.
        after = [np.prod(1 - 1 / pool[turn + 1 :]) for turn in range(draws)]
        raw = (1 + np.array(after) * (1 / (pool * probability) - 1)) / (1 - np.prod(1 - 1 / pool))
        weights = selection_weights(drawn(probability, pool)).to_numpy()
        assert weights == pytest.approx(raw * draws / raw.sum())
        expected += chance * float(raw @ value[list(order)])
    assert expected == pytest.approx(value.sum())


def test_the_weights_are_those_of_farquhar_gal_and_rainforth_where_nothing_else_leaves_the_pool():
    rng = np.random.default_rng(3)
    size, draws = 30, 12
    pool = size - np.arange(draws)
    probability = rng.uniform(0.01, 0.9, draws)
    turn = np.arange(1, draws + 1)
    theirs = 1 + (size - draws) / (size - turn) * (1 / ((size - turn + 1) * probability) - 1)
    assert selection_weights(drawn(probability, pool)).to_numpy() == pytest.approx(theirs * draws / theirs.sum())


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
def test_a_real_queue_gets_weights_that_are_positive_and_even_at_its_end(size, reviewed, share, seed):
    frame = pd.DataFrame({"text": "?", "predicted": "ham", "p": np.linspace(0.5, 1, size)})
    plan = hitl.ReviewPlan(random_share=share, seed=seed)
    with hitl.ReviewSession(
        frame, prediction="predicted", confidence="p", show="text", plan=plan, reviewer="ada", store=":memory:"
    ) as session:
        for _ in range(min(reviewed, size)):
            session.accept(session.next_item())
        weights = selection_weights(session.decisions).to_numpy()
    assert (weights > 0).all()
    assert weights.sum() == pytest.approx(len(weights))
    if reviewed >= size:
        assert weights == pytest.approx(1)


@pytest.mark.parametrize(("probability", "pool", "words"), [(0.0, 3, "row 0 has 0"), (1.5, 3, "1.5"), (0.5, 0, "pool")])
def test_what_cannot_be_a_draw_is_refused(probability, pool, words):
    with pytest.raises(BadColumn, match=words):
        selection_weights(drawn([probability], [pool]))
