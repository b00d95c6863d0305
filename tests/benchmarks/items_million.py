"""How long a million rows take to be read: python tests/benchmarks/items_million.py [rows]."""

import sys
from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa

from hitl_notebook.items import read_items
from hitl_notebook.tasks import Classification

LABELS = [f"intent {number}" for number in range(77)]


def columns(rows: int, ids: str) -> dict[str, Any]:
    random = np.random.default_rng(0)
    labels = random.integers(0, len(LABELS), rows)
    return {
        "id": [f"ticket-{number}" for number in range(rows)] if ids == "text" else np.arange(rows) + 2**53,
        "text": [f"my card number {number} has not arrived" for number in range(rows)],
        "predicted": [LABELS[label] for label in labels],
        "p": random.random(rows),
        "channel": [("mail", "chat", "phone")[label % 3] for label in labels],
    }


def milliseconds(call: Callable[[], Any]) -> tuple[Any, float]:
    began = perf_counter()
    result = call()
    return result, 1_000 * (perf_counter() - began)


def main(rows: int) -> None:
    print(f"{rows:,} rows: id, text, predicted (77 labels), p, channel; milliseconds")
    steps = ("read", "find a key", "100,000 keys", "100,000 hashes", "200 payloads", "version")
    print(f"{'':24}" + "".join(f"{step:>16}" for step in steps))
    for library, make in {"pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": pa.table}.items():
        for ids in ("integer", "text"):
            frame = make(columns(rows, ids))
            items, reading = milliseconds(
                lambda frame=frame: read_items(
                    frame,
                    task=Classification(LABELS),
                    item_id="id",
                    prediction="predicted",
                    confidence="p",
                    slices="channel",
                )
            )
            some = np.arange(0, rows, max(1, rows // 100_000))
            times = [
                reading,
                milliseconds(lambda items=items: items.position(items.key(rows // 2)))[1],
                milliseconds(lambda items=items, some=some: items.keys(some))[1],
                milliseconds(lambda items=items, some=some: items.content_hashes(some, b"salt"))[1],
                milliseconds(lambda items=items: [items.payload(position) for position in range(min(200, rows))])[1],
                milliseconds(lambda items=items: items.model_version)[1],
            ]
            print(f"{library + ', ' + ids + ' ids':24}" + "".join(f"{time:16,.0f}" for time in times))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
