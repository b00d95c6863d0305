"""The 95 % intervals hold the coefficient of the whole as often as they say: reviewers of known skill, drawn anew."""

import numpy as np
import pytest

from hitl_notebook.metrics import cohen_kappa, conger_kappa, fleiss_kappa, gwet_ac1, krippendorff_alpha

PREVALENCE = np.array([0.5, 0.3, 0.2])
RIGHT = np.full((3, 3), 0.1) + 0.7 * np.eye(3)  # what a reviewer says of an item of each kind
ITEMS = 100
SEED = 11


def ratings(rng: np.random.Generator, reviewers: int, gaps: float) -> np.ndarray:
    truth = rng.choice(3, size=ITEMS, p=PREVALENCE)
    said = (rng.random((ITEMS, reviewers, 1)) > np.cumsum(RIGHT, axis=1)[truth][:, None, :]).sum(axis=2)
    drawn = np.where(rng.random(said.shape) < gaps, np.nan, said)
    return drawn[(~np.isnan(drawn)).sum(axis=1) > 1]


# Two reviewers agree on an item of a kind where both say the same; each says a category as often as any other does.
AGREE = float(PREVALENCE @ np.square(RIGHT).sum(axis=1))
SHARES = PREVALENCE @ RIGHT
KAPPA = 1 - (1 - AGREE) / (1 - float(SHARES @ SHARES))
AC1 = 1 - (1 - AGREE) / (1 - float(SHARES @ (1 - SHARES)) / 2)


def coverage(statistic, reviewers: int, gaps: float, truth: float, drawn: int) -> float:
    rng = np.random.default_rng(SEED)
    estimates = (statistic(ratings(rng, reviewers, gaps)) for _ in range(drawn))
    return float(np.mean([estimate.low <= truth <= estimate.high for estimate in estimates]))


@pytest.mark.parametrize("drawn", [1_000, pytest.param(10_000, marks=pytest.mark.campaign)], ids=["short", "campaign"])
@pytest.mark.parametrize(
    ("statistic", "reviewers", "gaps", "truth"),
    [
        pytest.param(lambda table: cohen_kappa(*table.T), 2, 0.0, KAPPA, id="cohen"),
        pytest.param(fleiss_kappa, 3, 0.0, KAPPA, id="fleiss"),
        pytest.param(conger_kappa, 3, 0.2, KAPPA, id="conger with gaps"),
        pytest.param(krippendorff_alpha, 3, 0.2, KAPPA, id="alpha with gaps"),
        pytest.param(lambda table: gwet_ac1(table, categories=[0, 1, 2]), 3, 0.2, AC1, id="ac1 with gaps"),
    ],
)
def test_intervals_cover_what_they_promise(statistic, reviewers, gaps, truth, drawn):
    assert 0.92 <= coverage(statistic, reviewers, gaps, truth, drawn) <= 0.98


def test_an_interval_of_half_the_width_is_found_out():
    # 68 % in place of 95 %: what the test above is able to see.
    assert coverage(lambda table: fleiss_kappa(table, level=0.68), 3, 0.0, KAPPA, 300) < 0.8
