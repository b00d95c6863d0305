"""Finds the Chromium that the browser tests drive.

As a command it prints the path, or nothing where there is none; ``--install`` asks Playwright for one first.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def installed_chromium() -> str | None:
    """The path in CHROME, else a Chromium on the PATH, else the one that Playwright keeps."""
    named = os.environ.get("CHROME") or os.environ.get("PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH")
    if named:
        return shutil.which(named)
    for name in NAMES:
        if found := shutil.which(name):
            return found
    with sync_playwright() as playwright:
        kept = playwright.chromium.executable_path
    return kept if Path(kept).is_file() else None


def main() -> None:
    found = installed_chromium()
    if found is None and "--install" in sys.argv:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], stdout=sys.stderr, check=False)
        found = installed_chromium()
    print(found or "")


if __name__ == "__main__":
    main()
