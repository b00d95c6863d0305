"""A process that decides as fast as it can, to be run beside others, watched, or killed.

Each decision's id is printed after its commit; the last line of a process that comes to its end is the longest wait.
"""

import argparse
import time

from hitl_notebook.decisions import Verdicts, admit
from hitl_notebook.store import Store, sqlite
from tests.store.events import decide


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("target")
    arguments.add_argument("reviewer")
    arguments.add_argument("count", type=int)
    arguments.add_argument(
        "--protection-off", choices=["sync", "lock", "order"], help="so that a test can see it missed"
    )
    given = arguments.parse_args()
    if given.protection_off == "sync":
        sqlite._SETTINGS = ("PRAGMA synchronous=OFF",)
    if given.protection_off == "lock":
        sqlite.SQLiteFile.begin = lambda database, connection: sqlite._driver(connection).execute("BEGIN")

    with Store.open(given.target) as store:
        session_id = store.start_session("review").session_id
        verdicts = Verdicts(store.events(session_id))
        longest = 0.0
        # Ids follow from the reviewer and the item: whoever starts again sends the last ones again.
        first = max(0, len(verdicts.decided(given.reviewer)) - 2)
        for number in range(first, first + given.count):
            draft = decide(session_id, number, given.reviewer, prefix=f"{given.reviewer}-")
            began = time.monotonic()
            with store.writing() as log:
                verdicts.extend(log.events(session_id, verdicts.seq))
                if admit(verdicts, draft) is None:
                    log.append(draft)
                if given.protection_off == "order":
                    print(draft.event_id, flush=True)
                    time.sleep(0.05)
            longest = max(longest, time.monotonic() - began)
            print(draft.event_id, flush=True)
    print("longest wait", longest, flush=True)


if __name__ == "__main__":
    main()
