"""The queue draws every item once, by a rule whose probabilities are those it records."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from hitl_notebook.review_queue import Pool, ReviewQueue

RANKED = np.array([3, 1, 0, 2])


def scored(size=4, *, ranked=None, random_share=0.0, seed=1):
    return Pool(size, ranked=RANKED if ranked is None else ranked, random_share=random_share, seed=seed)


def positions(selections):
    return [selection.position for selection in selections]


def test_items_come_in_the_order_of_their_scores():
    queue = ReviewQueue(scored())
    assert positions(queue.draw(3)) == [3, 1, 0]
    assert queue.upcoming(10) == [3, 1, 0]


def test_a_draw_by_score_has_probability_one_and_leaves_a_smaller_pool():
    selections = ReviewQueue(scored()).draw(4)
    assert [(s.chosen_by, s.probability, s.pool_size) for s in selections] == [
        ("order", 1.0, 4),
        ("order", 1.0, 3),
        ("order", 1.0, 2),
        ("order", 1.0, 1),
    ]


def test_a_random_draw_is_as_likely_as_any_other_of_the_pool():
    selections = ReviewQueue(Pool(4, ranked=None, random_share=0.0, seed=1)).draw(4)
    assert [(s.chosen_by, s.probability) for s in selections] == [
        ("random", 1 / 4),
        ("random", 1 / 3),
        ("random", 1 / 2),
        ("random", 1.0),
    ]


def test_the_first_of_the_order_can_come_by_score_or_by_chance():
    # share 0.2 over 4 items: the first comes with 0.8 + 0.2 / 4, each other one with 0.2 / 4
    for seed in range(200):
        first = ReviewQueue(scored(random_share=0.2, seed=seed)).draw(1)[0]
        expected = 0.85 if first.position == 3 else 0.05
        assert abs(first.probability - expected) < 1e-12


def test_items_are_drawn_as_often_as_their_probabilities_say():
    runs = 4_000
    firsts = Counter(positions(ReviewQueue(scored(random_share=0.4, seed=seed)).draw(1))[0] for seed in range(runs))
    for position, probability in {3: 0.7, 0: 0.1, 1: 0.1, 2: 0.1}.items():
        low, high = binom.interval(0.9999, runs, probability)
        assert low <= firsts[position] <= high


def test_a_random_draw_after_others_is_still_uniform_over_what_is_left():
    runs = 3_000
    seconds = Counter()
    for seed in range(runs):
        first, second = ReviewQueue(Pool(4, ranked=None, random_share=1.0, seed=seed)).draw(2)
        if first.position == 0:
            seconds[second.position] += 1
    low, high = binom.interval(0.9999, seconds.total(), 1 / 3)
    assert set(seconds) == {1, 2, 3}
    assert all(low <= count <= high for count in seconds.values())


@given(st.integers(1, 40), st.floats(0, 1), st.integers(0, 2**32 - 1), st.lists(st.integers(1, 7), max_size=20))
def test_every_item_is_drawn_once_whatever_the_batches(size, share, seed, batches):
    ranked = np.random.default_rng(seed).permutation(size)
    whole = ReviewQueue(Pool(size, ranked=ranked, random_share=share, seed=seed)).draw(size)
    queue = ReviewQueue(Pool(size, ranked=ranked, random_share=share, seed=seed))
    in_batches = [selection for batch in [*batches, size] for selection in queue.draw(batch)]
    assert sorted(positions(whole)) == list(range(size))
    assert in_batches == whole


@given(st.integers(1, 30), st.floats(0, 1), st.integers(0, 999), st.integers(0, 30))
def test_a_queue_made_again_from_its_draws_goes_on_as_if_nothing_had_happened(size, share, seed, stopped_after):
    pool = Pool(size, ranked=np.arange(size)[::-1], random_share=share, seed=seed)
    first = ReviewQueue(pool)
    drawn = first.draw(stopped_after)
    again = ReviewQueue(pool)
    for selection in drawn:
        again.restore(selection.position, selection.chosen_by)
    assert again.upcoming(size) == first.upcoming(size)
    assert again.draw(size) == first.draw(size)


def test_what_is_decided_leaves_and_what_is_undone_comes_back_first():
    queue = ReviewQueue(scored())
    queue.draw(4)
    queue.place(3, "decided")
    queue.place(1, "decided")
    assert queue.upcoming(9) == [0, 2]
    queue.place(1, "open")
    assert queue.upcoming(9) == [1, 0, 2]


def test_skipped_items_come_back_at_the_end_in_the_order_of_skipping():
    queue = ReviewQueue(scored())
    queue.draw(3)
    queue.place(3, "skipped", since=8)
    queue.place(1, "skipped", since=7)
    assert queue.upcoming(9) == [0], "not before everything has been drawn"
    queue.draw(9)
    assert queue.upcoming(9) == [0, 2, 1, 3]


def test_items_chosen_by_hand_come_first_and_the_newest_batch_before_older_ones():
    queue = ReviewQueue(scored())
    queue.draw(1)
    queue.choose([2])
    chosen = queue.choose([0, 1])
    assert queue.upcoming(9) == [0, 1, 2, 3]
    assert [(s.chosen_by, s.probability, s.pool_size) for s in chosen] == [("hand", None, None)] * 2


def test_items_chosen_by_hand_come_back_in_the_same_order_from_their_draws():
    queue = ReviewQueue(scored())
    again = ReviewQueue(scored())
    for selection in queue.choose([2, 0, 1]):
        again.restore(selection.position, "hand")
    assert again.upcoming(9) == queue.upcoming(9) == [2, 0, 1]


def test_a_sample_is_drawn_whole_and_nothing_else_is():
    pool = Pool(10, ranked=np.arange(10), random_share=0.5, seed=3, sample_size=4)
    queue = ReviewQueue(pool)
    drawn = queue.draw(1)
    assert [(s.chosen_by, s.probability, s.pool_size) for s in drawn] == [("sample", 0.4, 10)] * 4
    assert positions(drawn) == sorted(positions(drawn)), "shown in the order of the plan"
    assert (queue.total, queue.undrawn, queue.draw(5)) == (4, 0, [])


def test_what_a_version_changed_is_drawn_at_random_and_nothing_else_is():
    first = []
    for seed in range(1_000):
        queue = ReviewQueue(scored(6, seed=seed).only_changed([1, 2, 4, 5]))
        queue.restore(4, "order", "decided")
        assert queue.undrawn == 3
        drawn = queue.draw(9)
        assert sorted(positions(drawn)) == [1, 2, 5]
        assert [(draw.chosen_by, draw.probability, draw.pool_size) for draw in drawn] == [
            ("changed", 1 / left, left) for left in (3, 2, 1)
        ]
        first.append(drawn[0].position)
    counts = np.bincount(first)[[1, 2, 5]]
    assert (abs(counts - 1_000 / 3) < 60).all(), "4 standard deviations"


def test_every_item_is_in_a_sample_equally_often():
    runs = 2_000
    counts = Counter()
    for seed in range(runs):
        counts.update(positions(ReviewQueue(Pool(5, ranked=None, random_share=1, seed=seed, sample_size=2)).draw(1)))
    low, high = binom.interval(0.9999, runs, 2 / 5)
    assert all(low <= counts[position] <= high for position in range(5))


def test_a_stratified_sample_has_each_stratum_in_proportion_and_none_without_an_item():
    strata = np.array([0] * 90 + [1] * 9 + [2])
    pool = Pool(100, ranked=None, random_share=1, seed=1, strata=strata, sample_size=20)
    drawn = ReviewQueue(pool).draw(1)
    per_stratum = Counter(int(strata[s.position]) for s in drawn)
    # 18, 1.8 and 0.2 of 20 are 18, 1 and 0 whole ones, the last raised to 1: that makes 20
    assert per_stratum == {0: 18, 1: 1, 2: 1}
    for selection in drawn:
        stratum = int(strata[selection.position])
        assert selection.pool_size == (90, 9, 1)[stratum]
        assert selection.probability == per_stratum[stratum] / selection.pool_size
