"""What becomes of a review beside its peers: idle, under a running cell, after a reload, a restart and a kill.

    python -m tests.benchmarks.peers                       some six minutes, and as many to make the environments
    python -m tests.benchmarks.peers --environments DIR    keeps them there; left out: in the temporary directory

Each peer has an environment of its own with the versions it needs (peer_environments.py) and its own notebook in one
JupyterLab. All show a thousand short texts, decided by one key or click. Counted are the presses under a running cell
that did not decide the item on the screen, and the decisions that are still there after a reload of the page, after a
restart of the kernel, and after a kill while a cell ran and three decisions were made; after the last two the cell is
run again.
"""

import argparse
import json
import os
import random
import signal
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from playwright.sync_api import Error, sync_playwright

from tests.benchmarks.contestants import OUTPUT_LOOP, REVIEW, Contestant
from tests.benchmarks.key_to_next_item import BUSY_SECONDS, burst, open_notebook, turn
from tests.benchmarks.peer_environments import add_peer_kernels
from tests.browser.chromium import ARGUMENTS, installed_chromium
from tests.browser.lab import Lab
from tests.browser.notebook_page import NotebookPage

TURNS = 4  # of five presses, idle
BURSTS = 3  # of three presses, under a running cell
COMES_BACK_WITHIN = 10  # seconds
SETTLES_WITHIN = 3

PIGEONXT = """
from pigeonXT import annotate
texts = [f"item-{n} it does not print." for n in range(1000)]
annotations = annotate(texts, options=["bug", "wish", "question"], include_back=False, include_next=False)
"""
SUPERINTENDENT = """
from pathlib import Path
from ipyannotations.generic import ClassLabeller
from superintendent import Superintendent
store = Path("superintendent.db")
texts = None if store.exists() else [f"item-{n} it does not print." for n in range(1000)]
session = Superintendent(
    features=texts, database_url=f"sqlite:///{store}",
    labelling_widget=ClassLabeller(options=["bug", "wish", "question"], allow_freetext=False),
)
session
"""
FIRST_CELL = ".jp-Notebook-cell:first-child .jp-Cell-outputArea"
IS_THERE = "return new RegExp(`item-${item}(?![0-9])`).test(root.textContent);"


@dataclass(frozen=True)
class Peer:
    """How one is shown, pressed and asked what it holds."""

    name: str
    kernel: str
    source: str
    decided: str
    """An expression in the kernel: the numbers of the items decided."""
    selector: str = FIRST_CELL
    button: str | None = f"{FIRST_CELL} button:has-text('bug') >> nth=0"


PEERS = (
    Peer("ipywidgets buttons and Output", "python7", OUTPUT_LOOP, "decided"),
    Peer("pigeonXT", "pigeonxt", PIGEONXT, "[int(n) for n in annotations.index[annotations['changed']]]"),
    Peer(
        "superintendent, in a file",
        "superintendent",
        SUPERINTENDENT,
        "[int(text.split()[0][5:]) for text in session.queue.list_completed()[1]]",
    ),
    Peer(
        "hitl_notebook",
        "python7",
        REVIEW.format(session="session", items=1000, content="text", store="reviews.db", explanation="None"),
        "[int(n) for n in session.decisions['item_id']]",
        selector='[data-hitl="review"]',
        button=None,
    ),
)


@dataclass
class Outcome:
    """What was measured of one peer; `kept` by what happened: how many decisions are still there, of how many."""

    idle: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    misplaced: int = 0
    kept: dict[str, str] = field(default_factory=dict)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--environments", type=Path, default=Path(tempfile.gettempdir()) / "hitl-peers")
    parser.add_argument("--peer", action="append", choices=[peer.name for peer in PEERS], help="left out: all of them")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Lab(Path(folder) / "lab") as lab, sync_playwright() as playwright:
        versions = add_peer_kernels(lab, options.environments.resolve()) | {"python7": "this environment"}
        chromium = playwright.chromium.launch(executable_path=installed_chromium(), args=ARGUMENTS)
        print(f"Chromium {chromium.version}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        print("| | idle | a cell running | not on the screen | reload | restart | kill |")
        print("| --- | --- | --- | --- | --- | --- | --- |")
        for number, peer in enumerate(PEERS):
            if peer.kernel in versions and peer.name in (options.peer or [peer.name]):
                notebook = open_notebook(
                    chromium, lab, lab.write_notebook(f"peer-{number}.ipynb", peer.source, kernel=peer.kernel)
                )
                print(line(peer, rehearse(peer, notebook)), flush=True)
                notebook.shut_kernel_down()
                notebook.close()
        for kernel, listed in versions.items():
            print(f"{kernel}: {listed}")
        print(f"load {os.getloadavg()[0]:.1f} at the end")
        chromium.close()


def rehearse(peer: Peer, notebook: NotebookPage) -> Outcome:
    outcome = Outcome()
    contestant = Contestant(
        peer.name, notebook, peer.selector, IS_THERE if peer.button else _card_shows(), True, peer.button, peer.decided
    )
    cell = 0
    notebook.run(cell)
    wait_for_item(contestant)
    thinking = random.Random(0)
    for _ in range(TURNS):
        outcome.idle += turn(contestant, thinking)
    for _ in range(BURSTS):
        running = notebook.get_under_way(f"import time; time.sleep({BUSY_SECONDS})")
        outcome.busy.append(burst(contestant))
        notebook.finish(running)
        notebook.printed("print('what was sent has been answered')")
    outcome.misplaced = contestant.misplaced() or 0

    made = decided(contestant) + presses(contestant, thinking)
    notebook.save()
    notebook.reload()
    goes_on = wait_for_item(contestant) and moves_on(contestant)
    if goes_on:
        made.append(contestant.pressed_on[-1])
    else:
        notebook.run(cell)
        wait_for_item(contestant)
    notebook.page.wait_for_timeout(1_000 * SETTLES_WITHIN)
    outcome.kept["reload"] = kept(contestant, made) + ("" if goes_on else ", cell run again")

    made = decided(contestant) + presses(contestant, thinking)
    notebook.restart_kernel()
    notebook.run(cell)
    wait_for_item(contestant)
    outcome.kept["restart"] = kept(contestant, made)

    kernel = int(notebook.printed("import os; print(os.getpid())"))
    made = decided(contestant) + presses(contestant, thinking)
    contestant.pressed_on.clear()
    notebook.get_under_way("import time; time.sleep(600)")
    contestant.aim()
    for _ in range(3):
        notebook.page.wait_for_timeout(300)
        contestant.press()
    os.kill(kernel, signal.SIGKILL)
    made += contestant.pressed_on
    notebook.wait_for_restart()
    notebook.run(cell)
    wait_for_item(contestant)
    notebook.page.wait_for_timeout(1_000 * SETTLES_WITHIN)
    outcome.kept["kill"] = kept(contestant, made)
    return outcome


def presses(contestant: Contestant, thinking: random.Random) -> list[int]:
    """The items decided by a few presses, each answered by the next item."""
    contestant.pressed_on.clear()
    turn(contestant, thinking)
    return list(contestant.pressed_on)


def _card_shows() -> str:
    return "return root.querySelector('[data-item-id]')?.dataset.itemId === String(item);"


def wait_for_item(contestant: Contestant) -> bool:
    """Whether an item is on the screen, soon."""
    deadline = time.monotonic() + COMES_BACK_WITHIN
    while time.monotonic() < deadline:
        try:
            contestant.on_screen()
        except (AssertionError, Error):
            contestant.notebook.page.wait_for_timeout(100)
        else:
            return True
    return False


def moves_on(contestant: Contestant) -> bool:
    """Whether a press still brings the next item."""
    contestant.aim()
    before = contestant.on_screen()
    contestant.press()
    deadline = time.monotonic() + COMES_BACK_WITHIN
    while time.monotonic() < deadline and contestant.on_screen() == before:
        contestant.notebook.page.wait_for_timeout(100)
    return contestant.on_screen() != before


def decided(contestant: Contestant) -> list[int]:
    items: list[int] = json.loads(contestant.notebook.printed(f"print({contestant.decided})"))
    return items


def kept(contestant: Contestant, made: list[int]) -> str:
    """How many of the presses that were made have decided their item still."""
    standing = set(decided(contestant))
    return f"{sum(item in standing for item in made)} of {len(made)}"


def line(peer: Peer, outcome: Outcome) -> str:
    idle, busy = (np.percentile(times, [50, 95]) for times in (outcome.idle, outcome.busy))
    cells = [
        peer.name,
        f"{idle[0]:,.0f} / {idle[1]:,.0f} ms",
        f"{busy[0]:,.0f} ms",
        f"{outcome.misplaced} of {3 * BURSTS}",
        *(outcome.kept[what] for what in ("reload", "restart", "kill")),
    ]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
