"""A process that reviews as fast as it can, to be killed: ``python -m tests.reviewing STORE OUTBOX COUNT``.

By turns it decides as a cell does (``session.decide``) and as a page does (a message to the card). Like a page it notes
each decision in its outbox before it is sent; begun again, it sends all of them again, in order. Each id is printed
once its decision is acknowledged.
"""

import argparse
import json
import time
from pathlib import Path

import pandas as pd

import hitl_notebook as hitl
from tests.page import Page

ITEMS = 20_000


def frame():
    return pd.DataFrame(
        {
            "id": [f"t{number}" for number in range(ITEMS)],
            "text": [f"question {number}" for number in range(ITEMS)],
            "predicted": "refund",
        }
    )


def session_in(store):
    return hitl.ReviewSession(
        frame(),
        hitl.Classification(["refund", "card lost"]),
        item_id="id",
        prediction="predicted",
        plan=hitl.ReviewPlan(order="given"),
        reviewer="ada",
        store=store,
    )


def send(page, note):
    """Send one noted decision; it is acknowledged when this returns."""
    if note["as"] == "page":
        page.decide(note["item_id"], event_id=note["event_id"], content_hash=note["content_hash"])
        if note["event_id"] not in page.card.saved:
            raise SystemExit(f"not acknowledged: {note}, {page.card.refused}, {page.card.problem}")
    else:
        page.session.decide(note["item_id"], "correct", "card lost", event_id=note["event_id"])
    print(note["event_id"], flush=True)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("store", type=Path)
    arguments.add_argument("outbox", type=Path)
    arguments.add_argument("count", type=int)
    arguments.add_argument("--protection-off", choices=["order", "outbox"], help="so that a test can see it missed")
    given = arguments.parse_args()

    page = Page(session_in(given.store))
    noted = [json.loads(line) for line in given.outbox.read_text().splitlines()] if given.outbox.exists() else []
    if given.protection_off != "outbox":
        for note in noted:
            send(page, note)
    with given.outbox.open("a") as outbox:
        for number in range(len(noted), len(noted) + given.count):
            ((item_id, content_hash),) = page.session._review.upcoming("ada", 1)
            how = "page" if number % 2 else "cell"
            note = {"event_id": f"e{number}", "item_id": item_id, "content_hash": content_hash, "as": how}
            print(json.dumps(note), file=outbox, flush=True)
            if given.protection_off == "order":
                print(note["event_id"], flush=True)
                time.sleep(0.05)
            send(page, note)


if __name__ == "__main__":
    main()
