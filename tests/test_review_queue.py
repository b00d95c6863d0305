"""The queue draws every item once, by a rule whose probabilities are those it records."""

from collections import Counter

import numpy as np
import pytest
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


ITEMS = np.arange(100, 130, dtype=np.uint64)  # as their ids are hashed
CHANGES = {
    "grown": (ITEMS[:20], ITEMS[:24]),
    "shrunk": (ITEMS[:20], ITEMS[:19]),
    "exchanged": (ITEMS[:20], ITEMS[3:23]),
    "sorted otherwise": (ITEMS[:20], ITEMS[3:23][::-1]),
}
SEEDS = 600


def pool_of(ids, seed, random_share=1.0, **sample):
    return Pool(len(ids), ranked=np.argsort(ids), random_share=random_share, seed=seed, ids=ids, **sample)


def shuffled_by_size(pool):
    """As the order would be if the seed alone decided it."""
    pool.shuffled = np.random.default_rng([pool.seed, 0]).permutation(pool.size)
    return pool


def is_within(count, probability, runs=SEEDS):
    low, high = binom.interval(0.9999, runs, probability)
    return low <= count <= high


def drawn_after(change, made, random_share, seed):
    """Ids: the first draw of the changed pool after sixteen of the first, what was left, and what might be told."""
    before, after = CHANGES[change]
    pool = made(pool_of(before, seed, random_share))
    at = positions(ReviewQueue(pool).draw(16))
    queue, place = ReviewQueue(made(pool_of(after, seed, random_share))), {id_: at for at, id_ in enumerate(after)}
    for id_ in before[at]:
        if id_ in place:
            queue.restore(place[id_], "random")
        else:
            queue.pass_over()
    left = set(after) - set(before[at])
    (selection,) = queue.draw(1)
    guesses = {
        "new": left - set(before),
        "the next of the order before": {next(id_ for id_ in before[pool.shuffled] if id_ in left)},
        "in the first one's place": {after[pool.shuffled[0]]} if pool.shuffled[0] < len(after) else set(),
    }
    return after[selection.position], selection.probability, left, guesses


def is_as_often_as_recorded(change, made, random_share):
    """Whether what one might guess comes as often as the probabilities say that it does."""
    found, expected = Counter(), Counter()
    for seed in range(SEEDS):
        first, probability, left, guesses = drawn_after(change, made, random_share, seed)
        by_score = min(left)
        by_chance = random_share / len(left)
        assert probability == pytest.approx(by_chance + (1 - random_share) * (first == by_score))
        others = left - {by_score} if random_share < 1 else left
        for name, guessed in guesses.items():
            found[name] += first in guessed & others
            expected[name] += len(guessed & others) * by_chance
    return {name: is_within(found[name], expected[name] / SEEDS) for name in expected if expected[name]}


@pytest.mark.parametrize("random_share", [1.0, 0.4])
@pytest.mark.parametrize("change", CHANGES)
def test_once_items_come_or_go_each_draw_has_the_probability_that_is_recorded(change, random_share):
    assert set(is_as_often_as_recorded(change, lambda pool: pool, random_share).values()) == {True}


@pytest.mark.parametrize("change", CHANGES)
def test_an_order_that_the_seed_alone_decides_would_not_have_them(change):
    assert False in is_as_often_as_recorded(change, shuffled_by_size, 1.0).values()


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("has_strata", [False, True])
def test_a_sample_of_other_items_says_nothing_of_the_one_before(change, has_strata):
    chances, drawn, in_both = [{}, {}], [Counter(), Counter()], Counter()
    for seed in range(SEEDS):
        samples = []
        for number, ids in enumerate(CHANGES[change]):
            strata = (ids % 2).astype(np.intp) if has_strata else None
            sample = pool_of(ids, seed, strata=strata, sample_size=10).sample
            samples.append({ids[selection.position] for selection in sample})
            drawn[number].update(samples[-1])
            chances[number] |= {ids[selection.position]: selection.probability for selection in sample}
        in_both.update(samples[0] & samples[1])
    for id_ in set(CHANGES[change][0]) & set(CHANGES[change][1]):
        one, other = (chance[id_] for chance in chances)
        assert is_within(drawn[0][id_], one)
        assert is_within(drawn[1][id_], other)
        assert is_within(in_both[id_], one * other)


def test_what_another_version_changed_is_drawn_without_regard_to_what_the_one_before_did():
    new = 0
    for seed in range(SEEDS):
        pool = pool_of(ITEMS, seed)
        first = ReviewQueue(pool.only_changed(range(10)))
        queue = ReviewQueue(pool.only_changed(range(20)))
        for selection in first.draw(8):
            queue.restore(selection.position, "changed", "decided")
        (drawn,) = queue.draw(1)
        new += drawn.position >= 10
    assert is_within(new, 10 / 12)


def test_a_queue_after_a_sample_by_strata_draws_evenly_from_what_is_left():
    # Of 3 and 27 items 2 and 14 are drawn, to have at least one of each: 1 and 13 are left, 1 of 14 in the small one.
    of_small = 0
    for seed in range(SEEDS):
        strata = np.array([0] * 3 + [1] * 27)
        pool = Pool(30, ranked=None, random_share=1, seed=seed, strata=strata, sample_size=16)
        assert sum(selection.position < 3 for selection in pool.sample) == 2
        queue = ReviewQueue(Pool(30, ranked=None, random_share=1, seed=seed))
        for selection in pool.sample:
            queue.restore(selection.position, "sample", "decided")
        (drawn,) = queue.draw(1)
        of_small += drawn.position < 3
    assert is_within(of_small, 1 / 14)


def test_the_order_is_the_same_for_the_same_items_however_the_frame_is_sorted():
    one = pool_of(ITEMS, 7, sample_size=9)
    other = pool_of(ITEMS[::-1], 7, sample_size=9)
    assert ITEMS[one.shuffled].tolist() == ITEMS[::-1][other.shuffled].tolist()
    assert ITEMS[positions(one.sample)].tolist() == ITEMS[::-1][positions(other.sample)].tolist()
    assert pool_of(ITEMS, 8).shuffled.tolist() != one.shuffled.tolist()


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
