"""False alarms and delays of drift_alarms on simulated reviewers, and how quick it is.

    python -m tests.benchmarks.drift [reviews] [rounds]

Each review is drawn anew with its seed. A delay is counted in the reviewer's decisions from the first that is made in
the new way to the one after which the alarm is there.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from statistics import median
from time import perf_counter
from typing import NamedTuple

import numpy as np
import pandas as pd

from hitl_notebook.metrics import adwin, drift_alarms, reviewer_drift
from hitl_notebook.metrics.wilson import wilson
from hitl_notebook.simulate import Reviewer
from tests.drifting import Items, changing, decided, one_after_another, taking_turns

STATED = 0.05
NAMES = ("ada", "bo", "cy", "dee", "eli")
USUAL = Reviewer("ada", skill=0.9, flagging=0.03, speed=8)
BEFORE, AFTER = 200, 400


class Steady(NamedTuple):
    """A review in which nobody changes: the items of each kind in turn, seen by all or by one each."""

    what: str
    reviewers: int
    decisions: int
    kinds: Sequence[Items] = (Items(),)
    shared: bool = True
    by_confidence: bool = False


STEADY = (
    Steady("one reviewer", 1, 400),
    Steady("one reviewer, for long", 1, 3_000),
    Steady("five, on the same items", 5, 400),
    Steady("five, each with items of their own", 5, 400, shared=False),
    Steady("five, least confident first", 5, 400, by_confidence=True),
    Steady("one, then items of more confidence", 1, 600, (Items(2, 2), Items(6, 1))),
    Steady("five, then items of more confidence", 5, 600, (Items(2, 2), Items(6, 1))),
    Steady("five, then items harder than they look", 5, 600, (Items(), Items(right=-0.2, hardness=1.5))),
)
CHANGES = (
    ("accepts without looking, all", "accept", replace(USUAL, anchoring=1.0)),
    ("accepts without looking, three in four", "accept", replace(USUAL, anchoring=0.75)),
    ("accepts without looking, half", "accept", replace(USUAL, anchoring=0.5)),
    ("right 6 times in 10, not 9", "accept", replace(USUAL, skill=0.6)),
    ("flags 15 %, not 3", "flag", replace(USUAL, flagging=0.15)),
    ("takes half as long", "seconds", replace(USUAL, speed=4)),
    ("takes a third less", "seconds", replace(USUAL, speed=8 * 2 / 3)),
)


def steady_review(rng: np.random.Generator, case: Steady) -> pd.DataFrame:
    def items() -> pd.DataFrame:
        drawn = [kind.drawn(rng, case.decisions // len(case.kinds)) for kind in case.kinds]
        return one_after_another(*(part.sort_values("confidence") if case.by_confidence else part for part in drawn))

    parts, same = [], items()
    for place, name in enumerate(NAMES[: case.reviewers]):
        skill, flagging, speed = rng.uniform(0.5, 1), rng.uniform(0, 0.1), rng.uniform(5, 20)
        own = same if case.shared else items().assign(item_id=lambda rows, place=place: rows["item_id"] + 10**6 * place)
        reviewer = Reviewer(name, skill=skill, flagging=flagging, speed=speed)
        parts.append(decided(rng, own, [reviewer] * case.decisions))
    return taking_turns(*parts)


def changed_review(rng: np.random.Generator, after: Reviewer, reviewers: int) -> pd.DataFrame:
    items = one_after_another(Items().drawn(rng, BEFORE + AFTER))
    parts = [decided(rng, items, changing(USUAL, after, BEFORE, BEFORE + AFTER))]
    parts += [decided(rng, items, [replace(USUAL, name=name)] * len(items)) for name in NAMES[1:reviewers]]
    return taking_turns(*parts)


def false_alarms(reviews: int) -> None:
    print(f"Reviews in which nobody changes: share with any alarm, of {reviews:,}; stated: {STATED:.0%} at most")
    for case in STEADY:
        rng = np.random.default_rng(0)
        tables = [drift_alarms(steady_review(rng, case), false_alarms=STATED) for _ in range(reviews)]
        share = np.mean([len(table) > 0 for table in tables])
        what = f"{case.what}, {case.decisions:,} decisions each"
        low, high = wilson(float(share), reviews)
        print(f"  {what:<72}{share:6.1%} (95 % interval {low:.1%} to {high:.1%})", flush=True)


def delays(reviews: int) -> None:
    print(f"\nAda changes with her decision {BEFORE + 1}, and is watched for {AFTER} more; of {reviews:,} reviews each")
    print(f"  {'':<44}{'alone':>30}{'beside four who stay':>32}")
    print(f"  {'':<44}{'delay, 9 in 10':>20}{'noticed':>10}{'delay, 9 in 10':>22}{'noticed':>10}{'others':>9}")
    for what, measure, after in CHANGES:
        cells = f"  {what:<44}"
        for reviewers in (1, 5):
            rng = np.random.default_rng(0)
            tables = [drift_alarms(changed_review(rng, after, reviewers)) for _ in range(reviews)]
            mine = [
                table[(table["reviewer"] == "ada") & (table["measure"] == measure) & (table["noticed"] > BEFORE)]
                for table in tables
            ]
            times = [int(table["noticed"].min()) - BEFORE for table in mine if len(table)]
            # Who did not change, and yet has an alarm, but for agreeing less with her.
            others = [((table["reviewer"] != "ada") & (table["measure"] != "agree")).any() for table in tables]
            spread = f"{median(times):.0f}, {np.quantile(times, 0.9):.0f}" if times else "-"
            cells += f"{spread:>{20 if reviewers == 1 else 22}}{len(times) / reviews:>10.0%}"
            cells += f"{np.mean(others):>9.0%}" if reviewers > 1 else ""
        print(cells, flush=True)


def milliseconds(call: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        began = perf_counter()
        call()
        times.append(perf_counter() - began)
    return 1_000 * median(times)


def speed(rounds: int) -> None:
    print(f"\nMilliseconds, medians of {rounds}, all five measures")
    rng = np.random.default_rng(0)
    for reviewers, each in ((1, 100_000), (5, 20_000), (50, 2_000)):
        items = one_after_another(Items().drawn(rng, each))
        people = [replace(USUAL, name=f"reviewer {number}") for number in range(reviewers)]
        decisions = taking_turns(*(decided(rng, items, [person] * each) for person in people))
        drift_alarms(decisions.head(1_000))
        alarms = milliseconds(partial(drift_alarms, decisions), rounds)
        table = milliseconds(partial(reviewer_drift, decisions), rounds)
        what = f"{reviewers} x {each:,} decisions"
        print(f"  {what:<28}drift_alarms {alarms:6.0f}   reviewer_drift {table:6.0f}", flush=True)
    values = (rng.random(10_000) < 0.7).astype(float)
    print(f"  {'10,000 values':<28}adwin {milliseconds(partial(adwin, values), rounds):13.0f}")


def main(reviews: int, rounds: int) -> None:
    false_alarms(reviews)
    delays(max(reviews // 4, 1))
    speed(rounds)


if __name__ == "__main__":
    main(*(int(argument) for argument in [*sys.argv[1:], *("400", "5")[len(sys.argv) - 1 :]]))
