"""Seconds per item in windows, by hand and against numpy and the binomial distribution."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from hitl_notebook.errors import BadColumn, UnknownChoice
from hitl_notebook.metrics import time_per_item


def decided(seconds: list[float | None], reviewer: str | list[str] = "ada") -> pd.DataFrame:
    return pd.DataFrame({"reviewer": reviewer, "seconds": pd.Series(seconds, dtype=float)})


def test_medians_and_quartiles_are_numpys_over_the_last_window():
    seconds = np.random.default_rng(2).lognormal(1, 1, 90)
    table = time_per_item(decided(seconds.tolist()), window=20)
    assert table["decision"].tolist() == list(range(1, 91))
    for row in table.itertuples():
        window = seconds[max(row.decision - 20, 0) : row.decision]
        assert [row.lower_quartile, row.median, row.upper_quartile] == pytest.approx(
            np.quantile(window, [0.25, 0.5, 0.75])
        )
        assert row.n == len(window)


def test_the_interval_lies_between_two_times_so_far_apart_that_the_median_seldom_escapes():
    # Of 8 times, 1 and 8 enclose the median unless all are on one side of it: 2 / 2^8 = 0.8 %; 2 and 7 miss it in 7 %.
    row = time_per_item(decided([8.0, 1, 7, 2, 6, 3, 5, 4]), window=8).iloc[-1]
    assert (row["low"], row["high"]) == (1, 8)


@pytest.mark.parametrize("n", [6, 20, 50])
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_the_interval_is_the_narrowest_of_its_kind(n, level):
    row = time_per_item(decided(list(range(1, n + 1))), window=n, level=level).iloc[-1]
    below = int(row["low"])
    assert row["high"] == n + 1 - below
    assert 2 * binom.cdf(below - 1, n, 0.5) <= 1 - level < 2 * binom.cdf(below, n, 0.5)


def test_five_times_are_too_few_for_an_interval():
    table = time_per_item(decided([1.0, 2, 3, 4, 5, 6]))
    assert table["low"].isna().tolist() == [True] * 5 + [False]
    assert table["median"].tolist() == [1, 1.5, 2, 2.5, 3, 3.5]


def test_windows_that_are_too_short_for_an_interval_have_none():
    table = time_per_item(decided([1.0, 2, 3, 4, 5, 6]), window=5)
    assert table["low"].isna().all()
    assert table["high"].isna().all()
    assert table["median"].tolist() == [1, 1.5, 2, 2.5, 3, 4]


def test_the_interval_holds_what_it_promises():
    seconds = np.random.default_rng(6).lognormal(1, 1, 30 * 1_000)
    table = time_per_item(decided(seconds.tolist(), [f"reviewer {row // 30}" for row in range(30 * 1_000)]))
    assert len(table) == 1_000
    held = ((table["low"] <= math.e) & (math.e <= table["high"])).mean()
    # 95.7 % by the binomial distribution
    assert 0.94 <= held <= 0.975


def test_reviewers_are_windowed_each_by_themselves():
    table = time_per_item(decided([1.0, 10, 3, 20], ["ada", "bo", "ada", "bo"]))
    assert table[["reviewer", "decision", "median"]].to_numpy().tolist() == [
        ["ada", 1, 1], ["ada", 2, 2], ["bo", 1, 10], ["bo", 2, 15],
    ]  # fmt: skip


def test_decisions_without_a_time_are_counted_and_not_timed():
    table = time_per_item(decided([None, 4.0, None, 6.0]))
    assert table[["decision", "median", "n"]].to_numpy().tolist() == [[2, 4, 1], [4, 5, 2]]


@pytest.mark.parametrize("seconds", [[], [None, None]])
def test_nothing_timed_yet_is_a_table_without_rows(seconds):
    table = time_per_item(decided(seconds))
    assert list(table) == ["reviewer", "decision", "median", "low", "high", "lower_quartile", "upper_quartile", "n"]
    assert len(table) == 0


def test_of_many_decisions_a_few_hundred_windows_are_shown():
    table = time_per_item(decided([1.0] * 4_003, ["ada", "bo"] * 2_001 + ["ada"]), points=100)
    of_ada = table[table["reviewer"] == "ada"]["decision"]
    # at most 50 of 2,002: one every 50, and the end
    assert of_ada.tolist() == [*range(50, 2_001, 50), 2_002]


def test_what_is_no_time_and_no_window_is_refused():
    for window in (0, 2.5, True, "1h", None):
        with pytest.raises(UnknownChoice, match=f"window={window!r}: a number of decisions, 1 or more"):
            time_per_item(decided([1.0]), window=window)
    for window in (2, np.int64(2), np.uint64(2)):
        assert time_per_item(decided([1.0, 2, 6]), window=window)["median"].tolist() == [1, 1.5, 4]
    with pytest.raises(BadColumn, match="seconds"):
        time_per_item(pd.DataFrame({"reviewer": ["ada"], "seconds": ["long"]}))


def test_durations_are_read_in_seconds_and_times_of_day_are_none():
    durations = pd.DataFrame({"reviewer": "ada", "seconds": pd.to_timedelta([1.5, None, 3], unit="s")})
    assert time_per_item(durations)["median"].tolist() == [1.5, 2.25]
    with pytest.raises(BadColumn, match="seconds is a column of numbers, not of datetime64"):
        time_per_item(durations.assign(seconds=pd.Timestamp("2026-11-21")))


def test_an_endless_time_is_no_time():
    table = time_per_item(decided([4.0, math.inf, 6.0]))
    assert table[["decision", "median", "n"]].to_numpy().tolist() == [[1, 4, 1], [3, 5, 2]]


def test_reviewers_that_cannot_be_told_apart_are_refused():
    rows = pd.DataFrame({"reviewer": [["ada"], "bo"], "seconds": [1.0, 2.0]})
    with pytest.raises(BadColumn, match="reviewer is a column of names"):
        time_per_item(rows)
