"""A frame in a file: CSV, Parquet or JSONL."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import pandas as pd

from hitl_notebook.errors import FileProblem, UnknownChoice
from hitl_notebook.exchange.csv_file import csv_chunks, read_csv
from hitl_notebook.exchange.jsonl_file import jsonl_chunks, read_jsonl
from hitl_notebook.exchange.parquet_file import parquet_chunks, read_parquet
from hitl_notebook.exchange.whole_file import check_place, write_whole
from hitl_notebook.file_path import file_path
from hitl_notebook.quoted import quoted

__all__ = ["Written", "read_frame", "write_frame"]

Format: TypeAlias = Literal["csv", "parquet", "jsonl"]

_READERS = {"csv": read_csv, "parquet": read_parquet, "jsonl": read_jsonl}


@dataclass(frozen=True)
class Written:
    """A file as it was written."""

    path: Path
    format: Format
    rows: int
    sha256: str
    defused: int
    """Cells and headers of a CSV file that an apostrophe was put into; 0 in the other formats, which change nothing."""
    flagged: int = 0
    """Of a session's export: rows that have a flag where others have a value."""
    undecided: int = 0
    """Of exported labels: rows without a value although reviewers gave some, since the rule leaves a tie open."""
    unreviewed: int | None = None
    """Of exported decisions or labels: items of the frame without a row; None where the frame is not at hand."""


def write_frame(
    frame: pd.DataFrame,
    path: str | os.PathLike[str],
    *,
    format: str | None = None,
    overwrite: bool = False,
    defuse: bool = True,
) -> Written:
    """Write ``frame`` to a file that appears whole or not at all.

    Parameters
    ----------
    format : "csv", "parquet" or "jsonl", optional
        Left out: by the file's ending. The module of each says how it holds what it has no type for.
    overwrite : bool
        Replace a file that is there.
    defuse : bool
        In CSV, put an apostrophe before text that a spreadsheet would run as a formula; ``read_frame`` takes it away.

    Raises
    ------
    UnknownChoice
        A format that is none of the three.
    BadColumn
        A column that the format cannot hold unchanged. Nothing has been written.
    ExportExists
        A file is in the way.
    FileProblem
        ``path`` is no path, or the file could not be written. What was there before is as it was.
    MissingExtra
        Parquet without pyarrow.
    """
    place = file_path("path", path)
    chosen = _format(place, format)
    check_place(place, overwrite=overwrite)
    changed = 0
    chunks: Iterable[bytes]
    match chosen:
        case "csv":
            chunks, changed = csv_chunks(frame, defuse=defuse)
        case "parquet":
            chunks = parquet_chunks(frame)
        case "jsonl":
            chunks = jsonl_chunks(frame)
    sha256 = write_whole(place, chunks, overwrite=overwrite)
    return Written(place, chosen, len(frame), sha256, changed)


def read_frame(path: str | os.PathLike[str], *, format: str | None = None) -> pd.DataFrame:
    """The frame that ``write_frame`` wrote: its rows in order, ids and values with their types, text as it was.

    A Parquet file may have been sorted, filtered or indexed by pandas meanwhile: rows stand in the file's order,
    numbered from 0, and an index that has a name is a column.

    A CSV file from elsewhere does not say whether an apostrophe at the beginning of a text was put there by
    ``write_frame``: it is taken away (``'tis`` is read as ``tis``); double it in the file where it is to stay. Values
    in quotes are text, others what they spell; ids of which some are in quotes are all text.

    Raises
    ------
    UnknownChoice
        A format that is none of the three.
    BadFrame, BadColumn
        The file is not of its format, or was changed so that a cell no longer is what its type says.
    FileProblem
        The file could not be read.
    """
    place = file_path("path", path)
    chosen = _format(place, format)
    try:
        data = place.read_bytes()
    except OSError as error:
        raise FileProblem(f"{place} could not be read ({error.strerror or error})") from error
    return _READERS[chosen](data)


def _format(path: Path, named: str | None) -> Format:
    ending = path.suffix.lower().removeprefix(".") if named is None else named
    match ending:
        case "csv" | "parquet" | "jsonl":
            return ending
    if named is None:
        raise UnknownChoice(
            f"{quoted(path.name)} ends in none of .csv, .parquet, .jsonl: rename it, or say format='csv'"
        )
    raise UnknownChoice(f"format={quoted(named)}: one of csv, parquet, jsonl")
