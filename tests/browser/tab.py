"""A browser tab on a notebook, whatever serves it: what it asked the network for, and what broke in it."""

import re
from collections.abc import Collection

from playwright.sync_api import BrowserContext, Dialog, Error, Page, Route, WebSocket

from tests.browser.trap import LISTEN

SOON = 60_000  # milliseconds: on a busy machine hosts and kernels take their own time
_ELSEWHERE = re.compile(r"^(?!(https?|wss?)://127\.0\.0\.1[:/]|data:|blob:)")
_SOCKETS = """
  window.sockets = [];
  window.isDeaf = false;
  window.isCutOff = false;
  window.WebSocket = class extends WebSocket {
    constructor(where, ...more) {
      super(window.isCutOff ? 'ws://127.0.0.1:1/' : where, ...more);
      window.sockets.push(this);
    }
    send(data) { if (!window.isDeaf) super.send(data); }
  };
"""


class Tab:
    """One tab in Chromium, in which every request that would leave this machine is stopped and noted.

    ``hosts_own`` are patterns of whole errors that the host throws by itself, whatever is shown; the same words out of
    a widget's code are none of them.
    """

    def __init__(self, context: BrowserContext, *, hosts_own: Collection[str] = ()) -> None:
        self.page: Page = context.new_page()
        self.page.set_default_timeout(SOON)
        self.page.set_default_navigation_timeout(90_000)
        self.elsewhere: list[str] = []
        self.crashes: list[str] = []
        self.page.route(_ELSEWHERE, self._stay_here)
        self.page.on("websocket", self._note_socket)
        self.asked_before_leaving = False
        self.page.on("dialog", self._leave)
        self.page.add_init_script(_SOCKETS)
        self.page.add_init_script(LISTEN)
        self._hosts_own = hosts_own
        self.page.on("pageerror", self._note_crash)

    def bring_to_front(self) -> None:
        """As a person looks at it: Chromium draws what stands behind another tab once a second."""
        self.page.bring_to_front()

    def deafen(self) -> None:
        """From now on nothing that the page sends to the kernel arrives, and the page does not notice."""
        self.page.evaluate("() => { window.isDeaf = true; }")

    def drop_connection(self) -> None:
        """Close the connection to the kernel; the host makes a new one, which hears again."""
        self.page.evaluate("() => { window.isDeaf = window.isCutOff = false; }")
        self._close_sockets()

    def cut_off(self) -> None:
        """Close the connection to the kernel, and let the host make no other before ``reconnect``."""
        self.page.evaluate("() => { window.isCutOff = true; }")
        self._close_sockets()

    def _close_sockets(self) -> None:
        self.page.evaluate("() => { for (const socket of window.sockets) socket.close(); }")

    def outbox(self) -> list[str]:
        """The events that this browser keeps because no store has acknowledged them."""
        kept: list[str] = self.page.evaluate(
            "() => Object.keys(localStorage).filter((key) => key.startsWith('hitl_notebook/outbox/'))"
        )
        return kept

    def close(self) -> None:
        self.page.close(run_before_unload=False)

    def _stay_here(self, route: Route) -> None:
        self.elsewhere.append(route.request.url)
        route.abort()

    def _note_crash(self, error: Error) -> None:
        is_of_a_widget = "blob:" in (error.stack or "blob:")  # from where every host runs a widget's code
        if is_of_a_widget or not any(re.fullmatch(words, str(error)) for words in self._hosts_own):
            self.crashes.append(str(error))
            print(error.stack)  # shown beside a test that fails for it: the words alone do not say whose they are

    def _leave(self, dialog: Dialog) -> None:
        self.asked_before_leaving |= dialog.type == "beforeunload"
        dialog.accept()

    def _note_socket(self, socket: WebSocket) -> None:
        if _ELSEWHERE.match(socket.url):
            self.elsewhere.append(socket.url)
