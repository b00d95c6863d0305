"""A figure with its interval, what it rests on, and why where there is none."""

from dataclasses import dataclass
from math import nan

__all__ = ["Estimate"]


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A value with its interval.

    Attributes
    ----------
    value, low, high : float
        NaN where it cannot be computed; ``note`` then says why.
    level : float
        Confidence level of the interval.
    n : int
        How many rows it rests on.
    method : str
        How value and interval were computed.
    standard_error : float
        NaN where the method has none.
    note : str
        What a reader has to know: what was left out, or why there is no value.

    Examples
    --------
    >>> float(Estimate(value=0.5, low=0.2, high=0.8, n=10, method="Wilson"))
    0.5
    """

    value: float
    low: float = nan
    high: float = nan
    level: float = 0.95
    n: int = 0
    method: str = ""
    standard_error: float = nan
    note: str = ""

    def __float__(self) -> float:
        return self.value

    @classmethod
    def missing(cls, note: str, *, n: int = 0, method: str = "") -> "Estimate":
        """What cannot be computed, and why in words."""
        return cls(value=nan, n=n, method=method, note=note)
