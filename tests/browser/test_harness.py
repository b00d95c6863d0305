"""What the other tests rely on to fail: the harness notices what must not happen."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

import hitl_notebook as hitl
from tests.browser.kernel_kills import KillReport, Pressed, review_under_kills
from tests.browser.lab import Lab
from tests.browser.notebook_page import CellError, NotebookPage
from tests.browser.tab import Tab
from tests.browser.tickets import review_of_tickets

AS_THE_HOST_DOES = """(source) => {
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  return import(url).then(() => undefined);
}"""
THE_HOSTS_WORDS = "Cannot read properties of undefined (reading 'schema')"


def test_a_request_that_leaves_this_machine_is_stopped_and_noticed(notebook: NotebookPage) -> None:
    reached = notebook.page.evaluate("""() =>
      fetch('http://elsewhere.example/').then(() => true, () => false)""")
    assert not reached
    assert notebook.elsewhere == ["http://elsewhere.example/"]
    notebook.elsewhere.clear()


def test_an_error_in_the_page_is_noticed(notebook: NotebookPage) -> None:
    with notebook.page.expect_event("pageerror"):
        notebook.page.evaluate("() => { setTimeout(() => { throw new Error('on purpose'); }); }")
    assert notebook.crashes == ["on purpose"]
    notebook.crashes.clear()


@pytest.mark.parametrize("shared_notebook", ["notebook"], indirect=True)
def test_an_error_that_the_host_is_known_for_is_noticed_where_a_widget_throws_it(notebook: NotebookPage) -> None:
    with notebook.page.expect_event("pageerror"):
        notebook.page.evaluate("() => { setTimeout(() => undefined.schema); }")
    assert notebook.crashes == []
    with notebook.page.expect_event("pageerror"):
        notebook.page.evaluate(AS_THE_HOST_DOES, "setTimeout(() => undefined.schema)")
    assert notebook.crashes == [THE_HOSTS_WORDS]
    notebook.crashes.clear()


FRAMES = """async () => {
  const end = performance.now() + 3000;
  for (let frames = 0; ; frames++) {
    if (performance.now() > end) {
      document.body.style.background = '';
      return frames;
    }
    document.body.style.background = frames % 2 ? 'red' : 'blue';
    await new Promise(requestAnimationFrame);
  }
}"""


def test_a_notebook_that_a_test_left_behind_another_tab_is_in_front_again(
    shared_notebook: NotebookPage, context: BrowserContext, request: pytest.FixtureRequest
) -> None:
    in_front = Tab(context)
    assert shared_notebook.page.evaluate(FRAMES) < 30
    request.getfixturevalue("notebook")
    assert shared_notebook.page.evaluate(FRAMES) > 30
    in_front.close()


def test_a_cell_that_raises_is_an_error(notebook: NotebookPage) -> None:
    with pytest.raises(CellError, match="ZeroDivisionError"):
        notebook.run_new("1 / 0")


PRESSED = [Pressed("t0", "a"), Pressed("t1", "1"), Pressed("t2", "2"), Pressed("t3", "a", is_settled=False)]


def reviewed(store: Path) -> hitl.ReviewSession:
    """What those keys come to."""
    told: dict[str, Any] = {}
    exec(review_of_tickets(store), told)  # noqa: S102  # the cell of the browser's tests
    session: hitl.ReviewSession = told["session"]
    session.accept("t0")
    session.correct("t1", "bug")
    session.correct("t2", "wish")
    return session


@pytest.mark.parametrize(
    ("pressed", "happens", "faults"),
    [
        ([], lambda session, store: None, {}),
        ([], lambda session, store: session.accept("t3"), {}),  # a key whose effect was not seen
        ([Pressed("t4", "a")], lambda session, store: None, {"lost": ["t4"]}),
        ([], lambda session, store: session.accept("t4"), {"invented": ["t4"]}),
        ([], lambda session, store: session.correct("t0", "wish"), {"doubled": ["t0"], "altered": ["t0"]}),
        ([Pressed("t4", "3")], lambda session, store: session.correct("t4", "bug"), {"altered": ["t4"]}),
    ],
)
def test_what_may_not_become_of_a_decision_is_noticed(
    pressed: list[Pressed], happens: Callable[..., Any], faults: dict[str, list[str]], tmp_path: Path
) -> None:
    store = tmp_path / "r.db"
    with reviewed(store) as session:
        happens(session, store)
    assert KillReport.of(store, PRESSED + pressed).faults == faults


def test_a_log_that_was_changed_is_noticed(tmp_path: Path) -> None:
    store = tmp_path / "r.db"
    reviewed(store).close()
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute("UPDATE events SET recorded_at = 'never' WHERE seq = 3")
    report = KillReport.of(store, PRESSED)
    assert list(report.faults) == ["damage"]
    assert "event 3" in report.damage[0]


def test_what_a_browser_forgets_is_noticed(
    lab: Lab, open_notebook: Callable[..., NotebookPage], tmp_path: Path
) -> None:
    lab.use_subshells(False)
    notebook = open_notebook(lab.write_notebook("forgetful.ipynb"))
    lab.use_subshells(True)
    report = review_under_kills(notebook, tmp_path / "r.db", kills=1, seed=1, forgets=True)
    assert report.pending_at_kill > 0
    assert list(report.faults) == ["lost"]
