"""Pieces of a text with their weights, as the page marks them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl_notebook.explain.marked import marked, words_of
from hitl_notebook.fields import Text, TokenWeights
from tests.explain.texts import HARD_TEXTS

ANY_TEXT = st.one_of(
    st.sampled_from(HARD_TEXTS), st.text(), st.text("a b\r\n\x1b[31m\u0301\u200d👩👍🏽🇩🇪", max_size=30)
)


def is_marked_in_the_text(pieces: list[tuple[str, float]], text: str) -> bool:
    """The page's own rule: the words, put together, are all of what the block shows."""
    block, shown = TokenWeights("w").block(pieces, []), Text("t").block(text, [])
    if "more" in block or block.get("clipped") != shown.get("clipped"):
        return False
    written = "".join(token["text"] for token in block["tokens"])
    return shown["text"].startswith(written) if "clipped" in block else shown["text"] == written


def test_words_that_are_not_all_of_the_text_are_not_marked_in_it() -> None:
    assert is_marked_in_the_text([("a\r\n", 1.0), ("b", 0.0)], "a\r\nb")
    for pieces in ([("a", 1.0)], [("a\r", 1.0), ("\nb", 0.0)], [("x" * 501, 1.0)], [("a", 1.0)] * 2_001):
        assert not is_marked_in_the_text(pieces, "a\r\nb" if len(pieces) < 3 else "a" * 2_001)


@given(st.data())
def test_the_pieces_are_the_text_and_their_weights_the_weights_wherever_it_is_cut(data: st.DataObject) -> None:
    text = data.draw(ANY_TEXT)
    ends = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted).map(tuple)
    spans = data.draw(st.lists(ends.filter(lambda span: span[0] < len(text)), max_size=8))
    weights = [(span, data.draw(st.floats(-10, 10))) for span in spans]
    pieces = marked(text, weights, spans)
    assert "".join(piece for piece, _ in pieces) == text
    assert sum(weight for _, weight in pieces) == pytest.approx(sum(weight for _, weight in weights), abs=1e-9)
    assert is_marked_in_the_text(pieces, text)


def test_a_cut_through_what_is_seen_as_one_character_is_not_made() -> None:
    for text in ["e\u0301", "👩‍👩‍👧", "👍🏽", "🇩🇪", "❤️", "\r\n", "\x1b[31m", "कि", "שָׁ"]:
        each = [(at, at + 1) for at in range(len(text))]
        assert marked(text, [(span, 1.0) for span in each], each) == [(text, len(text))]


def test_a_cut_between_two_characters_is_made() -> None:
    for text in ["ab", "é!", "👩👧", "钱在", "הכ", "\n\n"]:
        assert marked(text, [((0, 1), 1.0), ((1, 2), 2.0)], [(0, 1), (1, 2)]) == [(text[0], 1.0), (text[1], 2.0)]


def test_words_without_weight_are_one_piece() -> None:
    assert marked("one two three", [((4, 7), 0.5)], words_of("one two three")) == [
        ("one ", 0.0),
        ("two", 0.5),
        (" three", 0.0),
    ]


@pytest.mark.parametrize("weight", [0.0, 3.0])
def test_a_piece_that_the_page_would_cut_comes_in_parts(weight: float) -> None:
    text = "x" * 499 + "\r\n" + "y" * 700
    pieces = marked(text, [((0, len(text)), weight)], [(0, len(text))])
    assert [len(piece) for piece, _ in pieces] == [499, 500, 202]
    assert np.isclose(sum(weight for _, weight in pieces), weight)
    assert is_marked_in_the_text(pieces, text)


def test_a_text_that_is_cut_is_marked_as_far_as_it_is_shown() -> None:
    text = "money and 👩‍👧 no money\r\n" * 5_000
    pieces = marked(text, [(span, 1.0) for span in words_of(text)], words_of(text))
    assert is_marked_in_the_text(pieces, text)
    assert not is_marked_in_the_text(pieces[:-2], text)
    assert not is_marked_in_the_text([("card", 1.0), *pieces[1:]], text)


def test_a_long_text_is_marked_by_its_strongest_words_and_what_the_others_come_to_is_no_words() -> None:
    text = " ".join(["weak"] * 1_500 + ["strong"] + ["weak"] * 2 + ["strong"] * 900)
    spans = words_of(text)
    weights = [(span, -2.0 if text[slice(*span)] == "strong" else 0.25) for span in spans]
    pieces = marked(text, weights, spans)
    assert is_marked_in_the_text(pieces, text)
    # The last "strong" is one too many: of equals the first are marked.
    assert [weight for piece, weight in pieces if piece == "strong"] == [-2.0] * 900
    assert {weight for piece, weight in pieces if "weak" in piece} == {0.0}
    assert (" weak weak ", 0.0) in pieces
    assert pieces[-1] == ("", 1_502 * 0.25 - 2)
    assert sum(weight for _, weight in pieces) == 1_502 * 0.25 - 2 * 901


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("don't, 3.5 €!", ["don", "t", "3", "5"]),
        ("cafe\u0301 noir", ["cafe\u0301", "noir"]),
        ("مُحَمَّد نقودي", ["مُحَمَّد", "نقودي"]),
        ("שָׁלוֹם", ["שָׁלוֹם"]),
        ("कहाँ है", ["कहाँ", "है"]),
        ("钱ok在", ["钱", "ok", "在"]),
        ("👩‍👧 🇩🇪", []),
    ],
)
def test_words_are_letters_with_their_marks(text: str, words: list[str]) -> None:
    assert [text[start:end] for start, end in words_of(text)] == words
