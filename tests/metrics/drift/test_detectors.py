"""Page-Hinkley and ADWIN against river, and in cases small enough to follow by hand."""

import math

import numpy as np
import pandas as pd
import pytest

from hitl_notebook.errors import BadColumn, UnknownChoice
from hitl_notebook.metrics import adwin, page_hinkley

# Half ones, then seven in eight, then a quarter. What river 0.26.0 (drift.PageHinkley, drift.ADWIN) finds in them was
# read once and is written here: it needs more room than all of this package's tests.
VALUES = [*[0, 1] * 40, *[1, 1, 1, 1, 1, 1, 1, 0] * 15, *[0, 0, 0, 1] * 30]


def places(alarm: pd.Series) -> list[int]:
    return alarm.index[alarm].tolist()


@pytest.mark.parametrize(
    ("options", "in_river"),
    [
        ({"threshold": 5, "tolerance": 0.05}, [93, 206]),
        ({"threshold": 5, "tolerance": 0.05, "learning": 60}, [93, 206]),
        ({"threshold": 8, "tolerance": 0.005, "forgetting": 0.99}, [106, 212]),
    ],
)
def test_page_hinkley_alarms_where_that_of_river_does(options, in_river):
    assert places(page_hinkley(VALUES, **options)["alarm"]) == in_river


def test_page_hinkley_by_hand():
    # Means 1, 1, 1, 2, 13/5: gaps 0, 0, 0, 3, 12/5 less a half each; the sum falls to -3/2, then rises to 1 and 29/10.
    table = page_hinkley([1, 1, 1, 5, 5], threshold=4, tolerance=0.5, learning=1)
    assert table["mean"].tolist() == pytest.approx([1, 1, 1, 2, 2.6])
    assert table["rise"].tolist() == pytest.approx([0, 0, 0, 2.5, 4.4])
    assert places(table["alarm"]) == [4]


def test_page_hinkley_sees_a_fall_as_it_sees_a_rise():
    rising = page_hinkley(VALUES, threshold=5, tolerance=0.05)
    falling = page_hinkley([-value for value in VALUES], threshold=5, tolerance=0.05)
    assert falling["fall"].tolist() == pytest.approx(rising["rise"].tolist())
    assert places(falling["alarm"]) == places(rising["alarm"])


def test_page_hinkley_begins_anew_after_an_alarm():
    whole = page_hinkley(VALUES, threshold=5, tolerance=0.05)
    first = places(whole["alarm"])[0]
    rest = page_hinkley(VALUES[first + 1 :], threshold=5, tolerance=0.05)
    assert whole["rise"].tolist()[first + 1 :] == rest["rise"].tolist()


@pytest.mark.parametrize(
    ("options", "place", "width", "mean"),
    [
        ({}, 249, 106, 0.575472),
        ({"every": 32}, 255, 96, 0.510417),
        ({"delta": 0.05}, 139, 124, 0.685484),
        ({"every": 8, "delta": 0.2}, 127, 96, 0.6875),
    ],
)
def test_the_window_is_first_cut_where_that_of_river_is(options, place, width, mean):
    table = adwin(VALUES, **options)
    assert places(table["alarm"])[0] == place
    assert table["width"][place] == width
    assert table["mean"][place] == pytest.approx(mean, abs=5e-7)


@pytest.mark.parametrize(
    ("options", "first", "second"), [({"delta": 0.05}, 139, 222), ({"every": 8, "delta": 0.2}, 127, 215)]
)
def test_the_second_cut_of_river_is_the_first_of_the_values_after(options, first, second):
    # After an alarm river drops the whole window, where the paper keeps what has not changed.
    rest = adwin(VALUES[first + 1 :], **options)
    assert first + 1 + places(rest["alarm"])[0] == second


def test_the_bound_of_the_window_by_hand():
    # Ten zeros and ten ones, looked at once. Buckets of 4, 4 and 2 values hold the zeros, so one cut is in the middle.
    # The variance is 1/4; each part counts as 10 - 5 + 1 = 6: 1/6 + 1/6 = 1/3.
    table = adwin([0] * 10 + [1] * 10, every=20, delta=0.5)
    assert table["gap"].tolist()[19] == 1
    confidence = math.log(2 * math.log(20) / 0.5)
    assert table["limit"][19] == pytest.approx(math.sqrt(2 / 3 * 1 / 4 * confidence) + 2 / 3 * 1 / 3 * confidence)
    assert table["limit"].isna().sum() == 19
    assert not table["alarm"].any()


def test_the_window_keeps_the_values_that_it_says():
    rng = np.random.default_rng(0)
    values = np.concatenate([rng.random(300) < 0.2, rng.random(300) < 0.8]).astype(float)
    table = adwin(values)
    for row in (10, 299, 330, 599):
        width = int(table["width"][row])
        assert table["mean"][row] == pytest.approx(values[row + 1 - width : row + 1].mean())
    assert 250 <= table["width"].iloc[-1] <= 310
    # One cut at first, and then, as the rest of what is old becomes apparent, some more.
    assert 300 < places(table["alarm"])[0] < 340


def test_the_window_finds_hardly_a_change_where_there_is_none():
    rng = np.random.default_rng(1)
    alarms = [adwin((rng.random(400) < 0.7).astype(float), every=8)["alarm"].any() for _ in range(100)]
    assert np.mean(alarms) <= 0.02


@pytest.mark.parametrize("detector", [page_hinkley, adwin])
def test_missing_values_are_as_if_they_had_not_come(detector):
    gaps = [cell for value in VALUES for cell in (value, None)]
    with_gaps, without = detector(gaps), detector(VALUES)
    assert with_gaps["mean"].tolist()[::2] == without["mean"].tolist()
    assert with_gaps["alarm"].tolist()[::2] == without["alarm"].tolist()
    assert with_gaps["mean"].tolist()[1::2] == with_gaps["mean"].tolist()[::2]
    assert not with_gaps["alarm"][1::2].any()
    assert with_gaps.attrs["note"] == "320 of 640 values missing"


@pytest.mark.parametrize("detector", [page_hinkley, adwin])
def test_values_that_do_not_vary_never_alarm(detector):
    for values in ([], [None], [1.0], [0.5] * 500):
        table = detector(values)
        assert len(table) == len(values)
        assert not table["alarm"].any()
    assert detector([]).attrs["note"] == "no values"


@pytest.mark.parametrize(
    ("detector", "options"),
    [
        *((page_hinkley, {"threshold": 0}), (page_hinkley, {"tolerance": -1}), (page_hinkley, {"learning": 0})),
        *((page_hinkley, {"forgetting": 0}), (adwin, {"delta": 1}), (adwin, {"every": 0}), (adwin, {"shortest": 0})),
    ],
)
def test_an_option_out_of_its_range_is_refused(detector, options):
    with pytest.raises(UnknownChoice, match=next(iter(options))):
        detector([1, 0], **options)


def test_values_beyond_what_the_bound_holds_for_are_refused():
    with pytest.raises(BadColumn, match=r"row 1 has 12: scale"):
        adwin([0.5, 12])
