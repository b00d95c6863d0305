"""How often a model is called better, by the calls that a user makes: seldom where it is not, mostly where it is.

The long form, with the power printed: ``python -m tests.benchmarks.versions``.
"""

import numpy as np
import pytest

from tests.training.sessions import review_in_turn, session_over
from tests.training.two_models import Signals, judged, retrained

VALUES = np.where(np.random.default_rng(0).random(300) < 0.5, "yes", "no")


@pytest.fixture(scope="module", params=["random", "least_confident"])
def session(request):
    with session_over(300, order=request.param) as session:
        review_in_turn(session, VALUES, 240)
        yield session


def looks_better(found):
    """What somebody would say who only counts."""
    return found.wins > found.losses


def test_a_retrained_model_that_is_no_better_is_called_so_in_at_most_one_run_of_twenty(session):
    rng = np.random.default_rng(5)
    found = [retrained(Signals(0.75, 0.75), session, VALUES, rng) for _ in range(20)]
    assert sum(one.conclusion == "better" for one in found) <= 0.05 * len(found)
    assert sum(map(looks_better, found)) > 0.25 * len(found)


def test_a_retrained_model_that_is_better_by_twenty_points_is_mostly_called_so_and_never_worse(session):
    rng = np.random.default_rng(2)
    found = [retrained(Signals(0.7, 0.9), session, VALUES, rng) for _ in range(10)]
    assert sum(one.conclusion == "better" for one in found) >= 0.5 * len(found)
    assert not any(one.conclusion == "worse" for one in found)


def test_a_version_that_is_no_better_is_called_so_in_at_most_one_run_of_twenty():
    rng = np.random.default_rng(3)
    found = [judged(0.0, rng, items=120, reviews=(20, 20)) for _ in range(20)]
    assert sum(one.conclusion == "better" for one in found) <= 0.05 * len(found)
    assert sum(map(looks_better, found)) > 0.25 * len(found)


def test_a_version_that_is_better_by_fifteen_points_is_mostly_called_so_and_never_worse():
    rng = np.random.default_rng(4)
    found = [judged(0.15, rng, items=120, reviews=(20, 30)) for _ in range(6)]
    assert sum(one.conclusion == "better" for one in found) >= 0.5 * len(found)
    assert not any(one.conclusion == "worse" for one in found)
