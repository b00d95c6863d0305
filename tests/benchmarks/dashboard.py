"""Time from one more decision to the painted chart, with 100,000 decisions in the store, in a real JupyterLab.

    python -m tests.benchmarks.dashboard           each tab, a hundred decisions in all: about ten minutes
    python -m tests.benchmarks.dashboard --short   the tab that opens first, ten decisions

A card and a dashboard are on one page, and each decision is a key pressed on the card. Times are from that key: to the
next item on the screen, with and without the dashboard beside it, and to the frame in which a chart of the open tab has
changed. Under a load above the number of cores they say little.
"""

import argparse
import os
import random
import tempfile
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, sync_playwright

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
import altair
from tests.benchmarks.session_100k import frame, opened
session = opened(frame(), {{store!r}})
session
"""
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
WAIT_FOR_BOTH = """() => {
  const pressed = new Promise((resolve) => {
    window.addEventListener('keydown', (event) => resolve(event.timeStamp), { capture: true, once: true });
  });
  const changes = (element, options, isIt = () => true) => new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (!isIt()) return;
      observer.disconnect();
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = async () => resolve(performance.now() - await pressed);
        port2.postMessage(null);
      });
    });
    for (const one of element) observer.observe(one, options);
  });
  const card = document.querySelector('[data-hitl="review"]');
  const itemOf = () => card.querySelector('[data-item-id]')?.dataset.itemId;
  const before = itemOf();
  const everything = { subtree: true, childList: true, attributes: true, characterData: true };
  window.nextItem = changes([card], everything, () => itemOf() !== before);
  window.chart = changes(document.querySelectorAll('[data-hitl="dashboard"] .hitl-place'), everything);
}"""
WITHIN = 30_000  # milliseconds


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--short", action="store_true", help="the tab that opens first, ten decisions")
    is_short = parser.parse_args().short
    with tempfile.TemporaryDirectory() as folder, Lab(Path(folder) / "lab") as lab, sync_playwright() as playwright:
        store = str(Path(folder) / "reviews.db")
        with opened(frame(), store) as session:
            fill(session)
        chromium = playwright.chromium.launch(executable_path=installed_chromium(), args=ARGUMENTS)
        print(f"{DECISIONS:,} decisions, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before", flush=True)
        measure(open_notebook(chromium, lab), store, decisions=10 if is_short else 100, every_tab=not is_short)
        print(f"load {os.getloadavg()[0]:.1f} after")
        chromium.close()


def open_notebook(chromium: Browser, lab: Lab) -> NotebookPage:
    # As tall as it takes: what is not on the screen is not computed.
    context = chromium.new_context(viewport={"width": 1280, "height": 2600})
    notebook = NotebookPage(context, lab)
    notebook.open(lab.write_notebook("dashboard.ipynb"))
    return notebook


def measure(notebook: NotebookPage, store: str, *, decisions: int, every_tab: bool) -> None:
    thinking = random.Random(0)
    notebook.run_new(SESSION.format(store=store))
    card = Card(notebook)
    card.item.wait_for(timeout=WITHIN)
    print_row("key to next item, without a dashboard", [next_item(card, thinking) for _ in range(decisions)])
    for what in ("cell to first chart, all decisions read first", "cell to first chart, run again"):
        notebook.page.evaluate(FIRST_CHART)
        notebook.run_new("board = session.dashboard()\nboard")
        print_row(what, [notebook.page.evaluate("() => window.firstChart")])
        notebook.run_new("board.close()")
    notebook.run_new("board = session.dashboard()\nboard")
    board = notebook.page.locator('[data-hitl="dashboard"]')
    board.locator("svg").first.wait_for(timeout=WITHIN)
    tabs = board.get_by_role("tab").all_inner_texts()
    for tab in tabs if every_tab else tabs[:1]:
        board.get_by_role("tab", name=tab).click()
        board.locator("svg").first.wait_for(timeout=WITHIN)
        notebook.page.wait_for_timeout(3_000)
        both = [both_times(card, thinking) for _ in range(decisions // (len(tabs) if every_tab else 1))]
        print_row(f"key to next item, beside {tab}", [item for item, _ in both])
        print_row(f"key to painted chart, {tab}", [chart for _, chart in both])


def next_item(card: Card, thinking: random.Random) -> float:
    card.focus()
    card.page.wait_for_timeout(thinking.uniform(300, 600))
    card.page.evaluate(WAIT_FOR_BOTH)
    card.page.keyboard.press("a")
    return float(card.page.evaluate("() => window.nextItem"))


def both_times(card: Card, thinking: random.Random) -> tuple[float, float]:
    card.page.wait_for_timeout(thinking.uniform(1_000, 2_000))
    return next_item(card, thinking), float(card.page.evaluate("() => window.chart"))


def print_row(what: str, milliseconds: list[float]) -> None:
    middle, high = np.percentile(milliseconds, [50, 95])
    print(f"{what:<45}{middle:>8.0f} ms median{high:>8.0f} ms p95{len(milliseconds):>6} times", flush=True)


if __name__ == "__main__":
    main()
