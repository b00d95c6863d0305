"""A Chromium with a profile, as a person has one, and its own log of what it looked up.

No request comes of a name that is looked up ahead, so Playwright does not hear of it; and without a profile Chromium
looks up nothing ahead.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext

from tests.browser.chromium import ARGUMENTS, installed_chromium

_LOOK_UP = "HOST_RESOLVER_MANAGER_REQUEST"


@contextmanager
def logged_window(chromium: Browser, log: Path) -> Iterator[BrowserContext]:
    """A window of a browser of its own, of the same kind; the log is whole once it is closed."""
    window = chromium.browser_type.launch_persistent_context(
        log.with_suffix(".profile"),
        executable_path=installed_chromium(),
        args=[*ARGUMENTS, f"--log-net-log={log}"],
        viewport={"width": 1280, "height": 900},
    )
    try:
        yield window
    finally:
        window.close()


def looked_up(log: Path) -> set[str]:
    """Every host whose address the browser wanted to know, for whatever reason."""
    logged = json.loads(log.read_text())
    names = {number: name for name, number in logged["constants"]["logEventTypes"].items()}
    wanted = [event["params"] for event in logged["events"] if names[event["type"]] == _LOOK_UP and "params" in event]
    return {re.sub(r"^\w+://|:\d+$", "", params["host"]) for params in wanted if "host" in params}
