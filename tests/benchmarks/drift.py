"""False alarms and delays of drift_alarms on simulated reviewers, and how quick it is.

    python -m tests.benchmarks.drift [reviews] [rounds]

Each review is drawn anew with its seed. False alarms are counted twice: of who looks once, at the end, and of who looks
all along, after every ten decisions of each reviewer, and counts a review in which there was an alarm at any look; of
the latter a quarter as many reviews, as they take long. A delay is counted in the reviewer's decisions, from the first
that is made in the new way to the one after which the alarm is there.
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
from tests.drifting import Items, becoming, changing, decided, joining, looks, one_after_another, taking_turns

STATED = 0.05
NAMES = ("ada", "bo", "cy", "dee", "eli")
USUAL = Reviewer("ada", skill=0.9, flagging=0.03, speed=8)
BEFORE, AFTER = 200, 400
OFTEN = 10


class Steady(NamedTuple):
    """A review in which nobody changes: the items of each kind in turn, seen by all or by one each."""

    what: str
    reviewers: int
    decisions: int
    kinds: Sequence[Items] = (Items(),)
    shared: bool = True
    by_confidence: bool = False
    wait: int = 0


STEADY = (
    Steady("one reviewer", 1, 400),
    Steady("one reviewer, for long", 1, 3_000),
    Steady("five, on the same items", 5, 400),
    Steady("five, one joining after the other", 5, 400, wait=80),
    Steady("five, each with items of their own", 5, 400, shared=False),
    Steady("five with own items, one joining after the other", 5, 400, shared=False, wait=80),
    Steady("five, least confident first", 5, 400, by_confidence=True),
    Steady("one, then items of more confidence", 1, 600, (Items(2, 2), Items(6, 1))),
    Steady("five, then items of more confidence", 5, 600, (Items(2, 2), Items(6, 1))),
    Steady("five, then items harder than they look", 5, 600, (Items(), Items(right=-0.2, hardness=1.5))),
)


class Changing(NamedTuple):
    """What ada does at each of her decisions, and from which on it is new."""

    what: str
    measure: str
    course: Sequence[Reviewer]
    since: int = BEFORE


def at_once(after: Reviewer) -> Sequence[Reviewer]:
    return changing(USUAL, after, BEFORE, BEFORE + AFTER)


def by_and_by(after: Reviewer) -> Sequence[Reviewer]:
    return becoming(USUAL, after, BEFORE, 200, BEFORE + AFTER)


CHANGES = (
    Changing("accepts without looking, all", "accept", at_once(replace(USUAL, anchoring=1.0))),
    Changing("accepts without looking, three in four", "accept", at_once(replace(USUAL, anchoring=0.75))),
    Changing("accepts without looking, half", "accept", at_once(replace(USUAL, anchoring=0.5))),
    Changing("right 6 times in 10, not 9", "accept", at_once(replace(USUAL, skill=0.6))),
    Changing("flags 15 %, not 3", "flag", at_once(replace(USUAL, flagging=0.15))),
    Changing("takes half as long", "seconds", at_once(replace(USUAL, speed=4))),
    Changing("takes a third less", "seconds", at_once(replace(USUAL, speed=8 * 2 / 3))),
    Changing("looks ever less, not at all after 200", "accept", by_and_by(replace(USUAL, anchoring=1.0))),
    Changing("is right ever less, 6 in 10 after 200", "accept", by_and_by(replace(USUAL, skill=0.6))),
    Changing("is ever quicker, twice after 200", "seconds", by_and_by(replace(USUAL, speed=4))),
    *(
        Changing(f"tires from the first on, 20 % in 100: {what}", what, [replace(USUAL, tiring=0.2)] * 600, since=0)
        for what in ("accept", "seconds")
    ),
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
    return joining(*parts, wait=case.wait)


def changed_review(rng: np.random.Generator, course: Sequence[Reviewer], reviewers: int) -> pd.DataFrame:
    items = one_after_another(Items().drawn(rng, len(course)))
    parts = [decided(rng, items, course)]
    parts += [decided(rng, items, [replace(USUAL, name=name)] * len(items)) for name in NAMES[1:reviewers]]
    return taking_turns(*parts)


def has_an_alarm(log: pd.DataFrame, every: int) -> bool:
    """At any look."""
    return any(len(drift_alarms(seen, false_alarms=STATED)) for seen in looks(log, every))


def false_alarms(reviews: int) -> None:
    often = max(reviews // 4, 1)
    print(f"Reviews in which nobody changes: share with any alarm; stated: {STATED:.0%} at most")
    print(f"  {'':<72}{f'one look, of {reviews:,}':>24}{f'after every {OFTEN}, of {often:,}':>28}")
    for case in STEADY:
        cells = f"  {f'{case.what}, {case.decisions:,} decisions each':<72}"
        for number, every in ((reviews, 10**9), (often, OFTEN * case.reviewers)):
            rng = np.random.default_rng(0)
            share = float(np.mean([has_an_alarm(steady_review(rng, case), every) for _ in range(number)]))
            low, high = wilson(share, number)
            cells += f"{f'{share:.1%} ({low:.1%} to {high:.1%})':>{24 if every > len(NAMES) * OFTEN else 28}}"
        print(cells, flush=True)


def delays(reviews: int) -> None:
    print(f"\nAda changes with her decision {BEFORE + 1}, and is watched for {AFTER} more; of {reviews:,} reviews each")
    print(f"  {'':<48}{'alone':>26}{'beside four who stay':>32}")
    print(f"  {'':<48}{'delay, 9 in 10':>16}{'noticed':>10}{'delay, 9 in 10':>22}{'noticed':>10}{'others':>9}")
    for change in CHANGES:
        cells = f"  {change.what:<48}"
        for reviewers in (1, 5):
            rng = np.random.default_rng(0)
            tables = [drift_alarms(changed_review(rng, change.course, reviewers)) for _ in range(reviews)]
            mine = [table[(table["reviewer"] == "ada") & (table["measure"] == change.measure)] for table in tables]
            noticed = [table["noticed"][table["noticed"] > change.since] for table in mine]
            times = [int(at.min()) - change.since for at in noticed if len(at)]
            # Who did not change, and yet has an alarm, but for agreeing less with her.
            others = [((table["reviewer"] != "ada") & (table["measure"] != "agree")).any() for table in tables]
            spread = f"{median(times):.0f}, {np.quantile(times, 0.9):.0f}" if times else "-"
            cells += f"{spread:>{16 if reviewers == 1 else 22}}{len(times) / reviews:>10.0%}"
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
