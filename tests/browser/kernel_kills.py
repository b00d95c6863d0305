"""A reviewer whose kernel is killed again and again."""

import os
import random
import signal
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import TimeoutError as Late
from playwright.sync_api import expect

from tests.browser.card import Card
from tests.browser.notebook_page import NotebookPage
from tests.browser.tickets import events, review_of_tickets

TOLD_WITHIN = 5_000  # milliseconds


@dataclass
class KillReport:
    decided: list[str]
    """The items that the reviewer saw go, in order."""
    stored: list[str]
    pending_at_kill: int
    """How many decisions had not been acknowledged when their kernel died."""

    @property
    def lost(self) -> list[str]:
        return sorted(set(self.decided) - set(self.stored))

    @property
    def doubled(self) -> list[str]:
        return [item for item, times in Counter(self.stored).items() if times > 1]


def review_under_kills(notebook: NotebookPage, store: Path, *, kills: int, seed: int) -> KillReport:
    """Decide and kill the kernel at random moments; every second time while a cell is running.

    After each kill the kernel comes back by itself and the cell is run again.
    """
    chance = random.Random(seed)
    cell = notebook.add(review_of_tickets(store, items=40 * kills + 40))
    decided: list[str] = []
    pending = 0
    card = Card(notebook)
    for kill in range(kills + 1):
        notebook.run(cell)
        card.item.wait_for()
        card.wait_for_paint()
        card.focus()
        decided += card.press(*chance.choices("a123", k=chance.randint(2, 12)))
        if kill == kills:
            break
        kernel = int(notebook.printed("import os; print(os.getpid())"))
        if kill % 2:
            notebook.get_under_way("import time; time.sleep(600)")
        card.focus()
        decided += card.press(*chance.choices("a123", k=chance.randint(2, 8)))
        notebook.page.wait_for_timeout(chance.uniform(0, 30))
        os.kill(kernel, signal.SIGKILL)
        pending += len(notebook.outbox())
        decided += press_until_refused(card, chance)
        expect(card.root.get_by_role("alert")).to_contain_text("Disconnected", timeout=TOLD_WITHIN)
        notebook.wait_for_restart()
    card.wait_until_saved()
    return KillReport(decided, events(store), pending)


def press_until_refused(card: Card, chance: random.Random) -> list[str]:
    """Go on as one does who has noticed nothing; the items that were still settled."""
    settled: list[str] = []
    while len(settled) < 20:
        card.page.wait_for_timeout(chance.uniform(150, 300))
        before = card.item_id
        assert before is not None
        card.page.keyboard.press("a")
        try:
            card.wait_until_moved_on(before, within=1_000)
        except Late:
            return settled
        settled.append(before)
    return settled
