"""What a figure takes beside a peer that computes the same: medians and their ratio, both taking turns."""

from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

__all__ = ["Contest", "medians", "print_contests", "versions"]


class Contest(NamedTuple):
    """A figure of ours and a peer's: both give the value, or the row of values, that the other gives too."""

    what: str
    rows: int
    ours: Callable[[], Any]
    peer: str
    library: str
    """What has to be installed here for it; empty where it is asked elsewhere."""
    theirs: Callable[[], Any]
    within: float = 1e-9
    """How far apart the values may be: some peers stop early."""


def medians(rounds: int, *calls: Callable[[], Any]) -> list[float]:
    """The median seconds of each call, all taking turns."""
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(rounds):
        for call, took in zip(calls, times, strict=True):
            began = perf_counter()
            call()
            took.append(perf_counter() - began)
    return [median(took) for took in times]


def print_contests(contests: Sequence[Contest], rounds: int) -> None:
    """A row a contest. A peer that is not installed is named, and not run."""
    print(f"\n{f'milliseconds, medians of {rounds}':<52}{'ours':>9}   {'':<48}{'theirs':>9}{'times ours':>12}")
    for contest in contests:
        what = f"{contest.what}, {contest.rows:,}"
        if contest.library and find_spec(contest.library) is None:
            print(f"{what:<52}{'':>9}   NOT RUN: {contest.peer}: {contest.library} is not installed", flush=True)
            continue
        np.testing.assert_allclose(contest.theirs(), contest.ours(), rtol=0, atol=contest.within, err_msg=what)
        ours, theirs = medians(rounds, contest.ours, contest.theirs)
        beside = f"{contest.peer:<48}{1_000 * theirs:>9.1f}{theirs / ours:>12.2f}"
        print(f"{what:<52}{1_000 * ours:>9.1f}   {beside}", flush=True)


def versions(*distributions: str) -> str:
    """Of what is installed here; the others are named too."""
    return ", ".join(f"{name} {_version(name)}" for name in distributions)


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "not installed"
