"""Columns of many cells are read on their own ways, which find what pandas finds."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl_notebook.errors import BadFrame
from hitl_notebook.metrics import cohen_kappa, majority_vote, percent_agreement, ratings
from hitl_notebook.metrics.agreement.ratings import FIRST, read_codes, read_pair

TEXTS = ["ham", "spam", "eggs", None]
integers = st.one_of(
    st.lists(st.sampled_from([-3, -2, 0, 4, 10**12]), min_size=1, max_size=30).map(np.array),
    st.lists(st.sampled_from([-100, -3, 0, 26, 27, 28, 127]), min_size=1, max_size=30).map(np.int8),
)
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


@pytest.mark.parametrize("size", [1, 126, 127, 128, 180, 181, 300])
@pytest.mark.parametrize("label", [int, str])
def test_ratings_of_any_number_of_categories_are_put_together(size, label):
    # Around 127 codes are no bytes any more, and around 180 the pairs of them no numbers of two bytes.
    a, b = np.random.default_rng(0).integers(0, size, (2, 60_000))
    a[:size] = b[:size] = range(size)
    pair = read_pair(*(pd.Series([label(code) for code in codes]) for codes in (a, b)), [*map(label, range(size))])
    expected = np.zeros((size, size))
    np.add.at(expected, (a, b), 1)
    counts = np.zeros((size, size))
    np.add.at(counts, tuple(pair.codes.T), pair.times)
    assert (counts == expected).all()


@pytest.mark.parametrize("dtype", ["str", object])
def test_many_rows_say_what_few_do(dtype):
    a, b = ["ham", "ham", "spam", None, "spam"], ["ham", "spam", "spam", "ham", "spam"]
    few = cohen_kappa(a, b)
    many = cohen_kappa(pd.Series(a * 20_000, dtype=dtype), pd.Series(b * 20_000, dtype=dtype))
    assert many.n == 20_000 * few.n
    assert many.value == pytest.approx(few.value)


@pytest.mark.parametrize("unit", ["s", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "Europe/Berlin"])
@pytest.mark.filterwarnings("error")
def test_times_are_labels_and_items_as_they_are(unit, zone):
    times = pd.Series(pd.to_datetime(["2026-01-01", "2026-01-02", "2026-01-01"])).dt.as_unit(unit).dt.tz_localize(zone)
    assert cohen_kappa(times, times.tolist()).value == 1
    assert majority_vote(pd.DataFrame({"ada": times, "bo": times})).tolist() == times.tolist()
    decisions = pd.DataFrame({"item_id": times[:2], "reviewer": "ada", "value": [*"xy"]})
    assert ratings(decisions).index.tolist() == times[:2].tolist()


def test_times_of_numpy_are_labels():
    times = np.array(["2026-01-01", "2026-01-02"], dtype="datetime64[ns]")
    assert cohen_kappa(times, [pd.Timestamp(time) for time in times]).value == 1


def test_what_cannot_be_told_apart_is_refused_of_many_rows_too():
    column = pd.Series([["a"], ["b"]] * 30_000)
    with pytest.raises(BadFrame, match="sets of labels as tuples"):
        percent_agreement(pd.DataFrame({"ada": column, "bo": column}))
