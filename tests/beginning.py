"""A process that begins a review and imports decisions, to be killed: ``python -m tests.beginning STORE``.

It says when it begins to make the store, to take in the items, to draw some and to import, and when it is done; without
protection also after each part of the import.
"""

import argparse
from pathlib import Path

import pandas as pd

import hitl_notebook as hitl
from hitl_notebook.store import Store

STEPS = ("make", "adopt", "draw", "import")
IMPORTED = 1_500


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("store", type=Path)
    arguments.add_argument("--protection-off", choices=["whole"], help="so that a test can see it missed")
    given = arguments.parse_args()
    frame = pd.DataFrame({"id": [f"t{n}" for n in range(3_000)], "text": "a question", "predicted": "refund"})
    decided = pd.DataFrame(
        {
            "item_id": frame["id"][:IMPORTED],
            "value": ["refund", "card lost"] * (IMPORTED // 2),
            "event_id": [f"from elsewhere {n}" for n in range(IMPORTED)],
        }
    )
    pd.testing.assert_frame_equal(frame, frame)  # what pandas imports on its first use is here now

    print("make", flush=True)
    Store.open(given.store).close()
    print("adopt", flush=True)
    task = hitl.Classification(["refund", "card lost"])
    session = hitl.ReviewSession(
        frame, task, item_id="id", prediction="predicted", reviewer="ada", store=given.store, keep_content=True
    )
    print("draw", flush=True)
    session.next_item()
    print("import", flush=True)
    if given.protection_off == "whole":
        for first in range(0, IMPORTED, 50):
            session.import_decisions(decided[first : first + 50])
            print("part", flush=True)
    else:
        session.import_decisions(decided)
    print("done", flush=True)


if __name__ == "__main__":
    main()
