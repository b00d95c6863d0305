"""Kill a kernel twenty times under a reviewer in a real browser, and count what the store has.

python -m tests.browser.campaign --kills 20 --seed 1
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.chromium import ARGUMENTS, installed_chromium
from tests.browser.kernel_kills import review_under_kills
from tests.browser.lab import Lab
from tests.browser.notebook_page import NotebookPage


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, Lab(Path(folder) / "lab") as lab, sync_playwright() as playwright:
        lab.use_subshells(False)
        chromium = playwright.chromium.launch(executable_path=installed_chromium(), args=ARGUMENTS)
        notebook = NotebookPage(chromium.new_context(), lab)
        notebook.open(lab.write_notebook("campaign.ipynb"))
        report = review_under_kills(notebook, Path(folder) / "reviews.db", kills=options.kills, seed=options.seed)
        chromium.close()
    print(
        f"{options.kills} kills in {time.monotonic() - began:.0f} s: {len(report.decided)} decisions, "
        f"{report.pending_at_kill} of them not acknowledged when the kernel died; "
        + ", ".join(f"{len(getattr(report, name))} {name}" for name in ("lost", "doubled", "invented", "altered"))
        + f"; the store is {'damaged' if report.damage else 'whole'}"
    )
    for name, found in report.faults.items():
        print(f"{name}: {', '.join(found)}")
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
