"""Which field a column is shown by where the user did not say."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from hitl_notebook.fields.chat import Chat, is_chat
from hitl_notebook.fields.field import Field, is_list
from hitl_notebook.fields.heat_map import HeatMap, is_heat_map
from hitl_notebook.fields.image import Image, is_image
from hitl_notebook.fields.similar import Similar, is_similar
from hitl_notebook.fields.table import Table
from hitl_notebook.fields.text import Markdown, Text
from hitl_notebook.fields.weights import Contributions, TokenWeights, is_pairs, is_weight

__all__ = ["CELLS_LOOKED_AT", "explanation_field", "shown_field"]

CELLS_LOOKED_AT = 20


def shown_field(column: Any, cells: Sequence[Any]) -> Field:
    """The field for a shown column, by its first cells that are not missing; all of them have to agree.

    In this order: text is Text; a Pillow image, an image's bytes or an array of an image's shape is an Image; a mapping
    is a Table; a list of mappings with ``role`` and ``content`` is a Chat; any other list of mappings is a Table;
    everything else is Text. Markdown, Code and paths of images are shown as such only where they are said to be.
    """
    if not cells or all(isinstance(cell, str) for cell in cells):
        return Text(column)
    if all(map(is_image, cells)):
        return Image(column)
    if all(isinstance(cell, Mapping | pd.Series | pd.DataFrame) for cell in cells):
        return Table(column)
    if all(map(is_chat, cells)):
        return Chat(column)
    if all(map(_is_records, cells)):
        return Table(column)
    return Text(column)


def explanation_field(column: Any, cells: Sequence[Any]) -> Field:
    """The field for a column of explanations, by its first cells that are not missing.

    All of them have to agree; or half of them, where the others are of the same form and lack a weight that is a
    number: these cannot be shown, and say so, each in its place.

    In this order: text is Markdown; a list of (text, number), or a mapping with ``tokens`` and ``weights``, is
    TokenWeights; a mapping of names to numbers, or to tuples of a number and a value, is Contributions; a rectangle of
    numbers is a HeatMap; a list of mappings with ``text`` and ``label`` or ``similarity`` is Similar, one with
    ``token`` or ``text`` and ``weight`` TokenWeights, one with ``name`` or ``feature`` and ``weight`` Contributions;
    everything else is shown as an item's columns are.
    """
    if not cells:
        return Text(column)
    for field, fits, is_alike in _EXPLANATIONS:
        odd = [cell for cell in cells if not fits(cell)]
        if not odd or (2 * len(odd) <= len(cells) and all(map(is_alike, odd))):
            return field(column)
    return shown_field(column, cells)


def _is_records(cell: Any) -> bool:
    return is_list(cell) and len(cell) > 0 and all(isinstance(row, Mapping) for row in cell)


def _is_tokens(cell: Any) -> bool:
    return (is_pairs(cell) and len(cell) > 0) or (isinstance(cell, Mapping) and {"tokens", "weights"} <= cell.keys())


def _is_weights(cell: Any) -> bool:
    return (
        isinstance(cell, Mapping)
        and len(cell) > 0
        and all(value is None or is_weight(value) or _is_weight_with_value(value) for value in cell.values())
    )


def _is_weight_with_value(pair: Any) -> bool:
    # A tuple: lists of two numbers are as likely points or ranges.
    return isinstance(pair, tuple) and len(pair) == 2 and is_weight(pair[0])


def _has(*names: str) -> Callable[[Any], bool]:
    return lambda cell: (
        _is_records(cell) and all("weight" in part and not part.keys().isdisjoint(names) for part in cell)
    )


def _is_list_of_pairs(cell: Any) -> bool:
    return is_pairs(cell, of=lambda weight: True)


def _is_list_of_lists(cell: Any) -> bool:
    return is_list(cell) and all(map(is_list, cell))


def _is_empty_list(cell: Any) -> bool:
    return is_list(cell) and len(cell) == 0


def _is_mapping(cell: Any) -> bool:
    return isinstance(cell, Mapping)


# A field, whether a cell is one of its own, and whether one may be, but for a weight that is no number.
_EXPLANATIONS: Sequence[tuple[type[Field], Callable[[Any], bool], Callable[[Any], bool]]] = (
    (Markdown, lambda cell: isinstance(cell, str), lambda cell: False),
    (TokenWeights, _is_tokens, _is_list_of_pairs),
    (Contributions, _is_weights, _is_mapping),
    (HeatMap, is_heat_map, _is_list_of_lists),
    (Similar, is_similar, _is_empty_list),
    (TokenWeights, _has("token", "text", "word"), _is_empty_list),
    (Contributions, _has("name", "feature"), _is_empty_list),
)
