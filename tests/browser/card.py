"""The review card as a person meets it: what is on the screen, its keys and its buttons."""

from playwright.sync_api import Locator, expect

from tests.browser.tab import SOON, Tab

_AFTER_PAINT = """() => new Promise((resolve) => requestAnimationFrame(() => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = resolve;
  port2.postMessage(null);
}))"""
_HAS_MOVED_ON = "([root, item]) => (root.querySelector('[data-item-id]')?.dataset.itemId ?? null) !== item"


class Card:
    """One view of a review; ``view`` counts the views on the page from the top."""

    def __init__(self, tab: Tab, view: int = 0) -> None:
        self.page = tab.page
        self.root: Locator = self.page.locator('[data-hitl="review"]').nth(view)
        self.item: Locator = self.root.locator("[data-item-id]")

    @property
    def item_id(self) -> str | None:
        """The id of the item on the screen, None where there is none."""
        return self.item.get_attribute("data-item-id") if self.item.count() else None

    @property
    def reason(self) -> Locator:
        """Where the flag form takes a reason of one's own."""
        return self.root.get_by_role("form", name="Flag this item").get_by_role("textbox")

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    def wait_for_item(self, item_id: str) -> None:
        """Until this item is painted: keys that come before belong to no item."""
        expect(self.item).to_have_attribute("data-item-id", item_id, timeout=SOON)
        self.wait_for_paint()

    def wait_for_paint(self) -> None:
        for _ in range(2):
            self.page.evaluate(_AFTER_PAINT)

    def wait_until_laid_out(self) -> None:
        """Until nothing of the item is laid out for the first time when it is scrolled to."""
        expect(self.item.locator(".hitl-part:not(.hitl-laid-out)")).to_have_count(0, timeout=SOON)

    def wait_until_saved(self) -> None:
        expect(self.root).to_have_attribute("data-saved", "true", timeout=SOON)

    def wait_until_unsaved(self) -> None:
        expect(self.root).to_have_attribute("data-saved", "false", timeout=SOON)

    def wait_for_the_end(self) -> None:
        self.root.get_by_role("region", name="Summary").wait_for(timeout=SOON)
        self.wait_for_paint()

    def focus(self) -> None:
        self.root.focus()

    def press(self, *keys: str) -> list[str]:
        """Press keys that each settle the painted item, and see the next painted after each; the items settled."""
        settled = []
        for key in keys:
            self.item.wait_for(timeout=SOON)  # there is none while the next ones are being fetched
            before = self.item_id
            assert before is not None, "there is no item on the screen"
            self.wait_for_paint()
            self.page.keyboard.press(key)
            self.wait_until_moved_on(before)
            settled.append(before)
        return settled

    def wait_until_moved_on(self, item_id: str, *, within: float = SOON) -> None:
        self.page.wait_for_function(_HAS_MOVED_ON, arg=[self.root.element_handle(), item_id], timeout=within)
        self.wait_for_paint()

    def flag(self, reason: str) -> None:
        """Flag the item on the screen for a reason of one's own, by keyboard."""
        before = self.item_id
        assert before is not None, "there is no item on the screen"
        self.page.keyboard.press("f")
        self.reason.fill(reason)
        self.page.keyboard.press("Enter")
        self.wait_until_moved_on(before)
