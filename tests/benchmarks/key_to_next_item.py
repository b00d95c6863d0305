"""Time from the key to the next item painted, in a real JupyterLab, beside what people write themselves.

    python -m tests.benchmarks.key_to_next_item                   the whole table, half an hour
    python -m tests.benchmarks.key_to_next_item --short           20 decisions, ipykernel 7, 1,000 items
    python -m tests.benchmarks.key_to_next_item --kernel 7        200 decisions with ipykernel 7 alone
    python -m tests.benchmarks.key_to_next_item --explainers      beside the others, explainers that take 2 s an item

All contestants are on one page and take turns, a few presses each and each round in another order, so that what else
the machine does hits them alike.
Figures of different runs, or under a load above the number of cores, do not compare; nor do those of a virtual machine
while its host gives part of the processors to others. Where Linux tells that, rounds of turns in which the host took
more than a little are left out, for all contestants, and others played instead; how many is printed.
"""

import argparse
import os
import platform
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, sync_playwright

from tests.benchmarks.contestants import Contestant, line_up
from tests.benchmarks.host import Rounds, processor_ticks, taken_by_the_host
from tests.browser.chromium import ARGUMENTS, installed_chromium
from tests.browser.kernelspec import ipykernel_6
from tests.browser.lab import Lab
from tests.browser.notebook_page import NotebookPage

KERNELS = {
    "7": ("ipykernel 7", "python7", True),
    "7-no-subshells": ("ipykernel 7, comms over subshells off", "python7", False),
    "6": ("ipykernel 6", "python6", True),
}
TURN = 5  # presses before the next contestant's turn
MOST_ROUNDS = 95  # idle, and as many busy: so many presses leave each contestant an item of its 1,000
BUSY_SECONDS = 3  # how long the cell runs under those that wait for it
BUSY_BURSTS = 5  # of three presses, for those: each waits for the cell, so that a few say as much as many


@dataclass
class Row:
    idle: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    misplaced: int | None = None
    explanations: int | None = None


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--short", action="store_true", help="20 decisions, ipykernel 7 unless named, 1,000 items")
    parser.add_argument("--decisions", type=int, default=200, help="for each contestant, idle and busy (%(default)s)")
    parser.add_argument("--explainers", action="store_true", help="also with explainers that take 2 s an item")
    parser.add_argument("--kernel", action="append", choices=KERNELS, help="repeatable; left out, all of them")
    parser.add_argument(
        "--patience",
        type=float,
        default=20,
        help="minutes a kernel, half of them idle, until no round is played again (%(default)s)",
    )
    options = parser.parse_args()
    decisions = 20 if options.short else options.decisions
    sizes = [1_000] if options.short else [1_000, 1_000_000]
    kernels = {name: KERNELS[name] for name in options.kernel or (["7"] if options.short else KERNELS)}

    packages = ("jupyterlab", "ipykernel", "ipywidgets", "anywidget", "playwright")
    print(
        platform.platform(), f"Python {platform.python_version()},", *(f"{name} {version(name)}" for name in packages)
    )
    with tempfile.TemporaryDirectory() as folder, Lab(Path(folder) / "lab") as lab, sync_playwright() as playwright:
        lab.add_kernel("python6", *ipykernel_6())
        chromium = playwright.chromium.launch(executable_path=installed_chromium(), args=ARGUMENTS)
        print(f"Chromium {chromium.version}, {os.cpu_count()} cores")
        for number, (name, kernel, subshells) in enumerate(kernels.values()):
            lab.use_subshells(subshells)
            notebook = open_notebook(chromium, lab, lab.write_notebook(f"benchmark-{number}.ipynb", kernel=kernel))
            before, ticks = os.getloadavg()[0], processor_ticks()
            store = lab.root / f"benchmark-{number}.db"
            contestants = line_up(notebook, store, sizes=sizes, explainers=options.explainers)
            rounds = Rounds(60 * options.patience / 2)
            rows = measure(notebook, contestants, lab.root / "stop", decisions, rounds)
            taken = taken_by_the_host(ticks, processor_ticks())
            print(f"\n{name}; load {before:.1f} before, {os.getloadavg()[0]:.1f} after{taken}; milliseconds")
            print(rounds)
            print_table(rows)
            notebook.close()
        chromium.close()


def open_notebook(chromium: Browser, lab: Lab, path: str) -> NotebookPage:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(path=Path(__file__).with_name("clock.js"))
    notebook = NotebookPage(context, lab)
    notebook.open(path)
    return notebook


def measure(
    notebook: NotebookPage, contestants: list[Contestant], stop: Path, decisions: int, rounds: Rounds
) -> dict[str, Row]:
    rows = {contestant.name: Row() for contestant in contestants}
    thinking = random.Random(0)

    def in_some_order(some: list[Contestant]) -> list[Contestant]:
        return thinking.sample(some, len(some))

    def idle() -> dict[str, list[float]]:
        return {contestant.name: turn(contestant, thinking) for contestant in in_some_order(contestants)}

    def busy() -> dict[str, list[float]]:
        cell = notebook.get_under_way(f"import os, time\nwhile not os.path.exists({str(stop)!r}): time.sleep(0.02)")
        quick = [contestant for contestant in contestants if not contestant.waits_for_kernel]
        readings = {contestant.name: turn(contestant, thinking) for contestant in in_some_order(quick)}
        stop.touch()
        notebook.finish(cell)
        stop.unlink()
        return readings

    wanted = decisions // TURN
    for played in rounds.calm(wanted, MOST_ROUNDS, idle):
        for name, readings in played.items():
            rows[name].idle += readings
    for played in rounds.calm(wanted, MOST_ROUNDS, busy):
        for name, readings in played.items():
            rows[name].busy += readings
    for _ in range(BUSY_BURSTS):
        for contestant in contestants:
            if contestant.waits_for_kernel:
                cell = notebook.get_under_way(f"import time; time.sleep({BUSY_SECONDS})")
                rows[contestant.name].busy.append(burst(contestant))
                notebook.finish(cell)
                notebook.printed("print('what was sent has been answered')")
    for contestant in contestants:
        rows[contestant.name].explanations = contestant.explanations()
        rows[contestant.name].misplaced = contestant.misplaced()
    return rows


@contextmanager
def turn_of(contestant: Contestant) -> Iterator[None]:
    contestant.aim()
    try:
        yield
    finally:
        contestant.leave()


def turn(contestant: Contestant, thinking: random.Random) -> list[float]:
    """A few presses, each after the item was seen."""
    readings = []
    with turn_of(contestant):
        for _ in range(TURN):
            contestant.notebook.page.wait_for_timeout(thinking.uniform(120, 220))
            contestant.press()
            readings.append(contestant.reading())
    return readings


def burst(contestant: Contestant) -> float:
    """Three presses at a quick reader's pace, whatever the screen shows; the time from the first to the next item."""
    with turn_of(contestant):
        contestant.notebook.page.wait_for_timeout(300)
        contestant.press()
        first = contestant.notebook.page.evaluate_handle("() => ({ reading: window.clock.reading })")
        for _ in range(2):
            contestant.notebook.page.wait_for_timeout(300)
            contestant.press()
        return float(first.evaluate("(first) => first.reading"))


def print_table(rows: dict[str, Row]) -> None:
    print(f"{'':<54}{'idle p50':>10}{'p95':>8}{'n':>6}{'busy p50':>11}{'p95':>8}{'n':>6}  not the item on the screen")
    for name, row in rows.items():
        cells = ""
        for times, width in ((row.idle, 10), (row.busy, 11)):
            middle, high = np.percentile(times, [50, 95]) if times else (np.nan, np.nan)
            cells += f"{middle:>{width}.1f}{high:>8.1f}{len(times):>6}"
        explained = "" if row.explanations is None else f"; {row.explanations} explained before the key"
        print(f"{name:<54}{cells}  {'' if row.misplaced is None else row.misplaced}{explained}")


if __name__ == "__main__":
    main()
