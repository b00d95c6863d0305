"""The title of a chart, and below it what its reader has to know."""

from collections.abc import Iterable
from textwrap import wrap

import altair as alt

__all__ = ["heading"]

PIXELS_A_LETTER = 5.6  # of Vega's subtitles, at 11 pixels


def heading(title: str | None, usual: str, lines: Iterable[str], width: float) -> alt.TitleParams:
    """``title``, or the usual one, over the lines, broken to the chart's width; ``title=""`` leaves the lines alone.

    >>> heading(None, "Accuracy", ["", "nothing reviewed yet"], 200).to_dict()["subtitle"]
    ['Nothing reviewed yet.']
    """
    letters = max(int(width / PIXELS_A_LETTER), 40)
    below = [part for line in lines if line for part in wrap(_sentence(line), letters)]
    return alt.TitleParams(
        text=usual if title is None else title,
        subtitle=below or alt.Undefined,
        anchor="start",
        offset=12,
        subtitlePadding=5,
    )


def _sentence(line: str) -> str:
    return line[0].upper() + line[1:] + ("" if line[-1] in ".:!?" else ".")
