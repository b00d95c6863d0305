"""Calibration of every class's probability, not of the prediction's alone."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from hitl_notebook.errors import BadColumn
from hitl_notebook.estimate import Estimate
from hitl_notebook.libraries import pandas_table
from hitl_notebook.metrics.agreement.ratings import as_cells
from hitl_notebook.metrics.calibration.bins import Bins, bins_of
from hitl_notebook.metrics.calibration.chance import MOST_ITEMS, classes_by_chance, sums
from hitl_notebook.metrics.calibration.gap_estimate import gap_estimate
from hitl_notebook.metrics.calibration.gaps import DRAWS, Gaps, Norm, check_norm
from hitl_notebook.metrics.calibration.resampling import Resampling
from hitl_notebook.metrics.calibration.reviewed_pairs import ReviewedPairs, reviewed_pairs
from hitl_notebook.metrics.columns import Array, check_level

__all__ = ["classwise_calibration_error"]


def classwise_calibration_error(
    probabilities: Any,
    value: Any,
    sample_weight: Any = None,
    *,
    classes: Sequence[Any] | None = None,
    n_bins: int = 10,
    strategy: Literal["uniform", "quantile"] = "uniform",
    norm: Norm = "l1",
    level: float = 0.95,
    seed: int = 0,
) -> Estimate:
    """How far each class's probability is from how often that class was the reviewers' value, on average.

    Parameters
    ----------
    probabilities : DataFrame (pandas, polars or pyarrow) with a column for each class, or array of shape (n, classes)
        In [0, 1]. Rows with a missing probability are left out.
    value : array of shape (n,)
        The reviewers' value. Missing (flagged) rows are left out.
    sample_weight : array of shape (n,), optional
        1 / selection probability of items that were chosen, not drawn evenly. Rows of weight zero are left out.
    classes
        What the columns stand for, in their order; columns that are named for the classes are taken by their names.
        Left out: a frame's column names, for an array 0, 1, 2, ...
    n_bins, strategy, norm, level, seed
        As in ``expected_calibration_error``, each class with bins of its own.

    Returns
    -------
    Estimate in [0, 1]: the mean over classes, each counting alike, of their expected calibration errors. Rare classes
    sit near 0 and draw it down: it is smaller than the error of the prediction's confidence, and not to be compared
    with it. Interval and note as in ``expected_calibration_error``; of more than 1,000 items, what chance would show
    takes the classes as moving together, which errs towards "by chance".

    Raises
    ------
    BadColumn
        A value is none of the classes, the shapes do not fit, a probability is no number in [0, 1], or a weight is
        negative or infinite.
    UnknownChoice
        As ``expected_calibration_error``.

    References
    ----------
    Kull et al. (2019), Beyond temperature scaling, NeurIPS (classwise-ECE). Nixon et al. (2019), CVPR workshops,
    call it static calibration error.

    Examples
    --------
    Of four items at 0.75 for ham, 2 are ham: both classes are off by 0.25.

    >>> table = pd.DataFrame({"ham": [0.75] * 4, "spam": [0.25] * 4})
    >>> classwise_calibration_error(table, ["ham", "ham", "spam", "spam"]).value
    0.25
    """
    check_level(level)
    check_norm(norm)
    method = f"classwise calibration error ({norm}), {n_bins} {strategy} bins"
    each = _pairs_of_classes(probabilities, value, sample_weight, classes)
    binned = [(pairs, bins_of(pairs.confidence, n_bins, strategy)) for pairs in each]
    if not each[0].n:
        return Estimate.missing(each[0].why_empty, method=method)
    resampling = Resampling(each[0].n, seed)
    observed = [Gaps.observed(pairs, bins).norm(norm) for pairs, bins in binned]
    replicates = [Gaps.resampled(pairs, bins, resampling).norm(norm) for pairs, bins in binned]
    by_chance = _by_chance(binned, norm, seed)
    return gap_estimate(
        float(np.mean(observed)),
        np.mean(replicates, axis=0),
        by_chance,
        pairs=each[0],
        level=level,
        method=f"{method}, mean of {len(each)} classes",
    )


def _by_chance(binned: Sequence[tuple[ReviewedPairs, Bins]], norm: Norm, seed: int) -> Array:
    """The mean over classes, one a draw."""
    if binned[0][0].n > MOST_ITEMS:
        each = [Gaps.by_chance(pairs, bins, seed + number).norm(norm) for number, (pairs, bins) in enumerate(binned)]
        return np.asarray(np.sort(each, axis=1).mean(axis=0))
    drawn = classes_by_chance([pairs for pairs, _ in binned], DRAWS, seed)
    gaps = (
        Gaps(sums(of_class, bins.index, len(bins)), bins.sums(pairs.weight))
        for of_class, (pairs, bins) in zip(drawn, binned, strict=True)
    )
    return np.asarray(np.mean([of_class.norm(norm) for of_class in gaps], axis=0))


def _pairs_of_classes(
    probabilities: Any, value: Any, sample_weight: Any, classes: Sequence[Any] | None
) -> list[ReviewedPairs]:
    table, names = _columns_of_classes(probabilities, classes)
    values = as_cells(value)
    if len(values) != len(table):
        raise BadColumn(f"probabilities have {len(table):,} rows and value {len(values):,}: they go row by row")
    try:
        # Not by an index of pandas: of classes that are tuples it would make levels.
        position, found = pd.factorize(values)
    except TypeError as error:
        raise BadColumn(f"value is one column of classes, a set of labels being a tuple: {error}") from error
    occurring = found.tolist()
    places = {name: place for place, name in enumerate(names)}
    unknown = [said for said in occurring if said not in places]
    if unknown:
        row = int(np.argmax(position == occurring.index(unknown[0])))
        raise BadColumn(f"value is one of the classes {names}; row {row} has {unknown[0]!r}")
    code = np.array([*(places[said] for said in occurring), -1], dtype=np.intp)[position]
    missing = code < 0
    gaps = table.isna().any(axis=1).to_numpy()
    each = []
    for number in range(len(names)):
        agreed = np.where(missing, np.nan, code == number)
        each.append(reviewed_pairs(table.iloc[:, number].mask(gaps), agreed, sample_weight))
    return each


def _columns_of_classes(probabilities: Any, classes: Sequence[Any] | None) -> tuple[pd.DataFrame, list[Any]]:
    """The probabilities, and what each column is the probability of."""
    table = pandas_table(probabilities)
    names = list(table.columns if classes is None else classes)
    if not names or len(set(names)) != table.shape[1] or len(names) != table.shape[1]:
        raise BadColumn(f"probabilities have a column for each class, once; {table.shape[1]} columns, classes {names}")
    # Of an array, and of a frame made from one, numbers are places and no names.
    if classes is not None and not isinstance(table.columns, pd.RangeIndex):
        said, wanted = ([str(name) for name in each] for each in (table.columns, names))
        if sorted(said) == sorted(set(wanted)):
            return table.iloc[:, [said.index(name) for name in wanted]], names
        if set(said) & set(wanted):
            raise BadColumn(
                f"columns {said} are named for some of the classes {names} only: name them for all, or none"
            )
    return table, names
