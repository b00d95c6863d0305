"""How often the model is right, where, and wrong how."""

from typing import Any

import numpy as np
import pandas as pd

from hitl_notebook import metrics
from hitl_notebook.figures.figure import Figure
from hitl_notebook.figures.reviewed import Reviewed
from hitl_notebook.figures.selected import ids_where, says
from hitl_notebook.figures.sight import sight_in_words
from hitl_notebook.figures.wording import rate
from hitl_notebook.quoted import isolated

__all__ = ["ACCURACY", "accuracy_in_words"]

_TAB = "Accuracy"


def accuracy_in_words(reviewed: Reviewed) -> list[str]:
    """The first thing that anybody wants to know, how several reviewers were taken together, and what may sway them."""
    if not len(reviewed.decisions):
        return ["Nothing has been reviewed yet."]
    said = [rate("Accuracy of the model", reviewed.accuracy, about=reviewed.basis.words)]
    several = len(reviewed.decisions) - len(reviewed.items)
    if several:
        said.append("Where several reviewers decided on an item, most of them count; ties are left out.")
    return said + sight_in_words(reviewed.decisions, "who sees the model's answer may let it stand more readily")


def _confusion(reviewed: Reviewed, **options: Any) -> pd.DataFrame:
    return metrics.confusion(
        reviewed.items["prediction"].array,
        reviewed.values.array,
        **{"labels": reviewed.categories, "sample_weight": reviewed.weight, **options},
    )


def _confusion_in_words(reviewed: Reviewed, table: pd.DataFrame) -> list[str]:
    said = accuracy_in_words(reviewed)
    wrong = table[(table["prediction"].map(str) != table["value"].map(str)) & (table["n"] > 0)]
    if len(wrong):
        # Of chosen items the most rows are those of the kind that was asked most: of all items it is the most weight.
        of_all = wrong["share"] * wrong["prediction"].map(_predicted(reviewed))
        most = wrong.loc[of_all.sort_values(kind="stable").index[-1]]
        cell = most.rename({"share": "value", "value": "reviewers"})
        model, reviewers = isolated(most["prediction"]), isolated(most["value"])
        what = f"Most often wrong: {model} where reviewers say {reviewers},"
        said.append(rate(what, cell, part_of=f"of what the model calls {model}"))
    return said


def _predicted(reviewed: Reviewed) -> "pd.Series[float]":
    """How much each label has been predicted, by weight, where reviewers gave a value."""
    items = reviewed.items
    weight = np.ones(len(items)) if reviewed.weight is None else reviewed.weight
    judged = items["prediction"].notna().to_numpy() & reviewed.values.notna().to_numpy()
    return pd.Series(weight[judged]).groupby(items["prediction"].array[judged], sort=False).sum()


def _confused(reviewed: Reviewed, rows: pd.DataFrame) -> list[Any]:
    cells = zip(rows["prediction"], rows["value"], strict=True)
    items, counted = reviewed.items, reviewed.counted
    found = ((says(items["prediction"], said), says(reviewed.values, value)) for said, value in cells)
    return ids_where(items, (is_said & is_meant & counted for is_said, is_meant in found))


def _class_scores(reviewed: Reviewed, **options: Any) -> pd.DataFrame:
    return metrics.class_scores(
        reviewed.items["prediction"].array,
        reviewed.values.array,
        **{"labels": reviewed.categories, "sample_weight": reviewed.weight, **options},
    )


def _class_scores_in_words(reviewed: Reviewed, table: pd.DataFrame) -> list[str]:
    said = [f"Basis: {reviewed.basis.words}."] if len(reviewed.decisions) else []
    for measure in ("precision", "recall"):
        known = table[(table["measure"] == measure) & table["value"].notna()]
        if len(known) > 1:
            lowest = known.sort_values("value", kind="stable").iloc[0]
            said.append(rate(f"Lowest {measure}: {isolated(lowest.label)},", lowest))
    return said


def _of_class(reviewed: Reviewed, rows: pd.DataFrame) -> list[Any]:
    items = reviewed.items
    sides = {"precision": items["prediction"], "recall": reviewed.values}
    marks = zip(rows["label"], rows["measure"], strict=True)
    judged = (items["prediction"].notna() & reviewed.values.notna()).to_numpy() & reviewed.counted
    return ids_where(items, (says(sides[measure], label) & judged for label, measure in marks))


def _slice_accuracy(reviewed: Reviewed, **options: Any) -> pd.DataFrame:
    return metrics.slice_accuracy(reviewed.evenly_drawn, **options)


def _slices_in_words(reviewed: Reviewed, table: pd.DataFrame) -> list[str]:
    if not len(table):
        return []
    lowest = table.sort_values("value", kind="stable").iloc[0]
    among = f"the lowest of {len(table):,} parts, of which some are low by chance" if len(table) > 1 else ""
    return [rate(f"{isolated(lowest['slice'])} = {isolated(lowest['part'])}:", lowest, about=among)]


def _of_part(reviewed: Reviewed, rows: pd.DataFrame) -> list[Any]:
    items = reviewed.items
    judged = items["agreed"].notna().to_numpy() & reviewed.counted
    parts = zip(rows["slice"], rows["part"], strict=True)
    return ids_where(items, (_is_of(items[f"slice_{name}"], part) & judged for name, part in parts))


def _is_of(column: "pd.Series[Any]", part: str) -> Any:
    named = says(column, part)
    return column.isna().to_numpy() if not named.any() and part == "(missing)" else np.asarray(named)


def _no_labels(reviewed: Reviewed) -> str:
    return "" if reviewed.categories is not None else "an answer of this task is not one of a list of labels"


def _no_slices(reviewed: Reviewed) -> str:
    return "" if reviewed.slices else "the session has no slices: name columns with slices="


ACCURACY = (
    Figure(
        name="confusion",
        title="What the model said against what the reviewers said, label by label",
        tab=_TAB,
        table=_confusion,
        words=_confusion_in_words,
        behind=_confused,
        lacks=_no_labels,
    ),
    Figure(
        name="class_scores",
        title="How often each label is right where it is predicted, and predicted where it is right",
        tab=_TAB,
        table=_class_scores,
        words=_class_scores_in_words,
        behind=_of_class,
        lacks=_no_labels,
    ),
    Figure(
        name="slice_accuracy",
        title="How often the model is right in each part of the data",
        tab=_TAB,
        table=_slice_accuracy,
        words=_slices_in_words,
        behind=_of_part,
        lacks=_no_slices,
    ),
)
