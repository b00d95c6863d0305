"""Columns that a chart computes for itself, in the page."""

import altair as alt

__all__ = ["calculations"]


def calculations(**expressions: str) -> list[alt.CalculateTransform]:
    """One for each name, in order. Altair's method for it copies the chart for each of them.

    >>> calculations(double="2 * datum.n")[0].to_dict()
    {'calculate': '2 * datum.n', 'as': 'double'}
    """
    return [alt.CalculateTransform(calculate=made, **{"as": name}) for name, made in expressions.items()]
