"""Columns of many cells are read on their own ways, which find what pandas finds."""

import subprocess
import sys
from decimal import Decimal
from multiprocessing import get_all_start_methods, get_context

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl_notebook.errors import BadFrame, InvalidValue
from hitl_notebook.metrics import (
    class_scores,
    cohen_kappa,
    confusion,
    krippendorff_alpha,
    majority_vote,
    percent_agreement,
    ratings,
)
from hitl_notebook.metrics.agreement import factorized
from hitl_notebook.metrics.agreement.factorized import FIRST, LONG
from hitl_notebook.metrics.agreement.ratings import read_codes, read_pair

TEXTS = ["ham", "spam", "eggs", None]
integers = st.one_of(
    st.lists(st.sampled_from([-3, -2, 0, 4, 10**12]), min_size=1, max_size=30).map(np.array),
    st.lists(st.sampled_from([-100, -3, 0, 26, 27, 28, 127]), min_size=1, max_size=30).map(np.int8),
)
NOT_A_NUMBER = float("nan")
objects = st.lists(
    st.sampled_from(["ham", "".join(["h", "am"]), "spam", 1, True, 1.0, NOT_A_NUMBER, float("nan"), None, (1, "ham")]),
    min_size=1,
    max_size=30,
).map(lambda cells: np.fromiter(cells, dtype=object, count=len(cells)))
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


@given(objects, st.integers(0, 150))
def test_objects_are_told_apart_by_what_they_say(column, others):
    # The same label twice, a number as another type, gaps of three kinds; and so many others that no two are the same.
    column = np.concatenate([column, np.array([f"label {place}" for place in range(others)], dtype=object)])
    codes, known = read_codes([column], None)
    expected, categories = pd.factorize(column)
    place = {category: index for index, category in enumerate(known)}
    in_order = np.array([*(place[category] for category in categories.tolist()), -1])
    assert codes[:, 0].tolist() == in_order[expected].tolist()
    assert set(known) == set(categories.tolist())


def test_a_category_that_comes_late_is_found():
    column = pd.array([*["ham", "spam"] * FIRST, "eggs", None], dtype="str")
    codes, known = read_codes([column], None)
    assert known == ["eggs", "ham", "spam"]
    assert codes[[0, 1, -2, -1], 0].tolist() == [1, 2, 0, -1]


@given(st.lists(st.tuples(*[st.sampled_from(TEXTS)] * 3), min_size=1, max_size=30))
def test_columns_read_beside_one_another_say_what_they_say_in_turn(rows):
    columns = [pd.array(cells, dtype="str") for cells in zip(*rows, strict=True)]
    in_turn = read_codes(columns, None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(factorized, "LONG", 1)
        beside = read_codes(columns, None)
    assert beside[0].tolist() == in_turn[0].tolist()
    assert beside[1] == in_turn[1]


@pytest.mark.skipif("fork" not in get_all_start_methods(), reason="this system forks no processes")
def test_long_columns_are_read_in_a_forked_process_too():
    # It has the parent's executor without its threads; joblib and the training of networks fork.
    columns = [pd.array(["ham", "spam"] * LONG, dtype="str")] * 2
    expected = read_codes(columns, None)[0].sum()
    receiving, sending = get_context("fork").Pipe()
    child = get_context("fork").Process(target=lambda: sending.send(read_codes(columns, None)[0].sum()), daemon=True)
    child.start()
    try:
        assert receiving.poll(30), "the forked process waits for threads that it has not"
        assert receiving.recv() == expected
    finally:
        child.kill()


AT_THE_END = f"""
import atexit
import pandas as pd
from hitl_notebook.metrics import cohen_kappa
column = pd.Series(["ham", "spam"] * {LONG}, dtype="str")
atexit.register(lambda: print(cohen_kappa(column, column).value))
"""


def test_long_columns_are_read_while_python_ends_and_starts_no_thread():
    done = subprocess.run([sys.executable, "-c", AT_THE_END], capture_output=True, text=True, check=True)
    assert done.stdout == "1.0\n", done.stderr


@pytest.mark.parametrize("size", [1, 10, 11, 126, 127, 128, 180, 181, 300])
@pytest.mark.parametrize("label", [int, str])
def test_ratings_of_any_number_of_categories_are_put_together(size, label):
    # Pairs of codes are numbers of one byte up to 10 categories, of two bytes up to 180; codes are bytes up to 127.
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


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("1", 1), ("1", 1.0), ("1.0", 1), ("1.50", Decimal("1.5")), ("0", False), ("True", True), ("False", False)),
        *(("0.1", np.float32(0.1)), ("True", np.bool_(True)), ("3", np.int64(3)), ("-2e3", -2_000)),
    ],
)
def test_text_that_reads_like_a_number_beside_it_is_refused(text, number):
    # Taken for two categories, they would never agree.
    columns = [["ham", number, text], ["ham", text, number]]
    for function in (cohen_kappa, confusion, class_scores):
        with pytest.raises(InvalidValue, match="make them of one type, or declare both with categories=") as refused:
            function(*columns)
        assert repr(text) in str(refused.value) and repr(number) in str(refused.value)
    for function in (percent_agreement, krippendorff_alpha, majority_vote):
        with pytest.raises(InvalidValue, match="would be two categories"):
            function(pd.DataFrame(columns, dtype=object).T)


def test_one_reviewers_numbers_and_the_others_text_are_no_disagreement():
    with pytest.raises(InvalidValue, match="'1' is text and 1 is none"):
        cohen_kappa([1, 2, 1, 2], ["1", "2", "1", "2"])
    # Who declares both means both.
    assert cohen_kappa([1, 2, 1, 2], ["1", "2", "1", "2"], categories=[1, 2, "1", "2"]).value == 0
    assert confusion([1], ["1"], [1, "1"])["n"].sum() == 1


@pytest.mark.parametrize(
    "column",
    [["1", "2"], [1, 2, True], ["ham", 1, 0.5], ["1", ("1", 1), None], ["nan", 1], ["", 0, "None"], ["1", "1.0"]],
)
def test_labels_that_read_differently_may_be_of_any_type(column):
    assert cohen_kappa(column, column).value == pytest.approx(1)


class Unread(float):
    def __str__(self) -> str:
        raise AssertionError("was read as text")


def test_numbers_without_text_beside_them_are_not_read_as_text():
    # 100,000 of them would take a tenth of a second.
    numbers = np.array([Unread(2), Unread(1)], dtype=object)
    assert read_codes([numbers], None)[1] == [1, 2]
    with pytest.raises(AssertionError, match="was read as text"):
        read_codes([numbers, np.array(["ham", "spam"], dtype=object)], None)
