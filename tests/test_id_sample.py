from base64 import b64decode

import pytest

from hitl_notebook.session.id_sample import SAMPLED, id_sample, sample_meets

SALT = "0123456789abcdef0123456789abcdef"


def ids(first, end):
    return [f"ticket {number}" for number in range(first, end)]


@pytest.mark.parametrize("count", [0, 1, SAMPLED - 1, SAMPLED])
def test_of_few_ids_all_are_kept(count):
    sample = id_sample(ids(0, count), SALT)
    assert len(b64decode(sample)) == 8 * count
    assert all(sample_meets(sample, [key], SALT) for key in ids(0, count)[:50])
    assert not sample_meets(sample, ids(count, count + 10_000), SALT)


def test_of_many_ids_the_sample_stays_small_and_meets_a_small_part_of_them():
    sample = id_sample(ids(0, 100_000), SALT)
    assert len(sample) < 44_000
    # Each part is one in 100 of the ids: that a random sample of 4,096 meets none of it has a chance of 0.99 ** 4096.
    assert all(sample_meets(sample, ids(start, start + 1_000), SALT) for start in range(0, 100_000, 1_000))
    assert not sample_meets(sample, ids(100_000, 300_000), SALT)


def test_the_order_of_the_frame_changes_nothing():
    assert id_sample(ids(0, 10_000), SALT) == id_sample(ids(0, 10_000)[::-1], SALT)


def test_without_the_salt_the_sample_says_nothing_of_an_id():
    assert not sample_meets(id_sample(ids(0, 100), SALT), ids(0, 100), SALT[::-1])
