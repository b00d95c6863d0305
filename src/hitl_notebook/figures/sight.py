"""Whether the reviewers had seen what the model said when they answered."""

import pandas as pd

from hitl_notebook.figures.wording import counted

__all__ = ["sight_in_words"]


def sight_in_words(decisions: pd.DataFrame, consequence: str) -> list[str]:
    """How many decisions were not made blind, and what comes of it, in a sentence; none where there is no such one.

    >>> decisions = pd.DataFrame({"prediction": ["ham", "ham", None], "blind": [False, True, False]})
    >>> sight_in_words(decisions, "the model's answer may have swayed them")
    ["1 of 3 decisions was not made blind: the model's answer may have swayed them."]
    >>> sight_in_words(decisions.head(1), "the model's answer may have swayed them")
    ["No decision was made blind: the model's answer may have swayed them."]
    """
    saw = int((decisions["prediction"].notna() & ~decisions["blind"].fillna(False).astype(bool)).sum())
    if not saw:
        return []
    some = f"{saw:,} of {counted(len(decisions), 'decision')} {'was' if saw == 1 else 'were'} not made blind"
    return [f"{'No decision was made blind' if saw == len(decisions) else some}: {consequence}."]
