"""From the features that a linear model weighs back to the columns, and the words in them, that they came from."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from hitl_notebook.explain.reader import Reader

__all__ = ["Matrix", "Origins", "Trace", "as_fitted"]

Matrix: TypeAlias = Any
"""A DataFrame, a two-dimensional array or a sparse matrix, as scikit-learn's transformers give them."""
Indices: TypeAlias = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Origins:
    """Of each feature the column it came from and, where that column's cell was read as a text, which of the reader's
    features it is; ``reader`` is -1 elsewhere.
    """

    column: Indices
    reader: Indices
    term: Indices
    readers: tuple[tuple[int, Reader], ...] = ()
    """Each with the column that it reads, of which perhaps no word is weighed."""

    @classmethod
    def of_columns(cls, count: int) -> "Origins":
        nothing = np.full(count, -1, dtype=np.intp)
        return cls(np.arange(count, dtype=np.intp), nothing, nothing)

    @classmethod
    def of_text(cls, column: int, reader: Reader, terms: int) -> "Origins":
        at = np.zeros(terms, dtype=np.intp)
        return cls(at + column, at, np.arange(terms, dtype=np.intp), ((column, reader),))

    @classmethod
    def side_by_side(cls, parts: Sequence["Origins"]) -> "Origins":
        before = accumulate((len(part.readers) for part in parts), initial=0)
        readers = [np.where(part.reader < 0, -1, part.reader + past) for part, past in zip(parts, before, strict=False)]
        return cls(
            np.concatenate([part.column for part in parts]),
            np.concatenate(readers),
            np.concatenate([part.term for part in parts]),
            tuple(reader for part in parts for reader in part.readers),
        )

    def __len__(self) -> int:
        return len(self.column)

    def take(self, places: Indices) -> "Origins":
        return Origins(self.column[places], self.reader[places], self.term[places], self.readers)


@dataclass(frozen=True)
class Trace:
    """The features that a fitted model has of rows at some step of its way.

    ``parts`` gives for rows a matrix whose columns each came from one place, told by ``origins``. The features are
    these, or where a step has mixed them, ``parts @ mixing + shift``.
    """

    parts: Callable[[pd.DataFrame], Matrix]
    origins: Origins
    mixing: sparse.csr_array | None = None
    shift: npt.NDArray[np.float64] | float = 0.0

    @classmethod
    def of_columns(cls, count: int) -> "Trace":
        return cls(lambda rows: rows, Origins.of_columns(count))

    @classmethod
    def side_by_side(cls, traces: Sequence["Trace"]) -> "Trace":
        """The features of all, one after another."""
        origins = Origins.side_by_side([trace.origins for trace in traces])

        def parts(rows: pd.DataFrame) -> Matrix:
            return _beside([trace.parts(rows) for trace in traces])

        if all(trace.mixing is None for trace in traces):
            return cls(parts, origins)
        mixings = [sparse.eye_array(len(trace.origins)) if trace.mixing is None else trace.mixing for trace in traces]
        shift = [np.zeros(mixing.shape[1]) + trace.shift for trace, mixing in zip(traces, mixings, strict=True)]
        return cls(parts, origins, sparse.csr_array(sparse.block_diag(mixings)), np.concatenate(shift))

    def take(self, places: Indices) -> "Trace":
        """Some of the features, in the order of ``places``."""
        if self.mixing is not None:
            shift = self.shift if isinstance(self.shift, float) else self.shift[places]
            return replace(self, mixing=sparse.csr_array(self.mixing[:, places]), shift=shift)

        def parts(rows: pd.DataFrame) -> Matrix:
            given = self.parts(rows)
            return given.iloc[:, places] if isinstance(given, pd.DataFrame) else given[:, places]

        return Trace(parts, self.origins.take(places))

    def through(self, transform: Callable[[Matrix], Matrix], origins: Origins) -> "Trace":
        """The features after a step whose outputs each come from one of its inputs."""
        return Trace(lambda rows: transform(self.parts(rows)), origins)

    def mixed(self, by: Matrix, shift: npt.NDArray[np.float64] | float = 0.0) -> "Trace":
        """The features ``features @ by + shift``."""
        by = sparse.csr_array(by)
        moved = 0.0 if isinstance(self.shift, float) else self.shift @ by
        return replace(
            self, mixing=by if self.mixing is None else sparse.csr_array(self.mixing @ by), shift=moved + shift
        )

    def scaled(self, by: float) -> "Trace":
        """The features, each of them times ``by``."""
        if self.mixing is not None:
            return replace(self, mixing=self.mixing * by, shift=self.shift * by)
        return Trace(lambda rows: _numbers(self.parts(rows)) * by, self.origins)


def as_fitted(step: Any, given: Matrix) -> Matrix:
    """The matrix, whose columns are in the step's order, with names where it was fitted on names: scikit-learn asks."""
    names: Sequence[Hashable] | None = getattr(step, "feature_names_in_", None)
    if names is None:
        return given.to_numpy() if isinstance(given, pd.DataFrame) else given
    if isinstance(given, pd.DataFrame) and list(given.columns) == list(names):
        return given
    return pd.DataFrame(given.to_numpy() if isinstance(given, pd.DataFrame) else given, columns=list(names))


def _beside(blocks: Sequence[Matrix]) -> Matrix:
    if any(sparse.issparse(block) for block in blocks):
        return sparse.csr_array(sparse.hstack([sparse.csr_array(_numbers(block)) for block in blocks]))
    return np.hstack([np.asarray(block) for block in blocks])


def _numbers(given: Matrix) -> Matrix:
    return given if sparse.issparse(given) else np.asarray(given, dtype=np.float64)
