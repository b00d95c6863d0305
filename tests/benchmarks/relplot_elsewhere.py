"""relplot's smooth calibration error, once for each line it is sent; run by the Python that has relplot.

python relplot_elsewhere.py PAIRS.npz
"""

import sys

import numpy as np


def main() -> None:
    import relplot

    pairs = np.load(sys.argv[1])
    confidence, agreed = pairs["confidence"], pairs["agreed"].astype(float)
    for _ in sys.stdin:
        print(float(relplot.smECE(confidence, agreed)), flush=True)


if __name__ == "__main__":
    main()
