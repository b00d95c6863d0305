"""Time from one more decision to the painted chart, with 100,000 decisions in the store, in a real JupyterLab.

    python -m tests.benchmarks.dashboard           each tab, twenty decisions on each: about ten minutes
    python -m tests.benchmarks.dashboard --short   the tab that opens first, ten decisions

The first chart is timed in two kernels of their own, from the cell that asks for the dashboard to the frame that shows
a chart, the session being open and its card on the page for some seconds, in which the session reads its decisions as
a table: "cold" where nothing else was imported, "warm" where the packages were. In both, nothing was computed or drawn
before; "again" is the same cell a second time.

Then a card and a dashboard are on one page, and each decision is a key pressed on the card, every other one on an item
that another reviewer has decided. Times are from that key: to the next item on the screen and to the word that the
decision is saved, with and without the dashboard beside it, and to the frames in which the first chart of the open tab
and the last of them have changed. Not every decision changes each: to agree with who agreed with the model changes no
count of items, and what cannot be seen of a change is drawn in the first moment without news, a second later or more.
Charts that have not changed within 1.2 s are not among the times.

Under a load above the number of cores they say little; nor do they on a virtual machine whose host gives part of its
processors to others, which is printed where Linux tells it.
"""

import argparse
import os
import random
import tempfile
from math import isfinite, nan
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, sync_playwright

from tests.benchmarks.key_to_next_item import processor_ticks, taken_by_the_host
from tests.benchmarks.session_100k import fill, frame, opened
from tests.benchmarks.store_100k import DECISIONS
from tests.browser.card import Card
from tests.browser.chromium import ARGUMENTS, installed_chromium
from tests.browser.lab import Lab
from tests.browser.notebook_page import NotebookPage

ROOT = Path(__file__).parents[2]
SESSION = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from tests.benchmarks.session_100k import frame, opened
session = opened(frame(), {{store!r}})
session
"""
PACKAGES = "import altair, scipy.special\nimport hitl_notebook.charts, hitl_notebook.figures, hitl_notebook.widgets"
DASHBOARD = "board = session.dashboard()\nboard"
# The clock of the page, from the call: until the first chart of the dashboard is painted.
FIRST_CHART = """() => {
  const began = performance.now();
  window.firstChart = new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (!document.querySelector('[data-hitl="dashboard"] svg .mark-group')) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)));
    });
    observer.observe(document, { subtree: true, childList: true });
  });
}"""
# Each resolves in the first task after the frame that shows what it waits for.
WAIT_FOR_ALL = """() => {
  const pressed = new Promise((resolve) => {
    window.addEventListener('keydown', (event) => resolve(event.timeStamp), { capture: true, once: true });
  });
  const changes = (element, options, isIt = () => true, within = 2_500) => new Promise((resolve) => {
    setTimeout(() => resolve(Infinity), within);
    const observer = new MutationObserver(() => {
      if (!isIt()) return;
      observer.disconnect();
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = async () => resolve(performance.now() - await pressed);
        port2.postMessage(null);
      });
    });
    observer.observe(element, options);
  });
  const card = document.querySelector('[data-hitl="review"]');
  const itemOf = () => card.querySelector('[data-item-id]')?.dataset.itemId;
  const before = itemOf();
  const everything = { subtree: true, childList: true, attributes: true, characterData: true };
  window.nextItem = changes(card, everything, () => itemOf() !== before);
  window.saved = changes(card, { attributeFilter: ['data-saved'] }, () => card.dataset.saved === 'true');
  const places = [...document.querySelectorAll('[data-hitl="dashboard"] .hitl-place')];
  window.charts = Promise.all(places.map((place) => changes(place, everything, undefined, 1_200)));
}"""
WITHIN = 30_000  # milliseconds
LOOKED_AT = 5_000  # milliseconds in which somebody looks at a card before asking for charts


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--short", action="store_true", help="the tab that opens first, ten decisions")
    parser.add_argument("--decisions", type=int, default=20, help="on each tab (%(default)s)")
    parser.add_argument("--tab", action="append", help="repeatable; left out, each tab")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Lab(Path(folder) / "lab") as lab, sync_playwright() as playwright:
        store = str(Path(folder) / "reviews.db")
        with opened(frame(), store) as session:
            fill(session)
        chromium = playwright.chromium.launch(executable_path=installed_chromium(), args=ARGUMENTS)
        before, ticks = os.getloadavg()[0], processor_ticks()
        print(f"{DECISIONS:,} decisions, {os.cpu_count()} cores, milliseconds", flush=True)
        for kernel, packages in (("cold", "pass"), ("warm", PACKAGES)):
            notebook = open_notebook(chromium, lab, kernel)
            notebook.run_new(SESSION.format(store=store))
            card = Card(notebook)
            card.item.wait_for(timeout=WITHIN)
            notebook.run_new(packages)
            notebook.page.wait_for_timeout(LOOKED_AT)
            for what in (f"first chart of a {kernel} kernel", f"first chart again, {kernel}"):
                print_row(f"cell to {what}", [first_chart(notebook)])
                notebook.run_new("board.close()")
            if kernel == "cold":
                notebook.close()
        measure(notebook, card, 10 if options.short else options.decisions, options.tab, is_short=options.short)
        taken = taken_by_the_host(ticks, processor_ticks())
        print(f"load {before:.1f} before, {os.getloadavg()[0]:.1f} after{taken}")
        chromium.close()


def open_notebook(chromium: Browser, lab: Lab, name: str) -> NotebookPage:
    # As tall as it takes: what is not on the screen is not computed.
    context = chromium.new_context(viewport={"width": 1280, "height": 2600})
    notebook = NotebookPage(context, lab)
    notebook.open(lab.write_notebook(f"{name}.ipynb"))
    return notebook


def first_chart(notebook: NotebookPage) -> float:
    cell = notebook.add(DASHBOARD)
    notebook.page.evaluate(FIRST_CHART)
    notebook.run(cell)
    return float(notebook.page.evaluate("() => window.firstChart"))


def measure(notebook: NotebookPage, card: Card, decisions: int, wanted: "list[str] | None", *, is_short: bool) -> None:
    thinking = random.Random(0)
    print_rows("without a dashboard", [times(card, thinking) for _ in range(decisions)])
    notebook.run_new(DASHBOARD)
    board = notebook.page.locator('[data-hitl="dashboard"]')
    board.locator("svg").first.wait_for(timeout=WITHIN)
    tabs = board.get_by_role("tab").all_inner_texts()
    for tab in wanted or (tabs[:1] if is_short else tabs):
        board.get_by_role("tab", name=tab).click()
        board.locator("svg").first.wait_for(timeout=WITHIN)
        notebook.page.wait_for_timeout(3_000)
        print_rows(f"beside {tab}", [times(card, thinking) for _ in range(decisions)])


def times(card: Card, thinking: random.Random) -> list[float]:
    """From one key to the next item, to the decision being saved, and to the first and the last chart that changed."""
    card.focus()
    card.page.wait_for_timeout(thinking.uniform(1_000, 2_000))
    card.page.evaluate(WAIT_FOR_ALL)
    card.page.keyboard.press("a")
    moved, saved = (float(card.page.evaluate(f"() => window.{what}")) for what in ("nextItem", "saved"))
    charts = [float(at) for at in card.page.evaluate("() => window.charts") if isfinite(at)]
    return [moved, saved, min(charts, default=nan), max(charts, default=nan)]


def print_rows(where: str, readings: list[list[float]]) -> None:
    for what, column in zip(
        ("next item", "saved", "first chart", "last chart"), zip(*readings, strict=True), strict=True
    ):
        if any(map(isfinite, column)):
            print_row(f"key to {what}, {where}", column)


def print_row(what: str, milliseconds: "list[float] | tuple[float, ...]") -> None:
    seen = [reading for reading in milliseconds if isfinite(reading)]
    middle, high = np.percentile(seen, [50, 95])
    print(f"{what:<45}{middle:>8.0f} median{high:>8.0f} p95{len(seen):>6} times", flush=True)


if __name__ == "__main__":
    main()
