"""A review of support tickets, as the cell that starts it and as the store that keeps it."""

from pathlib import Path

import hitl_notebook as hitl

LABELS = ("bug", "wish", "question")


def review_of_tickets(store: Path, items: int = 30, *, plan: str = 'order="given"', options: str = "") -> str:
    """The source of a cell whose last line is the card: tickets t0, t1, ... predicted bug, wish, question in turn."""
    return f"""
import pandas as pd
import hitl_notebook as hitl

labels = {LABELS!r}
tickets = pd.DataFrame({{
    "ticket": [f"t{{n}}" for n in range({items})],
    "text": [f"Ticket number {{n}}: " + "it does not print. " * (n % 7 + 1) for n in range({items})],
    "said": [labels[n % 3] for n in range({items})],
    "p": [0.5 + n % 50 / 100 for n in range({items})],
}})
session = hitl.ReviewSession(
    tickets, hitl.Classification(labels), item_id="ticket", prediction="said", confidence="p", show=["text"],
    plan=hitl.ReviewPlan({plan}), reviewer="ada", store={str(store)!r}, name="tickets", {options}
)
session
"""


def predicted(item_id: str) -> str:
    return LABELS[int(item_id[1:]) % 3]


def stored(store: Path) -> dict[str, tuple[str, object]]:
    """What stands in a store by item: the action and the value, in the order of the store."""
    with hitl.ReviewSession.open(store, name="tickets") as session:
        decisions = session.decisions
    rows = decisions[["item_id", "action", "value"]].itertuples(index=False)
    standing = {item_id: (action, None if action == "flag" else value) for item_id, action, value in rows}
    assert len(standing) == len(decisions), "an item has two standing decisions"
    return standing


def events(store: Path, kind: str = "decide") -> list[str]:
    """The items of every event of a kind ever stored, in the order of the store."""
    with hitl.ReviewSession.open(store, name="tickets") as session:
        log = session.log
    return list(log.loc[log["kind"] == kind, "item_id"])
