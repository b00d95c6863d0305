"""Sets of labels, numbers and a task of one's own, reviewed by keyboard: what is pressed is what is stored."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.card import Card
from tests.browser.notebook_page import NotebookPage
from tests.browser.test_accessibility import findings, use_theme
from tests.browser.tickets import stored

REVIEW = """
import hitl_notebook as hitl
{before}
items = [{{"ticket": f"t{{n}}", "text": f"Ticket {{n}}", "said": said}} for n, said in enumerate({said})]
session = hitl.ReviewSession(
    items, {task}, item_id="ticket", prediction="said", show=["text"], {options}
    plan=hitl.ReviewPlan(order="given"), reviewer="ada", store={store!r}, name="tickets",
)
session
"""
TOPICS = ["billing", "shipping", "praise", "x"]
FIRE = "<img src=x onerror='window.fired=(window.fired||0)+1'>"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "reviews.db"


def open_review(
    notebook: NotebookPage, store: Path, task: str, said: object, *, before: str = "", options: str = ""
) -> Card:
    notebook.run_new(REVIEW.format(task=task, said=said, before=before, options=options, store=str(store)))
    card = Card(notebook)
    card.wait_for_item("t0")
    card.focus()
    return card


def sets(notebook: NotebookPage, store: Path, said: object, labels: object = TOPICS, options: str = "") -> Card:
    return open_review(notebook, store, f"hitl.MultiLabel({labels!r})", said, options=options)


def weights(notebook: NotebookPage, store: Path, said: object, unit: str = "kg") -> Card:
    task = f"hitl.Regression({unit!r}, step=0.5, tolerance=2, minimum=0, maximum=200)"
    return open_review(notebook, store, task, said)


def tick(card: Card, *keys: str) -> None:
    for key in keys:
        card.page.keyboard.press(key)
        card.wait_for_paint()


def ticked(card: Card) -> list[str]:
    boxes = card.root.get_by_role("checkbox", checked=True)
    return [text.split("\n")[-1] for text in boxes.locator("bdi").all_inner_texts()]


def number(card: Card) -> Locator:
    return card.root.get_by_role("spinbutton", name="Number")


# ---------------------------------------------------------------- sets of labels


def test_sets_are_accepted_by_one_key_and_ticked_by_one_key_a_label(notebook: NotebookPage, store: Path) -> None:
    card = sets(notebook, store, [["shipping", "billing"], ["praise"], [], None, ["x"], ["billing"]])
    expect(card.root.get_by_role("region", name="Prediction").get_by_role("listitem")).to_have_text(
        ["billing", "shipping"]
    )
    card.press("a")  # t0
    tick(card, "1", "x")
    assert ticked(card) == ["billing", "praise", "x"]
    card.press("Enter")  # t1
    tick(card, "2", "2")
    card.press("Enter")  # t2: ticked and unticked
    tick(card, "c")
    card.press("Enter")  # t3: no label holds
    tick(card, "x")
    card.press("Enter")  # t4
    card.flag("none of these")  # t5
    card.wait_for_the_end()
    card.wait_until_saved()
    assert stored(store) == {
        "t0": ("accept", ("billing", "shipping")),
        "t1": ("correct", ("billing", "praise", "x")),
        "t2": ("accept", ()),
        "t3": ("correct", ()),
        "t4": ("correct", ()),
        "t5": ("flag", None),
    }


def test_ticks_outlive_a_reload(notebook: NotebookPage, store: Path) -> None:
    card = sets(notebook, store, [["billing"], ["praise"]])
    tick(card, "2", "3")
    notebook.save()
    notebook.reload()
    card = Card(notebook)
    card.wait_for_item("t0")
    assert ticked(card) == ["billing", "shipping", "praise"]
    card.focus()
    card.press("Enter")
    card.wait_until_saved()
    assert stored(store) == {"t0": ("correct", ("billing", "shipping", "praise"))}


def test_one_of_many_labels_is_found_ticked_and_sent_by_keyboard(notebook: NotebookPage, store: Path) -> None:
    labels = [f"topic {n:04}" for n in range(5_000)]
    card = sets(notebook, store, [[labels[3]], [labels[4]]], labels)
    card.page.keyboard.press("/")
    expect(card.root.get_by_role("combobox", name="Search labels")).to_be_focused()
    card.page.keyboard.type("4711")
    tick(card, "Enter")
    expect(card.root.get_by_role("option", name="topic 4711")).to_have_attribute("aria-selected", "true")
    card.press("Enter")
    tick(card, "1")  # the predicted one stands first
    card.press("Enter")
    card.wait_until_saved()
    assert stored(store) == {"t0": ("correct", ("topic 0003", "topic 4711")), "t1": ("correct", ())}


def test_each_label_has_its_own_probability(notebook: NotebookPage, store: Path) -> None:
    card = sets(notebook, store, [["billing"], []], options="probabilities=[[0.9, 0.8, 0, 1], [0.25, 0, 0, 0]],")
    for label, share in (("billing", "90%"), ("shipping", "80%"), ("praise", "0%"), ("x", "100%")):
        expect(card.root.get_by_role("checkbox", name=label)).to_contain_text(share)


# ---------------------------------------------------------------- numbers


def test_numbers_are_accepted_written_and_stepped(notebook: NotebookPage, store: Path) -> None:
    card = weights(notebook, store, [70.123456789012, 80, 90, 100.2, None, 120])
    expect(card.root.get_by_role("region", name="Prediction")).to_contain_text("70.1235 kg")
    card.press("a")  # t0
    tick(card, "7")
    expect(number(card)).to_be_focused()
    card.page.keyboard.type("5.5")
    card.press("Enter")  # t1
    tick(card, "c")
    card.page.keyboard.type("91")  # what was there is selected, and goes
    card.press("Enter")  # t2: within the tolerance
    tick(card, "c", *["ArrowUp"] * 6)
    expect(number(card)).to_have_value("103")
    card.press("Enter")  # t3
    tick(card, "9")
    card.page.keyboard.type("99")
    tick(card, "Enter")
    expect(card.root).to_contain_text("At most 200 kg.")
    tick(card, "Backspace")
    card.press("Enter")  # t4
    tick(card, "5", "Escape", "a")  # t5: what was begun is no answer
    card.wait_for_the_end()
    card.wait_until_saved()
    assert stored(store) == {
        "t0": ("accept", 70.123456789012),
        "t1": ("correct", 75.5),
        "t2": ("accept", 90.0),
        "t3": ("correct", 103.0),
        "t4": ("correct", 99.0),
        "t5": ("accept", 120.0),
    }


def test_a_number_that_is_begun_outlives_a_reload(notebook: NotebookPage, store: Path) -> None:
    card = weights(notebook, store, [70, 80])
    tick(card, "7", "5")
    notebook.save()
    notebook.reload()
    card = Card(notebook)
    card.wait_for_item("t0")
    expect(number(card)).to_have_value("75")
    number(card).focus()
    card.press("Enter")
    card.wait_until_saved()
    assert stored(store) == {"t0": ("correct", 75.0)}


# ---------------------------------------------------------------- a task of one's own


def test_the_kernel_has_the_last_word_on_what_agrees(notebook: NotebookPage, store: Path) -> None:
    severity = """
class Severity(hitl.Classification):
    name = "severity"
    def equal(self, a, b):
        return abs(a - b) <= 1
"""
    card = open_review(notebook, store, "Severity(range(1, 6))", [2, 2], before=severity)
    card.press("3", "4")
    card.wait_for_the_end()
    card.wait_until_saved()
    assert notebook.printed('print(session.decisions[["action", "value"]].values.tolist())') == (
        "[['accept', 2], ['correct', 4]]"
    )
    card.button("History").click()
    history = card.root.get_by_role("dialog", name="History")
    expect(history).to_contain_text("Accepted as 2")
    expect(history).to_contain_text("Corrected to 4")


# ---------------------------------------------------------------- for everyone, and against anyone


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_nothing_on_either_editor(notebook: NotebookPage, tmp_path: Path, theme: str) -> None:
    use_theme(notebook, theme)
    found = {}
    try:
        few = sets(notebook, tmp_path / "few.db", [["billing", "praise"], []])
        found["sets"] = findings(few.root)
        tick(few, "2", "c")
        found["sets, begun"] = findings(few.root)
        notebook.clear()
        many = sets(notebook, tmp_path / "many.db", [["n 3"]], [f"n {n}" for n in range(77)])
        tick(many, "/", "7", "Enter", "1")
        found["sets, searched"] = findings(many.root)
        notebook.clear()
        numbers = weights(notebook, tmp_path / "numbers.db", [70, 80])
        found["numbers"] = findings(numbers.root)
        tick(numbers, "8", "x")
        found["numbers, wrong"] = findings(numbers.root)
    finally:
        use_theme(notebook, "JupyterLab Light")
    assert {view: what for view, what in found.items() if what} == {}


def test_hostile_labels_and_units_are_read_as_text(notebook: NotebookPage, store: Path, tmp_path: Path) -> None:
    fired = notebook.page.evaluate("() => window.fired ?? 0")
    hostile = [FIRE, "__proto__", "a\u202eb", "javascript:alert(1)"]
    card = sets(notebook, store, [hostile[:2], hostile[2:]], hostile)
    expect(card.root.get_by_role("region", name="Prediction").get_by_role("listitem").first).to_have_text(FIRE)
    tick(card, "1", "4")
    card.press("Enter")
    card.press("a")
    card.wait_for_the_end()
    expect(card.root).to_contain_text("Accepted as a[U+202E]b, javascript:alert(1).")
    card.wait_until_saved()
    assert stored(store) == {"t0": ("correct", ("__proto__", hostile[3])), "t1": ("accept", tuple(hostile[2:]))}
    notebook.clear()
    card = weights(notebook, tmp_path / "numbers.db", [70], unit=FIRE[:50])
    expect(card.root.get_by_role("region", name="Prediction")).to_contain_text(f"70 {FIRE[:50]}")
    assert card.root.locator("img, [onerror]").count() == 0
    card.wait_for_paint()
    assert notebook.page.evaluate("() => window.fired ?? 0") == fired
