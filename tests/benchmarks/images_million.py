"""Review a million images by path in a real JupyterLab: the start, fifty decisions, the kernel's memory.

    python -m tests.benchmarks.images_million                        some two minutes
    python -m tests.benchmarks.images_million --rows 10000 --decisions 10

The files are 3,000 small PNGs, whose paths repeat. One file is missing and one is broken: both are asked early and must
be reviewable. A path that leads out of the root, in the middle of the frame, must be refused.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import sync_playwright
from sklearn.datasets import load_digits

from tests.benchmarks.key_to_next_item import open_notebook
from tests.browser.card import Card
from tests.browser.chromium import ARGUMENTS, installed_chromium
from tests.browser.lab import Lab
from tests.browser.notebook_page import NotebookPage

FILES = 3_000
MOST_LOOKS = 20_000  # at the first thousand paths, part by part, and at what the store and the first items need
MISSING, BROKEN = 5, 6  # rows
FRAME = """
import os, resource, time
import numpy as np
import pandas as pd
import hitl_notebook as hitl
import hitl_notebook.widgets

def memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

def review(frame, store, name):
    return hitl.ReviewSession(
        frame, hitl.Classification(range(10)), item_id="id", prediction="predicted", confidence="p",
        show=[hitl.fields.Image("path", root={root!r})], plan=hitl.ReviewPlan(order="given"), reviewer="script",
        store=store, name=name,
    )

row = np.arange({rows})
files = np.array([f"{{n % 30:02}}/{{n}}.png" for n in range({files})], dtype=object)
frame = pd.DataFrame({{
    "id": [f"i{{n}}" for n in row],
    "path": files[row % {files}],
    "predicted": row % 10,
    "p": np.linspace(0.5, 1, {rows}),
}})
frame.loc[{missing}, "path"] = "00/missing.png"
frame.loc[{broken}, "path"] = "broken.png"
review(frame[:10], ":memory:", "imports").close()  # imports are no part of the start
before = memory()
"""
# Looks at the disk are counted: a start that looked at every file would take minutes on a file server.
START = """
looks = 0
kept = {{name: getattr(os, name) for name in ("stat", "lstat", "readlink")}}
def counting(look):
    def counted(*arguments, **options):
        global looks
        looks += 1
        return look(*arguments, **options)
    return counted
for name, look in kept.items():
    setattr(os, name, counting(look))
began, worked = time.perf_counter(), time.process_time()
session = review(frame, {store!r}, "images")
session.widget
seconds, processor = time.perf_counter() - began, time.process_time() - worked
for name, look in kept.items():
    setattr(os, name, look)
import json
print(json.dumps({{"seconds": seconds, "processor": processor, "looks": looks, "frame": before, "start": memory()}}))
"""
OUTSIDE = """
try:
    review(frame.assign(path=frame["path"].where(row != {rows} // 2, "../outside.png")), ":memory:", "outside")
except hitl.errors.BadColumn as error:
    print(error)
"""
ARM = """([root, before]) => window.clock.arm(() => {
  const item = root.querySelector("[data-item-id]");
  if (item === null || item.dataset.itemId === before) return false;
  const picture = item.querySelector("img");
  return picture?.complete === true || item.textContent.includes("cannot be shown");
})"""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--decisions", type=int, default=50)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as own, Lab(Path(own) / "lab") as lab, sync_playwright() as playwright:
        root = Path(own) / "images"
        write_images(root)
        chromium = playwright.chromium.launch(executable_path=installed_chromium(), args=ARGUMENTS)
        notebook = open_notebook(chromium, lab, lab.write_notebook("images.ipynb"))
        names = {"rows": options.rows, "files": FILES, "missing": MISSING, "broken": BROKEN, "root": str(root)}
        notebook.run_new(FRAME.format(**names))
        start = json.loads(notebook.printed(START.format(store=str(Path(own) / "reviews.db"))))
        refusal = notebook.printed(OUTSIDE.format(**names))
        notebook.run_new("session")
        times, unshown = review(notebook, options.decisions)
        decided = json.loads(notebook.printed("print(json.dumps(list(session.decisions['item_id'])))"))
        end = int(notebook.printed("print(memory())"))
        wrong = [*notebook.crashes, *notebook.elsewhere]
        chromium.close()
    if decided != [f"i{row}" for row in range(options.decisions)]:
        wrong.append(f"decided were {decided}")
    if unshown != [f"i{MISSING}", f"i{BROKEN}"]:
        wrong.append(f"placeholders stood for {unshown}")
    if start["looks"] > MOST_LOOKS:
        wrong.append(f"the start took {start['looks']:,} looks at the disk, of {MOST_LOOKS:,} at most")
    if "outside of root=" not in refusal:
        wrong.append(f"the path outside of the root was not refused: {refusal!r}")
    middle, high = np.percentile(times, [50, 95])
    print(f"{options.rows:,} rows, {FILES:,} files; load {os.getloadavg()[0]:.1f}")
    print(
        f"start       {start['seconds']:.1f} s on top of the frame, {start['processor']:.1f} s of them processor time"
    )
    print(f"            {start['looks']:,} looks at the disk")
    print(f"memory      {start['frame']:,} MiB with the frame, {start['start']:,} started, {end:,} at the end")
    print(f"decisions   {len(times)}; key to next image, milliseconds: p50 {middle:.1f}, p95 {high:.1f}")
    print(f"refused     {refusal[:110]}")
    for line in wrong:
        print(f"WRONG: {line}")
    return 1 if wrong else 0


def write_images(root: Path) -> None:
    digits = load_digits().images
    for number in range(FILES):
        file = root / f"{number % 30:02}" / f"{number}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        picture = np.uint8(255 - digits[number % len(digits)] * 15)
        Image.fromarray(picture).resize((64, 64)).save(file)
    (root / "broken.png").write_bytes((root / "00/0.png").read_bytes()[:60])


def review(notebook: NotebookPage, decisions: int) -> tuple[list[float], list[str]]:
    """Accept as many items as asked for; milliseconds to each next picture, and the items that had a placeholder."""
    card = Card(notebook)
    card.item.wait_for()
    card.focus()
    card.wait_for_paint()
    times, unshown = [], []
    for _ in range(decisions):
        item_id = card.item_id
        assert item_id is not None, "there is no item on the screen"
        if "cannot be shown" in card.item.inner_text():
            unshown.append(item_id)
        card.page.evaluate(ARM, [card.root.element_handle(), item_id])
        card.page.keyboard.press("a")
        card.wait_until_moved_on(item_id)
        times.append(float(card.page.evaluate("() => window.clock.reading")))
    card.wait_until_saved()
    return times, unshown


if __name__ == "__main__":
    sys.exit(main())
