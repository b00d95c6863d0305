"""Views that a person meets now and then, each set up on an open notebook, and put back after it was looked at."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, expect

from tests.browser.card import Card
from tests.browser.notebook_page import NotebookPage
from tests.browser.tab import SOON
from tests.browser.test_explanations import EXPLAINER
from tests.browser.test_formatting import REVIEW as MARKDOWN
from tests.browser.test_formatting import WATCH
from tests.browser.tickets import review_of_tickets

Scene = Callable[[NotebookPage, Path], AbstractContextManager[Locator]]

DRAWN_WITHIN = 30_000  # milliseconds: Altair is imported first
BLIND = 'order="given", reveal="after"'
FAILING = """
class Failing:
    def explain(self, rows):
        raise ValueError("there is no such model")
"""
FILL_STORAGE = """() => {
  window.setItem = Storage.prototype.setItem;
  Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };
}"""
EMPTY_STORAGE = "() => { Storage.prototype.setItem = window.setItem; }"
COPY = """(selector) => {
  const kept = document.querySelector(selector);
  const copy = kept.cloneNode(true);
  copy.className = 'as-without-kernel';
  kept.closest('.jp-OutputArea').append(copy);
}"""


def card_of(notebook: NotebookPage, folder: Path, *, before: str = "", plan: str = "", options: str = "") -> Card:
    source = review_of_tickets(folder / "reviews.db", items=9, plan=plan or 'order="given"', options=options)
    notebook.run_new(before + source)
    card = Card(notebook)
    card.wait_for_item("t0")
    card.focus()
    return card


@contextmanager
def blind_before_the_answer(notebook: NotebookPage, folder: Path) -> Iterator[Locator]:
    card = card_of(notebook, folder, plan=BLIND)
    card.page.keyboard.press("a")
    expect(card.root).to_contain_text("Answer first")
    yield card.root


@contextmanager
def blind_after_the_answer(notebook: NotebookPage, folder: Path) -> Iterator[Locator]:
    card = card_of(notebook, folder, plan=BLIND)
    card.page.keyboard.press("2")
    expect(card.root.get_by_role("note", name="Your first answer")).to_contain_text("You said wish")
    yield card.root


@contextmanager
def blind_while_the_prediction_is_on_its_way(notebook: NotebookPage, folder: Path) -> Iterator[Locator]:
    card = card_of(notebook, folder, plan=BLIND)
    notebook.deafen()
    card.page.keyboard.press("2")
    expect(card.root.get_by_role("note", name="Your first answer")).to_contain_text("is on its way")
    yield card.root
    notebook.page.evaluate("() => { window.isDeaf = false; }")


@contextmanager
def explanation_being_made(notebook: NotebookPage, folder: Path) -> Iterator[Locator]:
    let = folder / "let"
    card = card_of(notebook, folder, before=EXPLAINER.format(let=str(let)), options="explanation=Waiting()")
    expect(card.root.get_by_role("region", name="Explanation")).to_contain_text("is being made…")
    yield card.root
    let.touch()


@contextmanager
def explanation_that_failed(notebook: NotebookPage, folder: Path) -> Iterator[Locator]:
    card = card_of(notebook, folder, before=FAILING, options="explanation=Failing()")
    expect(card.root.get_by_role("region", name="Explanation")).to_contain_text("could not be made")
    yield card.root


@contextmanager
def markdown_not_yet_formatted(notebook: NotebookPage, folder: Path) -> Iterator[Locator]:
    notebook.reload()
    notebook.clear()
    notebook.page.evaluate(WATCH)
    notebook.page.evaluate("() => { window.isWithheld = true; }")
    notebook.run_new(MARKDOWN.format(store=str(folder / "reviews.db")))
    card = Card(notebook)
    card.wait_for_item("t0")
    expect(card.root.get_by_text("Markdown as it is written")).to_be_visible(timeout=SOON)
    yield card.root
    notebook.page.evaluate("() => { window.isWithheld = false; }")


@contextmanager
def decision_that_was_refused(notebook: NotebookPage, folder: Path) -> Iterator[Locator]:
    card = card_of(notebook, folder)
    elsewhere: dict[str, Any] = {}
    exec(review_of_tickets(folder / "reviews.db", items=9), elsewhere)  # noqa: S102  # another process than the kernel's
    with elsewhere["session"] as session:
        session.accept("t0")
    card.press("2")
    expect(card.root).to_contain_text("Not recorded:", timeout=SOON)
    yield card.root


@contextmanager
def full_storage(notebook: NotebookPage, folder: Path) -> Iterator[Locator]:
    card = card_of(notebook, folder)
    notebook.deafen()  # once a decision is known to be stored, nothing is left to warn of
    notebook.page.evaluate(FILL_STORAGE)
    card.press("a")
    expect(card.root.get_by_text("This browser's storage is full or forbidden.")).to_be_visible()
    yield card.root
    notebook.page.evaluate(EMPTY_STORAGE)
    notebook.page.evaluate("() => { window.isDeaf = false; }")


def as_without_kernel(notebook: NotebookPage, kept: str) -> Locator:
    """A copy of what a notebook keeps, where nothing hides it, and the kernel does not exchange it for a newer one."""
    notebook.page.evaluate(COPY, kept)
    copy = notebook.page.locator(".as-without-kernel")
    expect(copy).to_be_visible()
    return copy


@contextmanager
def kept_summary(notebook: NotebookPage, folder: Path) -> Iterator[Locator]:
    card_of(notebook, folder)
    expect(notebook.page.locator(".hitl-kept-summary")).to_be_hidden()
    yield as_without_kernel(notebook, ".hitl-kept-summary")


@contextmanager
def dashboard(notebook: NotebookPage, folder: Path) -> Iterator[Locator]:
    """With alarms, its first tab drawn."""
    notebook.page.set_viewport_size({"width": 1280, "height": 2200})  # what nobody sees is not computed
    notebook.run_new(review_of_tickets(folder / "reviews.db", items=60).removesuffix("session\n"))
    notebook.run_new("""
for n in range(55):
    session.accept(f"t{n}") if n < 30 else session.flag(f"t{n}", "unclear")
    if n % 4 == 0:
        session.decide(f"t{n}", "correct", "bug", reviewer="bo")
session.dashboard()
""")
    root = notebook.page.locator('[data-hitl="dashboard"]')
    root.locator("svg").first.wait_for(timeout=DRAWN_WITHIN)
    expect(root.get_by_role("heading", name="Look at this")).to_be_visible(timeout=SOON)
    yield root


def wait_until_drawn(root: Locator) -> None:
    """Until the kernel has told all figures of the open tab, and each is drawn."""
    root.locator('[role="tabpanel"][aria-busy="false"]').wait_for(timeout=DRAWN_WITHIN)
    for figure in root.locator("[data-figure]").all():
        figure.locator("svg").wait_for(timeout=DRAWN_WITHIN)


def tabs_of(root: Locator) -> Iterator[str]:
    """Opens one tab of a dashboard after the other, each drawn; their names."""
    for tab in root.get_by_role("tab").all():
        tab.click()
        wait_until_drawn(root)
        yield tab.text_content() or ""


SCENES: tuple[Scene, ...] = (
    blind_before_the_answer,
    blind_after_the_answer,
    blind_while_the_prediction_is_on_its_way,
    explanation_being_made,
    explanation_that_failed,
    markdown_not_yet_formatted,
    decision_that_was_refused,
    full_storage,
    kept_summary,
)
