"""What a comparison of two versions found, in figures and in words."""

from dataclasses import dataclass
from math import isnan
from typing import Any, Literal

import pandas as pd

from hitl_notebook.estimate import Estimate
from hitl_notebook.quoted import quoted

__all__ = ["VersionComparison"]


@dataclass(frozen=True, kw_only=True, eq=False)
class VersionComparison:
    """Two versions of a model on the same reviewed items.

    Attributes
    ----------
    before, after : str
        The versions.
    wins, losses, ties : int
        Reviewed items on which the later version is right and the earlier was not, the reverse, and all others.
    difference : Estimate in [-1, 1]
        Accuracy of the later version minus that of the earlier one, over all items.
    p_value : float
        McNemar's exact test of no difference; where items were not drawn evenly, at their effective number.
    conclusion : "better", "worse" or "open"
        Of the later version; open where interval or test leave it so.
    worth, power : float
        The difference that ``more`` reviews would show, with that probability; ``worth`` is None for the one seen.
    more : int or None
        How many further reviews that takes, drawn as those before were; None where it is settled, or where no
        difference was seen and none was named.
    left : int or None
        Items on which the versions differ and that nobody has reviewed; None where only reviewed items are known.
    parts : DataFrame
        One row for each part of each slice, the one that lost most first: slice, part, value (the difference), low,
        high, n, wins, losses, ties. One interval in twenty misses by chance.
    changes : DataFrame
        One row for each reviewed item on which the versions differ, new errors first and of those the most frequent
        confusion first: item_id, outcome ("new error", "repaired", "still wrong"), value, before, after, weight.
    are_reviewed : bool
        Whether the rows are items that people reviewed; else they came with their values.
    """

    before: str
    after: str
    wins: int
    losses: int
    ties: int
    difference: Estimate
    p_value: float
    conclusion: Literal["better", "worse", "open"]
    worth: float | None
    power: float
    more: int | None
    left: int | None
    parts: pd.DataFrame
    changes: pd.DataFrame
    are_reviewed: bool = True

    @property
    def table(self) -> pd.DataFrame:
        """``parts`` below the row of all items, as ``hitl.charts.compare_versions`` draws it; empty at first."""
        found, n = self.difference, self.wins + self.losses + self.ties
        figures = {"value": found.value, "low": found.low, "high": found.high, "n": n}
        counts = {"wins": self.wins, "losses": self.losses, "ties": self.ties}
        whole: dict[str, Any] = {
            "slice": "all items",
            "part": self.after,
            **figures,
            **counts,
        }
        rows: list[Any] = [whole, *self.parts.to_dict("records")] if n else []
        types = dict.fromkeys(("slice", "part"), object) | dict.fromkeys(("value", "low", "high"), float)
        # Column by column: a part may be a text, a number or a set of labels.
        return pd.DataFrame(
            {name: pd.Series([row[name] for row in rows], dtype=types.get(name, int)) for name in whole}
        )

    @property
    def words(self) -> list[str]:
        """What was found, in sentences."""
        rows = "reviewed items" if self.are_reviewed else "rows of your own"
        said = [
            f"{self.after} against {self.before} on {self.wins + self.losses + self.ties:,} {rows}: "
            f"{self.wins:,} repaired, {self.losses:,} newly wrong, {self.ties:,} as before.",
            self._verdict(),
        ]
        if self.left is not None:
            reviewed = len(self.changes)
            said[0] += f" They differ on {reviewed + self.left:,} items, {reviewed:,} of them reviewed."
        if self.conclusion == "open":
            said.append(self._what_it_takes())
        worst = self.parts[self.parts["high"] < 0]
        if len(worst):
            named = "; ".join(_part(row) for row in worst.head(3).to_dict("records"))
            said.append(f"Worse than before, of {len(self.parts):,} parts looked at one by one: {named}.")
        if self.difference.note and not isnan(self.difference.value):
            said.append(f"Note: {self.difference.note}.")
        return [_begun(sentence) for sentence in said]

    def __str__(self) -> str:
        return "\n".join(self.words)

    def _verdict(self) -> str:
        found = self.difference
        if isnan(found.value):
            return f"No figure over all items: {found.note}."
        figures = f"{_points(found.value)} points ({_percent(found.level)} interval {_points(found.low)} to "
        figures += f"{_points(found.high)}; McNemar p = {self.p_value:.2g})"
        match self.conclusion:
            case "better":
                return f"{self.after} is right more often, by {figures}."
            case "worse":
                return f"{self.after} is right less often, by {figures}."
        return f"It is not to be told yet which is right more often; the difference is {figures}."

    def _what_it_takes(self) -> str:
        more = "reviews" if self.are_reviewed else "such rows"
        if self.more is None:
            return f"How many more {more} it takes depends on the difference that matters: name one, as in worth=0.02."
        size = "the one seen" if self.worth is None else f"{self.worth * 100:.10g} points"
        which = "" if self.left is None else " of items on which the versions differ"
        said = f"About {self.more:,} more {more}{which} would show a difference of {size}"
        said += f" with {_percent(self.power)} power"
        if self.left is not None and self.more > self.left:
            said += f", and {self.left:,} of them are left: these items cannot tell"
        return said + "."


def _begun(sentence: str) -> str:
    """With a capital where it begins with words; a version's own name stays as it is."""
    return f"T{sentence[1:]}" if sentence.startswith("the ") else sentence


def _percent(share: float) -> str:
    return f"{100 * share:.10g}%"


def _points(share: float) -> str:
    return f"{100 * share:+.1f}"


def _part(row: dict[Any, Any]) -> str:
    return (
        f"{row['slice']} {quoted(row['part'])} by {_points(row['value'])} points "
        f"({row['losses']:,} new errors, {row['wins']:,} repaired)"
    )
