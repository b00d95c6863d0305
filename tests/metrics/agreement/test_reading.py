"""Columns of many cells are read on their own ways, which find what pandas finds."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl_notebook.errors import BadFrame
from hitl_notebook.metrics import cohen_kappa, percent_agreement
from hitl_notebook.metrics.agreement.ratings import FIRST, read_codes

TEXTS = ["ham", "spam", "eggs", None]
integers = st.lists(st.sampled_from([-3, -2, 0, 4, 10**12]), min_size=1, max_size=30).map(np.array)
texts = st.lists(st.sampled_from(TEXTS), min_size=1, max_size=30).map(lambda cells: pd.array(cells, dtype="str"))


def in_chunks(column):
    """The same column, put together of two."""
    return pd.concat([pd.Series(column[:1]), pd.Series(column[1:])]).array


@given(st.one_of(integers, texts, texts.map(in_chunks)))
def test_a_column_is_read_as_pandas_does(column):
    codes, known = read_codes([column], None)
    expected, categories = pd.factorize(column, sort=True)
    assert codes[:, 0].tolist() == expected.tolist()
    assert known == categories.tolist()


def test_a_category_that_comes_late_is_found():
    column = pd.array([*["ham", "spam"] * FIRST, "eggs", None], dtype="str")
    codes, known = read_codes([column], None)
    assert known == ["eggs", "ham", "spam"]
    assert codes[[0, 1, -2, -1], 0].tolist() == [1, 2, 0, -1]


@pytest.mark.parametrize("dtype", ["str", object])
def test_many_rows_say_what_few_do(dtype):
    a, b = ["ham", "ham", "spam", None, "spam"], ["ham", "spam", "spam", "ham", "spam"]
    few = cohen_kappa(a, b)
    many = cohen_kappa(pd.Series(a * 20_000, dtype=dtype), pd.Series(b * 20_000, dtype=dtype))
    assert many.n == 20_000 * few.n
    assert many.value == pytest.approx(few.value)


def test_what_cannot_be_told_apart_is_refused_of_many_rows_too():
    column = pd.Series([["a"], ["b"]] * 30_000)
    with pytest.raises(BadFrame, match="sets of labels as tuples"):
        percent_agreement(pd.DataFrame({"ada": column, "bo": column}))
