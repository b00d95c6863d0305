"""What spoke for a prediction and against it: weights of tokens and of features."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite, nan
from typing import TYPE_CHECKING, Any

import numpy as np

from hitl_notebook.fields.field import Field, Unreadable, is_list
from hitl_notebook.fields.text import CLIPPED_AT, text_of
from hitl_notebook.fields.visible import visible
from hitl_notebook.missing import is_missing
from hitl_notebook.quoted import quoted

if TYPE_CHECKING:
    from hitl_notebook.protocol import Block

__all__ = ["Contributions", "TokenWeights", "is_pairs", "is_weight"]

_MOST_TOKENS = 2_000
_MOST_TOKENS_IN_ALL = 50_000
_MOST_CONTRIBUTIONS = 1_000
_MOST_CHARACTERS = 100_000
_LONGEST = 500

_TOKEN_NAMES = ("token", "text", "word")
_FEATURE_NAMES = ("name", "feature")
_WEIGHT_NAMES = ("weight", "contribution", "score")


def is_weight(value: Any) -> bool:
    """Whether a value is a number, finite or not."""
    real = isinstance(value, int | float | Decimal | np.integer | np.floating)
    return real and not isinstance(value, bool)


def is_pairs(cell: Any, *, of: Callable[[Any], bool] = is_weight) -> bool:
    """Whether a cell is a list of pairs of a text and a number, or of a text and what ``of`` says."""
    return is_list(cell) and all(
        is_list(pair) and len(pair) == 2 and isinstance(pair[0], str) and of(pair[1]) for pair in cell
    )


@dataclass(frozen=True)
class TokenWeights(Field):
    """Tokens in their order, each with a weight: for the prediction above zero, against it below.

    A cell is a list of (token, weight), a mapping with ``tokens`` and ``weights``, or a list of mappings with
    ``token`` and ``weight``. Where its tokens, put together, are a text that is shown, the page marks them in it, and
    cuts and opens them with it. The weight of a token without text is that of all else: it is told, and marks nothing.

    >>> TokenWeights("why").block([("money", 0.8), ("?", -0.1)], [])["tokens"]
    [{'text': 'money', 'weight': 0.8}, {'text': '?', 'weight': -0.1}]
    """

    def read(self, cell: Any, buffers: list[bytes]) -> "Block":
        tokens = _tokens(cell)
        known = tokens[:_MOST_TOKENS_IN_ALL]
        first = _beginning(known)
        block: Block = {"type": "token_weights", "field": self.name, "tokens": _shown(first)}
        if first != known:
            block["clipped"] = sum(len(text) for text, _ in known)
        if len(tokens) > len(known):
            block["more"] = len(tokens) - len(known)
        return block

    def full_text(self, cell: Any, message: int | None = None) -> str:
        """All of the tokens that a page may ask for, in JSON as the block has the first of them."""
        return json.dumps(_shown(_tokens(cell)[:_MOST_TOKENS_IN_ALL]), ensure_ascii=False)

    def suits(self, cell: Any) -> bool:
        return not isinstance(cell, str | bytes | int | float)


@dataclass(frozen=True)
class Contributions(Field):
    """Features and what each contributed: for the prediction above zero, against it below; the largest first.

    A cell is a mapping of name to weight, or to (weight, the feature's own value); a list of (name, weight) or
    (name, weight, value); or a list of mappings with ``name``, ``weight`` and, where known, ``value``. A name of a
    mapping whose weight is None is left out.

    >>> Contributions("features").block({"age": 0.1, "amount": -0.4}, [])["rows"]
    [['amount', -0.4, None], ['age', 0.1, None]]
    """

    def read(self, cell: Any, buffers: list[bytes]) -> "Block":
        if isinstance(cell, Mapping):
            # polars and pyarrow give every row the features of all, None where a row has none.
            present = [(name, weight) for name, weight in cell.items() if weight is not None]
            named = [(name, *_weight_and_value(weight)) for name, weight in present]
        else:
            named = _listed(cell, _FEATURE_NAMES)
        weighed = sorted(
            ((name, _finite(weight, name), value) for name, weight, value in named), key=lambda row: -abs(row[1])
        )
        rows: list[list[Any]] = []
        characters = 0
        for name, weight, value in weighed[:_MOST_CONTRIBUTIONS]:
            rows.append([_short(name), weight, None if is_missing(value) else _short(value)])
            characters += len(rows[-1][0]) + len(rows[-1][2] or "")
            if characters > _MOST_CHARACTERS:
                break
        block: Block = {"type": "contributions", "field": self.name, "rows": rows}
        if len(weighed) > len(rows):
            block["more"] = len(weighed) - len(rows)
        return block

    def suits(self, cell: Any) -> bool:
        return not isinstance(cell, str | bytes | int | float)


def _tokens(cell: Any) -> list[tuple[str, float]]:
    if isinstance(cell, Mapping) and {"tokens", "weights"} <= cell.keys():
        pairs = _together(cell["tokens"], cell["weights"])
    else:
        pairs = [named[:2] for named in _listed(cell, _TOKEN_NAMES)]
    return [(_cut(_written(token)), _finite(weight, token)) for token, weight in pairs]


def _beginning(tokens: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """As much of them as is sent with an item: as many characters as of a text, and not too many of them."""
    first: list[tuple[str, float]] = []
    left = CLIPPED_AT
    for text, weight in tokens[:_MOST_TOKENS]:
        if left <= 0:
            break
        first.append((text[:left], weight))
        left -= len(text)
    return first


def _shown(tokens: list[tuple[str, float]]) -> list[dict[str, Any]]:
    return [{"text": visible(text), "weight": weight} for text, weight in tokens]


def _together(tokens: Iterable[Any], weights: Iterable[Any]) -> list[tuple[Any, Any]]:
    all_tokens, all_weights = list(tokens), list(weights)
    if len(all_tokens) != len(all_weights):
        raise Unreadable(f"{len(all_tokens):,} tokens, but {len(all_weights):,} weights")
    return list(zip(all_tokens, all_weights, strict=True))


def _weight_and_value(weight: Any) -> tuple[Any, Any]:
    if isinstance(weight, list | tuple) and len(weight) == 2:
        return weight[0], weight[1]
    return weight, None


def _listed(cell: Any, names: Sequence[str]) -> list[tuple[Any, Any, Any]]:
    """Name, weight and value of each part of a list."""
    if not is_list(cell):
        raise Unreadable(f"{type(cell).__name__} is no list of weights")
    listed = []
    for part in cell:
        if isinstance(part, Mapping):
            name = next((part[key] for key in names if key in part), None)
            weight = next((part[key] for key in _WEIGHT_NAMES if key in part), None)
            listed.append((name, weight, part.get("value")))
        elif is_list(part) and len(part) in (2, 3):
            listed.append((part[0], part[1], part[2] if len(part) == 3 else None))
        else:
            raise Unreadable(f"{quoted(part)} is no pair of a name and a weight")
    return listed


def _finite(weight: Any, of: Any) -> float:
    if not is_weight(weight):
        raise Unreadable(f"the weight of {quoted(of)} is {quoted(weight)}, which is no number")
    try:
        number = float(weight)
    except (OverflowError, ValueError):  # hundreds of digits; a signaling NaN
        number = nan
    if not isfinite(number):
        raise Unreadable(f"the weight of {quoted(of)} is not finite")
    return number


def _short(part: Any) -> str:
    return visible(_cut(_written(part)))


def _written(part: Any) -> str:
    return "" if is_missing(part) else text_of(part)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
