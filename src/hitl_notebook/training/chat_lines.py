"""A training set as lines of chat messages, as services and libraries that fine-tune language models read them."""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

import narwhals as nw
import pandas as pd

from hitl_notebook.errors import BadColumn
from hitl_notebook.exchange.whole_file import write_whole
from hitl_notebook.file_path import file_path
from hitl_notebook.quoted import quoted
from hitl_notebook.tasks.task import Task
from hitl_notebook.training.reviewed_rows import TrainingSet

__all__ = ["write_chat_lines"]

Message: TypeAlias = dict[str, Any]
Prompt: TypeAlias = str | Callable[[Any], str | Sequence[Message]]


def write_chat_lines(
    rows: TrainingSet,
    task: Task,
    path: str | os.PathLike[str],
    *,
    prompt: Prompt | None = None,
    system: str | None = None,
    overwrite: bool = False,
) -> int:
    """Write one line of JSON a row, ``{"messages": [...]}``: what is asked, and what people said is the answer.

    Parameters
    ----------
    rows : TrainingSet
    task : Task
        The session's, as ``session.task``.
    path : path
        Appears whole or not at all.
    prompt : str or function, optional
        What the user says: a column of X, or a function of a row (of a frame a dict) that returns a text, or messages
        that end with the user's. Left out: the rows themselves, where they are texts.
    system : str, optional
        A first message to every row, such as the guidelines.
    overwrite : bool
        Replace a file that is there.

    Returns
    -------
    How many lines. The answer is the value: text as it is, else JSON.

    Raises
    ------
    BadColumn
        Rows that are no texts, and no prompt.
    ExportExists, FileProblem
        A file is in the way, or it could not be written.

    Examples
    --------
    >>> import tempfile, hitl_notebook as hitl
    >>> from pathlib import Path
    >>> session = hitl.ReviewSession([{"text": "Win!", "said": "spam"}], prediction="said", store=":memory:")
    >>> session.accept(0)
    >>> rows = hitl.training.training_set(session, ["Win!"], say=lambda said: None)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     lines = write_chat_lines(rows, session.task, Path(folder, "chat.jsonl"))
    ...     print(lines, Path(folder, "chat.jsonl").read_text().strip())
    1 {"messages": [{"role": "user", "content": "Win!"}, {"role": "assistant", "content": "spam"}]}
    """
    lines = [
        _line(task, asked, value, system) for asked, value in zip(_asked(rows.X, prompt), rows.values, strict=True)
    ]
    write_whole(file_path("path", path), (line.encode() for line in lines), overwrite=overwrite)
    return len(lines)


def _line(task: Task, asked: Sequence[Message], value: Any, system: str | None) -> str:
    first = [] if system is None else [{"role": "system", "content": system}]
    said = task.to_json(value)
    answer = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
    messages = [*first, *asked, {"role": "assistant", "content": answer}]
    # Escaped: half of a surrogate pair has no form in UTF-8, and a line break of Unicode would end a line for some.
    return json.dumps({"messages": messages}, allow_nan=False) + "\n"


def _asked(X: Any, prompt: Prompt | None) -> Iterator[Sequence[Message]]:
    for at, row in enumerate(_rows(X)):
        said: Any = row
        if isinstance(prompt, str):
            if not isinstance(row, dict) or prompt not in row:
                raise BadColumn(f"prompt={prompt!r} is no column of X: name one, or give a function of a row")
            said = row[prompt]
        elif prompt is not None:
            said = prompt(row)
        if isinstance(said, str):
            yield [{"role": "user", "content": said}]
        elif _are_messages(said):
            yield said
        else:
            raise BadColumn(
                f"row {at}: {quoted(said)} is neither a text nor messages that end with the user's: name a column of "
                "texts or give a function, as in prompt=lambda row: row['question']"
            )


def _rows(X: Any) -> Sequence[Any]:
    """Rows one by one, of a frame as dicts."""
    if isinstance(X, pd.DataFrame):
        return [{str(name): cell for name, cell in row.items()} for row in X.to_dict("records")]
    if nw.dependencies.is_into_dataframe(X):
        return list(nw.from_native(X, eager_only=True).rows(named=True))
    return list(X.tolist() if hasattr(X, "tolist") else X)


def _are_messages(said: Any) -> bool:
    return (
        isinstance(said, list | tuple)
        and bool(said)
        and all(isinstance(message, dict) and {"role", "content"} <= message.keys() for message in said)
        and said[-1]["role"] == "user"
    )
