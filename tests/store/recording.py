"""A process that records as a review does, to be run beside others while their connections are ended.

Each decision's id is printed once it is recorded. What the store refuses is recorded again, as a page's outbox does.
"""

import argparse
import time

from hitl_notebook.errors import StoreProblem
from hitl_notebook.session.ledger import Ledger
from hitl_notebook.store import Store
from hitl_notebook.store.postgres import Postgres
from tests.store.events import decide


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("target")
    arguments.add_argument("reviewer")
    arguments.add_argument("count", type=int)
    arguments.add_argument("--protection-off", choices=["again"], help="so that a test can see it missed")
    given = arguments.parse_args()
    if given.protection_off == "again":
        Postgres.is_passing = lambda *_: False

    def insist(action):
        while True:
            try:
                return action()
            except StoreProblem:
                if given.protection_off == "again":
                    raise
                time.sleep(0.1)

    store = insist(lambda: Store.open(given.target))
    ledger = insist(lambda: Ledger(store, store.start_session("review"), lambda events: None))
    for number in range(given.count):
        draft = decide(ledger.row.session_id, number, given.reviewer, prefix=f"{given.reviewer}-")
        insist(lambda draft=draft: ledger.record([draft]))
        print(draft.event_id, flush=True)


if __name__ == "__main__":
    main()
