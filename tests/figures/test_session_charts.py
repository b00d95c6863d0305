"""``session.charts``, and what a dashboard asks of a session."""

import pandas as pd
import pytest

import hitl_notebook as hitl
from hitl_notebook.errors import SessionMismatch, UnknownChoice, UnknownItem

ROWS = [{"id": f"t{number}", "text": "Where is my money?", "said": "refund", "p": 0.9} for number in range(4)]
TASK = hitl.Classification(["refund", "fees"])


def session(store=":memory:", **options):
    defaults = {"item_id": "id", "prediction": "said", "confidence": "p", "show": ["text"], "reviewer": "ada"}
    return hitl.ReviewSession(pd.DataFrame(ROWS), TASK, store=store, **(defaults | options))


def drawn(chart):
    """The rows that the chart draws."""
    spec = chart.to_dict()
    (rows,) = spec["datasets"].values() if "datasets" in spec else [spec["data"]["values"]]
    return pd.DataFrame(rows)


def test_charts_are_listed_with_what_they_show():
    charts = session().charts
    assert "reliability" in dir(charts)
    assert "reliability " in repr(charts)
    assert "<code>reliability()</code>" in charts._repr_html_()
    assert all(getattr(charts, name).__doc__ for name in dir(charts))


def test_a_chart_is_the_metrics_table_of_the_decisions_now():
    made = session()
    assert len(drawn(made.charts.reliability())) == 0
    made.accept("t0")
    made.correct("t1", "fees")
    decided = made.decisions
    table = hitl.metrics.reliability(decided["confidence"], decided["agreed"], n_bins=2)
    columns = ["bin_low", "bin_high", "n", "agreed"]
    assert drawn(made.charts.reliability(n_bins=2))[columns].to_numpy().tolist() == table[columns].to_numpy().tolist()


def test_options_go_to_the_chart_and_to_its_metric_and_a_reviewer_is_picked():
    made = session()
    made.accept("t0")
    made.correct("t1", "fees", reviewer="bo")
    chart = made.charts.reliability(reviewer="bo", title="Of Bo", width=200)
    assert drawn(chart)["n"].sum() == 1
    assert chart.to_dict()["title"]["text"] == "Of Bo"
    with pytest.raises(UnknownChoice, match="'cy' has decided nothing"):
        made.charts.reliability(reviewer="cy")
    with pytest.raises(TypeError, match="bins"):
        made.charts.reliability(bins=3)


def test_a_chart_that_there_is_not_is_named_with_one_that_there_is():
    with pytest.raises(AttributeError, match=r"no chart 'reliabilty', perhaps 'reliability'"):
        _ = session().charts.reliabilty


def test_a_chart_that_this_review_cannot_have_is_not_listed_and_says_why():
    charts = session(confidence=None).charts
    assert "reliability" not in dir(charts)
    with pytest.raises(UnknownChoice, match="came without confidences"):
        charts.reliability()
    with pytest.raises(UnknownChoice, match="slices="):
        charts.slice_accuracy()


def test_a_session_opened_to_be_analysed_has_charts(tmp_path):
    with session(tmp_path / "r.db") as made:
        made.accept("t0")
    with hitl.ReviewSession.open(tmp_path / "r.db") as opened:
        assert drawn(opened.charts.reliability())["n"].tolist() == [1]
        assert drawn(opened.charts.progress())["total"].tolist() == [None]
        source = opened._figure_source()
        assert source.reviewed().population is None
        with pytest.raises(SessionMismatch):
            source.enqueue(["t1"])
    with hitl.ReviewSession.open(tmp_path / "r.db", items=pd.DataFrame(ROWS)) as opened:
        assert opened._figure_source().reviewed().population == 4


def test_what_was_reviewed_is_read_once_as_long_as_nothing_is_new():
    made = session()
    source = made._figure_source()
    before = source.reviewed()
    assert source.reviewed() is before
    made.accept("t0")
    after = source.reviewed()
    assert (len(before.decisions), len(after.decisions)) == (0, 1)
    made.undo()
    assert len(source.reviewed().decisions) == 0


def test_items_no_longer_there_do_not_stand_for_those_that_are_new():
    made = session(plan=hitl.ReviewPlan(order="random", seed=1))
    for item_id in ("t0", "t1", "t2", "t3"):
        made.accept(item_id)
    assert made._figure_source().reviewed().basis.words == "every item reviewed"
    made.update_predictions(pd.DataFrame([ROWS[2], ROWS[3], {**ROWS[0], "id": "t4"}, {**ROWS[0], "id": "t5"}]))
    reviewed = made._figure_source().reviewed()
    assert (len(reviewed.items), reviewed.population) == (4, 6)
    assert reviewed.basis.words != "every item reviewed"


def test_a_dashboard_hears_of_this_process_at_once_and_of_others_when_it_asks(tmp_path):
    made, heard = session(tmp_path / "r.db"), []
    source = made._figure_source()
    stop = source.listen(lambda: heard.append(len(source.reviewed().decisions)))
    made.accept("t0")
    assert heard == [1]
    other = hitl.ReviewSession.open(tmp_path / "r.db")  # as another process: nobody tells it
    made.accept("t1")
    analysed, told = other._figure_source(), []
    analysed.listen(lambda: told.append(len(analysed.reviewed().decisions)))
    made.accept("t2")
    analysed.refresh()
    assert told[-1] == 3
    stop()
    made.accept("t3")
    assert heard == [1, 2, 3]


def test_items_behind_a_mark_are_put_next_as_chosen_by_hand():
    made = session()
    source = made._figure_source()
    made.accept("t1")
    assert sorted(source.enqueue(["t3", "t1"])) == ["t3"]
    assert made.next_item() == "t3"


def test_an_item_behind_a_mark_that_has_left_the_frame_keeps_no_other_from_being_put_next():
    made = session(reviewer="ada")
    for item_id in ("t0", "t1"):
        made.accept(item_id, reviewer="bo")
    made.update_predictions(pd.DataFrame(ROWS[1:]), ask="all")
    source = made._figure_source()
    assert "t0" in source.reviewed().decisions["item_id"].tolist()
    assert source.undecided(source.reviewed(), ["t0", "t1"]) == ["t1"]
    assert source.enqueue(["t0", "t1"]) == ["t1"]
    assert made.next_item() == "t1"
    with pytest.raises(UnknownItem, match="t0"):
        made.enqueue(["t0", "t1"])


def test_a_dashboard_goes_with_its_session():
    with session() as made:
        first, second = made.dashboard(), made.dashboard()
        first.close()
        assert not second.is_closed
    assert second.is_closed


def test_alarms_are_sentences_about_who_has_changed():
    rows = [{**ROWS[0], "id": f"t{number}"} for number in range(160)]
    made = hitl.ReviewSession(
        pd.DataFrame(rows), TASK, item_id="id", prediction="said", show=["text"], reviewer="ada", store=":memory:"
    )
    source = made._figure_source()
    assert source.alarms(source.reviewed()) == []
    for turn, row in enumerate(rows):
        is_strict = turn < 80 and turn % 2
        made.decide(row["id"], "correct" if is_strict else "accept", value="fees" if is_strict else None)
    words = source.alarms(source.reviewed())
    assert any(one.startswith("ada accepts more since decision 8") for one in words)
    assert words == hitl.metrics.drift_alarms(made.decisions)["words"].tolist()
