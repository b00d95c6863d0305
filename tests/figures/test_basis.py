"""What figures over reviewed items may speak of, by how the items came to be asked."""

import numpy as np
import pandas as pd
import pytest

from hitl_notebook.figures.basis import basis_of


def drawn(*rows):
    """Items as (chosen_by, selection_probability, pool_size)."""
    frame = pd.DataFrame(rows, columns=["chosen_by", "selection_probability", "pool_size"])
    return frame.assign(item_id=range(len(frame)))


def basis(items, *, population=10, asked=10, is_in_random_order=False):
    return basis_of(items, population=population, asked=asked, is_in_random_order=is_in_random_order)


def test_where_every_item_was_reviewed_it_does_not_matter_how_they_were_chosen():
    found = basis(drawn(("order", 1.0, 2), ("hand", None, None)), population=2)
    assert found.weight.tolist() == [1, 1]
    assert found.words == "every item reviewed"


def test_draws_at_random_are_a_random_sample():
    found = basis(drawn(("random", 1 / 10, 10), ("random", 1 / 9, 9), ("random", 1 / 8, 8)))
    assert found.weight.tolist() == [1, 1, 1]
    assert found.words == "a random sample of 10 items"


def test_of_an_unknown_population_the_size_is_not_said():
    assert basis(drawn(("random", 1 / 10, 10)), population=None, asked=None).words == "a random sample"


def test_a_queue_by_score_with_a_share_at_random_weighs_by_probability():
    # a share of 0.4 at random: the top item has 0.6 + 0.4 / 10, another one 0.4 / 9
    found = basis(drawn(("order", 0.64, 10), ("random", 0.4 / 9, 9)))
    assert found.weight[1] > found.weight[0] > 0
    assert found.words.startswith("weighted by how likely each was to be asked")


@pytest.mark.parametrize(
    ("probability", "why"), [(1.0, "the queue left the others no chance"), (0.9, "none was drawn at random yet")]
)
def test_what_the_order_took_speaks_of_the_reviewed_ones_only_before_a_draw_at_random(probability, why):
    for count in (1, 2):
        found = basis(drawn(("order", probability, 10), ("order", probability, 9))[:count])
        assert found.weight is None
        assert found.words == f"the reviewed items only, since {why}"


def test_what_the_order_took_since_the_last_draw_at_random_is_not_counted_yet():
    found = basis(drawn(("order", 0.9, 10), ("random", 0.1, 9), ("order", 0.9, 8)))
    assert found.weight.tolist() == pytest.approx([0.3, 2.7, 0])  # the first as likely as the second draw took it: 1/9
    assert found.words.endswith(", 1 asked by score since the last draw at random not yet counted")


def test_the_last_item_of_a_pool_is_no_choice():
    assert basis(drawn(("random", 1 / 2, 2), ("order", 1.0, 1))).weight is not None


def test_a_sample_speaks_of_all_once_it_is_done():
    half = drawn(("sample", 0.3, 10), ("sample", 0.3, 10))
    assert basis(half, asked=3).weight is None
    assert basis(half, asked=3).words.startswith("the reviewed items only, since the sample is not done")
    assert basis(half, asked=2).words == "a random sample of 10 items"
    assert basis(half, asked=2).weight.tolist() == [1, 1]


def test_of_a_session_opened_to_be_read_a_sample_is_done_when_its_probabilities_say_so():
    half = drawn(("sample", 1 / 5, 10), ("sample", 1 / 5, 10))
    assert basis(half, asked=None).words == "a random sample of 10 items"
    assert basis(half[:1], asked=None).weight is None
    assert basis(half, asked=None, population=None).weight is None


def test_each_of_several_samples_has_to_be_done():
    # half of each of two samples of 4 out of 10: together their probabilities would make up for one that is done
    halves = drawn(*[("sample", 0.4, 10)] * 4)
    assert basis(halves.assign(plan_version="p1"), asked=9).weight is not None
    for versions in (["p1", "p1", "p2", "p2"], ["p1", "p1", None, None]):
        assert basis(halves.assign(plan_version=versions), asked=9).words.endswith("not asked in random order")


def test_part_of_a_sample_in_random_order_is_a_sample():
    assert basis(drawn(("sample", 0.3, 10)), asked=3, is_in_random_order=True).words == "a random sample of 10 items"


def test_strata_drawn_at_other_rates_weigh_by_their_rates():
    # one of two and one of eight: 2 and 8 items stand behind them
    found = basis(drawn(("sample", 1 / 2, 2), ("sample", 1 / 8, 8)), asked=2)
    assert np.isclose(found.weight[1] / found.weight[0], 4)


def test_items_chosen_by_hand_stand_for_nothing_but_themselves():
    found = basis(drawn(("random", 1 / 10, 10), ("hand", None, None), ("random", 1 / 8, 8)))
    assert found.weight.tolist() == [1, 0, 1]
    assert found.words.endswith(", 1 chosen by hand left out")
    assert basis(drawn(("hand", None, None))).weight is None
    assert "by hand" in basis(drawn(("hand", None, None))).words


def test_nothing_reviewed_is_no_basis():
    assert basis(drawn()) == (None, "no item yet")
