"""Rows of every kind of matrix: counted, taken, put together and told apart."""

from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from scipy import sparse

from hitl_notebook.errors import Misaligned
from hitl_notebook.training.rows import alike, row_count, row_digests, stacked, take_rows

NUMBERS = np.array([[1.0, 0.0], [0.0, 2.0], [1.0, 0.0]])
KINDS = {
    "array": NUMBERS,
    "images": NUMBERS.reshape(3, 1, 2).astype(np.uint8),
    "objects": np.array([["a", None], ["b", 1], ["a", None]], dtype=object),
    "frame": pd.DataFrame({"n": [1.0, 2.0, 1.0], "t": ["a", "a", "a"], "l": [[1], [1], [1]]}),
    "numeric frame": pd.DataFrame(NUMBERS, columns=["a", "b"]),
    "series": pd.Series(["x", "y", "x"]),
    "sparse": sparse.csr_array(NUMBERS),
    "sparse by columns": sparse.csc_matrix(NUMBERS),
    "texts": ["x", "y", "x"],
    "polars": pl.DataFrame({"n": [1, 2, 1], "t": ["a", "b", "a"]}),
    "pyarrow": pa.table({"n": [1, 2, 1], "t": ["a", "b", "a"]}),
}
MIXED = pd.DataFrame({"n": [1.0, 2.0, np.nan], "b": [0, 1, 0], "t": ["x", "y", None]})


def plainly(X):
    return (
        X.toarray().tolist()
        if sparse.issparse(X)
        else X.rows()
        if isinstance(X, pl.DataFrame)
        else [tuple(row.values()) for row in X.to_pylist()]
        if isinstance(X, pa.Table)
        else np.asarray(X).tolist()
    )


@pytest.mark.parametrize("X", KINDS.values(), ids=KINDS)
def test_equal_rows_have_one_digest_and_others_another(X):
    first, second, third = row_digests(X)
    assert first == third != second


@pytest.mark.parametrize("X", KINDS.values(), ids=KINDS)
def test_rows_are_counted_taken_and_put_together_in_their_own_type(X):
    assert row_count(X) == 3
    taken = take_rows(X, np.array([2, 1]))
    assert plainly(taken) == plainly(X)[::-1][:2]
    both = stacked(X, taken)
    assert type(both) is (sparse.csr_matrix if isinstance(X, sparse.csc_matrix) else type(X))
    assert row_digests(both) == [*row_digests(X), *row_digests(taken)]


def test_numbers_have_one_digest_whatever_their_type_and_the_sign_of_zero():
    assert row_digests(NUMBERS.astype(np.float32)) == row_digests(NUMBERS.astype(int)) == row_digests(NUMBERS)
    assert row_digests(np.array([[-0.0]])) == row_digests(np.array([[0.0]]))
    assert row_digests(pd.DataFrame(NUMBERS)) == row_digests(NUMBERS)


@pytest.mark.parametrize(
    "frame",
    [
        MIXED.convert_dtypes(),
        MIXED.convert_dtypes(dtype_backend="pyarrow"),
        MIXED.astype(object),
        MIXED.astype("category"),
        MIXED.assign(b=MIXED["b"].astype(bool)),
        MIXED.assign(b=[Decimal(0), Decimal(1), Decimal(0)]),
        MIXED.assign(n=[1, 2, None], b=np.array([0, 1, 0], dtype=np.uint8)),
        MIXED.to_numpy(dtype=object),
        pl.from_pandas(MIXED),
    ],
    ids=["nullable", "arrow", "object", "category", "bool", "decimal", "other numbers", "array of objects", "polars"],
)
def test_a_row_has_one_digest_in_whichever_types_its_columns_came(frame):
    assert row_digests(frame) == row_digests(MIXED)


def test_a_number_is_no_text_and_each_cell_has_its_place():
    def digest(**cells):
        return row_digests(pd.DataFrame({name: [cell] for name, cell in cells.items()}))

    assert digest(a=1, b="x") != digest(a="1", b="x")
    assert digest(a="x", b=None) != digest(a=None, b="x")
    assert digest(a="x", b="y") != digest(a="y", b="x")


def test_what_is_missing_is_one_whatever_its_bits():
    negative = -np.array([np.nan])
    assert negative.tobytes() != np.array([np.nan]).tobytes()
    for kind in (np.asarray, pd.DataFrame, sparse.csr_array, list):
        first, second = row_digests(kind(np.array([[np.nan, 1.0], [negative[0], 1.0]])))
        assert first == second


def test_a_stored_zero_in_a_sparse_matrix_is_no_difference():
    stored = sparse.csr_array((np.array([1.0, 0.0]), (np.array([0, 0]), np.array([0, 1]))), shape=(1, 2))
    assert row_digests(stored) == row_digests(sparse.csr_array(np.array([[1.0, 0.0]])))


def test_more_rows_than_are_read_at_once_have_the_digests_of_each():
    many = np.random.default_rng(0).random((5_000, 2))
    assert row_digests(many)[4_500:4_502] == row_digests(many[4_500:4_502])


def test_what_has_no_rows_or_does_not_go_together_is_refused():
    with pytest.raises(Misaligned, match="not dict"):
        row_count({"a": 1})
    with pytest.raises(Misaligned, match="do not go together"):
        alike(NUMBERS, NUMBERS[:, :1], "base")
    with pytest.raises(Misaligned, match="base has the columns"):
        alike(KINDS["numeric frame"], KINDS["numeric frame"].rename(columns={"a": "c"}), "base")
    with pytest.raises(Misaligned, match="base has the columns"):
        alike(KINDS["polars"], KINDS["polars"].drop("t"), "base")
    with pytest.raises(Misaligned, match="holdout is ndarray and X list"):
        alike(NUMBERS, ["x"], "holdout")
    with pytest.raises(Misaligned, match="columns of type"):
        stacked(KINDS["polars"], KINDS["polars"].cast({"n": float}))
    with pytest.raises(Misaligned, match="cannot be put together"):
        stacked(pl.Series([1]), pl.Series([1]))


@pytest.mark.parametrize("kind", ["numeric frame", "polars", "pyarrow"])
def test_columns_come_in_the_order_of_x(kind):
    X = KINDS[kind]
    turned = X[X.columns[::-1]] if kind != "pyarrow" else X.select(X.column_names[::-1])
    assert row_digests(turned) != row_digests(X)
    assert row_digests(alike(turned, X, "base")) == row_digests(X)
