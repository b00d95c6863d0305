"""A whole review without a mouse, and one by what assistive technology is told alone."""

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.card import Card
from tests.browser.notebook_page import NotebookPage
from tests.browser.tab import SOON
from tests.browser.tickets import review_of_tickets, stored

Role = Literal["button", "checkbox", "combobox", "radio", "spinbutton", "textbox"]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "reviews.db"


def tab_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Press Tab until what is wanted has the focus."""
    for _ in range(60):
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{wanted} was not reached with {key}")


def test_a_whole_review_by_keyboard_alone(notebook: NotebookPage, store: Path) -> None:
    notebook.run_new(review_of_tickets(store, items=6, options="guidelines='A **bug** is what worked before.',"))
    card = Card(notebook)
    card.wait_for_item("t0")
    page = card.page
    page.locator(".jp-Toolbar button, .jp-ToolbarButtonComponent").first.focus()
    tab_to(page, card.root)
    tab_to(page, card.button("History"))
    page.keyboard.press("Enter")
    expect(card.root.get_by_role("dialog", name="History")).to_be_focused()
    page.keyboard.press("Escape")
    tab_to(page, card.root.locator("summary"))
    page.keyboard.press("Enter")
    expect(card.root.get_by_text("is what worked before")).to_be_visible()
    tab_to(page, card.root.get_by_role("region", name="Item"))
    tab_to(page, card.button("Accept"))
    page.keyboard.press("Enter")
    card.wait_for_item("t1")
    expect(card.button("Accept")).to_be_focused()  # a keyboard is left where it was
    tab_to(page, card.button("Correct"))
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("3")
    card.wait_for_item("t2")
    tab_to(page, card.button("Flag"))
    page.keyboard.press("Enter")
    page.keyboard.press("2")
    tab_to(page, card.button("Send flag"))
    page.keyboard.press("Enter")
    card.wait_for_item("t3")
    page.keyboard.press("m")
    page.keyboard.type("not sure")
    page.keyboard.press("Enter")
    card.press("a", "s", "1")
    card.wait_for_item("t4")  # the skipped one is back
    tab_to(page, card.root.get_by_role("region", name="Item"), "Shift+Tab")
    card.press("a")
    card.wait_for_the_end()
    card.wait_until_saved()
    assert stored(store) == {
        "t0": ("accept", "bug"),
        "t1": ("correct", "question"),
        "t2": ("flag", None),
        "t3": ("accept", "bug"),
        "t5": ("correct", "bug"),
        "t4": ("accept", "wish"),
    }


class Heard:
    """A review as a screen reader has it: what is announced, and controls by role and name, pressed by keyboard."""

    def __init__(self, notebook: NotebookPage) -> None:
        self.page = notebook.page
        self.card = Card(notebook)
        self.review = self.page.get_by_role("group", name="Review")
        self._announced = self.review.get_by_role("status").last

    def expect(self, words: str) -> None:
        expect(self._announced).to_contain_text(words, timeout=SOON)

    def go_to(self, role: Role, name: str) -> Locator:
        """Tab to a control, forward or back."""
        control = self.review.get_by_role(role, name=name, exact=True)
        expect(control).to_be_visible()
        if not is_focused(control):
            self.review.focus()
            tab_to(self.page, control)
        return control

    def press(self, name: str, role: Role = "button", key: str = "Enter") -> None:
        """Go to a control and press it, once what is there was on the screen."""
        self.go_to(role, name)
        self.card.wait_for_paint()
        self.page.keyboard.press(key)

    def write(self, text: str, name: str, role: Role = "textbox") -> None:
        self.go_to(role, name)
        self.page.keyboard.type(text)


def is_focused(control: Locator) -> bool:
    return bool(control.evaluate("(element) => element === document.activeElement"))


def test_a_whole_review_by_the_accessibility_tree_alone(notebook: NotebookPage, store: Path) -> None:
    notebook.run_new(review_of_tickets(store, items=4))
    heard = Heard(notebook)
    review = heard.review
    heard.expect("Item t0: predicted bug, 50% sure.")
    expect(review.get_by_role("region", name="Item")).to_contain_text("Ticket number 0: it does not print.")
    expect(review.get_by_role("region", name="Prediction")).to_contain_text("bug")
    expect(review.get_by_role("progressbar", name="Progress")).to_have_attribute("aria-valuenow", "0")
    heard.press("Accept")
    heard.expect("Accepted as bug. Item t1: predicted wish, 51% sure.")
    heard.press("Skip")
    heard.expect("Skipped; it comes back at the end. Item t2: predicted question")
    heard.press("Undo")
    heard.expect("Undone: Skipped. Item t1: predicted wish")
    heard.write("not so sure", "Comment on your decision")
    heard.press("Correct")
    heard.press("question")
    heard.expect("Corrected to question. Item t2: predicted question")
    heard.press("Flag")
    reason = review.get_by_role("radio", name="needs an expert")
    tab_to(heard.page, reason, "ArrowDown")  # from one of a group to the next
    heard.page.keyboard.press("Space")
    expect(reason).to_be_checked()
    heard.press("Send flag")
    heard.expect("Flagged: needs an expert. Item t3: predicted bug")
    heard.press("History")
    history = review.get_by_role("dialog", name="History")
    expect(history).to_be_focused()
    tab_to(heard.page, history.get_by_role("button", name="t1 Corrected to question not so sure"))
    heard.page.keyboard.press("Enter")
    heard.expect("Item t1: predicted wish")
    expect(review.get_by_role("note")).to_contain_text("An earlier item: Corrected to question")
    heard.press("Accept")
    heard.expect("Accepted as wish. Item t3: predicted bug")
    heard.press("bug predicted 53%")
    heard.expect("Accepted as bug. You are at the end of your queue.")
    summary = review.get_by_role("region", name="Summary")
    expect(summary.get_by_role("heading", name="All reviewed")).to_be_visible()
    expect(summary).to_contain_text("everything is saved", timeout=SOON)
    expect(review.get_by_role("progressbar", name="Progress")).to_have_attribute("aria-valuenow", "4")
    assert stored(store) == {
        "t0": ("accept", "bug"),
        "t2": ("flag", None),
        "t1": ("accept", "wish"),
        "t3": ("accept", "bug"),
    }


def test_a_blind_review_by_the_accessibility_tree_alone(notebook: NotebookPage, store: Path) -> None:
    notebook.run_new(review_of_tickets(store, items=2, plan='order="given", reveal="after"'))
    heard = Heard(notebook)
    heard.expect("Item t0: answer first, the prediction is shown after that.")
    heard.press("Accept")
    heard.expect("Answer first: the prediction is shown after that.")
    heard.press("wish")
    heard.expect("Corrected to wish. Item t0: predicted bug, 50% sure.")
    expect(heard.review.get_by_role("note", name="Your first answer")).to_contain_text("You said wish.")
    heard.press("Keep")
    heard.expect("Your first answer is kept. Item t1: answer first")
    heard.press("question")
    heard.expect("Corrected to question. Item t1: predicted wish")
    heard.press("Accept")
    heard.expect("Accepted as wish. You are at the end of your queue.")
    heard.card.wait_until_saved()
    assert stored(store) == {"t0": ("correct", "wish"), "t1": ("accept", "wish")}


def test_sets_numbers_and_many_labels_by_the_accessibility_tree_alone(notebook: NotebookPage, tmp_path: Path) -> None:
    def review(task: str, said: object) -> tuple[Heard, Path]:
        notebook.clear()
        store = tmp_path / f"{len(list(tmp_path.iterdir()))}.db"
        notebook.run_new(f"""
import hitl_notebook as hitl
hitl.ReviewSession([{{"id": "t0", "text": "x", "said": {said!r}}}], {task}, item_id="id", prediction="said",
    show=["text"], reviewer="ada", name="tickets", store={str(store)!r})
""")
        return Heard(notebook), store

    heard, store = review("hitl.MultiLabel(['billing', 'shipping', 'praise'])", ["shipping"])
    heard.expect("Item t0: predicted shipping")
    expect(heard.go_to("checkbox", "shipping predicted")).to_be_checked()
    heard.press("shipping predicted", "checkbox", "Space")
    heard.press("praise", "checkbox", "Space")
    expect(heard.go_to("checkbox", "praise")).to_be_checked()
    heard.press("Send 1 label")
    heard.expect("Corrected to praise. You are at the end of your queue.")
    heard.card.wait_until_saved()
    assert stored(store) == {"t0": ("correct", ("praise",))}

    heard, store = review("hitl.Regression('kg', maximum=200)", 70.0)
    heard.expect("Item t0: predicted 70 kg")
    heard.write("999", "Number", "spinbutton")
    heard.press("Send")
    expect(heard.review.get_by_role("spinbutton", name="Number")).to_have_attribute("aria-invalid", "true")
    expect(heard.review.get_by_role("spinbutton")).to_have_accessible_description("At most 200 kg.")
    heard.go_to("spinbutton", "Number")
    heard.page.keyboard.press("ControlOrMeta+a")
    heard.page.keyboard.type("81")
    heard.press("Send")
    heard.expect("Corrected to 81 kg. You are at the end of your queue.")
    heard.card.wait_until_saved()
    assert stored(store) == {"t0": ("correct", 81.0)}

    heard, store = review("hitl.Classification([f'topic {n}' for n in range(77)])", "topic 5")
    heard.expect("Item t0: predicted topic 5")
    search = heard.go_to("combobox", "Search labels")
    heard.page.keyboard.type("7")
    expect(heard.review.get_by_text("14 labels")).to_be_visible()
    for _ in range(2):
        heard.page.keyboard.press("ArrowDown")
    active = heard.page.locator(f"[id='{search.get_attribute('aria-activedescendant')}']")
    expect(active).to_have_role("option")
    wanted = (active.text_content() or "").strip()
    expect(active).to_have_attribute("aria-selected", "true")
    heard.page.keyboard.press("Enter")
    heard.expect(f"Corrected to {wanted}. You are at the end of your queue.")
    heard.card.wait_until_saved()
    assert stored(store) == {"t0": ("correct", wanted)}
