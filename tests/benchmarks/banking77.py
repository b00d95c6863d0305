"""Review a real model's answers to a bank's customers, 77 labels, in a real JupyterLab by keyboard alone.

    python -m tests.benchmarks.banking77 FOLDER                    500 decisions, some three minutes
    python -m tests.benchmarks.banking77 FOLDER --decisions 40     the short form

FOLDER, or HITL_BANKING77, has BANKING77's train.csv and test.csv (columns text, category; Casanueva et al. 2020,
CC BY 4.0, github.com/PolyAI-LDN/task-specific-datasets). They are read where they are and not part of this project.

A scripted reviewer gives the true label: the key a where the model is right, a digit where the label is among the
candidates, search and Enter elsewhere. The store must then say exactly what the script did, in the same order.
"""

import argparse
import os
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from playwright.sync_api import sync_playwright

import hitl_notebook as hitl
from tests.benchmarks.key_to_next_item import open_notebook
from tests.browser.card import Card
from tests.browser.chromium import ARGUMENTS, installed_chromium
from tests.browser.lab import Lab
from tests.browser.notebook_page import NotebookPage

REVIEW = """
import pandas as pd
import hitl_notebook as hitl
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

train, test = (pd.read_csv({folder!r} + name) for name in ("/train.csv", "/test.csv"))
model = make_pipeline(TfidfVectorizer(sublinear_tf=True), LogisticRegression(C=10, max_iter=200))
model.fit(train["text"], train["category"])
probabilities = model.predict_proba(test["text"])
predictions = pd.DataFrame({{
    "question": [f"q{{number}}" for number in test.index],
    "text": test["text"],
    "predicted": model.classes_[probabilities.argmax(axis=1)],
}})
print((predictions["predicted"] == test["category"]).mean())
"""
SESSION = """
session = hitl.ReviewSession(
    predictions, hitl.Classification(list(model.classes_)), item_id="question", prediction="predicted",
    probabilities=probabilities, show=["text"], plan=hitl.ReviewPlan(seed=0), reviewer="script", store={store!r},
    name="banking77",
)
session
"""
# What the card offers for the item on the screen: the predicted label, and the candidates that have a digit.
OFFERED = """(root) => {
  const rows = Array.from(root.querySelectorAll('[role="option"]'), (row) => ({
    label: row.querySelector(".hitl-label-text").textContent,
    key: row.querySelector("kbd").textContent,
    isPredicted: row.dataset.predicted === "true",
  }));
  return {
    predicted: rows.find(({ isPredicted }) => isPredicted)?.label ?? null,
    digits: Object.fromEntries(rows.filter(({ key }) => key !== "").map(({ label, key }) => [label, key])),
  };
}"""
ARM = """([root, before]) => window.clock.arm(() => {
  const item = root.querySelector("[data-item-id]");
  return item !== null && item.dataset.itemId !== before;
})"""


@dataclass
class Step:
    """One decision of the script: on what, with which value, by which way, and how long until the next item."""

    item_id: str
    action: str
    value: str
    way: str
    milliseconds: float


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", nargs="?", default=os.environ.get("HITL_BANKING77"), type=Path)
    parser.add_argument("--decisions", type=int, default=500)
    options = parser.parse_args()
    if options.folder is None or not all((options.folder / name).is_file() for name in ("train.csv", "test.csv")):
        parser.error(
            f"NOT RUN: no train.csv and test.csv in {options.folder}; name their folder, or set HITL_BANKING77"
        )
    folder = options.folder.resolve()
    truth = [str(label) for label in pd.read_csv(folder / "test.csv")["category"]]
    with tempfile.TemporaryDirectory() as own, Lab(Path(own) / "lab") as lab, sync_playwright() as playwright:
        store = Path(own) / "reviews.db"
        chromium = playwright.chromium.launch(executable_path=installed_chromium(), args=ARGUMENTS)
        notebook = open_notebook(chromium, lab, lab.write_notebook("banking77.ipynb"))
        right = float(notebook.printed(REVIEW.format(folder=str(folder))))
        notebook.run_new(SESSION.format(store=str(store)))
        print(f"{len(truth):,} predictions, {right:.1%} right; load {os.getloadavg()[0]:.1f}", flush=True)
        began = time.monotonic()
        steps = review(notebook, truth, options.decisions)
        seconds = time.monotonic() - began
        wrong = [*notebook.crashes, *notebook.elsewhere, *differences(steps, store)]
        other = [*steps[:-1], replace(steps[-1], value="another label")]
        assert differences(other, store), "a decision that was never made is not noticed"
        chromium.close()
    report(steps, seconds)
    for line in wrong:
        print(f"WRONG: {line}")
    print(f"{len(wrong)} errors; the store {'differs from' if wrong else 'equals'} the script")
    return 1 if wrong else 0


def review(notebook: NotebookPage, truth: list[str], decisions: int) -> list[Step]:
    """Give the true label to as many items as asked for, each after it was painted."""
    card = Card(notebook)
    card.item.wait_for()
    card.focus()
    card.wait_for_paint()
    steps = []
    for _ in range(decisions):
        item_id = card.item_id
        assert item_id is not None, "there is no item on the screen"
        label = truth[int(item_id[1:])]
        offered = card.root.evaluate(OFFERED)
        if label == offered["predicted"]:
            way, key = "accept", "a"
        elif label in offered["digits"]:
            way, key = "digit", offered["digits"][label]
        else:
            way, key = "search", "Enter"
            card.page.keyboard.press("/")
            card.page.keyboard.type(label)
        card.page.evaluate(ARM, [card.root.element_handle(), item_id])
        card.page.keyboard.press(key)
        card.wait_until_moved_on(item_id)
        milliseconds = float(card.page.evaluate("() => window.clock.reading"))
        steps.append(Step(item_id, "accept" if way == "accept" else "correct", label, way, milliseconds))
    card.wait_until_saved()
    return steps


def differences(steps: list[Step], store: Path) -> list[str]:
    """Where the store does not say what the script did: items, actions, values and their order."""
    with hitl.ReviewSession.open(store, name="banking77") as session:
        log, decisions = session.log, session.decisions
    events = log.loc[log["kind"] == "decide", ["item_id", "action", "value"]].to_numpy().tolist()
    standing = decisions[["item_id", "action", "value"]].to_numpy().tolist()
    done = [[step.item_id, step.action, step.value] for step in steps]
    found = [] if len({step.item_id for step in steps}) == len(steps) else ["an item was asked twice"]
    for name, rows in (("log", events), ("decisions", standing)):
        if len(rows) != len(done):
            found.append(f"{name}: {len(rows)} rows for {len(done)} decisions")
        pairs = zip(rows, done, strict=False)
        found += [f"{name}, {place}: {row}, not {own}" for place, (row, own) in enumerate(pairs) if row != own]
    return found


def report(steps: list[Step], seconds: float) -> None:
    print(f"{len(steps)} decisions in {seconds:.0f} s, load {os.getloadavg()[0]:.1f}; key to next item, milliseconds")
    print(f"{'':<10}{'n':>6}{'p50':>8}{'p95':>8}{'most':>8}")
    for way in ("accept", "digit", "search", "all"):
        times = [step.milliseconds for step in steps if way in (step.way, "all")]
        if times:
            middle, high = np.percentile(times, [50, 95])
            print(f"{way:<10}{len(times):>6}{middle:>8.1f}{high:>8.1f}{max(times):>8.1f}")


if __name__ == "__main__":
    sys.exit(main())
