"""Numbers, when they agree, and which are none."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl_notebook.decisions import canonical_json
from hitl_notebook.errors import BadColumn, InvalidTask, InvalidValue
from hitl_notebook.items import read_items
from hitl_notebook.tasks import Regression
from tests.libraries import LIBRARIES

FINITE = st.floats(allow_nan=False, allow_infinity=False)
TOLERANCES = st.floats(0, 1e6)


@given(FINITE)
def test_a_number_comes_back_from_json_as_it_is(value: float) -> None:
    task = Regression()
    number = task.check(value)
    assert task.check(number) == number == task.from_json(task.to_json(number))
    assert canonical_json(task.to_json(number)) == canonical_json(float(value) + 0.0)


@given(FINITE, FINITE, TOLERANCES)
def test_agreement_has_no_direction_and_everything_agrees_with_itself(a: float, b: float, tolerance: float) -> None:
    task = Regression(tolerance=tolerance)
    assert task.equal(a, b) == task.equal(b, a)
    assert task.equal(a, a)


@given(st.integers(-(10**6), 10**6), st.integers(0, 100), st.sampled_from([1, 2, 5, 10, 100]))
def test_the_ends_of_the_tolerance_agree_however_decimals_round(hundredths: int, apart: int, tolerance: int) -> None:
    # exact in hundredths; as floats 1.1 and 1.0 differ by a little more than 0.1
    task = Regression(tolerance=tolerance / 100)
    assert task.equal(hundredths / 100, (hundredths + apart) / 100) == (apart <= tolerance)


def test_without_a_tolerance_only_the_same_number_agrees() -> None:
    assert Regression().equal(0.3, 0.3)
    assert not Regression().equal(0.1 + 0.2, 0.3)


@pytest.mark.parametrize(
    "value",
    [3, 3.0, np.int64(3), np.float32(3), np.uint8(3), Decimal("3.0"), Fraction(3, 1), 3 + 0],
    ids=lambda value: type(value).__name__,
)
def test_numbers_of_any_kind_become_floats(value: Any) -> None:
    number = Regression().check(value)
    assert (number, type(number)) == (3.0, float)


def test_there_is_one_zero() -> None:
    assert str(Regression().check(-0.0)) == "0.0"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (float("nan"), "missing is None"),
        (None, "missing is None"),
        (pd.NA, "missing is None"),
        (float("inf"), "not finite"),
        (10**400, "more digits"),
        (2**53 + 1, "looks like an identifier"),
        (Decimal("1e999"), "not finite"),
        (Fraction(10**400, 3), "not finite"),
        ("3.0", "to_numeric"),
        (True, "no number"),
        (np.True_, "no number"),
        (1 + 0j, "no number"),
        ([3.0], "no number"),
        (pd.Timestamp("2026-11-21"), "no number"),
    ],
    ids=repr,
)
def test_what_is_no_finite_number_is_refused(value: Any, said: str) -> None:
    with pytest.raises(InvalidValue, match=said):
        Regression().check(value)


@pytest.mark.parametrize("data", [None, True, "3", [3], {"value": 3}, float("inf"), 10**400], ids=repr)
def test_json_that_is_no_number_is_refused(data: Any) -> None:
    with pytest.raises(InvalidValue):
        Regression().from_json(data)


def test_a_page_writes_large_floats_as_integers() -> None:
    assert Regression().from_json(10**20) == 1e20


def test_the_range_includes_its_ends_and_is_named_with_its_unit() -> None:
    task = Regression(unit="kg", minimum=0, maximum=200)
    assert (task.check(0), task.check(200)) == (0.0, 200.0)
    with pytest.raises(InvalidValue, match=r"-0\.5 is below the minimum of 0\.0 kg"):
        task.check(-0.5)
    with pytest.raises(InvalidValue, match=r"200\.5 is above the maximum of 200\.0 kg"):
        task.from_json(200.5)


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_prediction_out_of_range_names_column_and_row(library: str) -> None:
    frame = LIBRARIES[library]({"text": ["a", "b", "c"], "weight": [3.5, None, -1.0]})
    items = read_items(frame, task=Regression(), prediction="weight")
    assert items.predictions.tolist() == [3.5, None, -1.0]
    with pytest.raises(BadColumn, match=r"column 'weight', row 2: -1\.0 is below the minimum"):
        read_items(frame, task=Regression(minimum=0), prediction="weight")


@given(st.lists(FINITE | st.none() | st.integers(-(2**53), 2**53), min_size=1, max_size=8))
def test_predictions_read_at_once_are_those_checked_one_by_one(values: list[Any]) -> None:
    task = Regression()
    cells = np.fromiter(values, dtype=object, count=len(values))
    read = task.read_predictions(cells, "p").tolist()
    assert read == [None if value is None else task.check(value) for value in values]
    assert {type(number) for number in read} <= {float, type(None)}


@pytest.mark.parametrize("wrong", [float("inf"), -0.5, 3.5, 4, 2**53 + 1, 10**400, True, "2"], ids=repr)
def test_one_wrong_number_among_many_is_found(wrong: float) -> None:
    cells = np.fromiter([1.0, None, wrong, 3.0], dtype=object)
    with pytest.raises(BadColumn, match="row 2"):
        Regression(minimum=0, maximum=3).read_predictions(cells, "p")


def test_the_model_version_follows_from_the_numbers() -> None:
    def version(*said: float | None) -> str:
        return read_items(
            pd.DataFrame({"text": ["x"] * len(said), "w": said}), task=Regression(), prediction="w"
        ).model_version

    assert version(1.5, 2.5) == version(1.5, 2.5)
    assert len({version(1.5, 2.5), version(2.5, 1.5), version(1.5, None), version(1.5, 2.5000001)}) == 4


def test_probabilities_have_no_place_beside_numbers() -> None:
    frame = pd.DataFrame({"text": ["a"], "weight": [3.5], "p": [0.5]})
    with pytest.raises(BadColumn, match="whose outcomes can be counted"):
        read_items(frame, task=Regression(), prediction="weight", probabilities=["p"])
    assert read_items(frame, task=Regression(), prediction="weight", confidence="p").has_confidence


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"step": 0}, "a step is above 0"),
        ({"tolerance": -1}, "0 or more"),
        ({"tolerance": float("nan")}, "tolerance=nan"),
        ({"minimum": 3, "maximum": 3}, "no range"),
        ({"minimum": "0"}, "minimum='0'"),
        ({"unit": " "}, "unit=' '"),
        ({"unit": "a\nb"}, "printable"),
        ({"unit": "x" * 51}, "50 characters"),
        ({"unit": 3}, "unit=3"),
    ],
)
def test_a_task_that_no_number_could_satisfy_is_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidTask, match=said):
        Regression(**options)


def test_a_task_is_made_again_from_its_spec() -> None:
    task = Regression("kg", 0.5, 2, 0, 200)
    assert Regression.from_spec(task.spec()).spec() == task.spec()
    assert repr(task) == "Regression(unit='kg', step=0.5, tolerance=2.0, minimum=0.0, maximum=200.0)"


def test_a_review_goes_on_with_another_step_or_a_wider_range_and_no_other_change() -> None:
    earlier = Regression("kg", step=1, tolerance=2, minimum=0)
    assert Regression("kg", step=5, tolerance=2, minimum=-1).extends(earlier)
    assert Regression("kg", tolerance=2).extends(earlier)
    for other in (Regression("g", 1, 2, 0), Regression("kg", 1, 3, 0), Regression("kg", 1, 2, 0, 100)):
        assert not other.extends(earlier)
