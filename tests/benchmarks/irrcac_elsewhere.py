"""irrCAC's coefficient and its standard error, of each name it is sent; run by the Python that has irrCAC.

python irrcac_elsewhere.py RATINGS.npz
"""

import sys

import numpy as np


def main() -> None:
    import pandas as pd
    from irrCAC.raw import CAC

    pd.options.mode.chained_assignment = None  # irrCAC writes to a part of a frame of its own, and pandas says so
    tables = {name: pd.DataFrame(codes) for name, codes in np.load(sys.argv[1]).items()}
    for line in sys.stdin:
        table, coefficient = line.split()
        found = getattr(CAC(tables[table], digits=12), coefficient)()["est"]
        print(float(found["coefficient_value"]), float(found["se"]), flush=True)


if __name__ == "__main__":
    main()
