"""The kernel's half of a dashboard over a real session: what is computed, when, and what is sent."""

import gc
import threading
import time
import weakref

import pandas as pd
import pytest

import hitl_notebook as hitl
from hitl_notebook.figures import FIGURES, FigureSource
from hitl_notebook.session.review import _REVIEWS
from hitl_notebook.widgets import Dashboard, figure_worker

LABELS = ["ham", "spam"]
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
PATIENCE = 30  # seconds, on a machine that is busy


def session(store=":memory:", reviewer="ada", items=40):
    frame = pd.DataFrame(
        {
            "id": [f"t{n}" for n in range(items)],
            "text": [f"mail {n}" for n in range(items)],
            "said": [LABELS[n % 2] for n in range(items)],
            "p": [0.5 + n / (2 * items) for n in range(items)],
        }
    )
    return hitl.ReviewSession(
        frame,
        hitl.Classification(LABELS),
        item_id="id",
        prediction="said",
        confidence="p",
        show=["text"],
        plan=hitl.ReviewPlan(order="given"),
        reviewer=reviewer,
        store=store,
    )


class Board:
    """A page in small: what it is sent, merged as a page merges it."""

    def __init__(self, review, figures=FIGURES):
        self.heard = []
        self.figures = {}
        self.lock = threading.Condition()
        self.dashboard = Dashboard(FigureSource(review, figures))
        self.dashboard.send = self._hear

    def _hear(self, content, buffers=None):
        with self.lock:
            self.heard.append(content)
            if content["kind"] == "figure":
                news = {name: part for name, part in content.items() if name not in ("kind", "name")}
                self.figures.setdefault(content["name"], {}).update(news)
            self.lock.notify_all()

    def say(self, *buffers, **content):
        self.dashboard._on_message(self.dashboard, content, list(buffers))

    def watch(self, *, visible=True):
        self.say(kind="watch", page="page", visible=visible, lacks_all=visible)

    def open(self, tab):
        self.heard.clear()
        self.say(kind="open", tab=tab)
        self.wait(lambda: any(one["kind"] == "round" and one["tab"] == tab for one in self.heard))

    def wait(self, is_so):
        deadline = time.monotonic() + PATIENCE
        with self.lock:
            while not is_so():  # it may become so without a word to the page
                assert time.monotonic() < deadline, [one["kind"] for one in self.heard]
                self.lock.wait(0.1)

    def kinds(self, kind):
        return [one for one in self.heard if one["kind"] == kind]

    def reviewed(self):
        """How many decisions the open tab's figures have been computed from."""
        of = self.dashboard._worker.reviewed
        return 0 if of is None else len(of.decisions)


@pytest.fixture(autouse=True)
def settling_soon(monkeypatch):
    monkeypatch.setattr(figure_worker, "_SETTLES_AFTER_SECONDS", 0.5)


@pytest.fixture
def review():
    with session() as review:
        for _ in range(10):
            review.accept(review.next_item())
        yield review


@pytest.fixture
def board(review):
    board = Board(review)
    yield board
    if board.dashboard is not None:
        board.dashboard.close()


@pytest.fixture
def watched(board):
    board.watch()
    board.wait(lambda: board.kinds("round"))
    return board


def test_the_first_tab_alone_is_drawn_while_its_page_is_loading_and_then_nothing_until_a_page_shows_it(board, review):
    worker = board.dashboard._worker
    tab = [figure for figure in board.dashboard._source.figures.values() if figure.tab == "Accuracy"]
    deadline = time.monotonic() + PATIENCE
    while not (len(worker.drawings) == len(tab) and all(one.words for one in worker.drawings.values())):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    review.accept(review.next_item())
    time.sleep(0.5)
    assert board.reviewed() == 10
    assert board.heard == []
    assert set(worker.drawings) == {figure.name for figure in tab}
    board.watch()
    board.wait(lambda: board.kinds("round"))
    assert board.reviewed() == 11
    board.wait(lambda: "item_id" in board.dashboard.selected)  # at the round's end it has the columns of decisions
    assert len(board.dashboard.selected) == 0


def test_a_page_that_looks_is_told_the_tabs_and_the_figures_of_the_open_one_only(watched):
    (tabs,) = watched.kinds("tabs")
    assert tabs["open"] == tabs["tabs"][0]
    assert len(tabs["tabs"]) > 2
    assert {figure["tab"] for figure in watched.figures.values()} == {tabs["open"]}
    for figure in watched.figures.values():
        assert figure["problem"] is None
        assert figure["title"]
        assert figure["spec"]["$schema"]
    assert any(figure["words"] for figure in watched.figures.values())


def test_a_decision_from_code_brings_new_rows_and_no_new_drawing(watched, review):
    for tab in watched.kinds("tabs")[0]["tabs"]:
        watched.open(tab)
        before = watched.reviewed()
        item_id = review.next_item()
        watched.heard.clear()
        review.correct(item_id, "ham" if review.item(item_id)["said"] == "spam" else "spam")
        worker = watched.dashboard._worker
        watched.wait(lambda before=before: watched.reviewed() > before and watched.kinds("round"))
        deadline = time.monotonic() + PATIENCE
        while not all(drawing.is_settled for drawing in worker.drawings.values()) and time.monotonic() < deadline:
            time.sleep(0.02)
        sent = watched.kinds("figure")
        assert any("rows" in figure for figure in sent), tab
        assert [figure["name"] for figure in sent if "spec" in figure] == [], tab


def test_all_charts_of_a_tab_follow_a_decision_before_any_words(watched, review):
    watched.open("Calibration")
    before = watched.reviewed()
    watched.heard.clear()
    review.correct("t30", "spam" if review.item("t30")["said"] == "ham" else "ham")
    watched.wait(lambda: watched.reviewed() > before and watched.kinds("round"))
    until = next(place for place, one in enumerate(watched.heard) if one["kind"] == "round")
    sent = [one for one in watched.heard[:until] if one["kind"] == "figure"]
    charts = [place for place, one in enumerate(sent) if "rows" in one]
    words = [place for place, one in enumerate(sent) if "words" in one]
    assert len(charts) > 1 and len(words) > 1
    assert max(charts) < min(words)


@pytest.mark.parametrize(("within", "is_settled"), [(0.5, True), (3_600.0, False)])
def test_a_stream_of_decisions_does_not_put_off_alarms(monkeypatch, watched, review, within, is_settled):
    monkeypatch.setattr(figure_worker, "_SETTLES_WITHIN_SECONDS", within)
    monkeypatch.setattr(figure_worker, "_POLL_SECONDS", 60.0)  # no round without news, however slow the machine is
    worker = watched.dashboard._worker
    watched.open("Reviewers")
    watched.wait(lambda: worker.tab == "Reviewers" and watched.kinds("round"))
    before = worker._settled_at
    looked_at = []
    monkeypatch.setattr(worker._alarms, "follow", lambda reviewed: looked_at.append(len(reviewed.decisions)))
    for _ in range(25):
        review.accept(review.next_item())
        time.sleep(0.1)
    assert (worker._settled_at > before and looked_at != []) == is_settled


@pytest.mark.parametrize(("after", "is_settled"), [(0.5, True), (3_600.0, False)])
def test_what_only_had_its_rows_exchanged_is_settled_after_a_while(monkeypatch, watched, review, after, is_settled):
    monkeypatch.setattr(figure_worker, "_SETTLES_AFTER_SECONDS", after)
    watched.open("Reviewers")
    worker, before = watched.dashboard._worker, watched.reviewed()
    watched.heard.clear()
    review.accept(review.next_item())
    watched.wait(lambda: watched.reviewed() > before and watched.kinds("round"))
    time.sleep(3 * figure_worker._POLL_SECONDS)
    assert all(drawing.is_settled for drawing in worker.drawings.values()) == is_settled


def test_a_tab_that_is_opened_again_is_computed_whole(monkeypatch, watched, review):
    for tab in ("Reviewers", "Progress"):
        watched.open(tab)
    review.accept(review.next_item())
    followed, follow = [], figure_worker.FigureDrawing.follow

    def noted(drawing, reviewed, **how):
        followed.append((drawing.figure.name, how.get("whole", False)))
        follow(drawing, reviewed, **how)

    monkeypatch.setattr(figure_worker.FigureDrawing, "follow", noted)
    watched.open("Reviewers")
    assert ("reviewer_drift", True) in followed


def test_a_page_that_comes_back_before_the_figures_were_settled_is_told_them_settled(monkeypatch, watched, review):
    # JupyterLab takes a cell out of the page that is scrolled away, and the page then has nothing of what it showed.
    monkeypatch.setattr(figure_worker, "_SETTLES_AFTER_SECONDS", 3_600.0)
    worker, before = watched.dashboard._worker, watched.reviewed()
    watched.heard.clear()
    review.accept(review.next_item())
    watched.wait(lambda: watched.reviewed() > before and watched.kinds("round"))
    assert not all(drawing.is_settled for drawing in worker.drawings.values())
    watched.heard.clear()
    watched.watch()
    watched.wait(lambda: watched.kinds("round"))
    assert all(drawing.is_settled for drawing in worker.drawings.values())


def test_decisions_of_another_reviewer_in_the_same_store_come_in_on_the_poll(tmp_path):
    with session(tmp_path / "r.db") as one, session(tmp_path / "r.db", reviewer="bo") as other:
        one.accept(one.next_item())
        board = Board(one)
        board.watch()
        board.wait(lambda: board.reviewed() == 1)
        _REVIEWS.discard(one._review)  # as in another process: the sessions of one process tell each other
        other.accept(other.next_item())
        board.wait(lambda: board.reviewed() == 2)
        board.dashboard.close()


def test_many_decisions_at_once_are_drawn_a_few_times_a_second(watched, review):
    watched.heard.clear()
    began = time.monotonic()
    while (item_id := review.next_item()) is not None:
        review.accept(item_id)
    watched.wait(lambda: watched.reviewed() == 40 and watched.kinds("round"))
    assert len(watched.kinds("round")) <= (time.monotonic() - began) / 0.3 + 2


def test_a_page_that_nobody_sees_costs_nothing(watched, review):
    watched.watch(visible=False)
    time.sleep(0.5)
    watched.heard.clear()
    review.accept(review.next_item())
    time.sleep(0.5)
    assert watched.heard == []
    watched.watch()
    watched.wait(lambda: watched.reviewed() == 11)


def test_another_tab_is_computed_when_it_is_opened(watched):
    tabs = watched.kinds("tabs")[0]["tabs"]
    watched.open(tabs[-1])
    assert {figure["tab"] for figure in watched.kinds("figure")} == {tabs[-1]}
    watched.say(kind="open", tab="no such tab")
    assert watched.dashboard._worker.tab == tabs[-1]


def test_a_tab_that_is_opened_during_a_round_is_not_told_the_figures_of_the_one_before(review):
    from dataclasses import replace

    boards = []

    def table(reviewed):
        for board in boards:
            board.say(kind="open", tab="Agreement")
        return FIGURES["confusion"].table(reviewed)

    board = Board(review, {**FIGURES, "confusion": replace(FIGURES["confusion"], table=table)})
    board.watch()
    board.wait(lambda: board.kinds("round"))
    boards.append(board)
    review.accept(review.next_item())
    board.wait(lambda: any("pairwise_agreement" in one["names"] for one in board.kinds("round")))
    for one in board.kinds("round"):
        assert {FIGURES[name].tab for name in one["names"]} == {one["tab"]}
    assert {one["tab"] for one in board.kinds("round")} == {"Accuracy", "Agreement"}
    board.dashboard.close()


def select(board, name, **fields):
    point = [{"field": field, "any": [value]} for field, value in fields.items()]
    board.say(kind="select", name=name, points=[point] if point else [], zone="UTC")


def test_the_items_behind_a_bin_are_a_frame(watched, review):
    review.flag(review.next_item(), "unclear")
    watched.open("Calibration")
    rows = next(iter(watched.figures["reliability"]["rows"].values()))
    lowest = next(row for row in rows if row["n"])
    select(watched, "reliability", bin_low=lowest["bin_low"], bin_high=lowest["bin_high"])
    behind = watched.kinds("behind")[-1]
    assert (behind["count"], behind["undecided"], behind["selected"]) == (lowest["n"], 0, True)
    selected = watched.dashboard.selected
    assert len(selected) == lowest["n"]
    assert set(selected) == set(review.decisions)
    assert selected["confidence"].between(lowest["bin_low"], lowest["bin_high"]).all()
    select(watched, "reliability")
    assert watched.kinds("behind")[-1]["selected"] is False
    assert watched.dashboard.selected.empty


def test_what_is_selected_follows_the_decisions(watched, review):
    watched.open("Calibration")
    first = next(row for row in next(iter(watched.figures["reliability"]["rows"].values())) if row["n"])
    select(watched, "reliability", bin_low=first["bin_low"], bin_high=first["bin_high"])
    before = len(watched.dashboard.selected)
    while (item_id := review.next_item()) is not None:
        review.accept(item_id)
    watched.wait(lambda: watched.reviewed() == 40 and len(watched.dashboard.selected) >= before)


def test_what_is_selected_and_not_decided_yet_comes_next(watched, review):
    # ada has decided t0 to t9, of confidences up to 0.62; bo adds t8 and t30, of 0.875
    for item_id in ("t8", "t30"):
        review.accept(item_id, reviewer="bo")
    watched.open("Calibration")
    watched.wait(lambda: watched.reviewed() == 12)
    watched.open("Calibration")
    rows = [row for row in next(iter(watched.figures["reliability"]["rows"].values())) if row["n"]]
    for row, undecided in ((rows[0], 0), (rows[-1], 1)):
        select(watched, "reliability", bin_low=row["bin_low"], bin_high=row["bin_high"])
        assert watched.kinds("behind")[-1]["undecided"] == undecided
    assert review.next_item() == "t10"
    watched.say(kind="queue")
    assert watched.kinds("queued")[-1]["words"] == "1 item comes next."
    assert review.next_item() == "t30"
    review.accept("t30")
    watched.wait(lambda: watched.kinds("behind")[-1]["undecided"] == 0)
    watched.say(kind="queue")
    assert (
        watched.kinds("queued")[-1]["words"]
        == "No item comes next. 1 left out: decided by you, or no longer in the frame."
    )


def test_behind_a_cell_of_two_reviewers_are_those_on_which_they_differ_which_is_said(watched, review):
    for number in range(3):
        review.correct(f"t{number}", LABELS[(number + 1) % 2], reviewer="bo")
    for number in range(3, 8):
        review.accept(f"t{number}", reviewer="bo")
    watched.wait(lambda: watched.reviewed() == 18)
    watched.open("Agreement")
    (cell,) = next(iter(watched.figures["pairwise_agreement"]["rows"].values()))
    assert cell["n"] == 8
    select(watched, "pairwise_agreement", reviewer="ada", other="bo")
    behind = watched.kinds("behind")[-1]
    assert (behind["count"], behind["undecided"], behind["which"]) == (3, 0, "on which they differ")
    assert watched.dashboard.selected["item_id"].unique().tolist() == ["t0", "t1", "t2"]


def selection_of(figure):
    """How the page names what is selected in a chart: by it a selection is made again where the chart is drawn anew."""
    (params,) = _found(figure["spec"], "params")
    (selected,) = params
    return figure["spec"]["description"], selected["name"], selected["select"]["fields"]


def _found(part, name):
    if isinstance(part, dict):
        return [*([part[name]] if name in part else []), *(one for of in part.values() for one in _found(of, name))]
    return [one for of in part for one in _found(of, name)] if isinstance(part, list) else []


def test_what_is_selected_stays_so_while_reviewers_come_in():
    with session() as review:
        board = Board(review)
        board.watch()
        board.wait(lambda: board.kinds("round"))
        (tabs,) = board.kinds("tabs")

        def selections():
            for tab in tabs["tabs"]:
                board.open(tab)
                board.wait(lambda: all(drawing.is_settled for drawing in board.dashboard._worker.drawings.values()))
            return {name: selection_of(figure) for name, figure in board.figures.items()}

        of_nobody = selections()
        for number in range(12):
            review.accept(f"t{number}")
        of_one = selections()
        board.open("Reviewers")
        select(board, "reviewer_drift", reviewer="ada", measure="accept", decision=5)
        behind = [f"t{number}" for number in range(5)]
        assert board.dashboard.selected["item_id"].tolist() == behind
        board.heard.clear()
        for number in range(3, 6):
            review.accept(f"t{number}", reviewer="bo")
        board.wait(lambda: any("spec" in figure for figure in board.kinds("figure")))  # a measure more, a column more
        board.wait(lambda: board.reviewed() == 15 and board.kinds("round"))
        assert board.dashboard.selected["item_id"].unique().tolist() == behind
        assert set(board.dashboard.selected["reviewer"]) == {"ada", "bo"}
        of_two = selections()
        board.dashboard.close()
    assert of_nobody == of_one
    # Two reviewers are named, and another two would be another chart.
    named = of_two.pop("reviewer_against_reviewer")[0]
    assert named == "Where do ada and bo differ?"
    of_one.pop("reviewer_against_reviewer")
    assert of_two == of_one


def test_a_reviewer_who_changes_is_said_above_the_figures():
    with session(items=200) as review:
        board = Board(review)
        board.watch()
        board.wait(lambda: board.kinds("alarms"))
        assert board.kinds("alarms")[-1]["words"] == []
        for turn in range(200):
            item_id = f"t{turn * 67 % 200}"  # so that the model's confidence does not change with the reviewer
            is_strict = turn < 100 and turn % 2
            review.decide(item_id, "flag" if is_strict else "accept", reason="unclear" if is_strict else None)
        board.wait(
            lambda: any("ada accepts more since decision 1" in one for one in board.kinds("alarms")[-1]["words"])
        )
        board.dashboard.close()


def test_a_figure_that_fails_is_said_in_its_place_and_the_others_are_drawn(review, caplog):
    from dataclasses import replace

    def fail(reviewed):
        raise ValueError("no such thing")

    name = next(iter(FIGURES))
    board = Board(review, {**FIGURES, name: replace(FIGURES[name], table=fail)})
    board.watch()
    board.wait(lambda: board.kinds("round"))
    assert board.figures[name]["problem"] == "This figure cannot be drawn: no such thing"
    assert all(figure["problem"] is None for other, figure in board.figures.items() if other != name)
    board.dashboard.close()


def test_rows_too_many_for_a_message_are_not_sent(watched, review, monkeypatch):
    drawn = {name: figure["rows"] for name, figure in watched.figures.items()}
    monkeypatch.setattr("hitl_notebook.widgets.chart_rows._LARGEST", 10)
    watched.heard.clear()
    review.accept(review.next_item())
    watched.wait(lambda: watched.reviewed() == 11 and watched.kinds("round"))
    assert any("too large" in str(figure["problem"]) for figure in watched.figures.values())
    assert {name: figure["rows"] for name, figure in watched.figures.items()} == drawn


def test_a_store_that_cannot_be_read_is_said_until_it_can(watched, review, caplog):
    worker = watched.dashboard._worker
    refresh = review._review.refresh
    review._review.refresh = lambda: 1 / 0
    watched.wait(lambda: watched.kinds("problem"))
    assert "cannot be brought up to date" in watched.kinds("problem")[-1]["words"]
    review._review.refresh = refresh
    watched.wait(lambda: watched.kinds("problem")[-1]["words"] is None)
    assert worker.is_at_work


def test_a_closed_dashboard_leaves_no_thread_and_no_listener(watched, review):
    listeners = review._review.news._listeners
    assert len(listeners) == 1
    watched.dashboard.close()
    watched.dashboard.close()
    assert listeners == []
    deadline = time.monotonic() + PATIENCE
    while watched.dashboard._worker.is_at_work:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    kept = weakref.ref(watched.dashboard)
    watched.dashboard = None
    gc.collect()
    assert kept() is None


def test_its_words_and_pictures_are_kept_for_who_has_no_kernel(watched, monkeypatch):
    bundles = []

    class Handle:
        def update(self, bundle, **options):
            bundles.append(bundle)

    monkeypatch.setattr("IPython.display.display", lambda *parts, **options: Handle())
    watched.dashboard._ipython_display_()
    tab = watched.kinds("tabs")[0]["open"]
    sizes = [{"name": name, "width": 300, "height": 200} for name in watched.figures]
    watched.say(*[PNG] * len(sizes), kind="pictures", tab=tab, figures=sizes)
    (kept,) = bundles
    assert kept["text/html"].count("<img") == len(sizes)
    for figure in watched.figures.values():
        assert figure["title"] in kept["text/plain"]
        assert all(word in kept["text/plain"] for word in figure["words"])


@pytest.mark.parametrize(
    "content",
    [
        {"kind": "watch", "page": 3, "visible": True, "lacks_all": True},
        {"kind": "select", "name": "reliability", "points": "all", "zone": "UTC"},
        {"kind": "pictures", "tab": "x", "figures": [{"name": "x", "width": 3, "height": 3}]},
        {"kind": "pictures", "tab": "x", "figures": [{"width": 3, "height": 3}]},
        {"kind": "run"},
    ],
)
def test_a_message_of_unknown_shape_changes_nothing(board, content, caplog):
    board.say(**content)
    assert board.heard == []
    assert "unknown shape" in caplog.text
