"""A page that is left, a kernel that is gone, a second view: one session, and every decision in it once."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.card import Card
from tests.browser.hosts import in_lab_and_notebook
from tests.browser.kernel_kills import review_under_kills
from tests.browser.lab import Lab
from tests.browser.notebook_page import NotebookPage
from tests.browser.tickets import events, review_of_tickets, stored

Opener = Callable[[str], NotebookPage]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "reviews.db"


@in_lab_and_notebook
def test_a_reloaded_page_goes_on_where_it_was_with_what_was_begun(notebook: NotebookPage, store: Path) -> None:
    notebook.run_new(review_of_tickets(store))
    notebook.save()
    card = Card(notebook)
    card.wait_for_item("t0")
    card.focus()
    card.press("a", "2", "s")
    card.page.keyboard.press("f")
    card.reason.fill("half a thought")
    card.wait_until_saved()
    notebook.reload()
    card.wait_for_item("t3")
    expect(card.reason).to_have_value("half a thought")
    card.reason.press("Enter")
    card.wait_for_item("t4")
    card.wait_until_saved()
    assert list(stored(store)) == ["t0", "t1", "t3"]


def test_what_was_not_yet_stored_is_sent_again_after_a_reload(
    lab: Lab, open_notebook: Opener, store: Path, tmp_path: Path
) -> None:
    lab.use_subshells(False)
    notebook = open_notebook(lab.write_notebook("reload.ipynb"))
    lab.use_subshells(True)
    notebook.run_new(review_of_tickets(store))
    card = Card(notebook)
    card.wait_for_item("t0")
    notebook.save()
    notebook.get_under_way(f"import os, time\nwhile not os.path.exists({str(tmp_path / 'stop')!r}): time.sleep(0.02)")
    card.focus()
    card.press("a", "1", "a")
    expect(card.root).to_have_attribute("data-saved", "false")
    notebook.deafen()
    notebook.page.reload()
    assert notebook.asked_before_leaving
    (tmp_path / "stop").touch()
    notebook.wait_until_idle()
    card.wait_for_item("t3")
    card.wait_until_saved()
    assert stored(store) == {"t0": ("accept", "bug"), "t1": ("correct", "bug"), "t2": ("accept", "question")}
    assert events(store) == ["t0", "t1", "t2"]


@in_lab_and_notebook
def test_messages_that_a_dropped_connection_swallowed_are_sent_again(notebook: NotebookPage, store: Path) -> None:
    notebook.run_new(review_of_tickets(store))
    card = Card(notebook)
    card.wait_for_item("t0")
    card.focus()
    card.press("a")
    card.wait_until_saved()
    notebook.deafen()
    card.press("1", "a")
    assert list(stored(store)) == ["t0"]
    notebook.drop_connection()
    card.wait_until_saved()
    assert events(store) == ["t0", "t1", "t2"]
    card.press("a")
    card.wait_until_saved()
    assert list(stored(store)) == ["t0", "t1", "t2", "t3"]


@in_lab_and_notebook
def test_a_cell_run_again_goes_on_with_the_same_session(notebook: NotebookPage, store: Path) -> None:
    cell = notebook.run_new(review_of_tickets(store))
    card = Card(notebook)
    card.wait_for_item("t0")
    card.focus()
    card.press("a", "a")
    card.wait_until_saved()
    notebook.run(cell)
    card.wait_for_item("t2")
    expect(notebook.page.locator('[data-hitl="review"]')).to_have_count(1)
    card.focus()
    card.press("2")
    card.wait_until_saved()
    assert events(store) == ["t0", "t1", "t2"]


def test_two_views_show_the_same_and_count_once(notebook: NotebookPage, store: Path) -> None:
    notebook.run_new(review_of_tickets(store))
    notebook.run_new("session")
    first, second = Card(notebook, 0), Card(notebook, 1)
    first.wait_for_item("t0")
    second.wait_for_item("t0")
    first.focus()
    first.press("a")
    second.wait_for_item("t1")
    second.focus()
    second.press("3")
    first.wait_for_item("t2")
    first.wait_until_saved()
    second.wait_until_saved()
    assert events(store) == ["t0", "t1"]


def test_two_tabs_show_the_same_and_count_once(lab: Lab, open_notebook: Opener, store: Path) -> None:
    name = lab.write_notebook("tabs.ipynb")
    left = open_notebook(name)
    left.run_new(review_of_tickets(store))
    left.save()
    here = Card(left)
    here.wait_for_item("t0")
    right = open_notebook(name)
    there = Card(right)
    there.wait_for_item("t0")
    left.page.bring_to_front()
    here.focus()
    here.press("a")
    right.page.bring_to_front()
    there.wait_for_item("t1")
    there.focus()
    there.press("3", "s")
    left.page.bring_to_front()
    here.wait_for_item("t3")
    here.wait_until_saved()
    there.wait_until_saved()
    assert events(store) == ["t0", "t1"]
    assert events(store, "skip") == ["t2"]


@pytest.fixture
def elsewhere(chromium: Browser, lab: Lab) -> Iterator[NotebookPage]:
    """A notebook in another browser, which has a storage of its own."""
    window = chromium.new_context(viewport={"width": 1280, "height": 900})
    notebook = NotebookPage(window, lab)
    notebook.open(lab.write_notebook("elsewhere.ipynb"))
    yield notebook
    notebook.shut_kernel_down()
    window.close()


def test_a_second_notebook_on_the_same_store_goes_on_with_the_same_session_and_changes_nothing_unseen(
    notebook: NotebookPage, elsewhere: NotebookPage, store: Path
) -> None:
    notebook.run_new(review_of_tickets(store))
    card = Card(notebook)
    card.wait_for_item("t0")
    card.focus()
    card.press("a", "a")
    card.wait_until_saved()
    elsewhere.run_new(review_of_tickets(store))
    beside = Card(elsewhere)
    beside.wait_for_item("t2")
    beside.focus()
    beside.press("1")
    beside.wait_until_saved()
    card.focus()
    card.press("2")  # on t2, which has been decided in the other kernel
    expect(card.root).to_contain_text("Not recorded: Item “t2” was decided or undone elsewhere meanwhile")
    expect(card.root).to_contain_text("what stands now: corrected. Decide again.")
    card.wait_until_saved()
    assert stored(store)["t2"] == ("correct", "bug")
    assert events(store) == ["t0", "t1", "t2"]
    card.wait_for_item("t3")
    card.page.keyboard.press("ArrowLeft")
    card.wait_for_item("t2")
    expect(card.root.get_by_role("note")).to_contain_text("An earlier item: Corrected to bug")
    card.press("2")  # knowing what stands
    card.wait_until_saved()
    assert stored(store)["t2"] == ("correct", "wish")
    assert events(store) == ["t0", "t1", "t2", "t2"]
    beside.focus()
    beside.press("a")
    beside.wait_until_saved()
    assert stored(store)["t3"] == ("accept", "bug")


def test_a_second_notebook_in_the_same_browser_is_followed_at_once(
    notebook: NotebookPage, lab: Lab, open_notebook: Opener, store: Path
) -> None:
    notebook.run_new(review_of_tickets(store))
    card = Card(notebook)
    card.wait_for_item("t0")
    other = open_notebook(lab.write_notebook("other.ipynb"))
    other.run_new(review_of_tickets(store))
    beside = Card(other)
    beside.wait_for_item("t0")
    beside.focus()
    beside.press("2", "a")
    beside.wait_until_saved()
    notebook.page.bring_to_front()
    card.wait_for_item("t2")
    card.focus()
    card.press("1")
    card.wait_until_saved()
    assert stored(store) == {"t0": ("correct", "wish"), "t1": ("accept", "wish"), "t2": ("correct", "bug")}
    assert events(store) == ["t0", "t1", "t2"]


def test_a_kernel_killed_under_the_reviewer_loses_and_doubles_nothing(
    lab: Lab, open_notebook: Opener, store: Path
) -> None:
    lab.use_subshells(False)
    notebook = open_notebook(lab.write_notebook("killed.ipynb"))
    lab.use_subshells(True)
    report = review_under_kills(notebook, store, kills=2, seed=1)
    assert report.faults == {}
    assert report.pending_at_kill > 0  # or nothing was at stake
