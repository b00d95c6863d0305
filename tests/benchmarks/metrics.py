"""All figures of agreement and calibration beside the peers that install, in one run, medians and ratios.

    python -m tests.benchmarks.metrics [items] [pairs] [rounds] [folder]

100,000 items by five reviewers and a million confidences, unless said otherwise; some three minutes. Peers that are not
installed are named. relplot and irrCAC get environments of their own in the folder (peer_environments.py).
"""

import sys
import tempfile
from pathlib import Path

from tests.benchmarks import agreement, calibration


def main(items: int, pairs: int, rounds: int, folder: Path) -> None:
    agreement.main(items, rounds, folder)
    print()
    calibration.main(pairs, rounds, folder)


if __name__ == "__main__":
    usual = ("100000", "1000000", "5", str(Path(tempfile.gettempdir()) / "hitl-peers"))
    given = [*sys.argv[1:], *usual[len(sys.argv) - 1 :]]
    main(*map(int, given[:3]), Path(given[3]).resolve())
