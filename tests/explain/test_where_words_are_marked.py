"""From a model's word to the mark on the page: at the right characters, as Python counts them and as the page does."""

import re
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import Pipeline, make_pipeline

from hitl_notebook.explain import Linear
from hitl_notebook.explain.reader import Reader
from hitl_notebook.fields import Text, TokenWeights
from tests.explain.texts import HARD_TEXTS

WORDS = ["money", "cafe\u0301", "İstanbul", "ΟΔΟΣ", "👩‍👩‍👧", "👍🏽x", "🇩🇪", "نقودي", "שָׁלוֹם", "पैसा", "我的钱", "𐐏𐐭"]
BESIDE = st.sampled_from(HARD_TEXTS) | st.text(max_size=12) | st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join)


def model_of(word: str, lowercase: bool) -> Pipeline:
    """One that knows one word: each time that it stands there counts 1."""
    known = word.lower() if lowercase else word
    counts = CountVectorizer(vocabulary=[known], token_pattern=r"\S+", lowercase=lowercase)  # noqa: S106
    return make_pipeline(counts.fit([word]), LinearRegression().fit([[0.0], [1.0]], [0.0, 1.0]))


def standing(text: str, word: str, lowercase: bool) -> list[tuple[int, int]]:
    """Where it stands, found without a vectorizer: between white space."""
    alike = str.lower if lowercase else str
    return [found.span() for found in re.finditer(r"\S+", text) if alike(found[0]) == alike(word)]


def marks(pieces: list[tuple[str, float]], size: object = len) -> Iterator[tuple[int, int]]:
    start = 0
    for piece, weight in pieces:
        end = start + size(piece)
        if weight:
            yield start, end
        start = end


def in_units(text: str) -> int:
    """How long JavaScript takes a text to be."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def check_that_the_word_is_marked(word: str, before: str, after: str, lowercase: bool) -> None:
    text = f"{before} {word} {after}"
    (pieces,) = Linear(model_of(word, lowercase), text="body").explain([{"body": text}])
    expected = standing(text, word, lowercase)
    assert list(marks(pieces)) == expected
    assert np.allclose([weight for _, weight in pieces if weight], 1)
    # What the page is sent: the tokens, put together, are the text that it shows, and a mark is where a token is.
    tokens = [(token["text"], token["weight"]) for token in TokenWeights("w").block(pieces, [])["tokens"]]
    shown = Text("t").block(text, [])["text"].encode("utf-16-le", "surrogatepass")
    seen = [shown[2 * start : 2 * end].decode("utf-16-le") for start, end in marks(tokens, in_units)]
    assert seen == [text[start:end] for start, end in expected]


@given(st.sampled_from(WORDS), BESIDE, BESIDE, st.booleans())
def test_a_word_is_marked_wherever_it_stands_and_nothing_else_is(
    word: str, before: str, after: str, lowercase: bool
) -> None:
    check_that_the_word_is_marked(word, before, after, lowercase)


def _as_if_lower_case_were_as_long(reader: Reader, text: str) -> tuple[str, list[tuple[int, int]]]:
    read = text.lower()
    return read, [(at, at + 1) for at in range(len(read))]


def _as_the_page_counts(reader: Reader, text: str) -> tuple[str, list[tuple[int, int]]]:
    read = text.lower()
    return read, [(start, start + 1) for start in (in_units(read[:at]) for at in range(len(read)))]


@pytest.mark.parametrize("wrong", [_as_if_lower_case_were_as_long, _as_the_page_counts])
def test_the_search_would_notice_a_wrong_place(wrong: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Reader, "_processed", wrong)
    found_soon = settings(max_examples=200, phases=[Phase.generate], derandomize=True, report_multiple_bugs=False)
    with pytest.raises((AssertionError, IndexError)):
        found_soon(given(st.sampled_from(WORDS), BESIDE, BESIDE, st.just(True))(check_that_the_word_is_marked))()
