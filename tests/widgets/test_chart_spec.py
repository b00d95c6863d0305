"""An Altair chart is taken apart into how it is drawn and the rows that it draws."""

import altair as alt
import pandas as pd
import pytest

from hitl_notebook import charts, metrics
from hitl_notebook.errors import InvalidChart
from hitl_notebook.widgets.chart_spec import read_chart
from tests.charts.drawing import drawn

ONE = pd.DataFrame({"day": ["Mon", "Tue"], "n": [3, 5]})
OTHER = pd.DataFrame({"day": ["Wed"], "n": [8]})


def bars(data=ONE):
    return alt.Chart(data).mark_bar().encode(x="day", y="n")


CHARTS = {
    "single": bars(),
    "layered": alt.layer(bars(), bars().mark_text()),
    "layered over common data": alt.layer(alt.Chart().mark_bar().encode(x="day:N"), data=ONE),
    "concatenated": bars() | bars().mark_line(),
    "faceted": bars().facet("day"),
    "repeated": alt.Chart(ONE).mark_bar().encode(x=alt.X(alt.repeat("row"), type="nominal")).repeat(row=["day", "n"]),
    "with a line made in the page": alt.layer(
        alt.Chart(alt.sequence(0, 2, 1, as_="x")).mark_line().encode(x="x:Q"), bars()
    ),
}


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS.keys())
def test_rows_have_a_name_that_does_not_depend_on_them(chart):
    read = read_chart(chart)
    assert read.rows == {"data": ONE.to_dict("records")}
    assert "Mon" not in str(read.spec)
    assert "data-" not in str(read.spec)


def test_the_chart_is_the_same_whatever_its_rows():
    assert read_chart(bars(ONE)).spec == read_chart(bars(OTHER)).spec


def test_the_chart_itself_is_not_changed():
    chart = bars()
    before = chart.to_dict()
    read_chart(chart)
    assert chart.to_dict() == before


def test_several_datasets_are_told_apart_in_their_order():
    read = read_chart(bars(ONE) | bars(OTHER))
    assert read.rows == {"dataset_1": ONE.to_dict("records"), "dataset_2": OTHER.to_dict("records")}
    assert [part["data"]["name"] for part in read.spec["hconcat"]] == ["dataset_1", "dataset_2"]


def test_a_name_of_ones_own_stays_and_may_come_without_rows():
    own = bars(alt.NamedData(name="live")).encode(x="day:N", y="n:Q")
    assert read_chart(own).rows == {"live": []}
    assert read_chart(own.properties(datasets={"live": [{"day": "Mon", "n": 1}]})).rows["live"] == [
        {"day": "Mon", "n": 1}
    ]


def test_inline_values_and_lookups_are_found():
    looked_up = bars().transform_lookup(lookup="day", from_=alt.LookupData(OTHER, key="day", fields=["n"]))
    assert len(read_chart(looked_up).rows) == 2
    inline = {"data": {"values": [{"x": 1}, {"x": float("nan")}]}, "mark": "point"}
    read = read_chart(inline)
    assert (read.rows, read.spec["data"]) == ({"data": [{"x": 1}, {"x": None}]}, {"name": "data"})
    assert inline["data"] == {"values": [{"x": 1}, inline["data"]["values"][1]]}


def test_several_datasets_are_drawn_beside_those_that_vega_lite_makes_of_them():
    table = metrics.reliability([0.2, 0.9], [False, True])
    chart = charts.reliability(table) | charts.class_scores(metrics.class_scores(["a"], ["a"])) | bars()
    read = read_chart(chart)
    assert list(read.rows) == ["dataset_1", "dataset_2", "dataset_3"]
    (made, plain) = drawn({"live": {**read.spec, "datasets": read.rows}, "plain": chart}).values()
    assert len(made.marks) == len(plain.marks)


def test_a_chart_made_again_has_the_same_selection_though_it_has_another_name():
    table = metrics.reliability([0.2, 0.9], [False, True])
    made = [charts.reliability(table) for _ in range(2)]
    assert made[0].to_dict() != made[1].to_dict()
    one, other = (read_chart(chart).spec for chart in made)
    assert one == other
    assert [param["name"] for param in one["params"]] == ["selected"]
    both = read_chart(made[0] | made[1]).spec
    assert [param["name"] for param in both["params"]] == ["selected", "selected_2"]
    own = bars().add_params(alt.selection_point(name="selected", fields=["day"]))
    assert {param["name"] for param in read_chart(own | made[0]).spec["params"]} == {"selected", "selected_2"}


@pytest.mark.parametrize("chart", [bars("https://example.org/data.csv").encode(x="day:N", y="n:Q")])
def test_a_chart_that_fetches_its_data_is_refused(chart):
    with pytest.raises(InvalidChart, match="nothing is fetched"):
        read_chart(chart)


def test_what_altair_refuses_is_said_in_its_words():
    with pytest.raises(InvalidChart, match="no_such_column"):
        read_chart(alt.Chart(ONE).mark_bar().encode(x="no_such_column"))


@pytest.mark.parametrize("transformer", [{"name": "default", "max_rows": 1}, {"name": "json"}])
def test_all_rows_are_read_whatever_altair_is_set_to_do_with_them(transformer, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with alt.data_transformers.enable(**transformer):
        assert read_chart(bars()).rows == {"data": ONE.to_dict("records")}
        with pytest.raises(InvalidChart):
            read_chart(alt.Chart(ONE).mark_bar().encode(x="no_such_column"))
        options = {name: value for name, value in transformer.items() if name != "name"}
        assert (alt.data_transformers.active, alt.data_transformers.options) == (transformer["name"], options)
    assert list(tmp_path.iterdir()) == []
