"""A text cut into pieces with weights: put together, the pieces are the text."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from hitl_notebook.fields.visible import TERMINAL_CODE

__all__ = ["Span", "marked", "words_of"]

Span: TypeAlias = tuple[int, int]
"""Start and end in a text, in characters as Python counts them."""

_LONGEST = 500  # of a piece: what is longer, the page would cut
_MOST = 900  # pieces with a weight of their own: with those between them fewer than the 2,000 that come with an item

# Scripts that put no space between words: there each character is a word of its own.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Marks above and below letters are no letters to \w, though words are written with them.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0903\u093a-\u094f\u200c\u200d"
_WORD = re.compile(rf"[{_UNSPACED}]|(?![{_UNSPACED}])\w(?:(?![{_UNSPACED}])[\w{_MARKS}])*")

_UNCUT = re.compile(rf"\r\n|{TERMINAL_CODE.pattern}")
_JOINER = "\u200d"


def words_of(text: str) -> list[Span]:
    """Where the words are: runs of letters, digits and their marks; in scripts without spaces, each character.

    >>> words_of("Geld zurück!"), words_of("退款")
    ([(0, 4), (5, 11)], [(0, 1), (1, 2)])
    """
    return [match.span() for match in _WORD.finditer(text)]


def marked(text: str, weights: Iterable[tuple[Span, float]], cuts: Iterable[Span]) -> list[tuple[str, float]]:
    """The text cut at the ends of ``cuts``, each piece with the sum of the weights that begin in it.

    No cut goes through what is seen as one character (a letter and its accents, an emoji of several parts), nor through
    a line's end or a terminal code, which the page shows as a whole. Pieces without weight that touch are one piece. Of
    more than 900 words with a weight the weakest are left without one: added up, theirs is that of a last piece, which
    has no text. The value is one of ``fields.TokenWeights``; joined, its pieces are the text, so that the page marks
    them in it.

    >>> marked("no money, no", [((0, 2), 0.25), ((3, 8), 1.0), ((10, 12), 0.25)], [(0, 2), (3, 8), (10, 12)])
    [('no', 0.25), (' ', 0.0), ('money', 1.0), (', ', 0.0), ('no', 0.25)]
    """
    if text == "":
        return [("", sum(weight for _, weight in weights))]
    at = np.zeros(len(text))
    for (start, _), weight in weights:
        at[start] += weight
    uncut = {place for match in _UNCUT.finditer(text) for place in range(match.start() + 1, match.end())}

    def is_edge(place: int) -> bool:
        return place not in uncut and not _is_inside_a_character(text, place)

    wanted = {place for span in cuts for place in span if 0 < place < len(text)}
    edges = [0, *sorted(filter(is_edge, wanted)), len(text)]
    sums, others = _strongest(np.add.reduceat(at, edges[:-1]))
    pieces = [
        (text[start:end], weight / len(parts))
        for whole, weight in _merged(list(pairwise(edges)), sums)
        for parts in [_short(whole, is_edge)]
        for start, end in parts
    ]
    return pieces if others is None else [*pieces, ("", others)]


def _is_inside_a_character(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place]
    if _JOINER in (before, after) or unicodedata.category(after) in ("Mn", "Mc", "Me"):
        return True
    return "\U0001f3fb" <= after <= "\U0001f3ff" or (_is_flag_letter(before) and _is_flag_letter(after))


def _is_flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _strongest(weights: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], float | None]:
    """The weights, none but the strongest where they are many; and what the others come to together."""
    if np.count_nonzero(weights) <= _MOST:
        return weights, None
    is_told = np.zeros(len(weights), dtype=bool)
    is_told[np.argsort(-np.abs(weights), kind="stable")[:_MOST]] = True
    return np.where(is_told, weights, 0.0), float(weights[~is_told].sum())


def _merged(spans: Sequence[Span], weights: npt.NDArray[np.float64]) -> list[tuple[Span, float]]:
    """The spans, those that touch and have no weight as one."""
    merged: list[tuple[Span, float]] = []
    may_go_on = False
    for span, weight in zip(spans, weights.tolist(), strict=True):
        if may_go_on and weight == 0:
            (start, _), _ = merged[-1]
            merged[-1] = (start, span[1]), weight
        else:
            merged.append((span, weight))
        may_go_on = weight == 0
    return merged


def _short(span: Span, is_edge: Callable[[int], bool]) -> list[Span]:
    """The span in parts that are not too long."""
    start, end = span
    parts = []
    while end - start > _LONGEST:
        last = start + _LONGEST
        edge = next((place for place in range(last, start, -1) if is_edge(place)), last)
        parts.append((start, edge))
        start = edge
    return [*parts, (start, end)]
