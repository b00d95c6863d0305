"""One frame in each library that users bring."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa

Columns = Mapping[str, Sequence[Any]]


def _records(columns: Columns) -> list[dict[str, Any]]:
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def _polars(columns: Columns) -> pl.DataFrame:
    return pl.DataFrame(dict(columns), strict=False)


LIBRARIES: Mapping[str, Callable[[Columns], Any]] = {
    "pandas": lambda columns: pd.DataFrame(dict(columns)),
    "polars": _polars,
    "pyarrow": lambda columns: pa.table(dict(columns)),
    "records": _records,
}
