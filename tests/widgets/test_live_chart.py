"""The kernel's half of a live chart: what it sends, and what it makes of what the page says."""

import json

import altair as alt
import pandas as pd
import polars as pl
import pytest

import hitl_notebook as hitl

DAYS = pd.DataFrame({"day": ["Mon", "Tue"], "n": [3, 5]})
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def chart(data=DAYS, **options):
    clicked = alt.selection_point(name="selected", fields=["day"])
    return alt.Chart(data).mark_bar().encode(x="day", y="n").add_params(clicked).properties(**options)


def say(live, content, *buffers):
    live._on_message(live, content, list(buffers))


def click(live, *days):
    points = [[{"field": "day", "any": [day]}] for day in days]
    say(live, {"kind": "selected", "points": points, "zone": "UTC"})


def test_an_update_sends_the_rows_and_leaves_the_drawing():
    live = hitl.LiveChart(chart())
    sent = []
    live.observe(lambda change: sent.append(change.name))
    live.update(pd.DataFrame({"day": ["Wed"], "n": [8]}))
    assert live.rows == {"data": [{"day": "Wed", "n": 8}]}
    assert sent == ["rows", "selected"]


@pytest.mark.parametrize(
    "data", [pl.DataFrame({"day": ["Wed"], "n": [8]}), [{"day": "Wed", "n": 8}], {"data": DAYS.head(0)}]
)
def test_any_table_will_do(data):
    live = hitl.LiveChart(chart())
    live.update(data)
    assert live.problem is None
    assert live.rows["data"] in ([{"day": "Wed", "n": 8}], [])


def test_the_rows_that_are_selected_keep_their_types_and_follow_the_data():
    data = DAYS.assign(at=pd.date_range("2026-11-21", periods=2, tz="UTC"), kind=pd.Categorical(["a", "b"]))
    live = hitl.LiveChart(chart(data))
    assert live.selected.empty
    assert list(live.selected.columns) == list(data.columns)
    heard = []
    live.observe(lambda change: heard.append(change.new), "selected")
    click(live, "Tue")
    pd.testing.assert_frame_equal(live.selected, data.iloc[[1]].reset_index(drop=True))
    live.update(pd.concat([data, data]))
    assert live.selected["day"].tolist() == ["Tue", "Tue"]
    click(live)
    assert [len(frame) for frame in heard] == [1, 2, 0]


def test_selected_cannot_be_set_from_outside():
    with pytest.raises(Exception, match="read-only"):
        hitl.LiveChart(chart()).selected = DAYS


def test_of_several_datasets_one_has_to_be_named():
    live = hitl.LiveChart(chart() | alt.Chart(DAYS.head(1)).mark_point().encode(x="day"))
    with pytest.raises(hitl.errors.InvalidChart, match=r"update\(\{'dataset_1': frame\}\)"):
        live.update(DAYS)
    with pytest.raises(hitl.errors.InvalidChart, match="no data named data; it has dataset_1, dataset_2"):
        live.update({"data": DAYS})
    live.update({"dataset_2": DAYS})
    assert [len(rows) for rows in live.rows.values()] == [2, 2]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (DAYS.drop(columns="n"), "no column n, which this chart draws; it has day"),
        (DAYS.assign(n=pd.Timedelta("1s")), "timedelta"),
        (DAYS.assign(text="x" * 500_000), "too large"),
        (3, "cannot be drawn"),
    ],
)
def test_data_that_cannot_be_drawn_is_said_and_what_was_drawn_stays(data, words):
    live = hitl.LiveChart(chart())
    live.update(data)
    assert words in live.problem
    assert live.rows == {"data": DAYS.to_dict("records")}
    live.update(DAYS.tail(1))
    assert (live.problem, len(live.rows["data"])) == (None, 1)


def test_a_column_that_is_not_drawn_may_go():
    live = hitl.LiveChart(chart(DAYS.assign(note="x")))
    live.update(DAYS)
    assert live.problem is None


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (alt.Chart(DAYS).mark_bar().encode(x="no_such_column"), "no_such_column"),
        (alt.Chart("data.csv").mark_bar().encode(x="day:N"), "nothing is fetched"),
        (chart(pd.DataFrame({"day": ["x" * 1_000_000], "n": [1]})), "too large"),
    ],
)
def test_a_chart_that_cannot_be_drawn_stops_no_cell(wrong, words):
    live = hitl.LiveChart(wrong)
    assert words in live.problem
    assert (live.spec, live.rows) == (None, {})


def test_a_chart_may_begin_with_as_many_rows_as_an_update_may_bring():
    many = pd.DataFrame({"day": ["Mon"] * 6_000, "n": range(6_000)})
    live = hitl.LiveChart(chart(many))
    assert live.problem is None
    updated = hitl.LiveChart(chart())
    updated.update(many)
    assert live.rows == updated.rows and len(live.rows["data"]) == 6_000


def test_a_metric_s_table_is_exchanged_as_it_comes():
    table = hitl.metrics.agreement_coefficients(pd.DataFrame({"ada": ["x", "y", "x"], "bo": ["x", "y", "y"]}))
    live = hitl.LiveChart(hitl.charts.agreement_coefficients(table))
    live.update(table)
    assert live.problem is None
    assert [row["coefficient"] for row in live.rows["data"]] == table.index.tolist()


def test_half_a_surrogate_pair_is_a_question_mark_wherever_it_is():
    data = pd.DataFrame({"day": pd.Series(["Mon", "\ud800"], dtype=object), "n": [1, 2]})
    live = hitl.LiveChart(chart(title="a\ud800"))
    live.update(data)
    assert (live.problem, live.spec["title"]) == (None, "a?")
    assert live.rows["data"] == [{"day": "Mon", "n": 1}, {"day": "?", "n": 2}]
    json.dumps([live.spec, live.rows], ensure_ascii=False).encode()
    live.update([{"day": "\ud800", "n": 1}])
    assert live.rows["data"] == [{"day": "?", "n": 1}]
    live.update([{"day": "Mon", "n": {"\ud800": ["\ud800"]}}])
    assert live.rows["data"] == [{"day": "Mon", "n": {"?": ["?"]}}]


@pytest.mark.parametrize("nothing", [[], pd.DataFrame(), {"data": []}, pl.DataFrame()])
def test_no_rows_of_no_columns_are_nothing_for_now(nothing):
    live = hitl.LiveChart(chart())
    live.update(nothing)
    assert (live.problem, live.rows) == (None, {"data": []})
    assert live.selected.columns.tolist() == ["day", "n"]
    live.update([{"day": "Mon"}])
    assert "no column n" in live.problem


def test_what_is_no_chart_is_refused():
    with pytest.raises(hitl.errors.InvalidChart, match="DataFrame"):
        hitl.LiveChart(DAYS)


def test_a_page_that_asks_is_sent_what_draws_in_one_message_that_servers_let_through():
    live = hitl.LiveChart(chart())
    sent = []
    live.send = lambda content, buffers=None: sent.append((content, buffers))
    say(live, {"kind": "library", "library": "another-0123456789abcdef"})
    say(live, {"kind": "library", "library": live.library})
    ((content, (packed,)),) = sent
    assert content == {"kind": "library", "library": live.library}
    assert packed[:2] == b"\x1f\x8b"
    assert len(packed) < 1_000_000


def test_a_message_of_unknown_shape_changes_nothing(caplog):
    live = hitl.LiveChart(chart())
    say(live, {"kind": "selected", "points": "all", "zone": "UTC"})
    assert live.selected.empty
    assert "unknown shape" in caplog.text


class Handle:
    def __init__(self):
        self.bundles = []

    def update(self, bundle, **options):
        self.bundles.append(bundle)


def test_the_last_picture_is_kept_under_the_chart(monkeypatch):
    handle, shown = Handle(), []

    def display(bundle, **options):
        shown.append(bundle)
        return handle if options.get("display_id") else None

    monkeypatch.setattr("IPython.display.display", display)
    live = hitl.LiveChart(chart(description="Items <by> day"))
    say(live, {"kind": "picture", "width": 300, "height": 200}, PNG)
    live._ipython_display_()
    assert live.keeps
    assert "application/vnd.jupyter.widget-view+json" in shown[0]
    assert "hitl-kept-chart" in shown[1]["text/html"]
    say(live, {"kind": "picture", "width": 300, "height": 200}, PNG)
    (kept,) = handle.bundles
    assert 'width="300" height="200"' in kept["text/html"]
    assert 'alt="Items &lt;by&gt; day, as it was drawn last"' in kept["text/html"]
    assert kept["image/png"].startswith("iVBORw0KGgo")
