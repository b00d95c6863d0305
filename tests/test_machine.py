"""What happens to a test for which the machine lacks something."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.machine import PROMISED
from tests.run import skipped

ROOT = Path(__file__).parents[1]
WITHOUT_POSTGRES = "tests/store/test_store.py::test_a_draw_has_its_number_to_itself[postgres]"
WITHOUT_STRACE = "tests/store/test_processes.py::test_file_and_journal_are_synced_before_each_acknowledgement"


HIDING = """
import pathlib, shutil

which, glob = shutil.which, pathlib.Path.glob
hidden = ("initdb", "strace")
shutil.which = lambda name, *more, **rest: None if name in hidden else which(name, *more, **rest)
pathlib.Path.glob = lambda path, *more: [] if str(path) == "/usr/lib/postgresql" else glob(path, *more)
"""


def outcome(test, tmp_path, **promised):
    """Pytest's exit code and closing line for a test on a machine without PostgreSQL and strace."""
    (tmp_path / "sitecustomize.py").write_text(HIDING)
    environment = {name: value for name, value in os.environ.items() if name not in (PROMISED, "PG_BINDIR")}
    environment |= {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT), str(ROOT / "src")])} | promised
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", test]
    run = subprocess.run(command, cwd=ROOT, env=environment, text=True, capture_output=True, check=False)
    return run.returncode, run.stdout.strip().splitlines()[-1]


@pytest.mark.parametrize("test", [WITHOUT_POSTGRES, WITHOUT_STRACE])
def test_it_is_skipped_unless_the_machine_was_promised_to_have_it(test, tmp_path):
    code, closing = outcome(test, tmp_path)
    assert (code, skipped(closing)) == (0, True)
    code, closing = outcome(test, tmp_path, **{PROMISED: "1"})
    assert (code, skipped(closing)) == (1, False)
