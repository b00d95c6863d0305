"""A vectorizer read once more, with positions: the same n-grams as scikit-learn's own, at the right characters."""

import re
import unicodedata
from collections import Counter
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfVectorizer

from hitl_notebook.errors import CannotExplain
from hitl_notebook.explain.reader import Reader
from tests.explain.texts import HARD_TEXTS

TEXTS = st.one_of(st.sampled_from(HARD_TEXTS), st.text(max_size=40), st.text("aA éİΣß\u0301ﬁ½한\t\n ", max_size=20))
OPTIONS = st.fixed_dictionaries(
    {
        "analyzer": st.sampled_from(["word", "char", "char_wb"]),
        "ngram_range": st.tuples(st.integers(1, 3), st.integers(0, 3)).map(lambda ends: (ends[0], ends[0] + ends[1])),
        "lowercase": st.booleans(),
        "strip_accents": st.sampled_from([None, "ascii", "unicode"]),
    }
)
PATTERNS = st.sampled_from([r"(?u)\b\w\w+\b", r"\S+", r"(\w)\w*", r"(?:(\d)|\w)", r"[a-z]*"])


def plain(text: str) -> str:
    """A text but for case, accents, and how white space is written."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"\s+", " ", "".join(letter for letter in letters if unicodedata.category(letter)[0] != "M"))


def is_read_as_several(character: str) -> bool:
    return len(plain(character)) > 1 or len(character.lower()) > 1


@given(TEXTS, OPTIONS, PATTERNS, st.sampled_from([None, ["money", "line"], "english"]))
def test_the_n_grams_are_those_of_the_vectorizer(
    text: str, options: dict[str, Any], pattern: str, stop_words: Any
) -> None:
    if options["analyzer"] == "word":
        options = options | {"token_pattern": pattern, "stop_words": stop_words}
    vectorizer = CountVectorizer(**options)
    analyze = vectorizer.build_analyzer()
    assert Counter(n_gram for n_gram, _ in Reader(vectorizer).n_grams(text)) == Counter(analyze(text))


@given(TEXTS, OPTIONS.filter(lambda options: options["strip_accents"] != "ascii"))
def test_an_n_gram_stands_at_its_own_characters(text: str, options: dict[str, Any]) -> None:
    # Of a character as ½, ﬁ or İ an n-gram may have read a part: then it stands at the whole character.
    assume(not any(map(is_read_as_several, text)))
    for n_gram, place in Reader(CountVectorizer(**options)).n_grams(text):
        pieces = [text[start:end] for start, end in place]
        if options["analyzer"] == "word":
            assert plain(n_gram) == plain(" ".join(pieces))
        elif n_gram.strip():
            assert plain(n_gram).strip() == plain("".join(pieces)).strip()


def test_the_words_of_a_text_with_emoji_marks_and_right_to_left_script_are_found_where_they_are() -> None:
    text = "👩‍👩‍👧 geld, cafe\u0301 ΟΔΟΣ نقودي GELD"
    vectorizer = TfidfVectorizer(strip_accents="unicode").fit([text])
    places = Reader(vectorizer).places(text)
    standing = {
        word: [text[start:end] for ((start, end),) in places[term]] for word, term in vectorizer.vocabulary_.items()
    }
    # The mark after "cafe" is not read.
    assert standing == {"geld": ["geld", "GELD"], "cafe": ["cafe"], "οδος": ["ΟΔΟΣ"], "نقودي": ["نقودي"]}


def test_an_n_gram_of_words_stands_at_its_words_and_skips_the_stop_words_between() -> None:
    reader = Reader(CountVectorizer(ngram_range=(2, 2), stop_words=["the"]))
    assert list(reader.n_grams("Pay the bill")) == [("pay bill", ((0, 3), (8, 12)))]


def test_an_n_gram_over_a_words_edge_stands_at_the_words_own_characters() -> None:
    found = list(Reader(CountVectorizer(analyzer="char_wb", ngram_range=(2, 2))).n_grams("a  bc"))
    assert found == [
        (" a", ((0, 1),)),
        ("a ", ((0, 1),)),
        (" b", ((3, 4),)),
        ("bc", ((3, 4), (4, 5))),
        ("c ", ((4, 5),)),
    ]


@given(TEXTS.filter(lambda text: "\ud83d" not in text), OPTIONS)
def test_hashed_n_grams_are_found_by_the_hash_of_the_vectorizer(text: str, options: dict[str, Any]) -> None:
    vectorizer = HashingVectorizer(n_features=64, alternate_sign=False, norm=None, **options)
    row = vectorizer.transform([text])
    places = Reader(vectorizer).places(text)
    assert {term: len(standing) for term, standing in places.items()} == dict(
        zip(row.indices.tolist(), row.data.tolist(), strict=True)
    )


@pytest.mark.parametrize(
    "own",
    [{"tokenizer": str.split, "token_pattern": None}, {"preprocessor": str.upper}, {"strip_accents": str.upper}],
)
def test_a_reading_of_ones_own_is_refused_with_what_to_use_instead(own: dict[str, Any]) -> None:
    with pytest.raises(CannotExplain, match="OccludedWords"):
        Reader(CountVectorizer(**own))
