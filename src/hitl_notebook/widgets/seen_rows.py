"""Which rows of a chart look other than they did: a page has work with each that is told to have changed."""

from collections.abc import Sequence

from hitl_notebook.widgets.chart_rows import Row

__all__ = ["as_drawn"]

# So small a part of a number is a fraction of a pixel on most scales, and mostly rounded away in words; a chart that
# is settled has every row as it is.
UNSEEN = 1e-4


def as_drawn(rows: Sequence[Row], drawn: Sequence[Row]) -> list[Row]:
    """The rows, but those as they were drawn that look the same.

    >>> as_drawn([{"at": 1, "p": 0.50001}, {"at": 2, "p": 0.6}], [{"at": 1, "p": 0.5}, {"at": 2, "p": 0.5}])
    [{'at': 1, 'p': 0.5}, {'at': 2, 'p': 0.6}]
    """
    if len(rows) != len(drawn):
        return list(rows)
    return [before if _looks_like(row, before) else row for row, before in zip(rows, drawn, strict=True)]


def _looks_like(row: Row, before: Row) -> bool:
    if row.keys() != before.keys():
        return False
    return all(
        cell == (was := before[name])
        or (type(cell) is type(was) is float and abs(cell - was) < UNSEEN * min(abs(cell), abs(was)))
        for name, cell in row.items()
    )
