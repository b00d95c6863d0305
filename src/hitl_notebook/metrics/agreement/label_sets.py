"""How far apart two sets of labels are."""

from collections.abc import Collection, Hashable

from hitl_notebook.errors import InvalidValue
from hitl_notebook.quoted import quoted

__all__ = ["jaccard_distance", "masi_distance"]


def jaccard_distance(a: Collection[Hashable], b: Collection[Hashable]) -> float:
    """Share of the labels in either set that are not in both.

    Parameters
    ----------
    a, b : collection of labels
        Order and repetition say nothing. A string is refused: it would be a set of letters.

    Returns
    -------
    float in [0, 1]. Two empty sets are equal: 0.

    Raises
    ------
    InvalidValue
        A string, or what is no collection.

    References
    ----------
    Jaccard (1912), New Phytologist 11(2).

    Examples
    --------
    >>> jaccard_distance(("billing", "praise"), ("billing",))
    0.5
    """
    first, second = _labels(a), _labels(b)
    either = len(first | second)
    return 1 - len(first & second) / either if either else 0.0


def masi_distance(a: Collection[Hashable], b: Collection[Hashable]) -> float:
    """Jaccard's distance, milder where one set holds the other than where each has labels of its own.

    Jaccard's similarity times 1 for equal sets, 2/3 where one holds the other, 1/3 where they overlap, 0 where they
    have nothing in common; taken from 1. (nltk rounds the thirds to 0.67 and 0.33.)

    Parameters
    ----------
    a, b : collection of labels
        Order and repetition say nothing. A string is refused: it would be a set of letters.

    Returns
    -------
    float in [0, 1]. Two empty sets are equal: 0.

    Raises
    ------
    InvalidValue
        A string, or what is no collection.

    References
    ----------
    Passonneau (2006), Measuring agreement on set-valued items (MASI), LREC.

    Examples
    --------
    >>> round(masi_distance(("billing", "praise"), ("billing",)), 4)  # 1 - 1/2 * 2/3
    0.6667
    """
    first, second = _labels(a), _labels(b)
    if first == second:
        return 0.0
    kinship = 2 if first <= second or second <= first else 1
    return 1 - (1 - jaccard_distance(first, second)) * kinship / 3


def _labels(value: Collection[Hashable]) -> frozenset[Hashable]:
    if isinstance(value, str | bytes) or not isinstance(value, Collection):
        raise InvalidValue(f"a set of labels is a tuple, list or set; {quoted(value)} is none")
    return frozenset(value)
