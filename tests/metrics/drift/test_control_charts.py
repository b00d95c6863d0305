"""EWMA and CUSUM against a textbook's example, and in cases small enough to follow by hand."""

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pytest

from hitl_notebook.errors import BadColumn, UnknownChoice
from hitl_notebook.metrics import cusum_chart, ewma_chart
from hitl_notebook.metrics.drift.ewma import smoothed

# Montgomery, Introduction to Statistical Quality Control, table 9.1: target 10, sigma 1, raised by 1 from the 21st on.
MONTGOMERY = [
    *(9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.2, 10.34, 9.03, 11.47, 10.51, 9.4, 10.08),
    *(9.37, 10.62, 10.31, 8.52, 10.84, 10.9, 9.33, 12.29, 11.5, 10.6, 11.08, 10.38, 11.62, 11.31, 10.52),
]
# Table 9.2, k = 0.5: the two sums. The values are those of the IMSL documentation, the sums checked by arithmetic.
RISE = [
    *(0, 0, 0, 1.16, 2.82, 2.5, 0.04, 1.0, 0, 0, 0, 0.97, 0.98, 0, 0),
    *(0, 0.12, 0, 0, 0.34, 0.74, 0, 1.79, 2.79, 2.89, 3.47, 3.35, 4.47, 5.28, 5.3),
]
FALL = [
    *(0.05, 1.56, 1.77, 0, 0, 0, 1.46, 0, 0.3, 0, 0.47, 0, 0, 0.1, 0),
    *(0.13, 0, 0, 0.98, 0, 0, 0.17, 0, 0, 0, 0, 0, 0, 0, 0),
]


def test_the_cusum_is_that_of_montgomery():
    chart = cusum_chart(MONTGOMERY, target=10, sigma=1, k=0.5, h=5)
    assert chart["rise"].tolist() == pytest.approx(RISE, abs=1e-9)
    assert chart["fall"].tolist() == pytest.approx(FALL, abs=1e-9)
    # He finds it out of control at period 29, with N+ = 7: the shift came between 22 and 23.
    assert chart.index[chart["alarm"]].tolist() == [28, 29]
    assert chart["rise_run"][28] == 7
    assert chart.attrs["in_control_run_length"] == pytest.approx(465, abs=0.5)


def test_the_ewma_is_that_of_montgomery():
    # Smoothing 0.1, limits of 2.7: table 9.10 begins with 9.945 and 9.7495.
    chart = ewma_chart(MONTGOMERY, target=10, sigma=1, smoothing=0.1, width=2.7)
    assert chart["ewma"].tolist()[:3] == pytest.approx([9.945, 9.7495, 9.70355], abs=1e-9)
    half = chart["upper_limit"] - 10
    assert half.tolist()[:3] == pytest.approx([0.27, 0.36324784927, 0.42400317216], abs=1e-9)
    assert (chart["ewma"][28], half[28]) == pytest.approx((10.646823454576364, 0.618735), abs=1e-6)
    # By that arithmetic it is outside from the 29th on: at the 28th it is 10.573, within 10.618.
    assert chart.index[chart["alarm"]].tolist() == [28, 29]


def test_the_ewma_by_hand():
    # 10; half of 12 and half of that: 11; half of 14 and half of that: 12.5. Its variance: 1/4, 5/16, 21/64.
    chart = ewma_chart([10, 12, 14], target=10, sigma=1, smoothing=0.5, width=2)
    assert chart["ewma"].tolist() == [10, 11, 12.5]
    limits = [10 + 2 * math.sqrt(variance) for variance in (1 / 4, 5 / 16, 21 / 64)]
    assert chart["upper_limit"].tolist() == pytest.approx(limits)
    assert (chart["upper_limit"] - 10).tolist() == pytest.approx((10 - chart["lower_limit"]).tolist())
    assert chart["alarm"].tolist() == [False, False, True]


@pytest.mark.parametrize("smoothing", [0.001, 0.05, 0.5, 0.99, 1.0])
def test_the_average_is_that_of_pandas(smoothing):
    values = np.random.default_rng(0).normal(size=1_000)
    peer = pd.Series([3.0, *values]).ewm(alpha=smoothing, adjust=False).mean()
    assert smoothed(values, 3.0, smoothing) == pytest.approx(peer[1:], abs=1e-12)


@pytest.mark.parametrize("smoothing", [0.01, 0.05, 0.4, 0.999, 1])
def test_at_some_places_the_average_is_what_it_is_there(smoothing):
    values = np.random.default_rng(0).normal(size=1_000)
    places = np.array([0, 1, 62, 63, 64, 65, 500, 999])
    everywhere = smoothed(values, 2.0, smoothing)
    assert smoothed(values, 2.0, smoothing, places) == pytest.approx(everywhere[places], rel=1e-12)


def test_the_charts_see_a_fall_as_they_see_a_rise():
    mirrored = [20 - value for value in MONTGOMERY]
    rising, falling = (cusum_chart(values, target=10, sigma=1, h=5) for values in (MONTGOMERY, mirrored))
    assert falling["fall"].tolist() == pytest.approx(rising["rise"].tolist(), abs=1e-9)
    assert falling["alarm"].equals(rising["alarm"])
    upside_down = ewma_chart(mirrored, target=10, sigma=1, smoothing=0.1)
    assert upside_down["alarm"].equals(ewma_chart(MONTGOMERY, target=10, sigma=1, smoothing=0.1)["alarm"])


def test_the_cusum_is_counted_in_sigmas():
    one = cusum_chart(MONTGOMERY, target=10, sigma=1, h=5)
    ten = cusum_chart([10 * value for value in MONTGOMERY], target=100, sigma=10, h=5)
    assert ten["rise"].tolist() == pytest.approx(one["rise"].tolist(), abs=1e-9)


def exact_sums(steps: list[Fraction]) -> tuple[list[Fraction], list[int]]:
    """The sum as it is defined, without rounding, and for how many values it has been above zero."""
    sums, runs = [Fraction(0)], [0]
    for step in steps:
        sums.append(max(Fraction(0), sums[-1] + step))
        runs.append(runs[-1] + 1 if sums[-1] else 0)
    return sums[1:], runs[1:]


def test_a_sum_that_returns_to_zero_is_zero():
    # Less 0.5 each: -0.4, -0.6, 0.1, -0.4, -1, -0.1, 0.8, 0.4, -1.2. The last three come to 0.
    last = cusum_chart([0.1, -0.1, 0.6, 0.1, -0.5, 0.4, 1.3, 0.9, -0.7], target=0, sigma=1, k=0.5, h=4).iloc[-1]
    assert (last["rise"], last["rise_run"]) == (0, 0)


@pytest.mark.parametrize("target", ["0", "10", "-0.3", "1000.1"])
@pytest.mark.parametrize(("sigma", "k"), [("1", "0.5"), ("0.1", "0.5"), ("0.3", "1"), ("7", "0.1")])
def test_the_cusum_of_decimals_is_that_of_exact_fractions(target, sigma, k):
    rng = np.random.default_rng(11)
    tenths = rng.integers(-15, 16, size=3_000) * max(round(float(sigma)), 1)
    exact = [Fraction(target) + Fraction(int(tenth), 10) for tenth in tenths]
    off = [(value - Fraction(target)) / Fraction(sigma) for value in exact]
    chart = cusum_chart([float(value) for value in exact], target=float(target), sigma=float(sigma), k=float(k), h=4)
    for name, sign in (("rise", 1), ("fall", -1)):
        sums, runs = exact_sums([sign * each - Fraction(k) for each in off])
        assert chart[f"{name}_run"].tolist() == runs
        assert chart[name].tolist() == pytest.approx([float(each) for each in sums], rel=1e-9, abs=1e-12)
        # Otherwise there would be nothing to be seen: sums that end just at zero.
        ends = [before + sign * each == Fraction(k) for before, each in zip(sums, off[1:], strict=False) if before]
        assert sum(ends) >= 3


def test_what_is_above_zero_by_more_than_rounding_is_counted():
    # 1e-9 over the 0.5 that is taken off, at each of three.
    chart = cusum_chart([0.5 + 1e-9] * 3, target=0, sigma=1, k=0.5, h=4)
    assert chart["rise_run"].tolist() == [1, 2, 3]
    assert chart["rise"].tolist() == pytest.approx([1e-9, 2e-9, 3e-9], rel=1e-6)


def test_target_and_sigma_come_from_the_values_where_they_are_not_given():
    # The mean is 10 / 4; the gaps are 2, 2 and 4, on average 8/3, over 1.128.
    chart = ewma_chart([1, 3, 5, 1], smoothing=1, width=1)
    assert chart["centre"].tolist() == [2.5] * 4
    assert chart["upper_limit"][0] - 2.5 == pytest.approx((2 + 2 + 4) / 3 * math.sqrt(math.pi) / 2)
    assert chart.attrs["note"] == "target is the mean of these values; sigma is from the gaps between neighbours"


def test_a_change_of_level_hardly_widens_the_limits():
    rng = np.random.default_rng(1)
    steady = rng.normal(size=400)
    changed = steady + np.where(np.arange(400) < 200, 0, 4)
    widths = [
        (chart["upper_limit"] - chart["lower_limit"]).iloc[-1] for chart in (ewma_chart(steady), ewma_chart(changed))
    ]
    assert widths[1] == pytest.approx(widths[0], rel=0.02)
    assert changed.std() > 2 * steady.std()


@pytest.mark.parametrize("column", [[1, None, 3], pd.Series([1, pd.NA, 3], dtype="Int64"), pl.Series([1, None, 3])])
def test_a_missing_value_leaves_the_statistics_as_they_were(column):
    ewma = ewma_chart(column, target=0, sigma=1, smoothing=0.5, width=0.1)
    assert ewma["ewma"].tolist() == [0.5, 0.5, 1.75]
    assert ewma["upper_limit"][1] == ewma["upper_limit"][0]
    assert ewma["alarm"].tolist() == [True, False, True]
    cusum = cusum_chart(column, target=0, sigma=1, k=0.5, h=2)
    assert cusum["rise"].tolist() == [0.5, 0.5, 3.0]
    assert cusum["rise_run"].tolist() == [1, 1, 2]
    assert cusum["alarm"].tolist() == [False, False, True]
    assert "1 of 3 values missing" in cusum.attrs["note"]


@pytest.mark.parametrize("chart", [ewma_chart, cusum_chart])
def test_what_has_no_spread_has_no_limits_and_says_so(chart):
    for values, note in (([5, 5, 5], "do not vary"), ([5], "one value has no spread"), ([], "no values")):
        table = chart(values)
        assert len(table) == len(values)
        assert not table["alarm"].any()
        assert note in table.attrs["note"]
    assert chart([None, None]).attrs["note"] == "2 of 2 values missing; no values"
    assert math.isnan(ewma_chart([5, 5])["upper_limit"][0]) and math.isnan(cusum_chart([5, 5])["rise"][0])


@pytest.mark.parametrize("chart", [ewma_chart, cusum_chart])
def test_a_first_value_that_is_missing_starts_at_the_target(chart):
    table = chart([None, 1.0], target=0, sigma=1)
    assert table.iloc[0, 1] == 0
    assert not table["alarm"][0]


@pytest.mark.parametrize("chart", [ewma_chart, cusum_chart])
@pytest.mark.parametrize("options", [{"sigma": 0}, {"sigma": -1}, {"target": math.inf}, {"sigma": math.nan}])
def test_a_target_or_sigma_that_is_none_is_refused(chart, options):
    with pytest.raises(UnknownChoice, match=next(iter(options))):
        chart([1, 2], **options)


@pytest.mark.parametrize(
    ("chart", "options"),
    [
        *((ewma_chart, {"smoothing": 0.001}), (ewma_chart, {"smoothing": 1.1}), (ewma_chart, {"width": 0})),
        *((cusum_chart, {"k": -0.5}), (cusum_chart, {"h": 0}), (cusum_chart, {"h": math.nan})),
    ],
)
def test_an_option_out_of_its_range_is_refused(chart, options):
    with pytest.raises(UnknownChoice, match=next(iter(options))):
        chart([1, 2], **options)


@pytest.mark.parametrize("chart", [ewma_chart, cusum_chart])
@pytest.mark.parametrize("values", [["a"], [1, math.inf]])
def test_values_that_are_none_are_refused(chart, values):
    with pytest.raises(BadColumn, match="values"):
        chart(values)
