"""What a reader sees of known tables, in the drawing that Vega makes of them."""

import re

import numpy as np
import pandas as pd
import pytest

from hitl_notebook import charts
from hitl_notebook.charts import palette
from hitl_notebook.charts.words import LETTER
from tests.charts.drawing import drawn


def drift(alarms, reviewer="ada", measure="accept", n=50):
    """A reviewer's course in one measure, with alarms where they are said to be."""
    rows = len(alarms)
    figures = {
        "value": 0.8,
        "low": 0.7,
        "high": 0.9,
        "ewma": 0.8,
        "centre": 0.8,
        "lower_limit": 0.7,
        "upper_limit": 0.9,
    }
    table = pd.DataFrame({"reviewer": [reviewer] * rows, "measure": measure, "decision": range(1, rows + 1)})
    at = pd.date_range("2026-01-05 09:00", periods=rows, freq="min", tz="UTC")
    return table.assign(decided_at=at, **figures, n=n, alarm=alarms)


def progressed(at, accepted, corrected, flagged):
    table = pd.DataFrame(
        {"reviewer": "ada", "at": at, "accepted": accepted, "corrected": corrected, "flagged": flagged}
    )
    return table.assign(reviewed=table[["accepted", "corrected", "flagged"]].sum(axis=1), total=10)


def confused(labels, counts):
    """A confusion from its matrix of counts."""
    size = len(labels)
    n = np.array(counts)
    share = (n / n.sum(axis=1, keepdims=True)).ravel()
    names = {"prediction": np.repeat(labels, size), "value": np.tile(labels, size)}
    return pd.DataFrame({**names, "n": n.ravel(), "share": share, "low": share, "high": share})


def chained(size):
    """Each label is sometimes taken for the next, the later the more often."""
    labels = [f"label {place:02}" for place in range(size)]
    counts = np.diag(np.full(size, 50))
    counts[np.arange(size - 1), np.arange(1, size)] = np.arange(1, size)
    return confused(labels, counts)


def frequent(size, mistaken=0):
    """Labels that the model is right about, the later the more often; so many are sometimes taken for the next."""
    labels = [f"label {place:02}" for place in range(size)]
    counts = np.diag(np.arange(1, size + 1))
    counts[np.arange(mistaken), np.arange(mistaken) + 1] = 1
    return confused(labels, counts)


NOON = pd.Timestamp("2026-01-05 12:00", tz="UTC")
DAY = 2 * [NOON] + [NOON + pd.Timedelta(hours=1)]
INTERVALS = {"low": [0.2, -0.9], "high": [0.9, 0.1], "n": [40, 3], "method": ["m", "m"], "note": ["", ""]}
NARROW = pd.DataFrame({"label": ["a"], "measure": ["recall"], "value": [0.5], "low": [0.2], "high": [0.8], "n": [9]})
MADE = {
    "stretched": charts.class_scores(NARROW).properties(width=700),
    "two alarms": charts.reviewer_drift(drift([False, True, True, False, False, True, True, True])),
    "two courses": charts.reviewer_drift(
        pd.concat(
            [drift([True] * 3, "zoe"), drift([False, True], "ada", "seconds"), drift([False, True], "zoe", "seconds")]
        )
    ),
    "other measures": charts.reviewer_drift(
        pd.concat([drift([False] * 2, measure=name) for name in ("__proto__", "constructor")])
    ),
    "few decisions": charts.reviewer_drift(drift([False] * 12, n=range(1, 13))),
    "at one time": charts.progress(progressed(DAY, [1, 2, 3], [0, 1, 1], [0, 0, 2])),
    "small confusion": charts.confusion(
        confused(["b", "a"], [[3, 1], [0, 4]]), prediction_title="ada", value_title="bo"
    ),
    "large confusion": charts.confusion(chained(77)),
    "no confusion": charts.confusion(frequent(77)),
    "few confusions": charts.confusion(frequent(77, mistaken=2)),
    "coefficients": charts.agreement_coefficients(
        pd.DataFrame({"value": [0.5, -0.6], **INTERVALS}, index=["gwet_ac1", "fleiss_kappa"])
    ),
    "pairs": charts.pairwise_agreement(
        pd.DataFrame({"reviewer": ["zoe", "zoe"], "other": ["ada", "bo"], "value": [0.5, np.nan], **INTERVALS})
    ),
    "alike at first": charts.agreement_over_time(
        pd.DataFrame(
            {
                "decisions": [4, 9, 21],
                "items": [2, 9, 9],
                "at": NOON,
                "coefficient": "gwet_ac1",
                "value": [1.0, 0.8, 0.7],
                "low": [1.0, 0.2, 0.3],
                "high": 1.0,
                "n": [2, 5, 9],
            }
        )
    ),
    "no seconds": charts.time_per_item(
        pd.DataFrame(
            {
                **{"reviewer": ["ada"], "decision": [6], "median": [0.0], "low": [0.0], "high": [4.0]},
                **{"lower_quartile": [0.0], "upper_quartile": [3.0], "n": [6]},
            }
        )
    ),
    "slices": charts.slice_accuracy(
        pd.DataFrame(
            {
                **{"slice": ["where", "where", "who"], "part": ["web", "mail", "new"], "value": [0.5, np.nan, 1.0]},
                **{"low": [0.2, np.nan, 0.6], "high": [0.8, np.nan, 1.0], "n": [9, 0, 4]},
            }
        )
    ),
}


@pytest.fixture(scope="module")
def drawings():
    return drawn(MADE)


def marks(found, kind, **properties):
    return [
        mark
        for mark in found.marks
        if mark["type"] == kind and all(mark.get(name) == value for name, value in properties.items())
    ]


def test_an_alarm_is_a_triangle_where_it_begins_and_dots_while_it_stands(drawings):
    points = [mark for mark in marks(drawings["two alarms"], "symbol") if "tooltip" in mark]
    begun = [mark["tooltip"]["Decision"] for mark in points if mark["shape"] == "triangle-up"]
    assert begun == ["2", "6"]
    standing = [mark["tooltip"]["Decision"] for mark in points if mark["tooltip"]["Alarm"] == "stands"]
    assert standing == ["2", "3", "6", "7", "8"]
    assert {mark["fill"] for mark in points if mark["tooltip"]["Decision"] in standing} == {palette.VERMILION}


def test_each_course_has_alarms_of_its_own_and_shares_are_in_percent(drawings):
    found = drawings["two courses"]
    begun = [mark["tooltip"] for mark in marks(found, "symbol", shape="triangle-up")]
    assert sorted((tip["Reviewer"], tip["Measure"], tip["Decision"]) for tip in begun) == [
        ("ada", "seconds an item", "2"),
        ("zoe", "accepts, %", "1"),
        ("zoe", "seconds an item", "2"),
    ]
    assert {tip["Measure"]: tip["Last decisions"] for tip in begun} == {"accepts, %": "80.0", "seconds an item": "0.8"}


def test_how_seldom_a_chart_leaves_its_limits_by_chance_is_said():
    table = drift([False] * 3)
    usual = " ".join(charts.reviewer_drift(table).to_dict()["title"]["subtitle"])
    assert "which it leaves by chance about once in 10,000 values" in usual
    table.attrs["in_control_run_length"] = 500.0
    assert "once in 500 values" in " ".join(charts.reviewer_drift(table).to_dict()["title"]["subtitle"])


def test_a_reviewers_panels_stand_beside_each_other_in_the_order_of_the_table(drawings):
    names = [text for text in drawings["two courses"].texts if text.startswith(("zoe", "ada"))]
    assert names == ["zoe accepts, %", "zoe seconds an item", "ada seconds an item"]


def test_what_fewer_than_ten_decisions_say_does_not_set_the_scale_but_is_told(drawings):
    found = drawings["few decisions"]
    tips = [tip for tip in found.tooltips() if tip["Decisions in it"] == "3"]
    assert [tip["Interval"] for tip in tips] == ["70.0 to 90.0"]
    grey = palette.QUIET
    assert len([mark for mark in marks(found, "line", stroke=grey) if mark.get("defined") is not False]) == 3


def test_decisions_of_one_millisecond_do_not_pile_up(drawings):
    found = drawings["at one time"]
    heights = [(mark["y"], mark["y2"]) for mark in marks(found, "area")]
    axis = {text["text"]: text["y"] for text in marks(found, "text") if text["role"] == "axis-label"}
    whole = axis["0"] - axis["10"]
    tops = sorted(round(10 * (axis["0"] - min(ends)) / whole, 6) for ends in heights)
    # accepted 1, 2, 3; with corrected 1, 3, 4; with flagged 1, 3, 6
    assert tops == [1, 1, 1, 2, 3, 3, 3, 4, 6]


def test_a_confusion_has_both_axes_in_the_order_of_the_labels_and_counts_in_its_cells(drawings):
    found = drawings["small confusion"]
    cells = {
        (mark["tooltip"]["ada"], mark["tooltip"]["bo"]): mark for mark in marks(found, "rect") if "tooltip" in mark
    }
    assert {pair: cell["tooltip"]["Items"] for pair, cell in cells.items()} == {
        **{("b", "b"): "3", ("b", "a"): "1", ("a", "b"): "0", ("a", "a"): "4"}
    }
    assert cells["b", "b"]["x"] < cells["b", "a"]["x"]
    assert cells["b", "b"]["y"] < cells["a", "b"]["y"]
    assert {text for text in found.texts if "%" in text} == {"75%", "25%", "100%"}
    agreed, mixed = palette.BLUE, palette.VERMILION
    assert [cells[pair]["fill"] for pair in (("b", "b"), ("b", "a"), ("a", "a"))] == [agreed, mixed, agreed]
    assert cells["b", "a"]["fillOpacity"] < cells["b", "b"]["fillOpacity"] < cells["a", "a"]["fillOpacity"]


def test_of_many_labels_those_confused_most_are_drawn_and_what_is_not_is_said(drawings):
    found = drawings["large confusion"]
    rows = {mark["tooltip"]["The model said"] for mark in marks(found, "rect") if "tooltip" in mark}
    # The most frequent confusions are of 75 with 76, of 74 with 75, ...: 24 labels from 53 on, with 76 + 75 + ... + 54.
    assert rows == {f"label {place:02}" for place in range(53, 77)}
    outside = sum(range(1, 54))
    assert any(f"{outside:,} of {sum(range(1, 77)):,} confusions" in text for text in found.texts)
    assert max(found.width, found.height) < 1_200


def test_the_axis_of_seconds_goes_on_to_days():
    slow = pd.DataFrame({"reviewer": "ada", "decision": [1, 2], "median": [0.2, 90_000.0], "n": 9})
    quartiles = dict.fromkeys(("low", "high", "lower_quartile", "upper_quartile"), slow["median"])
    found = drawn({"slow": charts.time_per_item(slow.assign(**quartiles))})["slow"]
    said = [mark["text"] for mark in found.marks if mark["role"] == "axis-label"]
    assert {"0.1", "0.3", "1", "1,000", "30,000", "100,000"} <= {*said}
    assert "300,000" not in said


def test_the_seconds_of_one_decision_are_no_row_of_digits():
    first = drift([False], measure="seconds", n=1)
    figures = ["value", "low", "high", "ewma", "centre", "lower_limit", "upper_limit"]
    found = drawn({"first": charts.reviewer_drift(first.assign(**dict.fromkeys(figures, 1933.5123456)))})["first"]
    assert [mark["text"] for mark in found.marks if mark["role"] == "axis-label"][-1] == "1,933.512"


@pytest.mark.parametrize(
    ("labels", "width", "angle"),
    [
        (["ham", "spam"], None, 0),
        (["card arrival", "card linking", "exchange rate"], None, -60),
        (["card arrival", "card linking"], 400, 0),
        (["カードの紛失", "カードの到着"], None, -60),
        (["card arrival"], None, 0),
        ([1, 2], None, 0),
    ],
)
def test_the_labels_of_a_confusion_are_turned_where_they_do_not_fit_their_cells(labels, width, angle):
    made = charts.confusion(confused(labels, np.ones((len(labels), len(labels)), dtype=int)), width=width)
    assert made.to_dict()["layer"][0]["encoding"]["x"]["axis"]["labelAngle"] == angle


@pytest.mark.parametrize("n", [None, 2**60])
def test_of_many_labels_one_may_be_counted_beyond_a_page_s_numbers_or_not_at_all(n):
    table = frequent(30, mistaken=2).astype({"n": object})
    table.loc[(table["prediction"] == "label 00") & (table["value"] == "label 01"), "n"] = n
    rows = charts.confusion(table).data["values"]
    assert len(rows) == 24 * 24
    assert charts.confusion(table, most=1).to_dict()["title"]["subtitle"]
    assert [row["n"] for row in rows[:2]] == ([1, str(n)] if n else [2, 1])


def test_a_confusion_of_one_label_is_as_high_as_the_title_of_its_axis():
    assert charts.confusion(confused(["ham"], [[3]])).to_dict()["height"] > 100


@pytest.mark.parametrize(("name", "mistaken"), [("no confusion", []), ("few confusions", [0, 1, 2])])
def test_where_fewer_labels_are_confused_the_most_frequent_others_are_drawn(drawings, name, mistaken):
    found = drawings[name]
    rows = {mark["tooltip"]["The model said"] for mark in marks(found, "rect") if "tooltip" in mark}
    frequent = range(77 - 24 + len(mistaken), 77)
    assert rows == {f"label {place:02}" for place in (*mistaken, *frequent)}
    assert any("24 of 77 labels that are confused or else most frequent." in text for text in found.texts)


def test_agreement_below_the_scale_stands_at_its_edge_and_is_told_in_full(drawings):
    found = drawings["coefficients"]
    texts = found.texts
    assert {"Gwet's AC1", "Fleiss' kappa", "0.50", "−0.60", "n 40", "n 3", "≤ −0.25"} <= set(texts)
    below = [mark for mark in marks(found, "symbol") if mark["tooltip"]["Agreement"] == "−0.60"]
    assert [mark["x"] for mark in below] == [0]


def test_while_all_items_are_alike_no_band_says_that_agreement_is_certain(drawings):
    assert [mark["defined"] for mark in marks(drawings["alike at first"], "area")] == [False, True, True]


def test_agreement_goes_on_where_a_third_reviewer_decides_what_two_have(drawings):
    found = drawings["alike at first"]
    assert "Decisions" in found.texts
    points = marks(found, "symbol")
    assert [mark["tooltip"]["Items decided by two or more"] for mark in points] == ["2", "9", "9"]
    first, second, third = (mark["x"] for mark in points)
    assert (third - second) / (second - first) == pytest.approx((21 - 9) / (9 - 4))


def test_a_matrix_of_reviewers_shows_coefficient_and_overlap_and_a_dash_for_none(drawings):
    found = drawings["pairs"]
    assert {"0.50", "–", "n 40", "n 3"} <= set(found.texts)
    none = [tip for tip in found.tooltips() if tip["and"] == "bo"]
    assert [(tip["Agreement"], tip["Items of both"]) for tip in none] == [("–", "3")]


def test_no_time_at_all_has_a_place_on_a_logarithmic_scale(drawings):
    found = drawings["no seconds"]
    assert found.complaints == []
    (tip,) = found.tooltips()
    assert (tip["Median"], tip["Interval"]) == ("0.0 s", "0.0 to 4.0 s")
    assert all(np.isfinite(mark["y"]) for mark in marks(found, "symbol"))


def test_a_part_without_a_verdict_has_its_line_and_nothing_on_it(drawings):
    found = drawings["slices"]
    assert {"web", "mail", "new", "n 9", "n 0", "n 4", "where", "who"} <= set(found.texts)
    seen = [mark["tooltip"]["Part"] for mark in marks(found, "symbol") if mark["opacity"] > 0]
    assert seen == ["web", "new"]
    lines = [mark["tooltip"]["Part"] for mark in marks(found, "rule") if mark["opacity"] > 0 and "tooltip" in mark]
    assert lines == ["web", "new"]


def test_counts_stand_beside_the_marks_and_within_a_chart_that_was_made_wider(drawings):
    found = drawings["stretched"]
    (count,) = marks(found, "text", text="n 9")
    (most,) = marks(found, "text", text="100%")
    assert count["x"] == 700
    assert most["x"] <= 700 - 52


@pytest.mark.parametrize("name", ["__proto__", "constructor"])
def test_a_name_that_every_object_has_is_a_name(drawings, name):
    assert f"ada {name}" in drawings["other measures"].texts


def test_a_screen_reader_hears_each_moment_once_and_in_a_few_words(drawings):
    said = [mark["description"] for mark in drawings["two alarms"].marks if mark.get("description")]
    assert said == [f"ada, {decision}: 80.0" for decision in range(1, 9)]


PARCEL, LETTERS = (f"Customer complaint about the delivery of a {what}" for what in ("parcel", "letter"))


def scored(labels):
    table = pd.DataFrame({"label": np.repeat(labels, 2), "measure": ["precision", "recall"] * len(labels)})
    return table.assign(value=0.5, low=0.2, high=0.8, n=9)


def sliced(parts, within="country"):
    return pd.DataFrame({"slice": within, "part": parts, "value": 0.5, "low": 0.2, "high": 0.8, "n": 9})


def compared(parts):
    return sliced(parts).assign(wins=3, losses=2, ties=4)


def paired(names):
    pairs = [(one, other) for place, one in enumerate(names) for other in names[place + 1 :]]
    table = pd.DataFrame(pairs, columns=["reviewer", "other"])
    return table.assign(value=0.5, low=0.2, high=0.8, n=40, method="m", note="")


def axis_labels(found):
    return [mark["text"] for mark in found.marks if mark["role"] == "axis-label"]


def at_least_one_each(labels):
    return confused(labels, np.ones((len(labels), len(labels)), dtype=int))


NAMED = {
    "confusion": (charts.confusion, at_least_one_each),
    "class_scores": (charts.class_scores, scored),
    "slice_accuracy": (charts.slice_accuracy, sliced),
    "compare_versions": (charts.compare_versions, compared),
    "pairwise_agreement": (charts.pairwise_agreement, lambda names: paired([*names, "zoe"])),
}


@pytest.mark.parametrize("name", NAMED)
def test_names_that_begin_alike_are_told_apart_by_how_they_end(name):
    chart, table = NAMED[name]
    found = drawn({name: chart(table([PARCEL, LETTERS, "workshop participant number 1"]))})[name]
    said = {text for text in axis_labels(found) if text[:4] == "Cust"}
    assert {text[-6:] for text in said} == {"parcel", "letter"}
    assert all("…" in text for text in said)
    assert "Billing" in axis_labels(drawn({name: chart(table(["Billing", "Praise"]))})[name])


def test_names_above_panels_are_told_apart_by_how_they_end():
    long = [f"Whether the customer has had a contract for long and {what}" for what in ("pays", "owes")]
    found = drawn(
        {
            "slices": charts.slice_accuracy(pd.concat([sliced(["yes"], within) for within in long])),
            "drift": charts.reviewer_drift(pd.concat([drift([False] * 3, reviewer) for reviewer in long])),
        }
    )
    for texts in (found["slices"].texts, [text.removesuffix(" accepts, %") for text in found["drift"].texts]):
        assert {text[-4:] for text in texts if text.startswith("Whether")} == {"pays", "owes"}
        assert max(len(text) for text in texts if text.startswith("Whether")) * LETTER <= 300


@pytest.mark.parametrize(
    ("label", "begins", "ends"),
    [
        ("問い合わせについての件名その一" * 3, "問い合わせ", "その一"),
        ("CUSTOMER COMPLAINT ABOUT A PARCEL", "CUST", "PARCEL"),
        ("🙂" * 14 + "a" + "🙂" * 13, "🙂", "🙂"),
    ],
)
def test_a_name_of_wide_letters_is_shorter_and_no_letter_is_cut(label, begins, ends):
    found = drawn({"wide": charts.confusion(at_least_one_each([label, "b"]))})["wide"]
    (said,) = {text for text in axis_labels(found) if text != "b"}
    assert said.startswith(begins)
    assert said.endswith(ends)
    assert "…" in said
    said.encode("utf-8")


@pytest.mark.parametrize("name", NAMED)
def test_a_name_that_comes_in_later_stands_where_the_table_has_it(name):
    chart, table = NAMED[name]
    whole = chart(table(["apple", "banana", "cherry"]))
    found = drawn(
        {"patched": chart(table(["banana", "cherry"])), "whole": whole}, then={"patched": whole.data["values"]}
    )
    places = {
        which: {(mark["text"], mark["x"], mark["y"]) for mark in of.marks if mark["role"] == "axis-label"}
        for which, of in found.items()
    }
    assert places["patched"] == places["whole"]
    assert "apple" in axis_labels(found["whole"])


def selected_cells(chart, cell):
    spec = chart.to_dict()
    spec["params"][0]["value"] = [cell]
    return [
        mark for mark in drawn({"selected": spec})["selected"].marks if mark["type"] == "rect" and "tooltip" in mark
    ]


CELLS = [
    *(
        (charts.confusion, confused(["b", "a"], [[30, 1], [0, 4]]), {"prediction": row, "value": column})
        for row in "ba"
        for column in "ba"
    ),
    *(
        (
            charts.pairwise_agreement,
            paired(["ada", "bo", "cy"]).assign(value=[0.01, -0.3, np.nan]),
            {"reviewer": one, "other": other},
        )
        for one, other in (("ada", "bo"), ("ada", "cy"), ("bo", "cy"))
    ),
]


@pytest.mark.parametrize(("chart", "table", "cell"), CELLS)
def test_a_selected_cell_has_a_ring_that_is_no_paler_for_a_pale_cell(chart, table, cell):
    cells = selected_cells(chart(table), cell)
    ringed = [mark for mark in cells if mark["strokeOpacity"] == 1]
    assert len(ringed) == 1
    assert {*cell.values()} <= {*ringed[0]["tooltip"].values()}
    assert ringed[0].get("opacity", 1) in (None, 1)
    assert {ringed[0]["stroke"], ringed[0]["fill"]} in (
        {palette.BLUE, palette.VERMILION},
        {palette.BLUE, palette.QUIET},
    )
    assert {mark["strokeOpacity"] for mark in cells} == {0, 1}


START = pd.Timestamp("2026-12-01 01:30:44.482", tz="UTC")


@pytest.mark.parametrize("count", [1, 3, 6])
def test_the_first_decisions_are_at_times_of_a_clock(count):
    at = [START + place * pd.Timedelta("250ms") for place in range(count)]
    course = progressed(at, range(1, count + 1), 0, 0)
    found = drawn({"first": charts.progress(course)})["first"]
    said = [text for text in axis_labels(found) if not text.isdigit()]
    assert len(said) > 1
    assert [text for text in said if not re.fullmatch(r"\d\d:\d\d", text)] == []
    assert found.complaints == []


@pytest.mark.parametrize(
    ("apart", "form"),
    [
        ("1min", r"\d\d:\d\d"),
        ("3h", r"\d\d:\d\d|\d+ [A-Z][a-z]+"),
        ("2D", r"\d+ [A-Z][a-z]+"),
        ("20D", r"\d+ [A-Z][a-z]+|1 Jan \d{4}"),
    ],
)
def test_the_time_axis_says_times_of_a_day_and_then_days(apart, form):
    at = [START + place * pd.Timedelta(apart) for place in range(9)]
    found = drawn({"course": charts.progress(progressed(at, range(1, 10), 0, 0))})["course"]
    said = [text for text in axis_labels(found) if not text.isdigit()]
    assert len(said) > 1
    assert [text for text in said if not re.fullmatch(form, text)] == []


def test_of_the_moments_of_a_course_only_the_newest_is_marked(drawings):
    at = [START + place * pd.Timedelta("7min") for place in range(40)]
    found = drawn({"course": charts.progress(progressed(at, range(1, 41), 0, 0))})["course"]
    dots = [mark for mark in marks(found, "symbol") if mark["role"] == "mark"]
    seen = [mark for mark in dots if mark.get("fillOpacity") != 0]
    assert len(dots) == 41  # to be hit, each
    assert [mark["x"] for mark in seen] == [max(mark["x"] for mark in dots)]


@pytest.mark.parametrize(
    "chart",
    [
        charts.class_scores(scored([PARCEL, LETTERS]), title=""),
        charts.slice_accuracy(sliced([PARCEL, LETTERS]), title=""),
        charts.compare_versions(compared([PARCEL, LETTERS]), title=""),
        MADE["coefficients"],
    ],
)
def test_a_narrow_page_has_room_for_names_and_marks(chart):
    assert drawn({"narrow": chart})["narrow"].width <= 330
