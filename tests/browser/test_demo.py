"""The demo as its command opens it: nothing lies over the card, and the user's own settings are as they were."""

import json
import re
import sys
from pathlib import Path

from playwright.sync_api import BrowserContext, expect

from tests.browser.card import Card
from tests.browser.server import Server
from tests.browser.tab import Tab

NEWS = "official Jupyter news"


class Demo(Server):
    """The demo, for a user whose own settings are in the server's folder."""

    def __init__(self, folder: Path, *, notifications: dict[str, object] | None = None) -> None:
        super().__init__(folder)
        self.settings = folder / "settings" / "@jupyterlab/apputils-extension/notification.jupyterlab-settings"
        if notifications is not None:
            self.settings.parent.mkdir(parents=True)
            self.settings.write_text(json.dumps(notifications))
        command = [
            *(sys.executable, "-m", "hitl_notebook.cli", "demo", "--no-browser"),
            *("--port", str(self.port), "--directory", str(folder / "demo")),
        ]
        own = {
            "JUPYTER_CONFIG_DIR": "home",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "spaces",
        }
        self._start(command, {name: str(folder / place) for name, place in own.items()}, answers="api")

    @property
    def address(self) -> str:
        found = re.search(r"http://\S+token=\w+", self.log())
        assert found is not None
        return found[0]


def test_no_question_lies_over_the_card(context: BrowserContext, tmp_path: Path) -> None:
    with Demo(tmp_path / "demo") as demo:
        tab = Tab(context)
        tab.page.goto(demo.address)
        tab.page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=60_000)
        tab.page.get_by_role("menuitem", name="Run", exact=True).click()
        tab.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        Card(tab).item.wait_for(timeout=60_000)
        expect(tab.page.get_by_text(NEWS)).to_have_count(0)
        assert tab.elsewhere == []
        assert not demo.settings.exists()
        tab.close()


def test_what_the_user_has_settled_counts_for_more(context: BrowserContext, tmp_path: Path) -> None:
    with Demo(tmp_path / "demo", notifications={"fetchNews": "none"}) as demo:
        tab = Tab(context)
        tab.page.goto(demo.address)
        tab.page.get_by_text(NEWS).wait_for(timeout=60_000)
        tab.close()
