"""How a scikit-learn vectorizer reads a text: the n-grams it finds, and where in the text each of them stands."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from hitl_notebook.errors import CannotExplain
from hitl_notebook.explain.marked import Span, words_of
from hitl_notebook.quoted import quoted

__all__ = ["Reader"]

Place: TypeAlias = tuple[Span, ...]
"""The words of an n-gram of words, the characters of one of characters."""

_WHITE = re.compile(r"\s\s+")


class Reader:
    """A fitted CountVectorizer, TfidfVectorizer or HashingVectorizer, read once more with positions.

    Raises
    ------
    CannotExplain
        A tokenizer, preprocessor, analyzer or ``strip_accents`` of the user's own: it gives words, not their places.
    """

    def __init__(self, vectorizer: Any) -> None:
        own = [
            name
            for name in ("analyzer", "preprocessor", "tokenizer", "strip_accents")
            if callable(getattr(vectorizer, name))
        ]
        if own:
            raise CannotExplain(
                f"{type(vectorizer).__name__}({own[0]}={quoted(getattr(vectorizer, own[0]))}): where its words stand "
                "in the text cannot be told; use a token_pattern instead, or explain by hitl.explain.OccludedWords"
            )
        if vectorizer.input != "content":
            raise CannotExplain(f"{type(vectorizer).__name__}(input={vectorizer.input!r}) reads files: give it texts")
        self._vectorizer = vectorizer
        self._accents: Callable[[str], str] | None = None
        if vectorizer.strip_accents is not None:
            self._accents = _unaccented if vectorizer.strip_accents == "unicode" else _ascii
        self._stop_words = vectorizer.get_stop_words() if vectorizer.analyzer == "word" else None

    def places(self, text: str) -> dict[int, list[Place]]:
        """Where each of the vectorizer's features stands in the text, as often as it stands there."""
        found = list(self.n_grams(text))
        terms = self._terms({n_gram for n_gram, _ in found})
        places: dict[int, list[Place]] = {}
        for n_gram, place in found:
            if n_gram in terms:
                places.setdefault(terms[n_gram], []).append(place)
        return places

    def cuts(self, text: str) -> list[Span]:
        """Where the words are that the weights are brought back to."""
        if self._vectorizer.analyzer == "word":
            return [span for _, span in self._tokens(text)]
        return words_of(text)

    def n_grams(self, text: str) -> Iterator[tuple[str, Place]]:
        """Every n-gram that the vectorizer's own analyzer finds, with its place."""
        match self._vectorizer.analyzer:
            case "word":
                yield from self._of_words(text)
            case "char":
                yield from self._of_characters(text)
            case _:
                yield from self._of_characters_in_words(text)

    def _terms(self, n_grams: Iterable[str]) -> Mapping[str, int]:
        vocabulary: Mapping[str, int] | None = getattr(self._vectorizer, "vocabulary_", None)
        if vocabulary is not None:
            return {n_gram: int(vocabulary[n_gram]) for n_gram in n_grams if n_gram in vocabulary}
        from sklearn.feature_extraction import FeatureHasher

        ordered = list(n_grams)
        if not ordered:
            return {}
        hasher = FeatureHasher(self._vectorizer.n_features, input_type="string", alternate_sign=False)
        return dict(zip(ordered, hasher.transform([[n_gram] for n_gram in ordered]).indices.tolist(), strict=True))

    def _of_words(self, text: str) -> Iterator[tuple[str, Place]]:
        tokens = [
            (token, span) for token, span in self._tokens(text) if not self._stop_words or token not in self._stop_words
        ]
        for n, start in self._windows(len(tokens)):
            words, spans = zip(*tokens[start : start + n], strict=True)
            yield " ".join(words), spans

    def _tokens(self, text: str) -> Iterator[tuple[str, Span]]:
        read, spans = self._processed(text)
        pattern = re.compile(self._vectorizer.token_pattern)
        for match in pattern.finditer(read):
            start, end = match.span(pattern.groups)
            # A group that took no part is an empty word; so is what matches nothing.
            yield read[start:end], _around(spans[start:end]) if end > start else (0, 0)

    def _of_characters(self, text: str) -> Iterator[tuple[str, Place]]:
        read, spans = self._single_spaced(text)
        for n, start in self._windows(len(read)):
            yield read[start : start + n], tuple(spans[start : start + n])

    def _of_characters_in_words(self, text: str) -> Iterator[tuple[str, Place]]:
        read, spans = self._single_spaced(text)
        shortest, longest = self._vectorizer.ngram_range
        for word in re.finditer(r"\S+", read):
            padded, own = f" {word[0]} ", tuple(spans[word.start() : word.end()])
            for n in range(shortest, longest + 1):
                for start in range(max(1, len(padded) - n + 1)):
                    # The spaces around are no part of the text; what is nothing but those stands for the word.
                    yield padded[start : start + n], own[max(0, start - 1) : start - 1 + n] or own
                if n >= len(padded):
                    break

    def _windows(self, length: int) -> Iterator[tuple[int, int]]:
        shortest, longest = self._vectorizer.ngram_range
        for n in range(shortest, min(longest, length) + 1):
            for start in range(length - n + 1):
                yield n, start

    def _processed(self, text: str) -> tuple[str, list[Span]]:
        """The text as the vectorizer reads it, and of each of its characters the one that it came from."""
        if text.isascii():
            return text.lower() if self._vectorizer.lowercase else text, [(at, at + 1) for at in range(len(text))]
        read, origins = text, list(range(len(text)))
        if self._vectorizer.lowercase:
            # The whole in lower case is as long as its characters one by one: only the sigma looks at its neighbours.
            origins = [at for at, character in zip(origins, read, strict=True) for _ in character.lower()]
            read = read.lower()
        if self._accents is not None:
            origins = [at for at, character in zip(origins, read, strict=True) for _ in self._accents(character)]
            read = self._accents(read)
        return read, [(at, at + 1) for at in origins]

    def _single_spaced(self, text: str) -> tuple[str, list[Span]]:
        read, spans = self._processed(text)
        for match in reversed(list(_WHITE.finditer(read))):
            spans[match.start() : match.end()] = [_around(spans[match.start() : match.end()])]
        return _WHITE.sub(" ", read), spans


def _around(spans: list[Span]) -> Span:
    return spans[0][0], spans[-1][1]


def _unaccented(text: str) -> str:
    return "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ASCII", "ignore").decode("ASCII")
