"""Agreement at moments of the review: what the coefficients give on the decisions until then."""

import math

import numpy as np
import pandas as pd
import pytest

from hitl_notebook.errors import BadColumn, UnknownChoice
from hitl_notebook.metrics import (
    agreement_over_time,
    brennan_prediger,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
    masi_distance,
    percent_agreement,
    ratings,
)

ALL = {
    "percent_agreement": percent_agreement,
    "fleiss_kappa": fleiss_kappa,
    "krippendorff_alpha": krippendorff_alpha,
    "gwet_ac1": gwet_ac1,
    "brennan_prediger": brennan_prediger,
}
LABELS = ["a", "b", "c"]


def reviewed(items: int, reviewers: int, flagged: float = 0.1) -> pd.DataFrame:
    """Reviewers who meet the same items, each in an order of their own, and are right in 7 of 10."""
    rng = np.random.default_rng(4)
    truth = rng.integers(3, size=items)
    rows = rng.permutation([(item, reviewer) for item in range(items) for reviewer in range(reviewers)])
    said = np.where(rng.random(len(rows)) < 0.7, truth[rows[:, 0]], rng.integers(3, size=len(rows)))
    value = pd.Series([LABELS[code] for code in said], dtype=object).mask(rng.random(len(rows)) < flagged)
    return pd.DataFrame(
        {
            "item_id": rows[:, 0],
            "reviewer": [f"r{reviewer}" for reviewer in rows[:, 1]],
            "value": value,
            "recorded_at": pd.date_range("2026-11-21", periods=len(rows), freq="min", tz="UTC"),
        }
    )


@pytest.mark.parametrize(("reviewers", "level_of_measurement"), [(3, "nominal"), (3, "ordinal")])
def test_each_moment_has_the_coefficients_of_the_decisions_until_then(reviewers, level_of_measurement):
    decisions = reviewed(40, reviewers)
    table = agreement_over_time(
        decisions, coefficients=list(ALL), categories=LABELS, level_of_measurement=level_of_measurement, points=8
    )
    assert table["at"].iloc[-1] == decisions["recorded_at"][decisions["value"].notna()].iloc[-1]
    for row in table.itertuples():
        until = ratings(decisions[decisions["recorded_at"] <= row.at]).dropna(how="all")
        of = ALL[row.coefficient]
        options = {"level_of_measurement": level_of_measurement} if row.coefficient == "krippendorff_alpha" else {}
        expected = of(until, categories=LABELS, **options)
        assert [row.value, row.low, row.high] == pytest.approx([expected.value, expected.low, expected.high])
        assert row.n == row.items == expected.n
        assert row.note == expected.note


def test_bo_agrees_at_first_and_then_does_not():
    # ada says ham of 1 and 2; bo says ham of 1: 1 of 1 agree; bo says spam of 2: 1 of 2
    decisions = pd.DataFrame(
        {"item_id": [1, 2, 1, 2], "value": ["ham", "ham", "ham", "spam"], "recorded_at": [10, 20, 30, 40]}
    )
    table = agreement_over_time(decisions, coefficients=["percent_agreement"])
    assert table["at"].tolist() == [10, 20, 30, 40]
    assert table["items"].tolist() == [0, 0, 1, 2]
    assert table["value"].tolist() == pytest.approx([math.nan, math.nan, 1, 0.5], nan_ok=True)


def test_one_reviewer_agrees_with_nobody():
    table = agreement_over_time(reviewed(30, 1))
    assert table["value"].isna().all()
    assert (table["items"] == 0).all()


def test_one_category_has_a_share_of_agreement_and_no_coefficient():
    decisions = reviewed(10, 2, flagged=0).assign(value="ham")
    last = agreement_over_time(decisions).groupby("coefficient").last()
    assert last.loc["percent_agreement", "value"] == 1
    assert last.loc[["krippendorff_alpha", "gwet_ac1"], "value"].isna().all()
    assert last.loc[["krippendorff_alpha", "gwet_ac1"], "note"].str.startswith("there is one category only").all()


def test_flags_say_nothing_about_agreement():
    decisions = reviewed(30, 3, flagged=0.4)
    with_flags, without = agreement_over_time(decisions), agreement_over_time(decisions.dropna(subset="value"))
    pd.testing.assert_frame_equal(with_flags, without)


@pytest.mark.parametrize("value", [[], [None, None]])
def test_nothing_decided_yet_is_a_table_without_rows(value):
    decisions = pd.DataFrame({"item_id": range(len(value)), "value": value, "recorded_at": range(len(value))})
    table = agreement_over_time(decisions)
    assert list(table) == ["decisions", "items", "at", "coefficient", "value", "low", "high", "n", "note"]
    assert len(table) == 0


def test_moments_stay_where_they_are_as_decisions_come_in():
    decisions = reviewed(100, 3, flagged=0)
    earlier, later = (agreement_over_time(decisions.iloc[:count], points=10) for count in (230, 260))
    # every 50 of 230 and of 260, and the end of each
    assert earlier["at"].nunique() == 5
    assert set(earlier["at"].iloc[:-3]) <= set(later["at"])


def test_sets_of_labels_have_an_alpha_of_their_own():
    decisions = reviewed(30, 3).assign(value=lambda rows: rows["value"].map({"a": ("x",), "b": ("x", "y"), "c": ()}))
    last = agreement_over_time(decisions, coefficients=["krippendorff_alpha"], level_of_measurement=masi_distance).iloc[
        -1
    ]
    assert last["value"] == pytest.approx(krippendorff_alpha(ratings(decisions), masi_distance).value)


def test_a_coefficient_for_which_it_matters_who_said_what_is_refused():
    with pytest.raises(UnknownChoice, match="'cohen_kappa' is none of krippendorff_alpha"):
        agreement_over_time(reviewed(3, 2), coefficients=["cohen_kappa"])


def test_decisions_without_an_item_or_a_reviewer_are_nobodys_and_of_nothing():
    # As in `ratings`: two items, and two reviewers who agree on both.
    decisions = pd.DataFrame(
        {
            "item_id": [1, 2, None, 1, 2, None, 1],
            "reviewer": ["ada", "ada", "ada", "bo", "bo", "bo", None],
            "value": ["x", "y", "z", "x", "y", "q", "z"],
            "recorded_at": range(7),
        }
    )
    last = agreement_over_time(decisions, coefficients=["percent_agreement"]).iloc[-1]
    assert (last["value"], last["n"], last["at"]) == (1, 2, 4)
    assert (last["value"], last["n"]) == (percent_agreement(ratings(decisions)).value, 2)


def test_a_reviewer_does_not_agree_with_themselves():
    decisions = pd.DataFrame(
        {"item_id": [1, 2, 1], "reviewer": ["ada"] * 3, "value": ["x", "y", "x"], "recorded_at": range(3)}
    )
    with pytest.raises(BadColumn, match="'ada' has two decisions on item 1, the second in row 2"):
        agreement_over_time(decisions)
    assert agreement_over_time(decisions[:2])["n"].tolist() == [0] * 6


@pytest.mark.parametrize("points", [0, -1, 2.5])
def test_no_moments_at_all_are_refused(points):
    with pytest.raises(UnknownChoice, match=f"points={points}: a whole number, 1 or more"):
        agreement_over_time(reviewed(3, 2), points=points)


def test_one_coefficient_may_be_named_by_itself():
    rows = pd.DataFrame({"item_id": [1, 2, 1, 2], "value": [*"aaab"], "recorded_at": range(4)})
    one = agreement_over_time(rows, coefficients="gwet_ac1")
    pd.testing.assert_frame_equal(one, agreement_over_time(rows, coefficients=["gwet_ac1"]))
