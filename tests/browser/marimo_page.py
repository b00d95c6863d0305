"""A marimo notebook open in a real Chromium."""

from playwright.sync_api import BrowserContext, Locator, expect

from tests.browser.marimo_server import MarimoServer
from tests.browser.tab import Tab

OPENS_WITHIN = 60_000  # milliseconds

# After ten seconds marimo gives up on a widget of a kernel that has ended, where the next takes longer to come.
_HOSTS_OWN = ("Model not found for key: [0-9a-f]{32}",)
_TO_A_WIDGET = "**/api/kernel/set_model_value"


class MarimoPage(Tab):
    """One browser tab on a marimo server's notebook."""

    def __init__(self, context: BrowserContext, server: MarimoServer) -> None:
        super().__init__(context, hosts_own=_HOSTS_OWN)
        self.server = server

    @property
    def cells(self) -> Locator:
        return self.page.locator(".cm-content")

    def open(self) -> None:
        self.page.goto(self.server.url)
        self._wait_until_drawn()

    def reload(self) -> None:
        self.page.reload()
        self._wait_until_drawn()

    def run(self, cell: int) -> None:
        """Run a cell without waiting for it, by the key that does so."""
        self.cells.nth(cell).focus()
        self.page.keyboard.press("Control+Enter")

    def restart_kernel(self) -> None:
        """Restart the kernel by the notebook's menu, as a person would."""
        self.page.get_by_test_id("notebook-menu-dropdown").click()
        self.page.get_by_role("menuitem", name="Restart kernel").click()
        with self.page.expect_navigation():
            self.page.get_by_role("alertdialog").get_by_role("button", name="Restart").click()
        self._wait_until_drawn()

    def deafen(self) -> None:
        """From now on no message of a widget arrives: each is a request of its own here."""
        self.page.route(_TO_A_WIDGET, lambda route: route.abort())

    def undeafen(self) -> None:
        self.page.unroute(_TO_A_WIDGET)

    def _wait_until_drawn(self) -> None:
        if self.server.mode == "edit":
            expect(self.cells.first).to_be_visible(timeout=OPENS_WITHIN)
