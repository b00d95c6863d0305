"""A reviewer whose kernel is killed again and again."""

import os
import random
import signal
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self

from playwright.sync_api import TimeoutError as Late
from playwright.sync_api import expect

from hitl_notebook.store import verify
from tests.browser.card import Card
from tests.browser.notebook_page import NotebookPage
from tests.browser.tickets import LABELS, events, predicted, review_of_tickets, stored

TOLD_WITHIN = 20_000  # milliseconds


class Pressed(NamedTuple):
    """A key that was pressed on an item, and whether the item was seen to go."""

    item_id: str
    key: str
    is_settled: bool = True


@dataclass
class KillReport:
    """What a reviewer did, and what a store has of it."""

    pressed: list[Pressed]
    """In order."""
    stored: list[str]
    """The items of every decision ever stored."""
    standing: dict[str, tuple[str, object]]
    damage: list[str]
    """What is wrong with the database, its log or its draws."""
    pending_at_kill: int
    """How many decisions had not been acknowledged when their kernel died."""

    @classmethod
    def of(cls, store: Path, pressed: list[Pressed], pending_at_kill: int = 0) -> Self:
        """What has become of these keys in a store."""
        with closing(sqlite3.connect(store)) as connection:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
        damage = [*(words for words in found if words != "ok"), *verify(store).problems]
        return cls(pressed, events(store), stored(store), damage, pending_at_kill)

    @property
    def decided(self) -> dict[str, str]:
        """The key that settled each item that the reviewer saw go."""
        return {item_id: key for item_id, key, is_settled in self.pressed if is_settled}

    @property
    def lost(self) -> list[str]:
        return sorted(self.decided.keys() - set(self.stored))

    @property
    def doubled(self) -> list[str]:
        return [item for item, times in Counter(self.stored).items() if times > 1]

    @property
    def invented(self) -> list[str]:
        """Items with a decision on which no key was ever pressed."""
        return sorted(set(self.stored) - {item_id for item_id, _, _ in self.pressed})

    @property
    def altered(self) -> list[str]:
        """Items on which something else stands than what was pressed."""
        return sorted(
            item_id
            for item_id, key in self.decided.items()
            if item_id in self.standing and self.standing[item_id] != meaning(item_id, key)
        )

    @property
    def faults(self) -> dict[str, list[str]]:
        """All that must not be, by what it is called; empty where nothing is."""
        found = {name: getattr(self, name) for name in ("lost", "doubled", "invented", "altered", "damage")}
        return {name: items for name, items in found.items() if items}


def meaning(item_id: str, key: str) -> tuple[str, object]:
    """What a key decides on an item: ``a`` accepts, a digit gives the label of its place."""
    value = predicted(item_id) if key == "a" else LABELS[int(key) - 1]
    return ("accept" if value == predicted(item_id) else "correct"), value


def review_under_kills(
    notebook: NotebookPage, store: Path, *, kills: int, seed: int, forgets: bool = False
) -> KillReport:
    """Decide and kill the kernel at random moments; every second time while a cell is running.

    After each kill the kernel comes back by itself and the cell is run again. A browser that ``forgets`` loses what it
    keeps for the store with every kill, as it would without an outbox.
    """
    chance = random.Random(seed)
    cell = notebook.add(review_of_tickets(store, items=40 * kills + 40))
    pressed: list[Pressed] = []
    pending = 0
    card = Card(notebook)
    for kill in range(kills + 1):
        notebook.run(cell)
        card.item.wait_for()
        card.wait_for_paint()
        card.focus()
        pressed += press(card, chance.choices("a123", k=chance.randint(2, 12)))
        if kill == kills:
            break
        kernel = int(notebook.printed("import os; print(os.getpid())"))
        if kill % 2 == 0:
            notebook.get_under_way("import time; time.sleep(600)")
        card.focus()
        pressed += press(card, chance.choices("a123", k=chance.randint(2, 8)))
        notebook.page.wait_for_timeout(chance.uniform(0, 30))
        os.kill(kernel, signal.SIGKILL)
        pending += len(notebook.outbox())
        pressed += press_until_refused(card, chance)
        expect(card.root.get_by_role("alert")).to_contain_text("Disconnected", timeout=TOLD_WITHIN)
        notebook.wait_for_restart()
        if forgets:
            notebook.save()
            notebook.page.evaluate("() => localStorage.clear()")
            notebook.reload()
    card.wait_until_saved()
    return KillReport.of(store, pressed, pending)


def press(card: Card, keys: list[str]) -> list[Pressed]:
    return [Pressed(item_id, key) for key in keys for item_id in card.press(key)]


def press_until_refused(card: Card, chance: random.Random) -> list[Pressed]:
    """Go on as one does who has noticed nothing, until a key settles nothing."""
    pressed: list[Pressed] = []
    while len(pressed) < 20:
        card.page.wait_for_timeout(chance.uniform(150, 300))
        before = card.item_id
        assert before is not None
        card.page.keyboard.press("a")
        try:
            card.wait_until_moved_on(before, within=1_000)
        except Late:
            return [*pressed, Pressed(before, "a", is_settled=False)]
        pressed.append(Pressed(before, "a"))
    return pressed
