"""The garbage collector rests while many objects are made that stay, and is as it was afterwards."""

import gc

import pytest

from hitl_notebook.collector import collector_at_rest


@pytest.fixture(autouse=True)
def at_work():
    gc.collect()
    yield
    gc.unfreeze()
    gc.enable()


def test_it_rests_meanwhile_and_works_again_also_after_an_error():
    with pytest.raises(ZeroDivisionError), collector_at_rest():
        assert not gc.isenabled()
        1 / 0  # noqa: B018
    assert gc.isenabled()


def test_one_that_does_not_work_is_left_so():
    gc.disable()
    with collector_at_rest(), collector_at_rest():
        pass
    assert not gc.isenabled()


def test_many_objects_are_old_at_once_and_garbage_among_them_is_found_like_any_other():
    class Cycle:
        found = 0

        def __init__(self):
            self.itself = self

        def __del__(self):
            Cycle.found += 1

    with collector_at_rest():
        kept = [[number] for number in range(20_000)]
        Cycle()
    assert len(kept) == 20_000
    assert any(one is kept[7] for one in gc.get_objects(generation=2))
    assert gc.get_freeze_count() == 0
    gc.collect()
    assert Cycle.found == 1


def test_what_somebody_else_has_frozen_stays_so():
    gc.freeze()
    frozen = gc.get_freeze_count()
    with collector_at_rest():
        kept = [[number] for number in range(20_000)]
    assert len(kept) == 20_000
    assert gc.get_freeze_count() >= frozen - 1_000  # some of it goes as any object goes
