"""Decisions of simulated reviewers who stay as they are or change at a stated decision: what drift is tested on."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import eq

import numpy as np
import pandas as pd

from hitl_notebook.simulate import Reviewer
from hitl_notebook.simulate.reviewer import Case

LABELS = ("billing", "bug", "other", "praise", "refund")
SECONDS_A_DECISION = 10
ASPECTS = ("skill", "speed", "tiring", "anchoring", "flagging")


@dataclass(frozen=True)
class Items:
    """What is reviewed: Beta(a, b) confidences of a model that is right a bit less often than it says."""

    a: float = 4.0
    b: float = 1.5
    right: float = 0.0  # added to how often the model is right, which the confidence does not show
    hardness: float = 1.0  # factor of the seconds

    def drawn(self, rng: np.random.Generator, number: int) -> pd.DataFrame:
        confidence = rng.beta(self.a, self.b, number)
        predicted = rng.integers(len(LABELS), size=number)
        right = rng.random(number) < np.clip(confidence**1.3 + self.right, 0, 1)
        truth = np.where(right, predicted, (predicted + rng.integers(1, len(LABELS), size=number)) % len(LABELS))
        hardness = self.hardness * np.exp(0.3 * rng.standard_normal(number) + 0.5 * (1 - confidence))
        columns = {"confidence": confidence, "prediction": predicted, "truth": truth, "hardness": hardness}
        return pd.DataFrame(columns)


def one_after_another(*parts: pd.DataFrame) -> pd.DataFrame:
    """The items of several kinds in one queue, numbered."""
    return pd.concat(parts, ignore_index=True).rename_axis("item_id").reset_index()


def decided(rng: np.random.Generator, items: pd.DataFrame, reviewers: Iterable[Reviewer]) -> pd.DataFrame:
    """Decisions on the items, in their order; ``reviewers`` has the one who decides as they are at each of them.

    All of them are of one sitting: who tires does so from the first to the last.
    """
    rows = []
    for sitting, (item, reviewer) in enumerate(zip(items.itertuples(index=False), reviewers, strict=False)):
        case = Case(LABELS[item.truth], LABELS[item.prediction], False, LABELS, eq)
        value = reviewer.answer(case, sitting, rng).value
        action = "flag" if value is None else "accept" if value == case.prediction else "correct"
        seconds = item.hardness * reviewer.seconds(sitting, rng)
        rows.append((item.item_id, reviewer.name, action, value, item.confidence, seconds))
    return pd.DataFrame(rows, columns=["item_id", "reviewer", "action", "value", "confidence", "seconds"])


def changing(before: Reviewer, after: Reviewer, at: int, of: int) -> Sequence[Reviewer]:
    """A reviewer who decides ``of`` times, and is another from decision ``at + 1`` on."""
    return [before] * at + [after] * (of - at)


def becoming(before: Reviewer, after: Reviewer, at: int, over: int, of: int) -> Sequence[Reviewer]:
    """A reviewer who decides ``of`` times, ever more another from decision ``at + 1`` on, wholly ``over`` later."""
    return [_between(before, after, min(max(number - at, 0) / over, 1)) for number in range(1, of + 1)]


def _between(before: Reviewer, after: Reviewer, part: float) -> Reviewer:
    mixed = {name: (1 - part) * getattr(before, name) + part * getattr(after, name) for name in ASPECTS}
    return replace(before, **mixed)


def joining(*parts: pd.DataFrame, wait: int) -> pd.DataFrame:
    """As `taking_turns`, but each begins when the one before has decided ``wait`` times."""
    return taking_turns(*(part.set_axis(part.index + place * wait) for place, part in enumerate(parts)))


def looks(log: pd.DataFrame, every: int) -> Iterator[pd.DataFrame]:
    """The log as it is found by who looks after every so many of its decisions, and at its end."""
    yield from (log.head(end) for end in range(every, len(log), every))
    yield log


def taking_turns(*parts: pd.DataFrame) -> pd.DataFrame:
    """The decisions of several reviewers in one log, one each in turn."""
    log = pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
    seconds = pd.to_timedelta(SECONDS_A_DECISION * log.index.to_numpy(), unit="s")
    return log.assign(decided_at=pd.Timestamp("2026-03-02 09:00", tz="UTC") + seconds)
