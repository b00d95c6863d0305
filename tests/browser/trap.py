"""Notices what hostile text would do to a page: report that it ran, open a dialog or a window, go elsewhere, ask the
network.
"""

from pathlib import Path

from playwright.sync_api import Dialog, Frame, Locator, Page

from tests.hostile.corpus import ELSEWHERE

_STRANGERS = Path(__file__).with_name("strangers.js").read_text()
# A message comes from a document of any origin, also from a sandbox that lets scripts run.
LISTEN = """if (window.fired === undefined) {
  window.fired = [];
  window.addEventListener('message', ({ data }) => {
    if (Number.isInteger(data?.fired)) window.fired.push(data.fired);
  });
}"""


class Trap:
    """Set on an open page; of a ``Tab``, which listens from the start, it also has what ran before.

    ``elsewhere`` is where the page's harness lists the requests that it stops.
    """

    def __init__(self, page: Page, elsewhere: list[str]) -> None:
        self.page = page
        self._elsewhere = elsewhere
        self.dialogs: list[str] = []
        self.went: list[str] = []
        page.evaluate(f"() => {{ {LISTEN} }}")
        page.on("dialog", self._note_dialog)
        page.on("framenavigated", self._note_navigation)
        page.context.on("page", self._note_window)

    def fired(self) -> set[int]:
        """The numbers of the payloads that ran."""
        self.page.wait_for_timeout(300)  # what an error event or a frame would need
        return set(self.page.evaluate("() => window.fired"))

    def asked(self) -> list[str]:
        """The addresses elsewhere that the browser was about to ask: what a policy forbade is not among them."""
        return [address for address in self._elsewhere if ELSEWHERE in address]

    def assert_empty(self) -> None:
        caught = [*self.fired(), *self.asked(), *self.dialogs, *self.went]
        assert caught == [], caught

    def close(self) -> None:
        self.page.evaluate("() => { window.fired.length = 0; }")
        self.page.remove_listener("dialog", self._note_dialog)
        self.page.remove_listener("framenavigated", self._note_navigation)
        self.page.context.remove_listener("page", self._note_window)

    def _note_dialog(self, dialog: Dialog) -> None:
        if dialog.type != "beforeunload":
            self.dialogs.append(dialog.message)

    def _note_navigation(self, frame: Frame) -> None:
        if frame.url.startswith("http"):
            self.went.append(frame.url)

    def _note_window(self, window: Page) -> None:
        self.went.append(f"a window of its own: {window.url}")


def strangers(root: Locator) -> list[str]:
    """What in a card is none of its own elements, attributes and addresses."""
    found: list[str] = root.evaluate(_STRANGERS)
    return found
