"""Try to decide in a store as whoever runs this, and say what became of it: for tests of file permissions."""

import os
import pwd
import sys

from hitl_notebook.errors import StoreProblem
from hitl_notebook.store import Store
from tests.store.events import decide


def main(target):
    try:
        with Store.open(target) as store:
            rows = store.sessions()
            print("read", [row.name for row in rows])
            print(*store.health()["warnings"])
            with store.writing() as log:
                log.append(decide(rows[0].session_id, 100))
        print("written")
    except StoreProblem as problem:
        print("StoreProblem:", problem)


def give_up_root():
    Store.open(":memory:").close()  # everything is imported: the interpreter itself may be root's alone
    if os.getuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.setgroups([])
        os.setgid(nobody.pw_gid)
        os.setuid(nobody.pw_uid)


if __name__ == "__main__":
    give_up_root()
    main(sys.argv[1])
