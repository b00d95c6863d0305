"""One number an item."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from sys import float_info
from typing import Any, ClassVar, Self

import numpy as np

from hitl_notebook.errors import InvalidTask, InvalidValue
from hitl_notebook.missing import is_missing
from hitl_notebook.quoted import quoted
from hitl_notebook.tasks.task import Cells, Json, Task

__all__ = ["Regression"]

_LONGEST_UNIT = 50
_EXACT = 2**53


class Regression(Task):
    """One finite number an item.

    A value is a float. Two values agree when they differ by at most ``tolerance``, which is absolute and in the unit;
    so a correction within it is an accept, and the value kept is then the prediction, as for every accept.

    Parameters
    ----------
    unit : str, optional
        Shown after every number.
    step : float, optional
        What the arrow keys add and take away in the page; left out, the tolerance, or 1 where that is 0. Values need
        not be multiples of it.
    tolerance : float
        0 where only the same number agrees.
    minimum, maximum : float, optional
        The range of values, its ends included. Predictions lie in it too: clip them where the model does not.

    Raises
    ------
    InvalidTask
        A step that is not above 0, a tolerance below 0, a range without numbers, or a unit that is blank or no text.

    Examples
    --------
    >>> task = Regression(unit="mg/dl", tolerance=5, minimum=0)
    >>> task.check(120)
    120.0
    >>> task.equal(120.0, 125.0), task.equal(120.0, 125.1)
    (True, False)
    >>> task.check(-1)
    Traceback (most recent call last):
    hitl_notebook.errors.InvalidValue: -1.0 is below the minimum of 0.0 mg/dl
    """

    name: ClassVar[str] = "regression"
    editor_name: ClassVar[str] = "regression"

    def __init__(
        self,
        unit: str | None = None,
        step: float | None = None,
        tolerance: float = 0.0,
        minimum: float | None = None,
        maximum: float | None = None,
    ) -> None:
        self.unit = _unit(unit)
        self.step = _option("step", step)
        self.tolerance = _option("tolerance", tolerance) or 0.0
        self.minimum = _option("minimum", minimum)
        self.maximum = _option("maximum", maximum)
        if self.step is not None and self.step <= 0:
            raise InvalidTask(f"step={step!r}: a step is above 0")
        if self.tolerance < 0:
            raise InvalidTask(f"tolerance={tolerance!r}: a tolerance is 0 or more")
        if self.minimum is not None and self.maximum is not None and self.minimum >= self.maximum:
            raise InvalidTask(f"minimum={minimum!r} and maximum={maximum!r} leave no range: the maximum is the larger")

    def __repr__(self) -> str:
        given = {name: value for name, value in self.spec().items() if value is not None}
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in given.items())})"

    def spec(self) -> dict[str, Json]:
        return {
            "unit": self.unit,
            "step": self.step,
            "tolerance": self.tolerance,
            "minimum": self.minimum,
            "maximum": self.maximum,
        }

    @classmethod
    def from_spec(cls, spec: Mapping[str, Json]) -> Self:
        return cls(**spec)

    def check(self, value: Any) -> float:
        number = _number(value)
        unit = f" {self.unit}" if self.unit else ""
        if self.minimum is not None and number < self.minimum:
            raise InvalidValue(f"{number!r} is below the minimum of {self.minimum!r}{unit}")
        if self.maximum is not None and number > self.maximum:
            raise InvalidValue(f"{number!r} is above the maximum of {self.maximum!r}{unit}")
        return number

    def to_json(self, value: float) -> float:
        return value

    def from_json(self, data: Json) -> float:
        if isinstance(data, int) and not isinstance(data, bool) and data.bit_length() < float_info.max_exp:
            data = float(data)  # a page writes 1e20 as an integer
        return self.check(data)

    def read_predictions(self, cells: Cells, column: str) -> Cells:
        types = set(map(type, cells)) - {type(None)}
        if not types <= {int, float}:
            return super().read_predictions(cells, column)
        try:
            numbers = cells.astype(float) + 0.0
        except OverflowError:
            return super().read_predictions(cells, column)  # which names the rows
        missing = cells == np.array(None)
        low = -np.inf if self.minimum is None else self.minimum
        high = np.inf if self.maximum is None else self.maximum
        fitting = (numbers >= low) & (numbers <= high) & (np.abs(numbers) < (_EXACT if int in types else np.inf))
        if not (missing | fitting).all():
            return super().read_predictions(cells, column)
        read: Cells = numbers.astype(object)
        read[missing] = None
        return read

    def equal(self, a: float, b: float) -> bool:
        # 1.1 and 1.0 differ by a little more than 0.1, since neither 1.1 nor 0.1 is a float.
        rounding = float_info.epsilon * max(abs(a), abs(b))
        return a == b or (self.tolerance > 0 and abs(a - b) <= self.tolerance + rounding)

    def extends(self, earlier: Task) -> bool:
        """Whether only the step differs, or the range is wider."""
        if type(earlier) is not type(self) or (self.unit, self.tolerance) != (earlier.unit, earlier.tolerance):
            return False
        below = self.minimum is None or (earlier.minimum is not None and self.minimum <= earlier.minimum)
        above = self.maximum is None or (earlier.maximum is not None and self.maximum >= earlier.maximum)
        return below and above


def _number(value: Any) -> float:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, str):
        raise InvalidValue(f"{quoted(value)} is text, not a number: read it first, as with pandas.to_numeric")
    if is_missing(value):
        raise InvalidValue(f"{quoted(value)} is no number: a value that is missing is None")
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | Fraction):
        raise InvalidValue(f"{quoted(value)} is no number")
    if isinstance(value, int) and abs(value) > _EXACT:
        raise InvalidValue(
            f"{quoted(value)} has more digits than a float or a page can hold (2**53 at most): it looks like an "
            "identifier; where it is a quantity, make it a float first"
        )
    try:
        number = float(value)
    except OverflowError:
        number = float("inf")
    if not isfinite(number):
        raise InvalidValue(f"{quoted(value)} is not finite")
    return number + 0.0  # there is one zero


def _option(name: str, value: Any) -> float | None:
    if value is None:
        return None
    try:
        return _number(value)
    except InvalidValue as error:
        raise InvalidTask(f"{name}={quoted(value)}: {error}") from None


def _unit(unit: Any) -> str | None:
    if unit is None:
        return None
    if not isinstance(unit, str) or not unit.strip() or not unit.isprintable() or len(unit) > _LONGEST_UNIT:
        raise InvalidTask(f"unit={quoted(unit)}: a unit is printable text of at most {_LONGEST_UNIT} characters")
    return unit.strip()
