"""What holds for every chart, whatever it shows: its specification, and what Vega draws of it."""

import json
import re
from collections import Counter
from functools import cache

import altair as alt
import numpy as np
import pandas as pd
import pytest

from hitl_notebook import charts
from hitl_notebook.charts import palette
from hitl_notebook.charts.names import with_lasting_names
from hitl_notebook.errors import BadFrame, MissingColumn
from tests.charts.drawing import drawn
from tests.charts.tables import TABLES, decisions

NAMES = sorted(TABLES)
AGREEMENT = ("agreement_coefficients", "agreement_over_time", "pairwise_agreement")
CASES = [
    *((name, stage) for name in NAMES for stage in ("full", "empty", "one decision", "hostile", "missing")),
    *((name, "one reviewer") for name in AGREEMENT),
]
HOSTILE = [
    '"]} || alert(1) || {["',
    "'; fetch('//x') //",
    "</script><img src=x onerror=alert(1)>",
    "__proto__",
    "datum.n",
    "javascript:alert(1)",
]


@cache
def table(name, what="full"):
    decided = decisions()
    if what == "empty":
        decided = decided.head(0)
    elif what == "one decision":
        decided = decided[decided["action"] == "accept"].head(1)
    elif what == "one reviewer":
        decided = decided[decided["reviewer"] == "ada"]
    elif what == "hostile":
        decided = decisions(12, HOSTILE[:4], HOSTILE[3:])
        decided["slice_channel"] = [HOSTILE[place % len(HOSTILE)] for place in range(len(decided))]
    elif what == "earlier":
        decided = decided.head(45)
    made = TABLES[name](decided)
    return without_figures(made) if what == "missing" else made


@cache
def chart(name, what="full"):
    return getattr(charts, name)(table(name, what))


@pytest.fixture(scope="module")
def drawings():
    found = drawn({" ".join(case): json.loads(dumped(*case)) for case in CASES})
    return {case: found[" ".join(case)] for case in CASES}


def without_figures(full):
    """The table with every figure missing that may be: what no key of a row is."""
    figures = {"value", "low", "high", "median", "lower_quartile", "upper_quartile", "share", "ewma", "centre", "at"}
    figures |= {"lower_limit", "upper_limit", "decided_at", "recalibrated", "agreed", "total"}
    figures -= {"value"} if "prediction" in full else set()  # of a confusion it names the row
    nothing = pd.Series([None] * len(full), dtype=object, index=full.index)
    return full.assign(**dict.fromkeys(figures & {*full}, nothing))


@cache
def dumped(name, what):
    # to_dict holds it against Vega-Lite's schema
    return json.dumps(chart(name, what).to_dict(), allow_nan=False, ensure_ascii=False)


def specification(name, what="full"):
    spec = json.loads(dumped(name, what))
    return spec, spec.pop("datasets")


def parts(spec):
    """Every key and value of a specification, in and in."""
    if isinstance(spec, dict):
        for key, value in spec.items():
            yield key, value
            yield from parts(value)
    elif isinstance(spec, list):
        for value in spec:
            yield from parts(value)


def test_there_is_a_chart_for_each_table_and_no_other():
    assert charts.__all__ == NAMES
    assert set(dir(charts)) == set(NAMES)
    with pytest.raises(AttributeError):
        charts.no_such_chart  # noqa: B018


@pytest.mark.parametrize("name", NAMES)
def test_it_is_a_plain_altair_chart_that_says_how_to_read_it(name):
    assert isinstance(chart(name), alt.TopLevelMixin)
    assert "How to read it:" in getattr(charts, name).__doc__


@pytest.mark.parametrize(("name", "what"), CASES)
def test_it_is_strict_json_with_one_dataset(name, what):
    dumped(name, what).encode("utf-8")
    _, datasets = specification(name, what)
    assert len(datasets) == 1


@pytest.mark.parametrize("name", NAMES)
def test_one_selection_is_by_columns_that_name_a_row(name):
    spec, datasets = specification(name)
    (selected,) = [value for key, value in parts(spec) if key == "params"]
    (selection,) = selected
    fields = selection["select"]["fields"]
    assert (with_lasting_names(selection)["name"], selection["select"]["type"]) == ("selected", "point")
    (rows,) = datasets.values()
    keys = [tuple(row[field] for field in fields) for row in rows]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("name", NAMES)
def test_from_one_moment_of_a_review_to_the_next_only_data_and_notes_change(name):
    def lasting(what):
        spec, _ = specification(name, what)
        spec["title"].pop("subtitle", None)
        return with_lasting_names(json.loads(re.sub(r"data-[0-9a-f]{32}", "data", json.dumps(spec))))

    assert lasting("earlier") == lasting("full")


@pytest.mark.parametrize("name", NAMES)
def test_no_text_of_the_user_is_outside_of_data(name):
    spec, datasets = specification(name, "hostile")
    assert any(name in json.dumps(datasets) for name in ("alert(1)", "__proto__", "5"))
    spec["title"] = None
    said = json.dumps(spec, ensure_ascii=False)
    assert [text for text in HOSTILE if text in said and text != "datum.n"] == []
    assert not {"href", "url"} & {key for key, _ in parts(spec)}


@pytest.mark.parametrize("name", NAMES)
def test_only_marks_have_colours_and_only_those_of_the_palette(name):
    spec, _ = specification(name)
    assert set(re.findall(r"#[0-9a-fA-F]{3,8}", json.dumps(spec))) <= {
        *(palette.BLUE, palette.GREEN, palette.VERMILION, palette.QUIET)
    }
    keys = {key for key, value in parts(spec) if key.endswith("Color") and value is not None}
    assert not keys
    assert "background" not in spec


@pytest.mark.parametrize("name", NAMES)
def test_a_title_of_ones_own(name):
    assert getattr(charts, name)(table(name), title="Ours").to_dict(validate=False)["title"]["text"] == "Ours"


def test_no_title_leaves_the_notes():
    title = charts.confusion(table("confusion"), title="").to_dict()["title"]
    assert title["text"] == ""
    assert "left out" in " ".join(title["subtitle"])


@pytest.mark.parametrize("name", NAMES)
def test_cells_of_any_type_make_the_same_chart(name):
    plain = table(name)
    other = plain.convert_dtypes()
    for column in other:
        if plain[column].dtype == object or pd.api.types.is_string_dtype(plain[column]):
            other[column] = pd.Categorical(plain[column], categories=list(dict.fromkeys(plain[column].dropna())))
    other.attrs = plain.attrs
    made = [with_lasting_names(getattr(charts, name)(of).to_dict()) for of in (plain, other)]
    assert json.dumps(made[0]) == json.dumps(made[1])


@pytest.mark.parametrize("name", NAMES)
def test_what_is_no_such_table_is_refused(name):
    with pytest.raises(BadFrame, match="list"):
        getattr(charts, name)([])
    with pytest.raises(MissingColumn, match="no column"):
        getattr(charts, name)(pd.DataFrame({"nothing": [1]}))


@pytest.mark.parametrize("name", NAMES)
def test_the_table_is_left_as_it_was(name):
    before = table(name).copy(deep=True)
    chart(name)
    pd.testing.assert_frame_equal(before, table(name))


@pytest.mark.parametrize(("name", "what"), CASES)
def test_vega_draws_it_without_a_complaint(drawings, name, what):
    found = drawings[name, what]
    # Of a scale on which nothing lies Vega says so; of parts of slices it cannot know that all layers have the same.
    expected = ("Infinite extent", "Log scale domain includes zero: [Infinity")
    expected += (
        ("Detected faceted independent scales that union domain of the same",)
        if name in ("compare_versions", "slice_accuracy")
        else ()
    )
    assert [words for words in found.complaints if not words.startswith(expected)] == []
    if what == "full":
        assert [words for words in found.complaints if words.startswith(expected[:2])] == []


@pytest.mark.parametrize(
    ("name", "column"),
    [(name, "reviewer") for name in ("progress", "reviewer_drift", "time_per_item")]
    + [(name, column) for name in ("compare_versions", "slice_accuracy") for column in ("slice", "part")]
    + [("class_scores", "label"), ("confusion", "prediction"), ("confusion", "value")],
)
def test_whatever_a_name_is_it_is_drawn(drawings, name, column):
    names = set(table(name, "hostile")[column])
    assert "__proto__" in names or column == "slice"
    texts = drawings[name, "hostile"].texts
    assert [text for text in names if not any(is_said(text, words) for words in texts)] == []
    rows = len(chart(name, "hostile").data["values"])
    assert len(drawings[name, "hostile"].tooltips()) >= rows


def is_said(name, text):
    """In full, or as both its ends."""
    begins, cut, ends = text.split(" accepts, %")[0].partition("…")
    return name in text or bool(cut and name.startswith(begins) and name.endswith(ends))


@pytest.mark.parametrize("name", ["compare_versions", "slice_accuracy"])
def test_whatever_a_slice_is_called_it_has_its_panel(name):
    named = table(name).assign(slice=lambda made: ["__proto__", *made["slice"].tolist()[1:]])
    found = drawn({"named": getattr(charts, name)(named)})["named"]
    assert {"__proto__", *named["slice"]} <= {*found.texts}
    assert len(found.tooltips()) == 2 * len(named)


@pytest.mark.parametrize(("name", "what"), CASES)
def test_nothing_drawn_reads_as_a_machine_s_word_for_nothing(drawings, name, what):
    found = drawings[name, what]
    texts = [*found.texts, *(str(value) for tooltip in found.tooltips() for value in tooltip.values())]
    assert texts
    assert [text for text in texts if re.search(r"\b(NaN|null|undefined|Infinity|Invalid|\[object)", text)] == []


def test_any_two_stand_side_by_side(drawings):
    # If any two clashed, a kind with itself too, all of them twice would.
    rows = [alt.hconcat(*(getattr(charts, name)(table(name)) for name in NAMES)) for _ in range(2)]
    found = drawn({"all": rows[0] & rows[1], "one twice": chart("corp_curve") + charts.corp_curve(table("corp_curve"))})
    alone = Counter(mark for name in NAMES for mark in marks_of(drawings[name, "full"]))
    assert Counter(marks_of(found["all"])) == alone + alone, "each mark has the place and the look that it has alone"
    assert Counter(marks_of(found["one twice"])) == Counter(2 * marks_of(drawings["corp_curve", "full"]))
    complaints = {words for name in NAMES for words in drawings[name, "full"].complaints}
    assert {words for both in found.values() for words in both.complaints} <= complaints


def test_two_views_of_one_name_would_be_noticed():
    twice = [alt.Chart({"values": [{"x": 1}]}, name="same").mark_point().encode(x="x:Q") for _ in range(2)]
    with pytest.raises(AssertionError, match="Duplicate"):
        drawn({"twice": alt.hconcat(*twice)})


def marks_of(found):
    return [json.dumps(mark, sort_keys=True) for mark in found.marks if mark["role"] == "mark"]


@pytest.mark.parametrize("name", NAMES)
def test_every_mark_tells_its_figures_and_how_many_they_rest_on(drawings, name):
    tooltips = drawings[name, "full"].tooltips()
    assert tooltips
    said = set().union(*tooltips)
    counts = {"Items", "Decisions", "Items of both", "Decisions in it", "Items in it", "All items", "Reviewed"}
    assert said & counts
    if name != "progress":  # counts, not estimates
        assert said & {"Interval", "If calibrated"}


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_table_has_a_plot_and_says_what_is_missing(drawings, name):
    found = drawings[name, "empty"]
    assert found.height > 100
    assert any(re.search(r"\b(yet|nothing)\b", text, re.IGNORECASE) for text in found.texts)


@pytest.mark.parametrize("name", sorted(set(NAMES) - {*AGREEMENT}))
def test_one_decision_is_seen(drawings, name):
    assert drawings[name, "one decision"].tooltips()


def test_long_tables_are_thinned_and_say_so_and_alarms_stay():
    long = pd.concat([table("reviewer_drift")] * 20, ignore_index=True)
    long["decision"] = np.arange(len(long))
    long["alarm"] = long["decision"] % 100 == 50
    made = charts.reviewer_drift(long)
    assert len(made.data["values"]) <= 5_000
    assert sum(row["alarm"] for row in made.data["values"]) == long["alarm"].sum()
    assert f"of {len(long):,} points are drawn" in " ".join(made.to_dict()["title"]["subtitle"])
