"""What the benchmark times on one page: the review card, and what it is measured against.

Each is a notebook cell that shows something, a way to press, and a JavaScript test for "item n is on the screen".
"""

import json
import re
from dataclasses import dataclass, field
from itertools import product, zip_longest
from pathlib import Path

from tests.browser.notebook_page import NotebookPage

EMPTY_FRAME = """
from IPython.display import HTML
HTML('''<div id="frame" tabindex="0" data-lm-suppress-shortcuts="true">item-0</div>''')
"""
# A script in an output does not run in every host, so the page itself gets the listener.
EMPTY_FRAME_LISTENER = """() => {
  const frame = document.querySelector('#frame');
  let item = 0;
  frame.addEventListener('keydown', (event) => {
    event.stopPropagation();
    item += 1;
    frame.textContent = `item-${item}`;
  });
}"""
ROUND_TRIP = """
import anywidget
class RoundTrip(anywidget.AnyWidget):
    _esm = '''export default { render({ model, el }) {
        const root = document.createElement("div");
        root.id = "round-trip"; root.tabIndex = 0; root.dataset.lmSuppressShortcuts = "true";
        root.textContent = "item-0";
        root.addEventListener("keydown", (event) => { event.stopPropagation(); model.send({}); });
        model.on("msg:custom", (message) => { root.textContent = message.text; });
        el.append(root);
    } }'''
    def __init__(self):
        super().__init__()
        self.item = 0
        self.on_msg(self.answer)
    def answer(self, widget, content, buffers):
        self.item += 1
        self.send({"text": f"item-{self.item}"})
RoundTrip()
"""
OUTPUT_LOOP = """
import ipywidgets
from IPython.display import clear_output, display
texts = [f"item-{n} " + "it does not print. " * (n % 7 + 1) for n in range(1000)]
position, decided = 0, []
output = ipywidgets.Output()
def show():
    with output:
        clear_output(wait=True)
        print(texts[position])
def decide(button):
    global position
    decided.append(position)
    position += 1
    show()
buttons = [ipywidgets.Button(description=label) for label in ("bug", "wish", "question")]
for button in buttons:
    button.on_click(decide)
show()
display(ipywidgets.VBox([output, ipywidgets.HBox(buttons)]).add_class("output-loop"))
"""
# Their two seconds an item pass only while it is their turn, so that they stand in nobody else's way.
EXPLAINERS = """
import os, time
class Explaining:
    def __init__(self, turn, work):
        self.turn, self.work = turn, work
    def explain(self, rows):
        for _ in range(len(rows)):
            spent = 0
            while spent < 2:
                if not os.path.exists(self.turn):
                    time.sleep(0.01)
                    continue
                began = time.monotonic()
                self.work()
                spent += time.monotonic() - began
        return [{f"speaks for item {n}": 0.5} for n in rows["number"]]
def wait(): time.sleep(0.01)
def compute(): sum(n * n for n in range(20_000))
"""
REVIEW = """
import numpy as np
import pandas as pd
import hitl_notebook as hitl
items, content = {items}, "{content}"
shown = np.random.default_rng(0).integers(0, 255, (items, 8, 8), dtype="uint8") if content == "image" else None
frame = pd.DataFrame({{
    "number": np.arange(items),
    "shown": list(shown) if shown is not None else [f"item-{{n}} it does not print." for n in range(items)],
    "said": np.array(["bug", "wish", "question"])[np.arange(items) % 3],
    "p": np.linspace(0.5, 1, items),
}})
{session} = hitl.ReviewSession(
    frame, hitl.Classification(["bug", "wish", "question"]), item_id="number", prediction="said", confidence="p",
    show=["shown"], plan=hitl.ReviewPlan(order="given"), reviewer="ada", store={store!r}, name="{session}",
    explanation={explanation},
)
{session}
"""


@dataclass
class Contestant:
    """Something on the page that shows item after item."""

    name: str
    notebook: NotebookPage
    selector: str
    is_there: str
    """The body of a JavaScript function of ``root`` and ``item``: whether that item is on the screen."""
    waits_for_kernel: bool = False
    button: str | None = None
    """What is clicked; left out, the key ``a`` is pressed."""
    decided: str | None = None
    """An expression in the kernel: the numbers of the items that were decided, in order."""
    explained: str | None = None
    """An expression in the kernel: how many of its items were explained before they were decided."""
    turn: Path | None = None
    """A file that is there only while it is the contestant's turn."""
    pressed_on: list[int] = field(default_factory=list)
    """The number of the item that was on the screen at each press."""

    def aim(self) -> None:
        """Bring the contestant into view and the keyboard to it: its turn begins."""
        if self.turn is not None:
            self.turn.touch()
        root = self.notebook.page.locator(self.selector)
        root.scroll_into_view_if_needed()
        if self.button is None:
            root.focus()

    def leave(self) -> None:
        """Its turn is over."""
        if self.turn is not None:
            self.turn.unlink()

    def press(self) -> None:
        page = self.notebook.page
        self.pressed_on.append(self.on_screen())
        page.evaluate(
            f"""([selector, item]) => window.clock.arm(() => {{
              const root = document.querySelector(selector);
              {self.is_there}
            }})""",
            [self.selector, self.pressed_on[-1] + 1],
        )
        if self.button is None:
            page.keyboard.press("a")
        else:
            page.locator(self.button).click()

    def reading(self) -> float:
        """Milliseconds from the last press to the paint of the item after the one that was pressed on."""
        return float(self.notebook.page.evaluate("() => window.clock.reading"))

    def misplaced(self) -> int | None:
        """How many presses did not decide the item that was on the screen, once each; None where nothing is decided."""
        if self.decided is None:
            return None
        decided = json.loads(self.notebook.printed(f"print({self.decided})"))
        pairs = zip_longest(self.pressed_on, decided)
        return sum(pressed != stored for pressed, stored in pairs)

    def explanations(self) -> int | None:
        """How many came before the key, once that of the item on the screen is there; None without an explainer."""
        if self.explained is None:
            return None
        self.aim()
        card = self.notebook.page.locator(self.selector)
        said = card.get_by_text(f"speaks for item {self.on_screen()}", exact=True)
        said.wait_for(timeout=EXPLAINED_WITHIN)
        self.leave()
        return int(self.notebook.printed(f"print({self.explained})"))

    def on_screen(self) -> int:
        """The number of the item that is shown."""
        root = self.notebook.page.locator(self.selector)
        item = root.locator("[data-item-id]")
        if item.count():
            return int(item.get_attribute("data-item-id") or "")
        found = re.search(r"item-(\d+)", root.text_content() or "")
        assert found is not None, f"{self.name} shows no item"
        return int(found[1])


EXPLAINED_WITHIN = 60_000  # milliseconds

_NAMED_IN_TEXT = "return new RegExp(`item-${item}(?![0-9])`).test(root.textContent);"
_PICTURED = """
  const card = root.querySelector("[data-item-id]");
  const picture = card?.querySelector("img, canvas") ?? null;
  return card?.dataset.itemId === String(item) && picture !== null && picture.complete !== false;
"""


def line_up(notebook: NotebookPage, store: Path, *, sizes: list[int], explainers: bool = False) -> list[Contestant]:
    """Everything that is timed, on one page."""
    page = notebook.page
    notebook.run_new(EMPTY_FRAME)
    page.locator("#frame").wait_for()
    page.evaluate(EMPTY_FRAME_LISTENER)
    notebook.run_new(ROUND_TRIP)
    notebook.run_new(OUTPUT_LOOP)
    contestants = [
        Contestant("an empty frame", notebook, "#frame", _NAMED_IN_TEXT),
        Contestant("a kernel round trip", notebook, "#round-trip", _NAMED_IN_TEXT, waits_for_kernel=True),
        Contestant(
            "ipywidgets buttons and Output",
            notebook,
            ".output-loop",
            _NAMED_IN_TEXT,
            waits_for_kernel=True,
            button=".output-loop button >> nth=0",
            decided="decided",
        ),
    ]
    for size, content in product(sizes, ("text", "image")):
        options = {"items": size, "content": content, "explanation": "None"}
        contestants.append(_review(notebook, store, f"{content}_{size}", f"{content}, {size:,} items", options))
    if explainers:
        notebook.run_new(EXPLAINERS)
        for work in ("wait", "compute"):
            turn = store.with_name(f"turn to {work}")
            options = {"items": 1_000, "content": "text", "explanation": f"Explaining({str(turn)!r}, {work})"}
            one = _review(notebook, store, f"explained_{work}", f"text, an explainer {work}s 2 s an item", options)
            one.turn, one.explained = turn, f"int(explained_{work}.decisions['explained'].sum())"
            contestants.append(one)
    return contestants


def _review(notebook: NotebookPage, store: Path, session: str, name: str, options: dict[str, object]) -> Contestant:
    notebook.run_new(REVIEW.format(session=session, store=str(store), **options))
    card = notebook.page.locator('[data-hitl="review"]').last
    card.wait_for()
    card.evaluate("(root, session) => { root.closest('.jp-OutputArea').id = session; }", session)
    return Contestant(
        f"hitl_notebook, {name}",
        notebook,
        f'#{session} [data-hitl="review"]',
        _PICTURED if options["content"] == "image" else _NAMED_IN_TEXT,
        decided=f"[int(n) for n in {session}.log.query('kind == \"decide\"')['item_id']]",
    )
