"""A sample of a frame's ids, small enough to be kept in the log: whether another frame is about the same items."""

from base64 import b64decode, b64encode
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["SAMPLED", "id_sample", "sample_meets"]

SAMPLED = 4_096


def id_sample(keys: Sequence[str], salt: str) -> str:
    """The lowest of the ids' salted hashes, as text of at most 44 kB.

    Which ids are in it depends on nothing but the ids, so two frames that share some have those among them in common
    that are low enough. Up to 4,096 ids all are kept; of more, a frame with one in 500 of them is missed once in 3,000
    times.

    Parameters
    ----------
    salt : 16 characters or more
    """
    hashes = _hashes(keys, salt)
    if len(hashes) > SAMPLED:
        hashes = np.partition(hashes, SAMPLED)[:SAMPLED]
    return b64encode(np.sort(hashes).astype("<u8").tobytes()).decode("ascii")


def sample_meets(sample: str, keys: Sequence[str], salt: str) -> bool:
    """Whether one of the ids is in the sample.

    >>> sample = id_sample(["t1", "t2"], "0123456789abcdef")
    >>> sample_meets(sample, ["t2", "t3"], "0123456789abcdef"), sample_meets(sample, ["t3"], "0123456789abcdef")
    (True, False)
    """
    return bool(np.isin(np.frombuffer(b64decode(sample), dtype="<u8"), _hashes(keys, salt)).any())


def _hashes(keys: Sequence[str], salt: str) -> npt.NDArray[np.uint64]:
    cells = np.fromiter(keys, dtype=object, count=len(keys))
    hashes: npt.NDArray[np.uint64] = pd.util.hash_array(cells, hash_key=salt[:16], categorize=False)
    return hashes
