"""What the model's confidence is worth."""

from typing import Any

import numpy as np
import pandas as pd

from hitl_notebook import metrics
from hitl_notebook.figures.accuracy import accuracy_in_words
from hitl_notebook.figures.figure import Figure
from hitl_notebook.figures.reviewed import Reviewed, numbered
from hitl_notebook.figures.selected import ids_where, in_bins
from hitl_notebook.figures.wording import counted, noted, score
from hitl_notebook.metrics.accuracy import ENOUGH
from hitl_notebook.metrics.calibration.corp import within_its_band
from hitl_notebook.metrics.selection import effective_n

__all__ = ["CALIBRATION"]

_TAB = "Calibration"


def _pairs(reviewed: Reviewed) -> tuple[Any, Any, Any]:
    return reviewed.items["confidence"], reviewed.items["agreed"], reviewed.weight


def _reliability(reviewed: Reviewed, **options: Any) -> pd.DataFrame:
    return metrics.reliability(*_pairs(reviewed), **options)


def _reliability_in_words(reviewed: Reviewed, table: pd.DataFrame) -> list[str]:
    error = metrics.expected_calibration_error(*_pairs(reviewed))
    # What the table's note says stands below the chart's title.
    said = [score("Expected calibration error", error, digits=3), *noted(error, besides=table.attrs["note"])]
    return [*accuracy_in_words(reviewed), *said]


def _in_bins(reviewed: Reviewed, rows: pd.DataFrame) -> list[Any]:
    items = reviewed.items
    judged = items["agreed"].notna().to_numpy() & reviewed.counted
    bins = zip(rows["bin_low"], rows["bin_high"], strict=True)
    return ids_where(items, (in_bins(items["confidence"], low, high) & judged for low, high in bins))


def _corp_curve(reviewed: Reviewed, **options: Any) -> pd.DataFrame:
    return metrics.corp_curve(*_pairs(reviewed), **options)


def _corp_curve_at_once(reviewed: Reviewed, earlier: pd.DataFrame) -> pd.DataFrame | None:
    return within_its_band(earlier, *_pairs(reviewed))


def _corp_in_words(reviewed: Reviewed, table: pd.DataFrame) -> list[str]:
    brier = metrics.brier_score(*_pairs(reviewed))
    said = score("Brier score, 0 being perfect,", brier, digits=3, about=reviewed.basis.words)
    return [said, *_few_in_words(reviewed), *noted(brier, besides=table.attrs["note"])]


def _few_in_words(reviewed: Reviewed) -> list[str]:
    """The mean of a score that is small for most items and large for some needs a number of them."""
    judged = reviewed.items["agreed"].notna().to_numpy()
    weight = np.ones(len(judged)) if reviewed.weight is None else reviewed.weight
    so_many = effective_n(weight[judged])
    if not 1.5 <= so_many < ENOUGH:
        return []
    return [f"It rests on {so_many:.0f} items in effect: below {ENOUGH} the interval is likely too narrow."]


def _at_confidence(reviewed: Reviewed, rows: pd.DataFrame) -> list[Any]:
    items = reviewed.items
    confidence = items["confidence"].to_numpy(dtype=np.float64, na_value=np.nan)
    judged = items["agreed"].notna().to_numpy() & reviewed.counted
    return ids_where(items, (judged & np.isclose(confidence, at, rtol=0, atol=1e-9) for at in rows["confidence"]))


def _confidence_by_verdict(reviewed: Reviewed, **options: Any) -> pd.DataFrame:
    return metrics.confidence_by_verdict(numbered(reviewed.decisions), **options)


def _verdicts_in_words(reviewed: Reviewed, table: pd.DataFrame) -> list[str]:
    decided = reviewed.decisions["action"].value_counts()
    if not len(decided):
        return []
    parts = ", ".join(
        f"{decided.get(action, 0) / decided.sum():.1%} {word}".replace("%", " %")
        for action, word in (("accept", "accepts"), ("correct", "corrections"), ("flag", "flags"))
    )
    return [f"Of {counted(int(decided.sum()), 'decision')}: {parts}. They speak of the reviewed items only."]


def _by_verdict(reviewed: Reviewed, rows: pd.DataFrame) -> list[Any]:
    decisions = reviewed.decisions
    marks = zip(rows["bin_low"], rows["bin_high"], rows["verdict"], strict=True)
    return ids_where(
        decisions,
        (
            in_bins(decisions["confidence"], low, high) & (decisions["action"] == verdict).to_numpy(dtype=bool)
            for low, high, verdict in marks
        ),
    )


def _no_confidence(reviewed: Reviewed) -> str:
    return "" if reviewed.has_confidence else "the predictions came without confidences: name a column with confidence="


CALIBRATION = (
    Figure(
        name="reliability",
        title="Whether the model is right as often as it says, bin by bin, with the histogram of its confidences",
        tab=_TAB,
        table=_reliability,
        words=_reliability_in_words,
        behind=_in_bins,
        lacks=_no_confidence,
    ),
    Figure(
        name="corp_curve",
        title="The same without bins, beside where a calibrated model would lie",
        tab=_TAB,
        table=_corp_curve,
        at_once=_corp_curve_at_once,
        words=_corp_in_words,
        behind=_at_confidence,
        lacks=_no_confidence,
    ),
    Figure(
        name="confidence_by_verdict",
        title="How sure the model was of what was accepted, corrected and flagged",
        tab=_TAB,
        table=_confidence_by_verdict,
        words=_verdicts_in_words,
        behind=_by_verdict,
        lacks=_no_confidence,
    ),
)
