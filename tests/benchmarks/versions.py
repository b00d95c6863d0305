"""How often a next version is called better, and how wide the interval is: python -m tests.benchmarks.versions [runs].

Simulated reviews of two versions of a model, chosen in four ways (``tests/metrics/versions/simulated.py``). Where the
versions are equally good, "better" may be said in at most 5 runs of 100; where one is better, the share of runs that
say so is the power. ``covered`` is the share of intervals that hold the true difference, 95 % by intention.
"""

import sys
from collections import Counter

import numpy as np

from hitl_notebook.metrics import compare_versions
from tests.metrics.versions.simulated import PLANS, Versions, review

ITEMS, SIZES = 1_000, (100, 300)
CASES = (Versions(0.2, 0.4, 0.4), Versions(0.2, 0.5, 0.3), Versions(0.2, 0.6, 0.2))


def main(runs: int) -> None:
    rng = np.random.default_rng(0)
    print(f"{runs} runs each, of {ITEMS:,} items, 20 % of which the versions say different things of")
    print(f"{'reviews chosen':44}{'reviews':>8}{'truth':>8}{'better':>8}{'worse':>7}{'covered':>9}{'width':>7}")
    for plan in PLANS:
        for reviews in SIZES:
            for case in CASES:
                said: Counter[str] = Counter()
                covered, widths = 0, []
                for _ in range(runs):
                    rows, items = review(case, plan, ITEMS, reviews, rng)
                    found = compare_versions(rows, "v1", "v2", items=items)
                    said[found.conclusion] += 1
                    covered += found.difference.low <= case.difference <= found.difference.high
                    widths.append(found.difference.high - found.difference.low)
                shares = f"{said['better'] / runs:8.1%}{said['worse'] / runs:7.1%}{covered / runs:9.1%}"
                print(f"{plan:44}{reviews:8}{case.difference:+8.2f}{shares}{np.median(widths):7.2f}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
