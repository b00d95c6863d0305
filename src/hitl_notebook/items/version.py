"""The version of a model that has no other name than what it said."""

import json
from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.util import hash_array

from hitl_notebook.items.scores import Floats
from hitl_notebook.tasks.task import Json

__all__ = ["hashed_texts", "version_of"]


def version_of(id_hashes: npt.NDArray[np.uint64], predictions: Sequence[Json], confidence: Floats) -> str:
    """Twelve hexadecimal digits that follow from what was predicted of which item, whatever the order of the items."""
    rows = id_hashes * np.uint64(0x9E3779B97F4A7C15)
    rows ^= _hashed(predictions)
    rows *= np.uint64(0xC2B2AE3D27D4EB4F)
    known = np.where(np.isnan(confidence), -1.0, confidence + 0.0)
    rows ^= known.view(np.uint64)
    # Mixed once more, then summed: a sum does not know in which order its parts came.
    rows ^= rows >> np.uint64(33)
    rows *= np.uint64(0xFF51AFD7ED558CCD)
    rows ^= rows >> np.uint64(29)
    total = int(rows.sum(dtype=np.uint64)) if len(rows) else 0
    return blake2b(f"{len(rows)}:{total}".encode(), digest_size=6).hexdigest()


def hashed_texts(texts: Sequence[str]) -> npt.NDArray[np.uint64]:
    """A hash of each text, of which hardly two are the same."""
    hashes: npt.NDArray[np.uint64] = hash_array(_objects(texts), categorize=False)
    return hashes


def _hashed(predictions: Sequence[Json]) -> npt.NDArray[np.uint64]:
    types = set(map(type, predictions)) - {type(None)}
    if types == {float}:
        return hash_array(np.array(predictions, dtype=np.float64))
    if not types <= {str}:
        written = json.JSONEncoder(sort_keys=True).encode
        predictions = [None if said is None else written(said) for said in predictions]
    return _hashed_few(predictions)


def _hashed_few(texts: Sequence[str | None]) -> npt.NDArray[np.uint64]:
    """A hash of each text, of which there are few: the predicted labels."""
    codes, distinct = pd.factorize(_objects(texts))
    hashes = np.append(hash_array(_objects(distinct), categorize=False), np.uint64(0))
    return hashes[codes]  # the code of a missing one is -1, the last


def _objects(texts: Sequence[str | None] | npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    return np.fromiter(texts, dtype=object, count=len(texts))
