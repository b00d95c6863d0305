"""How far the reviewers say the same of the same items."""

import re
from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from hitl_notebook import metrics
from hitl_notebook.errors import UnknownChoice
from hitl_notebook.figures.figure import Figure
from hitl_notebook.figures.reviewed import Reviewed, numbered
from hitl_notebook.figures.selected import Mask, says
from hitl_notebook.figures.sight import sight_in_words
from hitl_notebook.figures.wording import counted, score
from hitl_notebook.metrics.alike import Equal, alike, pairs_within
from hitl_notebook.metrics.review.agreement_over_time import with_the_newest_moment
from hitl_notebook.quoted import isolated, quoted

__all__ = ["AGREEMENT"]

_TAB = "Agreement"
# One of the things that a note says, with prevalence and bias, without which it is half said. A label in it may be any
# text, and what follows has no more such indices: hence to the last one.
_PARADOX = re.compile(r"kappa paradox: .*bias index \d+\.\d\d", re.DOTALL)
_TOO_FEW = "It takes items that two reviewers or more have decided; there is none yet."


def _coefficients(reviewed: Reviewed, **options: Any) -> pd.DataFrame:
    table = metrics.agreement_coefficients(reviewed.ratings, **{"categories": reviewed.categories, **options})
    return table.rename_axis("coefficient").reset_index()


def _coefficients_in_words(reviewed: Reviewed, table: pd.DataFrame) -> list[str]:
    of = table.set_index("coefficient")
    alpha = of.loc["krippendorff_alpha"]
    if not alpha["n"]:
        return [_TOO_FEW]
    said = [score("Krippendorff's alpha, 1 being full agreement and 0 chance,", alpha)]
    paradox = _PARADOX.search(str(of.loc["fleiss_kappa", "note"]))
    if paradox:
        said.append(f"Mind the {paradox[0]}.")
    return said + _of_whom_in_words(reviewed) + _sight_in_words(reviewed)


def _of_whom_in_words(reviewed: Reviewed) -> list[str]:
    """No coefficient weighs items: of a selection it says nothing about the others."""
    weight = reviewed.weight
    if weight is not None and (weight == 1).all():
        return []
    return ["It speaks of the reviewed items only, each counted alike however it was chosen."]


def _sight_in_words(reviewed: Reviewed) -> list[str]:
    so = "reviewers who see the model's answer are not independent of each other, and may agree the more for it"
    return sight_in_words(reviewed.decisions, so)


def _pairwise(reviewed: Reviewed, **options: Any) -> pd.DataFrame:
    defaults: dict[str, Any] = {"categories": reviewed.categories}
    if reviewed.level_of_measurement != "nominal":
        defaults = {"statistic": _alpha_on(reviewed.level_of_measurement)}
    return metrics.pairwise_agreement(reviewed.ratings, **{**defaults, **options})


def _alpha_on(level_of_measurement: Any) -> Callable[[pd.DataFrame], Any]:
    return lambda pair: metrics.krippendorff_alpha(pair, level_of_measurement=level_of_measurement)


def _pairwise_in_words(reviewed: Reviewed, table: pd.DataFrame) -> list[str]:
    if not table["n"].any():
        return [_TOO_FEW]
    known = table[table["value"].notna()].sort_values("value", kind="stable")
    if len(known) > 1 and known["value"].nunique() == 1:
        row = known.iloc[0]
        said = [score(f"Every two agree alike, as {_both(row)}:", row)]
    elif len(known):
        ends = {" best": known.iloc[-1], " least": known.iloc[0]} if len(known) > 1 else {"": known.iloc[0]}
        said = [score(f"{_both(row)} agree{word}:", row) for word, row in ends.items()]
    else:
        most = table.iloc[int(table["n"].to_numpy().argmax())]
        said = [score(f"How far {_both(most)} agree", most)]
    # Where there are coefficients of all reviewers, their figure on the same tab says it.
    seen = _sight_in_words(reviewed) if _not_nominal(reviewed) else []
    return said + _of_whom_in_words(reviewed) + seen


def _both(row: Any) -> str:
    return f"{isolated(row.reviewer)} and {isolated(row.other)}"


def _over_time(reviewed: Reviewed, **options: Any) -> pd.DataFrame:
    table = metrics.agreement_over_time(numbered(reviewed.decisions), **{**_of_all(reviewed), **options})
    table.attrs["known"] = reviewed.known
    return table


def _over_time_at_once(reviewed: Reviewed, earlier: pd.DataFrame) -> pd.DataFrame | None:
    known = earlier.attrs.get("known")
    if known is None or not reviewed.has_only_added_to(known):
        return None
    then = int(reviewed.decisions["value"].iloc[: known.of].notna().sum())
    table = with_the_newest_moment(earlier, then, reviewed.decisions, reviewed.ratings, **_of_all(reviewed))
    if table is not None:
        table.attrs["known"] = reviewed.known
    return table


def _of_all(reviewed: Reviewed) -> dict[str, Any]:
    if reviewed.level_of_measurement == "nominal":
        return {"categories": reviewed.categories}
    level_of_measurement = reviewed.level_of_measurement
    return {"coefficients": ["krippendorff_alpha"], "level_of_measurement": level_of_measurement}


def _over_time_in_words(reviewed: Reviewed, table: pd.DataFrame) -> list[str]:
    alpha = table[table["coefficient"] == "krippendorff_alpha"]
    if not alpha["items"].any():
        return [_TOO_FEW]
    known = alpha["value"].notna()
    alpha = alpha[known] if known.any() else alpha.tail(1)
    half = alpha.iloc[(alpha["items"] - alpha["items"].iloc[-1] / 2).abs().argmin()]
    said = [score("Krippendorff's alpha now", alpha.iloc[-1])]
    if half.name != alpha.index[-1]:
        said.append(score("It was", half))
    return said + _of_whom_in_words(reviewed)


def _against(reviewed: Reviewed, *, reviewers: Any = None, **options: Any) -> pd.DataFrame:
    """Of the two that have most items in common, where none are named."""
    first, second = _two(reviewed) if reviewers is None else _named(reviewed, reviewers)
    gap = pd.Series([None] * len(reviewed.ratings), dtype=object)
    one, other = (reviewed.ratings.get(name, gap).array for name in (first, second))
    table = metrics.confusion(one, other, **{"labels": reviewed.categories, **options})
    note = table.attrs["note"].replace("a value", f"a value of {second}").replace("a prediction", f"a value of {first}")
    table.attrs |= {"reviewers": (first, second), "note": note if second else "Fewer than two reviewers have decided"}
    return table


def _two_names(table: pd.DataFrame) -> dict[str, Any]:
    first, second = table.attrs["reviewers"]
    if not second:
        return {"title": "What do two reviewers say?", "prediction_title": "One said", "value_title": "The other said"}
    titles = {"prediction_title": f"{first} said", "value_title": f"{second} said"}
    return {"title": f"Where do {first} and {second} differ?", **titles}


def _two(reviewed: Reviewed) -> tuple[str, str]:
    names = list(reviewed.ratings.columns)
    if len(names) < 2:
        return "", ""
    rated = reviewed.ratings.notna().to_numpy(dtype=np.int64)
    common = rated.T @ rated
    first, second = max(combinations(range(len(names)), 2), key=lambda pair: (common[pair], -pair[0], -pair[1]))
    return names[first], names[second]


def _named(reviewed: Reviewed, reviewers: Any) -> tuple[str, str]:
    names = list(reviewers)
    unknown = [name for name in names if name not in reviewed.ratings]
    if len(names) != 2 or unknown:
        known = ", ".join(map(quoted, reviewed.ratings.columns))
        raise UnknownChoice(f"reviewers={quoted(reviewers)}: two of those who have decided, {known or 'nobody yet'}")
    return names[0], names[1]


def _against_in_words(reviewed: Reviewed, table: pd.DataFrame) -> list[str]:
    first, second = table.attrs["reviewers"]
    n = int(table["n"].sum())
    if not second or not n:
        return [_TOO_FEW]
    same = int(table.loc[table["prediction"].map(str) == table["value"].map(str), "n"].sum())
    return [f"{first} (rows) and {second} (columns) say the same on {same:,} of {counted(n, 'item')}."]


def _differing(reviewed: Reviewed, rows: pd.DataFrame) -> list[Any]:
    """Where the two do not say the same: what one would look at."""
    chosen = np.zeros(len(reviewed.ratings), dtype=bool)
    for pair in zip(rows["reviewer"], rows["other"], strict=True):
        chosen |= _differ(reviewed.ratings[list(pair)], reviewed.equal)
    return reviewed.ratings.index[chosen].tolist()


def _both_said(reviewed: Reviewed, rows: pd.DataFrame) -> list[Any]:
    """In the table of those two who have most items in common."""
    ratings, (first, second) = reviewed.ratings, _two(reviewed)
    chosen: Mask = np.zeros(len(ratings), dtype=bool)
    for one, other in zip(rows["prediction"], rows["value"], strict=True):
        if second:
            chosen |= says(ratings[first], one) & says(ratings[second], other)
    return ratings.index[chosen].tolist()


def _any_differ(reviewed: Reviewed, rows: pd.DataFrame) -> list[Any]:
    """The items on which not all reviewers say the same: every coefficient is of all of them."""
    if not len(rows):
        return []
    return reviewed.ratings.index[_differ(reviewed.ratings, reviewed.equal)].tolist()


def _differed_by_then(reviewed: Reviewed, rows: pd.DataFrame) -> list[Any]:
    """Those on which they did not by the decision that was a moment's last, or the latest of several moments'."""
    moments = pd.to_datetime(rows["at"], utc=True, format="ISO8601")
    at_one = pd.to_datetime(reviewed.decisions["recorded_at"], utc=True).isin(moments).to_numpy()
    then = reviewed.first(int(np.flatnonzero(at_one).max(initial=-1)) + 1)
    return _any_differ(then, rows)


def _differ(ratings: pd.DataFrame, equal: Equal) -> Mask:
    """Where two of the reviewers do not say the same, whichever two they are: with a tolerance, the farthest apart."""
    codes, values = pd.factorize(ratings.to_numpy(dtype=object).ravel())
    code = codes.reshape(ratings.shape)
    highest = code.max(axis=1, initial=-1)
    lowest = np.where(code < 0, highest[:, None], code).min(axis=1, initial=ratings.size)
    differing: Mask = highest > lowest
    if equal is None:
        return differing
    item, reviewer = np.nonzero(differing[:, None] & (code >= 0))
    one, other = pairs_within(item)
    value = code[item, reviewer]
    apart = item[one][~alike(value[one], value[other], values.tolist(), equal)]
    differing[:] = False
    differing[apart] = True
    return differing


def _no_labels(reviewed: Reviewed) -> str:
    return "" if reviewed.categories is not None else "an answer of this task is not one of a list of labels"


def _not_nominal(reviewed: Reviewed) -> str:
    if reviewed.level_of_measurement == "nominal":
        return ""
    return "the answers of this task are more or less alike, which krippendorff_alpha measures"


AGREEMENT = (
    Figure(
        name="agreement_coefficients",
        title="How far the reviewers agree, by every coefficient",
        tab=_TAB,
        table=_coefficients,
        words=_coefficients_in_words,
        behind=_any_differ,
        which="on which not all say the same",
        lacks=_not_nominal,
    ),
    Figure(
        name="pairwise_agreement",
        title="Who agrees with whom",
        tab=_TAB,
        table=_pairwise,
        words=_pairwise_in_words,
        behind=_differing,
        which="on which they differ",
    ),
    Figure(
        name="agreement_over_time",
        title="How agreement has developed while the review went on",
        tab=_TAB,
        table=_over_time,
        at_once=_over_time_at_once,
        words=_over_time_in_words,
        behind=_differed_by_then,
        which="on which not all said the same by then",
    ),
    Figure(
        name="reviewer_against_reviewer",
        title="What one reviewer said against what another said, label by label",
        tab=_TAB,
        table=_against,
        draws="confusion",
        drawn_with=_two_names,
        words=_against_in_words,
        behind=_both_said,
        lacks=_no_labels,
    ),
)
