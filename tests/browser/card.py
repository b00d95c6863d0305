"""The review card as a person meets it: what is on the screen, its keys and its buttons."""

from playwright.sync_api import Locator, expect

from tests.browser.notebook_page import NotebookPage

_AFTER_PAINT = """() => new Promise((resolve) => requestAnimationFrame(() => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = resolve;
  port2.postMessage(null);
}))"""


class Card:
    """One view of a review; ``view`` counts the views on the page from the top."""

    def __init__(self, notebook: NotebookPage, view: int = 0) -> None:
        self.page = notebook.page
        self.root: Locator = self.page.locator('[data-hitl="review"]').nth(view)

    @property
    def item_id(self) -> str | None:
        return self.root.get_attribute("data-item-id")

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    def wait_for_item(self, item_id: str) -> None:
        """Until this item is painted: keys that come before belong to no item."""
        expect(self.root).to_have_attribute("data-item-id", item_id, timeout=20_000)
        self.wait_for_paint()

    def wait_for_paint(self) -> None:
        self.page.evaluate(_AFTER_PAINT)
        self.page.evaluate(_AFTER_PAINT)

    def wait_until_saved(self) -> None:
        expect(self.root).to_have_attribute("data-saved", "true", timeout=20_000)

    def focus(self) -> None:
        self.root.focus()

    def press(self, *keys: str) -> None:
        """Press keys that each settle an item, and see the next item painted after each."""
        for key in keys:
            before = self.item_id
            self.page.keyboard.press(key)
            self.page.wait_for_function(
                "([root, before]) => root.dataset.itemId !== before", arg=[self.root.element_handle(), before]
            )
            self.wait_for_paint()
